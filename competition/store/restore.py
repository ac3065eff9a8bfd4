"""Putting a copy in the store's place: beside it first, read through and compared, then swapped; the old file stays.

Nothing is overwritten at any step. A power cut between two of them leaves either the old store or the new one under the
store's name, never none.
"""

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from competition.errors import Conflict, Finding
from competition.store.audit import verify
from competition.store.backup import BackupFault, copy_whole
from competition.store.engine import migrate, newest, open_store, reading, revision
from competition.store.ledger import Head, Ledger, Rehearsal, heads

LOGS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Behind:
    """What one event has in the store and not in the copy. since: when the first of it was appended; kinds: how many of each.

    parted: the two went different ways, so neither holds all of the other.
    """

    event_id: str
    since: str
    kinds: dict[str, int]
    parted: bool = False

    @property
    def marks(self) -> int:
        """How many of the lines are marks."""
        return self.kinds.get("mark", 0)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A copy laid beside the store and read through. lines: of its ledger; last: when the newest was appended."""

    file: Path
    findings: list[Finding]
    schema: str
    lines: int
    last: str | None
    rehearsal: bool


def lay_beside(backup: Path, beside: Path, exported: Sequence[Head] | None = None) -> Inspected:
    """Copy a backup to `beside`, bring it to this program's schema, and read every line of it again. The backup isn't touched.

    Conflict when a newer program wrote it; BackupFault when it can't be read at all.
    """
    try:
        copy_whole(backup.absolute(), beside)
        with closing(sqlite3.connect(beside)) as raw:
            _check_pages(raw, backup)
    except sqlite3.Error as fault:
        beside.unlink(missing_ok=True)
        raise BackupFault(
            f"{backup.name} 不是完整的数据库（{fault}）。请换更早的一份备份。",
            f"{backup.name} is not a whole store ({fault}). Take an earlier backup.",
        ) from fault
    engine = open_store(f"sqlite:///{beside}")
    try:
        return _inspected(engine, backup, beside, exported)
    finally:
        engine.dispose()


def compare(store: Path, copy: Path) -> list[Behind]:
    """What would be gone if the copy took the store's place, by event. DatabaseError when the store can't be read."""
    now, then = open_store(f"sqlite:///{store}"), open_store(f"sqlite:///{copy}")
    try:
        with reading(now) as here, reading(then) as there:
            known = {(head.event_id, head.origin): head for head in heads(there)}
            chains = [(head, known.get((head.event_id, head.origin))) for head in heads(here)]
            return [lost for head, kept in chains if (lost := _behind(here, there, head, kept))]
    finally:
        now.dispose()
        then.dispose()


def swap(beside: Path, store: Path, at: datetime) -> Path | None:
    """Put the copy in the store's place; answers where the old one lies now (None: there was none). The caller holds the claim."""
    kept = None
    _one_file(beside)
    if store.exists():
        kept = store.with_name(f"{store.stem}-before-restore-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{store.suffix}")
        if kept.exists():
            raise Conflict(
                f"{kept.name} 已存在，请一秒后再试。", f"{kept.name} is there already. Try again in a second."
            )
        try:
            _one_file(store)
        except sqlite3.Error:  # damaged: kept as it lies, with its log
            for log in LOGS:
                if (left := store.with_name(store.name + log)).exists():
                    left.rename(kept.with_name(kept.name + log))
        try:
            os.link(store, kept)
        except OSError:  # a file system without links
            shutil.copy2(store, kept)
    beside.replace(store)
    folder = os.open(store.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return kept


def _check_pages(conn: sqlite3.Connection, backup: Path) -> None:
    said = conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
    loose = conn.execute("PRAGMA foreign_key_check").fetchone()
    if said != "ok" or loose:
        raise sqlite3.DatabaseError(said if said != "ok" else f"a row of {loose[0]} points to nothing")
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        raise sqlite3.DatabaseError(f"{backup.name} has no schema of this program")
    there = conn.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    if there > newest():
        raise Conflict(
            f"{backup.name} 由更新的程序写成（结构 {there}，本程序 {newest()}）。请先更新本机程序。",
            f"{backup.name} was written by a newer program (schema {there}, this one {newest()}). Update this machine first.",
        )


def _inspected(engine: Engine, backup: Path, beside: Path, exported: Sequence[Head] | None) -> Inspected:
    with engine.connect() as conn:
        schema = revision(conn) or ""
    migrate(engine)
    with reading(engine) as conn:
        ends = conn.execute(select(Ledger.at).order_by(Ledger.seq.desc()).limit(1)).scalar()
        practice = conn.execute(select(Rehearsal.id)).first() is not None
        found = verify(conn, None, exported)
        lines = sum(head.n for head in heads(conn))
    return Inspected(beside, found, schema, lines, ends, practice)


def _behind(here: Connection, there: Connection, head: Head, kept: Head | None) -> Behind | None:
    n = min(kept.n, head.n) if kept else 0
    parted = n > 0 and _line_at(here, head, n) != _line_at(there, head, n)
    chain = select(Ledger.kind, Ledger.at).where(Ledger.event_id == head.event_id, Ledger.origin == head.origin)
    more = here.execute(chain.where(Ledger.n > n).order_by(Ledger.n)).all()
    if not more and not parted:
        return None
    return Behind(head.event_id, more[0].at if more else "", dict(Counter(row.kind for row in more)), parted)


def _line_at(conn: Connection, head: Head, n: int) -> str | None:
    chain = select(Ledger.hash).where(Ledger.event_id == head.event_id, Ledger.origin == head.origin)
    return conn.scalar(chain.where(Ledger.n == n))


def _one_file(store: Path) -> None:
    """Take the write-ahead log into the file, so that the file alone is the store."""
    with closing(sqlite3.connect(store)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.execute("PRAGMA journal_mode=DELETE")
