"""A rule file lowered once: what integer vectors compute, and what is left for exact fractions."""

from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from competition.rules import Rules
from competition.rules.field import Across
from competition.rules.items import cell_key
from competition.rules.nodes import Named, Node, Rounded
from competition.scoring.exact import Exact, Lowering, Unfit, absent_column, attribute_column


class Plan:
    """For each step the expression over the wide frame, or its place among the exact ones; and every condition of the rules.

    conditions: status conditions ("out:id"), awards ("needs:id"), "passed", and under which cells are required ("when:n").
    exact: the steps for fractions, in order; slow: the conditions for fractions. dens: the denominator of each column.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        lowering = Lowering()
        self.stages: list[list[pl.Expr]] = []
        self._levels: dict[str, int] = {}
        self.exact: list[tuple[str, Node]] = []
        self.places: dict[str, int | None] = {}
        for name, node in rules.steps.items():
            expr = lowering.keep(name, node)
            if expr is None:
                self.exact.append((name, node))
            else:
                self._stage(expr)
            self.places[name] = _places(node)
        self.columns: dict[str, Exact] = lowering.columns
        self.dens = {name: exact.den for name, exact in self.columns.items()}
        self.at = {name: n for n, name in enumerate(self.columns)}
        self.fit: dict[str, pl.Expr] = {}
        self.slow: dict[str, Node] = {}
        for name, node in _conditions(rules):
            try:
                self.fit[name] = lowering.lower(node).expr
            except Unfit:
                self.slow[name] = node
        self.required = _required(rules)
        self.fractional = bool(self.exact or self.slow or rules.lists)

    def _stage(self, expr: pl.Expr) -> None:
        """Steps go in stages: a step stands one stage after the last of those it reads."""
        name = expr.meta.output_name()
        level = 1 + max((self._levels.get(column, -1) for column in expr.meta.root_names()), default=-1)
        self._levels[name] = level
        if level == len(self.stages):
            self.stages.append([])
        self.stages[level].append(expr)

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with a column per step that fits, per condition that fits, and missing:n and expected:n."""
        lazy = frame.lazy()
        for stage in self.stages:
            lazy = lazy.with_columns(stage)
        ends = [expr.alias(name) for name, expr in self.fit.items()]
        for n, (_, missing, expected) in enumerate(self.required):
            ends += [missing.alias(f"missing:{n}"), expected.alias(f"expected:{n}")]
        return lazy.with_columns(ends).collect()


@lru_cache(maxsize=256)
def plan(rules: Rules) -> Plan:
    """The plan of these rules, kept by their digest."""
    return Plan(rules)


def across_within(node: Node, named: set[str]) -> list[Across]:
    """The values across the field that a step computes itself, inner ones first; other named steps are done before it."""
    found: list[Across] = []
    for part in node.parts:
        if not (isinstance(part, Named) and part.name in named):
            found += [each for each in across_within(part, named) if each not in found]
    return [*found, node] if isinstance(node, Across) else found


def _places(node: Node) -> int | None:
    """The decimals a step is shown with: those the rules round it to, also where it only passes another step on."""
    while isinstance(node, Named):
        node = node.of
    if isinstance(node, Across):
        return node.form.round.places if node.form.round else None
    return node.how.places if isinstance(node, Rounded) else None


def _conditions(rules: Rules) -> list[tuple[str, Node]]:
    found = [(f"out:{out.id}", out.when) for out in rules.outs]
    found += [(f"needs:{award.id}", award.needs) for award in rules.awards if award.needs]
    found += [(f"when:{n}", needed.when) for n, needed in enumerate(rules.needed)]
    return [*found, ("passed", rules.passed)] if rules.passed else found


def _required(rules: Rules) -> list[tuple[tuple[str, ...], pl.Expr, pl.Expr]]:
    """Cells by the conditions under which they are required: (conditions, how many are unmarked, how many there are).

    Cells of absent seats are not required; an entry's attribute is, as soon as weights hang on it.
    """
    groups: dict[tuple[str, ...], list[tuple[pl.Expr, pl.Expr]]] = {(): []}
    for sheet, seat, item in rules.cells():
        if item.required and (item.scores or item.scale is None or item.scale.numeric):
            under = tuple(
                f"when:{n}"
                for n, each in enumerate(rules.needed)
                if each.sheet == sheet.path and each.seat in ("", seat) and each.item in ("", item.id)
            )
            cell = pl.col(cell_key(sheet, int(seat.rpartition(".")[2]), item.id)).is_null()
            groups.setdefault(under, []).append((cell, ~pl.col(absent_column(seat))))
    attributes = [pl.col(attribute_column(a.id)).is_null() for a in rules.attributes if not a.any]
    found = []
    for under, cells in groups.items():
        missing = [(null & there) for null, there in cells] + ([] if under else attributes)
        found.append((under, _count(missing), _count([there for _, there in cells])))
    return found


def _count(conditions: Sequence[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal([c.cast(pl.Int64) for c in conditions]) if conditions else pl.lit(0, dtype=pl.Int64)
