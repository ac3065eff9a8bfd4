"""Reissue, correction and revocation: the table cell by cell, two roles, tied to the revision, never a changed paper."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from competition import judging, store
from competition.errors import CompetitionError, Conflict, MarkError, NotAllowed
from competition.judging.certificate_changes import BECOMES, KINDS
from competition.judging.certificates import STATUS_NAMES, check_character
from competition.store import Writer
from competition.store.releases import Certificate
from tests.judging.conftest import EVENT, NAMES, Hall, lay_out
from tests.judging.test_releases import issue
from tests.judging.test_walk import publish
from tests.laid_out import LaidOut


def with_certificates(engine: Engine, writer: Writer) -> Hall:
    """Two certificates of a final release."""
    hall = lay_out(engine, writer)
    hall.mark_everything()
    hall.decode()
    publish(hall)
    issue(hall)
    return hall


@pytest.fixture
def issued(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    """A copy of it; whatever is done to it, the ledger stays whole."""
    with laid_out.copy(with_certificates, tmp_path / "competition.sqlite") as hall:
        yield hall
        assert hall.findings() == []


def ask(hall: Hall, number: str, kind: str, **more: object) -> str:
    more = {"by": hall.official("organiser"), "reason": "纸张损坏", "rng_bytes": hall.rng} | more
    if kind == "revoke":
        more = {"reference": "示赛〔2026〕7号"} | more
    id: str = hall.do(judging.ask_change, number, kind, **more)
    return id


def confirm(hall: Hall, id: str, by: str = "supervisor") -> judging.Certificate | None:
    done: judging.Certificate | None = hall.do(judging.confirm_change, EVENT, id, hall.official(by), rng_bytes=hall.rng)
    return done


def status(hall: Hall, number: str) -> str:
    found: judging.Certificate = hall.read(judging.certificate_for, number)
    return found.status


def papers(hall: Hall) -> list[tuple[object, ...]]:
    with store.reading(hall.engine) as conn:
        return [tuple(row) for row in conn.execute(select(Certificate).order_by(Certificate.number))]


def revise(hall: Hall, entry: int, **change: str) -> None:
    """A status after the final release, and the revision that follows from it."""
    hall.ruled("status", "appeal", entry=hall.entries[entry], status="dsq")
    organiser = hall.official("organiser")
    hall.do(judging.publish_notice, EVENT, organiser, closes_at=hall.now + timedelta(days=3))
    hall.now += timedelta(days=4)
    hall.do(judging.publish_final, EVENT, organiser, reason="appeal")


def test_every_cell_of_the_table(issued: Hall) -> None:
    before = papers(issued)
    first = issued.read(judging.certificates, EVENT)[0]
    seen = {}
    copy = confirm(issued, ask(issued, first.number, "reissue"))
    assert copy is not None
    seen["valid", "reissue"] = status(issued, first.number)
    anew = confirm(issued, ask(issued, copy.number, "correct"))
    assert anew is not None
    seen["valid", "correct"] = status(issued, copy.number)
    assert confirm(issued, ask(issued, anew.number, "revoke")) is None
    seen["valid", "revoke"] = status(issued, anew.number)
    assert seen == dict(BECOMES)

    second = issued.read(judging.certificates, EVENT)[-1]
    kept = confirm(issued, ask(issued, second.number, "reissue"))
    sample = issue(issued, sample=True)[0]
    assert kept is not None
    dead = {"reissued": second, "corrected": copy, "revoked": anew, "sample": sample}
    assert {one: status(issued, paper.number) for one, paper in dead.items()} == {one: one for one in dead}
    assert dead.keys() | {"valid"} == STATUS_NAMES.keys()
    for one, paper in dead.items():
        for kind in KINDS:
            assert (one, kind) not in BECOMES
            with pytest.raises(Conflict, match=paper.number):
                ask(issued, paper.number, kind)
    assert set(before) <= set(papers(issued))  # no paper that was there has changed


def test_a_reissue_is_the_same_award_with_a_new_copy_and_a_new_code(issued: Hall) -> None:
    first = issued.read(judging.certificates, EVENT)[0]
    one = confirm(issued, ask(issued, first.number, "reissue"))
    assert one is not None
    two = confirm(issued, ask(issued, one.number, "reissue"))
    assert two is not None
    assert two.number == f"{first.number[:-2]}-R2-{check_character(first.number[:-2] + '-R2')}"
    assert (two.award, two.place, two.name, two.release_id) == (first.award, 1, NAMES[0], first.release_id)
    assert len({first.code, one.code, two.code}) == 3
    old = issued.read(judging.certificate_for, first.code)
    assert (old.status, old.copies, old.successor) == ("reissued", 2, one.number)
    assert (two.status, two.copy) == ("valid", 2)
    confirm(issued, ask(issued, two.number, "revoke"))
    assert {status(issued, paper.number) for paper in (first, one, two)} == {"revoked"}


def test_two_people_of_two_roles(issued: Hall) -> None:
    number = issued.read(judging.certificates, EVENT)[0].number
    for role in ("supervisor", "chief", "clerk"):
        with pytest.raises(NotAllowed):
            ask(issued, number, "reissue", by=issued.official(role))
    id = ask(issued, number, "reissue")
    assert status(issued, number) == "valid"  # asking does nothing yet
    with pytest.raises(Conflict, match="waits"):
        ask(issued, number, "revoke")
    organiser = issued.official("organiser")
    for role in ("organiser", "chief"):
        with pytest.raises(NotAllowed):
            confirm(issued, id, role)
    issued.do(judging.grant, organiser.id, "supervisor", EVENT, organiser)
    with pytest.raises(NotAllowed, match="asked"):
        confirm(issued, id, "organiser")
    issued.do(judging.refuse_change, EVENT, id, issued.official("supervisor"), "原件已找到")
    assert status(issued, number) == "valid"
    with pytest.raises(Conflict, match="settled"):
        confirm(issued, id)
    kept = issued.read(judging.certificate_changes, EVENT)[0]
    assert (kept.settled, kept.answer, kept.asked_by) == ("refused", "原件已找到", organiser.name)
    assert len(issued.ledger("certificate-asked")) == len(issued.ledger("certificate-refused")) == 1


def test_what_is_asked_needs_its_reason_and_a_revocation_its_decision(issued: Hall) -> None:
    number = issued.read(judging.certificates, EVENT)[0].number
    with pytest.raises(MarkError):
        ask(issued, number, "reissue", reason=" ")
    with pytest.raises(Conflict, match="decision"):
        ask(issued, number, "revoke", reference="")
    confirm(issued, ask(issued, number, "revoke"))
    assert "示赛〔2026〕7号" in issued.ledger("certificate-asked")[0]
    assert (
        issue(issued) == []
    )  # what was revoked under this release isn't issued again by pressing the button once more


def test_a_revision_lists_what_it_touches_and_what_is_to_be_done(issued: Hall) -> None:
    first, second = issued.read(judging.certificates, EVENT)
    assert issued.read(judging.touched, EVENT) == []
    early = ask(issued, first.number, "revoke")
    revise(issued, 0)
    found = {one.certificate.number: one for one in issued.read(judging.touched, EVENT)}
    assert {number: one.kind for number, one in found.items()} == {first.number: "revoke", second.number: "correct"}
    assert (found[second.number].award, found[second.number].place) == ("first", 1)
    assert issued.read(judging.certificate_for, second.number).place == 2  # the paper still says what it rested on
    with pytest.raises(Conflict, match="revision was released"):
        confirm(issued, early)
    issued.do(judging.refuse_change, EVENT, early, issued.official("supervisor"), "修订版")
    for number, kind in ((first.number, "reissue"), (first.number, "correct"), (second.number, "reissue")):
        with pytest.raises(Conflict):
            ask(issued, number, kind)
    confirm(issued, ask(issued, first.number, "revoke"))
    anew = confirm(issued, ask(issued, second.number, "correct"))
    assert anew is not None
    assert (anew.award, anew.place, anew.number[:13]) == ("first", 1, "SL-2026-042-1")
    assert issued.read(judging.touched, EVENT) == []
    made = issue(issued)
    assert [one.name for one in made] == [NAMES[2]]
    assert len({one.number for one in issued.read(judging.certificates, EVENT)}) == 4


def test_no_name_is_in_what_is_recorded(issued: Hall) -> None:
    id = ask(issued, issued.read(judging.certificates, EVENT)[0].number, "correct")
    with pytest.raises(CompetitionError):  # the supervisor of another event can't settle it
        issued.do(judging.confirm_change, "elsewhere", id, issued.official("supervisor"), rng_bytes=issued.rng)
    confirm(issued, id)
    told = "\n".join(issued.ledger())
    assert not any(name in told for name in NAMES)


@pytest.mark.parametrize(
    ("tampering", "says"),
    [
        ("UPDATE certificate SET number = 'SL-2026-042-1-0009-X' WHERE number = :copy", "was not issued by any act"),
        ("DELETE FROM certificate WHERE number = :copy", "its row is gone"),
        ("DELETE FROM certificate_change", "has a change that the ledger tells otherwise"),
        ("UPDATE certificate_change SET kind = 'revoke'", "has a change that the ledger tells otherwise"),
        ("UPDATE certificate SET status = 'valid' WHERE status = 'sample'", "was issued as a sample"),
    ],
)
def test_the_audit_notices_certificates_that_nobody_issued(
    laid_out: LaidOut, tmp_path: Path, tampering: str, says: str
) -> None:
    with laid_out.copy(with_certificates, tmp_path / "competition.sqlite") as hall:
        copy = confirm(hall, ask(hall, hall.read(judging.certificates, EVENT)[0].number, "reissue"))
        assert copy is not None
        issue(hall, sample=True)
        assert hall.findings() == []
        with store.writing(hall.engine) as conn:
            conn.execute(text(tampering), {"copy": copy.number} if ":copy" in tampering else {})
        assert any(says in one for one in hall.findings())
