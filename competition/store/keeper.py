"""The thread beside a running server that takes its copies: every minute, and at once after what must not be lost."""

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from competition.store.backup import Backup, BackupFault, back_up, backups, carry_keys, superfluous

SNAPSHOTS = frozenset({"draw", "lock", "decode", "notice", "final", "certificates", "games-notice", "games-final"})
"""Kinds of lines after which a snapshot is taken, named after them."""
PERIOD = 60.0
LATE = timedelta(minutes=3)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """One folder of copies. current: the moment the newest copy was last known to hold all there is; free in bytes."""

    folder: Path
    last: Backup | None
    current: datetime | None
    fault: BackupFault | None
    free: int | None

    def late(self, at: datetime) -> bool:
        """Whether this place is behind so far that somebody must look."""
        return self.fault is not None or self.current is None or at - self.current > LATE


class Keeper:
    """Takes copies of one store into its folders until it is stopped. The clock is the server's."""

    def __init__(self, source: Path, folders: Sequence[Path], clock: Callable[[], datetime]) -> None:
        self._source, self._clock = source, clock
        for folder in folders:  # once, while somebody is looking: see back_up
            with suppress(OSError):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._places = {folder: Place(folder, None, None, None, _free(folder)) for folder in folders}
        self._gate = threading.Lock()
        self._news = threading.Event()
        self._stopped = threading.Event()
        self._seq = self._version = -1
        self._thread = threading.Thread(target=self._work, name="backups", daemon=True)

    def start(self) -> "Keeper":
        """Begin; the first copy is taken at once. What is appended from now on may call for a snapshot."""
        with closing(self._opened()) as conn:
            self._seq = conn.execute("SELECT coalesce(max(seq), 0) FROM ledger").fetchone()[0]
        self._thread.start()
        return self

    def stop(self) -> None:
        """Take a last copy and end."""
        self._stopped.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> "Keeper":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def touched(self, _: set[str]) -> None:
        """For `Writer.on_commit`: something was appended; whether it calls for a snapshot is looked up over here."""
        self._news.set()

    def places(self) -> list[Place]:
        """How each folder stands."""
        return list(self._places.values())

    def take(self, name: str = "") -> list[Place]:
        """A copy into every folder, now. What failed stands in the place's `fault`; the others go on."""
        with self._gate:
            at = self._clock()
            for folder in self._places:
                self._places[folder] = self._take(folder, at, name)
        return self.places()

    def _take(self, folder: Path, at: datetime, name: str) -> Place:
        before = self._places[folder]
        try:
            made = back_up(self._source, folder, at, name)
            if folder.parent != self._source.parent:  # another disk: a twin may start from it
                carry_keys(self._source.parent, folder)
            for old in superfluous(backups(folder, made.mark), at):
                old.path.unlink(missing_ok=True)
            return Place(folder, made, at, None, _free(folder))
        except BackupFault as fault:
            log.warning("%s", fault)
            return Place(folder, before.last, before.current, fault, _free(folder))
        except OSError as fault:  # the copy stands; an old one would not go, or a key would not come
            log.warning("beside the copy in %s: %s", folder, fault)
            return Place(folder, made, at, None, _free(folder))

    def _work(self) -> None:
        with closing(self._opened()) as conn:
            ended = False
            while not ended:
                ended = self._stopped.is_set()  # asked before the last copy, so that it holds all there was
                try:
                    self._minute(conn)
                    self._wait(conn)
                except sqlite3.Error:  # the store itself can't be read: the places say so by falling behind
                    log.exception("no backup")
                    self._stopped.wait(PERIOD)

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._source.as_uri()}?mode=ro", uri=True)

    def _minute(self, conn: sqlite3.Connection) -> None:
        """A copy, unless nothing at all was written since the last one: then that one is as good as new."""
        version = conn.execute("PRAGMA data_version").fetchone()[0]
        at = self._clock()
        with self._gate:
            idle = version == self._version
            for folder, place in self._places.items():
                if idle and place.last is not None and place.fault is None and place.last.path.exists():
                    self._places[folder] = Place(folder, place.last, at, None, _free(folder))
                else:
                    self._places[folder] = self._take(folder, at, "")
        self._version = version

    def _wait(self, conn: sqlite3.Connection) -> None:
        """Until the next minute; a draw, a lock or a release meanwhile gets its snapshot within a second."""
        end = time.monotonic() + PERIOD
        while (left := end - time.monotonic()) > 0 and not self._stopped.is_set():
            if self._news.wait(left):
                self._stopped.wait(1)  # what happens within one second is one snapshot
                self._news.clear()
                if name := self._asked(conn):
                    self.take(name)

    def _asked(self, conn: sqlite3.Connection) -> str:
        """What the next snapshot is to be called; "" when nothing calls for one."""
        rows = conn.execute(
            "SELECT seq, event_id, kind FROM ledger WHERE seq > ? ORDER BY seq", (self._seq,)
        ).fetchall()
        self._seq = rows[-1][0] if rows else self._seq
        kinds = dict.fromkeys(kind for _, _, kind in rows if kind in SNAPSHOTS)
        events = dict.fromkeys(event for _, event, kind in rows if kind in SNAPSHOTS)
        if not kinds:
            return ""
        where = next(iter(events)).replace("_", "-").lower() if len(events) == 1 else f"{len(events)}-events"
        return f"{'-'.join(kinds)}-{where}"[:60]


def _free(folder: Path) -> int | None:
    """Bytes free where the folder is or will be; None when its disk is not there."""
    for place in (folder, *folder.parents):
        if place.exists():
            return shutil.disk_usage(place).free
    return None
