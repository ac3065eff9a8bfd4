"""The rule file as read, before names are resolved: structure with formulas still as text."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from competition.rules.field import Form
from competition.rules.model import Award, Entrants, Input, Item, Panel, RankKey, Section, Sheet, Text
from competition.rules.nodes import Round
from competition.rules.panels import Method
from competition.rules.source import Where


@dataclass(frozen=True, slots=True)
class Written:
    """A formula and where it is written."""

    text: str
    path: Where


@dataclass(frozen=True, slots=True)
class Worth:
    """How an item's value becomes points: one of the first fields says it; then floor, cap and rounding."""

    weight: Fraction | None = None
    row: str | None = None
    bands: tuple[tuple[Fraction | None, Fraction], ...] | None = None
    target: Fraction | str | None = None
    formula: Written | None = None
    share: Fraction | None = None
    below: bool = False
    floor: Fraction | None = None
    cap: Fraction | None = None
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class Combine:
    """How the seats of a sheet are combined, and when that is refused."""

    how: Method
    least: int
    absent: Any
    by: str
    times: Fraction
    round: Round | None
    by_standing: tuple[tuple[int, Method], ...] = ()


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
    zero: bool = False
    bands: tuple[tuple[Fraction | None, Fraction], ...] | None = None
    below: bool = False


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


@dataclass(frozen=True, slots=True)
class TableRule:
    """Points by a value: by bands, or by exact value with `rest` for the others."""

    bands: tuple[tuple[Fraction | None, Fraction], ...] | None
    below: bool
    values: tuple[tuple[Fraction, Fraction], ...]
    rest: Fraction


@dataclass(frozen=True, slots=True)
class WrittenKey:
    """A key of an order, as written."""

    by: str
    best: str
    path: Where


@dataclass(frozen=True, slots=True)
class AcrossRule:
    """A quantity that needs the whole field, as written."""

    name: Text
    path: Where
    form: Form
    of: Written
    by: str
    among: Written | None
    keys: tuple[WrittenKey, ...]


@dataclass(frozen=True, slots=True)
class RoundWritten:
    """A round: its points, and who of the round before is in it (top n by group, or a condition)."""

    name: Text
    path: Where
    points: Written
    form: Form | None
    by: str
    keys: tuple[WrittenKey, ...]
    allowed: Written | None


@dataclass(frozen=True, slots=True)
class ListWritten:
    """A table beside the standings, as written."""

    id: str
    name: Text
    path: Where
    of: Written
    best: str
    keys: tuple[WrittenKey, ...]
    needs: Written | None
    per: str
    method: str
    take: int | None
    least: int


@dataclass
class Draft:
    """Everything the resolver needs, by id and in the order written."""

    panels: dict[str, Panel] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    weights: dict[str, tuple[str, Fraction | None, dict[str, dict[str, Fraction]]]] = field(default_factory=dict)
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
    inputs: dict[str, Input] = field(default_factory=dict)
    tables: dict[str, TableRule] = field(default_factory=dict)
    across: dict[str, AcrossRule] = field(default_factory=dict)
    rounds: dict[str, RoundWritten] = field(default_factory=dict)
    module_rounds: dict[str, str] = field(default_factory=dict)
    module_only: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    lists: list[ListWritten] = field(default_factory=list)
    passed: Written | None = None
    ranked_passed: bool = False
    numbering: str = "1224"
    except_places: tuple[int, int] | None = None
    medals: tuple[str, str] | None = None
    entrants: Entrants | None = None
    total: Scored | None = None
    decide_on: str = ""
    shared: bool = True
    keys: list[tuple[RankKey, Where]] = field(default_factory=list)
    after: tuple[str, ...] = ()
    awards: list[tuple[Award, Written | None]] = field(default_factory=list)

    def in_module(self, module: str) -> list[Sheet]:
        return [sheet for sheet in self.sheets.values() if sheet.module == module]


__all__ = ["Combine", "Draft", "Item", "Overtime", "Scored", "Section", "Veto", "Worth", "Written"]
