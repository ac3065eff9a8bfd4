"""Setting up: the programme, an event under its rules, people, entries, seats, and the sheets to be marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from competition.errors import Conflict, NotFound
from competition.judging.acts import RngBytes, new_id, note
from competition.judging.officials import SEALERS, Official, permit
from competition.rules.model import Rules
from competition.scoring import plan
from competition.store import HOUSE, append, canonical, people, required_items, sheets, stamp, thawed
from competition.store.devices import Device
from competition.store.games import Chain, Edition, Event, Games, JobType, Seat, Slot, Unit
from competition.store.people import Entry, EntryMember, Person
from competition.store.sheets import SheetNow

Name = tuple[str, str]
"""A name in Chinese and English."""


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat and who is in it. `label` is "panel.n"."""

    id: str
    label: str
    panel: str
    n: int
    trainee: bool
    official_id: str | None
    judge: str | None


def add_games(conn: Connection, id: str, name: Name, host: str, year: int, by: Official, at: datetime) -> None:
    """Register one edition of the programme."""
    permit(conn, by, "games", None)
    conn.execute(insert(Games).values(id=id, name_zh=name[0], name_en=name[1], host=host, year=year))
    note(conn, None, "games", by, at, games=id)


def add_chain(conn: Connection, id: str, games_id: str, name: Name, by: Official, at: datetime) -> None:
    """Register an industry chain."""
    permit(conn, by, "games", None)
    conn.execute(insert(Chain).values(id=id, games_id=games_id, name_zh=name[0], name_en=name[1]))
    note(conn, None, "chain", by, at, chain=id)


def add_unit(conn: Connection, id: str, games_id: str, name: Name, by: Official, at: datetime) -> None:
    """Register a unit. Units stay out of the ledger, so the act does not say which."""
    permit(conn, by, "games", None)
    conn.execute(insert(Unit).values(id=id, games_id=games_id, name_zh=name[0], name_en=name[1]))
    note(conn, None, "unit", by, at)


def add_job_type(
    conn: Connection, id: str, number: int, name: Name, chain_id: str | None, by: Official, at: datetime
) -> None:
    """Register a job type with its number in the games' list, 1 to 999."""
    permit(conn, by, "games", None)
    conn.execute(insert(JobType).values(id=id, number=number, name_zh=name[0], name_en=name[1], chain_id=chain_id))
    note(conn, None, "job-type", by, at, job_type=id)


def open_event(
    conn: Connection, event_id: str, games_id: str, rules: Rules, by: Official, at: datetime, rng_bytes: RngBytes
) -> None:
    """Start an event under the first edition of its rules, with the seats of every panel."""
    permit(conn, by, "games", None)
    if conn.scalar(select(Event.id).where(Event.id == event_id)):
        raise Conflict(f"赛项“{event_id}”已经建立。", f"Event “{event_id}” already exists.")
    job_type = conn.scalar(select(JobType.id).where(JobType.id == rules.job_type))
    conn.execute(
        insert(Event).values(
            id=event_id,
            games_id=games_id,
            job_type_id=job_type,
            name_zh=rules.name.zh,
            name_en=rules.name.en,
            edition_digest=rules.digest,
        )
    )
    file_edition(conn, event_id, 1, rules, at)
    add_seats(conn, event_id, rules, rng_bytes)
    note(conn, event_id, "event", by, at, games=games_id, edition=rules.digest)


def add_person(
    conn: Connection, name: str, unit_id: str | None, by: Official, at: datetime, rng_bytes: RngBytes,
    consent_at: datetime | None = None,
) -> str:  # fmt: skip
    """Register a contestant; answer the id. The ledger gets the id alone."""
    permit(conn, by, "register", None)
    id = new_id(rng_bytes)
    consent = stamp(consent_at) if consent_at else None
    conn.execute(insert(Person).values(id=id, name=name, unit_id=unit_id, consent_at=consent))
    note(conn, None, "person", by, at, person=id)
    return id


def add_entry(
    conn: Connection, event_id: str, person_ids: Sequence[str], unit_id: str | None, attributes: Mapping[str, str],
    by: Official, at: datetime, rng_bytes: RngBytes,
) -> str:  # fmt: skip
    """Enter a person, pair or team; answer the id. Attributes are those the rules name, each with a legal value."""
    permit(conn, by, "register", event_id)
    if conn.scalar(select(Event.drawn_at).where(Event.id == event_id)) is not None:
        raise Conflict(
            "编号已经抽签，不能再增加参赛。确需增加时，请组委会另开一个赛项。",
            "The codes are drawn and no entry can be added. If there must be one, open another event.",
        )
    check_attributes(thawed(conn, event_id), attributes)
    id = new_id(rng_bytes)
    conn.execute(
        insert(Entry).values(
            id=id,
            event_id=event_id,
            unit_id=unit_id,
            status="",
            attributes=canonical(dict(attributes)),
            created_at=stamp(at),
        )
    )
    members = [{"entry_id": id, "person_id": one, "position": n} for n, one in enumerate(person_ids, start=1)]
    if members:
        conn.execute(insert(EntryMember), members)
    note(conn, event_id, "entry", by, at, entry=id, attributes=dict(attributes))
    return id


def add_slot(
    conn: Connection, event_id: str, module: str, n: int, station: str, opens_at: datetime | None, by: Official,
    at: datetime, rng_bytes: RngBytes,
) -> str:  # fmt: skip
    """Say when and at which station a module is done; answer the id."""
    permit(conn, by, "slots", event_id)
    id = new_id(rng_bytes)
    opens = stamp(opens_at) if opens_at else None
    conn.execute(insert(Slot).values(id=id, event_id=event_id, module=module, n=n, station=station, opens_at=opens))
    note(conn, event_id, "slot", by, at, slot=id, module=module, n=n, station=station, opens=opens)
    return id


def seat_judge(conn: Connection, event_id: str, seat: str, official_id: str | None, by: Official, at: datetime) -> None:
    """Put a judge into a seat (None: leave it empty). Devices of the former judge are revoked: a PIN signs for a person."""
    permit(conn, by, "seats", event_id)
    row = seat_of(conn, event_id, seat)
    if row.official_id == official_id:
        return
    sit(conn, event_id, row.id, official_id, at)
    note(conn, event_id, "seat", by, at, seat=seat, judge=official_id)


def sit(conn: Connection, event_id: str, seat_id: str, official_id: str | None, at: datetime) -> None:
    """Put somebody into a seat, whoever decided it. Conflict for an encryptor of the event: who seals codes never scores."""
    held = select(people.Grant.role).where(
        people.Grant.official_id == official_id, people.Grant.event_id.in_([HOUSE, event_id])
    )
    if official_id is not None and SEALERS & set(conn.scalars(held)):
        raise Conflict("加密员不得参与打分，请另选一人。", "An encryptor never scores. Choose somebody else.")
    conn.execute(update(Seat).where(Seat.id == seat_id).values(official_id=official_id))
    conn.execute(
        update(Device).where(Device.seat_id == seat_id, Device.revoked_at.is_(None)).values(revoked_at=stamp(at))
    )


def assign_sheets(
    conn: Connection, event_id: str, by: Official, at: datetime, rng_bytes: RngBytes,
    module: str | None = None, slots: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Lay out the sheets that are missing: one for every entry, seat and sheet of the rules. Answers how many.

    `slots` says when each entry is up: entry id -> slot id.
    """
    permit(conn, by, "lay_out", event_id)
    rules = thawed(conn, event_id)
    entries = conn.scalars(select(Entry.id).where(Entry.event_id == event_id).order_by(Entry.id)).all()
    there = {(s.entry_id, s.module, s.sheet, s.seat_id) for s in sheets.event_sheets(conn, event_id).values()}
    new = [
        SheetNow(new_id(rng_bytes), event_id, entry, form.module, form.id, seat.id, (slots or {}).get(entry))
        for form in rules.sheets
        if module in (None, form.module)
        for seat in seats(conn, event_id)
        if seat.panel == form.panel.id
        for entry in entries
        if (entry, form.module, form.id, seat.id) not in there
    ]
    for now in new:
        now.settle_open(required_items(rules, now.module, now.sheet))
    sheets.add_sheets(conn, new, rules)
    body = [
        {"id": s.id, "entry": s.entry_id, "module": s.module, "sheet": s.sheet, "seat": s.seat_id, "slot": s.slot_id}
        for s in new
    ]
    if new:
        append(conn, event_id, "assign", None, {"by": by.id, "sheets": body}, at)
    return len(new)


def seats(conn: Connection, event_id: str) -> list[SeatLine]:
    """Every seat of an event, panel by panel."""
    rows = conn.execute(
        select(Seat, people.Official.name.label("judge"))
        .outerjoin(people.Official, people.Official.id == Seat.official_id)
        .where(Seat.event_id == event_id)
        .order_by(Seat.panel, Seat.n)
    )
    return [SeatLine(r.id, f"{r.panel}.{r.n}", r.panel, r.n, r.trainee, r.official_id, r.judge) for r in rows]


def seat_of(conn: Connection, event_id: str, label: str) -> Row[*tuple[Any, ...]]:
    """The seat with this label. NotFound if the event has none such."""
    panel, _, n = label.rpartition(".")
    number = int(n) if n.isascii() and n.isdigit() else 0
    row = conn.execute(select(Seat).where(Seat.event_id == event_id, Seat.panel == panel, Seat.n == number)).first()
    if row is None:
        raise NotFound(f"赛项“{event_id}”没有裁判席“{label}”。", f"Event “{event_id}” has no seat “{label}”.")
    return row


def file_edition(conn: Connection, event_id: str, n: int, rules: Rules, at: datetime) -> None:
    """Keep an edition's text under its digest. RuleError where its numbers outgrow the engine."""
    plan(rules)  # rules whose numbers outgrow the engine are refused here, not at the event's first mark
    conn.execute(
        insert(Edition).values(
            event_id=event_id, digest=rules.digest, n=n, canonical=rules.canonical, filed_at=stamp(at)
        )
    )


def add_seats(conn: Connection, event_id: str, rules: Rules, rng_bytes: RngBytes) -> None:
    """The seats that the rules ask for and that aren't there yet."""
    there = {seat.label for seat in seats(conn, event_id)}
    rows = [
        {"id": new_id(rng_bytes), "event_id": event_id, "panel": panel.id, "n": n, "trainee": False}
        for panel in rules.panels
        for n in range(1, panel.seats + 1)
        if f"{panel.id}.{n}" not in there
    ]
    if rows:
        conn.execute(insert(Seat), rows)


MOST = 60
"""The longest text of an attribute that may be any."""


def check_attributes(rules: Rules, attributes: Mapping[str, str]) -> None:
    """Conflict unless these are the attributes that the rules name, each with a legal value."""
    legal = {rule.id: None if rule.any else rule.values for rule in rules.attributes}
    wrong = [name for name, values in legal.items() if not _fits(attributes.get(name), values)]
    strange = [name for name in attributes if name not in legal]
    if wrong or strange:
        names = "、".join(wrong + strange)
        raise Conflict(
            f"参赛属性不符合规则：{names}。请按规则文件的取值填写。",
            f"These attributes are not as the rules have them: {names}. Use the values of the rule file.",
        )


def _fits(value: str | None, values: Mapping[str, object] | None) -> bool:
    """A value of the list, or for an attribute of any text (a heat, a team) a short one or none yet."""
    return len(value or "") <= MOST if values is None else value in values
