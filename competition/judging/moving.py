"""Moving an entry to another slot or station: what it would clash with is shown first, and the last move can be taken back.

A move is a line of the kind "swap", which the public record of the order lists: whoever has the place wanted gets the mover's. Nothing
of other events is compared: it would tell which codes belong to one person.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from competition.errors import Conflict, NotFound
from competition.judging.acts import because
from competition.judging.officials import Official, permit
from competition.judging.running import Place, move_sheets, order_seen, running_order, unmarked_sheets
from competition.judging.slots import SlotLine, slots
from competition.store import Ledger, moment, thawed
from competition.store.games import Slot


@dataclass(frozen=True, slots=True)
class Clash:
    """What speaks against it: "overlap" (this entry is at `module`, at the time `at`), "running" or "over" (the slot that is left or
    taken is open, or closed), "past" (its time has passed). code: whom it concerns, n: which slot."""

    kind: str
    code: str
    n: int
    module: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """An entry's place now and afterwards, and that of whoever has the place wanted (None: it is free)."""

    one: Place
    to: SlotLine
    other: Place | None
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class LastMove:
    """The last move or swap that can be taken back: its line, whose codes, why and when."""

    id: str
    codes: tuple[str, ...]
    reason: str
    at: str


def places(conn: Connection, event_id: str, module: str) -> list[tuple[SlotLine, str | None]]:
    """Every place of a module with the code of whoever has it, by slot and station."""
    taken = {one.slot: one.judged for one in running_order(conn, event_id, module)}
    return [(line, taken.get(line.id)) for line in slots(conn, event_id) if line.module == module]


def preview_move(conn: Connection, event_id: str, module: str, code: str, slot: str, at: datetime) -> Move:
    """What it would change. Refused as the move itself would be."""
    known = running_order(conn, event_id, module)
    one = next((place for place in known if place.judged == code), None)
    if one is None:
        raise NotFound(f"出场顺序中没有 {code}。", f"{code} is not in the running order.")
    to = next((line for line, _ in places(conn, event_id, module) if line.id == slot), None)
    if to is None:
        raise NotFound("没有这个场次工位。", "There is no such place.")
    if one.slot == slot:
        raise Conflict(f"{code} 已经在这个位置。", f"{code} has this place already.")
    other = next((place for place in known if place.slot == slot), None)
    unmarked_sheets(conn, event_id, module, [one.entry, *([other.entry] if other else [])])
    return Move(one, to, other, clashes(conn, event_id, module, one, other or to, at))


def move(
    conn: Connection, event_id: str, module: str, code: str, slot: str, seen: str, by: Official, reason: str, at: datetime
) -> None:  # fmt: skip
    """Move an entry as it was previewed. Conflict when the order has moved since."""
    permit(conn, by, "order", event_id)
    found = preview_move(conn, event_id, module, code, slot, at)
    if seen != order_seen(conn, event_id, module):
        raise Conflict(
            "预览之后顺序有变动，没有移动。请重新预览。", "The order has changed since the preview. Preview again."
        )
    where = {found.one.entry: slot}
    if found.other:
        where[found.other.entry] = found.one.slot
    move_sheets(conn, event_id, module, where, by, because(reason), at)


def undo_move(conn: Connection, event_id: str, module: str, act: str, by: Official, at: datetime) -> None:
    """Take the last move or swap back. Conflict when it isn't the last any more, or somebody of it was marked since."""
    permit(conn, by, "order", event_id)
    last = last_move(conn, event_id, module)
    if last is None or last.id != act:
        raise Conflict(
            "这一步已经撤销，或之后又有变动，请刷新。", "This was taken back already, or more has moved since. Refresh."
        )
    before = json.loads(conn.execute(select(Ledger.body).where(Ledger.id == act)).scalar_one())["before"]
    unmarked_sheets(conn, event_id, module, list(before))
    move_sheets(conn, event_id, module, before, by, f"撤销：{last.reason}", at, undoes=act)


def last_move(conn: Connection, event_id: str, module: str) -> LastMove | None:
    """What can be taken back: moves and swaps since the order was drawn, the last one that still stands."""
    lines = conn.execute(
        select(Ledger.id, Ledger.kind, Ledger.body, Ledger.at)
        .where(Ledger.event_id == event_id, Ledger.kind.in_(("running-order", "swap")))
        .order_by(Ledger.seq)
    )
    left: list[tuple[str, dict[str, str], str, str]] = []
    for line in lines:
        body = json.loads(line.body)
        if body["module"] != module:
            continue
        if line.kind == "running-order":
            left = []
        elif "undoes" in body:
            left.pop()
        elif "before" in body:
            left.append((line.id, body["before"], body["reason"], line.at))
    if not left:
        return None
    id, before, reason, at = left[-1]
    codes = {one.entry: one.judged for one in running_order(conn, event_id, module)}
    return LastMove(id, tuple(sorted(codes.get(entry, "—") for entry in before)), reason, at)


def clashes(
    conn: Connection, event_id: str, module: str, one: Place, to: Place | SlotLine, at: datetime
) -> tuple[Clash, ...]:
    """What speaks against letting an entry have a place, and whoever has it the entry's."""
    moving: list[tuple[Place, Place | SlotLine]] = [(one, to)]
    if isinstance(to, Place):
        moving.append((to, one))
    found = [clash for place, wanted in moving for clash in _overlaps(conn, event_id, module, place, wanted)]
    gate = {
        row.n: row.gate for row in conn.execute(select(Slot).where(Slot.event_id == event_id, Slot.module == module))
    }
    for n in sorted({one.n, to.n}):
        if gate.get(n) in ("open", "closed"):
            found.append(Clash("running" if gate[n] == "open" else "over", "", n))
    found += [
        Clash("past", place.judged, wanted.n, at=wanted.opens_at)
        for place, wanted in moving
        if wanted.opens_at and moment(wanted.opens_at) < at
    ]
    return tuple(found)


def _overlaps(
    conn: Connection, event_id: str, module: str, place: Place, wanted: Place | SlotLine
) -> Sequence[Clash]:  # fmt: skip
    """The entry's places in other modules that are at the same time. A module without minutes takes up one."""
    if wanted.opens_at is None:
        return []
    modules = thawed(conn, event_id).modules
    minutes = {each.id: timedelta(minutes=each.minutes or 1) for each in modules}
    start = moment(wanted.opens_at)
    found = []
    for each in modules:
        if each.id == module:
            continue
        for other in running_order(conn, event_id, each.id):
            if other.entry == place.entry and other.opens_at:
                begins = moment(other.opens_at)
                if begins < start + minutes[module] and start < begins + minutes[each.id]:
                    found.append(Clash("overlap", place.judged, wanted.n, each.id, other.opens_at))
    return found
