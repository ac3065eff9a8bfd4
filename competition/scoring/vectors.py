"""Expressions over whole columns: 64-bit integers and conditions for every entry of an event, null for "not known yet".

An expression is built once, when a rule file is lowered; a `Program` puts some of them in order, each shared part once, and
computes them for the marks of the day. A step here costs a microsecond where a frame library's costs ten, and an event is
a few hundred steps over a few hundred entries.

What the operations do, and what a column is, stands in `arrays`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from competition.scoring import arrays
from competition.scoring.arrays import Column


class Expr:
    """An operation on other expressions. Operators work as on numbers; a null operand makes null."""

    __slots__ = ("args", "op", "param")

    def __init__(self, op: Callable[..., Column], args: Sequence["Expr"] = (), param: Any = None) -> None:
        self.op, self.args, self.param = op, tuple(args), param

    def __add__(self, other: "Expr | int") -> "Expr":
        return Expr(arrays.add, (self, number(other)))

    def __sub__(self, other: "Expr | int") -> "Expr":
        return Expr(arrays.subtract, (self, number(other)))

    def __mul__(self, other: "Expr | int") -> "Expr":
        return Expr(arrays.multiply, (self, number(other)))

    def __rmul__(self, other: int) -> "Expr":
        return Expr(arrays.multiply, (number(other), self))

    def __floordiv__(self, other: "Expr | int") -> "Expr":
        return Expr(arrays.divide, (self, number(other)))

    def __rfloordiv__(self, other: int) -> "Expr":
        return Expr(arrays.divide, (number(other), self))

    def __rsub__(self, other: int) -> "Expr":
        return Expr(arrays.subtract, (number(other), self))

    def __mod__(self, other: "Expr | int") -> "Expr":
        return Expr(arrays.modulo, (self, number(other)))

    def __neg__(self) -> "Expr":
        return Expr(arrays.negate, (self,))

    def __abs__(self) -> "Expr":
        return Expr(arrays.absolute, (self,))

    def __invert__(self) -> "Expr":
        return Expr(arrays.negated, (self,))

    def __and__(self, other: "Expr") -> "Expr":
        return all_of([self, other])

    def __or__(self, other: "Expr") -> "Expr":
        return any_of([self, other])

    def __lt__(self, other: "Expr | int") -> "Expr":
        return compare("lt", self, number(other))

    def __le__(self, other: "Expr | int") -> "Expr":
        return compare("le", self, number(other))

    def __gt__(self, other: "Expr | int") -> "Expr":
        return compare("gt", self, number(other))

    def __ge__(self, other: "Expr | int") -> "Expr":
        return compare("ge", self, number(other))


def named(name: str) -> Expr:
    """The column of this name."""
    return Expr(arrays.looked_up, (), name)


def number(value: Expr | int) -> Expr:
    """A whole number, the same for every entry."""
    return value if isinstance(value, Expr) else Expr(arrays.constant, (), value)


def unknown() -> Expr:
    """Null for every entry."""
    return Expr(arrays.unknown)


def compare(how: str, left: Expr, right: Expr) -> Expr:
    """A condition: eq, ne, lt, le, gt or ge."""
    return Expr(arrays.COMPARE[how], (left, right))


def all_of(conditions: Sequence[Expr]) -> Expr:
    """Every condition holds; false as soon as one is known not to."""
    return Expr(arrays.all_hold, conditions)


def any_of(conditions: Sequence[Expr]) -> Expr:
    """One condition holds; true as soon as one is known to."""
    return Expr(arrays.any_holds, conditions)


def either(truth: Expr, yes: Expr, no: Expr) -> Expr:
    """One or the other, and null while the condition isn't known."""
    return Expr(arrays.either, (truth, yes, no))


def where(holds: Expr, yes: Expr, no: Expr) -> Expr:
    """One or the other; a condition that isn't known does not hold."""
    return Expr(arrays.where, (holds, yes, no))


def given(holds: Expr, value: Expr) -> Expr:
    """The value where the condition is known to hold, else null."""
    return where(holds, value, unknown())


def is_null(value: Expr) -> Expr:
    """Whether a value isn't known."""
    return Expr(arrays.is_null, (value,))


def default(value: Expr, other: Expr) -> Expr:
    """The value, or the other one where it isn't known."""
    return Expr(arrays.default, (value, other))


def added(values: Sequence[Expr]) -> Expr:
    """The sum, null where any of them is."""
    return Expr(arrays.added, values) if len(values) > 1 else values[0]


def least(values: Sequence[Expr]) -> Expr:
    """The lowest, null where any of them is."""
    return reduce(lambda one, other: Expr(arrays.minimum, (one, other)), values)


def most(values: Sequence[Expr]) -> Expr:
    """The highest, null where any of them is."""
    return reduce(lambda one, other: Expr(arrays.maximum, (one, other)), values)


def tally(values: Sequence[Expr]) -> Expr:
    """The sum of those that are known; of conditions, how many hold."""
    return Expr(arrays.tally, values)


def lowest(values: Sequence[Expr]) -> Expr:
    """The lowest of those that are known."""
    return Expr(arrays.lowest, values)


def highest(values: Sequence[Expr]) -> Expr:
    """The highest of those that are known."""
    return -lowest([-value for value in values])


def in_order(values: Sequence[Expr], first: Expr, many: Expr) -> Expr:
    """Of the known values, lowest first: the sum of `many` from place `first` (0 is the lowest) on."""
    return Expr(arrays.in_order, (first, many, *values))


def sign(value: Expr) -> Expr:
    """-1, 0 or 1."""
    return Expr(arrays.sign, (value,))


def steps(value: Expr, last: Sequence[int], gives: Sequence[int]) -> Expr:
    """gives[n] for the first n with value <= last[n]; the last of `gives` beyond them all."""
    edges, points = np.array(last, dtype=np.int64), np.array(gives, dtype=np.int64)
    return Expr(lambda a: (points[np.searchsorted(edges, a[0])], a[1]), (value,))


def table(value: Expr, gives: Mapping[Any, int], rest: int | None) -> Expr:
    """What a table gives for a value (or a text); `rest`, or null, for what is not in it."""
    return Expr(arrays.table, (value,), (tuple(gives.items()), rest))


class Program:
    """Named expressions in an order in which each operation stands once and after those it needs."""

    def __init__(self, outputs: Mapping[str, Expr]) -> None:
        self._steps: list[tuple[Callable[..., Column], tuple[int, ...], Any]] = []
        self._inputs: dict[str, int] = {}
        self._slots: dict[Any, int] = {}
        self._seen: dict[int, int] = {}
        self._kept = list(outputs.values())  # an id must not be given to another expression meanwhile
        self.outputs = {name: self._slot(expr) for name, expr in outputs.items()}
        del self._slots, self._seen, self._kept

    def __len__(self) -> int:
        """How many operations there are."""
        return len(self._steps)

    def _slot(self, expr: Expr) -> int:
        if id(expr) not in self._seen:
            args = tuple([self._slot(arg) for arg in expr.args])
            key = (expr.op, args, expr.param)
            if key not in self._slots:
                self._slots[key] = len(self._steps)
                if expr.op is arrays.looked_up:
                    self._inputs[expr.param] = len(self._steps)
                self._steps.append((expr.op, args, expr.param))
            self._seen[id(expr)] = self._slots[key]
        return self._seen[id(expr)]

    def run(self, columns: Mapping[str, Column]) -> dict[str, Column]:
        """The outputs by name."""
        done: list[Column] = []
        for op, args, param in self._steps:
            if op is arrays.looked_up:
                done.append(columns[param])
            elif param is None:
                done.append(op(*[done[n] for n in args]))
            else:
                done.append(op(*[done[n] for n in args], param))
        return {name: done[slot] for name, slot in self.outputs.items()}
