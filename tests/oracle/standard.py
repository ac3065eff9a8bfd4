"""Scales over a field that take a root: a standard scale, WorldSkills 500 and 700. Reports, exact to the last digit shown."""

from fractions import Fraction
from math import isqrt

from .rounding import half_up
from .working import mean, median

MAD_TO_SD = Fraction("1.4826")
_FINE = 10**40


def standard(
    values: list[Fraction], value: Fraction, centre: Fraction, spread: Fraction, places: int
) -> Fraction | None:
    """centre + spread × z, population SD, half up. Without any spread in the field there is no scale."""
    middle = mean(values)
    variance = mean([(one - middle) ** 2 for one in values])
    if variance == 0:
        return None
    distance = spread * (value - middle)
    size = _root(distance**2 / variance)
    return half_up(centre + (size if distance > 0 else -size), places)


def scale_500(values: list[Fraction], value: Fraction) -> Fraction | None:
    """Mean 500, population SD 30, whole numbers half away from zero."""
    return standard(values, value, Fraction(500), Fraction(30), 0)


def scale_700(values: list[Fraction], value: Fraction) -> Fraction | None:
    """Median 700, 1.4826 × MAD = 30, whole numbers half away from zero."""
    middle = median(values)
    deviation = median([abs(one - middle) for one in values])
    if deviation == 0:
        return None
    return half_up(700 + 30 * (value - middle) / (MAD_TO_SD * deviation), 0)


def _root(square: Fraction) -> Fraction:
    """Exact where the root is a fraction; else cut after 40 decimals, which no rounding to a few places can notice."""
    top, bottom = isqrt(square.numerator), isqrt(square.denominator)
    if top**2 == square.numerator and bottom**2 == square.denominator:
        return Fraction(top, bottom)
    return Fraction(isqrt(square.numerator * _FINE**2 // square.denominator), _FINE)
