"""Issuing certificates, always from the newest final release: awards and participation to each person, one to a team, one to a unit.

Participation (参赛证明) is for everybody who took part and was not disqualified. Which units organised well is the organiser's word, among
those that took part. Practice certificates are samples, always: no release says what somebody did at home.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from competition.errors import Conflict
from competition.judging.acts import RngBytes, note
from competition.judging.certificates import (
    AWARDED,
    Certificate,
    award_class,
    certificates,
    check_character,
    new_code,
)
from competition.judging.officials import Official, permit
from competition.judging.rehearsal import rehearsal_of
from competition.judging.releases import Release, Row, release_of, still_stands
from competition.publish.design import KINDS
from competition.store import releases as tables
from competition.store import stamp, thawed_edition
from competition.store.games import Event, JobType, Unit
from competition.store.people import Entry, EntryMember

NOT_THERE = ("dns", "withdrawn", "dsq")


@dataclass(frozen=True, slots=True)
class Due:
    """A certificate that is due. Of a unit's, entry and person stand for its having taken part."""

    entry: str
    person: str
    award: str = ""
    unit: str | None = None

    @property
    def bearer(self) -> tuple[str, str]:
        """Who has it, so that nobody has two of a kind."""
        return (self.unit, "") if self.unit else (self.entry, self.person)


def issue_certificates(
    conn: Connection, event_id: str, by: Official, at: datetime, rng_bytes: RngBytes, issuer: str, year: int,
    sample: bool = False, public_key: str | None = None, kind: str = "award", units: Collection[str] = (),
) -> list[Certificate]:  # fmt: skip
    """Issue what is due by the newest final release and was not issued yet; answer the new ones.

    public_key: what their proofs will be signed with, put on the chain so that no other can be passed off for it later.
    units: the ids of the organising units. A sample prints 样张 and verifies as 样张，无效. Conflict without a final release, and if
    a mark, status or key was changed after it: a revision must come first.
    """
    permit(conn, by, "certificates", event_id)
    release = _release(conn, event_id)
    if not (issuer.isascii() and issuer.isalnum() and issuer.isupper() and 2 <= len(issuer) <= 6):
        raise Conflict("发证方代号为 2–6 位大写字母或数字。", "The issuer's code has 2 to 6 capital letters or digits.")
    if kind not in KINDS:
        raise Conflict("没有这种证书，请从列表中选择。", "There are no such certificates: choose a kind of the list.")
    # Nothing that looks official comes out of a rehearsal, or of practice.
    sample = sample or kind == "practice" or rehearsal_of(conn) is not None
    job = conn.scalar(select(JobType.number).join(Event, Event.job_type_id == JobType.id).where(Event.id == event_id))
    status = "sample" if sample else "valid"
    had = _not_again(conn, release, status, kind)
    due = [one for one in _due(conn, release, kind, units) if one.bearer not in had]
    rows = _rows(conn, release, due, f"{issuer}-{year}-{job or 0:03d}", rng_bytes)
    for row in rows:
        row |= {"event_id": event_id, "release_id": release.id, "issued_at": stamp(at), "kind": kind, "status": status}
    if rows:
        conn.execute(insert(tables.Certificate), rows)
        numbers = [row["number"] for row in rows]
        note(
            conn, event_id, "certificates", by, at,
            release=release.id, numbers=numbers, sample=sample, key=public_key, of=kind,
        )  # fmt: skip
    new = {row["number"] for row in rows}
    return [one for one in certificates(conn, event_id) if one.number in new]


def units_there(conn: Connection, event_id: str) -> list[tuple[str, str]]:
    """The units that took part, (id, name) by name: those that can have organised well."""
    query = select(Unit.id, Unit.name_zh).join(Entry, Entry.unit_id == Unit.id).where(Entry.event_id == event_id)
    return [(row.id, row.name_zh) for row in conn.execute(query.distinct().order_by(Unit.name_zh))]


def earned(kind: str, row: Row | None) -> bool:
    """Whether this line of a release still earns a certificate of this kind; a unit's rests on no line."""
    if kind == "organising_unit":
        return True
    return row is not None and (bool(row.award) if kind in AWARDED else row.status not in NOT_THERE)


def borne_out(one: Certificate, row: Row | None) -> bool:
    """Whether a certificate says what this line of a release says."""
    if not earned(one.kind, row):
        return False
    return one.kind not in AWARDED or row is None or (row.award, row.rank) == (one.award, one.place)


def _release(conn: Connection, event_id: str) -> Release:
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
    return release


def _due(conn: Connection, release: Release, kind: str, units: Collection[str]) -> Iterator[Due]:
    """What the release makes due, in its order."""
    people = _members(conn, release.event_id)
    if kind == "organising_unit":
        yield from _of_units(conn, release.event_id, people, units)
        return
    for row in release.rows:
        who = people.get(row.entry, [])
        if not earned(kind, row) or (kind == "team" and len(who) < 2):
            continue
        award = (row.award or "") if kind in AWARDED else ""
        for person in who[:1] if kind == "team" else who:
            yield Due(row.entry, person, award)


def _of_units(conn: Connection, event_id: str, people: dict[str, list[str]], units: Collection[str]) -> Iterator[Due]:
    there = dict(units_there(conn, event_id))
    if not units or not there.keys() >= set(units):
        raise Conflict(
            "请选择参加了本赛项的单位。", "Choose units that took part in this event: each gets a certificate."
        )
    query = select(Entry.unit_id, Entry.id).where(Entry.event_id == event_id, Entry.unit_id.in_(units))
    first: dict[str, str] = {}
    for row in conn.execute(query.order_by(Entry.id)):
        if people.get(row.id):
            first.setdefault(row.unit_id, row.id)
    for unit in sorted(first, key=lambda one: there[one]):
        yield Due(first[unit], people[first[unit]][0], unit=unit)


def _rows(conn: Connection, release: Release, due: list[Due], prefix: str, rng_bytes: RngBytes) -> list[dict[str, Any]]:
    table = tables.Certificate
    serial = conn.scalar(select(func.count()).select_from(table).where(table.number.startswith(f"{prefix}-"))) or 0
    rules = thawed_edition(conn, release.event_id, release.rules_digest)
    rows = []
    for n, one in enumerate(due, serial + 1):
        number = f"{prefix}-{award_class(rules, one.award)}-{n:04d}"
        rows.append(
            {
                "number": f"{number}-{check_character(number)}",
                "code": new_code(rng_bytes),
                "entry_id": one.entry,
                "person_id": one.person,
                "unit_id": one.unit,
                "award": one.award,
            }
        )
    return rows


def _not_again(conn: Connection, release: Release, status: str, kind: str) -> set[tuple[str, str]]:
    """Who has one that stands (another award is a correction, not a second paper), or lost it under this release."""
    table, change = tables.Certificate, tables.CertificateChange
    query_revoked = select(change.certificate, change.release_id).where(
        change.event_id == release.event_id, change.settled == "confirmed", change.kind == "revoke"
    )
    revoked = {row.certificate: row.release_id for row in conn.execute(query_revoked)}
    query = select(table.number, table.entry_id, table.person_id, table.award, table.unit_id).where(
        table.event_id == release.event_id, table.status == status, table.kind == kind
    )
    return {
        Due(row.entry_id, row.person_id, row.award, row.unit_id).bearer
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
