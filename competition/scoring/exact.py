"""The plan in integers: every exact operation as an expression over 64-bit numerators with a known denominator (`vectors`).

Such integers wrap silently on overflow, so the bound of every intermediate number is proven here, before any mark is
read; a step that doesn't fit (Unfit) is computed in fractions instead (`fractions`).
Null means "not known yet" and spreads; only what `vectors` says to skip nulls does, and only where absent seats are meant:
else a missing mark would turn into a good or bad one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.rules.field import Across
from competition.rules.nodes import Attribute, Bands, Cell, Const, FromSeat, Lookup, Named, Node, Op, Round, Rounded
from competition.rules.panels import Panel
from competition.scoring import vectors
from competition.scoring.entries import absent_column, attribute_column
from competition.scoring.vectors import Expr, number

LIMIT = 2**63 - 1
NONE = vectors.unknown()


class Unfit(Exception):
    """A value that integers over one denominator within 64 bits can't carry."""


@dataclass(frozen=True, slots=True)
class Exact:
    """Numerators (or truth) as an expression, their denominator, and a bound on |numerator|."""

    expr: Expr
    den: int
    bound: int


class Lowering:
    """Lowers nodes; a step with a name is lowered once, and what needs it shares it."""

    def __init__(self) -> None:
        self.steps: dict[str, Exact] = {}
        self.unfit: set[str] = set()
        self._memo: dict[int, Exact] = {}

    def keep(self, name: str, node: Node) -> bool:
        """Lower a named step; False if it is unfit."""
        try:
            self.steps[name] = self.lower(node.of if isinstance(node, Named) else node)
        except Unfit:
            self.unfit.add(name)
            return False
        return True

    def lower(self, node: Node) -> Exact:
        """One node as an expression. Raises Unfit where 64 bits can't be proven to suffice."""
        if id(node) not in self._memo:
            self._memo[id(node)] = self._lower(node)
        return self._memo[id(node)]

    def _lower(self, node: Node) -> Exact:
        if isinstance(node, Named):
            if node.name in self.unfit:
                raise Unfit
            return self.steps.get(node.name) or self.lower(node.of)
        if isinstance(node, FromSeat):
            inner = self.lower(node.of)
            return Exact(vectors.given(~_absent(node.seat), inner.expr), inner.den, inner.bound)
        if isinstance(node, Cell):
            cell = vectors.named(node.key)
            if node.blank is not None:
                cell = vectors.default(cell, number(_whole(node.blank * node.den)))
            return proven(cell, node.den, _bound(node, node.den))
        if isinstance(node, Const):
            return proven(number(node.value.numerator), node.value.denominator, abs(node.value.numerator))
        if isinstance(node, Attribute):
            den = node.shape.den
            table = {choice: _whole(value * den) for choice, value in node.table}
            picked = vectors.table(vectors.named(attribute_column(node.key)), table, None)
            return proven(picked, den, _bound(node, den))
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


def proven(expr: Expr, den: int, bound: int) -> Exact:
    """An expression whose numerators are known to fit. Raises Unfit."""
    return Exact(expr, den, _fitting(bound))


def _fitting(bound: int) -> int:
    if bound > LIMIT:
        raise Unfit
    return bound


def _bound(node: Node, den: int) -> int:
    return math.ceil(max(abs(node.shape.lo), abs(node.shape.hi)) * den)


def _absent(seat: str) -> Expr:
    return vectors.named(absent_column(seat))


def _whole(value: Fraction) -> int:
    assert value.denominator == 1
    return value.numerator


def _over(exact: Exact, den: int) -> Exact:
    """The same value over a larger denominator."""
    factor = den // exact.den
    return exact if factor == 1 else proven(exact.expr * factor, den, exact.bound * factor)


def aligned(parts: Sequence[Exact]) -> tuple[list[Exact], int]:
    """The same values over one denominator, and that denominator."""
    den = math.lcm(*(p.den for p in parts))
    return [_over(p, den) for p in parts], den


def _operate(op: str, args: list[Exact]) -> Exact:
    if op in ("and", "or"):
        truths = [arg.expr for arg in args]
        return Exact(vectors.all_of(truths) if op == "and" else vectors.any_of(truths), 1, 1)
    if op == "not":
        return Exact(~args[0].expr, 1, 1)
    if op == "if":
        (yes, no), den = aligned(args[1:])
        return Exact(vectors.either(args[0].expr, yes.expr, no.expr), den, max(yes.bound, no.bound))
    if op == "when":
        return Exact(vectors.given(args[0].expr, args[1].expr), args[1].den, args[1].bound)
    if op == "default":
        (first, second), den = aligned(args)
        return Exact(vectors.default(first.expr, second.expr), den, max(first.bound, second.bound))
    if op == "mul":
        return proven(args[0].expr * args[1].expr, args[0].den * args[1].den, args[0].bound * args[1].bound)
    if op == "neg":
        return Exact(-args[0].expr, args[0].den, args[0].bound)
    if op == "abs":
        return Exact(abs(args[0].expr), args[0].den, args[0].bound)
    if op in ("floor", "ceil"):
        whole = args[0].expr // args[0].den if op == "floor" else -((-args[0].expr) // args[0].den)
        return Exact(whole, 1, args[0].bound // args[0].den + 1)
    same, den = aligned(args)
    if op in ("eq", "ne", "lt", "le", "gt", "ge"):
        return Exact(vectors.compare(op, same[0].expr, same[1].expr), 1, 1)
    if op == "sub":
        return proven(same[0].expr - same[1].expr, den, same[0].bound + same[1].bound)
    if op == "add":
        return proven(vectors.added([each.expr for each in same]), den, sum(a.bound for a in same))
    ends = (vectors.least if op == "min" else vectors.most)([each.expr for each in same])
    return Exact(ends, den, max(a.bound for a in same))


def _round(exact: Exact, how: Round) -> Exact:
    ten = 10**how.places
    if ten % exact.den == 0:
        return _over(exact, ten)
    size = abs(exact.expr) * ten
    doubled = proven(size * 2 + exact.den, 1, exact.bound * ten * 2 + exact.den)
    if how.mode == "half_up":
        whole = doubled.expr // (2 * exact.den)
    elif how.mode == "half_even":
        low, rest = size // exact.den, (size % exact.den) * 2
        up = (rest > exact.den) | (vectors.compare("eq", rest, number(exact.den)) & (low % 2 >= 1))
        whole = low + vectors.tally([up])
    else:
        whole = size // exact.den if how.mode == "down" else -((-size) // exact.den)
    return proven(whole * vectors.sign(exact.expr), ten, exact.bound * ten // exact.den + 1)


def _bands(exact: Exact, node: Bands) -> Exact:
    den = node.shape.den
    last = []
    for upto, _ in node.rows[:-1]:
        assert upto is not None
        # The highest numerator that still belongs to the row.
        edge = math.ceil(upto * exact.den) - 1 if node.below else math.floor(upto * exact.den)
        last.append(max(-LIMIT, min(edge, LIMIT)))
    bound = _fitting(_bound(node, den))
    return Exact(vectors.steps(exact.expr, last, [_whole(points * den) for _, points in node.rows]), den, bound)


def _looked_up(exact: Exact, node: Lookup) -> Exact:
    den = node.shape.den
    there = [(value * exact.den, points) for value, points in node.rows]
    gives = {value.numerator: _whole(points * den) for value, points in there if value.denominator == 1}
    return proven(vectors.table(exact.expr, gives, _whole(node.rest * den)), den, _bound(node, den))


def _panel(args: list[Exact], node: Panel) -> Exact:
    if node.by_standing or node.absent == "mean" or node.how.gaps or node.how.name == "closest":
        raise Unfit
    if node.how.name == "count":
        args = [Exact(vectors.either(arg.expr, number(1), number(0)), 1, 1) for arg in args]
    same, den = aligned(args)
    gone = [_absent(seat) for seat in node.seats]
    standing = vectors.tally([~g for g in gone])
    # An absent seat gives nothing; a seat that is there but has not marked leaves the whole value unknown.
    values = [vectors.where(g, NONE, a.expr) for a, g in zip(same, gone, strict=True)]
    unknown = vectors.any_of([vectors.is_null(a.expr) & ~g for a, g in zip(same, gone, strict=True)])
    # Where all must stand, fewer than `least` can count only without the reserve of the panel.
    least = node.absent == "exclude" or node.least > len(gone)
    short = standing < node.least if least else vectors.any_of(gone)
    value, by, bound = _method(values, standing, len(values), max(a.bound for a in same), node)
    times = node.times
    guarded = vectors.where(unknown | short, NONE, value * times.numerator)
    return proven(guarded, den * by * times.denominator, bound * abs(times.numerator))


def _method(values: list[Expr], n: Expr, most: int, bound: int, node: Panel) -> tuple[Expr, int, int]:
    """The combined numerators, the factor their denominator grows by, and their bound."""
    how = node.how
    if how.name in ("sum", "count"):
        return vectors.tally(values), 1, bound * most
    if how.name in ("min", "max"):
        # Absent seats are null and skipped on purpose here; unknown ones were caught before.
        return (vectors.lowest if how.name == "min" else vectors.highest)(values), 1, bound
    common = math.lcm(*range(1, most + 1))
    if how.name == "mean":
        return vectors.tally(values) * (common // n), common, bound * most * common
    if how.name == "best":
        many = vectors.lowest([n, number(how.k)])
        return vectors.in_order(values, n - many, many), 1, bound * how.k
    first, many = _kept(n, node)
    return vectors.in_order(values, first, many) * (common // many), common, bound * most * common


def _kept(n: Expr, node: Panel) -> tuple[Expr, Expr]:
    """Of n values in order: from which on, and how many, the mean is taken."""
    how = node.how
    if how.name == "median":
        return (n - 1) // 2, 2 - n % 2
    if how.name == "middle":
        drop = vectors.highest([(n - how.k) // 2, number(0)])
        return drop, n - 2 * drop
    trims = n >= how.start
    return vectors.where(trims, number(how.low), number(0)), vectors.where(trims, n - how.low - how.high, n)
