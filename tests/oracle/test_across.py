"""The oracle's looks across the field against published and hand-worked fields."""

from fractions import Fraction
from typing import Any

import pytest

from .across import factors, worked_out
from .majority import by_majority
from .rounding import half_up
from .standard import scale_500, scale_700
from .vectors import needs_vectors, vectors


def group(values: str) -> dict[str, Fraction]:
    """Entries a, b, c … with these values."""
    return {chr(ord("a") + n): Fraction(value) for n, value in enumerate(values.split())}


def over(values: str, **rule: Any) -> list[Fraction | None]:
    """What the entries get, in order."""
    return list(worked_out({"best": "high", **rule}, group(values), lambda _: []).values())


@needs_vectors
@pytest.mark.parametrize("rule", ["rule5", "rule6", "rule7"])
def test_skating_textbook_cases(rule: str) -> None:
    case = vectors("skating_vectors.json")[rule]
    places = {e: [Fraction(judge[e]) for judge in case["marks"].values()] for e in case["expect"]}
    assert by_majority(places) == {entry: Fraction(place) for entry, place in case["expect"].items()}


def test_skating_no_majority_goes_on_and_equal_to_the_end_shares() -> None:
    # No majority of firsts. a: 3 of "2nd and higher", sum 4; b and c: 2 each; then both 4 of "3rd and higher", sum 9.
    rows = {"a": "1 2 2 4 4", "b": "2 1 3 3 5", "c": "3 3 1 2 5", "d": "5 5 5 5 1"}
    marks = {entry: [Fraction(place) for place in row.split()] for entry, row in rows.items()}
    assert by_majority(marks) == {"a": 1, "b": Fraction("2.5"), "c": Fraction("2.5"), "d": 4}


def test_skating_equal_majority_and_sum_goes_to_the_next_column() -> None:
    # Both 3 of "2nd and higher", both sums 5. "3rd and higher": a 4, b 3.
    marks = {"a": [Fraction(n) for n in (1, 2, 2, 3, 5)], "b": [Fraction(n) for n in (2, 1, 2, 4, 4)]}
    assert by_majority(marks) == {"a": 1, "b": 2}


@needs_vectors
def test_rank_conventions() -> None:
    names = {"competition": "1224", "dense": "1223", "modified_1334": "1334", "fractional": "fractional"}
    for case in vectors("rank_cases.json"):
        for name, numbering in names.items():
            expected = [Fraction(place) for place in case[name]]
            assert over(" ".join(map(str, case["marks"])), how="rank", numbering=numbering) == expected


def test_points_by_place_and_three_ways_with_a_tie() -> None:
    # Ljubljana: times 300, 310, 310, 400; 20, 15, 12, 10 by place; the two second take up places 2 and 3.
    times = "300 310 310 400"
    for ties, shared in {"higher": "15", "average": "13.5", "lower": "12"}.items():
        found = over(times, how="points", best="low", points=[20, 15, 12], rest=1, ties=ties)
        assert found == [20, Fraction(shared), Fraction(shared), 1]


def test_top_with_a_tie_over_the_border() -> None:
    assert over("9 8 8 7", how="top", n=2, ties="extend") == [1, 1, 1, 0]
    assert over("9 8 8 7", how="top", n=2, ties="leave") == [1, 0, 0, 0]
    assert over("9 8 8 7", how="top", n=3, ties="leave") == [1, 1, 1, 0]


def test_rival_needs_exactly_two() -> None:
    assert over("3 5", how="rival") == [5, 3]
    assert over("3 5 6", how="rival") == [None, None, None]


@needs_vectors
def test_chinese_panel_factors() -> None:
    teachers, gao_an, twice = vectors("cn_panel_equalisation.json")
    means = {str(n): {str(n): Fraction(mean)} for n, mean in enumerate(twice["example"]["panel_means"])}
    found = [half_up(value or Fraction(0), 6) for value in factors({"method": "means"}, means).values()]
    assert found == [Fraction(one) for one in twice["example"]["coefs"]]
    groups = {one["id"]: _equal(one["total"], one["n"]) for one in teachers["panels"]}
    rounded = factors({"method": "pooled", "round": {"places": 2, "mode": "half_up"}}, groups)
    assert rounded == {"A": Fraction(teachers["printed"]["coef_A"]), "B": Fraction(teachers["printed"]["coef_B"])}
    # Gao'an: the printed totals are after trimming; 2 + 2 more in each panel that the trimming takes away again.
    trimmed = {one["id"]: _with_ends(one["total_after_trim"], one["n_after_trim"]) for one in gao_an["panels"]}
    own = factors({"method": "pooled", "trim": [2, 2]}, trimmed)
    total, n = (sum(Fraction(one[key]) for one in gao_an["panels"]) for key in ("total_after_trim", "n_after_trim"))
    pooled = (total + 2 * 0 + 2 * 100) / (n + 4)  # the list of all loses two of the four lowest and highest only
    for one in gao_an["panels"]:
        assert own[one["id"]] == pooled / (Fraction(one["total_after_trim"]) / one["n_after_trim"])


def _equal(total: Any, n: int) -> dict[str, Fraction]:
    return {str(k): Fraction(total) / n for k in range(n)}


def _with_ends(total: Any, n: int) -> dict[str, Fraction]:
    """n equal marks of that sum, two of 0 and two of 100."""
    return _equal(total, n) | {f"end{k}": Fraction(end) for k, end in enumerate((0, 0, 100, 100))}


@needs_vectors
def test_worldskills_700_of_32_rows() -> None:
    rows = vectors("ws_scale_700_32rows.json")["rows"]
    raw = [Fraction(row["raw"]) for row in rows]
    assert [scale_700(raw, value) for value in raw] == [row["scaled"] for row in rows]


@needs_vectors
def test_scales_in_small_fields() -> None:
    for case in vectors("small_field_pitfalls.json"):
        if "raw" not in case:
            continue
        raw = [Fraction(value) for value in case["raw"]]
        assert [scale_500(raw, value) for value in raw] == case["mean500_popSD30"]
        # The rule language leaves the scale undefined where MAD is 0; the source's project wrote 700.
        expected = [None] * len(raw) if "MAD=0" in case["case"] else case["median700_MAD_unclamped"]
        assert [scale_700(raw, value) for value in raw] == expected


def test_no_spread_no_scale() -> None:
    assert scale_500([Fraction(5)] * 3, Fraction(5)) is None
