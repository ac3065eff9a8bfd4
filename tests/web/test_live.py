"""The hub: the state at once, then changes, newest wins, nothing sent twice, at most one rendering every 200 ms."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from competition.web import live
from competition.web.live import Hub
from tests.loops import finish


def run(scene: Callable[[Hub], Coroutine[Any, Any, None]]) -> None:
    finish(scene(Hub()), 10)


def test_first_the_state_then_each_change() -> None:
    said = iter(["one", "two\nlines"])

    async def scene(hub: Hub) -> None:
        line = hub.watch("t", "event", lambda: next(said))
        assert await anext(line) == b"id: 1\nevent: change\ndata: one\n\n"
        hub.touch({"other"})
        hub.touch({"event"})
        assert await anext(line) == b"id: 2\nevent: change\ndata: two\ndata: lines\n\n"
        await line.aclose()  # type: ignore[attr-defined]
        assert not hub.topics

    run(scene)


def test_a_burst_is_rendered_once_and_the_same_is_not_sent_again() -> None:
    renderings = 0
    state = "a"

    def render() -> str:
        nonlocal renderings
        renderings += 1
        return state

    async def scene(hub: Hub) -> None:
        nonlocal state
        line = hub.watch("t", "event", render)
        await anext(line)
        for _ in range(50):
            hub.touch({"event"})
        await asyncio.sleep(0.3)
        assert renderings <= 3
        state = "b"
        hub.touch({"event"})
        assert b"data: b" in await anext(line)
        await line.aclose()  # type: ignore[attr-defined]

    run(scene)


def test_a_slow_reader_gets_the_newest() -> None:
    count = 0

    def render() -> str:
        nonlocal count
        count += 1
        return str(count)

    async def scene(hub: Hub) -> None:
        slow = hub.watch("t", "event", render)
        await anext(slow)
        for _ in range(3):
            hub.touch({"event"})
            await asyncio.sleep(0.25)
        assert f"data: {count}".encode() in await anext(slow)
        await slow.aclose()  # type: ignore[attr-defined]

    run(scene)


def test_what_changes_by_time_alone_is_told_after_a_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tablet that falls silent commits nothing; the board says so all the same."""
    monkeypatch.setattr(live, "BREATH", 0.05)
    state = "online"

    async def scene(hub: Hub) -> None:
        nonlocal state
        line = hub.watch("t", "event", lambda: state)
        assert b"data: online" in await anext(line)
        state = "silent"
        heard = [await anext(line) for _ in range(12)]
        assert b"data: silent" in b"".join(heard)
        await line.aclose()  # type: ignore[attr-defined]

    run(scene)
