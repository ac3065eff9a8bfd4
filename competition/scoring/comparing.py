"""The same marks under two rule files: who moves, and which quantities changed (the dry run of a new edition, DESIGN law 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from competition.rules import Text
from competition.scoring.result import Listed, Result, Standing


@dataclass(frozen=True, slots=True)
class Change:
    """A named quantity that both rule files have, with its two values as decimal text; None where it is not known."""

    id: str
    name: Text
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """An entry whose place, status, award or passing changed.

    changes: its own quantities that differ, the deepest first, without the total. Where there are none and the total is the
    same, it moved because others did, or because ties are decided otherwise.
    """

    old: Standing
    new: Standing
    changes: tuple[Change, ...]

    @property
    def entry(self) -> str:
        return self.new.entry


@dataclass(frozen=True, slots=True)
class ListMove:
    """A row of a list beside the standings whose rank changed; None: it has no row or no rank there."""

    list: str
    who: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Moves in the order of the new standings; `retotalled` entries keep their place with another total, `same` keep both."""

    moves: tuple[Move, ...]
    retotalled: int
    same: int
    lists: tuple[ListMove, ...]


def compare(old: Result, new: Result) -> Comparison:
    """Compare two results of the same marks. Entries are those of the new result that the old one has too."""
    before = {standing.entry: standing for standing in old.standings}
    pairs = [(before[standing.entry], standing) for standing in new.standings if standing.entry in before]
    moves = tuple(Move(a, b, _changes(old, new, b.entry)) for a, b in pairs if _place(old, a) != _place(new, b))
    kept = [(a, b) for a, b in pairs if _place(old, a) == _place(new, b)]
    retotalled = sum(_total(old, a) != _total(new, b) for a, b in kept)
    return Comparison(moves, retotalled, len(kept) - retotalled, _lists(old, new))


def _place(result: Result, standing: Standing) -> tuple[object, ...]:
    """What makes an entry stay where it was; awards by the name people see."""
    award = next((each.name for each in result.rules.awards if each.id == standing.award), None)
    return standing.rank, standing.tied, standing.status, award, standing.passed


def _total(result: Result, standing: Standing) -> Fraction | None:
    """The exact total of an entry that has one to show; those out of the ranking have none."""
    return None if standing.total is None else result.numbers[standing.entry]["total"]


def _changes(old: Result, new: Result, entry: str) -> tuple[Change, ...]:
    # A seat's own points ("sheet@1") are left to --explain.
    a, b = old.standing(entry), new.standing(entry)
    names = [n for n in new.rules.steps if n in old.rules.steps and "@" not in n and n != "total"]
    return tuple(
        Change(name, new.rules.names.get(name, Text(name, name)), a.values[name], b.values[name])
        for name in names
        if _differ(old.numbers[entry], new.numbers[entry], name)
    )


def _differ(old: Mapping[str, Fraction | None], new: Mapping[str, Fraction | None], name: str) -> bool:
    return name in old and name in new and old[name] != new[name]


def _lists(old: Result, new: Result) -> tuple[ListMove, ...]:
    moves = []
    for name, listed in new.lists.items():
        before, after = _ranks(old.lists.get(name, ())), _ranks(listed)
        for who in [*after, *(who for who in before if who not in after)]:
            if name in old.lists and before.get(who) != after.get(who):
                moves.append(ListMove(name, who, before.get(who), after.get(who)))
    return tuple(moves)


def _ranks(rows: tuple[Listed, ...]) -> dict[str, int | None]:
    return {row.who: row.rank for row in rows}
