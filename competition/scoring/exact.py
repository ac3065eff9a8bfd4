"""The plan in integers: every exact operation as a polars expression over 64-bit numerators with a known denominator.

Polars integers wrap silently on overflow, so the bound of every intermediate number is proven here, before any mark is
read; a step that doesn't fit (Unfit) is computed in fractions instead (`fractions`).
Null means "not known yet" and spreads; polars' own min, max and sum
across columns skip nulls, which would turn a missing mark into a good or bad one, so they are never used bare.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from competition.rules.field import Across
from competition.rules.nodes import Attribute, Bands, Cell, Const, FromSeat, Lookup, Named, Node, Op, Round, Rounded
from competition.rules.panels import Panel

LIMIT = 2**63 - 1
NONE = pl.lit(None, dtype=pl.Int64)


class Unfit(Exception):
    """A value that integers over one denominator within 64 bits can't carry."""


@dataclass(frozen=True, slots=True)
class Exact:
    """Numerators (or truth) as an expression, their denominator, and a bound on |numerator|."""

    expr: pl.Expr
    den: int
    bound: int


def column(step: str) -> str:
    """The frame's column that holds the numerators of a named step."""
    return f"={step}"


def absent_column(seat: str) -> str:
    """The frame's column that says whether a seat is recorded as absent for an entry."""
    return f"absent:{seat}"


def attribute_column(attribute: str) -> str:
    """The frame's column of an attribute of the entries."""
    return f"attribute:{attribute}"


class Lowering:
    """Lowers nodes; named steps that are already columns are read back rather than computed again."""

    def __init__(self) -> None:
        self.columns: dict[str, Exact] = {}
        self.unfit: set[str] = set()
        self._memo: dict[int, Exact] = {}

    def keep(self, name: str, node: Node) -> pl.Expr | None:
        """The expression of a named step, None if it is unfit; later nodes will read its column."""
        try:
            exact = self.lower(node.of if isinstance(node, Named) else node)
        except Unfit:
            self.unfit.add(name)
            return None
        self.columns[name] = Exact(pl.col(column(name)), exact.den, exact.bound)
        return exact.expr.alias(column(name))

    def lower(self, node: Node) -> Exact:
        """One node as an expression. Raises Unfit where 64 bits can't be proven to suffice."""
        if id(node) not in self._memo:
            self._memo[id(node)] = self._lower(node)
        return self._memo[id(node)]

    def _lower(self, node: Node) -> Exact:
        if isinstance(node, Named):
            if node.name in self.unfit:
                raise Unfit
            return self.columns.get(node.name) or self.lower(node.of)
        if isinstance(node, FromSeat):
            inner = self.lower(node.of)
            return Exact(pl.when(~pl.col(absent_column(node.seat))).then(inner.expr), inner.den, inner.bound)
        if isinstance(node, Cell):
            cell = pl.col(node.key)
            if node.blank is not None:
                cell = cell.fill_null(pl.lit(_whole(node.blank * node.den), dtype=pl.Int64))
            return _proven(cell, node.den, _bound(node, node.den))
        if isinstance(node, Const):
            return _proven(_int(node.value.numerator), node.value.denominator, abs(node.value.numerator))
        if isinstance(node, Attribute):
            den = node.shape.den
            table = {choice: _whole(value * den) for choice, value in node.table}
            picked = pl.col(attribute_column(node.key)).replace_strict(table, default=None, return_dtype=pl.Int64)
            return _proven(picked, den, _bound(node, den))
        if isinstance(node, Rounded):
            return _round(self.lower(node.of), node.how)
        if isinstance(node, Bands):
            return _bands(self.lower(node.of), node)
        if isinstance(node, Lookup):
            return _looked_up(self.lower(node.of), node)
        if isinstance(node, Across) or (isinstance(node, Op) and node.op == "div"):
            raise Unfit
        if isinstance(node, Panel):
            return _panel([self.lower(arg) for arg in node.args], node)
        assert isinstance(node, Op)
        return _operate(node.op, [self.lower(arg) for arg in node.args])


def _proven(expr: pl.Expr, den: int, bound: int) -> Exact:
    if bound > LIMIT:
        raise Unfit
    return Exact(expr, den, bound)


def _bound(node: Node, den: int) -> int:
    return math.ceil(max(abs(node.shape.lo), abs(node.shape.hi)) * den)


def _int(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int64)


def _whole(value: Fraction) -> int:
    assert value.denominator == 1
    return value.numerator


def _over(exact: Exact, den: int) -> Exact:
    """The same value over a larger denominator."""
    factor = den // exact.den
    return exact if factor == 1 else _proven(exact.expr * factor, den, exact.bound * factor)


def _aligned(parts: Sequence[Exact]) -> tuple[list[Exact], int]:
    den = math.lcm(*(p.den for p in parts))
    return [_over(p, den) for p in parts], den


def _either(truth: pl.Expr, yes: pl.Expr, no: pl.Expr) -> pl.Expr:
    """yes or no, and null while the condition is not known."""
    return pl.when(truth).then(yes).when(~truth).then(no)


def _operate(op: str, args: list[Exact]) -> Exact:
    if op in ("and", "or"):
        truths = [arg.expr for arg in args]
        return Exact(pl.all_horizontal(truths) if op == "and" else pl.any_horizontal(truths), 1, 1)
    if op == "not":
        return Exact(~args[0].expr, 1, 1)
    if op == "if":
        (yes, no), den = _aligned(args[1:])
        return Exact(_either(args[0].expr, yes.expr, no.expr), den, max(yes.bound, no.bound))
    if op == "when":
        return Exact(pl.when(args[0].expr).then(args[1].expr), args[1].den, args[1].bound)
    if op == "default":
        (first, second), den = _aligned(args)
        return Exact(pl.coalesce(first.expr, second.expr), den, max(first.bound, second.bound))
    if op == "mul":
        return _proven(args[0].expr * args[1].expr, args[0].den * args[1].den, args[0].bound * args[1].bound)
    if op == "neg":
        return Exact(-args[0].expr, args[0].den, args[0].bound)
    if op == "abs":
        return Exact(args[0].expr.abs(), args[0].den, args[0].bound)
    if op in ("floor", "ceil"):
        whole = args[0].expr // args[0].den if op == "floor" else -((-args[0].expr) // args[0].den)
        return Exact(whole, 1, args[0].bound // args[0].den + 1)
    aligned, den = _aligned(args)
    if op in ("eq", "ne", "lt", "le", "gt", "ge"):
        return Exact(getattr(aligned[0].expr, op)(aligned[1].expr), 1, 1)
    if op == "sub":
        return _proven(aligned[0].expr - aligned[1].expr, den, aligned[0].bound + aligned[1].bound)
    if op == "add":
        out = aligned[0].expr
        for each in aligned[1:]:
            out = out + each.expr
        return _proven(out, den, sum(a.bound for a in aligned))
    # polars' own min and max skip nulls, which would turn a missing mark into a good or bad one.
    unknown = pl.any_horizontal([each.expr.is_null() for each in aligned])
    least = (pl.min_horizontal if op == "min" else pl.max_horizontal)([each.expr for each in aligned])
    return Exact(pl.when(~unknown).then(least), den, max(a.bound for a in aligned))


def _round(exact: Exact, how: Round) -> Exact:
    ten = 10**how.places
    if ten % exact.den == 0:
        return _over(exact, ten)
    size = exact.expr.abs() * ten
    doubled = _proven(size * 2 + exact.den, 1, exact.bound * ten * 2 + exact.den)
    if how.mode == "half_up":
        whole = doubled.expr // (2 * exact.den)
    elif how.mode == "half_even":
        low, rest = size // exact.den, (size % exact.den) * 2
        up = (rest > exact.den) | ((rest == exact.den) & (low % 2 == 1))
        whole = low + up.cast(pl.Int64)
    else:
        whole = size // exact.den if how.mode == "down" else -((-size) // exact.den)
    return _proven(whole * exact.expr.sign(), ten, exact.bound * ten // exact.den + 1)


def _bands(exact: Exact, node: Bands) -> Exact:
    den = node.shape.den
    # Starts with null for the unknown, then the first row whose edge is not below the value.
    chain: Any = pl.when(exact.expr.is_null()).then(NONE)
    for upto, points in node.rows[:-1]:
        assert upto is not None
        # The highest numerator that still belongs to the row.
        last = math.ceil(upto * exact.den) - 1 if node.below else math.floor(upto * exact.den)
        chain = chain.when(exact.expr <= last).then(_int(_whole(points * den)))
    return Exact(chain.otherwise(_int(_whole(node.rows[-1][1] * den))), den, _bound(node, den))


def _looked_up(exact: Exact, node: Lookup) -> Exact:
    den = node.shape.den
    chain: Any = pl.when(exact.expr.is_null()).then(NONE)
    for value, points in node.rows:
        if (value * exact.den).denominator == 1:
            chain = chain.when(exact.expr == _whole(value * exact.den)).then(_int(_whole(points * den)))
    return Exact(chain.otherwise(_int(_whole(node.rest * den))), den, _bound(node, den))


def _panel(args: list[Exact], node: Panel) -> Exact:
    if node.by_standing or node.absent == "mean" or node.how.gaps or node.how.name == "closest":
        raise Unfit
    if node.how.name == "count":
        args = [Exact(arg.expr.cast(pl.Int64), 1, 1) for arg in args]
    aligned, den = _aligned(args)
    gone = [pl.col(absent_column(seat)) for seat in node.seats]
    standing = pl.sum_horizontal([(~g).cast(pl.Int64) for g in gone])
    # An absent seat gives nothing; a seat that is there but has not marked leaves the whole value unknown.
    values = [pl.when(g).then(NONE).otherwise(a.expr) for a, g in zip(aligned, gone, strict=True)]
    unknown = pl.any_horizontal([a.expr.is_null() & ~g for a, g in zip(aligned, gone, strict=True)])
    short = standing < node.least if node.absent == "exclude" else pl.any_horizontal(gone)
    value, by, bound = _method(values, standing, len(values), max(a.bound for a in aligned), node)
    times = node.times
    guarded = pl.when(unknown | short).then(NONE).otherwise(value * times.numerator)
    return _proven(guarded, den * by * times.denominator, bound * abs(times.numerator))


def _method(values: list[pl.Expr], n: pl.Expr, most: int, bound: int, node: Panel) -> tuple[pl.Expr, int, int]:
    """The combined numerators, the factor their denominator grows by, and their bound."""
    how = node.how
    if how.name in ("sum", "count"):
        return pl.sum_horizontal(values), 1, bound * most
    if how.name in ("min", "max"):
        # Absent seats are null and skipped on purpose here; unknown ones were caught before.
        return (pl.min_horizontal if how.name == "min" else pl.max_horizontal)(values), 1, bound
    common = math.lcm(*range(1, most + 1))
    if how.name == "mean":
        return pl.sum_horizontal(values) * (common // n), common, bound * most * common
    ranked = pl.concat_list(values).list.drop_nulls().list.sort()
    if how.name == "best":
        return ranked.list.tail(how.k).list.sum(), 1, bound * how.k
    offset, length = _kept(n, node)
    return ranked.list.slice(offset, length).list.sum() * (common // length), common, bound * most * common


def _kept(n: pl.Expr, node: Panel) -> tuple[pl.Expr, pl.Expr]:
    """Of n values in order: from which on, and how many, the mean is taken."""
    how = node.how
    if how.name == "median":
        return (n - 1) // 2, 2 - n % 2
    if how.name == "middle":
        drop = pl.max_horizontal((n - how.k) // 2, pl.lit(0, dtype=pl.Int64))
        return drop, n - 2 * drop
    trims = n >= how.start
    offset = pl.when(trims).then(how.low).otherwise(0).cast(pl.Int64)
    return offset, pl.when(trims).then(n - how.low - how.high).otherwise(n)
