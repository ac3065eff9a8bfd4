"""Messages to tablets: from the chief to those of an event, from whoever has the duty everywhere to all of them.

They come with the tablet's session, so that one that was cut off has them once it is back, and stay until somebody at the tablet
acknowledges them or the sender takes them back. They stop nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from competition.errors import MarkError, NotFound
from competition.judging.acts import RngBytes, new_id, note
from competition.judging.devices import Device
from competition.judging.officials import Official, permit
from competition.store import HOUSE, stamp, touch
from competition.store import devices as tables
from competition.store.games import Seat

LONGEST = 120
"""Characters of a message: two lines on a tablet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that is being shown: to how many tablets that may write, and how many of them acknowledged it."""

    id: str
    everywhere: bool
    text: str
    by: str
    at: str
    seen: int
    of: int


def send_message(
    conn: Connection, event_id: str | None, text: str, by: Official, at: datetime, rng_bytes: RngBytes
) -> str:
    """Show a message on the tablets of an event, or of all (None); answers its id. MarkError when it is empty or too long."""
    permit(conn, by, "broadcast", event_id)
    said = " ".join(text.split())
    if not 2 <= len(said) <= LONGEST:
        raise MarkError(f"通知请写 2 到 {LONGEST} 个字。", f"Write 2 to {LONGEST} characters.")
    id = new_id(rng_bytes)
    row = {
        "id": id,
        "event_id": event_id or HOUSE,
        "official_id": by.id,
        "text": said,
        "at": stamp(at),
        "ended_at": None,
    }
    conn.execute(insert(tables.Message).values(row))
    note(conn, event_id, "message", by, at, message=id, text=said)
    return id


def end_message(conn: Connection, id: str, by: Official, at: datetime) -> None:
    """Take a message back from the tablets. NotFound when it isn't shown any more."""
    row = conn.execute(select(tables.Message).where(tables.Message.id == id, tables.Message.ended_at.is_(None))).first()
    if row is None:
        raise NotFound("这条通知已经收回，请刷新。", "This message has been taken back already. Refresh.")
    event_id = None if row.event_id == HOUSE else row.event_id
    permit(conn, by, "broadcast", event_id)
    conn.execute(update(tables.Message).where(tables.Message.id == id).values(ended_at=stamp(at)))
    note(conn, event_id, "message-ended", by, at, message=id)


def shown_messages(conn: Connection, device: Device) -> list[dict[str, str]]:
    """What this tablet is to show, oldest first: not yet acknowledged on it, and not from before it was paired."""
    paired = select(tables.Device.paired_at).where(tables.Device.id == device.id).scalar_subquery()
    seen = select(tables.MessageSeen.message_id).where(tables.MessageSeen.device_id == device.id)
    rows = conn.execute(
        select(tables.Message.id, tables.Message.text, tables.Message.at)
        .where(
            tables.Message.event_id.in_((HOUSE, device.event_id)),
            tables.Message.ended_at.is_(None),
            tables.Message.at >= paired,
            tables.Message.id.not_in(seen),
        )
        .order_by(tables.Message.at, tables.Message.id)
    )
    return [{"id": row.id, "text": row.text, "at": row.at} for row in rows]


def saw_messages(conn: Connection, device: Device, ids: Sequence[str], at: datetime) -> None:
    """Note that these messages were acknowledged at a tablet; what it isn't to show, or acknowledged before, changes nothing."""
    open_ones = {one["id"] for one in shown_messages(conn, device)} & set(ids)
    if open_ones:
        rows = [{"message_id": id, "device_id": device.id, "at": stamp(at)} for id in sorted(open_ones)]
        conn.execute(insert(tables.MessageSeen), rows)
        touch(conn, device.event_id)


def sent_messages(conn: Connection, event_id: str | None) -> list[Sent]:
    """The messages that tablets of an event show now, newest first, with how many of its tablets acknowledged each; for None
    those that went to all events."""
    there = select(tables.Device.id).join(Seat, Seat.id == tables.Device.seat_id)
    mine = there.where(tables.Device.revoked_at.is_(None))
    if event_id is not None:
        mine = mine.where(Seat.event_id == event_id)
    of = conn.scalar(select(func.count()).select_from(mine.subquery())) or 0
    counted = (
        select(tables.MessageSeen.message_id, func.count().label("seen"))
        .where(tables.MessageSeen.device_id.in_(mine))
        .group_by(tables.MessageSeen.message_id)
        .subquery()
    )
    rows = conn.execute(
        select(tables.Message, counted.c.seen)
        .outerjoin(counted, counted.c.message_id == tables.Message.id)
        .where(tables.Message.event_id.in_({HOUSE, event_id or HOUSE}), tables.Message.ended_at.is_(None))
        .order_by(tables.Message.at.desc(), tables.Message.id)
    )
    return [Sent(r.id, r.event_id == HOUSE, r.text, r.official_id, r.at, r.seen or 0, of) for r in rows]
