"""A tasting with planted names and seeds, and a browser for each official: what the tests of sealing look at."""

import html
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine, update

from competition import judging, store
from competition.judging.secrets import hash_password
from competition.settings import Settings
from competition.store import people
from tests.judging.conftest import EVENT, NAMES, UNITS, Hall
from tests.judging.conftest import lay_out as lay_out_hall
from tests.served import served as application

ROOT = Path(__file__).parents[2]
HTTPS = "https://desk.example"
PASSWORD = "a long password"
BASE = f"/desk/events/{EVENT}"
WORDS = {"encryptor": "植入种子 one", "supervisor": "植入种子 two"}
TEAM = "植入一队"
SECRETS = (*NAMES, *UNITS.values(), *WORDS.values(), TEAM)
ROLES = ("organiser", "chief", "clerk", "encryptor", "supervisor", "announcer", "stranger")


@dataclass
class Sealing(Hall):
    """The hall, its application, and a browser for each desk."""

    app: Litestar | None = None
    open: ExitStack = field(default_factory=ExitStack)
    browsers: dict[str, TestClient[Litestar]] = field(default_factory=dict)

    def browser(self, username: str) -> TestClient[Litestar]:
        """A browser signed in as this official; "" is nobody."""
        if username not in self.browsers:
            assert self.app is not None
            client = TestClient(self.app, base_url=HTTPS)
            if username:
                form = {"username": username, "password": PASSWORD}
                assert client.post("/login", data=form, headers={"origin": HTTPS}).status_code == 200
            self.browsers[username] = client
        return self.browsers[username]

    def get(self, role: str, path: str, **more: Any) -> Any:
        return self.browser(role).get(path, **more)

    def post(self, role: str, path: str, data: dict[str, str] | None = None) -> Any:
        return self.browser(role).post(path, data=data or {}, headers={"origin": HTTPS})

    def seal(self) -> None:
        """Both halves and the draw, with planted words."""
        for role in ("encryptor", "supervisor"):
            self.do(judging.commit_seed, EVENT, WORDS[role], self.official(role), rng_bytes=self.rng)
        self.do(judging.draw_codes, EVENT, self.official("encryptor"))


def lay_out(engine: Engine, writer: store.Writer) -> Sealing:
    """The hall, where everybody has a password."""
    hall = lay_out_hall(engine, writer)
    first = hall.people["organiser"]
    for role in ("announcer", "stranger"):
        hall.people[role] = hall.do(judging.create_official, role, f"官员{role}", None, first, rng_bytes=hall.rng)
    hall.do(judging.grant, hall.people["announcer"].id, "announcer", EVENT, first)
    secret = hash_password(PASSWORD)
    writer.do(lambda conn: conn.execute(update(people.Official).values(password_hash=secret)))
    ours = update(people.Entry).where(people.Entry.id == hall.entries[0]).values(team=TEAM)
    writer.do(lambda conn: conn.execute(ours))
    return Sealing(engine, writer, hall.rng, hall.now, hall.people, hall.entries, hall.counter)


@contextmanager
def served(sealing: Sealing, var: Path) -> Iterator[Sealing]:
    """The application over the stage; its clock is the stage's."""
    with application(Settings(ROOT, var), sealing.engine, sealing.writer, sealing.at) as sealing.app:
        yield sealing
        sealing.browsers.clear()


def words(text: str) -> str:
    """A page as it is read: tags gone, blanks one."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))
