"""A place holder until the scales and medals land; every value is unknown."""

from collections.abc import Sequence
from fractions import Fraction


def scale_500(values: Sequence[Fraction], clamp: tuple[Fraction, Fraction] | None = None) -> list[int] | None:
    return None


def scale_700(values: Sequence[Fraction], clamp: tuple[Fraction, Fraction] | None = None) -> list[int] | None:
    return None


def positions(marks: Sequence[Fraction], edition: str) -> list[int]:
    return []


def medals(marks: Sequence[Fraction], edition: str) -> list[str | None]:
    return []


def standard(values: Sequence[Fraction], centre: Fraction, spread: Fraction, places: int) -> list[Fraction] | None:
    return None
