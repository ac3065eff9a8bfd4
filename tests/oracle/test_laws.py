"""Laws that need no second calculator (code style, section 9)."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from .comparing import by_engine
from .oracle import Mark
from .strategies import Case, cases

FEWER = settings(max_examples=max(4, settings().max_examples // 10))


@FEWER
@given(case=cases(field=False), shift=st.integers(1, 50))
def test_order_of_marks_changes_nothing(case: Case, shift: int, folder: Path) -> None:
    cut = shift % max(len(case.marks), 1)
    mixed = [*reversed(case.marks[cut:]), *case.marks[:cut]]
    assert by_engine(case, folder, mixed).standings == by_engine(case, folder).standings


@FEWER
@given(case=cases(field=False))
def test_scoring_twice_is_identical(case: Case, folder: Path) -> None:
    assert by_engine(case, folder).standings == by_engine(case, folder).standings


@FEWER
@given(case=cases(field=False))
def test_marks_of_others_never_change_my_points(case: Case, folder: Path) -> None:
    """But for what looks across the field, which these rule files leave out."""
    mine = case.entries[0]["entry"]
    alone = [mark for mark in case.marks if mark[0] in (mine, "*")]
    assert _points(by_engine(case, folder), mine) == _points(by_engine(case, folder, alone), mine)


@FEWER
@given(case=cases(field=False))
def test_equal_merit_is_equal_rank_and_the_next_rank_skips(case: Case, folder: Path) -> None:
    result = by_engine(case, folder)
    ranks = Counter(standing.rank for standing in result.standings if standing.rank is not None)
    for standing in result.standings:
        assert standing.tied == (ranks[standing.rank] > 1 if standing.rank is not None else False)
    for rank in ranks:
        assert rank == 1 + sum(count for other, count in ranks.items() if other < rank)


@FEWER
@given(case=cases(field=False))
def test_the_same_marks_get_the_same_place(case: Case, folder: Path) -> None:
    """A twin of the first entry stands where the first entry stands."""
    first = case.entries[0]["entry"]
    assume(not any(who == first for who, _ in case.absences))
    twin = Case(
        case.data,
        case.marks + [("twin", *mark[1:]) for mark in case.marks if mark[0] == first],
        [*case.entries, {**case.entries[0], "entry": "twin"}],
        case.absences,
    )
    found = {standing.entry: standing for standing in by_engine(twin, folder).standings}
    assert replace(found["twin"], entry=first) == found[first]


@FEWER
@given(case=cases(monotone=True), chosen=st.integers(0, 10_000))
def test_a_higher_mark_never_lowers_the_total(case: Case, chosen: int, folder: Path) -> None:
    raisable = [(mark, higher) for mark in case.marks if (higher := _higher(case.data, mark)) is not None]
    assume(raisable)
    mark, higher = raisable[chosen % len(raisable)]
    raised = [(*mark[:5], higher) if other == mark else other for other in case.marks]
    before, after = _total(case, folder, case.marks, mark[0]), _total(case, folder, raised, mark[0])
    assert (before is None) == (after is None)
    assert before is None or before <= after


def _points(result: Any, entry: str) -> tuple[Any, ...]:
    return next((s.total, s.status, s.values) for s in result.standings if s.entry == entry)


def _total(case: Case, folder: Path, marks: list[Mark], entry: str) -> Any:
    text = _points(by_engine(case, folder, marks), entry)[0]
    return None if text is None else Fraction(text.removesuffix("…"))


def _higher(data: dict[str, Any], mark: Mark) -> str | None:
    """The next legal value above, for scales with a step; nothing above a key or an official's input."""
    if mark[0] == "*":
        return None
    item = next(
        item
        for section in data["modules"][mark[1]]["sheets"][mark[2]]["sections"]
        for item in section["items"]
        if item["id"] == mark[4].partition("@")[0]
    )
    scale = data["scales"].get(item["scale"], {"type": item["scale"], "from": 0, "to": item.get("max", 1)})
    if scale["type"] not in ("yesno", "steps", "points", "cards", "count"):
        return None
    step = Decimal(item.get("step", scale.get("step", 1)))
    value = Decimal(mark[5]) + step
    if value in scale.get("except", []):
        value += step
    top = 1 if scale["type"] == "yesno" else scale["to"]
    return format(value, "f") if value <= top else None
