"""The rule file as read, before names are resolved: structure with formulas still as text."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from competition.rules.model import Award, Item, Panel, RankKey, Section, Sheet, Text
from competition.rules.nodes import Round
from competition.rules.source import Where


@dataclass(frozen=True, slots=True)
class Written:
    """A formula and where it is written."""

    text: str
    path: Where


@dataclass(frozen=True, slots=True)
class Worth:
    """How an item's value becomes points: exactly one of the fields says it."""

    weight: Fraction | None = None
    row: str | None = None
    bands: tuple[tuple[Fraction | None, Fraction], ...] | None = None
    target: Fraction | str | None = None
    formula: Written | None = None


@dataclass(frozen=True, slots=True)
class Combine:
    """How the seats of a sheet are combined, and when that is refused."""

    method: str
    least: int
    absent: Any
    by: str
    low: int
    high: int
    start: int
    k: int
    times: Fraction
    round: Round | None


@dataclass(frozen=True, slots=True)
class Overtime:
    """Each started `per` seconds beyond `limit` costs `points`, at most `cap`; beyond `over` a status."""

    id: str
    name: Text
    time: Written
    limit: Fraction
    per: Fraction
    points: Fraction
    cap: Fraction | None
    over: Fraction | None
    status: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Something with points of its own: a part or a module."""

    id: str
    name: Text
    path: Where
    points: Written | None
    floor: Fraction | None
    rescale: tuple[Fraction, Fraction] | None
    round: Round | None
    out_of: Fraction | None


@dataclass(frozen=True, slots=True)
class Veto:
    """When a recorded fact zeroes something, or takes the whole entry out."""

    id: str
    name: Text
    path: Where
    when: Written
    zero: tuple[str, ...]
    status: str


@dataclass
class Draft:
    """Everything the resolver needs, by id and in the order written."""

    panels: dict[str, Panel] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    weights: dict[str, tuple[str, Fraction, dict[str, dict[str, Fraction]]]] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    sheet_paths: dict[str, Where] = field(default_factory=dict)
    combines: dict[str, Combine] = field(default_factory=dict)
    worths: dict[tuple[str, str], Worth] = field(default_factory=dict)
    item_paths: dict[tuple[str, str], Where] = field(default_factory=dict)
    section_paths: dict[tuple[str, str], Where] = field(default_factory=dict)
    parts: dict[str, tuple[Scored, Fraction]] = field(default_factory=dict)
    modules: dict[str, tuple[Scored, str, int | None]] = field(default_factory=dict)
    overtimes: dict[str, list[Overtime]] = field(default_factory=dict)
    quantities: dict[str, tuple[Text, Written]] = field(default_factory=dict)
    vetoes: list[Veto] = field(default_factory=list)
    total: Scored | None = None
    decide_on: str = ""
    shared: bool = True
    keys: list[tuple[RankKey, Where]] = field(default_factory=list)
    after: tuple[str, ...] = ()
    awards: list[tuple[Award, Written | None]] = field(default_factory=list)

    def in_module(self, module: str) -> list[Sheet]:
        return [sheet for sheet in self.sheets.values() if sheet.module == module]


__all__ = ["Combine", "Draft", "Item", "Overtime", "Scored", "Section", "Veto", "Worth", "Written"]
