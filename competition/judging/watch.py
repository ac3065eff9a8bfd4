"""What all events' boards count beside the sheets: tablets that are silent or hold marks, and sheets past their time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, select

from competition.judging.presence import ALIVE
from competition.store import moment, stamp, thawed
from competition.store.devices import Device
from competition.store.games import Seat, Slot
from competition.store.people import Entry
from competition.store.sheets import OPEN, Sheet


@dataclass(frozen=True, slots=True)
class Tablets:
    """Tablets of one event that may write: how many, how many are silent (heard of once, not in the last minute), and how many
    marks they hold unsent."""

    there: int = 0
    silent: int = 0
    unsent: int = 0


def tablets(conn: Connection, at: datetime) -> Mapping[str, Tablets]:
    """By event, in one question to the database."""
    silent = case((Device.last_seen < stamp(at - ALIVE), 1), else_=0)
    query = (
        select(Seat.event_id, func.count(), func.sum(silent), func.sum(Device.unsent))
        .join(Seat, Seat.id == Device.seat_id)
        .where(Device.revoked_at.is_(None))
        .group_by(Seat.event_id)
    )
    return {event: Tablets(there, quiet or 0, unsent or 0) for event, there, quiet, unsent in conn.execute(query)}


def due(conn: Connection, event_id: str) -> tuple[str, ...]:
    """When the open sheets of entries that compete were due, earliest first: their slot's opening and the module's minutes.

    Sheets without a slot's time, or of a module without minutes, are never due.
    """
    minutes = {one.id: one.minutes for one in thawed(conn, event_id).modules if one.minutes}
    rows = conn.execute(
        select(Sheet.module, Slot.opens_at)
        .join(Slot, Slot.id == Sheet.slot_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .where(Sheet.event_id == event_id, Sheet.state.in_(OPEN), Entry.status == "", Slot.opens_at.is_not(None))
    )
    return tuple(
        sorted(
            stamp(moment(row.opens_at) + timedelta(minutes=minutes[row.module] or 0))
            for row in rows
            if row.module in minutes
        )
    )
