"""What takes long to lay out is laid out once in a run and copied for each test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Engine, event

from competition import store


class Place(Protocol):
    """A dataclass that holds a store, its writer, and what the hands that filled it remember."""

    engine: Engine
    writer: store.Writer


P = TypeVar("P", bound=Place)


@dataclass
class Dice:
    """Chance that is the same in every run, and goes on from where a copy was taken."""

    seed: str
    thrown: int = 0

    def __call__(self, n: int) -> bytes:
        self.thrown += 1
        return sha256(f"{self.seed} {self.thrown}".encode()).digest()[:n]


class LaidOut:
    """The places laid out so far in this run: the bytes of the store, and the rest as it was then."""

    def __init__(self, folder: Path, empty: bytes) -> None:
        self._folder, self._empty = folder, empty
        self._kept: dict[Callable[..., Any], tuple[bytes, Any]] = {}

    @contextmanager
    def copy(self, lay_out: Callable[[Engine, store.Writer], P], file: Path, **own: Any) -> Iterator[P]:
        """A copy in `file` of what `lay_out` makes of an empty store; `own` replaces fields of this copy."""
        if lay_out not in self._kept:
            self._kept[lay_out] = self._make(lay_out)
        content, kept = self._kept[lay_out]
        file.write_bytes(content)
        with _opened(file) as (engine, writer):
            yield cast(P, replace(deepcopy(kept), engine=engine, writer=writer, **own))

    def _make(self, lay_out: Callable[[Engine, store.Writer], P]) -> tuple[bytes, Any]:
        file = self._folder / f"{len(self._kept)}.sqlite"
        file.write_bytes(self._empty)
        with _opened(file) as (engine, writer):
            made: Any = lay_out(engine, writer)
        return file.read_bytes(), replace(made, engine=None, writer=None)


@contextmanager
def opened(file: Path) -> Iterator[Engine]:
    """The store in `file`, through an engine that is nobody else's meanwhile: what SQLAlchemy compiled for it is kept."""
    engine = _free.pop() if _free else _movable()
    engine.url = engine.url.set(database=str(file))
    yield engine
    engine.dispose()
    _free.append(engine)


_free: list[Engine] = []


def _movable() -> Engine:
    engine = store.open_store("sqlite:///moved.sqlite")
    event.listen(engine, "do_connect", lambda dialect, record, at, more: at.__setitem__(0, str(engine.url.database)))
    return engine


@contextmanager
def _opened(file: Path) -> Iterator[tuple[Engine, store.Writer]]:
    with opened(file) as engine:
        with store.Writer(engine) as writer:
            yield engine, writer
        with engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
