"""Opening and closing slots (场次) while an event runs: what tablets may mark now, and who isn't done when a slot closes.

A module whose slots nobody opened or closed is marked as its sheets are laid out. From the first slot that is opened on, the module's
other slots wait. A mark for a slot that is shut is kept as late and waits for the chief; a sheet that is filled in may still be
signed, and what the chief opened for a correction stays open. Every act can be taken back, the last one first.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, func, select, update

from competition.errors import Conflict, NotFound
from competition.judging.acts import note
from competition.judging.officials import Official, permit
from competition.judging.presence import ALIVE
from competition.judging.sheets import not_owed
from competition.judging.slots import check_module, station_order
from competition.store import Ledger, required_items, sheets, stamp, thawed
from competition.store.devices import Device
from competition.store.games import Slot
from competition.store.sheets import seat_label

FREE, WAITING, OPEN, CLOSED = "", "waiting", "open", "closed"
KINDS = ("slot-open", "slot-close", "slots-free", "slot-undone")


@dataclass(frozen=True, slots=True)
class GateLine:
    """One slot of a module: its gate ("" nobody opened or closed any), its stations, how many of its sheets are owed, filled in and
    signed, and how many marks came while it was shut and wait for the chief."""

    n: int
    gate: str
    opens_at: str | None
    stations: tuple[str, ...]
    owed: int
    started: int
    signed: int
    late: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A sheet that isn't signed: marks it has of those it must have, and what its seat's tablets said last. unsent: marks they
    still hold; silent: none of them was heard of in the last minute, so they may hold more than they said."""

    sheet: str
    entry: str
    form: str
    seat: str
    marked: int
    of: int
    unsent: int
    silent: bool


@dataclass(frozen=True, slots=True)
class LastAct:
    """What was done last with a module's slots: kind ("slot-open", …), slot (0: all), by which official and when; its line's id."""

    id: str
    kind: str
    n: int
    by: str
    at: str


def gates(conn: Connection, event_id: str, module: str) -> list[GateLine]:
    """A module's slots in their order, as they are now."""
    rows = conn.execute(select(Slot).where(Slot.event_id == event_id, Slot.module == module)).all()
    by_slot = {row.id: row for row in rows}
    mine = [
        now for now in sheets.event_sheets(conn, event_id).values() if now.slot_id in by_slot and now.module == module
    ]
    free = not_owed(conn, event_id, mine)
    lines = []
    for n in sorted({row.n for row in rows}):
        places = sorted((row for row in rows if row.n == n), key=lambda row: station_order(row.station))
        there = [now for now in mine if now.slot_id and by_slot[now.slot_id].n == n]
        owed = [now for now in there if now.id not in free]
        lines.append(
            GateLine(
                n, places[0].gate, places[0].opens_at, tuple(row.station for row in places), len(owed),
                sum(bool(now.marks) for now in owed), sum(not now.is_open for now in owed),
                sum(len(now.late) for now in there),
            )
        )  # fmt: skip
    return lines


def opened(conn: Connection, event_id: str) -> dict[str, tuple[tuple[int, ...], int, int]]:
    """Modules whose slots are opened and closed: the slots that are open, how many wait, how many are closed."""
    query = select(Slot.module, Slot.n, Slot.gate).where(Slot.event_id == event_id, Slot.gate != FREE).distinct()
    found: dict[str, list[tuple[int, str]]] = {}
    for module, n, gate in conn.execute(query):
        found.setdefault(module, []).append((n, gate))
    counts = {module: Counter(gate for _, gate in lines) for module, lines in found.items()}
    return {
        module: (tuple(sorted(n for n, gate in lines if gate == OPEN)), counts[module][WAITING], counts[module][CLOSED])
        for module, lines in found.items()
    }


def unfinished(conn: Connection, event_id: str, module: str, n: int, at: datetime) -> list[Unfinished]:
    """The sheets of a slot that somebody owes and nobody has signed, by seat. For the official who is about to close it."""
    ids = {row.id for row in _of(conn, event_id, module, n)}
    every = sheets.event_sheets(conn, event_id).values()
    mine = [now for now in every if now.slot_id in ids and now.module == module and now.is_open]
    free, law = not_owed(conn, event_id, mine), thawed(conn, event_id)
    heard = _heard(conn, {now.seat_id for now in mine}, at)
    lines = []
    for now in mine:
        if now.id not in free:
            required = required_items(law, now.module, now.sheet)
            unsent, silent = heard.get(now.seat_id, (0, False))
            lines.append(
                Unfinished(
                    now.id, now.entry_id, now.sheet, seat_label(conn, now.seat_id),
                    len(required) - len(now.unmarked(required)), len(required), unsent, silent,
                )
            )  # fmt: skip
    return sorted(lines, key=lambda one: (one.seat, one.form, one.sheet))


def open_slot(conn: Connection, event_id: str, module: str, n: int, by: Official, at: datetime) -> None:
    """Let a slot be marked. The first time in a module, its other slots wait from now on."""
    permit(conn, by, "slot_gates", event_id)
    if _of(conn, event_id, module, n)[0].gate == OPEN:
        raise Conflict(f"第 {n} 场已经开放，请刷新。", f"Slot {n} is open already. Refresh.")
    before = _before(conn, event_id, module)
    others = WAITING if not any(before.values()) else None
    _set(conn, event_id, module, {one: OPEN if one == n else others or gate for one, gate in before.items()})
    note(conn, event_id, "slot-open", by, at, module=module, n=n, before=sorted(before.items()))


def close_slot(conn: Connection, event_id: str, module: str, n: int, by: Official, at: datetime) -> None:
    """Shut a slot that is open: marks that come from now on are late. Conflict unless it is open."""
    permit(conn, by, "slot_gates", event_id)
    if _of(conn, event_id, module, n)[0].gate != OPEN:
        raise Conflict(f"第 {n} 场没有开放，请刷新。", f"Slot {n} isn't open. Refresh.")
    before = _before(conn, event_id, module)
    _set(conn, event_id, module, {n: CLOSED})
    note(conn, event_id, "slot-close", by, at, module=module, n=n, before=sorted(before.items()))


def free_slots(conn: Connection, event_id: str, module: str, by: Official, at: datetime) -> None:
    """Leave a module's slots to themselves again: all of them can be marked."""
    permit(conn, by, "slot_gates", event_id)
    before = _before(conn, event_id, module)
    if not any(before.values()):
        raise Conflict("这个模块没有按场次控制。", "Nobody opens or closes this module's slots.")
    _set(conn, event_id, module, dict.fromkeys(before, FREE))
    note(conn, event_id, "slots-free", by, at, module=module, n=0, before=sorted(before.items()))


def undo_gate(conn: Connection, event_id: str, module: str, act: str, by: Official, at: datetime) -> None:
    """Take the last act back, named by its line: every slot is as it was before. Conflict when it isn't the last any more."""
    permit(conn, by, "slot_gates", event_id)
    last = last_act(conn, event_id, module)
    if last is None or last.id != act:
        raise Conflict(
            "这一步已经撤销，或之后又有操作，请刷新。", "This was taken back already, or more was done since. Refresh."
        )
    told = json.loads(conn.execute(select(Ledger.body).where(Ledger.id == act)).scalar_one())
    there = _before(conn, event_id, module)
    _set(conn, event_id, module, {n: gate for n, gate in told["before"] if n in there})
    note(conn, event_id, "slot-undone", by, at, module=module, n=told["n"], undone=act, before=sorted(there.items()))


def last_act(conn: Connection, event_id: str, module: str) -> LastAct | None:
    """The last act with a module's slots that can be taken back."""
    lines = conn.execute(
        select(Ledger.id, Ledger.kind, Ledger.body, Ledger.at)
        .where(Ledger.event_id == event_id, Ledger.kind.in_(KINDS))
        .order_by(Ledger.seq)
    )
    left: list[LastAct] = []
    for line in lines:
        body = json.loads(line.body)
        if body["module"] != module:
            continue
        if line.kind == "slot-undone":
            left.pop()
        else:
            left.append(LastAct(line.id, line.kind, body["n"], body["by"], line.at))
    return left[-1] if left else None


def _of(conn: Connection, event_id: str, module: str, n: int) -> Sequence[Row[*tuple[object, ...]]]:
    check_module(conn, event_id, module)
    rows = conn.execute(select(Slot).where(Slot.event_id == event_id, Slot.module == module, Slot.n == n)).all()
    if not rows:
        raise NotFound("没有这个场次。", "There is no such slot.")
    return rows


def _before(conn: Connection, event_id: str, module: str) -> dict[int, str]:
    """The gate of each slot of a module."""
    check_module(conn, event_id, module)
    query = select(Slot.n, Slot.gate).where(Slot.event_id == event_id, Slot.module == module)
    return {n: gate for n, gate in conn.execute(query)}


def _set(conn: Connection, event_id: str, module: str, gate: Mapping[int, str]) -> None:
    for n, one in gate.items():
        where = (Slot.event_id == event_id, Slot.module == module, Slot.n == n)
        conn.execute(update(Slot).where(*where).values(gate=one))


def _heard(conn: Connection, seats: set[str], at: datetime) -> dict[str, tuple[int, bool]]:
    """By seat: the marks its tablets said they hold, and whether all of them are silent."""
    rows = conn.execute(
        select(Device.seat_id, func.sum(Device.unsent), func.max(Device.last_seen))
        .where(Device.seat_id.in_(seats), Device.revoked_at.is_(None))
        .group_by(Device.seat_id)
    )
    return {seat: (unsent or 0, seen is None or seen < stamp(at - ALIVE)) for seat, unsent, seen in rows}
