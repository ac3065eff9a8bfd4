"""Backups asked for at a desk, and the restore drill: a copy that nobody ever put back is a hope, not a backup."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from competition.judging.acts import RngBytes, note
from competition.judging.officials import Official, permit
from competition.judging.rehearsal import become_rehearsal
from competition.settings import FILE
from competition.store import HOUSE, Ledger, claim, open_store, scrub, writing
from competition.store.restore import Inspected, lay_beside


@dataclass(frozen=True, slots=True)
class LastDrill:
    """What came of the last drill: which copy, how many lines it holds, how many of them don't agree."""

    at: str
    file: str
    lines: int
    faults: int


def ask_backup(conn: Connection, by: Official, at: datetime) -> None:
    """Note that somebody wants a copy now; the copy itself is taken once this is on disk, so it holds the note."""
    permit(conn, by, "back_up", None)
    note(conn, None, "backup-asked", by, at)


def ask_drill(conn: Connection, by: Official, at: datetime) -> None:
    """Note that a drill begins."""
    permit(conn, by, "back_up", None)
    note(conn, None, "drill-asked", by, at)


def drill(backup: Path, into: Path, at: datetime, rng_bytes: RngBytes) -> Inspected:
    """Put a copy back as a rehearsal in a folder of its own, read through as a real restore would. The last drill's gives way.

    Conflict while a rehearsal server runs on that folder.
    """
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    with claim(into / FILE):
        part = into / "drill.part"
        found = lay_beside(backup, part)
        if not found.rehearsal:
            engine = open_store(f"sqlite:///{part}")
            with writing(engine) as conn:
                become_rehearsal(conn, at, rng_bytes, names=False)
            scrub(engine)
            engine.dispose()
        for log in ("-wal", "-shm"):
            (into / f"{FILE}{log}").unlink(missing_ok=True)
            part.with_name(part.name + log).unlink(missing_ok=True)
        part.replace(into / FILE)
    return found


def note_drill(conn: Connection, file: str, found: Inspected, by: Official, at: datetime) -> None:
    """Put on record how a drill went."""
    permit(conn, by, "back_up", None)
    note(conn, None, "drill-done", by, at, file=file, lines=found.lines, faults=len(found.findings))


def last_drill(conn: Connection) -> LastDrill | None:
    """How the last one went; None when there was none."""
    done = select(Ledger.at, Ledger.body).where(Ledger.event_id == HOUSE, Ledger.kind == "drill-done")
    row = conn.execute(done.order_by(Ledger.n.desc()).limit(1)).first()
    if row is None:
        return None
    body = msgspec.json.decode(row.body)
    return LastDrill(row.at, body["file"], body["lines"], body["faults"])
