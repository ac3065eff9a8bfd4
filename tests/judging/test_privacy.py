"""Erasing people: names are in no byte of the file afterwards, and ledger, releases and certificates still verify."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from competition import judging, store
from competition.cli import main
from competition.errors import Conflict, NotAllowed
from competition.judging import privacy
from competition.store.backup import back_up
from competition.store.people import Identity, Person, Signature
from competition.store.releases import Release
from tests.judging.conftest import EVENT, NAMES, UNITS, Hall
from tests.laid_out import LaidOut

LONG_AFTER = timedelta(days=800)


def released(hall: Hall) -> None:
    """The event to its certificates."""
    hall.mark_everything()
    hall.decode()
    organiser = hall.official("organiser")
    hall.do(judging.publish_notice, EVENT, organiser, hall.now + timedelta(minutes=5))
    hall.now += timedelta(minutes=6)
    hall.do(judging.publish_final, EVENT, organiser)
    hall.do(judging.issue_certificates, EVENT, organiser, rng_bytes=hall.rng, issuer="SLS", year=2026, sample=True)


def kept_until(hall: Hall, days: int = 365) -> date:
    until = hall.now.date() + timedelta(days=days)
    assert hall.do(privacy.retain_until, until, hall.official("organiser")) == len(NAMES)
    return until


def test_only_what_is_past_its_date_is_erased(hall: Hall) -> None:
    released(hall)
    organiser = hall.official("organiser")
    nothing = hall.do(privacy.erase, hall.now.date(), organiser)
    assert (nothing.people, nothing.releases) == (0, 0)  # no date was ever set: nothing is past it
    until = kept_until(hall)
    hall.now += timedelta(days=365)
    assert hall.read(privacy.due, until).people == 0
    hall.now += timedelta(days=1)
    assert hall.read(privacy.due, hall.now.date()).people == 3
    with pytest.raises(Conflict, match="future"):
        hall.do(privacy.erase, hall.now.date() + timedelta(days=1), organiser)
    for role in ("chief", "encryptor", "supervisor", "clerk"):
        with pytest.raises(NotAllowed):
            hall.do(privacy.erase, hall.now.date(), hall.official(role))
        with pytest.raises(NotAllowed):
            hall.do(privacy.retain_until, until, hall.official(role))
    assert set(hall.read(lambda conn: list(conn.scalars(select(Person.name))))) == set(NAMES)


def test_erased_people_are_gone_and_everything_still_verifies(hall: Hall, tmp_path: Path) -> None:
    released(hall)
    kept_until(hall)
    before = hall.read(judging.certificates, EVENT)
    heads = hall.read(store.heads)
    digests = [release.document_digest for release in hall.read(judging.releases, EVENT)]
    assert {one.name for one in before} & set(NAMES)
    hall.now += LONG_AFTER
    told = hall.read(privacy.due, hall.now.date())
    gone = hall.do(privacy.erase, hall.now.date(), hall.official("organiser"))
    assert gone == told
    assert (gone.people, gone.held, gone.signatures, gone.releases) == (3, 0, 6, 2)
    assert hall.read(lambda conn: list(conn.scalars(select(Person.name)))) == [None] * 3
    assert hall.read(lambda conn: conn.execute(select(Identity)).all()) == []
    strokes = hall.read(lambda conn: conn.execute(select(Signature.strokes, Signature.erased_at)).all())
    assert all(one.strokes is None and one.erased_at for one in strokes if one)
    assert hall.read(lambda conn: list(conn.scalars(select(Release.document)))) == [None, None]
    assert hall.read(lambda conn: store.verify(conn, None, heads)) == []
    after = hall.read(judging.certificates, EVENT)
    assert [(one.number, one.code, one.status, one.award) for one in after] == [
        (one.number, one.code, one.status, one.award) for one in before
    ]
    assert [one.name for one in after] == [None] * len(after)
    assert [release.document_digest for release in hall.read(judging.releases, EVENT)] == digests
    assert {row.total for row in hall.read(judging.release_of, EVENT).rows} == {
        standing.total for standing in hall.read(judging.standings, EVENT).standings
    }
    assert hall.do(privacy.erase, hall.now.date(), hall.official("organiser")).people == 0
    store.scrub(hall.engine)
    for file in tmp_path.glob("competition.sqlite*"):
        content = file.read_bytes()
        assert not [name for name in NAMES if name.encode() in content], file.name
        assert UNITS["u-north"].encode() in content or file.suffix != ".sqlite"  # the search finds what is there


def test_people_of_an_event_without_a_final_release_are_kept(hall: Hall) -> None:
    hall.mark_everything()
    kept_until(hall)
    hall.now += LONG_AFTER
    gone = hall.do(privacy.erase, hall.now.date(), hall.official("organiser"))
    assert (gone.people, gone.held) == (0, 3)
    assert set(hall.read(lambda conn: list(conn.scalars(select(Person.name))))) == set(NAMES)


def test_the_terminal_says_first_what_it_would_erase(
    laid_out: LaidOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.judging.conftest import lay_out

    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as hall:
        released(hall)
        hall.writer.do(lambda conn: conn.execute(Person.__table__.update().values(erase_after="2020-01-01")))

    (tmp_path / "backups").mkdir()
    back_up(tmp_path / "competition.sqlite", tmp_path / "backups", datetime(2026, 11, 20, 8, tzinfo=UTC), "draw")

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["competition", "privacy", "--var", str(tmp_path), *words])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return f"{end.value.code or 0} {said.out}{said.err}"

    dry = run("erase", "--dry-run", "--by", "organiser")
    assert dry.startswith("0 ")
    assert "would erase: 3 people" in dry
    assert "-20261120T080000Z-draw.sqlite" in dry
    assert NAMES[0].encode() in (tmp_path / "competition.sqlite").read_bytes()
    assert run("erase", "--by", "nobody").startswith("2 ")
    assert run("erase", "--by", "chief").startswith("2 ")
    assert NAMES[0].encode() in (tmp_path / "competition.sqlite").read_bytes()
    (copy,) = (tmp_path / "backups").iterdir()
    done = run("erase", "--by", "organiser")
    assert "erased: 3 people" in done
    assert f"{tmp_path.name}/backups/{copy.name}" in done  # it still holds the names: destroy it too
    assert NAMES[0].encode() in copy.read_bytes()
    assert not [name for name in NAMES if name.encode() in (tmp_path / "competition.sqlite").read_bytes()]
    assert "kept until 2090-12-31" in run("retain", "--until", "2090-12-31", "--by", "organiser")
