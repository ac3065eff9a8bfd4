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


Keys = tuple[tuple[int, Fraction], ...]
Member = tuple[Fraction | None, Row]
Found = list[tuple[str, Keys | None, Fraction | None]]


def _entries(listing: Listing, there: Sequence[tuple[Row, Reader]]) -> Found:
    found: Found = []
    for row, reader in there:
        value = reader.number(listing.of)
        keys = None if value is None else (_key(value, listing.best), *_further(listing, [row]))
        found.append((row.entry, keys, value))
    return found


def _teams(listing: Listing, there: Sequence[tuple[Row, Reader]]) -> Found:
    """A row per team: its best members by the list's direction, added or averaged; one with too few has no place."""
    teams: dict[str, list[Member]] = {}
    for row, reader in there:
        team = reader.row[attribute_column(listing.per)]
        if team is not None:
            teams.setdefault(team, []).append((reader.number(listing.of), row))
    return [(team, *_team(listing, members)) for team, members in teams.items()]


def _team(listing: Listing, members: Sequence[Member]) -> tuple[Keys | None, Fraction | None]:
    """A team's keys (None: it has no place) and value. While a member's value is still unknown the team's is too."""
    known = [(value, row) for value, row in members if value is not None]
    if len(known) < len(members):
        return None, None
    # Which of two equal members counts at the cut is decided by the list's further keys.
    known.sort(key=lambda pair: (_key(pair[0], listing.best), *_further(listing, [pair[1]])))
    counted = known[: listing.take]
    value = _together(listing, [value for value, _ in counted])
    if len(known) < listing.least:
        return None, value
    return (_key(value, listing.best), *_further(listing, [row for _, row in counted])), value


def _together(listing: Listing, values: Sequence[Fraction]) -> Fraction:
    return mean(values) if listing.method == "mean" else sum(values, Fraction(0))


def _key(value: Fraction | None, best: str) -> tuple[int, Fraction]:
    """Ascending, better first, unknown last."""
    return (1, Fraction(0)) if value is None else (0, -value if best == "high" else value)


def _further(listing: Listing, rows: Sequence[Row]) -> list[tuple[int, Fraction]]:
    """The list's further keys; a team's is put together like its value, from the same members."""
    keys = []
    for key in listing.keys:
        values = [value for row in rows if (value := row.numbers[key.by]) is not None]
        keys.append(_key(_together(listing, values) if len(values) == len(rows) else None, key.best))
    return keys
