"""Fixtures every room may use: a fresh migrated store on disk, and its writer."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from argon2 import PasswordHasher
from litestar.testing import TestClient
from sqlalchemy import Engine

from competition import store
from competition.judging import secrets
from tests.laid_out import LaidOut, opened
from tests.serving import Server, free_port


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, made once."""
    path = tmp_path_factory.mktemp("store") / "empty.sqlite"
    engine = store.open_store(f"sqlite:///{path}")
    store.migrate(engine)
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def sample_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server that was started once, with the sample games in it. To be copied.

    They take twenty seconds to load, so the first worker in need of them makes them for all.
    """
    base = tmp_path_factory.getbasetemp()
    ours = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    var = ours / "sample-games"
    with (ours / "sample-games.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not var.exists():
            making = ours / "sample-games-in-the-making"
            Server(making, free_port()).start().stop()
            making.rename(var)
    return var


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> LaidOut:
    """Places laid out once in this run."""
    return LaidOut(tmp_path_factory.mktemp("laid-out"), migrated.read_bytes())


@pytest.fixture
def engine(tmp_path: Path, migrated: Path) -> Iterator[Engine]:
    """A store of this test's own."""
    path = tmp_path / "competition.sqlite"
    path.write_bytes(migrated.read_bytes())
    with opened(path) as engine:
        yield engine


@pytest.fixture
def writer(engine: Engine) -> Iterator[store.Writer]:
    """The writer of this test's store."""
    with store.Writer(engine) as writer:
        yield writer


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """All test clients of a worker share one event loop: a loop and its thread for every request take as long as a page."""
    with start_blocking_portal("asyncio") as portal, pytest.MonkeyPatch.context() as patch:

        @contextmanager
        def shared(self: TestClient) -> Iterator[BlockingPortal]:  # type: ignore[type-arg]
            yield getattr(self, "blocking_portal", portal)

        patch.setattr(TestClient, "portal", shared)
        yield


@pytest.fixture(scope="session", autouse=True)
def light_passwords() -> Iterator[None]:
    """Passwords hashed in a moment: everybody at every stage has one, and hundreds of tests sign in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "_PASSWORDS", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield
