"""The venue and its application, once for all page tests; a browser signed in for each desk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from competition import store
from competition.settings import Settings
from competition.web.app import create_app
from tests.web import venue as places
from tests.web.venue import PASSWORD, ROOT, Venue

HTTPS = "https://desk.example"
Desk = Callable[[str], TestClient[Litestar]]


@pytest.fixture(scope="session")
def venue(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Venue]:
    """Six events at their stages. Shared: only `walk` may be changed, by one test."""
    file = tmp_path_factory.mktemp("venue") / "competition.sqlite"
    file.write_bytes(migrated.read_bytes())
    engine = store.open_store(f"sqlite:///{file}")
    with store.Writer(engine) as writer:
        yield places.build(engine, writer)
    engine.dispose()


@pytest.fixture(scope="session")
def app(venue: Venue, tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """One application for the session."""
    settings = Settings(ROOT, tmp_path_factory.mktemp("var"), public_address="https://v.example.org")
    return create_app(settings, venue.engine, venue.writer, venue.clock)


@pytest.fixture(scope="session")
def desk(app: Litestar) -> Desk:
    """A browser signed in as the official of that name; "" is nobody. Not entered as contexts: a portal each would never end."""
    made: dict[str, TestClient[Litestar]] = {}

    def browser(username: str) -> TestClient[Litestar]:
        if username not in made:
            client = TestClient(app, base_url=HTTPS)
            if username:
                form = {"username": username, "password": PASSWORD}
                answer = client.post("/login", data=form, headers={"origin": HTTPS}, follow_redirects=False)
                assert answer.status_code == 303, answer.text
            made[username] = client
        made[username].cookies.delete("lang")  # every test starts in Chinese
        return made[username]

    return browser
