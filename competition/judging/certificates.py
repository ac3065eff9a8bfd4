"""Certificates (证书): what was issued (`issuing`), what each prints, and what it is worth now.

The number is for people: `<issuer>-<year>-<job type 3>-<award 1>-<serial 4>-<check>`; the check character is ISO 7064
MOD 37,36 over the letters and digits before it. The code is for machines: ten random characters of Crockford's base32.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import aliased

from competition.errors import NotFound
from competition.judging.acts import RngBytes
from competition.rules.model import Rules
from competition.store import releases as tables
from competition.store import thawed_edition
from competition.store.games import Event, Games, JobType, Unit
from competition.store.people import Entry, EntryMember, Person

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
AWARDED = ("award", "team", "practice")
"""Kinds of certificates that an award of the rules stands behind."""
AS_A_WHOLE = {
    "participation": {"zh": "参赛", "en": "participation"},
    "organising_unit": {"zh": "优秀组织单位", "en": "outstanding organising unit"},
}
"""The other kinds, and what they say instead of an award."""
UNAWARDED = "0"  # stands where an award's character would, in the number of a certificate without an award
STATUS_NAMES = {
    "valid": ("有效", "valid"),
    "reissued": ("已补发", "reissued"),
    "corrected": ("已更正，以新证为准", "corrected: the new certificate stands"),
    "revoked": ("已撤销", "revoked"),
    "sample": ("样张，无效", "sample, not valid"),
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with what is printed on it. `name` is None once the person is erased; it still verifies.

    status: what it is worth now, a key of STATUS_NAMES. place: the rank of the release it rests on. copy: 0 for the first
    paper, n for the n-th reissued; copies: how often it was reissued in all. successor: the number that took its place.
    kind: a kind of design. name and unit: of a team's, the team's name or its people's; of a unit's, the unit and None.
    members: a team's people. award: "" for kinds in AS_A_WHOLE.
    """

    number: str
    code: str
    event_id: str
    release_id: str
    entry: str
    person_id: str
    name: str | None
    unit: str | None
    award: str
    award_name: Mapping[str, str]
    event_name: Mapping[str, str]
    games_name: Mapping[str, str]
    job_type_name: Mapping[str, str] | None
    status: str
    issued_at: str
    sample: bool
    place: int | None = None
    copy: int = 0
    copies: int = 0
    successor: str | None = None
    kind: str = "award"
    unit_id: str | None = None
    members: tuple[str, ...] = ()


Own = aliased(Unit)
"""The unit whose certificate it is, beside the unit of whoever's it is."""


def certificates(conn: Connection, event_id: str) -> list[Certificate]:
    """Every certificate of an event, by number."""
    query = _certificates().where(tables.Certificate.event_id == event_id).order_by(tables.Certificate.number)
    return _load(conn, event_id, conn.execute(query))


def certificate_for(conn: Connection, code_or_number: str) -> Certificate:
    """The certificate with this code or number; letters people mistake (O for 0, I and L for 1) are forgiven in codes."""
    text = code_or_number.strip().upper()
    code = text.replace("-", "").translate(str.maketrans("OIL", "011"))
    table = tables.Certificate
    row = conn.execute(_certificates().where((table.number == text) | (table.code == code))).first()
    if row is None:
        raise NotFound("查无此证书，请核对编号或验证码。", "There is no such certificate. Check the number or code.")
    return _load(conn, row.event_id, [row])[0]


def check_character(text: str) -> str:
    """ISO 7064 MOD 37,36 over letters and digits: catches every single wrong character and nearly every swap."""
    product = 36
    for character in text.replace("-", ""):
        total = (product + CHECKED.index(character)) % 36 or 36
        product = total * 2 % 37
    return CHECKED[(37 - product) % 36]


def next_number(conn: Connection, prefix: str, award_class: str) -> str:
    """The next number that begins with `prefix` (issuer, year, job type). Two events may test one job type: the serial
    goes on through everything that begins alike, and none is used twice."""
    table = tables.Certificate
    serial = conn.scalar(select(func.count()).select_from(table).where(table.number.startswith(f"{prefix}-"))) or 0
    number = f"{prefix}-{award_class}-{serial + 1:04d}"
    return f"{number}-{check_character(number)}"


def new_code(rng_bytes: RngBytes) -> str:
    """Ten random characters, 50 bits."""
    number = int.from_bytes(rng_bytes(7), "big")
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(0, 50, 5))


def award_class(rules: Rules, award: str) -> str:
    """The one character that stands for an award in a number; that of none for ""."""
    if not award:
        return UNAWARDED
    return CHECKED[1 + [one.id for one in rules.awards].index(award)]


def _certificates() -> Select[*tuple[Any, ...]]:
    table = tables.Certificate
    return (
        select(
            table,
            tables.Release.rules_digest,
            Person.name,
            Unit.name_zh.label("unit"),
            Own.name_zh.label("own_unit"),
            Entry.team,
            Event.name_zh.label("event_zh"),
            Event.name_en.label("event_en"),
            Games.name_zh.label("games_zh"),
            Games.name_en.label("games_en"),
            JobType.name_zh.label("job_zh"),
            JobType.name_en.label("job_en"),
        )
        .join(tables.Release, tables.Release.id == table.release_id)
        .join(Person, Person.id == table.person_id)
        .join(Entry, Entry.id == table.entry_id)
        .join(Event, Event.id == table.event_id)
        .join(Games, Games.id == Event.games_id)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .outerjoin(Own, Own.id == table.unit_id)
        .outerjoin(JobType, JobType.id == Event.job_type_id)
    )


def _load(conn: Connection, event_id: str, rows: Iterable[Any]) -> list[Certificate]:
    settled = _settled(conn, event_id)
    places = _places(conn, event_id)
    teams = _teams(conn, event_id)
    return [_one(conn, row, settled, places, teams) for row in rows]


def _one(
    conn: Connection, row: Any, settled: Mapping[str, Any], places: Mapping[tuple[str, str], int | None],
    teams: Mapping[str, tuple[str | None, ...]],
) -> Certificate:  # fmt: skip
    name, unit, members = _bearer(row, teams)
    status, copies = _now(row.number, row.status, row.copy, settled)
    change = settled.get(row.number)
    return Certificate(
        number=row.number,
        code=row.code,
        event_id=row.event_id,
        release_id=row.release_id,
        entry=row.entry_id,
        person_id=row.person_id,
        name=name,
        unit=unit,
        award=row.award,
        award_name=_award_name(conn, row),
        event_name={"zh": row.event_zh, "en": row.event_en},
        games_name={"zh": row.games_zh, "en": row.games_en},
        job_type_name={"zh": row.job_zh, "en": row.job_en} if row.job_zh else None,
        status=status,
        issued_at=row.issued_at,
        sample=row.status == "sample",
        place=places.get((row.release_id, row.entry_id)) if row.kind in AWARDED else None,
        copy=row.copy,
        copies=copies,
        successor=change.successor if change else None,
        kind=row.kind,
        unit_id=row.unit_id,
        members=members,
    )


def _award_name(conn: Connection, row: Any) -> Mapping[str, str]:
    if row.kind in AS_A_WHOLE:
        return AS_A_WHOLE[row.kind]
    award = thawed_edition(conn, row.event_id, row.rules_digest).award(row.award).name
    return {"zh": award.zh, "en": award.en}


def _bearer(row: Any, teams: Mapping[str, tuple[str | None, ...]]) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Name, unit and members; without a name once one of its people is erased."""
    if row.kind == "organising_unit":
        return row.own_unit, None, ()
    if row.kind != "team":
        return row.name, row.unit, ()
    people = teams.get(row.entry_id, ())
    known = tuple(name for name in people if name)
    return ((row.team or "、".join(known)) if len(known) == len(people) else None), row.unit, known


def _teams(conn: Connection, event_id: str) -> dict[str, tuple[str | None, ...]]:
    """The people of each entry that has a team's certificate, in order."""
    query = (
        select(EntryMember.entry_id, Person.name)
        .join(Person, Person.id == EntryMember.person_id)
        .join(tables.Certificate, tables.Certificate.entry_id == EntryMember.entry_id)
        .where(tables.Certificate.event_id == event_id, tables.Certificate.kind == "team")
        .distinct()
        .order_by(EntryMember.entry_id, EntryMember.position)
        .add_columns(EntryMember.position)
    )
    found: dict[str, tuple[str | None, ...]] = {}
    for entry, name, _ in conn.execute(query):
        found[entry] = (*found.get(entry, ()), name)
    return found


def _now(number: str, issued_as: str, copy: int, settled: Mapping[str, Any]) -> tuple[str, int]:
    """What a certificate is worth now, and how often it was reissued. An old paper follows the copy that replaced it:
    when that one is revoked or corrected, so is this."""
    change = settled.get(number)
    if issued_as != "valid" or change is None:
        return issued_as, copy
    if change.kind != "reissue":
        return {"revoke": "revoked", "correct": "corrected"}[change.kind], copy
    status, copies = _now(change.successor, "valid", copy + 1, settled)
    return ("reissued" if status == "valid" else status), copies


def _settled(conn: Connection, event_id: str) -> dict[str, Any]:
    """The confirmed change of each certificate that has one: it has one at most."""
    table = tables.CertificateChange
    query = select(table).where(table.event_id == event_id, table.settled == "confirmed")
    return {row.certificate: row for row in conn.execute(query)}


def _places(conn: Connection, event_id: str) -> dict[tuple[str, str], int | None]:
    """The rank of each entry in each final release: what is printed stays what the paper rested on."""
    table = tables.Release
    query = select(table.id, table.rows).where(table.event_id == event_id, table.kind == "final")
    return {
        (release.id, row["entry"]): row["rank"] for release in conn.execute(query) for row in json.loads(release.rows)
    }
