"""The re-check: who is on it, what happens to a sheet that is wrong, when all of them are, and what waits for it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition import judging
from competition.errors import CompetitionError, Conflict, NotAllowed, NotFound
from competition.judging.recheck import TOP, sample
from tests.judging.conftest import EVENT, Hall, lay_out
from tests.laid_out import LaidOut


def locked(engine, writer):  # type: ignore[no-untyped-def]
    hall = lay_out(engine, writer)
    hall.mark_everything()
    hall.do(judging.lock_event, EVENT, hall.official("chief"))
    return hall


@pytest.fixture
def hall(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    with laid_out.copy(locked, tmp_path / "competition.sqlite") as hall:
        yield hall
        assert hall.findings() == []


def drawn(hall: Hall) -> judging.Recheck:
    known: judging.Recheck = hall.read(judging.recheck, EVENT)
    return known


def compare(hall: Hall, sheet: str, wrong: str | None = None, by: str = "supervisor") -> None:
    hall.do(judging.compared, sheet, wrong, hall.official(by))


@given(
    st.dictionaries(st.text(min_size=1, max_size=4), st.none() | st.integers(1, 60), max_size=80), st.text(max_size=9)
)
def test_everybody_up_to_tenth_and_at_least_fifteen_in_a_hundred_of_the_rest(
    places: dict[str, int | None], words: str
) -> None:
    found = sample("tea", words, places)
    top = {entry for entry, place in places.items() if place is not None and place <= TOP}
    rest = len(places) - len(top)
    assert top <= set(found) <= places.keys()
    assert len(found) == len(set(found))
    assert len(found) - len(top) == -(-rest * 15 // 100)
    assert found == sample("tea", words, dict(reversed(places.items())))


def test_other_words_draw_others() -> None:
    places = dict.fromkeys((f"e{n}" for n in range(100)), None)
    assert len({tuple(sample("tea", str(n), places)) for n in range(20)}) == 20


def test_each_sheet_is_compared_and_the_list_is_through(hall: Hall) -> None:
    assert hall.do(judging.draw_recheck, EVENT, "今天的开奖号", hall.official("supervisor")) == 3
    known = drawn(hall)
    assert (len(known.lines), known.left, known.everything) == (9, 9, False)
    for line in known.lines:
        compare(hall, line.sheet.id)
    assert (drawn(hall).left, {line.sheet.state for line in drawn(hall).lines}) == (0, {"checked"})
    with pytest.raises(Conflict):
        hall.do(judging.draw_recheck, EVENT, "再抽一次", hall.official("supervisor"))


def test_a_wrong_sheet_goes_to_the_chief_and_is_compared_again(hall: Hall) -> None:
    hall.do(judging.draw_recheck, EVENT, "今天的开奖号", hall.official("supervisor"))
    wrong = next(line.sheet for line in drawn(hall).lines if line.sheet.module == "cup")
    compare(hall, wrong.id, "纸上滋味是 7，屏幕上是 7.5")
    line = next(one for one in drawn(hall).lines if one.sheet.id == wrong.id)
    assert (line.wrong, line.right) == ("纸上滋味是 7，屏幕上是 7.5", False)
    hall.do(judging.unlock_sheet, wrong.id, hall.official("chief"), "复核发现")
    with pytest.raises(CompetitionError):
        compare(hall, wrong.id)
    label = next(seat.label for seat in hall.read(judging.seats, EVENT) if seat.id == wrong.seat_id)
    device = hall.tablet(label)
    mark = hall.op(wrong.id, "taste", "7", supersedes=hall.sheet(wrong.id).marks["taste"][1])
    assert hall.outcome(device, mark) == ["accepted"]
    assert hall.sign(device, wrong.id).outcome == "accepted"
    hall.do(judging.lock_event, EVENT, hall.official("chief"))
    compare(hall, wrong.id)
    assert next(one for one in drawn(hall).lines if one.sheet.id == wrong.id).right


def test_the_final_release_waits_for_a_re_check_that_was_begun(hall: Hall) -> None:
    hall.do(judging.draw_recheck, EVENT, "今天的开奖号", hall.official("supervisor"))
    hall.decode()
    organiser = hall.official("organiser")
    hall.do(judging.publish_notice, EVENT, organiser, closes_at=hall.now + timedelta(days=3))
    hall.at(days=4)
    with pytest.raises(Conflict, match="9 sheets of the re-check are left"):
        hall.do(judging.publish_final, EVENT, organiser)
    for line in drawn(hall).lines:
        compare(hall, line.sheet.id)
    assert hall.do(judging.publish_final, EVENT, organiser).revision == 1


def test_not_before_the_lock_not_by_others_and_not_beside_the_list(hall: Hall) -> None:
    for role in ("chief", "clerk", "organiser", "encryptor"):
        with pytest.raises(NotAllowed):
            hall.do(judging.draw_recheck, EVENT, "今天的开奖号", hall.official(role))
    with pytest.raises(NotFound, match="list"):
        compare(hall, hall.sheets()[0].id)
    hall.do(judging.unlock_sheet, hall.sheets()[0].id, hall.official("chief"), "更正")
    with pytest.raises(Conflict, match="1 sheets are not locked"):
        hall.do(judging.draw_recheck, EVENT, "今天的开奖号", hall.official("supervisor"))
    assert hall.read(judging.recheck, EVENT) is None
