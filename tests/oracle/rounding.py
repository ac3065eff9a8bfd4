"""The four ways of rounding, on fractions."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any


def rounded(value: Fraction | None, how: Mapping[str, Any] | None) -> Fraction | None:
    """`value` rounded as `{ places, mode }` says; nothing said = exact; not known stays not known."""
    if value is None or how is None:
        return value
    return _MODES[how["mode"]](value, int(how["places"]))


def half_up(value: Fraction, places: int) -> Fraction:
    """To the nearest, a half away from zero."""
    return _outward(value, places, lambda size: math.floor(size + Fraction(1, 2)))


def _half_even(value: Fraction, places: int) -> Fraction:
    return _outward(value, places, round)


def _down(value: Fraction, places: int) -> Fraction:
    return _outward(value, places, math.floor)


def _up(value: Fraction, places: int) -> Fraction:
    return _outward(value, places, math.ceil)


def _outward(value: Fraction, places: int, whole: Any) -> Fraction:
    """Rounds the size and gives the sign back: down is towards zero, up away from it."""
    unit = Fraction(1, 10**places)
    return whole(abs(value) / unit) * unit * (-1 if value < 0 else 1)


_MODES = {"half_up": half_up, "half_even": _half_even, "down": _down, "up": _up}
