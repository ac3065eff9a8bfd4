"""The Skating System, rules 5 to 8: places given by several judges become one order."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import groupby
from math import ceil

Key = tuple[int, tuple[tuple[int, Fraction], ...]]


def by_majority(places: Mapping[str, list[Fraction]]) -> dict[str, Fraction]:
    """Entry -> place. `places`: what each judge placed the entry, 1 the best. Equal to the end: the mean of their places.

    Rule 5: who has a majority of "1st", then of "2nd and higher", and so on, is placed there. Rule 6: the greater majority
    first. Rule 7: equal majorities: the lower sum of the places in that majority; still equal: the next column, those
    entries only. Rule 8: no majority in a column: go on to the next.
    """
    given = [ceil(place) for row in places.values() for place in row]
    columns = range(min(given, default=1), 1 + max(given, default=0))
    keys = {entry: _key(row, columns) for entry, row in places.items()}
    result, at = {}, 1
    for _, group in groupby(sorted(keys, key=keys.__getitem__), key=keys.__getitem__):
        equal = list(group)
        for entry in equal:
            result[entry] = Fraction(2 * at + len(equal) - 1, 2)
        at += len(equal)
    return result


def _key(row: list[Fraction], columns: range) -> Key:
    """The first column with a majority, then in it and every later one: how many (more first), their sum (less first)."""
    needed = len(row) // 2 + 1
    first = next(column for column in columns if _count(row, column) >= needed)
    rest = [(-_count(row, column), _sum(row, column)) for column in columns if column >= first]
    return first, tuple(rest)


def _count(row: list[Fraction], column: int) -> int:
    return sum(1 for place in row if place <= column)


def _sum(row: list[Fraction], column: int) -> Fraction:
    return sum((place for place in row if place <= column), Fraction(0))
