"""Check-in (检录): a number for each entry, scanned or typed when it comes; late and absent; nothing that tells a code.

The number is of the whole games, so that one for another event is noticed, and ends with a check digit, so that a slip of
the finger is. Names are for the clerk at the check-in desk and the organiser; the chief closes by counts alone.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from competition.errors import Conflict, MarkError, NotFound
from competition.judging.acts import because, note
from competition.judging.entries import members
from competition.judging.officials import Official, permit
from competition.judging.permissions import MAY
from competition.judging.standings import alone
from competition.store import moment, stamp
from competition.store.arrivals import Arrival, CheckIn
from competition.store.games import Event, Unit
from competition.store.people import Entry

DESK = MAY["check_in"]
FIRST = 10000
"""Numbers before their check digit start after this, so that all have six digits up to 90,000 entries."""


@dataclass(frozen=True, slots=True)
class RollLine:
    """One entry on the roll. `late`: it came after the end that was set."""

    number: str
    names: tuple[str, ...]
    unit: str
    at: str | None
    late: bool
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll of an event, by unit and name. Not opened: no lines."""

    lines: tuple[RollLine, ...]
    opened_at: str | None = None
    until: str | None = None
    closed_at: str | None = None


def open_now(conn: Connection) -> frozenset[str]:
    """The events whose check-in has begun and isn't closed."""
    return frozenset(conn.scalars(select(CheckIn.event_id).where(CheckIn.closed_at.is_(None))))


def open_check_in(conn: Connection, event_id: str, until: datetime, by: Official, at: datetime) -> int:
    """Give every entry its number and say when check-in ends; again: a new end, and numbers for entries that have none."""
    permit(conn, by, "check_in", event_id)
    there = conn.execute(select(CheckIn).where(CheckIn.event_id == event_id)).first()
    if there is not None and there.closed_at is not None:
        raise Conflict("检录已经结束。", "Check-in is closed.")
    if there is None:
        conn.execute(insert(CheckIn).values(event_id=event_id, opened_at=stamp(at), until=stamp(until)))
    else:
        conn.execute(update(CheckIn).where(CheckIn.event_id == event_id).values(until=stamp(until)))
    numbered = set(conn.scalars(select(Arrival.entry_id).where(Arrival.event_id == event_id)))
    new = [entry for entry in _in_order(conn, event_id) if entry not in numbered]
    first = (conn.scalar(select(func.count()).select_from(Arrival)) or 0) + FIRST + 1
    rows = [
        {"entry_id": entry, "event_id": event_id, "number": with_check_digit(first + n)} for n, entry in enumerate(new)
    ]
    if rows:
        conn.execute(insert(Arrival), rows)
    note(conn, event_id, "check-in-open", by, at, until=stamp(until), numbered=len(new))
    return len(new)


def check_in(conn: Connection, event_id: str, number: str, by: Official, at: datetime) -> RollLine:
    """Say that the entry with this number has come; again changes nothing and answers when it came."""
    permit(conn, by, "check_in", event_id)
    _running(conn, event_id)
    row = _numbered(conn, event_id, number)
    if row.at is None:
        conn.execute(update(Arrival).where(Arrival.entry_id == row.entry_id).values(at=stamp(at), official_id=by.id))
        note(conn, event_id, "arrival", by, at, entry=row.entry_id)
    return next(line for line in roll(conn, event_id, by).lines if line.number == row.number)


def undo_check_in(conn: Connection, event_id: str, number: str, by: Official, reason: str, at: datetime) -> None:
    """Take an arrival back: a wrong number was scanned."""
    permit(conn, by, "check_in", event_id)
    _running(conn, event_id)
    row = _numbered(conn, event_id, number)
    why = because(reason)
    conn.execute(update(Arrival).where(Arrival.entry_id == row.entry_id).values(at=None, official_id=None))
    note(conn, event_id, "arrival-undone", by, at, entry=row.entry_id, reason=why)


def close_check_in(conn: Connection, event_id: str, by: Official, at: datetime) -> int:
    """End check-in: whoever has not come did not start (缺赛). The chief's act, without seeing a name. Answers how many."""
    permit(conn, by, "close_check_in", event_id)
    _running(conn, event_id)
    query = (
        select(Entry.id)
        .outerjoin(Arrival, Arrival.entry_id == Entry.id)
        .where(Entry.event_id == event_id, Entry.status == "", Arrival.at.is_(None))
        .order_by(Entry.id)
    )
    absent = list(conn.scalars(query))
    if absent:
        alone(conn, event_id)  # a check-in closed after the marks were locked would throw out whoever wasn't scanned
    for entry in absent:
        conn.execute(update(Entry).where(Entry.id == entry).values(status="dns"))
        note(conn, event_id, "status", by, at, entry=entry, status="dns", reason="检录未到")
    conn.execute(update(CheckIn).where(CheckIn.event_id == event_id).values(closed_at=stamp(at)))
    note(conn, event_id, "check-in-close", by, at, absent=len(absent))
    return len(absent)


def roll(conn: Connection, event_id: str, by: Official) -> Roll:
    """Who is expected and who came, by unit and name. For the check-in desk and the organiser."""
    permit(conn, by, "check_in", event_id)
    known = conn.execute(select(CheckIn).where(CheckIn.event_id == event_id)).first()
    if known is None:
        return Roll(())
    names: dict[str, list[str]] = {}
    for entry, name in members(conn, event_id):
        names.setdefault(entry, []).append(name)
    rows = conn.execute(
        select(Arrival.entry_id, Arrival.number, Arrival.at, Unit.name_zh, Entry.team)
        .join(Entry, Entry.id == Arrival.entry_id)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(Arrival.event_id == event_id)
        .order_by(Arrival.number)
    )
    until = moment(known.until)
    lines = tuple(
        RollLine(
            row.number,
            tuple(names.get(row.entry_id, ())),
            row.name_zh or "",
            row.at,
            row.at is not None and moment(row.at) > until,
            row.team,
        )
        for row in rows
    )
    return Roll(lines, known.opened_at, known.until, known.closed_at)


def came(conn: Connection, event_id: str) -> tuple[int, int, bool]:
    """How many came, of how many, and whether check-in is closed: all that those who judge may know."""
    query = select(func.count(), func.count(Arrival.at)).where(Arrival.event_id == event_id)
    of, n = conn.execute(query).one()
    closed = conn.scalar(select(CheckIn.closed_at).where(CheckIn.event_id == event_id)) is not None
    return n, of, closed


def with_check_digit(number: int) -> str:
    """The number followed by its Luhn digit."""
    return f"{number}{(10 - _luhn(f'{number}0')) % 10}"


def _luhn(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10


def _numbered(conn: Connection, event_id: str, typed: str) -> Arrival:
    number = typed.strip()
    if not (number.isascii() and number.isdigit()) or _luhn(number):
        raise MarkError(
            f"“{number[:20]}”不是检录号，可能少打或打错一位。请再扫一次，或照证件上的 6 位数字输入。",
            f"“{number[:20]}” is no check-in number; a digit may be wrong. Scan again, or type the six digits of the badge.",
        )
    row = conn.execute(select(Arrival).where(Arrival.number == number)).first()
    if row is None:
        raise NotFound("没有这个检录号。请核对证件。", "There is no such check-in number. Look at the badge.")
    if row.event_id != event_id:
        event = conn.execute(select(Event.name_zh, Event.name_en).where(Event.id == row.event_id)).one()
        raise Conflict(
            f"这个检录号属于“{event.name_zh}”，请到那里检录。",
            f"This number belongs to {event.name_en}. Check in there.",
        )
    return row  # type: ignore[return-value]


def _running(conn: Connection, event_id: str) -> None:
    known = conn.execute(select(CheckIn).where(CheckIn.event_id == event_id)).first()
    if known is None:
        raise Conflict("检录还没有开始。请先开始检录。", "Check-in has not been opened. Open it first.")
    if known.closed_at is not None:
        raise Conflict(
            "检录已经结束。确有特殊情况，请裁判长在赛项页更改状态。",
            "Check-in is closed. If there is a reason, the chief changes the entry's status.",
        )


def _in_order(conn: Connection, event_id: str) -> list[str]:
    """The entries by unit and name, as a desk looks for them."""
    names: dict[str, str] = {}
    for entry, name in members(conn, event_id):
        names.setdefault(entry, name)
    rows = conn.execute(
        select(Entry.id, Unit.name_zh).outerjoin(Unit, Unit.id == Entry.unit_id).where(Entry.event_id == event_id)
    )
    return [row.id for row in sorted(rows, key=lambda row: (row.name_zh or "", names.get(row.id, ""), row.id))]
