"""A venue with one event at every stage, names planted in each, and an official for each desk: what the page tests look at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from competition import judging, rules, store
from competition.judging import MarkOp, Official, SignOp

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CLOSES = NOON + timedelta(days=3)
PASSWORD = "a long password"
PIN = "482913"
ROLES = ("organiser", "chief", "clerk", "encryptor", "supervisor")
NAMES = ("欧阳植入", "Planted Name", "㛃示例")
UNITS = {"u-north": "植入单位北厂", "u-south": "植入单位南厂"}
SECRETS = (*NAMES, *UNITS.values())
"""What may be in no page, stream, file or refusal about an event whose codes are sealed."""
MARKING, LOCKED, NOTICE, FINAL, WALK, EMPTY = "marking", "locked", "noticed", "final", "walk", "empty"


def dice() -> Callable[[int], bytes]:
    """Chance that is the same in every run."""
    count = iter(range(10**9))
    return lambda n: sha256(f"venue {next(count)}".encode()).digest()[:n]


@dataclass
class Clock:
    """The server's clock, moved by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Venue:
    """The store and the hands that filled it."""

    engine: Engine
    writer: store.Writer
    clock: Clock = field(default_factory=Clock)
    rng: Callable[[int], bytes] = field(default_factory=dice)
    people: dict[str, Official] = field(default_factory=dict)
    law: rules.Rules | None = None
    counter: int = 0

    def do(self, act: Callable[..., Any], *args: object, **more: object) -> Any:
        """An act through the writer, a moment later."""
        self.clock.now += timedelta(milliseconds=5)
        at = self.clock.now
        return self.writer.do(lambda conn: act(conn, *args, at=at, **more))

    def read(self, query: Callable[..., Any], *args: object, **more: object) -> Any:
        with store.reading(self.engine) as conn:
            return query(conn, *args, **more)

    def event(self, id: str, *, signed: int) -> None:
        """An event with three planted entries, drawn; the first `signed` codes are marked and signed by both seats."""
        organiser = self.people["organiser"]
        self.do(judging.open_event, id, "g2026", self.law, organiser, rng_bytes=self.rng)
        for name, unit in zip(NAMES, ("u-north", "u-south", "u-north"), strict=True):
            person = self.do(judging.add_person, name, unit, organiser, rng_bytes=self.rng)
            self.do(judging.add_entry, id, [person], unit, {}, organiser, rng_bytes=self.rng)
        for n in (1, 2):
            self.do(judging.seat_judge, id, f"taste.{n}", self.people[f"judge{n}"].id, organiser)
        for role in ("encryptor", "supervisor"):
            self.do(judging.commit_seed, id, f"half of {role}", self.people[role], rng_bytes=self.rng)
        self.do(judging.draw_codes, id, self.people["encryptor"])
        self.do(judging.assign_sheets, id, organiser, rng_bytes=self.rng)
        self.do(
            judging.set_sample_key,
            id,
            "cup",
            "senses",
            {"variety": "龙井"},
            self.people["supervisor"],
            rng_bytes=self.rng,
        )
        rows = {line.id: {"mark": str(90 - 5 * n)} for n, line in enumerate(self.read(judging.entries, id))}
        self.do(judging.import_theory, id, "theory", "paper", rows, self.people["clerk"])
        listed = self.read(judging.waiting_list, id, "theory", "paper")
        assert self.law is not None
        read, versions = judging.totals(self.law, listed), {now.id: now.version for now in listed}
        self.do(judging.confirm_list, id, versions, read, self.people["checker"])
        for seat in ("taste.1", "taste.2"):
            self.sit(id, seat, signed)

    def sit(self, event: str, seat: str, signed: int) -> None:
        """One seat marks and signs the first codes."""
        token, bearer = self.rng(16).hex(), self.rng(16).hex()
        self.do(judging.make_pairing, event, seat, self.people["organiser"], token=token, pin=PIN)
        device = self.do(judging.join, token, PIN, bearer, rng_bytes=self.rng)
        work = self.read(judging.session, device, self.clock.now)
        for n, sheet in enumerate(sorted(work["sheets"], key=lambda one: one["code"])[:signed]):
            values = {"aroma": str(8 - n), "taste": "7.5", "variety": "龙井"}
            ops = [self.op(sheet["id"], item, value) for item, value in values.items()]
            self.do(judging.record_marks, device, ops)
            self.counter += 1
            seen = {op.item: op.id for op in ops}
            sign = SignOp(self.rng(16).hex(), sheet["id"], self.counter, seen, None, PIN)
            assert self.do(judging.sign_sheet, device, sign).outcome == "accepted"

    def op(self, sheet: str, item: str, value: str) -> MarkOp:
        assert self.law is not None
        self.counter += 1
        return MarkOp(self.rng(16).hex(), sheet, item, value, self.counter, self.law.digest)

    def decode(self, event: str) -> None:
        self.do(judging.decode_event, event, self.people["encryptor"], self.people["supervisor"])


def build(engine: Engine, writer: store.Writer) -> Venue:
    """Six events: marking, locked, in notice, final with sample certificates, one to walk through its gates, one empty."""
    venue = Venue(engine, writer)
    venue.law = rules.load(ROOT / "tests" / "judging" / "rules").rules
    assert venue.law is not None
    first = venue.do(judging.create_official, "organiser", "组委会甲", PASSWORD, None, rng_bytes=venue.rng)
    venue.do(judging.grant, first.id, "organiser", None, None)
    venue.people["organiser"] = first
    for role in (*ROLES[1:], "checker", "judge1", "judge2", "stranger"):
        password = None if role.startswith("judge") else PASSWORD
        venue.people[role] = venue.do(
            judging.create_official, role, f"官员{role}", password, first, rng_bytes=venue.rng
        )
        if duty := {"checker": "clerk"}.get(role, role if role in ROLES else ""):
            venue.do(judging.grant, venue.people[role].id, duty, None, first)
    venue.do(judging.add_games, "g2026", ("示例运动会", "Sample games"), "示例市总工会", 2026, first)
    venue.do(judging.add_chain, "food", "g2026", ("绿色食品", "Green food"), first)
    venue.do(judging.add_job_type, venue.law.job_type, 42, ("评茶师", "Tea taster"), "food", first)
    for id, name in UNITS.items():
        venue.do(judging.add_unit, id, "g2026", (name, "Planted unit"), first)
    venue.do(judging.open_event, EMPTY, "g2026", venue.law, first, rng_bytes=venue.rng)
    venue.event(MARKING, signed=2)
    for event in (LOCKED, NOTICE, FINAL):
        venue.event(event, signed=3)
        venue.do(judging.lock_event, event, venue.people["chief"])
    venue.event(WALK, signed=3)
    for event in (NOTICE, FINAL):
        venue.decode(event)
    venue.do(judging.publish_notice, NOTICE, first, CLOSES)
    venue.do(judging.publish_notice, FINAL, first, venue.clock.now + timedelta(minutes=1))
    venue.clock.now += timedelta(minutes=2)
    venue.do(judging.publish_final, FINAL, first)
    venue.do(judging.issue_certificates, FINAL, first, rng_bytes=venue.rng, issuer="SLS", year=2026, sample=True)
    return venue
