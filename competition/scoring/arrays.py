"""What operations do to columns: values and what of them is known, for every entry at once.

A column is (values, known): an array of int64, bool or object, or one value for all entries; known is None where nothing
is null. What a value is where it isn't known means nothing. Integers wrap silently: bounds are proven before (`exact`).
"""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

Known = Any
"""None, an array of bool, or one bool for all."""

Column = tuple[Any, Known]


def looked_up() -> Column:
    """Stands for a column of the table, which a program puts in."""
    raise AssertionError("a column is looked up, not computed")


def constant(value: int) -> Column:
    """A whole number for all entries."""
    return np.int64(value), None


def unknown() -> Column:
    """Null for all entries."""
    return np.int64(0), np.False_


def _both(one: Known, other: Known) -> Known:
    return other if one is None else one if other is None else one & other


def _binary(function: Callable[[Any, Any], Any]) -> Callable[[Column, Column], Column]:
    return lambda a, b: (function(a[0], b[0]), _both(a[1], b[1]))


def _unary(function: Callable[[Any], Any]) -> Callable[[Column], Column]:
    return lambda a: (function(a[0]), a[1])


add, subtract, multiply = _binary(np.add), _binary(np.subtract), _binary(np.multiply)
modulo, minimum, maximum = _binary(np.remainder), _binary(np.minimum), _binary(np.maximum)
negate, absolute, sign, negated = _unary(np.negative), _unary(np.abs), _unary(np.sign), _unary(np.logical_not)
COMPARE = {
    "eq": _binary(np.equal), "ne": _binary(np.not_equal), "lt": _binary(np.less), "le": _binary(np.less_equal),
    "gt": _binary(np.greater), "ge": _binary(np.greater_equal),
}  # fmt: skip


def divide(a: Column, b: Column) -> Column:
    """Rounded down; by zero there is nothing."""
    zero = b[0] == 0
    if zero.any():
        b = (np.where(zero, 1, b[0]), _both(b[1], ~zero))
    return a[0] // b[0], _both(a[1], b[1])


def added(*args: Column) -> Column:
    """The sum, null where any part is."""
    total, known = args[0]
    for value, there in args[1:]:
        total, known = total + value, _both(known, there)
    return total, known


def tally(*args: Column) -> Column:
    """The sum of what is known; of conditions, how many hold."""
    total: Any = np.int64(0)
    for value, known in args:
        total = total + (value if known is None else np.where(known, value, 0))
    return total, None


def all_hold(*args: Column) -> Column:
    """False as soon as one is known not to hold, true when all are known to."""
    if all(known is None for _, known in args):
        return reduce(np.logical_and, [value for value, _ in args]), None
    fails = reduce(np.logical_or, [~value if known is None else ~value & known for value, known in args])
    holds = reduce(np.logical_and, [value if known is None else value & known for value, known in args])
    return holds, holds | fails


def any_holds(*args: Column) -> Column:
    """True as soon as one is known to hold, false when none is left that could."""
    if all(known is None for _, known in args):
        return reduce(np.logical_or, [value for value, _ in args]), None
    fails = reduce(np.logical_and, [~value if known is None else ~value & known for value, known in args])
    holds = reduce(np.logical_or, [value if known is None else value & known for value, known in args])
    return holds, holds | fails


def either(truth: Column, yes: Column, no: Column) -> Column:
    """One or the other; null while the condition is."""
    value, known = where((truth[0], None), yes, no)
    return value, _both(truth[1], known)


def where(holds: Column, yes: Column, no: Column) -> Column:
    """One or the other; an unknown condition does not hold."""
    truth = holds[0] if holds[1] is None else holds[0] & holds[1]
    if truth.ndim == 0:  # the same for all entries: nobody absent, say
        return yes if truth else no
    value = np.where(truth, yes[0], no[0])
    if yes[1] is None and no[1] is None:
        return value, None
    return value, np.where(truth, _or_true(yes[1]), _or_true(no[1]))


def _or_true(known: Known) -> Any:
    return np.True_ if known is None else known


def is_null(a: Column) -> Column:
    """Whether a value is not known."""
    return (np.False_ if a[1] is None else ~a[1]), None


def default(a: Column, b: Column) -> Column:
    """The other value where the first is not known."""
    return a if a[1] is None else where((a[1], None), a, b)


def lowest(*args: Column) -> Column:
    """The lowest of what is known."""
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


def in_order(first: Column, many: Column, *args: Column) -> Column:
    """Of the known values in ascending order, the sum of `many` from place `first` on."""
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


def table(a: Column, param: tuple[tuple[tuple[Any, int], ...], int | None]) -> Column:
    """What a table gives for each value; null for what it has no row for, where there is no rest."""
    gives, rest = dict(param[0]), param[1]
    found = [gives.get(value, rest) for value in np.atleast_1d(a[0]).tolist()]
    known = np.array([value is not None for value in found])
    value = np.array([0 if each is None else each for each in found], dtype=np.int64)
    if np.ndim(a[0]) == 0:
        value, known = value[0], known[0]
    return value, _both(a[1], None if known.all() else known)
