"""Lists: many people entered at once, as units send them in. Each leaves the same lines as one entered by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from competition.judging.acts import RngBytes, new_id
from competition.judging.officials import Official, permit
from competition.judging.setup import check_attributes
from competition.store import HOUSE, append_all, canonical, people, stamp, thawed


@dataclass(frozen=True, slots=True)
class Entrant:
    """One row of a list: a person, the unit, and the attributes that the event's rules ask for."""

    name: str
    unit_id: str | None
    attributes: Mapping[str, str]


def enter_list(
    conn: Connection, event_id: str, rows: Sequence[Entrant], by: Official, at: datetime, rng_bytes: RngBytes,
    consent_at: datetime | None = None,
) -> list[str]:  # fmt: skip
    """Enter everybody on a list, or nobody: Conflict if attributes are not as the rules have them. Answers entry ids."""
    permit(conn, by, "register", event_id)
    rules = thawed(conn, event_id)
    for row in rows:
        check_attributes(rules, row.attributes)
    consent = stamp(consent_at) if consent_at else None
    persons = [
        {"id": new_id(rng_bytes), "name": row.name, "unit_id": row.unit_id, "consent_at": consent} for row in rows
    ]
    entries = [
        {"id": new_id(rng_bytes), "event_id": event_id, "unit_id": row.unit_id, "status": "",
         "attributes": canonical(dict(row.attributes)), "created_at": stamp(at)}
        for row in rows
    ]  # fmt: skip
    pairs = list(zip(persons, entries, rows, strict=True))
    if not pairs:
        return []
    conn.execute(insert(people.Person), persons)
    conn.execute(insert(people.Entry), entries)
    members = [{"entry_id": entry["id"], "person_id": person["id"], "position": 1} for person, entry, _ in pairs]
    conn.execute(insert(people.EntryMember), members)
    append_all(conn, HOUSE, [("person", None, {"by": by.id, "person": person["id"]}) for person in persons], at)
    lines = [{"by": by.id, "entry": entry["id"], "attributes": dict(row.attributes)} for _, entry, row in pairs]
    append_all(conn, event_id, [("entry", None, line) for line in lines], at)
    return [str(entry["id"]) for entry in entries]
