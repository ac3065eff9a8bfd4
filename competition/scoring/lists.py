"""Tables beside the standings: a best-taste prize, a popularity vote, or a row per team from its members."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from competition.rules.model import Listing
from competition.scoring.entries import attribute_column
from competition.scoring.fractions import Reader
from competition.scoring.methods import mean, places
from competition.scoring.ranking import Row
from competition.scoring.result import Listed, number_text

Candidate = tuple[str, tuple[tuple[int, Fraction], ...], Fraction]


def make_list(listing: Listing, rows: Sequence[Row], readers: Sequence[Reader]) -> tuple[Listed, ...]:
    """The list in order, 1224; those who can't be ranked (a team too small, a value not known) come last.

    Entries with a status and entries that don't meet the list's condition are not on it.
    """
    there = [
        (row, reader)
        for row, reader in zip(rows, readers, strict=True)
        if not row.status and (listing.needs is None or reader.holds(listing.needs))
    ]
    found = _teams(listing, there) if listing.per else _entries(listing, there)
    ranked = [(who, keys, value) for who, keys, value in found if value is not None and keys is not None]
    numbers = places([keys for _, keys, _ in ranked])
    rest = [
        Listed(who, None, None if value is None else number_text(value)) for who, keys, value in found if keys is None
    ]
    held = Counter(numbers)
    shown = [
        Listed(who, int(place), number_text(value), held[place] > 1)
        for (who, _, value), place in zip(ranked, numbers, strict=True)
    ]
    return (*sorted(shown, key=lambda row: (row.rank or 0, row.who)), *sorted(rest, key=lambda row: row.who))


Found = list[tuple[str, tuple[tuple[int, Fraction], ...] | None, Fraction | None]]


def _entries(listing: Listing, there: Sequence[tuple[Row, Reader]]) -> Found:
    found: Found = []
    for row, reader in there:
        value = reader.number(listing.of)
        keys = None if value is None else (_key(value, listing.best), *_further(listing, [row]))
        found.append((row.entry, keys, value))
    return found


def _teams(listing: Listing, there: Sequence[tuple[Row, Reader]]) -> Found:
    """A row per team: its best members by the list's direction, added or averaged; one with too few has no place."""
    teams: dict[str, list[tuple[Fraction | None, Row]]] = {}
    for row, reader in there:
        team = reader.row[attribute_column(listing.per)]
        if team is not None:
            teams.setdefault(team, []).append((reader.number(listing.of), row))
    found: Found = []
    for team, members in teams.items():
        known = [(value, row) for value, row in members if value is not None]
        known.sort(key=lambda pair: pair[0], reverse=listing.best == "high")
        counted = known[: listing.take]
        values = [value for value, _ in counted]
        value = None if not values else mean(values) if listing.method == "mean" else sum(values, Fraction(0))
        enough = value is not None and len(known) >= listing.least
        keys = (
            (_key(value, listing.best), *_further(listing, [row for _, row in counted]))
            if enough and value is not None
            else None
        )
        found.append((team, keys, value))
    return found


def _key(value: Fraction | None, best: str) -> tuple[int, Fraction]:
    """Ascending, better first, unknown last."""
    return (1, Fraction(0)) if value is None else (0, -value if best == "high" else value)


def _further(listing: Listing, rows: Sequence[Row]) -> list[tuple[int, Fraction]]:
    """The list's further keys; a team's is the sum over the members that count."""
    keys = []
    for key in listing.keys:
        values = [row.numbers[key.by] for row in rows]
        known = [value for value in values if value is not None]
        keys.append(_key(sum(known, Fraction(0)) if len(known) == len(values) else None, key.best))
    return keys
