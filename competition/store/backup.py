"""Copies of the store, taken while it is in use: whole, read back, named so that two games can lie on one stick.

A copy is SQLite's own online backup in one step: it reads one moment and never waits for, nor holds up, the writer. It comes
under its name only once it is on disk and has been read back. `competition-3f9a1c20-20261122T083000Z.sqlite` is a minute's
copy; one with a word behind the time (`-draw`) is a snapshot and is never thinned out.
"""

import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from competition.errors import CompetitionError, NotFound

EVERY_MINUTE = timedelta(minutes=60)
"""So long each minute's copy is kept; of older ones the first of every hour."""
_NAME = re.compile(r"competition-([0-9a-z-]+?)-(\d{8}T\d{6}Z)(?:-([a-z0-9-]+))?\.sqlite")
_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


class BackupFault(CompetitionError):
    """A copy could not be made, or what was made is not whole."""

    status = 500


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy on disk. mark: which games it is of; name: "" for a minute's copy; size in bytes."""

    path: Path
    mark: str
    at: datetime
    name: str
    size: int


def back_up(source: Path, folder: Path, at: datetime, name: str = "") -> Backup:
    """Copy the store at `source` into `folder` as it is now. BackupFault when the disk is full, gone or read only.

    The folder must be there: made anew it would lie on this machine's own disk once a stick was pulled out.
    """
    if name and not _WORD.fullmatch(name):
        raise BackupFault(
            f"备份名称“{name}”只能用小写字母、数字和连字符。",
            f"The name “{name}” of a backup may have lower-case letters, digits and hyphens only.",
        )
    part = folder / ".competition.part"
    try:
        mark = copy_whole(source, part)
        stamped = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        whole = folder / f"competition-{mark}-{stamped}{'-' if name else ''}{name}.sqlite"
        part.replace(whole)
        _settle(folder)
        return Backup(whole, mark, at, name, whole.stat().st_size)
    except (OSError, sqlite3.Error) as fault:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise BackupFault(
            f"不能备份到 {folder}（{fault}）。请检查磁盘是否已满、是否已拔出或只读，或换一个备份目录。",
            f"No backup into {folder} ({fault}). See whether that disk is full, unplugged or read only, or name another.",
        ) from fault


def copy_whole(source: Path, target: Path) -> str:
    """One moment of a store as one file, for this user only, read back and on disk. Answers which games it is of."""
    if not source.exists():
        raise NotFound(f"没有 {source}。", f"There is no {source}.")
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)  # all pages in one step: another writer can't make it begin again
        new.execute("PRAGMA journal_mode=DELETE")  # one file: no log that could be left behind when it is carried away
        said = new.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise sqlite3.DatabaseError(said)
        mark = _mark(new)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return mark


def carry_keys(data: Path, folder: Path) -> None:
    """What a twin needs beside the store: the authority that tablets trust and the key that signs certificates.

    Not the key of people's documents: it must not lie beside the data that it locks.
    """
    for kind in ("tls", "keys"):
        for file in sorted((data / kind).glob("*")) if (data / kind).is_dir() else ():
            there = folder / kind / file.name
            if file.name == "identity.key" or not file.is_file():
                continue
            if not there.exists() or there.read_bytes() != file.read_bytes():
                there.parent.mkdir(mode=0o700, exist_ok=True)
                there.unlink(missing_ok=True)
                with os.fdopen(os.open(there, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as out:
                    out.write(file.read_bytes())


def backups(folder: Path, mark: str | None = None) -> list[Backup]:
    """The copies in a folder (of one games), newest first. A folder that isn't there has none."""
    found = []
    for file in folder.glob("competition-*.sqlite") if folder.is_dir() else ():
        named = _NAME.fullmatch(file.name)
        if named and mark in (None, named[1]):
            at = datetime.strptime(named[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append(Backup(file, named[1], at, named[3] or "", file.stat().st_size))
    return sorted(found, key=lambda one: (one.at, one.name), reverse=True)


def superfluous(there: Iterable[Backup], at: datetime) -> list[Backup]:
    """Minutes' copies that may go: older than an hour and not the first of their hour."""
    first: set[tuple[str, str]] = set()
    gone = []
    for one in sorted((one for one in there if not one.name), key=lambda one: one.at):
        hour = (one.mark, f"{one.at:%Y%m%d%H}")
        if one.at < at - EVERY_MINUTE and hour in first:
            gone.append(one)
        first.add(hour)
    return gone


def _mark(conn: sqlite3.Connection) -> str:
    """Eight digits of the store's first line: no two games begin alike. A rehearsal says so."""
    tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "ledger" not in tables:
        raise sqlite3.DatabaseError("no ledger in it")
    first = conn.execute("SELECT hash FROM ledger ORDER BY seq LIMIT 1").fetchone()
    practice = "rehearsal" in tables and conn.execute("SELECT 1 FROM rehearsal").fetchone()
    return (first[0][:8] if first else "new") + ("-rehearsal" if practice else "")


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
