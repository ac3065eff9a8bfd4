"""Seats far apart, against the median of the others (rules.md 19.5)."""

from fractions import Fraction

import pytest

from competition.scoring.outliers import apart


@pytest.mark.parametrize(
    ("values", "limit", "far"),
    [
        ((9, 9, 9, 9, 4), 2, ("s5",)),  # a z-score could not reach 2 here
        ((4, 9), 2, ("s1", "s2")),
        ((5, 6, 7), 2, None),
        ((5, 6, 8), 2, ("s3",)),
        ((4, 4, 8, 8), 3, ("s1", "s2", "s3", "s4")),
        ((0, 2, 3, 5), 4, ("s1", "s4")),  # nobody is so far from the others; the two ends are named
        ((7,), 1, None),
        ((), 1, None),
    ],
)
def test_who_is_far_from_the_others(values: tuple[int, ...], limit: int, far: tuple[str, ...] | None) -> None:
    found = apart({f"s{n}": Fraction(value) for n, value in enumerate(values, 1)}, Fraction(limit))
    assert (found.far if found else None) == far
    assert found is None or found.gap == max(values) - min(values)
