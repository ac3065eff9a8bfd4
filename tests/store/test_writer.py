"""The writer: groups commit, a failing job falls alone, answers come after the commit, nothing is lost at the end."""

import asyncio
import threading

import pytest
from sqlalchemy import Connection, Engine, func, select

from competition import store
from competition.errors import NotAllowed
from competition.store import Ledger, Writer
from tests.loops import finish
from tests.store.conftest import AT


def note(kind: str, event: str = "tea") -> "object":
    return lambda conn: store.append(conn, event, kind, None, {}, AT)


def kinds(engine: Engine) -> list[str]:
    with store.reading(engine) as conn:
        return list(conn.scalars(select(Ledger.kind).order_by(Ledger.seq)))


def test_a_failing_job_falls_alone(engine: Engine, writer: Writer) -> None:
    def fail(conn: Connection) -> None:
        store.append(conn, "tea", "half-done", None, {}, AT)
        raise ZeroDivisionError

    async def three() -> list[object]:
        jobs = [writer.submit(note("first")), writer.submit(fail), writer.submit(note("second"))]
        return await asyncio.gather(*jobs, return_exceptions=True)

    first, error, second = finish(three())
    assert isinstance(error, ZeroDivisionError)
    assert (first.n, second.n) == (1, 2)
    assert kinds(engine) == ["first", "second"]


def test_jobs_that_wait_together_share_a_commit(engine: Engine, writer: Writer) -> None:
    told: list[set[str]] = []
    writer.on_commit(told.append)
    gate, begun = threading.Event(), threading.Event()

    def hold(conn: Connection) -> None:
        begun.set()
        gate.wait(5)

    async def many() -> None:
        first = asyncio.ensure_future(writer.submit(hold))
        await asyncio.to_thread(begun.wait, 5)
        rest = [asyncio.ensure_future(writer.submit(note("act", f"event-{n % 3}"))) for n in range(60)]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, *rest)

    finish(many())
    writer.stop()  # listeners are told after the answers
    assert told == [{"event-0", "event-1", "event-2"}]
    assert len(kinds(engine)) == 60


def test_an_answer_is_on_disk_for_every_other_connection(engine: Engine, writer: Writer) -> None:
    for n in range(5):
        writer.do(note("act"))
        assert len(kinds(engine)) == n + 1


def test_a_refusal_that_must_be_counted_keeps_its_changes(engine: Engine, writer: Writer) -> None:
    class Counted(NotAllowed):
        keeps_changes = True

    def refuse(conn: Connection) -> None:
        store.append(conn, "tea", "wrong-pin", None, {}, AT)
        raise Counted("口令不对。", "Wrong PIN.")

    with pytest.raises(Counted):
        writer.do(refuse)
    assert kinds(engine) == ["wrong-pin"]


def test_a_failed_commit_answers_every_job_of_the_group(engine: Engine, writer: Writer) -> None:
    def break_commit(conn: Connection) -> None:
        conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        conn.exec_driver_sql("INSERT INTO chain VALUES ('c', 'no such games', '链', 'chain')")

    with pytest.raises(Exception, match="FOREIGN KEY"):
        writer.do(break_commit)
    writer.do(note("after"))
    assert kinds(engine) == ["after"]


def test_stopping_drains_then_refuses(engine: Engine) -> None:
    writer = Writer(engine)
    threads = [threading.Thread(target=writer.do, args=(note("act"),)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.stop()
    with store.reading(engine) as conn:
        assert conn.scalar(select(func.count()).select_from(Ledger)) == 20
    with pytest.raises(RuntimeError):
        writer.do(note("late"))


def test_a_listener_that_fails_stops_nothing(engine: Engine, writer: Writer) -> None:
    told: list[set[str]] = []
    writer.on_commit(lambda events: 1 / 0)
    writer.on_commit(told.append)
    writer.do(note("act"))
    writer.stop()
    assert told == [{"tea"}]
