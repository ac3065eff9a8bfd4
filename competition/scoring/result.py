"""What scoring answers: one result object that every screen, sheet, paper and file shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from competition.errors import Finding, NotFound
from competition.rules import Rules, Text
from competition.rules.scales import decimal_text

SHOWN_PLACES = 6
"""A value that no decimal can hold exactly is shown cut to so many places, with an ellipsis; its rank stays exact."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One entry's place.

    rank: 1224 numbering, None while it has no total or is out of the ranking. tied: shares its rank.
    decided_by: the key that put it before or after entries of equal total. status: "" or why it is out.
    missing, expected: required marks not yet there, and required in all. values: every named quantity as decimal text.
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


@dataclass(frozen=True)
class Result:
    """Standings in order: ranked, then those without a total, then those out of the ranking."""

    rules: Rules
    standings: tuple[Standing, ...]
    findings: tuple[Finding, ...]
    dens: Mapping[str, int] = field(repr=False)
    frame: pl.DataFrame = field(repr=False)

    def standing(self, entry: str) -> Standing:
        """The standing of one entry. Raises NotFound."""
        for each in self.standings:
            if each.entry == entry:
                return each
        raise NotFound(f"没有参赛 {entry}。", f"There is no entry {entry}.")

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
    try:
        text = decimal_text(value)
    except StopIteration:
        sign = "-" if value < 0 else ""
        whole, rest = divmod(abs(value) * 10**SHOWN_PLACES // 1, 10**SHOWN_PLACES)
        return f"{sign}{whole}.{int(rest):0{SHOWN_PLACES}d}…"
    if places:
        whole_text, _, decimals = text.partition(".")
        return f"{whole_text}.{decimals.ljust(places, '0')}"
    return text
