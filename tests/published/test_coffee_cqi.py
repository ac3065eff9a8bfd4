"""Coffee cupping: the exact means of ten attributes, added and rounded once, give the published totals."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from competition.rules.nodes import Round, rounded
from tests.published.published import Contest, Line, by_command, published

COLUMNS = {
    "aroma": "a1_aroma", "flavor": "a2_flavor", "aftertaste": "a3_aftertaste", "acidity": "a4_acidity",
    "body": "a5_body", "balance": "a6_balance", "uniformity": "a7_uniformity", "clean_cup": "a8_clean_cup",
    "sweetness": "a9_sweetness", "cupper": "a10_cupper",
}  # fmt: skip
CENTS = Round(2, "half_up")


def quarters(printed: Sequence[Fraction]) -> tuple[int, list[int]]:
    """How many graders cupped this coffee, and their quarter points added up, attribute by attribute.

    The source prints means to two places. Three graders' quarter points have a mean of k/12; where the nearest k/12 doesn't
    round to what is printed there were two graders (k/8), or else four (k/16).
    """
    for graders in (3, 2, 4):
        nearest = [rounded(mean * 4 * graders, Round(0, "half_up")).numerator for mean in printed]
        if all(rounded(Fraction(k, 4 * graders), CENTS) == mean for k, mean in zip(nearest, printed, strict=True)):
            return graders, nearest
    raise AssertionError(f"no panel of two, three or four prints {printed}")


def shared_out(contest: Contest, row: Line) -> int:
    """Enter a coffee with marks whose means are the printed ones; the number of its graders."""
    entry = f"{row['species']}.{row['row']}"
    contest.enter(entry)
    graders, sums = quarters([Fraction(row[column]) for column in COLUMNS.values()])
    for item, k in zip(COLUMNS, sums, strict=True):
        for n in range(graders):
            mark = Fraction((k + n) // graders, 4)
            contest.mark(entry, "cupping.form", f"graders.{n + 1}", item, str(float(mark)))
    for seat in range(graders, 4):
        contest.away(entry, f"graders.{seat + 1}")
    return graders


Cuppings = tuple[Contest, dict[str, Fraction], dict[str, int]]


@pytest.fixture(scope="module")
def cuppings() -> Cuppings:
    """All cuppings as one contest, the official totals, and how many graders each had."""
    contest = Contest()
    official: dict[str, Fraction] = {}
    graders: dict[str, int] = {}
    for row in published("coffee_cqi/cuppings.csv"):
        entry = f"{row['species']}.{row['row']}"
        graders[entry] = shared_out(contest, row)
        official[entry] = Fraction(row["official_total"])
    return contest, official, graders


def test_rounded_once_at_the_end(cuppings: Cuppings, tmp_path: Path) -> None:
    contest, official, graders = cuppings
    totals = {row["entry"]: Fraction(row["total"]) for row in by_command("coffee_cqi", contest, tmp_path)}
    assert len(totals) == len(official) == 1339
    assert sum(totals[entry] == total for entry, total in official.items()) == 1337
    assert [e for e, total in official.items() if totals[e] != total] == ["arabica.961", "arabica.1229"]
    assert {e: n for e, n in graders.items() if n != 3} == {"arabica.169": 4, "arabica.231": 4, "arabica.395": 2}


def test_adding_printed_means_gives_only_half_of_them(cuppings: Cuppings, tmp_path: Path) -> None:
    contest, official, _ = cuppings
    totals = {row["entry"]: Fraction(row["total"]) for row in by_command("coffee_cqi_printed", contest, tmp_path)}
    assert len(totals) == len(official) == 1339
    assert sum(totals[entry] == total for entry, total in official.items()) == 664
