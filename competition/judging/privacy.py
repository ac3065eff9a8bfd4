"""Personal data (law 12): until when it is kept, and erasing it while audit and certificates still verify.

The ledger names nobody, so it stays as it is. Erased are names, encrypted numbers, what units call their teams, signature strokes,
judges' jottings, the names beside a release and the bytes that were made public (their digests stay), and uploaded files, whose
way back would bring names again. A person whose event has no final release yet is kept and reported.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from competition.errors import Conflict
from competition.judging.acts import note
from competition.judging.officials import Official, permit
from competition.store import canonical, stamp
from competition.store.appeals import Appeal
from competition.store.devices import Jotting
from competition.store.people import Entry, EntryMember, Identity, Intake, Person, Signature
from competition.store.releases import Release
from competition.store.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure takes, in numbers. `held`: people past their date whose event has no final release yet."""

    people: int
    held: int
    numbers: int
    signatures: int
    jottings: int
    releases: int
    files: int


def retain_until(conn: Connection, until: date, by: Official, at: datetime) -> int:
    """Say until which day the data of everybody now on record is kept; answers how many people. The organiser's act."""
    permit(conn, by, "erase", None)
    if until <= at.date():
        raise Conflict("保存期限应晚于今天。", "Data must be kept beyond today.")
    changed = conn.execute(
        update(Person).where(Person.erased_at.is_(None)).values(erase_after=until.isoformat())
    ).rowcount
    note(conn, None, "retention", by, at, until=until.isoformat(), people=changed)
    return changed


def due(conn: Connection, before: date) -> Erasure:
    """What `erase` would take."""
    return _plan(conn, before).counts


def erase(conn: Connection, before: date, by: Official, at: datetime) -> Erasure:
    """Erase everybody whose retention date is before this day, for good. Dates to come are refused."""
    permit(conn, by, "erase", None)
    if before > at.date():
        raise Conflict(
            "只能抹除保存期限已过的资料，日期不能晚于今天。",
            "Only what is past its retention date is erased; the day can't be in the future.",
        )
    plan = _plan(conn, before)
    when = stamp(at)
    for some in _chunks(plan.people):
        gone = {"name": None, "unit_id": None, "erased_at": when}
        conn.execute(update(Person).where(Person.id.in_(some)).values(**gone))
        conn.execute(delete(Identity).where(Identity.person_id.in_(some)))
    for some in _chunks(plan.entries):
        conn.execute(update(Entry).where(Entry.id.in_(some)).values(team=None))
        conn.execute(update(Appeal).where(Appeal.entry_id.in_(some)).values(said=None))
        sheets = select(Sheet.id).where(Sheet.entry_id.in_(some))
        conn.execute(delete(Jotting).where(Jotting.sheet_id.in_(sheets)))
        conn.execute(
            update(Signature)
            .where(Signature.sheet_id.in_(sheets), Signature.strokes.is_not(None))
            .values(strokes=None, erased_at=when)
        )
    for id, people in plan.releases:
        conn.execute(update(Release).where(Release.id == id).values(people=people, document=None))
    if plan.people:
        conn.execute(update(Intake).values(content=None, undo=None, file_name=None))
    note(conn, None, "erase", by, at, before=before.isoformat(), people=sorted(plan.people))
    return plan.counts


@dataclass(frozen=True, slots=True)
class _Plan:
    people: Sequence[str]
    entries: Sequence[str]
    releases: Sequence[tuple[str, str]]
    counts: Erasure


def _plan(conn: Connection, before: date) -> _Plan:
    past = set(
        conn.scalars(select(Person.id).where(Person.erased_at.is_(None), Person.erase_after < before.isoformat()))
    )
    members = conn.execute(
        select(EntryMember.person_id, EntryMember.entry_id, Entry.event_id).join(
            Entry, Entry.id == EntryMember.entry_id
        )
    ).all()
    final = set(conn.scalars(select(Release.event_id).where(Release.kind == "final")))
    held = {row.person_id for row in members if row.person_id in past and row.event_id not in final}
    people = past - held
    entries = {row.entry_id for row in members if row.person_id in people}
    releases = [(row.id, left) for row in conn.execute(select(Release)) if (left := _without(row, entries)) is not None]
    count = _Counter(conn, entries)
    counts = Erasure(
        people=len(people),
        held=len(held),
        numbers=sum(_count(conn, Identity.person_id, some) for some in _chunks(sorted(people))),
        signatures=count(Signature.sheet_id, Signature.strokes.is_not(None)),
        jottings=count(Jotting.sheet_id),
        releases=len(releases),
        files=conn.scalar(select(func.count()).select_from(Intake).where(Intake.file_name.is_not(None))) or 0
        if people
        else 0,
    )
    return _Plan(sorted(people), sorted(entries), releases, counts)


def _without(release: Any, entries: set[str]) -> str | None:
    """The names beside a release without those of these entries; None when it has none of them."""
    people = json.loads(release.people) if release.people else {}
    if not people.keys() & entries:
        return None
    return canonical({entry: who for entry, who in people.items() if entry not in entries})


@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts rows of a table by the sheets of the entries to be erased."""

    conn: Connection
    entries: set[str]

    def __call__(self, column: Any, *also: Any) -> int:
        total = 0
        for some in _chunks(sorted(self.entries)):
            sheets = select(Sheet.id).where(Sheet.entry_id.in_(some))
            total += self.conn.scalar(select(func.count()).where(column.in_(sheets), *also)) or 0
        return total


def _count(conn: Connection, column: Any, some: Sequence[str]) -> int:
    return conn.scalar(select(func.count()).where(column.in_(some))) or 0


def _chunks(ids: Sequence[str], size: int = 500) -> list[Sequence[str]]:
    """A statement takes so many values, not 4,000."""
    return [ids[at : at + size] for at in range(0, len(ids), size)]
