"""How denominators and bounds follow from operands, for every arithmetic and logical operation of a plan."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Shape:
    """Denominator (a multiple of every value's; 0 where there is none common to all), lowest and highest value."""

    den: int
    lo: Fraction
    hi: Fraction


Operation = Callable[[Sequence[Shape]], Shape]


def _add(s: Sequence[Shape]) -> Shape:
    return Shape(
        math.lcm(*(x.den for x in s)), sum((x.lo for x in s), Fraction(0)), sum((x.hi for x in s), Fraction(0))
    )


def _sub(s: Sequence[Shape]) -> Shape:
    return Shape(math.lcm(s[0].den, s[1].den), s[0].lo - s[1].hi, s[0].hi - s[1].lo)


def _mul(s: Sequence[Shape]) -> Shape:
    ends = [a * b for a in (s[0].lo, s[0].hi) for b in (s[1].lo, s[1].hi)]
    return Shape(s[0].den * s[1].den, min(ends), max(ends))


def _neg(s: Sequence[Shape]) -> Shape:
    return Shape(s[0].den, -s[0].hi, -s[0].lo)


def _abs(s: Sequence[Shape]) -> Shape:
    lo, hi = s[0].lo, s[0].hi
    return Shape(s[0].den, Fraction(0) if lo <= 0 <= hi else min(abs(lo), abs(hi)), max(abs(lo), abs(hi)))


def _whole(rounding: Callable[[Fraction], int]) -> Callable[[Sequence[Shape]], Shape]:
    return lambda s: Shape(1, Fraction(rounding(s[0].lo)), Fraction(rounding(s[0].hi)))


def _pick(choose: Callable[..., Fraction]) -> Callable[[Sequence[Shape]], Shape]:
    return lambda s: Shape(math.lcm(*(x.den for x in s)), choose(x.lo for x in s), choose(x.hi for x in s))


def _if(s: Sequence[Shape]) -> Shape:
    if s[0].lo == s[0].hi:
        # Decided by the rule file alone, say by a choice of attributes.
        return s[1] if s[0].hi else s[2]
    return Shape(math.lcm(s[1].den, s[2].den), min(s[1].lo, s[2].lo), max(s[1].hi, s[2].hi))


def _hull(s: Sequence[Shape]) -> Shape:
    return Shape(math.lcm(*(x.den for x in s)), min(x.lo for x in s), max(x.hi for x in s))


def _div(s: Sequence[Shape]) -> Shape:
    # Quotients of measured quantities have no common denominator: such steps are computed in fractions.
    ends = [a / b for a in (s[0].lo, s[0].hi) for b in (s[1].lo, s[1].hi)]
    return Shape(0, min(ends), max(ends))


def _when(s: Sequence[Shape]) -> Shape:
    return s[1]


def _truth(surely: Callable[[Sequence[Shape]], bool], never: Callable[[Sequence[Shape]], bool]) -> Operation:
    """A condition: 1 where the bounds already make it hold, 0 where they rule it out, else between."""
    return lambda s: Shape(1, Fraction(surely(s)), Fraction(not never(s)))


def _fixed(s: Sequence[Shape]) -> bool:
    return s[0].lo == s[0].hi == s[1].lo == s[1].hi


def _apart(s: Sequence[Shape]) -> bool:
    return s[0].hi < s[1].lo or s[0].lo > s[1].hi or _off_step(s[0], s[1]) or _off_step(s[1], s[0])


def _off_step(a: Shape, b: Shape) -> bool:
    """Whether b is one number, and none that a value over a's denominator can be (2.5 on a scale of whole numbers)."""
    return b.lo == b.hi and a.den > 0 and (b.lo * a.den).denominator != 1


OPS: dict[str, Operation] = {
    "add": _add, "sub": _sub, "mul": _mul, "neg": _neg, "abs": _abs,
    "ceil": _whole(math.ceil), "floor": _whole(math.floor), "min": _pick(min), "max": _pick(max),
    "if": _if, "div": _div, "when": _when, "default": _hull,
    "eq": _truth(_fixed, _apart), "ne": _truth(_apart, _fixed),
    "lt": _truth(lambda s: s[0].hi < s[1].lo, lambda s: s[0].lo >= s[1].hi),
    "le": _truth(lambda s: s[0].hi <= s[1].lo, lambda s: s[0].lo > s[1].hi),
    "gt": _truth(lambda s: s[0].lo > s[1].hi, lambda s: s[0].hi <= s[1].lo),
    "ge": _truth(lambda s: s[0].lo >= s[1].hi, lambda s: s[0].hi < s[1].lo),
    "and": _truth(lambda s: all(x.lo == 1 for x in s), lambda s: any(x.hi == 0 for x in s)),
    "or": _truth(lambda s: any(x.lo == 1 for x in s), lambda s: all(x.hi == 0 for x in s)),
    "not": _truth(lambda s: s[0].hi == 0, lambda s: s[0].lo == 1),
}  # fmt: skip
"""Operations by name, each with how denominators and bounds follow from its operands.

when(condition, x): x while the condition holds, else unknown. default(x, y): x, or y while x is unknown.
"""

CONDITIONS = ("eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not")
"""Operations whose value is yes or no."""
