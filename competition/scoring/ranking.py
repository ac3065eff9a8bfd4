"""Places: ordered keys with direction, 1224 numbering, and which key decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from competition.rules import Rules, Text


@dataclass(slots=True)
class Row:
    """An entry on its way to a standing: exact numbers to rank by, texts to show."""

    entry: str
    status: str
    numbers: Mapping[str, Fraction | None]
    texts: Mapping[str, str | None]
    needs: Mapping[str, bool]
    missing: int
    expected: int
    rank: int | None = None
    tied: bool = False
    decided_by: Text | None = None


def rank(rules: Rules, rows: list[Row]) -> list[Row]:
    """The rows in order, with rank, tied and decided_by filled in.

    Ranked are those with a total and no status; a key that is unknown sorts last among equals. Below them, first those
    still without a total, then the statuses in the order the rules give; among themselves by entry, for a stable list.
    """
    ranked = [row for row in rows if not row.status and row.numbers["total"] is not None]
    keyed = sorted(((_keys(rules, row), row) for row in ranked), key=lambda pair: (pair[0], pair[1].entry))
    place = 0
    for n, (keys, row) in enumerate(keyed):
        same_above = n > 0 and keyed[n - 1][0] == keys
        same_below = n + 1 < len(keyed) and keyed[n + 1][0] == keys
        place = place if same_above else n + 1
        row.rank, row.tied = place, same_above or same_below
        row.decided_by = _decider(rules, keys, [keyed[m][0] for m in (n - 1, n + 1) if 0 <= m < len(keyed)])
    waiting = [row for row in rows if not row.status and row.numbers["total"] is None]
    out = [row for row in rows if row.status]
    order = {status: n for n, status in enumerate(rules.after)}
    return (
        [row for _, row in keyed]
        + sorted(waiting, key=lambda row: (row.missing, row.entry))
        + sorted(out, key=lambda row: (order.get(row.status, len(order)), row.entry))
    )


def _keys(rules: Rules, row: Row) -> tuple[tuple[int, Fraction], ...]:
    """Ascending sort keys: better first, unknown last."""
    keys = []
    for key in rules.keys:
        value = row.numbers[key.by]
        if value is None:
            keys.append((1, Fraction(0)))
        else:
            keys.append((0, -value if key.best == "high" else value))
    return tuple(keys)


def _decider(rules: Rules, own: tuple[object, ...], neighbours: list[tuple[object, ...]]) -> Text | None:
    """The last key that was needed to part this entry from a neighbour of equal total."""
    needed = 0
    for other in neighbours:
        if other[0] == own[0] and other != own:
            needed = max(needed, next(n for n, (a, b) in enumerate(zip(own, other, strict=True)) if a != b))
    by = rules.keys[needed].by
    return rules.names.get(by, Text(by, by)) if needed else None
