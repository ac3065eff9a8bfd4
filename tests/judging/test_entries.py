"""Statuses, absences, sealed keys, imported and keyed marks: each recorded, none a zero."""

import pytest

from competition import judging
from competition.errors import Conflict, MarkError, NotAllowed, NotFound
from tests.judging.conftest import EVENT, NAMES, UNITS, Hall


@pytest.mark.parametrize("status", ["dns", "dnf", "dsq", "void", "withdrawn"])
def test_a_status_is_no_zero(hall: Hall, status: str) -> None:
    hall.mark_everything()
    hall.do(judging.set_status, hall.entries[0], status, hall.official("chief"), "seen by the supervisor")
    standing = hall.read(judging.standings, EVENT).standing(hall.entries[0])
    assert (standing.status, standing.rank, standing.award) == (status, None, None)
    hall.do(judging.set_status, hall.entries[0], "", hall.official("chief"), "appeal upheld")
    assert hall.read(judging.standings, EVENT).standing(hall.entries[0]).rank == 1


def test_a_status_needs_a_reason_a_chief_and_an_entry(hall: Hall) -> None:
    chief = hall.official("chief")
    for args, error in (
        ((hall.entries[0], "dns", chief, ""), MarkError),
        ((hall.entries[0], "asleep", chief, "why"), MarkError),
        ((hall.entries[0], "dns", hall.official("clerk"), "why"), NotAllowed),
        (("f" * 32, "dns", chief, "why"), NotFound),
    ):
        with pytest.raises(error):
            hall.do(judging.set_status, *args)
    assert hall.ledger("status") == []


def test_an_absent_seat_leaves_the_mean_to_the_others(hall: Hall) -> None:
    hall.mark_everything()
    chief = hall.official("chief")
    sheet = hall.sheets("taste.2")[0]
    hall.do(judging.unlock_sheet, sheet.id, chief, "ill")
    hall.outcome(hall.tablet("taste.2"), hall.op(sheet.id, "aroma", None, supersedes=sheet.marks["aroma"][1]))
    assert hall.read(judging.standings, EVENT).standing(hall.entries[0]).total is None
    hall.do(judging.record_absence, EVENT, "taste.2", chief, "ill", entry_id=hall.entries[0])
    assert hall.read(judging.standings, EVENT).standing(hall.entries[0]).total == "33.60"
    hall.do(judging.end_absence, EVENT, "taste.2", chief, "back", entry_id=hall.entries[0])
    assert hall.read(judging.standings, EVENT).standing(hall.entries[0]).total is None


def test_a_key_is_sealed_and_its_digest_is_on_the_chain(hall: Hall) -> None:
    supervisor = hall.official("supervisor")
    digest = hall.do(
        judging.set_sample_key, EVENT, "cup", "senses", {"variety": "云雾绿茶"}, supervisor, rng_bytes=hall.rng
    )
    assert digest in hall.ledger("sample-key")[0]
    assert "云雾" not in str(hall.ledger())
    device, sheet = hall.tablet("taste.1"), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id, variety="云雾绿茶")
    for values in ({"aroma": "6"}, {"variety": " "}, {"nothing": "x"}):
        with pytest.raises(MarkError):
            hall.do(judging.set_sample_key, EVENT, "cup", "senses", values, supervisor, rng_bytes=hall.rng)
    with pytest.raises(NotAllowed):
        hall.do(judging.set_sample_key, EVENT, "cup", "senses", {}, hall.official("chief"), rng_bytes=hall.rng)


def test_a_later_key_replaces_the_earlier(hall: Hall) -> None:
    hall.mark_everything()
    assert hall.read(judging.standings, EVENT).standing(hall.entries[0]).total == "33.60"
    other = {"variety": "碧螺春"}
    hall.do(judging.set_sample_key, EVENT, "cup", "senses", other, hall.official("supervisor"), rng_bytes=hall.rng)
    assert hall.read(judging.standings, EVENT).standing(hall.entries[0]).total == "30.40"


def test_names_are_listed_only_after_decoding(hall: Hall) -> None:
    hall.mark_everything()
    sealed = hall.read(judging.entries, EVENT)
    assert all(line.names == () and line.unit is None for line in sealed)
    with pytest.raises(Conflict):
        hall.read(judging.entries, EVENT, names=True)
    hall.decode()
    known = {line.id: line for line in hall.read(judging.entries, EVENT, names=True)}
    assert known[hall.entries[1]].names == (NAMES[1],)
    assert known[hall.entries[1]].unit == UNITS["u-south"]


def test_attributes_are_those_of_the_rules(hall: Hall) -> None:
    with pytest.raises(Conflict):
        hall.do(judging.add_entry, EVENT, [], None, {"strange": "x"}, hall.official("organiser"), rng_bytes=hall.rng)
