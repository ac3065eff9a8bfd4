"""Figure skating 2016–18: trimmed means, factors and rounding in stages, to the published scores, totals and ranks."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from tests.published.published import RULES, Contest, Line, by_command, by_function, plain, published

JUDGES = range(1, 10)
COMPONENTS = {
    "Skating Skills": "skating_skills",
    "Transitions": "transitions",
    "Performance": "performance",
    "Composition": "composition",
    "Interpretation of the Music": "interpretation",
    "Interpretation of the Music / Timing": "interpretation",
    "Interpretation of the Music/Timing": "interpretation",
}
DISCIPLINES = {"ladies": "ladies", "men": "men", "pair": "pairs", "dance": "dance"}

Aspects = dict[str, list[Line]]
Group = tuple[str, str, str]


def discipline(program: str) -> str:
    """The discipline that a segment's name speaks of; "ladies" before "men", for neither holds the other."""
    return next(value for word, value in DISCIPLINES.items() if word in program.lower())


def rule_file(group: Group) -> str:
    """Ties are decided by other keys in a short programme or short dance."""
    return "isu_short" if "short" in group[2].lower() else "isu_free"


def enter(contest: Contest, skater: Line, aspects: list[Line]) -> None:
    """One performance: its elements in the order of the source, its components, its deductions, its absent judges."""
    entry = skater["performance_id"]
    contest.enter(entry, "", discipline(skater["program"]))
    # Printed with either sign: what is deducted is its size.
    contest.mark(entry, "deductions.referee", "referee.1", "off", skater["total_deductions"].lstrip("-"))
    for n, element in enumerate(elements(aspects), 1):
        _element(contest, entry, n, element)
    for aspect in aspects:
        if aspect["section"] == "components":
            item = COMPONENTS[aspect["desc"]]
            for j in JUDGES:
                contest.mark(entry, "components.judges", f"judges.{j}", item, aspect[f"j{j}"])
    for j in JUDGES:
        if all(not aspect[f"j{j}"] for aspect in aspects):
            contest.away(entry, f"judges.{j}")


def elements(aspects: list[Line]) -> list[Line]:
    """The elements of a performance in the order in which they are entered."""
    return [aspect for aspect in aspects if aspect["section"] == "elements"]


def lost(element: Line) -> bool:
    """Whether the judges' points are not to hand: then the published GOE stands in for them."""
    return not any(element[f"g{j}"] for j in JUDGES)


def _element(contest: Contest, entry: str, n: int, element: Line) -> None:
    called = {"base": element["base_value"]}
    if lost(element):
        called["given"] = element["official_goe"]
    else:
        called["plus"], called["minus"] = (str(row) for row in sov_rows(element))
    for item, value in called.items():
        contest.mark(entry, "elements.technical", "technical.1", f"{item}@{n}", value)
    for j in JUDGES:
        contest.mark(entry, "elements.judges", f"judges.{j}", f"grade@{n}", element[f"j{j}"])


@cache
def scale_of_values() -> dict[int, str]:
    """The table of the rule file: points by 10 × row + grade."""
    text = (RULES / "bases" / "isu_judging.toml").read_text(encoding="utf-8")
    values = tomllib.loads(text, parse_float=str)["tables"]["goe"]["values"]
    return {int(key): plain(points) for key, points in values.items()}


def sov_rows(element: Line) -> tuple[int, int]:
    """The rows of the scale of values for grades above and below 0: the first that give every judge's published points."""
    worth = {int(element[f"j{j}"]): plain(element[f"g{j}"]) for j in JUDGES if element[f"j{j}"]}
    plus, minus = (
        next(row for row in range(1, 9) if all(scale_of_values()[10 * row + g] == p for g, p in side))
        for side in ([each for each in worth.items() if each[0] > 0], [each for each in worth.items() if each[0] < 0])
    )
    return plus, minus


@pytest.fixture(scope="module")
def aspects() -> Aspects:
    """Elements and components by performance."""
    found: Aspects = {}
    for row in published("isu_figure_skating/aspects.csv"):
        found.setdefault(row["performance_id"], []).append(row)
    return found


@pytest.fixture(scope="module")
def groups() -> dict[Group, list[Line]]:
    """Performances by source, competition and programme."""
    found: dict[Group, list[Line]] = {}
    for row in published("isu_figure_skating/performances.csv"):
        found.setdefault((row["src"], row["competition"], row["program"]), []).append(row)
    return found


def contest_of(skaters: list[Line], aspects: Aspects) -> Contest:
    contest = Contest("discipline")
    for skater in skaters:
        enter(contest, skater, aspects[skater["performance_id"]])
    return contest


def same(official: str, got: str) -> bool:
    return bool(got) and Fraction(official) == Fraction(got)


def compared(skater: Line, aspects: list[Line], got: Line) -> Iterator[tuple[str, bool]]:
    """What the source prints against what came out: (what, whether they agree)."""
    for aspect in aspects:
        if aspect["section"] == "components":
            yield "component", same(aspect["official_panel_score"], got[COMPONENTS[aspect["desc"]]])
    for n, element in enumerate(elements(aspects), 1):
        if not lost(element):
            yield "goe", same(element["official_goe"], got[f"goe_{n}"])
    yield "tes", same(skater["total_element_score"], got["elements"])
    yield "pcs", same(skater["total_component_score"], got["components"])
    yield "total", same(skater["total_segment_score"], got["total"])
    yield "rank", skater["rank"] == got["rank"]


def test_every_score_total_and_rank(groups: dict[Group, list[Line]], aspects: Aspects) -> None:
    seen: Counter[str] = Counter()
    agree: Counter[str] = Counter()
    tied: list[str] = []
    for group, skaters in groups.items():
        contest = contest_of(skaters, aspects)
        seen["mark"] += contest.given_by("judges")
        standings = {row["entry"]: row for row in by_function(rule_file(group), contest)}
        for skater in skaters:
            for what, right in compared(skater, aspects[skater["performance_id"]], standings[skater["performance_id"]]):
                seen[what] += 1
                agree[what] += right
        totals = Counter(row["total"] for row in standings.values())
        tied += [total for total, n in totals.items() if n > 1]
    assert len(groups) == 168
    assert seen.pop("mark") == 245037
    assert seen == {"component": 9880, "goe": 17284, "tes": 1976, "pcs": 1976, "total": 1976, "rank": 1976}
    assert agree == seen
    assert len(tied) == 4


@pytest.mark.parametrize("program", ["Pair Skating - Short Program", "Pair Skating - Free Skating"])
def test_the_command_says_the_same(
    program: str, groups: dict[Group, list[Line]], aspects: Aspects, tmp_path: Path
) -> None:
    group = ("owg", "Olympic Winter Games 2018", program)
    contest = contest_of(groups[group], aspects)
    standings = {row["entry"]: row for row in by_command(rule_file(group), contest, tmp_path)}
    for skater in groups[group]:
        found = compared(skater, aspects[skater["performance_id"]], standings[skater["performance_id"]])
        assert all(right for _, right in found)
