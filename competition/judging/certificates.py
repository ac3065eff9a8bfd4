"""Certificates (证书): issued only from the newest final release, one for each person of an awarded entry.

The number is for people: `<issuer>-<year>-<job type 3>-<award 1>-<serial 4>-<check>`; the check character is ISO 7064
MOD 37,36 over the letters and digits before it. The code is for machines: ten random characters of Crockford's base32.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from competition.errors import Conflict, NotFound
from competition.judging.acts import RngBytes, because, note
from competition.judging.officials import Official, require
from competition.judging.rehearsal import rehearsal_of
from competition.judging.releases import Release, release_of, still_stands
from competition.rules.model import Rules
from competition.store import releases as tables
from competition.store import stamp, thawed_edition
from competition.store.games import Event, Games, JobType, Unit
from competition.store.people import Entry, EntryMember, Person

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATUS_NAMES = {
    "valid": ("有效", "valid"),
    "revoked": ("已撤销", "revoked"),
    "sample": ("样张，无效", "sample, not valid"),
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with what is printed on it. `name` is None once the person is erased; it still verifies."""

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


def issue_certificates(
    conn: Connection, event_id: str, by: Official, at: datetime, rng_bytes: RngBytes, issuer: str, year: int,
    sample: bool = False,
) -> list[Certificate]:  # fmt: skip
    """Issue what the newest final release awards and has not yet been issued; answer the new ones.

    A sample certificate prints 样张 and verifies as 样张，无效. Conflict without a final release, and if a mark, status or
    key was changed after it: a revision must come first.
    """
    require(conn, by, "organiser", event_id)
    release = release_of(conn, event_id, "final")
    if release is None:
        raise Conflict(
            "证书只能依据正式公布发放。请先正式公布。", "Certificates rest on a final release. Publish it first."
        )
    if not still_stands(conn, release):
        raise Conflict(
            "正式公布后成绩有变动。请先公布修订版。",
            "The standings changed after the release. Publish a revision first.",
        )
    if not (issuer.isascii() and issuer.isalnum() and issuer.isupper() and 2 <= len(issuer) <= 6):
        raise Conflict("发证方代号为 2–6 位大写字母或数字。", "The issuer's code has 2 to 6 capital letters or digits.")
    rules = thawed_edition(conn, event_id, release.rules_digest)
    job = conn.scalar(select(JobType.number).join(Event, Event.job_type_id == JobType.id).where(Event.id == event_id))
    sample = sample or rehearsal_of(conn) is not None  # nothing that looks official comes out of a rehearsal
    status = "sample" if sample else "valid"
    rows = _new_rows(conn, release, rules, f"{issuer}-{year}-{job or 0:03d}", status, rng_bytes)
    for row in rows:
        row |= {"event_id": event_id, "release_id": release.id, "issued_at": stamp(at)}
    if rows:
        conn.execute(insert(tables.Certificate), rows)
        numbers = [row["number"] for row in rows]
        note(conn, event_id, "certificates", by, at, release=release.id, numbers=numbers, sample=sample)
    new = {row["number"] for row in rows}
    return [one for one in certificates(conn, event_id) if one.number in new]


def certificates(conn: Connection, event_id: str) -> list[Certificate]:
    """Every certificate of an event, by number."""
    query = _certificates().where(tables.Certificate.event_id == event_id).order_by(tables.Certificate.number)
    return [_load(conn, row) for row in conn.execute(query)]


def certificate_for(conn: Connection, code_or_number: str) -> Certificate:
    """The certificate with this code or number; letters people mistake (O for 0, I and L for 1) are forgiven in codes."""
    text = code_or_number.strip().upper()
    code = text.replace("-", "").translate(str.maketrans("OIL", "011"))
    table = tables.Certificate
    row = conn.execute(_certificates().where((table.number == text) | (table.code == code))).first()
    if row is None:
        raise NotFound("查无此证书，请核对编号或验证码。", "There is no such certificate. Check the number or code.")
    return _load(conn, row)


def revoke_certificate(conn: Connection, number: str, by: Official, reason: str, at: datetime) -> None:
    """Revoke a certificate; it goes on verifying, as revoked."""
    found = certificate_for(conn, number)
    require(conn, by, "organiser", found.event_id)
    table = tables.Certificate
    conn.execute(
        update(table)
        .where(table.number == found.number)
        .values(status="revoked", revoked_at=stamp(at), reason=because(reason))
    )
    note(conn, found.event_id, "certificate-revoked", by, at, number=found.number, reason=because(reason))


def check_character(text: str) -> str:
    """ISO 7064 MOD 37,36 over letters and digits: catches every single wrong character and nearly every swap."""
    product = 36
    for character in text.replace("-", ""):
        total = (product + CHECKED.index(character)) % 36 or 36
        product = total * 2 % 37
    return CHECKED[(37 - product) % 36]


def _new_rows(
    conn: Connection, release: Release, rules: Rules, prefix: str, status: str, rng_bytes: RngBytes
) -> list[dict[str, Any]]:
    table = tables.Certificate
    query = select(table.entry_id, table.person_id, table.award).where(
        table.event_id == release.event_id, table.status == status
    )
    issued = {tuple(row) for row in conn.execute(query)}
    # Two events may test one job type: the serial goes on through everything that begins alike, and none is used twice.
    serial = conn.scalar(select(func.count()).select_from(table).where(table.number.startswith(f"{prefix}-"))) or 0
    classes = {award.id: CHECKED[n % 36] for n, award in enumerate(rules.awards, start=1)}
    people = _members(conn, release.event_id)
    rows = []
    for row in release.rows:
        for person in people.get(row.entry, []) if row.award else []:
            if (row.entry, person, row.award) in issued:
                continue
            serial += 1
            number = f"{prefix}-{classes[row.award or '']}-{serial:04d}"
            rows.append(
                {
                    "number": f"{number}-{check_character(number)}",
                    "code": _code(rng_bytes),
                    "entry_id": row.entry,
                    "person_id": person,
                    "award": row.award,
                    "status": status,
                }
            )
    return rows


def _members(conn: Connection, event_id: str) -> dict[str, list[str]]:
    query = (
        select(EntryMember.entry_id, EntryMember.person_id)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.event_id == event_id)
        .order_by(EntryMember.entry_id, EntryMember.position)
    )
    found: dict[str, list[str]] = {}
    for row in conn.execute(query):
        found.setdefault(row.entry_id, []).append(row.person_id)
    return found


def _code(rng_bytes: RngBytes) -> str:
    number = int.from_bytes(rng_bytes(7), "big")
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(0, 50, 5))


def _certificates() -> Select[*tuple[Any, ...]]:
    table = tables.Certificate
    return (
        select(
            table,
            tables.Release.rules_digest,
            Person.name,
            Unit.name_zh.label("unit"),
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
        .outerjoin(JobType, JobType.id == Event.job_type_id)
    )


def _load(conn: Connection, row: Any) -> Certificate:
    award = thawed_edition(conn, row.event_id, row.rules_digest).award(row.award).name
    return Certificate(
        number=row.number,
        code=row.code,
        event_id=row.event_id,
        release_id=row.release_id,
        entry=row.entry_id,
        person_id=row.person_id,
        name=row.name,
        unit=row.unit,
        award=row.award,
        award_name={"zh": award.zh, "en": award.en},
        event_name={"zh": row.event_zh, "en": row.event_en},
        games_name={"zh": row.games_zh, "en": row.games_en},
        job_type_name={"zh": row.job_zh, "en": row.job_en} if row.job_zh else None,
        status=row.status,
        issued_at=row.issued_at,
        sample=row.status == "sample",
    )
