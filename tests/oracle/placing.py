"""Places out of merits: numbering of ties, the places a tie takes up, the best n."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Better = list[Any]  # compared from the left; larger is better
Merits = Mapping[str, Better]


def taken(merits: Merits, entry: str) -> range:
    """The places the entry takes up together with those equal to it."""
    first = 1 + sum(other > merits[entry] for other in merits.values())
    return range(first, first + sum(other == merits[entry] for other in merits.values()))


def places(merits: Merits, numbering: str) -> dict[str, Fraction]:
    """1224: the first place taken up; 1334: the last; fractional: their mean; 1223: how many better merits, and one."""
    result = {}
    for entry, merit in merits.items():
        row = taken(merits, entry)
        if numbering == "1223":
            better: list[Better] = []
            for other in merits.values():
                if other > merit and other not in better:
                    better.append(other)
            result[entry] = Fraction(1 + len(better))
        else:
            result[entry] = Fraction(
                {"1224": 2 * row[0], "1334": 2 * row[-1], "fractional": row[0] + row[-1]}[numbering], 2
            )
    return result


def best_n(merits: Merits, n: int, ties: str) -> dict[str, bool | None]:
    """Whether each is one of the best n. Those tied over the border all are ("extend"), or none of them is ("leave"); None
    while they lack a key (False, 0) that would tell them apart.
    """
    last, waiting = {"extend": 0, "leave": -1}[ties], _waiting(merits, n)
    return {entry: None if entry in waiting else taken(merits, entry)[last] <= n for entry in merits}


def _waiting(merits: Merits, n: int) -> set[str]:
    """Those who are tied over the border by the keys before one that is not known of all of them."""
    for asked in range(max(map(len, merits.values()), default=0)):
        before = {entry: merit[:asked] for entry, merit in merits.items()}
        for entry in merits:
            span = taken(before, entry)
            tied = {other for other in merits if before[other] == before[entry]}
            if span[0] <= n < span[-1] and any(not merits[other][asked][0] for other in tied):
                return tied
    return set()
