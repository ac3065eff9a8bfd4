"""Expressions over whole columns: 64-bit integers and conditions for every entry of an event, null for "not known yet".

An expression is built once, when a rule file is lowered; a `Program` puts some of them in order, each shared part once, and
computes them for the marks of the day. A step here costs a microsecond where a frame library's costs ten, and an event is
a few hundred steps over a few hundred entries.

A column is (values, known): an array of int64, bool or object, or one value for all entries; known is None where nothing
is null. What a value is where it isn't known means nothing. Integers wrap silently: bounds are proven before (`exact`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

Known = Any
"""None, an array of bool, or one bool for all."""

Column = tuple[Any, Known]


class Expr:
    """An operation on other expressions. Operators work as on numbers; a null operand makes null."""

    __slots__ = ("args", "op", "param")

    def __init__(self, op: Callable[..., Column], args: Sequence["Expr"] = (), param: Any = None) -> None:
        self.op, self.args, self.param = op, tuple(args), param

    def __add__(self, other: "Expr | int") -> "Expr":
        return Expr(_add, (self, number(other)))

    def __sub__(self, other: "Expr | int") -> "Expr":
        return Expr(_subtract, (self, number(other)))

    def __mul__(self, other: "Expr | int") -> "Expr":
        return Expr(_multiply, (self, number(other)))

    def __rmul__(self, other: int) -> "Expr":
        return Expr(_multiply, (number(other), self))

    def __floordiv__(self, other: "Expr | int") -> "Expr":
        return Expr(_divide, (self, number(other)))

    def __rfloordiv__(self, other: int) -> "Expr":
        return Expr(_divide, (number(other), self))

    def __rsub__(self, other: int) -> "Expr":
        return Expr(_subtract, (number(other), self))

    def __mod__(self, other: "Expr | int") -> "Expr":
        return Expr(_modulo, (self, number(other)))

    def __neg__(self) -> "Expr":
        return Expr(_negate, (self,))

    def __abs__(self) -> "Expr":
        return Expr(_absolute, (self,))

    def __invert__(self) -> "Expr":
        return Expr(_not, (self,))

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
    return Expr(_none, (), name)


def number(value: Expr | int) -> Expr:
    """A whole number, the same for every entry."""
    return value if isinstance(value, Expr) else Expr(_constant, (), value)


def unknown() -> Expr:
    """Null for every entry."""
    return Expr(_unknown)


def compare(how: str, left: Expr, right: Expr) -> Expr:
    """A condition: eq, ne, lt, le, gt or ge."""
    return Expr(_COMPARE[how], (left, right))


def all_of(conditions: Sequence[Expr]) -> Expr:
    """Every condition holds; false as soon as one is known not to."""
    return Expr(_all, conditions)


def any_of(conditions: Sequence[Expr]) -> Expr:
    """One condition holds; true as soon as one is known to."""
    return Expr(_any, conditions)


def either(truth: Expr, yes: Expr, no: Expr) -> Expr:
    """One or the other, and null while the condition isn't known."""
    return Expr(_either, (truth, yes, no))


def where(holds: Expr, yes: Expr, no: Expr) -> Expr:
    """One or the other; a condition that isn't known does not hold."""
    return Expr(_where, (holds, yes, no))


def given(holds: Expr, value: Expr) -> Expr:
    """The value where the condition is known to hold, else null."""
    return where(holds, value, unknown())


def is_null(value: Expr) -> Expr:
    """Whether a value isn't known."""
    return Expr(_is_null, (value,))


def default(value: Expr, other: Expr) -> Expr:
    """The value, or the other one where it isn't known."""
    return Expr(_default, (value, other))


def added(values: Sequence[Expr]) -> Expr:
    """The sum, null where any of them is."""
    return Expr(_added, values) if len(values) > 1 else values[0]


def least(values: Sequence[Expr]) -> Expr:
    """The lowest, null where any of them is."""
    return reduce(lambda one, other: Expr(_minimum, (one, other)), values)


def most(values: Sequence[Expr]) -> Expr:
    """The highest, null where any of them is."""
    return reduce(lambda one, other: Expr(_maximum, (one, other)), values)


def tally(values: Sequence[Expr]) -> Expr:
    """The sum of those that are known; of conditions, how many hold."""
    return Expr(_tally, values)


def lowest(values: Sequence[Expr]) -> Expr:
    """The lowest of those that are known."""
    return Expr(_lowest, values)


def highest(values: Sequence[Expr]) -> Expr:
    """The highest of those that are known."""
    return -lowest([-value for value in values])


def in_order(values: Sequence[Expr], first: Expr, many: Expr) -> Expr:
    """Of the known values, lowest first: the sum of `many` from place `first` (0 is the lowest) on."""
    return Expr(_in_order, (first, many, *values))


def sign(value: Expr) -> Expr:
    """-1, 0 or 1."""
    return Expr(_sign, (value,))


def steps(value: Expr, last: Sequence[int], gives: Sequence[int]) -> Expr:
    """gives[n] for the first n with value <= last[n]; the last of `gives` beyond them all."""
    edges, points = np.array(last, dtype=np.int64), np.array(gives, dtype=np.int64)
    return Expr(lambda a: (points[np.searchsorted(edges, a[0])], a[1]), (value,))


def table(value: Expr, gives: Mapping[Any, int], rest: int | None) -> Expr:
    """What a table gives for a value (or a text); `rest`, or null, for what is not in it."""
    return Expr(_table, (value,), (tuple(gives.items()), rest))


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
                if expr.op is _none:
                    self._inputs[expr.param] = len(self._steps)
                self._steps.append((expr.op, args, expr.param))
            self._seen[id(expr)] = self._slots[key]
        return self._seen[id(expr)]

    def run(self, columns: Mapping[str, Column]) -> dict[str, Column]:
        """The outputs by name."""
        done: list[Column] = []
        for op, args, param in self._steps:
            if op is _none:
                done.append(columns[param])
            elif param is None:
                done.append(op(*[done[n] for n in args]))
            else:
                done.append(op(*[done[n] for n in args], param))
        return {name: done[slot] for name, slot in self.outputs.items()}


# ---- the operations ----


def _none() -> Column:
    raise AssertionError("a column is looked up, not computed")


def _constant(value: int) -> Column:
    return np.int64(value), None


def _unknown() -> Column:
    return np.int64(0), np.False_


def _both(one: Known, other: Known) -> Known:
    return other if one is None else one if other is None else one & other


def _binary(function: Callable[[Any, Any], Any]) -> Callable[[Column, Column], Column]:
    return lambda a, b: (function(a[0], b[0]), _both(a[1], b[1]))


def _unary(function: Callable[[Any], Any]) -> Callable[[Column], Column]:
    return lambda a: (function(a[0]), a[1])


_add, _subtract, _multiply = _binary(np.add), _binary(np.subtract), _binary(np.multiply)
_modulo, _minimum, _maximum = _binary(np.remainder), _binary(np.minimum), _binary(np.maximum)
_negate, _absolute, _sign, _not = _unary(np.negative), _unary(np.abs), _unary(np.sign), _unary(np.logical_not)
_COMPARE = {
    "eq": _binary(np.equal), "ne": _binary(np.not_equal), "lt": _binary(np.less), "le": _binary(np.less_equal),
    "gt": _binary(np.greater), "ge": _binary(np.greater_equal),
}  # fmt: skip


def _divide(a: Column, b: Column) -> Column:
    zero = b[0] == 0
    if zero.any():
        b = (np.where(zero, 1, b[0]), _both(b[1], ~zero))
    return a[0] // b[0], _both(a[1], b[1])


def _added(*args: Column) -> Column:
    total, known = args[0]
    for value, there in args[1:]:
        total, known = total + value, _both(known, there)
    return total, known


def _tally(*args: Column) -> Column:
    total: Any = np.int64(0)
    for value, known in args:
        total = total + (value if known is None else np.where(known, value, 0))
    return total, None


def _all(*args: Column) -> Column:
    if all(known is None for _, known in args):
        return reduce(np.logical_and, [value for value, _ in args]), None
    fails = reduce(np.logical_or, [~value if known is None else ~value & known for value, known in args])
    holds = reduce(np.logical_and, [value if known is None else value & known for value, known in args])
    return holds, holds | fails


def _any(*args: Column) -> Column:
    if all(known is None for _, known in args):
        return reduce(np.logical_or, [value for value, _ in args]), None
    fails = reduce(np.logical_and, [~value if known is None else ~value & known for value, known in args])
    holds = reduce(np.logical_or, [value if known is None else value & known for value, known in args])
    return holds, holds | fails


def _either(truth: Column, yes: Column, no: Column) -> Column:
    value, known = _where((truth[0], None), yes, no)
    return value, _both(truth[1], known)


def _where(holds: Column, yes: Column, no: Column) -> Column:
    truth = holds[0] if holds[1] is None else holds[0] & holds[1]
    if truth.ndim == 0:  # the same for all entries: nobody absent, say
        return yes if truth else no
    value = np.where(truth, yes[0], no[0])
    if yes[1] is None and no[1] is None:
        return value, None
    return value, np.where(truth, _or_true(yes[1]), _or_true(no[1]))


def _or_true(known: Known) -> Any:
    return np.True_ if known is None else known


def _is_null(a: Column) -> Column:
    return (np.False_ if a[1] is None else ~a[1]), None


def _default(a: Column, b: Column) -> Column:
    return a if a[1] is None else _where((a[1], None), a, b)


def _lowest(*args: Column) -> Column:
    (value, known), *rest = args
    for other, there in rest:
        value, known = _lower(value, known, other, there)
    return value, known


def _lower(value: Any, known: Known, other: Any, there: Known) -> Column:
    if known is None and there is None:
        return np.minimum(value, other), None
    known, there = _or_true(known), _or_true(there)
    take = there & (~known | (other < value))
    return np.where(take, other, value), known | there


def _in_order(first: Column, many: Column, *args: Column) -> Column:
    beyond = np.int64(2**63 - 1)
    shape = np.broadcast_shapes(*(np.shape(part) for each in (first, many, *args) for part in each if part is not None))
    wide = np.stack([
        np.broadcast_to(value if known is None else np.where(known, value, beyond), shape) for value, known in args
    ], axis=-1)  # fmt: skip
    wide.sort(axis=-1)
    # Running sums may wrap beyond the known values; what is taken from them doesn't reach so far.
    sums = np.concatenate([np.zeros((*shape, 1), dtype=np.int64), np.cumsum(wide, axis=-1)], axis=-1)
    start = np.clip(np.broadcast_to(first[0], shape), 0, len(args))
    end = np.clip(start + np.broadcast_to(many[0], shape), 0, len(args))
    taken = np.take_along_axis(sums, np.stack([start, end], axis=-1), axis=-1)
    return taken[..., 1] - taken[..., 0], _both(first[1], many[1])


def _table(a: Column, param: tuple[tuple[tuple[Any, int], ...], int | None]) -> Column:
    gives, rest = dict(param[0]), param[1]
    found = [gives.get(value, rest) for value in np.atleast_1d(a[0]).tolist()]
    known = np.array([value is not None for value in found])
    value = np.array([0 if each is None else each for each in found], dtype=np.int64)
    if np.ndim(a[0]) == 0:
        value, known = value[0], known[0]
    return value, _both(a[1], None if known.all() else known)
