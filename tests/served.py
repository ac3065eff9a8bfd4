"""The application over a stage, taken from a shelf.

To build one costs a third of a second (two hundred routes, the words, the tablet's program); to stand one that is
free over another database costs nothing. What an application has of its own (`app.connected`) is always new.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from litestar import Litestar
from litestar.datastructures import State

from competition import store
from competition.settings import Settings
from competition.web import rehearsal
from competition.web.app import connected, create_app

FILES = ("words", "files", "pages", "program", "rehearsal")
_free: list[Litestar] = []


@contextmanager
def served(
    settings: Settings, engine: sa.Engine, writer: store.Writer, clock: Callable[[], datetime]
) -> Iterator[Litestar]:
    """An application that nobody else has meanwhile. A rehearsal's is marked when it is built, so it gets its own."""
    if rehearsal.of(engine) is not None:
        yield create_app(settings, engine, writer, clock)
        return
    if _free:
        app = _free.pop()
        kept = {key: app.state[key] for key in FILES}
        app.state = State({**kept, **connected(settings, engine, writer, clock)})
    else:
        app = create_app(settings, engine, writer, clock)
    try:
        yield app
    finally:
        _free.append(app)
