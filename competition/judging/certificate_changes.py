"""What may become of a certificate: reissued 补发, corrected 更正, revoked 撤销. The organiser asks, the supervisor confirms.

A certificate's row never changes. A reissue makes the next copy of the same award (number …-R1-…, a code of its own), a
correction a new number from the newest final release; the old paper then says which it is. Both people are on record, with the
reason, and for a revocation the number of the decision it rests on (tablets-and-screens.md 7.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from competition.errors import Conflict, NotAllowed, NotFound
from competition.judging.acts import RngBytes, because, new_id, note
from competition.judging.certificates import (
    AWARDED,
    STATUS_NAMES,
    Certificate,
    award_class,
    certificate_for,
    certificates,
    check_character,
    new_code,
    next_number,
)
from competition.judging.issuing import borne_out, earned
from competition.judging.officials import Official, permit
from competition.judging.releases import Release, release_of, still_stands
from competition.store import releases as tables
from competition.store import stamp, thawed_edition
from competition.store.people import Official as OfficialRow

KINDS = {"reissue": ("补发", "reissue"), "correct": ("更正", "correct"), "revoke": ("撤销", "revoke")}
BECOMES: Mapping[tuple[str, str], str] = {
    ("valid", "reissue"): "reissued",
    ("valid", "correct"): "corrected",
    ("valid", "revoke"): "revoked",
}
"""(status, act) -> the status of that paper afterwards. What is not here is refused: only the paper in force can be dealt with."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change asked for. settled: None while it waits, then confirmed or refused (`answer` says why)."""

    id: str
    number: str
    kind: str
    reason: str
    reference: str | None
    asked_by: str
    asked_at: str
    settled: str | None
    settled_by: str | None
    settled_at: str | None
    answer: str | None
    successor: str | None


@dataclass(frozen=True, slots=True)
class Touched:
    """A certificate in force that the newest final release no longer bears out, and the act that puts it right."""

    certificate: Certificate
    kind: str
    award: str | None
    place: int | None


def ask_change(
    conn: Connection, number: str, kind: str, by: Official, reason: str, at: datetime, rng_bytes: RngBytes,
    reference: str = "",
) -> str:  # fmt: skip
    """Ask for a change; answers its id. Nothing happens until the supervisor confirms. The organiser's act."""
    found = certificate_for(conn, number)
    permit(conn, by, "ask_change", found.event_id)
    why, decision = because(reason), reference.strip() or None
    if kind == "revoke" and decision is None:
        raise Conflict("撤销证书须写明所依据的决定文号。", "A revocation needs the number of the decision it rests on.")
    if any(one.number == found.number for one in changes(conn, found.event_id) if one.settled is None):
        raise Conflict(
            f"证书 {found.number} 已有一项申请等待监督确认。",
            f"A change of {found.number} waits for the supervisor already.",
        )
    release = _may(conn, found, kind)
    id = new_id(rng_bytes)
    row: dict[str, str | None] = {
        "id": id,
        "event_id": found.event_id,
        "certificate": found.number,
        "kind": kind,
        "reason": why,
    }
    row |= {"reference": decision, "release_id": release.id, "asked_by": by.id, "asked_at": stamp(at)}
    conn.execute(insert(tables.CertificateChange).values(**row))
    note(
        conn, found.event_id, "certificate-asked", by, at,
        change=id, number=found.number, act=kind, reason=why, reference=decision, release=release.id,
    )  # fmt: skip
    return id


def confirm_change(
    conn: Connection, event_id: str, id: str, by: Official, at: datetime, rng_bytes: RngBytes
) -> Certificate | None:
    """Do what was asked; answers the new paper, if one is made. The supervisor's act, and never the asker's own.

    Conflict when the certificate or the final release moved on since: it must be refused and asked for anew.
    """
    change = _waiting(conn, event_id, id, by)
    found = certificate_for(conn, change.certificate)
    release = _may(conn, found, change.kind)
    if release.id != change.release_id:
        raise Conflict(
            "申请之后又公布了修订版。请驳回，由组委会依据新版重新申请。",
            "A revision was released since. Refuse this and let the organiser ask anew.",
        )
    made = _successor(conn, found, change.kind, release, at, rng_bytes)
    number = made["number"] if made else None
    if made:
        conn.execute(insert(tables.Certificate).values(**made))
    _settle(conn, id, by, at, settled="confirmed", successor=number)
    note(
        conn,
        event_id,
        "certificate-confirmed",
        by,
        at,
        change=id,
        number=found.number,
        act=change.kind,
        successor=number,
        of=found.kind,
    )
    return certificate_for(conn, number) if number else None


def refuse_change(conn: Connection, event_id: str, id: str, by: Official, reason: str, at: datetime) -> None:
    """Refuse what was asked, with a reason; the certificate stays what it is. The supervisor's act."""
    change, why = _waiting(conn, event_id, id, by), because(reason)
    _settle(conn, id, by, at, settled="refused", answer=why)
    note(conn, event_id, "certificate-refused", by, at, change=id, number=change.certificate, reason=why)


def changes(conn: Connection, event_id: str) -> list[Change]:
    """Everything asked for in an event, newest first, with the officials' names."""
    table = tables.CertificateChange
    who = {row.id: row.name for row in conn.execute(select(OfficialRow.id, OfficialRow.name))}
    query = select(table).where(table.event_id == event_id).order_by(table.asked_at.desc(), table.id)
    return [
        Change(
            row.id, row.certificate, row.kind, row.reason, row.reference, who.get(row.asked_by, ""), row.asked_at,
            row.settled, who.get(row.settled_by) if row.settled_by else None, row.settled_at, row.answer, row.successor,
        )
        for row in conn.execute(query)
    ]  # fmt: skip


def waiting_changes(conn: Connection) -> dict[str, int]:
    """How many requests wait for the supervisor, by event; events without any are left out."""
    table = tables.CertificateChange
    query = select(table.event_id, func.count()).where(table.settled.is_(None)).group_by(table.event_id)
    return {event: n for event, n in conn.execute(query)}


def touched(conn: Connection, event_id: str) -> list[Touched]:
    """The certificates in force that the newest final release touches: the award is gone (revoke), or it or its rank is
    another (correct). Empty when every paper says what the release says."""
    release = release_of(conn, event_id, "final")
    if release is None:
        return []
    rows = {row.entry: row for row in release.rows}
    found = []
    for one in certificates(conn, event_id):
        if one.status != "valid" or one.release_id == release.id:
            continue
        row = rows.get(one.entry)
        if not earned(one.kind, row):
            found.append(Touched(one, "revoke", None, None))
        elif row is not None and not borne_out(one, row):
            found.append(Touched(one, "correct", row.award, row.rank))
    return found


def _may(conn: Connection, one: Certificate, kind: str) -> Release:
    """The release the change rests on; Conflict when it can't be done."""
    if (one.status, kind) not in BECOMES:
        zh, en = STATUS_NAMES[one.status]
        instead = (
            (f"。请对新证 {one.successor} 操作", f". Deal with {one.successor} instead") if one.successor else ("", "")
        )
        raise Conflict(
            f"证书 {one.number} {zh}，不能{KINDS.get(kind, (kind,))[0]}{instead[0]}。",
            f"Certificate {one.number} is {en}: there is nothing to {KINDS.get(kind, ('', kind))[1]}{instead[1]}.",
        )
    release = release_of(conn, one.event_id, "final")
    if release is None:  # a certificate rests on a final release
        raise NotFound("没有正式公布。", "There is no final release.")
    if kind == "revoke":
        return release
    if not still_stands(conn, release):
        raise Conflict(
            "正式公布后成绩有变动。请先公布修订版。",
            "The standings changed after the release. Publish a revision first.",
        )
    row = next((row for row in release.rows if row.entry == one.entry), None)
    if not earned(one.kind, row):
        raise Conflict(
            f"第 {release.revision} 版公布已不支持这张证书，只能撤销。",
            f"Revision {release.revision} no longer bears this out: it can only be revoked.",
        )
    if kind == "reissue" and not borne_out(one, row):
        raise Conflict(
            f"第 {release.revision} 版公布中奖项或名次已变，请用“更正”。",
            f"Revision {release.revision} has another award or rank: correct it instead.",
        )
    return release


def _successor(
    conn: Connection, old: Certificate, kind: str, release: Release, at: datetime, rng_bytes: RngBytes
) -> dict[str, Any] | None:
    """The row of the paper that takes the old one's place; None for a revocation."""
    if kind == "revoke":
        return None
    row = {
        "code": new_code(rng_bytes), "event_id": old.event_id, "entry_id": old.entry, "person_id": old.person_id,
        "status": "valid", "issued_at": stamp(at), "replaces": old.number, "kind": old.kind, "unit_id": old.unit_id,
    }  # fmt: skip
    parts = old.number.split("-")  # issuer, year, job type, award, serial, …, check
    if kind == "reissue":
        stem = "-".join([*parts[:5], f"R{old.copy + 1}"])
        number = f"{stem}-{check_character(stem)}"
        return row | {
            "number": number, "release_id": old.release_id, "award": old.award, "copy": old.copy + 1
        }  # fmt: skip
    now = next((one.award for one in release.rows if one.entry == old.entry), None)
    award = (now or "") if old.kind in AWARDED else ""
    rules = thawed_edition(conn, old.event_id, release.rules_digest)
    number = next_number(conn, "-".join(parts[:3]), award_class(rules, award))
    return row | {"number": number, "release_id": release.id, "award": award, "copy": 0}


def _waiting(conn: Connection, event_id: str, id: str, by: Official) -> Any:
    """The change, if it waits and this official may settle it."""
    permit(conn, by, "confirm_change", event_id)
    table = tables.CertificateChange
    row = conn.execute(select(table).where(table.id == id, table.event_id == event_id)).first()
    if row is None:
        raise NotFound("没有这项申请，请刷新页面。", "There is no such request. Load the page again.")
    if row.settled is not None:
        raise Conflict("这项申请已经处理，请刷新页面。", "This request is settled already. Load the page again.")
    if row.asked_by == by.id:
        raise NotAllowed(
            "申请人不能自己确认，请另一位监督处理。", "Whoever asked can't settle it. Let another supervisor."
        )
    return row


def _settle(conn: Connection, id: str, by: Official, at: datetime, **values: str | None) -> None:
    table = tables.CertificateChange
    conn.execute(update(table).where(table.id == id).values(settled_by=by.id, settled_at=stamp(at), **values))
