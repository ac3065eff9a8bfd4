"""Conflict of interest (回避) and substitutes: a judge of an entry's own unit, and who sat where from when.

That a judge and an entry share a unit tells something about whose work is there, so only the encryptor sees it. The encryptor
takes the judge out of the seat (another is put in), or keeps the judge there and says why. A judge is never taken from one
entry alone: that would tell which one it is.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, insert, select

from competition.errors import Conflict, NotFound
from competition.judging.acts import because, note
from competition.judging.officials import Official, permit
from competition.judging.setup import seat_of, sit
from competition.store import people, stamp
from competition.store.codes import Interest
from competition.store.games import Seat, Unit
from competition.store.ledger import Ledger
from competition.store.people import Entry


@dataclass(frozen=True, slots=True)
class InterestLine:
    """A judge in a seat who shares a unit with entries. `reason`: why the judge was kept; None while nobody decided."""

    seat: str
    judge: str
    unit: str
    entries: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Seating:
    """Somebody sat down in a seat, or left it (`after` None), at a time; `reason` where one had to be given."""

    at: str
    seat: str
    before: str | None
    after: str | None
    by: str
    reason: str


def interests(conn: Connection, event_id: str, by: Official) -> list[InterestLine]:
    """Every judge who shares a unit with entries of the event. For the encryptor alone."""
    permit(conn, by, "interests", event_id)
    return [
        InterestLine(f"{row.panel}.{row.n}", row.name, row.unit, row.entries, row.reason)
        for row in _found(conn, event_id)
    ]


def unsettled(conn: Connection, event_id: str) -> int:
    """How many of them nobody has decided about: a number, and nothing else."""
    return sum(row.reason is None for row in _found(conn, event_id))


def undecided(conn: Connection, event_id: str | None = None) -> set[str]:
    """The events, or the one if it's among them, that wait for the encryptor: not how many judges, and not whether there were any."""
    judge = people.Official
    shared = exists().where(Entry.event_id == Seat.event_id, Entry.unit_id == judge.unit_id)
    query = (
        select(Seat.event_id)
        .join(judge, judge.id == Seat.official_id)
        .outerjoin(Interest, (Interest.seat_id == Seat.id) & (Interest.official_id == judge.id))
        .where(judge.unit_id.is_not(None), Interest.seat_id.is_(None), shared)
        .distinct()
    )
    if event_id is not None:
        query = query.where(Seat.event_id == event_id)
    return set(conn.scalars(query))


def keep_judge(conn: Connection, event_id: str, seat: str, by: Official, reason: str, at: datetime) -> None:
    """Leave the judge in the seat and record why. The reason stays with the encryptor: it may tell whose unit it is."""
    permit(conn, by, "interests", event_id)
    row = _at_issue(conn, event_id, seat)
    why = because(reason)
    conn.execute(
        insert(Interest).values(
            seat_id=row.seat_id, official_id=row.official_id, event_id=event_id, reason=why, at=stamp(at)
        )
    )
    note(conn, event_id, "interest-kept", by, at, seat=seat, judge=row.official_id)


def recuse_judge(conn: Connection, event_id: str, seat: str, by: Official, at: datetime) -> None:
    """Take the judge out of the seat; the organiser or the chief then puts somebody else there."""
    permit(conn, by, "interests", event_id)
    row = _at_issue(conn, event_id, seat)
    sit(conn, event_id, row.seat_id, None, at)
    note(conn, event_id, "recused", by, at, seat=seat, judge=None, before=row.official_id)


def substitute(
    conn: Connection, event_id: str, seat: str, official_id: str, by: Official, reason: str, at: datetime
) -> None:
    """Another judge takes a seat from now on, by name, with a reason. What the former judge signed stays theirs."""
    permit(conn, by, "seats", event_id)
    row = seat_of(conn, event_id, seat)
    if conn.scalar(select(people.Official.id).where(people.Official.id == official_id)) is None:
        raise NotFound("没有这位裁判，请先登记。", "There is no such official. Register them first.")
    if row.official_id == official_id:
        raise Conflict("这位裁判已经在这个席位上。", "This judge sits there already.")
    why = because(reason)
    sit(conn, event_id, row.id, official_id, at)
    note(conn, event_id, "substitute", by, at, seat=seat, judge=official_id, before=row.official_id, reason=why)


def candidates(conn: Connection, event_id: str) -> list[tuple[str, str]]:
    """(id, name) of those who may judge here: they hold the role in this event or in all."""
    rows = conn.execute(
        select(people.Official.id, people.Official.name)
        .join(people.Grant, people.Grant.official_id == people.Official.id)
        .where(people.Grant.role == "judge", people.Grant.event_id.in_(["*", event_id]))
        .where(people.Official.disabled_at.is_(None))
        .distinct()
        .order_by(people.Official.name)
    )
    return [(row.id, row.name) for row in rows]


def seatings(conn: Connection, event_id: str) -> list[Seating]:
    """Who sat where from when, newest first, read from the ledger."""
    names = dict(conn.execute(select(people.Official.id, people.Official.name)).all())
    lines = conn.execute(
        select(Ledger.at, Ledger.body)
        .where(Ledger.event_id == event_id, Ledger.kind.in_(("seat", "substitute", "recused")))
        .order_by(Ledger.seq)
    )
    there: dict[str, str | None] = {}
    found = []
    for line in lines:
        body = json.loads(line.body)
        before, after = there.get(body["seat"]), names.get(body["judge"])
        there[body["seat"]] = after
        found.append(Seating(line.at, body["seat"], before, after, names.get(body["by"], ""), body.get("reason", "")))
    return found[::-1]


def _at_issue(conn: Connection, event_id: str, seat: str) -> "_Row":
    for row in _found(conn, event_id):
        if f"{row.panel}.{row.n}" == seat and row.reason is None:
            return row
    raise NotFound("这个席位没有待处理的回避。", "There is no open conflict of interest at this seat.")


@dataclass(frozen=True, slots=True)
class _Row:
    seat_id: str
    panel: str
    n: int
    official_id: str
    name: str
    unit: str
    entries: int
    reason: str | None


def _found(conn: Connection, event_id: str) -> list[_Row]:
    judge = people.Official
    rows = conn.execute(
        select(Seat.id, Seat.panel, Seat.n, judge.id, judge.name, Unit.name_zh, func.count(Entry.id), Interest.reason)
        .join(judge, judge.id == Seat.official_id)
        .join(Unit, Unit.id == judge.unit_id)
        .join(Entry, (Entry.event_id == Seat.event_id) & (Entry.unit_id == judge.unit_id))
        .outerjoin(Interest, (Interest.seat_id == Seat.id) & (Interest.official_id == judge.id))
        .where(Seat.event_id == event_id)
        .group_by(Seat.id, Seat.panel, Seat.n, judge.id, judge.name, Unit.name_zh, Interest.reason)
        .order_by(Seat.panel, Seat.n)
    )
    return [_Row(*row) for row in rows]
