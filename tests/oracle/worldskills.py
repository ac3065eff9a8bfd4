"""WorldSkills positions and medals by edition (reference/rules.md 7.1 to 7.3), from marks on the scale."""

from collections.abc import Mapping
from fractions import Fraction

Marks = Mapping[str, Fraction]
Groups = list[list[str]]

_BY_LEADER = ("1997", "2013", "2015", "2017")  # every place is shared within 2 points of its leader
_DISTINCT = ("2026",)  # no tolerance at all
_NEW_SCALE = 2017  # from here on the medallion needs 700, before it 500
_TOLERANCE = 2


def medals(marks: Marks, edition: str) -> dict[str, str]:
    """Entry -> gold, silver, bronze or medallion; who gets none is not in it."""
    found: dict[str, str] = {}
    for medal, entries in zip(("gold", "silver", "bronze"), _medal_groups(marks, edition), strict=True):
        found |= dict.fromkeys(entries, medal)
    enough = 700 if int(edition) >= _NEW_SCALE else 500
    return {**{entry: "medallion" for entry, mark in marks.items() if mark >= enough}, **found}


def positions(marks: Marks, edition: str) -> dict[str, int]:
    """Entry -> place; the next place skips."""
    if edition in _BY_LEADER:
        return _numbered(_leader_groups(marks, _TOLERANCE))
    medal = [] if edition in _DISTINCT else [group for group in _medal_groups(marks, edition) if group]
    rest = {entry: mark for entry, mark in marks.items() if not any(entry in group for group in medal)}
    return _numbered([*medal, *_leader_groups(rest, 0)])


def _numbered(groups: Groups) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in groups:
        found |= dict.fromkeys(group, len(found) + 1)
    return found


def _medal_groups(marks: Marks, edition: str) -> tuple[list[str], list[str], list[str]]:
    """Who gets gold, silver and bronze."""
    if edition in _DISTINCT:
        one, two, three = [*_leader_groups(marks, 0), [], [], []][:3]
        return one, two, three
    gold, rest = _leader(marks)
    if not gold:
        return [], [], []
    if len(gold) == 2:
        return gold, [], _leader(rest)[0]
    if len(gold) > 2:
        return gold, [], _within(rest, min(marks[entry] for entry in gold))
    silver, rest = _leader(rest)
    if len(silver) > 1:
        return gold, silver, _within(rest, min(marks[entry] for entry in silver))
    return gold, silver, _leader(rest)[0]


def _leader(marks: Marks) -> tuple[list[str], Marks]:
    """All within the tolerance of the best mark, not chained, and the others."""
    group = _within(marks, max(marks.values(), default=Fraction(0)))
    return group, {entry: mark for entry, mark in marks.items() if entry not in group}


def _within(marks: Marks, leader: Fraction) -> list[str]:
    return [entry for entry, mark in marks.items() if leader - mark <= _TOLERANCE]


def _leader_groups(marks: Marks, tolerance: int) -> Groups:
    """From the top: all within `tolerance` of the best mark left, then of the next best …"""
    groups: Groups = []
    left = dict(marks)
    while left:
        best = max(left.values())
        groups.append([entry for entry, mark in left.items() if best - mark <= tolerance])
        left = {entry: mark for entry, mark in left.items() if entry not in groups[-1]}
    return groups
