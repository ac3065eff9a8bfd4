"""The oracle's panel methods against published and hand-worked panels."""

from fractions import Fraction
from typing import Any

import pytest

from .panel import together
from .vectors import needs_vectors, table, vectors

FIG_GAPS = [{"below": 6, "gap": "0.6"}, {"below": 7, "gap": "0.5"}, {"below": 8, "gap": "0.4"}, {"gap": "0.3"}]
TWO_PLACES = {"places": 2, "mode": "half_up"}


def combined(scores: str, absent: int = 0, mode: str = "exclude", **how: Any) -> Fraction | None:
    """The seats' numbers, written with blanks between, put together."""
    return together({"absent": mode, **how}, [Fraction(score) for score in scores.split()], absent)


@needs_vectors
def test_fig_middle_scores_stand_only_within_their_gap() -> None:
    for case in vectors("fig_aerobic_tolerance_cases.json")["cases"]:
        scores = " ".join(str(score) for score in case["scores"])
        assert combined(scores, method="middle", k=2, gaps=FIG_GAPS) == Fraction(case["final"])


@needs_vectors
def test_isu_trimmed_means_absent_judges_left_out() -> None:
    for row in table("isu_trimmed_mean.csv"):
        scores = [row[f"J{n}"] for n in range(1, 10) if row[f"J{n}"]]
        how = {"method": "trimmed", "low": 1, "high": 1, "from": 3, "round": TWO_PLACES}
        assert combined(" ".join(scores), 9 - len(scores), **how) == Fraction(row["expected_panel_score"])


@needs_vectors
def test_diving_sums_of_three_and_of_five() -> None:
    new, old, older, _ = vectors("panel_sum_cases.json")
    assert combined(_text(new["judges"]), method="middle", k=3, times=3) == Fraction("22")  # × 3.0 = 66
    assert Fraction("22") * Fraction(new["dd"]) == Fraction(new["expected"])
    for case in (old, older):
        five = combined(_text(case["judges"]), method="middle", k=5, times=5)
        assert five is not None
        assert five * Fraction(case["dd"]) * Fraction("0.6") == Fraction(case["expected"])


@pytest.mark.parametrize(
    ("scores", "k", "expected"),
    [
        ("1 2 3 4 9", 3, "3"),
        ("1 2 3 9", 3, "15/4"),  # parity does not fit: four remain
        ("1 2 6", 2, "3"),  # three remain
        ("1 9", 3, "5"),  # fewer than k: all
    ],
)
def test_middle_drops_equal_numbers_at_both_ends(scores: str, k: int, expected: str) -> None:
    assert combined(scores, method="middle", k=k) == Fraction(expected)


@pytest.mark.parametrize(
    ("scores", "tie", "expected"),
    [
        ("7 5 6", "lower", "5.5"),
        ("7 5 6", "higher", "6.5"),
        ("1 5 6 9", "lower", "5.5"),
        ("9", "lower", "9"),  # fewer than k: all
    ],
)
def test_closest_two(scores: str, tie: str, expected: str) -> None:
    assert combined(scores, method="closest", k=2, tie=tie) == Fraction(expected)


def test_the_method_follows_the_seats_that_stand() -> None:
    # Rope skipping: from four the middle of them, three the closest two, fewer the mean.
    rows = [
        {"from": 4, "method": "trimmed", "low": 1, "high": 1},
        {"from": 3, "method": "closest", "k": 2, "tie": "higher"},
        {"from": 2, "method": "mean"},
    ]
    assert combined("1 2 4 9", by_standing=rows) == 3
    assert combined("1 2 4", by_standing=rows) == Fraction("1.5")
    assert combined("1 4", by_standing=rows) == Fraction("2.5")
    assert combined("4", by_standing=rows) is None


def test_an_absent_seat_can_count_as_the_mean_of_the_others() -> None:
    assert combined("1 2 6", 1, "mean", method="sum") == 12
    # 1 2 3 6: the absent one is a 3, the two in the middle are 2 and 3.
    assert combined("1 2 6", 1, "mean", method="middle", k=2) == Fraction("2.5")


def test_times_then_round_come_after_the_method() -> None:
    assert combined("1 1 2", method="mean", times=3, round={"places": 0, "mode": "half_up"}) == 4
    assert combined("1 2", method="mean", times=3, round={"places": 0, "mode": "down"}) == 4


def _text(scores: list[Any]) -> str:
    return " ".join(str(score) for score in scores)
