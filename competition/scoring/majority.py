"""Majority placing, the Skating System's rules 5 to 8: who has most judges behind a place, and then the lower sum.

Textbook cases: reference/vectors/skating_vectors.json.
"""

from collections.abc import Sequence
from fractions import Fraction

from competition.scoring.methods import places


def majority(rows: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """Each entry's place from its judges' places (1 is best). Those that stay equal share the mean of their places."""
    return places([_key(row, max(map(max, rows))) for row in rows], "fractional") if rows else []


def _key(marks: Sequence[Fraction], last: Fraction) -> tuple[Fraction, ...]:
    """Ascending: the first place at which more than half put the entry there or higher (rules 5, 8); then more judges
    (rule 6), a lower sum of those places, and the same for each following place (rule 7).
    """
    columns = [Fraction(n) for n in range(1, int(last) + 1)]
    first = next(c for c in columns if 2 * sum(mark <= c for mark in marks) > len(marks))
    key = [first]
    for column in columns:
        if column >= first:
            higher = [mark for mark in marks if mark <= column]
            key += [Fraction(-len(higher)), sum(higher, Fraction(0))]
    return tuple(key)
