"""Panel methods over exact numbers, for what integer vectors can't carry; each as its rule is written."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from competition.rules.panels import Method


def combine(method: Method, values: Sequence[Fraction]) -> Fraction:
    """The values of the standing seats (at least one) by a panel method."""
    return METHODS[method.name](sorted(values), method)


def mean(values: Sequence[Fraction]) -> Fraction:
    """The exact mean of at least one value."""
    return sum(values, Fraction(0)) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two middle ones."""
    ranked, n = sorted(values), len(values)
    return mean(ranked[(n - 1) // 2 : n // 2 + 1])


def _trimmed(ranked: Sequence[Fraction], how: Method) -> Fraction:
    return mean(ranked[how.low : len(ranked) - how.high] if len(ranked) >= how.start else ranked)


def _middle(ranked: Sequence[Fraction], how: Method) -> Fraction:
    """FIG: the middle two, and the mean of all where they are too far apart for the mark they give (rules.md 18)."""
    drop = max(0, (len(ranked) - how.k) // 2)
    kept = ranked[drop : len(ranked) - drop]
    for edge, included, gap in how.gaps:
        if edge is None or mean(kept) < edge or (included and mean(kept) == edge):
            return mean(ranked) if kept[-1] - kept[0] > gap else mean(kept)
    return mean(kept)


def _closest(ranked: Sequence[Fraction], how: Method) -> Fraction:
    """IJRU: of three judges the closest two; on equal gaps the lower or the higher pair, as the edition says."""
    if len(ranked) < how.k:
        return mean(ranked)
    groups = [ranked[n : n + how.k] for n in range(len(ranked) - how.k + 1)]
    least = min(group[-1] - group[0] for group in groups)
    tied = [group for group in groups if group[-1] - group[0] == least]
    return mean(tied[0 if how.tie == "lower" else -1])


def dropped(method: Method, standing: int) -> tuple[int, int]:
    """How many of the lowest and of the highest a method leaves out whatever they are."""
    if method.name == "trimmed" and standing >= method.start:
        return method.low, method.high
    if method.name == "middle" and not method.gaps:
        return (max(0, (standing - method.k) // 2),) * 2
    return (max(0, standing - method.k), 0) if method.name == "best" else (0, 0)


METHODS: dict[str, Callable[[Sequence[Fraction], Method], Fraction]] = {
    "sum": lambda ranked, _: sum(ranked, Fraction(0)),
    "count": lambda ranked, _: sum(ranked, Fraction(0)),
    "mean": lambda ranked, _: mean(ranked),
    "median": lambda ranked, _: median(ranked),
    "min": lambda ranked, _: ranked[0],
    "max": lambda ranked, _: ranked[-1],
    "best": lambda ranked, how: sum(ranked[-how.k :], Fraction(0)),
    "trimmed": _trimmed,
    "middle": _middle,
    "closest": _closest,
}
"""Methods by name, over the values in ascending order."""


def places(values: Sequence[Any], numbering: str = "1224") -> list[Fraction]:
    """The place of each value, lowest first: 1224, 1223, 1334 or fractional (rules.md section 20)."""
    size = Counter(values)
    place: dict[Any, Fraction] = {}
    first = 1
    for dense, value in enumerate(sorted(size), 1):
        last = first + size[value] - 1
        shown: dict[str, int | Fraction] = {
            "1224": first,
            "1334": last,
            "1223": dense,
            "fractional": Fraction(first + last, 2),
        }
        place[value] = Fraction(shown[numbering])
        first = last + 1
    return [place[value] for value in values]
