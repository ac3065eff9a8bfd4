"""Certificates (证书): issued only from the newest final release, one for each person of an awarded entry.

The number is for people: `<issuer>-<year>-<job type 3>-<award 1>-<serial 4>-<check>`; the check character is ISO 7064
MOD 37,36 over the letters and digits before it. The code is for machines: ten random characters of Crockford's base32.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from competition.errors import Conflict, NotFound
from competition.judging.acts import RngBytes, note
from competition.judging.officials import Official, permit
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


def issue_certificates(
    conn: Connection, event_id: str, by: Official, at: datetime, rng_bytes: RngBytes, issuer: str, year: int,
    sample: bool = False, public_key: str | None = None,
) -> list[Certificate]:  # fmt: skip
    """Issue what the newest final release awards and has not yet been issued; answer the new ones.

    public_key: what their proofs will be signed with, put on the chain so that no other can be passed off for it later.
    A sample certificate prints 样张 and verifies as 样张，无效. Conflict without a final release, and if a mark, status or
    key was changed after it: a revision must come first.
    """
    permit(conn, by, "certificates", event_id)
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
        note(conn, event_id, "certificates", by, at, release=release.id, numbers=numbers, sample=sample, key=public_key)
    new = {row["number"] for row in rows}
    return [one for one in certificates(conn, event_id) if one.number in new]


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
    """The one character that stands for an award in a number."""
    return CHECKED[1 + [one.id for one in rules.awards].index(award)]


def _new_rows(
    conn: Connection, release: Release, rules: Rules, prefix: str, status: str, rng_bytes: RngBytes
) -> list[dict[str, Any]]:
    table = tables.Certificate
    issued = _not_again(conn, release, status)
    serial = conn.scalar(select(func.count()).select_from(table).where(table.number.startswith(f"{prefix}-"))) or 0
    people = _members(conn, release.event_id)
    rows = []
    for row in release.rows:
        for person in people.get(row.entry, []) if row.award else []:
            if (row.entry, person) in issued:
                continue
            serial += 1
            number = f"{prefix}-{award_class(rules, row.award or '')}-{serial:04d}"
            rows.append(
                {
                    "number": f"{number}-{check_character(number)}",
                    "code": new_code(rng_bytes),
                    "entry_id": row.entry,
                    "person_id": person,
                    "award": row.award,
                    "status": status,
                }
            )
    return rows


def _not_again(conn: Connection, release: Release, status: str) -> set[tuple[str, str]]:
    """Who has a certificate that stands (another award is a correction, not a second paper), or lost it under this release."""
    table, change = tables.Certificate, tables.CertificateChange
    query_revoked = select(change.certificate, change.release_id).where(
        change.event_id == release.event_id, change.settled == "confirmed", change.kind == "revoke"
    )
    revoked = {row.certificate: row.release_id for row in conn.execute(query_revoked)}
    query = select(table.number, table.entry_id, table.person_id, table.award).where(
        table.event_id == release.event_id, table.status == status
    )
    return {
        (row.entry_id, row.person_id)
        for row in conn.execute(query)
        if revoked.get(row.number, release.id) == release.id
    }


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


def _load(conn: Connection, event_id: str, rows: Iterable[Any]) -> list[Certificate]:
    settled = _settled(conn, event_id)
    places = _places(conn, event_id)
    return [_one(conn, row, settled, places) for row in rows]


def _one(
    conn: Connection, row: Any, settled: Mapping[str, Any], places: Mapping[tuple[str, str], int | None]
) -> Certificate:
    award = thawed_edition(conn, row.event_id, row.rules_digest).award(row.award).name
    status, copies = _now(row.number, row.status, row.copy, settled)
    change = settled.get(row.number)
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
        status=status,
        issued_at=row.issued_at,
        sample=row.status == "sample",
        place=places.get((row.release_id, row.entry_id)),
        copy=row.copy,
        copies=copies,
        successor=change.successor if change else None,
    )


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
