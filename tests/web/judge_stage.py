"""A barista contest laid out in a store: three entries with planted names, coded and slotted, judges in seats, cards ready."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, select

from competition import judging, rules, store
from competition.judging import Official
from competition.store import Ledger
from tests.laid_out import Dice

ROOT = Path(__file__).parents[2]
EVENT = "barista"
NAMES = ("欧阳植入", "Planted Name", "㛃示例")
UNITS = {"u-north": "植入单位北厂", "u-south": "植入单位南厂"}
JUDGE = "林示例"
PIN = "482913"
SEATS = ("sensory.1", "sensory.2", "sensory.3", "sensory.4", "technical.1", "clock.1")
CARDS = {seat: tuple(f"card-{seat}-{n}" for n in range(8)) for seat in SEATS}
"""Tokens of the cards of each seat; a card is used once."""


@dataclass
class Stage:
    """The contest and the hands that laid it out. `now` moves on a second with every act."""

    engine: Engine
    writer: store.Writer
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    rng: Callable[[int], bytes] = field(default_factory=lambda: Dice("stage"))
    people: dict[str, Official] = field(default_factory=dict)

    def do(self, act: Callable[..., Any], *args: object, **more: object) -> Any:
        """An act through the writer, at the next moment."""
        self.now += timedelta(milliseconds=10)
        at = self.now
        return self.writer.do(lambda conn: act(conn, *args, at=at, **more))

    def card(self, seat: str, token: str) -> None:
        """A new seat card."""
        self.do(judging.make_pairing, EVENT, seat, self.people["organiser"], token=token, pin=PIN)


def lay_out(engine: Engine, writer: store.Writer, slots: tuple[int, ...] = (1, 2, 3)) -> Stage:
    """Everything up to the moment a judge picks up a card. slots: when each entry is up."""
    stage = Stage(engine, writer)
    do = stage.do
    first = do(judging.create_official, "organiser", "组委会甲", "long password", None, rng_bytes=stage.rng)
    do(judging.grant, first.id, "organiser", None, None)
    stage.people["organiser"] = first
    for role in ("chief", "encryptor", "supervisor"):
        stage.people[role] = do(judging.create_official, role, f"官员{role}", None, first, rng_bytes=stage.rng)
    do(judging.add_games, "g2026", ("示例市职工技术运动会", "Sample City Workers' Skill Games"), "示例市", 2026, first)
    do(judging.add_chain, "food", "g2026", ("绿色食品产业链", "Green food"), first)
    do(judging.add_job_type, "barista", 42, ("咖啡师", "Barista"), "food", first)
    for id, name in UNITS.items():
        do(judging.add_unit, id, "g2026", (name, "Planted unit"), first)
    loaded = rules.load(ROOT / "scoring_rules" / "barista").rules
    assert loaded is not None
    do(judging.open_event, EVENT, "g2026", loaded, first, rng_bytes=stage.rng)
    for role in ("chief", "encryptor", "supervisor"):
        do(judging.grant, stage.people[role].id, role, EVENT, first)
    judge = do(judging.create_official, "judge", JUDGE, None, first, rng_bytes=stage.rng)
    do(judging.grant, judge.id, "judge", EVENT, first)
    for seat in SEATS:
        do(judging.seat_judge, EVENT, seat, judge.id, first)
    _enter(stage, first, slots)
    for seat, tokens in CARDS.items():
        for token in tokens:
            stage.card(seat, token)
    return stage


def _enter(stage: Stage, first: Official, when: tuple[int, ...]) -> None:
    """Three entries at three stations, their sheets, and the draw of codes."""
    slots = {}
    for n, (name, unit) in enumerate(zip(NAMES, ("u-north", "u-south", "u-north"), strict=True), 1):
        person = stage.do(judging.add_person, name, unit, first, rng_bytes=stage.rng)
        entry = stage.do(judging.add_entry, EVENT, [person], unit, {}, first, rng_bytes=stage.rng)
        slots[entry] = stage.do(
            judging.add_slot, EVENT, "stage", when[n - 1], str(n + 4), None, first, rng_bytes=stage.rng
        )
    stage.do(judging.assign_sheets, EVENT, first, rng_bytes=stage.rng, slots=slots)
    stage.do(judging.commit_seed, EVENT, "encryptor's half", stage.people["encryptor"], rng_bytes=stage.rng)
    stage.do(judging.commit_seed, EVENT, "supervisor's half", stage.people["supervisor"], rng_bytes=stage.rng)
    stage.do(judging.draw_codes, EVENT, stage.people["encryptor"])


def marks_in_ledger(engine: Engine, sheet: str) -> dict[str, str | None]:
    """The newest mark of every item of a sheet, read from the ledger's evidence and nothing else."""
    with store.reading(engine) as conn:
        bodies = conn.scalars(select(Ledger.body).where(Ledger.kind == "mark").order_by(Ledger.seq)).all()
    lines = [msgspec.json.decode(body) for body in bodies]
    return {line["item"]: line["value"] for line in lines if line["sheet"] == sheet}


def ledger_kinds(engine: Engine, sheet: str) -> list[str]:
    """Kinds of the ledger lines that name a sheet, in order."""
    with store.reading(engine) as conn:
        rows = conn.execute(select(Ledger.kind, Ledger.body).order_by(Ledger.seq)).all()
    return [kind for kind, body in rows if msgspec.json.decode(body).get("sheet") == sheet]
