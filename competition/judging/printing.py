"""Printing certificates (打印证书): which of an event's may go to paper now, and the record of each print."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from competition.errors import Conflict, Finding
from competition.judging.acts import note
from competition.judging.certificates import Certificate, certificates
from competition.judging.issuing import borne_out
from competition.judging.officials import Official, permit
from competition.judging.releases import Release, release_of, still_stands
from competition.publish.stock import Tray
from competition.store.ledger import Ledger
from competition.store.people import Official as Person

PRINTABLE = ("valid", "sample")


@dataclass(frozen=True, slots=True)
class Printed:
    """One print on record: when, by whom (name), how many certificates, the batch's digest and the printer as it was told."""

    at: str
    by: str
    count: int
    batch: str
    printer: str


def to_print(
    conn: Connection,
    event_id: str,
    by: Official,
    award: str | None = None,
    unit: str | None = None,
    kind: str = "award",
) -> tuple[list[Certificate], list[Finding]]:
    """The certificates of one kind that stand, of one award or unit if named, and what forbids to print them: all of it, not the first.

    An error is a certificate that says something else than the newest final release, or standings that changed after it.
    """
    permit(conn, by, "certificates", event_id)
    wanted = [
        one
        for one in certificates(conn, event_id)
        if one.status in PRINTABLE
        and one.name
        and one.kind == kind
        and award in (None, one.award)
        and unit in (None, one.unit)
    ]
    release = release_of(conn, event_id, "final")
    if release is None:
        return wanted, [
            Finding(event_id, "还没有正式公布：证书只能依据正式公布打印。", "There is no final release yet.")
        ]
    found = [] if still_stands(conn, release) else [_moved_on(event_id, release)]
    return wanted, [*found, *_out_of_date(wanted, release)]


def log_print(
    conn: Connection, event_id: str, by: Official, at: datetime, numbers: Sequence[str], batch: str, printer: str
) -> None:
    """Record that these certificates go to paper: who, when, which, in what order, and the digest of all that went into them."""
    permit(conn, by, "certificates", event_id)
    if not numbers:
        raise Conflict("没有证书可打印。", "There are no certificates to print.")
    note(conn, event_id, "certificates-printed", by, at, numbers=list(numbers), batch=batch, printer=printer)


def log_tray(conn: Connection, event_id: str, by: Official, at: datetime, tray: Tray) -> None:
    """Record what was measured of a tray for pre-printed stock: what is printed from it moves by as much."""
    permit(conn, by, "certificates", event_id)
    note(
        conn, event_id, "tray-measured", by, at,
        printer=tray.printer, tray=tray.tray, right=tray.right, down=tray.down, across=str(tray.across), along=str(tray.along),
    )  # fmt: skip


def prints(conn: Connection, event_id: str) -> tuple[Printed, ...]:
    """Every print of an event's certificates, the newest first."""
    query = select(Ledger.body, Ledger.at).where(Ledger.event_id == event_id, Ledger.kind == "certificates-printed")
    lines = [(json.loads(row.body), row.at) for row in conn.execute(query.order_by(Ledger.seq.desc()))]
    names = {row.id: row.name for row in conn.execute(select(Person.id, Person.name))} if lines else {}
    return tuple(
        Printed(at, names.get(said["by"], ""), len(said["numbers"]), said["batch"], said["printer"])
        for said, at in lines
    )


def _moved_on(event_id: str, release: Release) -> Finding:
    return Finding(
        event_id,
        f"第 {release.revision} 次正式公布之后成绩有变动：请先公布修订版。",
        f"The standings changed after final release {release.revision}: publish a revision first.",
    )


def _out_of_date(wanted: Sequence[Certificate], release: Release) -> list[Finding]:
    """Certificates of an earlier release whose award or place the newest one no longer gives."""
    now = {row.entry: row for row in release.rows}
    return [
        Finding(
            f"{one.number} {one.name}",
            f"第 {release.revision} 次正式公布已不是这个奖项或名次：请先更正或撤销。",
            f"Final release {release.revision} gives another award or place: correct or revoke it first.",
        )
        for one in wanted
        if one.release_id != release.id and not borne_out(one, now.get(one.entry))
    ]
