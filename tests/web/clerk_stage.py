"""A tea tasters' contest with planted names, drawn and assigned, and a browser for the clerk: what the clerk's tests work on."""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine

from competition import judging, rules, store
from competition.judging import Official
from competition.settings import Settings
from tests.laid_out import Dice
from tests.served import served

ROOT = Path(__file__).parents[2]
EVENT = "tea_taster"
HTTPS = "https://desk.example"
PASSWORD = "a long password"
PIN = "482913"
NAMES = ("欧阳植入", "Planted Name", "㛃示例")
UNITS = {"u-north": "植入单位北厂", "u-south": "植入单位南厂"}
SECRETS = (*NAMES, *UNITS.values())
KEY = {"class_given": "green", "name_given": "六安瓜片", "ranking": "B A C"}


@dataclass
class Stage:
    """The contest, and the hands that laid it out."""

    engine: Engine
    writer: store.Writer
    var: Path
    now: datetime = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    rng: Callable[[int], bytes] = field(default_factory=lambda: Dice("clerk"))
    people: dict[str, Official] = field(default_factory=dict)

    def do(self, act: Callable[..., Any], *args: object, **more: object) -> Any:
        """An act through the writer, a moment later."""
        self.now += timedelta(milliseconds=5)
        at = self.now
        return self.writer.do(lambda conn: act(conn, *args, at=at, **more))

    def read(self, query: Callable[..., Any], *args: object, **more: object) -> Any:
        with store.reading(self.engine) as conn:
            return query(conn, *args, **more)

    def codes(self) -> dict[str, tuple[str, ...]]:
        """Entry to its codes of three layers."""
        return {line.id: line.codes for line in self.read(judging.entries, EVENT)}

    def marks(self, item: str) -> dict[str, str]:
        """参赛号 to the current mark of an item, of those that have one."""
        codes = self.codes()
        sheets = self.read(store.sheets.event_sheets, EVENT).values()
        return {codes[now.entry_id][0]: now.marks[item][0] for now in sheets if item in now.marks}

    def kinds(self) -> list[str]:
        """The kinds of the ledger's lines, in order, but for who signed in."""

        def look(conn: Any) -> list[str]:
            query = "SELECT kind FROM ledger WHERE kind <> 'sign-in' ORDER BY seq"
            return list(conn.exec_driver_sql(query).scalars())

        found: list[str] = self.read(look)
        return found

    def card(self, code: str) -> str:
        """The answer card of a 评审号."""
        progress = self.read(judging.progress, EVENT)
        return next(one.sheet for one in progress if (one.code, one.name) == (code, "cards"))

    def tablet(self, seat: str) -> judging.Device:
        """A tablet in a seat."""
        token, bearer = self.rng(16).hex(), self.rng(32).hex()
        self.do(judging.make_pairing, EVENT, seat, self.people["organiser"], token=token, pin=PIN)
        joined: judging.Device = self.do(judging.join, token, PIN, bearer, rng_bytes=self.rng)
        return joined

    @contextmanager
    def desk(self, username: str) -> Iterator["Desk"]:
        """A browser signed in."""
        settings = Settings(ROOT, self.var, public_address="https://v.example.org")
        with (
            served(settings, self.engine, self.writer, self.clock) as app,
            TestClient(app, base_url=HTTPS) as client,
        ):
            desk = Desk(client)
            assert desk.post("/login", {"username": username, "password": PASSWORD}).status_code == 303
            yield desk

    def clock(self) -> datetime:
        self.now += timedelta(milliseconds=5)
        return self.now


@dataclass
class Desk:
    """A browser at a desk. Every page it was shown is kept."""

    client: TestClient[Litestar]
    shown: list[str] = field(default_factory=list)

    def get(self, path: str, **params: str) -> Any:
        return self._seen(self.client.get(path, params=params or None, follow_redirects=False))

    def post(self, path: str, data: dict[str, str], **more: Any) -> Any:
        return self._seen(self.client.post(path, data=data, headers={"origin": HTTPS}, follow_redirects=False, **more))

    def _seen(self, answer: Any) -> Any:
        self.shown.append(answer.text)
        return answer


def words(text: str) -> str:
    """A page as it is read."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def lay_out(engine: Engine, writer: store.Writer) -> Stage:
    """Everything up to the moment the clerk sits down."""
    stage = Stage(engine, writer, Path())
    first = stage.do(judging.create_official, "organiser", "组委会甲", PASSWORD, None, rng_bytes=stage.rng)
    stage.do(judging.grant, first.id, "organiser", None, None)
    stage.people["organiser"] = first
    for role in ("chief", "clerk", "checker", "encryptor", "supervisor"):
        stage.people[role] = stage.do(
            judging.create_official, role, f"官员{role}", PASSWORD, first, rng_bytes=stage.rng
        )
        stage.do(judging.grant, stage.people[role].id, "clerk" if role == "checker" else role, None, first)
    stage.do(judging.add_games, "g2026", ("示例运动会", "Sample games"), "示例市总工会", 2026, first)
    for id, name in UNITS.items():
        stage.do(judging.add_unit, id, "g2026", (name, "Planted unit"), first)
    law = rules.load(ROOT / "scoring_rules" / EVENT).rules
    assert law is not None
    stage.do(judging.open_event, EVENT, "g2026", law, first, rng_bytes=stage.rng)
    for name, unit in zip(NAMES, ("u-north", "u-south", "u-north"), strict=True):
        person = stage.do(judging.add_person, name, unit, first, rng_bytes=stage.rng)
        stage.do(judging.add_entry, EVENT, [person], unit, {"tea_class": "green"}, first, rng_bytes=stage.rng)
    for role in ("encryptor", "supervisor"):
        stage.do(judging.commit_seed, EVENT, f"half of {role}", stage.people[role], rng_bytes=stage.rng)
    stage.do(judging.draw_codes, EVENT, stage.people["encryptor"])
    stage.do(judging.assign_sheets, EVENT, first, rng_bytes=stage.rng)
    return stage
