"""What changes, told to open pages at once. A small hub of our own: newest wins, encoded once, no history.

The writer reports the events it has committed; each topic that someone watches is rendered again at most every 200 ms (or as it asks),
after every breath of silence too, and sent only if it changed. A slow reader skips to the newest. (Litestar's channels have open
faults: stack.md section 6.)
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

Render = Callable[[], str]

EVERY = "*"  # watched instead of an event: a change of any event
PAUSE = 0.2  # seconds between two renderings of one topic
IDLE = 4  # times as long as a rendering took, nothing is rendered for that topic
BREATH = 20.0  # seconds of silence before a comment keeps the line open


@dataclass(eq=False)
class Topic:
    """One thing watched, e.g. one event's matrix in one language: its readers and what was sent last."""

    event: str
    render: Render
    pause: float = PAUSE
    readers: set[asyncio.Event] = field(default_factory=set)
    newest: bytes = b""
    version: int = 0
    task: "asyncio.Task[None] | None" = None
    dirty: bool = False


class Hub:
    """Topics by name. `touch` may be called from any thread; everything else runs on the server's loop."""

    def __init__(self) -> None:
        self.topics: dict[str, Topic] = {}
        self.by_event: defaultdict[str, set[str]] = defaultdict(set)
        self.loop: asyncio.AbstractEventLoop | None = None

    def touch(self, events: set[str]) -> None:
        """These events have changed on disk."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._mark, frozenset(events))

    async def watch(self, name: str, event: str, render: Render, pause: float = PAUSE) -> AsyncIterator[bytes]:
        """Server-sent events of one topic: the state now, then every change, at most one every `pause` seconds. `render` runs
        in a thread; `event` may be EVERY."""
        self.loop = asyncio.get_running_loop()
        topic = self.topics.get(name)
        if topic is None:
            topic = self.topics[name] = Topic(event, render, pause)
            self.by_event[event].add(name)
        bell = asyncio.Event()
        topic.readers.add(bell)
        self._start(topic)
        seen = 0
        try:
            while True:
                bell.clear()
                if topic.version > seen:
                    seen = topic.version
                    yield topic.newest
                    continue  # it may have changed again while that was sent
                try:
                    await asyncio.wait_for(bell.wait(), BREATH)
                except TimeoutError:
                    self._start(topic)  # some of what is shown changes by time alone: a tablet falls silent
                    yield b": open\n\n"
        finally:
            topic.readers.discard(bell)
            if not topic.readers:
                self.topics.pop(name, None)
                self.by_event[event].discard(name)

    def _mark(self, events: frozenset[str]) -> None:
        for event in (*events, EVERY):
            for name in self.by_event.get(event, ()):
                self._start(self.topics[name])

    def _start(self, topic: Topic) -> None:
        topic.dirty = True
        if topic.task is None or topic.task.done():
            topic.task = asyncio.create_task(self._publish(topic))

    async def _publish(self, topic: Topic) -> None:
        while topic.dirty and topic.readers:
            topic.dirty = False
            began = time.monotonic()
            message = encode(await asyncio.to_thread(topic.render), topic.version + 1)
            if message.partition(b"\n")[2] != topic.newest.partition(b"\n")[2]:
                topic.newest, topic.version = message, topic.version + 1
                for bell in topic.readers:
                    bell.set()
            # What is slow to draw is drawn less often: a page that people follow never takes the machine from the marks.
            await asyncio.sleep(max(topic.pause, IDLE * (time.monotonic() - began)))


def encode(text: str, version: int) -> bytes:
    """One server-sent event: its id, then the text line by line."""
    lines = "".join(f"data: {line}\n" for line in text.split("\n"))
    return f"id: {version}\nevent: change\n{lines}\n".encode()
