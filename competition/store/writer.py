"""The one writer: everything that changes the store goes through it, committed in groups, answered only when durable."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
GROUP = 256
"""At most this many jobs share one commit."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    run: Callable[[Connection], Any]
    answer: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None
    result: Any = None
    error: BaseException | None = None


class Writer:
    """A thread that owns the only writing connection.

    It takes what is waiting (up to `GROUP`), gives each job a savepoint, commits once with full durability, and only
    then answers. A job that raises is undone alone; its neighbours stand. An error whose `keeps_changes` is true
    (a wrong PIN that must be counted) reaches the caller and its changes stay.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._listeners: list[Callable[[set[str]], None]] = []
        self._gate = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def do(self, fn: Callable[[Connection], T]) -> T:
        """Run a job and wait until it is on disk. For threads; never on an event loop."""
        answer: Future[T] = Future()
        self._put(_Job(fn, answer, None))
        return answer.result()

    async def submit(self, fn: Callable[[Connection], T]) -> T:
        """Run a job from an event loop and resume when it is on disk."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._put(_Job(fn, answer, loop))
        return await answer

    def on_commit(self, callback: Callable[[set[str]], None]) -> None:
        """Call back after every commit that changed something, with the ids of the events. Runs on the writer's thread."""
        self._listeners.append(callback)

    def stop(self) -> None:
        """Finish what is waiting, then end. Jobs that come later are refused with RuntimeError."""
        with self._gate:
            if not self._stopped:
                self._stopped = True
                self._jobs.put(None)
        self._thread.join()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _put(self, job: _Job) -> None:
        with self._gate:  # so that nothing is queued behind the end
            if self._stopped:
                raise RuntimeError("the writer has stopped")
            self._jobs.put(job)

    def _work(self) -> None:
        ending = False
        while not ending:
            batch: list[_Job] = []
            job = self._jobs.get()
            while job is not None:
                batch.append(job)
                if len(batch) == GROUP:
                    break
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
            ending = job is None
            if batch:
                touched = self._commit(batch)
                _answer(batch)
                self._tell(touched)

    def _commit(self, batch: list[_Job]) -> set[str]:
        touched: set[str] = set()
        try:
            with self._engine.connect().execution_options(immediate=True) as conn, conn.begin():
                for job in batch:
                    _run(conn, job)
                    if job.error is None or _keeps(job.error):
                        touched |= conn.info.pop("touched", set())
        except BaseException as error:
            log.exception("commit failed: %d jobs were not stored", len(batch))
            for job in batch:
                job.error = error
            return set()
        return touched

    def _tell(self, touched: set[str]) -> None:
        for callback in self._listeners if touched else ():
            try:
                callback(touched)
            except Exception:
                log.exception("a listener failed after a commit")


def _run(conn: Connection, job: _Job) -> None:
    conn.info.pop("touched", None)
    conn.exec_driver_sql("SAVEPOINT job")
    try:
        job.result = job.run(conn)
    except BaseException as error:
        job.error = error
        if not _keeps(error):
            conn.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
    conn.exec_driver_sql("RELEASE SAVEPOINT job")


def _keeps(error: BaseException) -> bool:
    return bool(getattr(error, "keeps_changes", False))


def _answer(batch: list[_Job]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in batch:
        if job.loop is None:
            _resolve(job)
        else:
            by_loop.setdefault(job.loop, []).append(job)
    for loop, jobs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve_all, jobs)
        except RuntimeError:
            log.warning("an event loop closed before %d answers", len(jobs))


def _resolve_all(jobs: list[_Job]) -> None:
    for job in jobs:
        _resolve(job)


def _resolve(job: _Job) -> None:
    if job.answer.done():  # the caller gave up; what it asked for is stored all the same
        return
    if job.error is not None:
        job.answer.set_exception(job.error)
    else:
        job.answer.set_result(job.result)
