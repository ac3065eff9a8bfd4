"""After the first mark another edition takes two people, and loses no mark of a tablet that didn't know."""

from pathlib import Path

import pytest

from competition import judging, rules, store
from competition.errors import Conflict, NotAllowed
from competition.judging import Device
from competition.rules import Rules
from tests.judging.conftest import EVENT, Hall

RULES = Path(__file__).parent / "rules" / "rules.toml"


def amended() -> Rules:
    """The event's rules with other weights."""
    text = RULES.read_text("utf-8").replace('edition = "test-1"', 'edition = "test-2"')
    loaded = rules.load_text(
        text.replace("weight = 80", "weight = 70").replace("weight = 20", "weight = 30"), RULES.parent
    )
    assert loaded.rules is not None, loaded.findings
    return loaded.rules


@pytest.fixture
def device(hall: Hall) -> Device:
    """A tablet with the event's first mark on it."""
    made = hall.tablet()
    (sheet, *_) = hall.sheets("taste.1")
    assert hall.outcome(made, hall.op(sheet.id, "aroma", "6")) == ["accepted"]
    return made


def ask(hall: Hall, by: str = "organiser") -> None:
    hall.do(judging.ask_edition, EVENT, amended(), hall.official(by), reason="更正权重")


def test_a_mark_made_under_the_edition_before_is_taken(hall: Hall, device: Device) -> None:
    ask(hall)
    hall.do(judging.put_in_force, EVENT, amended().digest, hall.official("chief"))
    assert hall.read(store.thawed, EVENT).digest == amended().digest
    (sheet, *_) = hall.sheets("taste.1")
    assert hall.outcome(device, hall.op(sheet.id, "taste", "5")) == ["accepted"]  # with the digest of test-1
    assert hall.outcome(device, hall.op(sheet.id, "variety", "龙井", edition=amended().digest)) == ["accepted"]
    assert hall.findings() == []


def test_an_edition_that_is_only_asked_for_is_no_edition_of_a_mark(hall: Hall, device: Device) -> None:
    ask(hall)
    (sheet, *_) = hall.sheets("taste.1")
    assert hall.outcome(device, hall.op(sheet.id, "taste", "5", edition=amended().digest)) == ["refused"]
    assert "taste" not in hall.sheet(sheet.id).marks


def test_before_the_first_mark_there_is_nothing_to_ask(hall: Hall) -> None:
    with pytest.raises(Conflict, match="directly"):
        ask(hall)
    assert hall.ledger("edition-asked") == []


def test_who_asked_does_not_answer(hall: Hall, device: Device) -> None:
    organiser = hall.official("organiser")
    hall.do(judging.grant, organiser.id, "chief", EVENT, organiser)
    ask(hall)
    with pytest.raises(NotAllowed, match="Who asked"):
        hall.do(judging.put_in_force, EVENT, amended().digest, organiser)
    assert hall.read(store.thawed, EVENT).edition == "test-1"
    hall.do(judging.put_in_force, EVENT, amended().digest, hall.official("chief"))
    assert hall.read(store.thawed, EVENT).edition == "test-2"
