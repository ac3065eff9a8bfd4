"""What the registers hold now, as rows an import is compared with and an export is made of."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from competition.judging.identities import Vault
from competition.judging.library import Library
from competition.judging.rehearsal import rehearsal_of
from competition.registers import EventFacts, Known, masked
from competition.registers.fields import ROLE_NAMES
from competition.rules import Rules
from competition.store import HOUSE, people, thawed
from competition.store.games import Chain, Event, JobType, Seat, Unit
from competition.store.people import Entry, EntryMember, Grant, Identity, Person

Rows = dict[str, list[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a confirmation needs beside the store: the key of the numbers, the rule files, and what fonts can print."""

    vault: Vault
    library: Library
    unprintable: Callable[[str], Iterable[str]] = lambda text: ()


def known(conn: Connection, facts: Facts) -> Known:
    """Everything an import may refer to and is compared with."""
    events = {row.id: row for row in conn.execute(select(Event))}
    job_names = {row.id: (row.name_zh, str(row.number)) for row in conn.execute(select(JobType))}
    made = {
        id: event_facts(
            id, thawed(conn, id), (row.name_zh, *job_names.get(row.job_type_id or "", ())), row.drawn_at is not None
        )
        for id, row in events.items()
    }

    def of_rules(folder: str) -> EventFacts | None:
        rules = facts.library.rules(folder)
        return event_facts("", rules, (rules.name.zh,)) if rules else None

    return Known(rows(conn, facts), made, of_rules, facts.unprintable, rehearsal_of(conn) is not None)


def event_facts(id: str, rules: Rules, names: tuple[str, ...], drawn: bool = False) -> EventFacts:
    """What a register's row needs to know of an event under these rules."""
    return EventFacts(
        id,
        tuple(dict.fromkeys(names)),
        {one.id: None if one.any else {key: text.zh for key, text in one.values.items()} for one in rules.attributes},
        {one.id: one.name.zh for one in rules.attributes},
        frozenset(label for panel in rules.panels for label in panel.labels),
        drawn,
    )


def rows(conn: Connection, facts: Facts) -> Rows:
    """Every register's rows in stored form."""
    return {
        "chains": [
            {"id": r.id, "name": r.name_zh, "name_en": r.name_en}
            for r in conn.execute(select(Chain).order_by(Chain.id))
        ],
        "units": [
            {"id": r.id, "name": r.name_zh, "name_en": r.name_en} for r in conn.execute(select(Unit).order_by(Unit.id))
        ],
        "programme": _programme(conn, facts.library),
        "officials": _officials(conn),
        "contestants": _contestants(conn, facts.vault),
    }


def counted(conn: Connection) -> dict[str, int]:
    """How many rows each register has, without opening a number: of 4,000 people that takes seconds."""

    def count(query: Any) -> int:
        return conn.scalar(select(func.count()).select_from(query)) or 0

    people_rows = select(EntryMember.entry_id).join(Person).where(Person.name.is_not(None)).subquery()
    duties = select(Grant.official_id).join(people.Official).where(people.Official.disabled_at.is_(None)).subquery()
    return {
        "chains": count(Chain),
        "units": count(Unit),
        "programme": count(JobType),
        "officials": count(duties),
        "contestants": count(people_rows),
    }


def person_ids(conn: Connection, vault: Vault) -> dict[str, str]:
    """System number to person."""
    return {vault.system_number(id): id for id in conn.scalars(select(Person.id))}


def exported(stored: Rows, known: Known) -> Rows:
    """The same rows as people read them: names for ids, numbers covered but for their last four."""
    names = {
        list_name: {row["id"]: row["name"] for row in stored[list_name]} if list_name in stored else {}
        for list_name in ("chains", "units")
    }  # fmt: skip
    events = {id: _one_name(known, id, event) for id, event in known.events.items()}
    return {
        register: [shown(row, names, events, known) for row in each]
        for register, each in stored.items()
    }  # fmt: skip


def shown(
    row: Mapping[str, str], names: Mapping[str, Mapping[str, str]], events: Mapping[str, str], known: Known
) -> Mapping[str, str]:
    """One row as people read it."""
    out = dict(row)
    for field, table in (("unit", names["units"]), ("chain", names["chains"]), ("event", events)):
        if out.get(field):
            said = table.get(out[field], out[field])
            list_name = {"unit": "units", "chain": "chains", "event": "events"}[field]
            out[field] = said if known.find(list_name, said) == out[field] else out[field]
    for field in ("identity", "phone"):
        if out.get(field):
            out[field] = masked(out[field])
    if out.get("role"):
        out["role"] = ROLE_NAMES[out["role"]]
    if out.get("attributes"):
        out["attributes"] = said_attributes(known.events.get(row["event"]), out["attributes"])
    return out


def said_attributes(event: EventFacts | None, stored: str) -> str:
    """`tea_class=green` as 茶类=绿茶."""
    if event is None:
        return stored
    pairs = [part.partition("=") for part in stored.split(";")]
    return "；".join(
        f"{event.said.get(id, id)}={(event.attributes.get(id) or {}).get(value, value)}" for id, _, value in pairs
    )


def stored_attributes(text: str) -> dict[str, str]:
    """The attributes of a register's row as an entry keeps them."""
    return {name: value for name, _, value in (part.partition("=") for part in text.split(";")) if name and value}


def _one_name(known: Known, id: str, event: EventFacts) -> str:
    return next((name for name in event.names if known.find("events", name) == id), id)


def _programme(conn: Connection, library: Library) -> list[Mapping[str, str]]:
    """Job types. The rule file is that of the event of the same name, where one of the folder's files is still the same."""
    events = {row.id: row.edition_digest for row in conn.execute(select(Event.id, Event.edition_digest))}
    return [
        {
            "number": str(row.number), "id": row.id, "name": row.name_zh, "name_en": row.name_en, "chain": row.chain_id or "",
            "rules": library.folder_of(events[row.id], (row.id,)) if row.id in events else "",
        }
        for row in conn.execute(select(JobType).order_by(JobType.number))
    ]  # fmt: skip


def _officials(conn: Connection) -> list[Mapping[str, str]]:
    seats: dict[tuple[str, str], list[str]] = {}
    for row in conn.execute(select(Seat).where(Seat.official_id.is_not(None)).order_by(Seat.panel, Seat.n)):
        seats.setdefault((row.official_id, row.event_id), []).append(f"{row.panel}.{row.n}")
    official = people.Official
    query = (
        select(official.id, official.username, official.name, official.unit_id, Grant.role, Grant.event_id)
        .join(Grant, Grant.official_id == official.id)
        .where(official.disabled_at.is_(None))
        .order_by(official.username, Grant.event_id, Grant.role)
    )
    return [
        {
            "username": row.username, "name": row.name, "unit": row.unit_id or "", "role": row.role,
            "event": "" if row.event_id == HOUSE else row.event_id,
            "seats": "、".join(sorted(seats.get((row.id, row.event_id), []))) if row.role == "judge" else "",
        }
        for row in conn.execute(query)
    ]  # fmt: skip


def _contestants(conn: Connection, vault: Vault) -> list[Mapping[str, str]]:
    query = (
        select(Person, Identity.document, Identity.phone, Entry.event_id, Entry.team, Entry.attributes)
        .join(EntryMember, EntryMember.person_id == Person.id)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .where(Person.name.is_not(None))
        .order_by(Entry.event_id, Entry.created_at, Entry.id, EntryMember.position)
    )
    opened: dict[tuple[str, str], str] = {}

    def number(row: object, what: str) -> str:
        sealed, id = getattr(row, what), row.id  # type: ignore[attr-defined]
        if sealed is None:
            return ""
        if (id, what) not in opened:
            opened[id, what] = vault.open(sealed, id, what).decode()
        return opened[id, what]

    return [
        {
            "person": vault.system_number(row.id), "name": row.name or "", "identity": number(row, "document"),
            "phone": number(row, "phone"), "unit": row.unit_id or "", "event": row.event_id, "team": row.team or "",
            "attributes": ";".join(f"{k}={v}" for k, v in sorted(json.loads(row.attributes).items()) if v),
            "consent": (row.consent_at or "")[:10],
        }
        for row in conn.execute(query)
    ]  # fmt: skip
