"""Rows of bands and tables that no value can ever fall into: an edge beyond the scale, or between two of its steps."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.rules.draft import Draft, Overtime, Worth
from competition.rules.explain import say_number
from competition.rules.model import Item
from competition.rules.nodes import Bands, Lookup, Node
from competition.rules.resolve import Resolver
from competition.rules.scales import Scale
from competition.rules.source import Where
from competition.rules.table import Faults

Edges = Sequence[tuple[Fraction | None, Fraction]]


def check_bands(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Bands of items, of overtime, of gaps and of tables."""
    for path, sheet in draft.sheets.items():
        for item in {item.base: item for item in sheet.items}.values():
            where = draft.item_paths[path, item.id]
            _item(item, draft.worths[path, item.id], where, faults)
        where = (*draft.sheet_paths[path], "combine", "gaps")
        if gaps := draft.combines[path].how.gaps:
            shape = resolver.row(sheet).nodes[0].shape
            rows = [(edge, gap) for edge, _, gap in gaps]
            _unreached(rows, not gaps[0][1], [Run(shape.lo, shape.hi)], where, faults)
    for module, group in draft.overtimes.items():
        for n, overtime in enumerate(group):
            _overtime(resolver, module, overtime, ("modules", module, "overtime", n, "bands"), faults)
    _tables(draft, resolver, faults)


@dataclass(frozen=True, slots=True)
class Run:
    """Values that may occur: from low to high by `step`, all between if step is 0; not those of `without`."""

    low: Fraction
    high: Fraction
    step: Fraction = Fraction(0)
    without: tuple[Fraction, ...] = ()

    def within(self, above: Fraction | None, upto: Fraction | None, below: bool) -> bool:
        """Whether some value lies in the row between two edges (below: the upper edge belongs to the next row)."""
        value = self.low if above is None else self._next(above, below)
        while self.step and value in self.without:
            value += self.step
        return value <= self.high and (upto is None or value < upto or (value == upto and not below))

    def _next(self, edge: Fraction, itself: bool) -> Fraction:
        """The first value above an edge, or on it; where there are no steps, just above is as good as on it."""
        if edge < self.low:
            return self.low
        if not self.step:
            # On an open edge nothing is reached once the edge is the highest value.
            return edge if itself or edge < self.high else self.high + 1
        steps = (edge - self.low) / self.step
        value = self.low + math.ceil(steps) * self.step
        return value if itself or value > edge else value + self.step


def reach(scale: Scale) -> list[Run]:
    """What may be recorded on a scale of numbers."""
    return [Run(scale.low, scale.high, scale.step, scale.without)]


def _off(scale: Scale, target: Fraction | str) -> list[Run]:
    """Distances from a target: one that the rule names, or any value that an expert may have sealed."""
    if isinstance(target, str):
        return [Run(Fraction(0), scale.high - scale.low, scale.step)]
    runs = []
    if target <= scale.high:
        first = scale.low + max(0, math.ceil((target - scale.low) / scale.step)) * scale.step
        gone = tuple(value - target for value in scale.without)
        runs.append(Run(first - target, scale.high - target, scale.step, gone))
    if target >= scale.low:
        last = (
            scale.low
            + min(math.floor((target - scale.low) / scale.step), (scale.high - scale.low) // scale.step) * scale.step
        )
        gone = tuple(target - value for value in scale.without)
        runs.append(Run(target - last, target - scale.low, scale.step, gone))
    return runs


def _item(item: Item, worth: Worth, where: Where, faults: Faults) -> None:
    if worth.bands is None or item.scale is None:
        return
    if not item.scale.numeric:
        zh = f"{item.scale.type} 量表不是数，不能用 bands，请改量表或用 key。"
        faults.add(
            where, zh, f"A scale of type {item.scale.type} has no numbers for bands; change the scale, or use a key."
        )
        return
    if worth.target is None:
        _unreached(worth.bands, worth.below, reach(item.scale), (*where, "bands"), faults)
    else:
        _unreached(worth.bands, False, _off(item.scale, worth.target), (*where, "tolerance", "bands"), faults)


def _overtime(resolver: Resolver, module: str, overtime: Overtime, where: Where, faults: Faults) -> None:
    if overtime.bands is None:
        return
    shape = resolver.over(module, overtime).shape
    least = Fraction(1, shape.den or 1)
    if shape.hi >= least:
        _unreached(overtime.bands, overtime.below, [Run(least, shape.hi, least)], where, faults)


def _unreached(rows: Edges, below: bool, runs: Sequence[Run], where: Where, faults: Faults) -> None:
    """The rest may be out of reach: a table must have it. Every other row is there to be reached."""
    above: Fraction | None = None
    for n, (edge, _) in enumerate(rows):
        if edge is not None and not any(run.within(above, edge, below) for run in runs):
            low, high = say_number(min(run.low for run in runs)), say_number(max(run.high for run in runs))
            zh = f"没有值会落到这一行（可能的值 {low}–{high}），请改边界或删去。"
            faults.add(
                (*where, n), zh, f"No value falls into this row (values go {low}–{high}); change the edge or delete it."
            )
        above = edge


def _tables(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """A table may be looked up in several places; a row is idle when no place reaches it."""
    nodes = list(_nodes(resolver))
    for name, rule in draft.tables.items():
        if rule.bands is not None:
            asked = [node.of.shape for node in nodes if isinstance(node, Bands) and node.rows is rule.bands]
            if asked:
                values = Run(min(s.lo for s in asked), max(s.hi for s in asked))
                _unreached(rule.bands, rule.below, [values], ("tables", name, "bands"), faults)
            continue
        asked = [node.of.shape for node in nodes if isinstance(node, Lookup) and node.rows is rule.values]
        for value, _ in rule.values:
            on = [s for s in asked if s.lo <= value <= s.hi and (not s.den or (value * s.den).denominator == 1)]
            if asked and not on:
                said = say_number(value)
                zh, en = (
                    f"查表的量不会是 {said}，请改正或删去。",
                    f"What is looked up is never {said}; correct or delete it.",
                )
                faults.add(("tables", name, "values", said), zh, en)


def _nodes(resolver: Resolver) -> Iterator[Node]:
    """Every operation of the plan, once."""
    stack: list[Node] = [*resolver.steps.values(), *resolver.detail.values(), *(out.when for out in resolver.outs())]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            stack.extend(node.parts)
