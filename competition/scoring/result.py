"""What scoring answers: one result object that every screen, sheet, paper and file shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import msgspec
import polars as pl

from competition.errors import Finding, NotFound
from competition.rules import Rules, Text
from competition.rules.scales import decimal_text
from competition.scoring.entries import Wide

SHOWN_PLACES = 6
"""A value that no decimal can hold exactly is shown cut to so many places, with an ellipsis; its rank stays exact."""


class Standing(msgspec.Struct, frozen=True, gc=False):
    """One entry's place.

    rank: 1224 numbering, None while it has no total or is out of the ranking. tied: shares its rank.
    decided_by: the key that put it before or after entries of equal total. status: "" or why it is out.
    missing, expected: required marks not yet there, and required in all. values: every named quantity as decimal text.
    passed: whether it met the rules' condition of passing; None where that isn't known or the rules have none.
    """

    entry: str
    rank: int | None
    tied: bool
    decided_by: Text | None
    status: str
    total: str | None
    award: str | None
    values: Mapping[str, str | None]
    missing: int
    expected: int
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list beside the standings: an entry, or a value of the list's attribute (a team)."""

    who: str
    rank: int | None
    value: str | None
    tied: bool = False


class Values(Mapping[str, str | None]):
    """Named quantities as decimal text, written out when asked for: a standing has hundreds and shows a few."""

    __slots__ = ("_numbers", "_places")

    def __init__(self, numbers: Mapping[str, Fraction | None], places: Mapping[str, int | None]) -> None:
        self._numbers, self._places = numbers, places

    def __getitem__(self, name: str) -> str | None:
        numbers, places = self._numbers, self._places.get(name)
        if isinstance(numbers, Numbers):
            numerator = numbers.numerator(name)
            return None if numerator is None else ratio_text(numerator, numbers.den(name), places)
        value = numbers[name]
        return None if value is None else number_text(value, places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class Numbers(Mapping[str, Fraction | None]):
    """Numerators of a frame's row as exact numbers, made when asked for."""

    __slots__ = ("_at", "_dens", "_row")

    def __init__(self, row: tuple[int | None, ...], at: Mapping[str, int], dens: Mapping[str, int]) -> None:
        self._row, self._at, self._dens = row, at, dens

    def __getitem__(self, name: str) -> Fraction | None:
        numerator = self._row[self._at[name]]
        return None if numerator is None else Fraction(numerator, self._dens[name])

    def numerator(self, name: str) -> int | None:
        """The bare numerator: enough to compare entries of one result, whose denominators are the same."""
        return self._row[self._at[name]]

    def den(self, name: str) -> int:
        """The denominator of that numerator."""
        return self._dens[name]

    def without(self, name: str) -> "Numbers":
        """The same numbers, but one of them not known."""
        row = tuple(None if n == self._at[name] else value for n, value in enumerate(self._row))
        return Numbers(row, self._at, self._dens)

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


def comparable(rows: Sequence[Mapping[str, Fraction | None]], name: str) -> Sequence[int | Fraction | None]:
    """A quantity of several entries of one result, as it can be compared between them."""
    bare = [row.numerator(name) for row in rows if isinstance(row, Numbers)]
    return bare if len(bare) == len(rows) else [row[name] for row in rows]


@dataclass(frozen=True)
class Result:
    """Standings in order: ranked, then those who didn't pass, those without a total, those out of the ranking.

    lists: the tables beside the standings, by id. numbers: every named quantity of every entry, exact. table: the event's
    wide table with its steps.
    """

    rules: Rules
    standings: tuple[Standing, ...]
    findings: tuple[Finding, ...]
    numbers: Mapping[str, Mapping[str, Fraction | None]] = field(repr=False)
    table: Wide = field(repr=False)
    lists: Mapping[str, tuple[Listed, ...]] = field(default_factory=dict)

    def standing(self, entry: str) -> Standing:
        """The standing of one entry. Raises NotFound."""
        for each in self.standings:
            if each.entry == entry:
                return each
        raise NotFound(f"没有参赛 {entry}。", f"There is no entry {entry}.")

    def input(self, name: str) -> str | None:
        """The number that was given for the whole event under this name, None while there is none."""
        given = next(each for each in self.rules.inputs if each.id == name)
        numerators = self.table.values(given.cell)
        return ratio_text(numerators[0], given.scale.den) if numerators and numerators[0] is not None else None

    def explain(self, entry: str, lang: str = "zh") -> str:
        """The entry's total unfolded to its marks, and the key that decided its rank, as indented text."""
        from competition.scoring.explain import explain

        return explain(self, entry, lang)

    def to_frame(self) -> pl.DataFrame:
        """The standings as a frame of text: rank, entry, status, total, parts, modules, award, decided_by."""
        shown = [p.id for p in self.rules.parts] + [
            name for m in self.rules.modules if (name := m.id) not in {p.id for p in self.rules.parts}
        ]
        return pl.DataFrame(
            [
                {
                    "rank": "" if s.rank is None else str(s.rank),
                    "tied": "=" if s.tied else "",
                    "entry": s.entry,
                    "status": s.status,
                    "total": s.total or "",
                    **{name: s.values.get(name) or "" for name in shown},
                    "award": s.award or "",
                    "decided_by": s.decided_by.zh if s.decided_by else "",
                    "missing": str(s.missing),
                }
                for s in self.standings
            ]
        )


def number_text(value: Fraction, places: int | None = None) -> str:
    """A value as decimal text: exact, padded to `places` where the rules round there; cut with … if it never ends."""
    return ratio_text(value.numerator, value.denominator, places)


def ratio_text(numerator: int, den: int, places: int | None = None) -> str:
    """The text of numerator / den, which need not be in lowest terms."""
    if places:
        ten = 10**places
        padded, rest = divmod(abs(numerator) * ten, den)
        if not rest:
            return f"{'-' if numerator < 0 else ''}{padded // ten}.{padded % ten:0{places}d}"
    try:
        return decimal_text(Fraction(numerator, den))
    except StopIteration:
        whole, rest = divmod(abs(numerator) * 10**SHOWN_PLACES // den, 10**SHOWN_PLACES)
        return f"{'-' if numerator < 0 else ''}{whole}.{rest:0{SHOWN_PLACES}d}…"
