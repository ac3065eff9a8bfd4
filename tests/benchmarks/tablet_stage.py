"""An invented contest with one sheet of forty items of the 0–6 scale, laid out for tablets: three entries, one judge."""

from collections.abc import Callable
from typing import Any

from competition import judging, store
from competition.rules import Rules
from tests.browser.judge_walk import Venue, engine_of
from tests.rule_text import legal, one_sheet
from tests.web.judge_stage import EVENT, PIN, Stage

SEAT = "p.1"
CARDS = 12
ITEMS = tuple(f"item_{n}" for n in range(1, 41))
SCALE = """
[scales.s06]
type = "steps"
from = 0
to = 6
step = 0.5
except = [0.5]
[scales.s06.legend]
"0" = { zh = "不可接受", en = "unacceptable" }
"1" = { zh = "可接受", en = "acceptable" }
"2" = { zh = "一般", en = "average" }
"3" = { zh = "好", en = "good" }
"4" = { zh = "很好", en = "very good" }
"5" = { zh = "优秀", en = "excellent" }
"6" = { zh = "卓越", en = "extraordinary" }
"""


class FortyItems(Venue):
    """A server whose only judge has three sheets of forty items."""

    def lay_out(self) -> "FortyItems":
        self.var.mkdir(mode=0o700, parents=True)
        lines = ", ".join(f'{{ id = "{item}", scale = "s06" }}' for item in ITEMS)
        rules = legal(self.var, one_sheet(lines, more=SCALE))
        engine = engine_of(self)
        store.migrate(engine)
        with store.Writer(engine) as writer:
            self.stage = Stage(engine, writer)
            _lay_out(self.stage, rules)
        engine.dispose()
        self.cards = {SEAT: iter([f"card-{SEAT}-{n}" for n in range(CARDS)])}
        return self


def _lay_out(stage: Stage, rules: Rules) -> None:
    """As tests/web/judge_stage does for the barista contest, as far as a tablet needs it."""
    do: Callable[..., Any] = stage.do
    first = do(judging.create_official, "organiser", "组委会甲", "long password", None, rng_bytes=stage.rng)
    do(judging.grant, first.id, "organiser", None, None)
    stage.people["organiser"] = first
    for role in ("encryptor", "supervisor"):
        stage.people[role] = do(judging.create_official, role, f"官员{role}", None, first, rng_bytes=stage.rng)
    do(judging.add_games, "g2026", ("示例市职工技术运动会", "Sample City Workers' Skill Games"), "示例市", 2026, first)
    do(judging.add_chain, "food", "g2026", ("绿色食品产业链", "Green food"), first)
    do(judging.add_job_type, "probe", 42, ("试题", "Probe"), "food", first)
    do(judging.add_unit, "u-north", "g2026", ("示例单位", "Sample unit"), first)
    do(judging.open_event, EVENT, "g2026", rules, first, rng_bytes=stage.rng)
    for role in ("encryptor", "supervisor"):
        do(judging.grant, stage.people[role].id, role, EVENT, first)
    judge = do(judging.create_official, "judge", "林示例", None, first, rng_bytes=stage.rng)
    do(judging.grant, judge.id, "judge", EVENT, first)
    do(judging.seat_judge, EVENT, SEAT, judge.id, first)
    slots = {}
    for n in range(1, 4):
        person = do(judging.add_person, f"选手{n}", "u-north", first, rng_bytes=stage.rng)
        entry = do(judging.add_entry, EVENT, [person], "u-north", {}, first, rng_bytes=stage.rng)
        slots[entry] = do(judging.add_slot, EVENT, "m", 1, str(n), None, first, rng_bytes=stage.rng)
    do(judging.assign_sheets, EVENT, first, rng_bytes=stage.rng, slots=slots)
    for role in ("encryptor", "supervisor"):
        do(judging.commit_seed, EVENT, f"{role}'s half", stage.people[role], rng_bytes=stage.rng)
    do(judging.draw_codes, EVENT, stage.people["encryptor"])
    for n in range(CARDS):
        do(judging.make_pairing, EVENT, SEAT, first, token=f"card-{SEAT}-{n}", pin=PIN)
