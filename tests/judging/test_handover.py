"""A tablet that fails: its unsent marks are handed over once and for all, and another takes its seat."""

import json

import pytest

from competition import judging
from competition.errors import CompetitionError, Conflict, MarkError, NotAllowed, NotFound
from competition.judging import Device, MarkOp, read_package
from tests.judging.conftest import EVENT, PIN, Hall
from tests.judging.handed import package

VALUES = {"aroma": "6", "taste": "7.5", "variety": "龙井"}


def unsent(hall: Hall, sheet: str) -> list[MarkOp]:
    """Marks a tablet made and could not send."""
    return [hall.op(sheet, item, value) for item, value in VALUES.items()]


def hand_over(hall: Hall, tablet: Device, ops: list[MarkOp], by: str = "clerk", **other: object) -> judging.Handed:
    read = read_package(package(tablet, ops, **other))  # type: ignore[arg-type]
    handed: judging.Handed = hall.do(judging.hand_over, EVENT, read, hall.official(by), "平板进水")
    return handed


def outcomes(handed: judging.Handed) -> list[str]:
    return [line.receipt.outcome for line in handed.lines]


def values(hall: Hall, sheet: str) -> dict[str, str | None]:
    return {item: cell[0] for item, cell in hall.sheet(sheet).marks.items()}


def test_a_package_lands_once_even_when_the_tablet_comes_back(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    ops = unsent(hall, sheet)
    handed = hand_over(hall, device, ops, signed=[sheet])
    assert (handed.seat, outcomes(handed), handed.signed) == ("taste.1", ["accepted"] * 3, (sheet,))
    assert values(hall, sheet) == VALUES
    assert hall.sheet(sheet).state == "complete"
    assert outcomes(hand_over(hall, device, ops)) == ["known"] * 3
    assert hall.outcome(device, *ops) == ["known"] * 3
    marks = [json.loads(line) for line in hall.ledger("mark")]
    assert [mark["device"] for mark in marks] == [device.id] * 3
    assert {mark["handed_by"] for mark in marks} == {hall.official("clerk").id}
    assert hall.sign(device, sheet).outcome == "accepted"
    assert hall.findings() == []


def test_what_was_sent_before_is_known_and_a_later_correction_wins(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    first, *rest = unsent(hall, sheet)
    hall.send(device, first)
    better = hall.op(sheet, "aroma", "6.5")
    assert outcomes(hand_over(hall, device, [better, first, *rest])) == ["accepted", "known", "accepted", "accepted"]
    assert values(hall, sheet) == VALUES | {"aroma": "6.5"}


def test_a_revoked_tablets_marks_are_taken(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    ops = unsent(hall, sheet)
    hall.do(judging.revoke_device, device.id, hall.official("chief"), "丢失")
    assert hall.outcome(device, *ops) == ["refused"] * 3
    assert outcomes(hand_over(hall, device, ops, by="chief")) == ["accepted"] * 3
    assert hall.outcome(device, *ops) == ["known"] * 3
    assert len(hall.ledger("mark")) == 3


def test_marks_the_new_tablet_made_meanwhile_clash_and_both_are_kept(hall: Hall) -> None:
    old, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    ops = unsent(hall, sheet)
    hall.do(judging.replace_tablet, EVENT, "taste.1", hall.official("clerk"), "黑屏", token="a new card")
    new = hall.do(judging.join, "a new card", PIN, "b" * 64, rng_bytes=hall.rng)
    assert hall.outcome(new, hall.op(sheet, "aroma", "3")) == ["accepted"]
    assert outcomes(hand_over(hall, old, ops)) == ["clash", "accepted", "accepted"]
    assert {cell[0] for cell in hall.sheet(sheet).clash["aroma"]} == {"3", "6"}


def test_marks_for_a_locked_sheet_are_late_and_refusals_are_said(hall: Hall) -> None:
    device, (one, two, _) = hall.tablet(), hall.sheets("taste.1")
    hall.fill(device, one.id)
    assert hall.sign(device, one.id).outcome == "accepted"
    ops = [hall.op(one.id, "aroma", "5"), hall.op(two.id, "aroma", "11"), hall.op(two.id, "taste", "7")]
    handed = hand_over(hall, device, ops)
    assert outcomes(handed) == ["late", "refused", "accepted"]
    assert handed.lines[1].receipt.reason is not None
    assert "11" in handed.lines[1].receipt.reason.zh
    act = json.loads(hall.ledger("hand-over")[0])
    assert act["outcomes"] == {"accepted": 1, "late": 1, "refused": 1}
    assert (act["device"], act["by"], act["reason"]) == (device.id, hall.official("clerk").id, "平板进水")


@pytest.mark.parametrize("by", ["organiser", "encryptor", "supervisor", "judge", "judge2"])
def test_only_clerks_and_the_chief_take_a_package(hall: Hall, by: str) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    ops = unsent(hall, sheet)
    with pytest.raises(NotAllowed):
        hand_over(hall, device, ops, by=by)
    assert hall.ledger("mark") == hall.ledger("hand-over") == []


@pytest.mark.parametrize(
    ("other", "error"),
    [({"event": "other"}, Conflict), ({"device": "0" * 32}, NotFound), ({"seat": "taste.2"}, Conflict)],
)
def test_a_strangers_package_is_refused_whole(hall: Hall, other: dict[str, str], error: type[CompetitionError]) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    ops = unsent(hall, sheet)
    with pytest.raises(error):
        hand_over(hall, device, ops, **other)
    assert hall.ledger("mark") == []


def test_a_package_that_names_no_tablet_goes_to_the_newest_of_its_seat(hall: Hall) -> None:
    old, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    ops = unsent(hall, sheet)
    assert hall.outcome(old, ops[0]) == ["accepted"]
    new = hall.tablet()
    hall.tablet("taste.2")
    assert outcomes(hand_over(hall, old, ops, device=None)) == ["known", "accepted", "accepted"]
    assert [hall.sheet(sheet).marks[item][2] for item in VALUES] == [old.id, new.id, new.id]
    assert hall.outcome(old, *ops) == ["known"] * 3
    assert values(hall, sheet) == VALUES


def test_another_seats_sheets_are_not_marked_by_a_package(hall: Hall) -> None:
    device, other = hall.tablet("taste.1"), hall.sheets("taste.2")[0].id
    assert outcomes(hand_over(hall, device, unsent(hall, other))) == ["refused"] * 3


def test_a_hand_over_needs_a_reason(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    read = read_package(package(device, unsent(hall, sheet)))
    with pytest.raises(MarkError):
        hall.do(judging.hand_over, EVENT, read, hall.official("clerk"), " ")
    assert hall.ledger("mark") == []


def test_a_tablet_is_replaced_in_one_act_and_the_judge_keeps_the_pin(hall: Hall) -> None:
    old = [hall.tablet(), hall.tablet()]
    hall.do(judging.heartbeat, old[1], judging.Pulse(unsent=3))
    told = hall.do(judging.replace_tablet, EVENT, "taste.1", hall.official("clerk"), "黑屏", token="a new card")
    assert [(line.id, line.unsent) for line in told] == [(old[0].id, 0), (old[1].id, 3)]
    assert all(line.revoked_at for line in hall.read(judging.devices, EVENT))
    with pytest.raises(NotAllowed):
        hall.do(judging.join, "a new card", "000000", "b" * 64, rng_bytes=hall.rng)
    new = hall.do(judging.join, "a new card", PIN, "b" * 64, rng_bytes=hall.rng)
    assert (new.seat, new.judge_id) == ("taste.1", hall.official("judge").id)
    act = json.loads(hall.ledger("replace-device")[0])
    assert (act["devices"], act["reason"], act["new_pin"]) == ([one.id for one in old], "黑屏", False)
    assert hall.findings() == []


def test_a_new_pin_is_for_the_organiser_or_the_chief(hall: Hall) -> None:
    hall.tablet()
    replace = judging.replace_tablet
    with pytest.raises(NotAllowed):
        hall.do(replace, EVENT, "taste.1", hall.official("clerk"), "忘了口令", token="card 1", pin="111111")
    assert [line.revoked_at for line in hall.read(judging.devices, EVENT)] == [None]
    hall.do(replace, EVENT, "taste.1", hall.official("chief"), "忘了口令", token="card 1", pin="111111")
    assert hall.do(judging.join, "card 1", "111111", "b" * 64, rng_bytes=hall.rng).seat == "taste.1"


@pytest.mark.parametrize("by", ["encryptor", "supervisor", "judge"])
def test_nobody_else_replaces_a_tablet(hall: Hall, by: str) -> None:
    hall.tablet()
    with pytest.raises(NotAllowed):
        hall.do(judging.replace_tablet, EVENT, "taste.1", hall.official(by), "黑屏", token="card 1")
    assert [line.revoked_at for line in hall.read(judging.devices, EVENT)] == [None]


def test_there_must_be_a_tablet_and_its_judge(hall: Hall) -> None:
    with pytest.raises(Conflict) as refusal:
        hall.do(judging.replace_tablet, EVENT, "taste.1", hall.official("clerk"), "黑屏", token="card 1")
    assert "没有平板" in refusal.value.zh
    hall.tablet()
    # Another judge in the seat frees it of the tablet, and the PIN was the other's.
    hall.do(judging.seat_judge, EVENT, "taste.1", hall.official("judge2").id, hall.official("organiser"))
    with pytest.raises(Conflict):
        hall.do(judging.replace_tablet, EVENT, "taste.1", hall.official("clerk"), "换裁判", token="card 1")
