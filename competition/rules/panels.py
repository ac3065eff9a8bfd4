"""The seats of a panel combined into one value: the methods a rule may name, with their shapes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from competition.rules.nodes import Node
from competition.rules.shapes import Shape

Gaps = tuple[tuple[Fraction | None, bool, Fraction], ...]
"""Rows (edge, edge included, widest gap) by the middle mean; the last edge is None and takes the rest."""


@dataclass(frozen=True, slots=True)
class Method:
    """How values are combined.

    sum, mean, median, min, max; trimmed (without the `low` lowest and `high` highest once `start` seats stand, else plain
    mean); best (sum of the k highest); middle (mean of the middle k, or of k + 1 where the numbers dropped at both ends
    would differ; by `gaps` the mean of all where those k are too far apart); closest (mean of the k that lie closest
    together, the `tie` group of equal ranges); count (of conditions that hold).
    """

    name: str
    low: int = 0
    high: int = 0
    start: int = 0
    k: int = 0
    tie: str = ""
    gaps: Gaps = field(default=())


NEVER_ABSENT = ""
"""A seat nobody can be absent from: of a sheet that isn't for an entry."""


@dataclass(frozen=True, eq=False)
class Panel(Node):
    """The seats of a panel combined.

    least: with fewer standing seats there is no value. absent: a seat recorded as absent is left out ("exclude"), leaves no
    value ("refuse") or counts as the mean of those standing ("mean"). A seat that stands but has not marked makes null, always.
    times multiplies the result (an agreed sheet counted twice). by_standing: (from how many seats, method) instead of `how`.
    """

    how: Method
    args: tuple[Node, ...]
    seats: tuple[str, ...]
    least: int
    absent: Literal["exclude", "refuse", "mean"]
    times: Fraction = Fraction(1)
    by_standing: tuple[tuple[int, Method], ...] = ()

    @property
    def parts(self) -> Sequence[Node]:
        return self.args

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        methods = [method for _, method in self.by_standing] or [self.how]
        shapes = [_shape(method, parts, self.absent) for method in methods]
        den = math.lcm(*(s.den for s in shapes)) * self.times.denominator
        if self.absent == "mean":
            den *= math.lcm(*range(1, len(parts) + 1))
        ends = [end * self.times for s in shapes for end in (s.lo, s.hi)]
        return Shape(den, min(ends), max(ends))


def _shape(method: Method, shapes: Sequence[Shape], absent: str) -> Shape:
    n, lo, hi = len(shapes), min(s.lo for s in shapes), max(s.hi for s in shapes)
    den = math.lcm(*(s.den for s in shapes))
    if method.name == "count":
        return Shape(1, Fraction(0), Fraction(n))
    if method.name == "sum":
        lo, hi = sum((s.lo for s in shapes), Fraction(0)), sum((s.hi for s in shapes), Fraction(0))
        return Shape(den, min(lo, Fraction(0)), max(hi, Fraction(0))) if absent == "exclude" else Shape(den, lo, hi)
    if method.name == "best":
        return Shape(den, min(lo, lo * method.k), max(hi, hi * method.k))
    means = method.name in ("mean", "trimmed", "median", "middle", "closest")
    return Shape(den * math.lcm(*range(1, n + 1)) if means else den, lo, hi)
