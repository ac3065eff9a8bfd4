"""An event that has nothing yet, step by step to the moment its judges can start."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from competition import judging
from competition.errors import CompetitionError, Conflict, MarkError, NotAllowed
from competition.judging import interests, readiness, running, slots
from competition.judging.readiness import Found, Need, needs
from competition.store.people import Official
from tests.judging.conftest import Hall, lay_out
from tests.laid_out import LaidOut

NEW = "tea2"
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def hall(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    """The hall with one more event, just opened under its rules."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as hall:
        first = hall.official("organiser")
        hall.do(judging.open_event, NEW, "g2026", hall.rules, first, rng_bytes=hall.rng)
        for role in ("chief", "encryptor", "supervisor"):
            hall.do(judging.grant, hall.people[role].id, role, NEW, first)
        yield hall


def missing(hall: Hall, event: str = NEW) -> list[str]:
    return [need.key for need in hall.read(readiness.readiness, event)[event] if need.blocks]


def make(hall: Hall, stations: list[str], count: int, by: str = "organiser", minutes: int = 20) -> int:
    made: int = hall.do(
        slots.add_slots, NEW, "cup", stations, count, NINE, minutes, hall.official(by), rng_bytes=hall.rng
    )
    return made


def times(hall: Hall) -> list[tuple[int, str, str]]:
    return [(one.n, one.station, (one.opens_at or "")[11:16]) for one in hall.read(slots.slots, NEW)]


def test_from_nothing_to_ready(hall: Hall) -> None:
    first = hall.official("organiser")
    assert missing(hall) == ["entries", "seats", "keys", "codes", "sheets"]
    for name in ("甲", "乙"):
        person = hall.do(judging.add_person, name, "u-north", first, rng_bytes=hall.rng)
        hall.do(judging.add_entry, NEW, [person], "u-north", {}, first, rng_bytes=hall.rng)
    for n, who in ((1, "judge"), (2, "judge2")):
        hall.do(judging.seat_judge, NEW, f"taste.{n}", hall.people[who].id, first)
    with pytest.raises(Conflict, match="sealed keys 0/1, draw of codes 0/1"):
        hall.do(slots.lay_out, NEW, first, rng_bytes=hall.rng)
    key = {"variety": "龙井"}
    hall.do(judging.set_sample_key, NEW, "cup", "senses", key, hall.official("supervisor"), rng_bytes=hall.rng)
    for role in ("encryptor", "supervisor"):
        hall.do(judging.commit_seed, NEW, f"{role} 的一半", hall.official(role), rng_bytes=hall.rng)
    hall.do(judging.draw_codes, NEW, hall.official("encryptor"))
    assert missing(hall) == ["sheets"]
    made = hall.do(slots.lay_out, NEW, hall.official("chief"), rng_bytes=hall.rng)
    assert made == 2 * len({(s.module, s.id) for s in hall.rules.sheets if s.panel.id != "taste"}) + 4 * len(
        [s for s in hall.rules.sheets if s.panel.id == "taste"]
    )
    assert missing(hall) == []
    with pytest.raises(Conflict, match="laid out already"):
        hall.do(slots.lay_out, NEW, first, rng_bytes=hall.rng)
    assert make(hall, ["1"], 2) == 2
    drawn = hall.do(running.draw_order, NEW, "cup", "开幕词", first)
    assert [place.n for place in hall.read(running.running_order, NEW, "cup")] == [1, 2]
    assert len(drawn) == 2
    assert hall.findings() == []


def test_one_calculation_for_one_event_and_for_all(hall: Hall) -> None:
    every = hall.read(readiness.readiness)
    assert set(every) == {"tea", NEW}
    assert every[NEW] == hall.read(readiness.readiness, NEW)[NEW]
    assert missing(hall, "tea") == ["keys", "codes"]


def test_a_judge_of_an_entrys_own_unit_is_decided_about_before_judges_start(hall: Hall) -> None:
    first, keeper = hall.official("organiser"), hall.official("encryptor")
    person = hall.do(judging.add_person, "甲", "u-north", first, rng_bytes=hall.rng)
    hall.do(judging.add_entry, NEW, [person], "u-north", {}, first, rng_bytes=hall.rng)
    ours = [hall.people[who].id for who in ("judge", "judge2")]
    theirs = update(Official).where(Official.id.in_(ours)).values(unit_id="u-north")
    hall.writer.do(lambda conn: conn.execute(theirs))
    for n, judge in enumerate(ours, 1):
        hall.do(judging.seat_judge, NEW, f"taste.{n}", judge, first)

    def decided() -> tuple[int, int]:
        """Never how many: that is the encryptor's to know."""
        need = next(one for one in hall.read(readiness.readiness)[NEW] if one.key == "interests")
        return need.have, need.of

    assert decided() == (0, 1)
    with pytest.raises(Conflict, match="conflicts of interest"):
        hall.do(slots.lay_out, NEW, first, rng_bytes=hall.rng)
    hall.do(interests.keep_judge, NEW, "taste.1", keeper, "已调离该单位")
    assert decided() == (0, 1)
    hall.do(interests.recuse_judge, NEW, "taste.2", keeper)
    assert decided() == (1, 1)
    assert [key for key in missing(hall) if key in ("interests", "seats")] == ["seats"]


def test_slots_go_on_counting_and_each_has_every_station(hall: Hall) -> None:
    assert make(hall, ["2", "1"], 2) == 4
    assert make(hall, ["3"], 1) == 1
    assert times(hall) == [
        (1, "1", "01:00"), (1, "2", "01:00"), (2, "1", "01:20"), (2, "2", "01:20"), (3, "3", "01:00"),
    ]  # fmt: skip
    assert len(hall.ledger("slot")) == 5


def test_later_from_one_slot_on(hall: Hall) -> None:
    make(hall, ["1"], 3)
    assert hall.do(slots.postpone, NEW, "cup", 2, 15, hall.official("chief"), "设备检修") == 2
    assert [time for _, _, time in times(hall)] == ["01:00", "01:35", "01:55"]
    assert "设备检修" in hall.ledger("slots-moved")[0]
    for n, minutes in ((9, 15), (1, 0), (1, 2000)):
        with pytest.raises(Conflict, match="no slot to move"):
            hall.do(slots.postpone, NEW, "cup", n, minutes, hall.official("chief"), "")


def test_only_a_free_slot_goes_away(hall: Hall) -> None:
    first = hall.official("organiser")
    make(hall, ["1", "2"], 2)
    hall.do(slots.drop_slots, NEW, "cup", 2, first)
    assert {n for n, _, _ in times(hall)} == {1}
    person = hall.do(judging.add_person, "甲", "u-north", first, rng_bytes=hall.rng)
    entry = hall.do(judging.add_entry, NEW, [person], "u-north", {}, first, rng_bytes=hall.rng)
    place = hall.read(slots.slots, NEW)[0].id
    hall.do(judging.assign_sheets, NEW, first, rng_bytes=hall.rng, slots={entry: place})
    with pytest.raises(Conflict, match="Slot 1 has entries"):
        hall.do(slots.drop_slots, NEW, "cup", 1, first)
    with pytest.raises(CompetitionError, match="no such slot"):
        hall.do(slots.drop_slots, NEW, "cup", 7, first)
    assert [one.taken for one in hall.read(slots.slots, NEW)] == [1, 0]


@pytest.mark.parametrize(
    ("stations", "count", "minutes"),
    [([], 1, 5), (["1", "1"], 1, 5), (["一" * 21], 1, 5), (["1"], 0, 5), (["1"], 501, 5), (["1"], 2, 0)],
)
def test_slots_that_make_no_sense_are_refused_and_nothing_is_there(
    hall: Hall, stations: list[str], count: int, minutes: int
) -> None:
    with pytest.raises(MarkError):
        make(hall, stations, count, minutes=minutes)
    assert times(hall) == []


@pytest.mark.parametrize("role", ["clerk", "encryptor", "supervisor", "judge"])
def test_others_set_nothing_up(hall: Hall, role: str) -> None:
    with pytest.raises(NotAllowed):
        make(hall, ["1"], 1, by=role)
    with pytest.raises(NotAllowed):
        hall.do(slots.describe_event, NEW, "新名", "New name", hall.official(role))
    with pytest.raises(NotAllowed):
        hall.do(slots.lay_out, NEW, hall.official(role), rng_bytes=hall.rng)
    assert times(hall) == []
    assert hall.read(judging.event_line, NEW).name_zh == "评茶（示例）"


def test_a_name_is_changed_in_both_languages_or_not(hall: Hall) -> None:
    first = hall.official("organiser")
    hall.do(slots.describe_event, NEW, " 评茶决赛 ", "Tea final", first, venue=" 二号馆 ")
    line = hall.read(judging.event_line, NEW)
    assert (line.name_zh, line.name_en, line.venue) == ("评茶决赛", "Tea final", "二号馆")
    with pytest.raises(MarkError):
        hall.do(slots.describe_event, NEW, "只有中文", " ", first)
    assert hall.read(judging.event_line, NEW).name_en == "Tea final"


def test_needs_are_counted_from_what_was_found(hall: Hall) -> None:
    found = Found(drawn=True, entries=3, sheets=5, places={"cup": 2}, seats={"taste": (2, 1, 0), "import": (1, 0, 0)})
    said = {need.key: (need.have, need.of) for need in needs(hall.rules, found)}
    assert said["slots"] == (0, 1)  # two places for three entries are too few
    assert said["seats"] == (1, 2)  # the import's seat holds nobody
    assert said["sheets"] == (5, 9)
    assert said["codes"] == (1, 1)
    assert Need("keys", 0, 0).met
    assert not Need("tablets", 0, 2).blocks
