"""A rehearsal copy says so on every page and paper, and nothing of it can be taken for the real games or mixed with them."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from competition import judging, store
from competition.cli import main
from competition.errors import Conflict, NotAllowed
from competition.judging import Device
from competition.judging.on_record import known
from competition.judging.rehearsal import check_kind
from competition.registers import read_upload
from competition.settings import Settings
from competition.web.app import create_app
from competition.web.intake_pages import Checks
from tests.judging.conftest import EVENT, NAMES
from tests.laid_out import LaidOut
from tests.registers.books import errors
from tests.serving import free_port
from tests.web.seal_stage import BASE, ROOT, Sealing, lay_out

BEARER = "a-real-bearer"


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["competition", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


@pytest.fixture
def real(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    """The real games, drawn, with a tablet that works."""
    folder = tmp_path / "real"
    folder.mkdir()
    with laid_out.copy(lay_out, folder / "competition.sqlite") as stage:
        stage.seal()
        token = "a-real-card"
        stage.do(judging.make_pairing, EVENT, "taste.1", stage.official("organiser"), token=token, pin="482913")
        stage.do(judging.join, token, "482913", BEARER, rng_bytes=stage.rng)
        yield stage


@pytest.fixture
def copy(real: Sealing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sealing]:
    """Its rehearsal, made while the real writer is open."""
    into = tmp_path / "practice"
    assert run(monkeypatch, "rehearse", "--var", str(tmp_path / "real"), "--into", str(into)) == 0
    engine = store.open_store(f"sqlite:///{into / 'competition.sqlite'}")
    with store.Writer(engine) as writer:
        copied = Sealing(engine, writer, real.rng, real.now, real.people, real.entries, real.counter)
        copied.app = create_app(Settings(ROOT, into), engine, writer, copied.at)
        yield copied
    engine.dispose()


def test_the_copy_holds_the_games_and_nobodys_name(real: Sealing, copy: Sealing, tmp_path: Path) -> None:
    assert len(copy.read(judging.entries, EVENT)) == 3
    assert [line.codes for line in copy.read(judging.entries, EVENT)] == [
        line.codes for line in real.read(judging.entries, EVENT)
    ]
    assert not [file.name for file in (tmp_path / "practice").iterdir() if "part" in file.name]
    for file in (tmp_path / "practice").iterdir():
        assert not [name for name in NAMES if name.encode() in file.read_bytes()], file.name
    assert real.findings() == []
    assert copy.findings() == []


def test_its_evidence_never_passes_for_the_real_one(real: Sealing, copy: Sealing) -> None:
    copy.mark_everything_but_the_draw()
    assert copy.findings() == []
    origins = {head.origin for head in copy.read(store.heads) if head.event_id == EVENT}
    assert len(origins) == 2
    assert {origin for origin in origins if "rehearsal" in origin}
    assert {head.origin for head in real.read(store.heads)} == {"server"}
    exported = copy.read(store.heads)
    said = real.read(lambda conn: [str(one) for one in store.verify(conn, None, exported)])
    assert said
    assert all("rehearsal" in one for one in said)


def test_tokens_and_sessions_of_the_real_games_do_not_open_it(real: Sealing, copy: Sealing) -> None:
    assert isinstance(real.read(judging.device_for, BEARER, real.now), Device)
    with pytest.raises(NotAllowed):
        copy.read(judging.device_for, BEARER, copy.now)
    with pytest.raises(NotAllowed):
        copy.do(judging.join, "a-real-card", "482913", "x", rng_bytes=copy.rng)


def test_its_certificates_are_samples_whatever_is_asked(copy: Sealing) -> None:
    copy.mark_everything_but_the_draw()
    copy.decode()
    organiser = copy.official("organiser")
    copy.do(judging.publish_notice, EVENT, organiser, copy.now + timedelta(minutes=1))
    copy.at(minutes=2)
    copy.do(judging.publish_final, EVENT, organiser)
    issued = copy.do(
        judging.issue_certificates, EVENT, organiser, rng_bytes=copy.rng, issuer="SLS", year=2026, sample=False
    )
    assert issued
    assert {one.status for one in copy.read(judging.certificates, EVENT)} == {"sample"}


def test_every_page_and_paper_says_that_it_is_a_rehearsal(real: Sealing, copy: Sealing, tmp_path: Path) -> None:
    real.app = create_app(Settings(ROOT, tmp_path / "real"), real.engine, real.writer, real.at)
    paths = ["/", "/login", f"/results/{EVENT}", f"/board/{EVENT}", "/judge", "/c/", "/nothing", "/desk", BASE]
    paths += [f"{BASE}/{page}" for page in ("draw", "decode", "checkin", "judges", "order", "seats")]
    for path in paths:
        answer = copy.get("organiser", path)
        assert 'class="rehearsal"' in answer.text, path
        assert "演练副本" in answer.text
        assert answer.headers["x-rehearsal"] == "yes", path
        assert "x-rehearsal" not in real.get("organiser", path).headers
        assert "演练" not in real.get("organiser", path).text, path
    paper = copy.get("organiser", f"{BASE}/draw/record.pdf")
    assert 'filename="rehearsal-' in paper.headers["content-disposition"]
    for page in pypdfium2.PdfDocument(BytesIO(paper.content)):
        assert "演练" in page.get_textpage().get_text_range()
    theirs = real.get("organiser", f"{BASE}/draw/record.pdf")
    assert "rehearsal" not in theirs.headers["content-disposition"]
    assert "演练" not in pypdfium2.PdfDocument(BytesIO(theirs.content))[0].get_textpage().get_text_range()


def test_a_server_opens_it_only_as_what_it_is(
    real: Sealing, copy: Sealing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--host", "127.0.0.1", "--port", str(free_port())]
    assert run(monkeypatch, "serve", *options, "--var", str(tmp_path / "practice")) == 2
    assert "演练副本" in capsys.readouterr().err
    assert run(monkeypatch, "serve", *options, "--rehearsal", "--var", str(tmp_path / "real")) == 2
    assert "competition rehearse" in capsys.readouterr().err
    copy.read(check_kind, True)
    real.read(check_kind, False)
    with pytest.raises(Conflict):
        copy.read(check_kind, False)


def test_a_copy_overwrites_nothing_and_is_not_copied_again(
    copy: Sealing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real, practice = tmp_path / "real", tmp_path / "practice"
    before = (real / "competition.sqlite").read_bytes()
    assert run(monkeypatch, "rehearse", "--var", str(practice), "--into", str(real)) == 2
    assert run(monkeypatch, "rehearse", "--var", str(practice), "--into", str(tmp_path / "third")) == 2
    assert "正式库" in capsys.readouterr().err
    assert (real / "competition.sqlite").read_bytes() == before
    assert not (tmp_path / "third" / "competition.sqlite").exists()


def test_its_workbook_is_marked_and_the_real_games_refuse_it(copy: Sealing) -> None:
    workbook = copy.get("organiser", "/desk/intake/export.xlsx")
    assert "rehearsal-registers.xlsx" in workbook.headers["content-disposition"]
    there = copy.read(lambda conn: known(conn, Checks(copy.app.state.settings.var, ROOT / "scoring_rules").facts(conn)))
    assert there.rehearsal
    assert errors(read_upload(workbook.content, "a.xlsx", there)) == []
    assert any(
        "演练副本" in said
        for _, said in errors(read_upload(workbook.content, "a.xlsx", replace(there, rehearsal=False)))
    )
