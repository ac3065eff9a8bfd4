"""The running order (出场顺序): which entry is up when, and at which station. Drawn from public words, public at once.

Anybody may say the words aloud: a lottery number, a sentence from the floor. The order is fixed by them (`draws.order`), the slots
are filled by time and station, and the record is public from that moment. Two entries may be swapped, with a reason.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from competition.errors import Conflict, NotFound
from competition.judging.acts import because, note
from competition.judging.draws import order
from competition.judging.officials import Official, permit
from competition.judging.permissions import MAY
from competition.judging.slots import check_module, station_order
from competition.store import digest_of, sheets, thawed
from competition.store.codes import every_code
from competition.store.games import Slot
from competition.store.ledger import Ledger
from competition.store.people import Entry
from competition.store.replay import apply
from competition.store.sheets import SheetNow

DRAWERS = MAY["order"]
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Place:
    """One entry's time and station. `public` is the code contestants know themselves by; `judged` is what judges see."""

    entry: str
    public: str
    judged: str
    n: int
    station: str
    opens_at: str | None
    slot: str


def running_order(conn: Connection, event_id: str, module: str) -> list[Place]:
    """Who is up when and where, by time and station; only entries that have a slot."""
    codes: dict[str, list[str]] = {}
    code = every_code().c
    query = select(code.entry_id, code.code).where(code.event_id == event_id).order_by(code.layer)
    for entry, one in conn.execute(query):
        codes.setdefault(entry, []).append(one)
    slots = {row.id: row for row in conn.execute(select(Slot).where(Slot.event_id == event_id, Slot.module == module))}
    placed = {now.entry_id: now.slot_id for now in _sheets(conn, event_id, module) if now.slot_id in slots}
    places = [
        Place(entry, codes[entry][0], codes[entry][-1], slots[slot].n, slots[slot].station, slots[slot].opens_at, slot)
        for entry, slot in placed.items()
        if slot is not None and entry in codes
    ]
    return sorted(places, key=lambda one: (one.n, station_order(one.station)))


def draw_order(conn: Connection, event_id: str, module: str, words: str, by: Official, at: datetime) -> list[str]:
    """Draw who is up when; answers the entries in order. Before anybody marked this module; again only with other words."""
    permit(conn, by, "order", event_id)
    check_module(conn, event_id, module)
    if len(words.strip()) < SHORTEST:
        raise Conflict("请写下当众说出的抽签用语。", "Write down the words that were said aloud.")
    there = _sheets(conn, event_id, module)
    if not there:
        raise Conflict("还没有分配评分表，请先分配。", "There are no sheets yet. Assign them first.")
    _unmarked(there)
    competing = list(conn.scalars(select(Entry.id).where(Entry.event_id == event_id, Entry.status == "")))
    slots = sorted(
        conn.execute(select(Slot).where(Slot.event_id == event_id, Slot.module == module)),
        key=lambda row: (row.n, station_order(row.station)),
    )
    if len(slots) < len(competing):
        raise Conflict(
            f"场次工位只有 {len(slots)} 个，参赛有 {len(competing)} 个。请先增加场次或工位。",
            f"There are {len(slots)} places for {len(competing)} entries. Add slots or stations first.",
        )
    drawn = order(event_id, module, words, competing)
    where = {entry: slot.id for entry, slot in zip(drawn, slots, strict=False)}
    lines = [{"entry": entry, "slot": where[entry]} for entry in drawn]
    _move(conn, event_id, "running-order", there, where, by, at, module=module, words=words, lines=lines)
    return drawn


def order_seen(conn: Connection, event_id: str, module: str) -> str:
    """The digest of an order as it is now, so that a swap is of what its preview showed."""
    return digest_of([[one.entry, one.slot] for one in running_order(conn, event_id, module)])


def swap(
    conn: Connection,
    event_id: str,
    module: str,
    codes: tuple[str, str],
    seen: str,
    by: Official,
    reason: str,
    at: datetime,
) -> None:
    """Let two entries, named by the code judges see, change places. Conflict when the order moved since the preview."""
    permit(conn, by, "order", event_id)
    first, second = swapped(conn, event_id, module, codes)
    if seen != order_seen(conn, event_id, module):
        raise Conflict(
            "预览之后顺序有变动，没有交换。请重新预览。", "The order has changed since the preview. Preview again."
        )
    where = {first.entry: second.slot, second.entry: first.slot}
    move_sheets(conn, event_id, module, where, by, because(reason), at)


def move_sheets(
    conn: Connection, event_id: str, module: str, where: Mapping[str, str], by: Official, why: str, at: datetime, **more: Any
) -> None:  # fmt: skip
    """Give entries other places, each with its slot: one public line that says where they were before."""
    there = [now for now in _sheets(conn, event_id, module) if now.entry_id in where]
    before = {now.entry_id: now.slot_id for now in there}
    lines = sorted(where.items())
    _move(conn, event_id, "swap", there, where, by, at, module=module, lines=lines, before=before, reason=why, **more)


def swapped(conn: Connection, event_id: str, module: str, codes: tuple[str, str]) -> tuple[Place, Place]:
    """The two entries a swap is about; refused as the swap itself would be, so that the preview says so."""
    known = {one.judged: one for one in running_order(conn, event_id, module)}
    missing = [code for code in codes if code not in known]
    if missing:
        raise NotFound(f"出场顺序中没有 {'、'.join(missing)}。", f"{', '.join(missing)} is not in the running order.")
    if codes[0] == codes[1]:
        raise Conflict("请选两个不同的编号。", "Choose two different codes.")
    first, second = known[codes[0]], known[codes[1]]
    unmarked_sheets(conn, event_id, module, [first.entry, second.entry])
    return first, second


def unmarked_sheets(conn: Connection, event_id: str, module: str, entries: Sequence[str]) -> None:
    """Conflict when one of these entries has been marked in the module."""
    _unmarked([now for now in _sheets(conn, event_id, module) if now.entry_id in entries])


def order_record(conn: Connection, event_id: str, module: str) -> dict[str, Any]:
    """The public record of the last draw of a module's order, as `draws.replay` repeats it, and the swaps since."""
    lines = conn.execute(
        select(Ledger.kind, Ledger.at, Ledger.body)
        .where(Ledger.event_id == event_id, Ledger.kind.in_(("running-order", "swap")))
        .order_by(Ledger.seq)
    )
    record: dict[str, Any] | None = None
    for line in lines:
        body = json.loads(line.body)
        if body["module"] != module:
            continue
        if line.kind == "running-order":
            record = {
                "kind": "order", "event": event_id, "module": module, "words": body["words"], "drawn_at": line.at,
                "lines": body["lines"], "swaps": [],
            }  # fmt: skip
        elif record is not None:
            record["swaps"].append({"at": line.at, "lines": body["lines"], "reason": body["reason"]})
    if record is None:
        raise NotFound("这个模块还没有抽出场顺序。", "No running order has been drawn for this module.")
    return record


def drawn_modules(conn: Connection, event_id: str) -> set[str]:
    """The modules whose running order was drawn: these orders are public."""
    query = select(Ledger.body).where(Ledger.event_id == event_id, Ledger.kind == "running-order")
    return {json.loads(body)["module"] for body in conn.scalars(query)}


def _move(
    conn: Connection, event_id: str, kind: str, there: Sequence[SheetNow], where: Mapping[str, str], by: Official,
    at: datetime, **body: Any,
) -> None:  # fmt: skip
    moved = {now.id: where.get(now.entry_id) for now in there}
    line = note(conn, event_id, kind, by, at, sheets=moved, **body)
    changed = {now.id: now for now in there}
    apply(changed, event_id, kind, line.id, line.at, {"sheets": moved})
    sheets.save_sheets(conn, list(changed.values()), thawed(conn, event_id))


def _sheets(conn: Connection, event_id: str, module: str) -> list[SheetNow]:
    return [now for now in sheets.event_sheets(conn, event_id).values() if now.module == module]


def _unmarked(there: Sequence[SheetNow]) -> None:
    if any(now.marks or now.state != "draft" for now in there):
        raise Conflict(
            "这个模块已经有打分，不能再改出场顺序。",
            "Marks have been recorded in this module: its running order stays as it is.",
        )
