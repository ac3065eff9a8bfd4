"""A judge's own workings beside the marks: 待定 flags, confirmed extremes, notes. Kept for the judge, no evidence.

They lie in a register that is erased with personal data; the chief sees how many items of a sheet are flagged, no more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from competition.judging.devices import Device
from competition.store import sheets, stamp, thawed, touch
from competition.store.devices import Jotting
from competition.store.sheets import Sheet


class JottingRow(msgspec.Struct, frozen=True):
    """The workings on one item ("" is the whole sheet) as a device sends them; `counter` orders those of one device."""

    sheet: str
    item: str
    flag: bool
    zero: bool
    note: str
    counter: int


def keep_jottings(conn: Connection, device: Device, rows: Sequence[JottingRow], at: datetime) -> int:
    """Keep a judge's workings; answers how many rows concern this seat's sheets. The others are passed over.

    On one device the higher counter wins; between devices the later to arrive does.
    """
    known = sheets.read_sheets(conn, sorted({row.sheet for row in rows}))
    law = thawed(conn, device.event_id)
    kept = 0
    for row in rows:
        now = known.get(row.sheet)
        if now is None or now.seat_id != device.seat_id:
            continue
        if row.item and all(item.id != row.item for item in law.sheet(now.module, now.sheet).items):
            continue
        kept += 1
        _keep(conn, device, row, at)
    return kept


def jottings(conn: Connection, seat_id: str) -> dict[str, dict[str, Any]]:
    """All workings of a seat by "sheet|item", for its tablet. Cleared ones too: a second tablet must hear of it."""
    rows = conn.execute(select(Jotting).where(Jotting.seat_id == seat_id).order_by(Jotting.sheet_id, Jotting.item))
    return {f"{row.sheet_id}|{row.item}": {"flag": row.flag, "zero": row.zero, "note": row.note} for row in rows}


def flags(conn: Connection, event_id: str) -> dict[str, int]:
    """How many 待定 flags each sheet of an event has; sheets without one are left out."""
    query = (
        select(Jotting.sheet_id, func.count().label("n"))
        .join(Sheet, Sheet.id == Jotting.sheet_id)
        .where(Sheet.event_id == event_id, Jotting.flag)
        .group_by(Jotting.sheet_id)
    )
    return {row.sheet_id: row.n for row in conn.execute(query)}


def _keep(conn: Connection, device: Device, row: JottingRow, at: datetime) -> None:
    here = (Jotting.seat_id == device.seat_id, Jotting.sheet_id == row.sheet, Jotting.item == row.item)
    before = conn.execute(select(Jotting).where(*here)).first()
    values = {
        "device_id": device.id,
        "counter": row.counter,
        "flag": row.flag,
        "zero": row.zero,
        "note": row.note,
        "at": stamp(at),
    }
    if before is None:
        conn.execute(insert(Jotting).values(seat_id=device.seat_id, sheet_id=row.sheet, item=row.item, **values))
    elif before.device_id == device.id and row.counter <= before.counter:
        return
    else:
        conn.execute(update(Jotting).where(*here).values(**values))
    if row.flag != (before is not None and before.flag):
        touch(conn, device.event_id)  # the chief's count of 待定
