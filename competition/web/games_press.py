"""The games' book and pack, made in a process of their own: minutes of drawing that no page waits for.

A folder named by the digest of all that goes in holds what is finished, and beside it how far the rest is. A file is written under another
name and renamed when it is whole; a process that is killed leaves nothing that looks finished, and begins anew.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from competition import store, words
from competition.errors import CompetitionError, Conflict
from competition.publish.batches import AT_THE_DESK
from competition.web.games_outputs import book, games_pack
from competition.web.pack import Asking

OUTPUTS = {"book": "games-book.pdf", "pack": "games-pack.zip"}
"""What is made, and the name of its file."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made, from which store, into which folder."""

    what: str
    store: str
    root: Path
    folder: Path
    address: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """How far an output is: events done, of how many (0 before it is known); size and digest once whole; why it failed."""

    done: int = 0
    of: int = 0
    size: int = 0
    digest: str = ""
    failed: tuple[str, str] | None = None

    @property
    def whole(self) -> bool:
        """Whether the file is there."""
        return bool(self.digest)


class Press:
    """The one output of the games that this server makes at a time. Killing it is safe."""

    def __init__(self) -> None:
        self._at: tuple[Path, str, BaseProcess] | None = None

    def running(self, folder: Path, what: str) -> bool:
        """Whether this very output is being made."""
        return self._at is not None and self._at[:2] == (folder, what) and self._at[2].is_alive()

    def busy(self) -> bool:
        """Whether any output is being made."""
        return self._at is not None and self._at[2].is_alive()

    def start(self, order: Order) -> None:
        """Make it. Conflict while another one is on the press."""
        if self.running(order.folder, order.what):
            return
        if self.busy():
            raise Conflict(
                "另一份正在制作：请等它做完，或先停止它。", "Another one is being made: wait for it, or stop it."
            )
        process = get_context("spawn").Process(target=make, args=(order,), daemon=True)
        process.start()
        self._at = order.folder, order.what, process

    def stop(self, folder: Path, what: str) -> None:
        """Stop at once."""
        if self._at is not None and self.running(folder, what):
            self._at[2].terminate()
            self._at[2].join()


def folder_of(var: Path, digest: str) -> Path:
    """Where the outputs of this state of the games are kept: among what the desk prints, so that an erasure takes it along."""
    return var / AT_THE_DESK / "games" / digest[:16]


def make(order: Order) -> None:
    """Make an output, saying how far it is in a file beside it."""
    order.folder.mkdir(parents=True, exist_ok=True)
    _tell(order, Made())
    engine = store.open_store(order.store)
    try:
        fresh = order.folder / f"{OUTPUTS[order.what]}.part"
        with store.reading(engine) as conn, fresh.open("wb") as out:
            asking = Asking(order.root / "templates", words.load(order.root), order.address)
            say = lambda done, of: _tell(order, Made(done, of))  # noqa: E731
            said, size = sha256(), 0
            for piece in [book(conn, asking, say)] if order.what == "book" else games_pack(conn, asking, say):
                out.write(piece)
                said.update(piece)
                size += len(piece)
        fresh.replace(order.folder / OUTPUTS[order.what])
        _tell(order, Made(size=size, digest=said.hexdigest()))
    except CompetitionError as fault:
        _tell(order, Made(failed=(fault.zh, fault.en)))
    finally:
        engine.dispose()


def made(folder: Path, what: str) -> Made | None:
    """How far an output is; None when it was never begun."""
    file = folder / f"{what}.json"
    if not file.is_file():
        return None
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    failed = said.pop("failed")
    return Made(**said, failed=tuple(failed) if failed else None)


def _tell(order: Order, how: Made) -> None:
    said = {"done": how.done, "of": how.of, "size": how.size, "digest": how.digest, "failed": how.failed}
    fresh = order.folder / f"{order.what}.json.part"
    fresh.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    fresh.replace(order.folder / f"{order.what}.json")
