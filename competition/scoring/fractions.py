"""Steps that 64-bit integers can't carry, in exact fractions: divisions by a measured quantity, values that need the field.

A `Reader` evaluates nodes for one entry from its row of the wide frame and from the named steps that are known already.
Null is None and spreads; conditions are True, False or None by the logic of three values.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from competition.rules.field import Across
from competition.rules.nodes import Attribute, Bands, Cell, Const, FromSeat, Lookup, Named, Node, Op, Rounded, rounded
from competition.rules.panels import Panel
from competition.scoring.entries import absent_column, attribute_column
from competition.scoring.methods import combine, mean

Value = Fraction | bool | None
Numbers = dict[str, Fraction | None]


class Reader:
    """One entry's values. row: its cells (numerators), attributes and absences; numbers: its named steps so far.

    field: what has been computed across the field, by the node's identity.
    """

    def __init__(self, row: Mapping[str, Any], numbers: Numbers) -> None:
        self.row = row
        self.numbers = numbers
        self.field: dict[int, Fraction | None] = {}
        self._memo: dict[int, Value] = {}

    def number(self, node: Node) -> Fraction | None:
        """A node that is a number."""
        value = self.value(node)
        return Fraction(value) if isinstance(value, bool) else value

    def holds(self, node: Node) -> bool | None:
        """A node that is a condition."""
        value = self.value(node)
        return value if value is None else bool(value)

    def value(self, node: Node) -> Value:
        """Any node, computed once."""
        if id(node) not in self._memo:
            self._memo[id(node)] = _KINDS[type(node)](self, node)
        return self._memo[id(node)]

    def _named(self, node: Named) -> Value:
        return self.numbers[node.name] if node.name in self.numbers else self.value(node.of)

    def _from_seat(self, node: FromSeat) -> Value:
        return None if self.row[absent_column(node.seat)] else self.value(node.of)

    def _cell(self, node: Cell) -> Value:
        numerator = self.row[node.key]
        return node.blank if numerator is None else Fraction(numerator, node.den)

    def _attribute(self, node: Attribute) -> Value:
        return dict(node.table).get(self.row[attribute_column(node.key)])

    def _rounded(self, node: Rounded) -> Value:
        value = self.number(node.of)
        return None if value is None else rounded(value, node.how)

    def _bands(self, node: Bands) -> Value:
        value = self.number(node.of)
        if value is None:
            return None
        for edge, points in node.rows:
            if edge is None or value < edge or (value == edge and not node.below):
                return points
        return None

    def _lookup(self, node: Lookup) -> Value:
        value = self.number(node.of)
        return None if value is None else dict(node.rows).get(value, node.rest)

    def _across(self, node: Across) -> Value:
        return self.field[id(node)]

    def _panel(self, node: Panel) -> Value:
        gone = [self.row[absent_column(seat)] for seat in node.seats]
        values = [self.number(arg) for arg, away in zip(node.args, gone, strict=True) if not away]
        there = [value for value in values if value is not None]
        if len(there) < len(values) or len(there) < max(node.least, 1) or (node.absent == "refuse" and any(gone)):
            return None
        how = next((method for start, method in node.by_standing if len(there) >= start), None)
        if node.by_standing and how is None:
            return None
        if node.absent == "mean":
            there += [mean(there)] * sum(gone)
        return combine(how or node.how, there) * node.times

    def _op(self, node: Op) -> Value:
        return _OPS[node.op](self, node.args)


_KINDS: dict[type[Node], Callable[..., Value]] = {
    Const: lambda _, node: node.value, Named: Reader._named, FromSeat: Reader._from_seat, Cell: Reader._cell,
    Attribute: Reader._attribute, Rounded: Reader._rounded, Bands: Reader._bands, Lookup: Reader._lookup,
    Across: Reader._across, Panel: Reader._panel, Op: Reader._op,
}  # fmt: skip


def _strict(function: Callable[..., Value]) -> Callable[[Reader, Sequence[Node]], Value]:
    """An operation that is unknown as soon as one of its operands is."""

    def apply(reader: Reader, args: Sequence[Node]) -> Value:
        values = [reader.number(arg) for arg in args]
        return None if None in values else function(*values)

    return apply


def _if(reader: Reader, args: Sequence[Node]) -> Value:
    holds = reader.holds(args[0])
    return None if holds is None else reader.value(args[1] if holds else args[2])


def _when(reader: Reader, args: Sequence[Node]) -> Value:
    return reader.value(args[1]) if reader.holds(args[0]) else None


def _default(reader: Reader, args: Sequence[Node]) -> Value:
    value = reader.value(args[0])
    return reader.value(args[1]) if value is None else value


def _and(reader: Reader, args: Sequence[Node]) -> Value:
    values = [reader.holds(arg) for arg in args]
    return False if False in values else None if None in values else True


def _or(reader: Reader, args: Sequence[Node]) -> Value:
    values = [reader.holds(arg) for arg in args]
    return True if True in values else None if None in values else False


def _not(reader: Reader, args: Sequence[Node]) -> Value:
    holds = reader.holds(args[0])
    return None if holds is None else not holds


_OPS: dict[str, Callable[[Reader, Sequence[Node]], Value]] = {
    "add": _strict(lambda *values: sum(values, Fraction(0))),
    "sub": _strict(lambda a, b: a - b), "mul": _strict(lambda a, b: a * b), "div": _strict(lambda a, b: a / b),
    "neg": _strict(lambda a: -a), "abs": _strict(abs), "min": _strict(lambda *values: min(values)),
    "max": _strict(lambda *values: max(values)),
    "ceil": _strict(lambda a: Fraction(-(-a // 1))), "floor": _strict(lambda a: Fraction(a // 1)),
    "eq": _strict(lambda a, b: a == b), "ne": _strict(lambda a, b: a != b), "lt": _strict(lambda a, b: a < b),
    "le": _strict(lambda a, b: a <= b), "gt": _strict(lambda a, b: a > b), "ge": _strict(lambda a, b: a >= b),
    "if": _if, "when": _when, "default": _default, "and": _and, "or": _or, "not": _not,
}  # fmt: skip
