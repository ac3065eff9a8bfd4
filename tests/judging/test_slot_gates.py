"""Slots opened and closed live: nothing changes where nobody does it; a slot that is shut loses no mark."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from competition import judging
from competition.errors import Conflict, NotAllowed
from competition.judging import Device, running, slot_gates
from competition.store import rebuild_sheets
from tests.judging.conftest import EVENT, Hall, lay_out
from tests.laid_out import LaidOut

MARK = {"aroma": "6", "taste": "7.5", "variety": "龙井"}


@pytest.fixture
def hall(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    """Three slots of one station, an entry in each, in the order of `hall.entries`' sheets."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as hall:
        for n in (1, 2, 3):
            hall.do(judging.add_slot, EVENT, "cup", n, "1", None, hall.official("organiser"), rng_bytes=hall.rng)
        hall.do(running.draw_order, EVENT, "cup", "开幕词", hall.official("organiser"))
        yield hall


def gate(hall: Hall, act: str, n: int, by: str = "chief") -> None:
    hall.do(getattr(slot_gates, f"{act}_slot"), EVENT, "cup", n, hall.official(by))


def state(hall: Hall) -> list[str]:
    return [line.gate for line in hall.read(slot_gates.gates, EVENT, "cup")]


def sheet_in(hall: Hall, n: int, seat: str = "taste.1") -> str:
    """The seat's sheet of the entry that has slot n."""
    place = {one["slot"]: one["id"] for one in session(hall, hall.tablet(seat))}
    return place[n]


def session(hall: Hall, device: Device) -> list[dict]:  # type: ignore[type-arg]
    told: list[dict] = hall.read(judging.session, device, hall.now)["sheets"]  # type: ignore[type-arg]
    return told


def undo(hall: Hall) -> None:
    last = hall.read(slot_gates.last_act, EVENT, "cup")
    hall.do(slot_gates.undo_gate, EVENT, "cup", last.id if last else "none", hall.official("chief"))


def test_a_games_that_opens_no_slot_marks_as_before(hall: Hall) -> None:
    device = hall.tablet()
    assert state(hall) == ["", "", ""]
    assert {one["gate"] for one in session(hall, device)} == {""}
    hall.fill(device, sheet_in(hall, 3))
    with pytest.raises(Conflict, match="isn't open"):
        gate(hall, "close", 1)


def test_only_the_slot_that_is_open_is_marked_and_nothing_that_arrives_is_lost(hall: Hall) -> None:
    device, first, second = hall.tablet(), sheet_in(hall, 1), sheet_in(hall, 2)
    with pytest.raises(NotAllowed):
        gate(hall, "open", 1, "clerk")
    gate(hall, "open", 1)
    assert state(hall) == ["open", "waiting", "waiting"]
    assert [one["gate"] for one in session(hall, device)] == ["open", "waiting", "waiting"]
    assert hall.outcome(device, hall.op(first, "aroma", "6")) == ["accepted"]
    early = hall.op(second, "aroma", "6")
    receipt = hall.send(device, early)[0]
    assert (receipt.outcome, "尚未开放或已关闭" in str(receipt.reason)) == ("late", True)
    gate(hall, "close", 1)
    assert state(hall) == ["closed", "waiting", "waiting"]
    assert hall.outcome(device, hall.op(first, "taste", "7.5")) == ["late"]
    assert hall.outcome(device, early) == ["late"]  # sent again: the same answer, kept once
    late = hall.read(judging.late_marks, EVENT)
    assert [(one.sheet, one.item) for one in late] == [(second, "aroma"), (first, "taste")]
    hall.do(judging.decide_late, late[1].id, True, hall.official("chief"), "关闭前打的")
    assert hall.sheet(first).marks["taste"][0] == "7.5"
    assert [line.late for line in hall.read(slot_gates.gates, EVENT, "cup")] == [0, 1, 0]
    before = hall.sheet(first)
    hall.writer.do(lambda conn: rebuild_sheets(conn, EVENT))
    assert hall.sheet(first) == before
    assert hall.findings() == []


def test_what_is_filled_in_when_a_slot_closes_can_be_signed_and_corrected_when_the_chief_opens_it(hall: Hall) -> None:
    device, first = hall.tablet(), sheet_in(hall, 1)
    gate(hall, "open", 1)
    hall.fill(device, first)
    gate(hall, "close", 1)
    assert hall.sign(device, first).outcome == "accepted"
    hall.do(judging.unlock_sheet, first, hall.official("chief"), "看错一项")
    assert session(hall, device)[0]["gate"] == ""
    assert hall.outcome(device, hall.op(first, "taste", "8")) == ["accepted"]
    assert hall.sign(device, first).outcome == "accepted"
    assert hall.sheet(first).unlock == {}


def test_before_closing_one_sees_who_isnt_done_and_what_their_tablets_hold(hall: Hall) -> None:
    device, first = hall.tablet(), sheet_in(hall, 1)
    other = hall.tablet("taste.2")
    gate(hall, "open", 1)
    hall.fill(device, first)
    hall.do(judging.heartbeat, device, judging.Pulse())
    hall.do(judging.heartbeat, other, judging.Pulse(unsent=7))
    owed = hall.read(slot_gates.unfinished, EVENT, "cup", 1, hall.now)
    assert [(one.seat, one.marked, one.of, one.unsent, one.silent) for one in owed] == [
        ("taste.1", 3, 3, 0, False), ("taste.2", 0, 3, 7, False),
    ]  # fmt: skip
    assert all(one.silent for one in hall.read(slot_gates.unfinished, EVENT, "cup", 1, hall.at(minutes=2)))
    assert hall.sign(device, first).outcome == "accepted"
    hall.do(judging.record_absence, EVENT, "taste.2", hall.official("chief"), "离场")
    assert hall.read(slot_gates.unfinished, EVENT, "cup", 1, hall.now) == []


def test_each_act_is_taken_back_the_last_one_first(hall: Hall) -> None:
    gate(hall, "open", 1)
    gate(hall, "close", 1)
    gate(hall, "open", 2)
    hall.do(slot_gates.free_slots, EVENT, "cup", hall.official("organiser"))
    seen = [state(hall)]
    for _ in range(4):
        undo(hall)
        seen.append(state(hall))
    assert seen == [
        ["", "", ""], ["closed", "open", "waiting"], ["closed", "waiting", "waiting"], ["open", "waiting", "waiting"],
        ["", "", ""],
    ]  # fmt: skip
    with pytest.raises(Conflict, match="taken back already"):
        undo(hall)
    assert len(hall.ledger("slot-undone")) == 4
