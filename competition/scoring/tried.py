"""The worked cases of a rule file, scored once, with what is needed to look at single operations of the plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.rules.items import cell_key
from competition.rules.model import Rules, Sheet
from competition.rules.nodes import Node
from competition.rules.resolve import Resolver
from competition.rules.source import Where
from competition.scoring.cases import Case
from competition.scoring.fractions import Reader
from competition.scoring.result import Result

Gap = tuple[Where, str, str]
"""Something untried: where the clause is written, and what is missing in zh and en."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one case: its values, and what was recorded as absent."""

    reader: Reader
    numbers: Any

    def number(self, node: Node) -> Fraction | None:
        try:
            return self.reader.number(node)
        except KeyError:  # a value across the field that this entry's reader doesn't hold
            return None


class Tried:
    """Every case scored once, with what is needed to look at single operations of the plan."""

    def __init__(self, rules: Rules, resolver: Resolver, cases: Sequence[Case], results: Sequence[Result]) -> None:
        self.rules, self.resolver, self.draft, self.cases = rules, resolver, resolver.draft, cases
        self.results = results
        self.entries = [entry for result in self.results for entry in _entries(result)]
        self.steps = {
            cell_key(sheet, int(seat.rpartition(".")[2]), item.id): item.scale.step
            for sheet, seat, item in rules.cells()
            if item.scale is not None and item.scale.numeric
        }
        self.marks = _recorded(cases)
        self._kept: list[Node] = []

    def values(self, nodes: Iterable[Node]) -> list[Fraction]:
        """What the nodes came to in any case."""
        asked = list(nodes)
        # Readers remember values by a node's identity: a node made for this question must outlive it.
        self._kept += asked
        found = [entry.number(node) for node in asked for entry in self.entries]
        return [value for value in found if value is not None]

    def step(self, name: str) -> list[Fraction]:
        """The values of a named step in any case."""
        found = [entry.numbers.get(name) for entry in self.entries]
        return [value for value in found if value is not None]

    def details(self, sheet: Sheet, item: str) -> list[Node]:
        """The points of an item from every seat, for every sample."""
        ids = [each.id for each in sheet.items if each.base == item]
        names = [f"{sheet.path}.{each}@{n}" for each in ids for n in range(1, sheet.panel.seats + 1)]
        return [self.resolver.detail[name] for name in names if name in self.resolver.detail]


def _entries(result: Result) -> list[Entry]:
    rows = dict(zip(result.table.entries, result.table.rows(), strict=True))
    return [Entry(Reader(rows[name], dict(numbers)), numbers) for name, numbers in result.numbers.items()]


def _recorded(cases: Sequence[Case]) -> dict[tuple[str, str], set[str]]:
    """(module.sheet, item without its sample): every value recorded in any case."""
    found: dict[tuple[str, str], set[str]] = {}
    for case in cases:
        rows = case.marks.select("module", "sheet", "seat", "item", "value").iter_rows()
        for module, sheet, seat, item, value in rows:
            if seat != "key":
                found.setdefault((f"{module}.{sheet}", item.partition("@")[0]), set()).add(value)
    return found
