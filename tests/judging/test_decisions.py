"""What officials decide where the rules can't, and sheets that open one after the other."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from competition import judging, rules
from competition.errors import Conflict, MarkError, NotAllowed, NotFound
from competition.judging import Device, MarkOp, Receipt, SignOp
from competition.judging.trial import try_rules
from competition.scoring import Standing
from competition.store.sheets import SheetNow, event_sheets
from tests.judging.conftest import PIN, Hall

BLIND = "blind"


@dataclass
class Stage:
    """The hall's second event: two entries, one seat."""

    hall: Hall
    rules: rules.Rules
    entries: list[str]
    device: Device

    def sheet(self, entry: str, sheet: str) -> SheetNow:
        every = self.hall.read(event_sheets, BLIND).values()
        return next(now for now in every if (now.entry_id, now.sheet) == (entry, sheet))

    def mark(self, entry: str, sheet: str, item: str, value: str) -> Receipt:
        op: MarkOp = self.hall.op(self.sheet(entry, sheet).id, item, value, edition=self.rules.digest)
        return self.hall.send(self.device, op)[0]

    def sign(self, entry: str, sheet: str) -> str:
        now, hall = self.sheet(entry, sheet), self.hall
        hall.counter += 1
        marks = {item: cell[1] for item, cell in now.marks.items()}
        signed = SignOp(
            id=hall.rng(16).hex(), sheet=now.id, counter=hall.counter, pin=PIN, marks=marks, strokes=[[[1.0, 2.0, 0.0]]]
        )
        return hall.do(judging.sign_sheet, self.device, signed).outcome

    def standing(self, entry: str) -> Standing:
        return self.hall.read(judging.standings, BLIND).standing(entry)

    def first_round(self, *tastes: str) -> None:
        for entry, taste in zip(self.entries, tastes, strict=True):
            self.mark(entry, "blind", "taste", taste)
            assert self.sign(entry, "blind") == "accepted"
            assert self.mark(entry, "recipe", "idea", "1").outcome == "accepted"


@pytest.fixture
def stage(hall: Hall) -> Stage:
    loaded = rules.load(Path(__file__).parent / "rules" / "blind.toml").rules
    assert loaded is not None
    first = hall.official("organiser")
    hall.do(judging.open_event, BLIND, "g2026", loaded, first, rng_bytes=hall.rng)
    for role in ("chief", "judge"):
        hall.do(judging.grant, hall.people[role].id, role, BLIND, first)
    hall.do(judging.seat_judge, BLIND, "taste.1", hall.people["judge"].id, first)
    entries = []
    for name in ("甲示例", "乙示例"):
        person = hall.do(judging.add_person, name, "u-north", first, rng_bytes=hall.rng)
        entries.append(hall.do(judging.add_entry, BLIND, [person], "u-north", {}, first, rng_bytes=hall.rng))
    hall.do(judging.assign_sheets, BLIND, first, rng_bytes=hall.rng)
    token, bearer = hall.rng(16).hex(), hall.rng(16).hex()
    hall.do(judging.make_pairing, BLIND, "taste.1", first, token=token, pin=PIN)
    return Stage(hall, loaded, entries, hall.do(judging.join, token, PIN, bearer, rng_bytes=hall.rng))


def test_a_second_sheet_opens_once_the_first_is_signed(stage: Stage) -> None:
    one = stage.entries[0]
    refused = stage.mark(one, "recipe", "idea", "2")
    assert (refused.outcome, "盲评表" in (refused.reason.zh if refused.reason else "")) == ("refused", True)
    assert stage.sheet(one, "recipe").marks == {}
    stage.mark(one, "blind", "taste", "8")
    assert stage.sign(one, "blind") == "accepted"
    assert stage.mark(one, "recipe", "idea", "2").outcome == "accepted"


def test_an_input_is_given_by_the_chief_and_decides(stage: Stage) -> None:
    stage.first_round("8", "5")
    chief = stage.hall.official("chief")
    assert stage.standing(stage.entries[0]).values["final.reached"] == "0"
    stage.hall.do(judging.give_input, BLIND, "cut", "7.5", chief, "committee", rng_bytes=stage.hall.rng)
    assert [stage.standing(e).values["final.reached"] for e in stage.entries] == ["1", "0"]
    stage.hall.do(judging.give_input, BLIND, "cut", "5.5", chief, "misread", rng_bytes=stage.hall.rng)
    assert [stage.standing(e).values["final.reached"] for e in stage.entries] == ["1", "1"]
    assert len(stage.hall.ledger("input")) == 2


def test_an_input_is_refused_from_others_and_beyond_its_scale(stage: Stage) -> None:
    hall = stage.hall
    for name, value, who, why, error in (
        ("cut", "10.5", "chief", "why", MarkError),
        ("cut", "7", "judge", "why", NotAllowed),
        ("cut", "7", "chief", " ", MarkError),
        ("line", "7", "chief", "why", NotFound),
    ):
        with pytest.raises(error):
            hall.do(judging.give_input, BLIND, name, value, hall.official(who), why, rng_bytes=hall.rng)
    assert hall.ledger("input") == []


def test_an_admission_stands_above_the_sum(stage: Stage) -> None:
    stage.first_round("8", "5")
    hall, chief = stage.hall, stage.hall.official("chief")
    hall.do(judging.give_input, BLIND, "cut", "7.5", chief, "committee", rng_bytes=hall.rng)
    hall.do(judging.admit, stage.entries[0], "first", chief, "withdrew from the final")
    hall.do(judging.admit, stage.entries[1], "final", chief, "moves up")
    assert [stage.standing(e).values["final.reached"] for e in stage.entries] == ["0", "1"]
    assert (stage.standing(stage.entries[0]).rank, stage.standing(stage.entries[1]).rank) == (2, None)
    hall.do(judging.admit, stage.entries[1], "", chief, "said in error")
    assert stage.standing(stage.entries[1]).values["final.reached"] == "0"
    with pytest.raises(NotFound):
        hall.do(judging.admit, stage.entries[1], "semi", chief, "why")


def test_the_chief_orders_equals_and_only_them(stage: Stage) -> None:
    stage.first_round("6", "6")
    hall, chief, (one, two) = stage.hall, stage.hall.official("chief"), stage.entries
    hall.do(judging.give_input, BLIND, "cut", "10", chief, "no final", rng_bytes=hall.rng)
    assert stage.standing(one).tied
    for wrong in ([one], [one, one], [two, "f" * 32]):
        with pytest.raises(Conflict):
            hall.do(judging.decide_order, BLIND, wrong, chief, "why")
    hall.do(judging.decide_order, BLIND, [two, one], chief, "the drink of the first had gone cold")
    said = [(s.rank, s.tied, s.decided_by.zh if s.decided_by else "") for s in map(stage.standing, (two, one))]
    assert said == [(1, False, "裁判长裁定"), (2, False, "裁判长裁定")]
    assert not [f for f in hall.read(judging.standings, BLIND).findings if "并列" in f.zh]
    assert hall.findings() == []


def test_a_dry_run_of_the_same_rules_moves_nobody_whatever_was_decided(stage: Stage) -> None:
    """Admissions and the chief's order belong to the entries: other rules are tried with them."""
    stage.first_round("6", "6")
    hall, chief, (one, two) = stage.hall, stage.hall.official("chief"), stage.entries
    hall.do(judging.give_input, BLIND, "cut", "10", chief, "no final", rng_bytes=hall.rng)
    hall.do(judging.decide_order, BLIND, [two, one], chief, "the drink of the first had gone cold")
    hall.do(judging.admit, one, "final", chief, "moves up")
    trial = hall.read(try_rules, BLIND, stage.rules)
    assert trial is not None
    assert trial.new.standings == trial.old.standings
    assert (trial.moves.moves, trial.moves.same) == ((), 2)
