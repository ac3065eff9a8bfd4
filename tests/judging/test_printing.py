"""Which certificates may be printed: those that stand and say what the newest final release says; every print is on record."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from competition import judging
from competition.errors import Conflict, NotAllowed
from tests.judging.conftest import EVENT, NAMES, Hall
from tests.judging.test_certificate_changes import revise, with_certificates
from tests.laid_out import LaidOut


@pytest.fixture
def issued(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    with laid_out.copy(with_certificates, tmp_path / "competition.sqlite") as hall:
        yield hall
        assert hall.findings() == []


def printable(hall: Hall, **filters: str) -> list[str]:
    wanted, findings = hall.read(judging.to_print, EVENT, hall.official("organiser"), **filters)
    assert findings == []
    return [one.name for one in wanted]


def test_all_that_stand_or_those_of_one_award_or_unit(issued: Hall) -> None:
    first, second = issued.read(judging.certificates, EVENT)
    assert printable(issued) == [NAMES[0], NAMES[1]]
    assert printable(issued, award=second.award) == [NAMES[1]]
    assert printable(issued, unit=str(first.unit)) == [one.name for one in (first, second) if one.unit == first.unit]
    assert printable(issued, unit="没有这个单位") == []


def test_a_revoked_one_is_not_printed(issued: Hall) -> None:
    first, _ = issued.read(judging.certificates, EVENT)
    by = issued.official("organiser")
    id = issued.do(judging.ask_change, first.number, "revoke", by, "取消", rng_bytes=issued.rng, reference="7号")
    issued.do(judging.confirm_change, EVENT, id, issued.official("supervisor"), rng_bytes=issued.rng)
    assert printable(issued) == [NAMES[1]]


def test_standings_that_moved_on_forbid_the_print(issued: Hall) -> None:
    issued.ruled("status", "appeal", entry=issued.entries[0], status="void")
    wanted, findings = issued.read(judging.to_print, EVENT, issued.official("organiser"))
    assert len(wanted) == 2
    assert ["publish a revision first" in one.en for one in findings] == [True]


def test_a_certificate_of_a_place_no_longer_given_is_named(issued: Hall) -> None:
    """A revision takes the first one's place away: the old papers of both are named until they are corrected."""
    organiser = issued.official("organiser")
    revise(issued, 0)
    _, findings = issued.read(judging.to_print, EVENT, organiser)
    assert [one.where for one in findings] == [
        f"{one.number} {one.name}" for one in issued.read(judging.certificates, EVENT)
    ]
    assert "correct or revoke" in findings[0].en


def test_every_print_is_on_record_with_its_numbers_and_digest(issued: Hall) -> None:
    first, second = issued.read(judging.certificates, EVENT)
    organiser = issued.official("organiser")
    issued.do(judging.log_print, EVENT, organiser, numbers=[second.number, first.number], batch="ab" * 32, printer="HP")
    (body,) = issued.ledger("certificates-printed")
    said = json.loads(body)
    assert said["numbers"] == [second.number, first.number]
    assert (said["by"], said["batch"], said["printer"]) == (organiser.id, "ab" * 32, "HP")
    with pytest.raises(Conflict):
        issued.do(judging.log_print, EVENT, organiser, numbers=[], batch="", printer="")


def test_nobody_but_the_organiser_prints(issued: Hall) -> None:
    for role in ("chief", "clerk", "supervisor", "encryptor"):
        with pytest.raises(NotAllowed):
            issued.read(judging.to_print, EVENT, issued.official(role))
        with pytest.raises(NotAllowed):
            issued.do(judging.log_print, EVENT, issued.official(role), numbers=["X"], batch="", printer="")
    assert issued.ledger("certificates-printed") == []
