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


def best_n(merits: Merits, n: int, ties: str) -> set[str]:
    """The best n. Those tied over the border all go ("extend"), or none of them goes ("leave")."""
    last = {"extend": 0, "leave": -1}[ties]
    return {entry for entry in merits if taken(merits, entry)[last] <= n}
