"""The other kinds of certificates: who gets one, once, with which number, and what becomes of it by two roles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from competition import judging
from competition.errors import Conflict, NotAllowed
from competition.judging.certificates import check_character
from competition.judging.issuing import units_there
from competition.store import Writer
from tests.judging.conftest import EVENT, NAMES, Hall
from tests.judging.test_certificate_changes import ask, confirm, revise, status, with_certificates
from tests.judging.test_releases import issue
from tests.laid_out import LaidOut


def with_a_team(engine: Engine, writer: Writer) -> Hall:
    """Two awards; whoever came first has somebody beside them."""
    hall = with_certificates(engine, writer)
    first, second = hall.entries[:2]
    with engine.begin() as conn:
        (other,) = conn.execute(text("SELECT person_id FROM entry_member WHERE entry_id = :e"), {"e": second}).one()
        conn.execute(text("INSERT INTO entry_member VALUES (:e, :p, 2)"), {"e": first, "p": other})
        conn.execute(text("UPDATE entry SET team = '云溪一队' WHERE id = :e"), {"e": first})
    return hall


def issue_as_chief(hall: Hall) -> None:
    more = {"rng_bytes": hall.rng, "issuer": "SL", "year": 2026, "kind": "participation"}
    hall.do(judging.issue_certificates, EVENT, hall.official("chief"), **more)


@pytest.fixture
def issued(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    with laid_out.copy(with_a_team, tmp_path / "competition.sqlite") as hall:
        yield hall
        assert hall.findings() == []


def test_everybody_who_took_part_gets_one_and_only_one(issued: Hall) -> None:
    awards = issued.read(judging.certificates, EVENT)
    made = issue(issued, kind="participation")
    assert sorted({str(one.name) for one in made}) == sorted(NAMES)
    one = made[0]
    assert (one.kind, one.award, one.place, one.status) == ("participation", "", None, "valid")
    assert one.award_name == {"zh": "参赛", "en": "participation"}
    assert one.number.split("-")[3] == "0"
    assert one.number[-1] == check_character(one.number[:-2])
    assert issue(issued, kind="participation") == []
    assert len({one.number for one in issued.read(judging.certificates, EVENT)}) == len(awards) + len(made)


def test_who_never_came_or_was_disqualified_gets_none(issued: Hall) -> None:
    revise(issued, 0)  # disqualified
    made = issue(issued, kind="participation")
    assert NAMES[0] not in {one.name for one in made if one.entry == issued.entries[0]}
    assert {one.entry for one in made} == set(issued.entries) - {issued.entries[0]}


def test_a_team_has_one_with_its_people_on_it(issued: Hall) -> None:
    (team,) = issue(issued, kind="team")
    assert (team.name, team.members, team.place) == ("云溪一队", (NAMES[0], NAMES[1]), 1)
    assert issue(issued, kind="team") == []
    with issued.engine.begin() as conn:
        conn.execute(text("UPDATE entry SET team = NULL"))
    (unnamed,) = (one for one in issued.read(judging.certificates, EVENT) if one.kind == "team")
    assert unnamed.name == f"{NAMES[0]}、{NAMES[1]}"


def test_a_unit_has_one_when_the_organiser_says_so(issued: Hall) -> None:
    (id, name), *others = issued.read(units_there, EVENT)
    for units in ((), ("nobody",), (id, "nobody")):
        with pytest.raises(Conflict):
            issue(issued, kind="organising_unit", units=units)
    (one,) = issue(issued, kind="organising_unit", units=(id,))
    assert (one.name, one.unit, one.award_name["zh"], one.members) == (name, None, "优秀组织单位", ())
    more = issue(issued, kind="organising_unit", units=[unit for unit, _ in [(id, name), *others]])
    assert [one.name for one in more] == [name for _, name in others]


def test_practice_is_a_sample_whatever_was_asked(issued: Hall) -> None:
    made = issue(issued, kind="practice", sample=False)
    assert made
    assert {one.status for one in made} == {"sample"}
    with pytest.raises(Conflict):
        issue(issued, kind="master")


def test_each_kind_is_printed_by_itself_and_changed_by_two_roles(issued: Hall) -> None:
    organiser = issued.official("organiser")
    made = issue(issued, kind="participation")
    wanted, findings = issued.read(judging.to_print, EVENT, organiser, kind="participation")
    assert ([one.number for one in wanted], findings) == ([one.number for one in made], [])
    assert {one.kind for one in issued.read(judging.to_print, EVENT, organiser)[0]} == {"award"}
    copy = confirm(issued, ask(issued, made[0].number, "reissue"))
    assert copy is not None
    assert (copy.kind, copy.copy, status(issued, made[0].number)) == ("participation", 1, "reissued")
    anew = confirm(issued, ask(issued, copy.number, "correct"))
    assert anew is not None
    assert (anew.kind, anew.award, anew.number.split("-")[3]) == ("participation", "", "0")
    assert confirm(issued, ask(issued, anew.number, "revoke")) is None
    assert status(issued, anew.number) == "revoked"
    with pytest.raises(NotAllowed):
        issue_as_chief(issued)


def test_a_revision_touches_participation_only_when_it_is_lost(issued: Hall) -> None:
    made = issue(issued, kind="participation")
    revise(issued, 0)
    lost = {one.number for one in made if one.entry == issued.entries[0]}
    about = {one.certificate.number: one.kind for one in issued.read(judging.touched, EVENT)}
    assert {number: kind for number, kind in about.items() if number in {one.number for one in made}} == dict.fromkeys(
        lost, "revoke"
    )


def test_another_kind_than_was_issued_shows(issued: Hall) -> None:
    one = issue(issued, kind="participation")[0]
    with issued.engine.begin() as conn:
        conn.execute(text("UPDATE certificate SET kind = 'team' WHERE number = :n"), {"n": one.number})
    (found,) = issued.findings()
    assert one.number in found
    assert "种类" in found
    with issued.engine.begin() as conn:
        conn.execute(text("UPDATE certificate SET kind = 'participation' WHERE number = :n"), {"n": one.number})
