"""Rounding and bounds: what every exact operation promises before any mark exists."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules.nodes import Cell, Op, Round, const, rounded

MODES = ("half_up", "half_even", "down", "up")


@pytest.mark.parametrize(
    ("value", "mode", "expected"),
    [
        ("72.345", "half_up", "72.35"), ("2.675", "half_up", "2.68"), ("0.125", "half_up", "0.13"),
        ("-0.125", "half_up", "-0.13"), ("0.125", "half_even", "0.12"), ("0.135", "half_even", "0.14"),
        ("-0.129", "down", "-0.12"), ("0.121", "up", "0.13"), ("-0.121", "up", "-0.13"), ("0.12", "up", "0.12"),
    ],
)  # fmt: skip
def test_rounding_goes_the_way_the_rule_says(value: str, mode: str, expected: str) -> None:
    assert rounded(Fraction(value), Round(2, mode)) == Fraction(expected)  # type: ignore[arg-type]


@given(st.fractions(), st.integers(0, 4), st.sampled_from(MODES))
def test_rounding_moves_by_less_than_one_last_place(value: Fraction, places: int, mode: str) -> None:
    got = rounded(value, Round(places, mode))  # type: ignore[arg-type]
    assert abs(got - value) < Fraction(1, 10**places)
    assert (got * 10**places).denominator == 1


def test_bounds_follow_from_operands() -> None:
    mark = Cell("a", 2, Fraction(-3), Fraction(6))
    assert Op("abs", (mark,)).shape.lo == 0
    assert Op("sub", (const(10), mark)).shape.hi == 13
    assert Op("mul", (mark, const(Fraction(1, 3)))).shape.den == 6
