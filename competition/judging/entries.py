"""What happens to entries: statuses, absent seats, the sealed keys of their samples."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from competition.errors import CompetitionError, Conflict, MarkError, NotFound
from competition.judging.acts import RngBytes, because, new_id, note
from competition.judging.officials import Official, permit
from competition.judging.setup import seat_of
from competition.judging.standings import alone
from competition.rules.model import Sheet as Form
from competition.store import canonical, digest_of, stamp, thawed
from competition.store.codes import every_code
from competition.store.games import Absence, Event, SampleKey, Unit
from competition.store.people import Entry, EntryMember, Person

STATUSES = ("", "dns", "dnf", "dsq", "void", "withdrawn")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in a list. `codes` is empty before the draw; `names`, `unit` and `team` only after decoding."""

    id: str
    status: str
    codes: tuple[str, ...]
    attributes: Mapping[str, str]
    names: tuple[str, ...]
    unit: str | None
    team: str | None = None


def entries(conn: Connection, event_id: str, names: bool = False) -> list[EntryLine]:
    """Every entry of an event. With names only once the codes are decoded, else Conflict."""
    if names and conn.scalar(select(Event.decoded_at).where(Event.id == event_id)) is None:
        raise Conflict("参赛号尚未解密，不能显示姓名。", "The codes are still sealed; names can't be shown.")
    code = every_code().c
    codes = _grouped(
        conn.execute(select(code.entry_id, code.code).where(code.event_id == event_id).order_by(code.layer))
    )
    people = _grouped(members(conn, event_id)) if names else {}
    rows = conn.execute(
        select(Entry, Unit.name_zh.label("unit"))
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(Entry.event_id == event_id)
        .order_by(Entry.created_at, Entry.id)
    )
    lines = [
        EntryLine(
            row.id,
            row.status,
            tuple(codes.get(row.id, ())),
            json.loads(row.attributes),
            tuple(people.get(row.id, ())),
            row.unit if names else None,
            row.team if names else None,
        )
        for row in rows
    ]
    return sorted(
        lines, key=lambda line: line.codes[-1:]
    )  # by the code judges see: another order would tell its own codes


def members(conn: Connection, event_id: str) -> list[tuple[str, str]]:
    """(entry, name) in printing order. Names are sealed before decoding: callers see to that."""
    rows = conn.execute(
        select(EntryMember.entry_id, Person.name)
        .join(Person, Person.id == EntryMember.person_id)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.event_id == event_id, Person.name.is_not(None))
        .order_by(EntryMember.entry_id, EntryMember.position)
    )
    return [(row.entry_id, row.name) for row in rows]


def set_status(conn: Connection, entry_id: str, status: str, by: Official, reason: str, at: datetime) -> None:
    """Say that an entry did not start, did not finish, is disqualified, void or withdrawn; "" takes it back. Until all is locked."""
    event_id = conn.scalar(select(Entry.event_id).where(Entry.id == entry_id))
    if event_id is None:
        raise NotFound("没有这个参赛。", "There is no such entry.")
    permit(conn, by, "status", event_id)
    check_status(conn, event_id, entry_id, status)
    alone(conn, event_id)
    put_status(conn, entry_id, status)
    note(conn, event_id, "status", by, at, entry=entry_id, status=status, reason=because(reason))


def check_status(conn: Connection, event_id: str, entry_id: str, status: str) -> None:
    """MarkError unless there is such a status; NotFound unless the entry is the event's."""
    if status not in STATUSES:
        raise MarkError(f"没有“{status}”这种状态。", f"There is no status “{status}”.")
    if conn.scalar(select(Entry.event_id).where(Entry.id == entry_id)) != event_id:
        raise NotFound("没有这个参赛。", "There is no such entry.")


def put_status(conn: Connection, entry_id: str, status: str) -> None:
    """The status alone; the act around it leaves the line."""
    conn.execute(update(Entry).where(Entry.id == entry_id).values(status=status))


def record_absence(
    conn: Connection, event_id: str, seat: str, by: Official, reason: str, at: datetime, entry_id: str = "*"
) -> None:
    """Say that a seat did not mark an entry, or ("*") any. What that does to the points is the rule file's word. Until all is locked."""
    permit(conn, by, "absence", event_id)
    if _absence(conn, event_id, seat, entry_id):
        return
    alone(conn, event_id)
    why = because(reason)
    put_absence(conn, event_id, seat, entry_id, why, at)
    note(conn, event_id, "absence", by, at, seat=seat, entry=entry_id, reason=why)


def end_absence(
    conn: Connection, event_id: str, seat: str, by: Official, reason: str, at: datetime, entry_id: str = "*"
) -> None:
    """Take an absence back. Until all is locked."""
    permit(conn, by, "absence", event_id)
    alone(conn, event_id)
    drop_absence(conn, event_id, seat, entry_id)
    note(conn, event_id, "absence-ended", by, at, seat=seat, entry=entry_id, reason=because(reason))


def check_absence(conn: Connection, event_id: str, seat: str, entry_id: str, there: bool) -> None:
    """Conflict unless the absence is on record already, or not, as it should be."""
    if _absence(conn, event_id, seat, entry_id) != there:
        raise Conflict("这一席的缺席登记已有变动，请刷新。", "This seat's absence has changed meanwhile. Refresh.")


def put_absence(conn: Connection, event_id: str, seat: str, entry_id: str, why: str, at: datetime) -> None:
    """The absence alone; the act around it leaves the line."""
    row = seat_of(conn, event_id, seat)
    conn.execute(insert(Absence).values(seat_id=row.id, entry_id=entry_id, event_id=event_id, reason=why, at=stamp(at)))


def drop_absence(conn: Connection, event_id: str, seat: str, entry_id: str) -> None:
    """Take it away; the act around it leaves the line."""
    row = seat_of(conn, event_id, seat)
    conn.execute(delete(Absence).where(Absence.seat_id == row.id, Absence.entry_id == entry_id))


def _absence(conn: Connection, event_id: str, seat: str, entry_id: str) -> bool:
    row = seat_of(conn, event_id, seat)
    query = select(Absence.at).where(Absence.seat_id == row.id, Absence.entry_id == entry_id)
    return conn.scalar(query) is not None


def set_sample_key(
    conn: Connection, event_id: str, module: str, sheet: str, values: Mapping[str, str], by: Official, at: datetime,
    rng_bytes: RngBytes,
) -> str:  # fmt: skip
    """Lay down the right answers of a sheet's samples. They stay sealed; the ledger gets a salted digest, answered here.

    A later key replaces the earlier; both stay. Accepted spellings are parted by "|".
    """
    permit(conn, by, "sample_key", event_id)
    _check_key(thawed(conn, event_id).sheet(module, sheet), values)
    salt, answers = new_id(rng_bytes), canonical(dict(values))
    digest = digest_of([salt, answers])
    where = (SampleKey.event_id == event_id, SampleKey.module == module, SampleKey.sheet == sheet)
    conn.execute(update(SampleKey).where(*where, SampleKey.replaced_at.is_(None)).values(replaced_at=stamp(at)))
    conn.execute(
        insert(SampleKey).values(
            id=new_id(rng_bytes), event_id=event_id, module=module, sheet=sheet, answers=answers, salt=salt,
            digest=digest, at=stamp(at),
        )
    )  # fmt: skip
    note(conn, event_id, "sample-key", by, at, module=module, sheet=sheet, digest=digest)
    return digest


def _check_key(form: Form, values: Mapping[str, str]) -> None:
    wrong = []
    for id, value in values.items():
        try:
            item = form.item(id)
            if item.expert or item.order is not None or (item.key and item.key.several):
                item.parse(value)
            elif item.key is None or not value.strip():
                wrong.append(id)
        except CompetitionError:
            wrong.append(id)
    if wrong:
        raise MarkError(
            f"这些项不能有标准答案，或答案不合规：{'、'.join(wrong)}。",
            f"These items take no key, or the key is not legal: {', '.join(wrong)}.",
        )


def _grouped(rows: Any) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in rows:
        grouped.setdefault(key, []).append(value)
    return grouped
