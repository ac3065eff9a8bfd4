"""Opening a store: pragmas, transactions that begin when they say so, migrations, one server per file."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from competition.errors import Conflict

MIGRATIONS = Path(__file__).parent / "migrations"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # measured: NORMAL loses every acknowledged sheet at a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA recursive_triggers=ON",  # else INSERT OR REPLACE takes lines away unseen
    "PRAGMA cache_size=-32000",
)


def open_store(url: str) -> Engine:
    """An engine on the store at a SQLAlchemy address. It creates no tables: call `migrate`."""
    engine = create_engine(url, hide_parameters=True)  # an error in a log must not tell names or hashes
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the store's tables to the newest revision. A store that is there already is left alone."""
    with writing(engine) as conn:
        if revision(conn) == newest():
            return  # and Alembic, half a second to import, stays out of the start
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = conn
        command.upgrade(config, "head")


def newest() -> str:
    """The newest revision this program knows."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision(conn: Connection) -> str | None:
    """The revision the store's tables are at; None for an empty store."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return str(conn.scalar(text("SELECT version_num FROM alembic_version")))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the store and can change nothing."""
    with engine.connect() as conn:
        sqlite = conn.dialect.name == "sqlite"
        if not sqlite:
            conn = conn.execution_options(postgresql_readonly=True)
        else:
            conn.exec_driver_sql("PRAGMA query_only=ON")
        try:
            yield conn
        finally:
            conn.rollback()
            if sqlite:
                conn.exec_driver_sql("PRAGMA query_only=OFF")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction outside the writer: migrations, tests, a terminal while no server runs."""
    with engine.connect().execution_options(immediate=True) as conn, conn.begin():
        yield conn


def scrub(engine: Engine) -> None:
    """Let nothing of what was erased stay in the file: SQLite keeps deleted rows in free pages and in its journal."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as conn:
        raw = conn.connection.cursor()
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Claim:
    """The hold of this process on a SQLite file; ends with `release`, `with`, or the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let another server open the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "Claim":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def claim(path: Path) -> Claim:
    """Hold a SQLite file for this server. Conflict if another server has it: two would not see each other's news."""
    lock = path.with_name(path.name + ".lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise Conflict(
            f"{path.name} 正被另一个服务进程使用。请先停止那个进程，或换一个数据目录。",
            f"{path.name} is held by another server process. Stop that one first, or use another data folder.",
        ) from None
    return Claim(descriptor)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin or commit behind our back
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("immediate") else "BEGIN")
