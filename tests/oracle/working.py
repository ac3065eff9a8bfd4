"""Formulas worked out in fractions.

A value is a Fraction, a bool, a Row of them, or None: not known yet. None spreads; `or` with one true side is true, `and`
with one false side is false, and `if` looks only at the branch its condition chooses. Rows go one by one.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .bands import looked_up
from .formula import Tree, tree_of
from .rounding import half_up

Value = Any


@dataclass(frozen=True)
class Row:
    """One value per standing seat, or per sample. Of a panel that does not stand (`stands` false) nothing is known.

    combine: the panel method of the one sheet its seats belong to.
    """

    values: tuple[Value, ...]
    stands: bool = True
    combine: Callable[[list[Value]], Value] | None = None


@dataclass(frozen=True)
class World:
    """What the words of a formula mean here."""

    names: Callable[[str], Value]
    combined: Callable[[str], Value] | None = None
    holds: Callable[[str, str], bool | None] | None = None  # is(attribute, value)
    tables: Mapping[str, Any] = field(default_factory=dict)


def evaluate(text: str, world: World) -> Value:
    return _work_out(tree_of(text), world)


def _work_out(tree: Tree, world: World) -> Value:
    kind = tree[0]
    if kind == "number":
        return tree[1]
    if kind == "name":
        return world.names(tree[1])
    if kind == "call":
        return _call(tree[1], tree[2], world)
    return one_by_one(_OPERATIONS[kind], *[_work_out(branch, world) for branch in tree[1:]])


def _call(name: str, arguments: list[Tree], world: World) -> Value:
    if name == "combined" and arguments[0][0] == "name":
        assert world.combined is not None
        return world.combined(arguments[0][1])
    if name == "combined":
        row = _work_out(arguments[0], world)
        assert row.combine is not None
        return row.combine(list(row.values)) if row.stands else None
    if name == "is":
        assert world.holds is not None
        return world.holds(arguments[0][1], arguments[1][1])
    if name == "lookup":
        table = world.tables[arguments[1][1]]
        return one_by_one(_known(lambda x: looked_up(x, table)), _work_out(arguments[0], world))
    values = [_work_out(argument, world) for argument in arguments]
    if name == "best":
        return _reduced(lambda many: top(many, values[1]), values[:1])
    if name in _REDUCTIONS and (len(values) == 1 or not any(isinstance(value, Row) for value in values)):
        return _reduced(_REDUCTIONS[name], values)
    return one_by_one(_ONE_BY_ONE[name], *values)


def one_by_one(operation: Callable[..., Value], *values: Value) -> Value:
    """The operation on plain values; with a row among them, on each of its places, numbers standing for every place."""
    rows = [value for value in values if isinstance(value, Row)]
    if not rows:
        return operation(*values)
    combine = rows[0].combine if len({row.combine for row in rows}) == 1 else None
    if not all(row.stands for row in rows):
        return Row((), stands=False, combine=combine)
    (length,) = {len(row.values) for row in rows}
    return Row(tuple(operation(*[_place(value, n) for value in values]) for n in range(length)), combine=combine)


def _place(value: Value, n: int) -> Value:
    return value.values[n] if isinstance(value, Row) else value


def _reduced(how: Callable[[list[Value]], Value], values: list[Value]) -> Value:
    """A row to one value; of several plain values likewise."""
    if len(values) == 1 and isinstance(values[0], Row):
        if not values[0].stands:
            return None
        values = list(values[0].values)
    return None if any(value is None for value in values) else how([Fraction(value) for value in values])


def _known(operation: Callable[..., Value]) -> Callable[..., Value]:
    """The operation where everything is known; otherwise nothing is."""
    return lambda *values: None if any(value is None for value in values) else operation(*values)


def _either(*sides: bool | None) -> bool | None:
    return True if True in sides else None if None in sides else False


def _both(*sides: bool | None) -> bool | None:
    return False if False in sides else None if None in sides else True


def _chosen(condition: bool | None, yes: Value, no: Value) -> Value:
    return None if condition is None else yes if condition else no


def median(many: list[Fraction]) -> Fraction:
    """The middle one; of an even number the mean of the two middle ones."""
    ordered = sorted(many)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean(many: list[Fraction]) -> Fraction:
    return sum(many, Fraction(0)) / len(many)


def top(many: list[Fraction], k: Fraction | int) -> Fraction:
    """The sum of the k highest."""
    return sum(sorted(many, reverse=True)[: int(k)], Fraction(0))


_OPERATIONS: dict[str, Callable[..., Value]] = {
    "or": _either,
    "and": _both,
    "not": _known(lambda a: not a),
    "negative": _known(lambda a: -a),
    "==": _known(lambda a, b: a == b),
    "!=": _known(lambda a, b: a != b),
    "<": _known(lambda a, b: a < b),
    "<=": _known(lambda a, b: a <= b),
    ">": _known(lambda a, b: a > b),
    ">=": _known(lambda a, b: a >= b),
    "+": _known(lambda a, b: a + b),
    "-": _known(lambda a, b: a - b),
    "*": _known(lambda a, b: a * b),
    "/": _known(lambda a, b: None if b == 0 else a / b),
}
_REDUCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "sum": lambda many: sum(many, Fraction(0)),
    "mean": mean,
    "median": median,
    "min": min,
    "max": max,
    "count": lambda many: Fraction(sum(1 for value in many if value)),
}
_ONE_BY_ONE: dict[str, Callable[..., Value]] = {
    "if": _chosen,
    "when": lambda condition, value: _chosen(condition, value, None),
    "min": _known(min),
    "max": _known(max),
    "abs": _known(abs),
    "clamp": _known(lambda x, low, high: min(max(x, low), high)),
    "ceil": _known(lambda x: Fraction(math.ceil(x))),
    "floor": _known(lambda x: Fraction(math.floor(x))),
    "round": _known(lambda x, places: half_up(x, int(places))),
}
