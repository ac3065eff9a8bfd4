"""Places: ordered keys with direction, the numbering the rules name, and which key decided."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from competition.rules import Rules, Text
from competition.rules.resolve import EXACT_TOTAL
from competition.scoring import worldskills
from competition.scoring.result import comparable

CHIEF = Text("裁判长裁定", "the chief's decision")
"""What decided where every key was equal and an official had to."""

Keys = tuple[int | Fraction, ...]


class Row(msgspec.Struct, gc=False):
    """An entry on its way to a standing: exact numbers to rank by, texts to show.

    totalled: its total is known. reached: how many rounds it got to. decision: which decision of the chief's, and the place in it.
    """

    entry: str
    status: str
    numbers: Mapping[str, Fraction | None]
    texts: Mapping[str, str | None]
    needs: Mapping[str, bool]
    missing: int
    expected: int
    totalled: bool
    passed: bool | None = None
    reached: int = 0
    decision: tuple[str, int] | None = None
    rank: int | None = None
    tied: bool = False
    decided_by: Text | None = None


def rank(rules: Rules, rows: list[Row]) -> list[Row]:
    """The rows in order, with rank, tied and decided_by filled in.

    Ranked are those with a total and no status (and, where the rules say so, those who passed); a key that is unknown sorts
    last among equals. Below them those who didn't pass, those still without a total, then the statuses in the order the rules
    give; among themselves by entry, for a stable list.
    """
    whole = [row for row in rows if not row.status and _placeable(rules, row)]
    failed = [row for row in whole if rules.ranked_passed and row.passed is False]
    ranked = [row for row in whole if not rules.ranked_passed or row.passed]
    waiting = [
        row
        for row in rows
        if not row.status and (not _placeable(rules, row) or (rules.ranked_passed and row.passed is None))
    ]
    out = [row for row in rows if row.status]
    order = {status: n for n, status in enumerate(rules.after)}
    placed = _by_medals(rules, ranked) if rules.medals else _by_keys(rules, ranked)
    if rules.rounds and not rules.medals:
        _leave_room(placed, waiting)
    return (
        placed
        + [
            row
            for _, row in sorted(
                zip(_keys(rules, failed), failed, strict=True), key=lambda pair: (pair[0], pair[1].entry)
            )
        ]
        + sorted(waiting, key=lambda row: (row.missing, row.entry))
        + sorted(out, key=lambda row: (order.get(row.status, len(order)), row.entry))
    )


def _placeable(rules: Rules, row: Row) -> bool:
    """Whether what places an entry is known: its total, and for medals the mark they go by."""
    return row.totalled and (rules.medals is None or row.numbers[rules.medals[1]] is not None)


def _by_keys(rules: Rules, rows: list[Row]) -> list[Row]:
    equal: dict[Keys, list[Row]] = {}
    for keys, row in _in_order(_decided(list(zip(_keys(rules, rows), rows, strict=True)))):
        equal.setdefault(keys, []).append(row)
    order, first = list(equal), 1
    around = zip([None, *order], order, [*order[1:], None], strict=False)
    for dense, (before, keys, after) in enumerate(around, 1):
        together = equal[keys]
        last = first + len(together) - 1
        rank = dense if rules.numbering == "1223" else last if rules.numbering == "1334" else first
        # Only neighbours of the same round and an equal first key are parted by a later one.
        beside = [other for other in (before, after) if other and other[2] == keys[2] and other[:2] == keys[:2]]
        decided_by = _decider(rules, keys, beside) if beside else None
        for row in together:
            row.rank, row.tied, row.decided_by = rank, last > first, decided_by
        first = last + 1
    return [row for together in equal.values() for row in together]


def _in_order(pairs: list[tuple[Keys, Row]]) -> list[tuple[Keys, Row]]:
    """By their keys, and by entry where those are equal."""
    order = sorted((keys, row.entry, n) for n, (keys, row) in enumerate(pairs))
    return [pairs[n] for _, _, n in order]


def _leave_room(placed: list[Row], waiting: list[Row]) -> None:
    """Those who reached a later round and have no total of it yet stand before whoever didn't."""
    for row in placed:
        assert row.rank is not None
        row.rank += sum(other.reached > row.reached and not other.totalled for other in waiting)


def _by_medals(rules: Rules, rows: list[Row]) -> list[Row]:
    """WorldSkills: marks within two points of a group's leader may share a place (rules.md 7.3)."""
    assert rules.medals is not None
    edition, of = rules.medals
    marks = [mark for row in rows if (mark := row.numbers[of]) is not None]
    for row, place in zip(rows, worldskills.positions(marks, edition) if rows else [], strict=True):
        row.rank = place
    for row in rows:
        row.tied = sum(other.rank == row.rank for other in rows) > 1
    return sorted(rows, key=lambda row: (row.rank or 0, -(row.numbers[of] or 0), row.entry))


def _decided(pairs: list[tuple[Keys, Row]]) -> list[tuple[Keys, Row]]:
    """The chief's decision as a last key, among entries equal in every other, if one decision speaks of all of them."""
    if all(row.decision is None for _, row in pairs):
        return pairs
    groups: dict[Keys, list[Row]] = {}
    for keys, row in pairs:
        groups.setdefault(keys, []).append(row)
    out: list[tuple[Keys, Row]] = []
    for keys, rows in groups.items():
        spoken = {row.decision[0] if row.decision else None for row in rows}
        said = len(rows) > 1 and len(spoken) == 1 and None not in spoken
        out += [((*keys, row.decision[1] if said and row.decision else 0), row) for row in rows]
    return out


def _keys(rules: Rules, rows: Sequence[Row]) -> list[Keys]:
    """Ascending: the last round reached; for each of the rules' keys whether it is unknown, and its value, better first.

    The total is the exact one where the rules decide places on that, else as it is shown.
    """
    columns: list[Sequence[int | Fraction]] = [[-row.reached for row in rows]]
    for key in rules.keys:
        by = EXACT_TOTAL if key.by == "total" and EXACT_TOTAL in rules.steps else key.by
        values = comparable([row.numbers for row in rows], by)
        columns.append([value is None for value in values])
        if key.best == "high":
            columns.append([0 if value is None else -value for value in values])
        else:
            columns.append([0 if value is None else value for value in values])
    return list(zip(*columns, strict=True))


def _decider(rules: Rules, own: Keys, beside: Sequence[Keys]) -> Text | None:
    """The last key that was needed to part this entry from those beside it."""
    needed = max([_first_difference(own, other) for other in beside])
    if needed > 2 * len(rules.keys):
        return CHIEF
    by = rules.keys[(needed - 1) // 2].by
    return rules.names.get(by, Text(by, by))


def _first_difference(own: Keys, other: Keys) -> int:
    return next(n for n, key in enumerate(own) if key != other[n])
