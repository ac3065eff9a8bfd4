"""The formulas of a rule file, read by recursive descent and worked out in fractions.

A value is a Fraction, a bool, a list of Fractions (the seats of a panel, the samples of a section) or None: not known,
because a mark is missing. None spreads; only `if` with a known condition leaves the branch not taken alone.
"""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from .rounding import half_up

Value = Any
Tree = tuple[Any, ...]
Names = Callable[[str], Value]

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*(?:[.@][A-Za-z0-9_]+)*)|(==|!=|<=|>=|[-+*/()<>,]))")
_COMPARE = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def evaluate(text: str, names: Names, combined: Names | None = None) -> Value:
    """The value of formula `text`. `names` answers for a name, `combined` for the name inside combined(…)."""
    return _work_out(_Reader(text).whole(), names, combined)


class _Reader:
    """Reads: or < and < not < comparison < + - < * / < unary minus < number, name, call, (…)."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise ValueError(f"cannot read {text[at:]!r} in {text!r}")
            self.tokens.append(match.group(match.lastindex or 0))
            at = match.end()
        self.at = 0

    def whole(self) -> Tree:
        tree = self.either()
        if self.peek() != "":
            raise ValueError(f"left over: {self.tokens[self.at :]}")
        return tree

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """The next token if it is one of `wanted`, else nothing."""
        if self.peek() in wanted and self.peek() != "":
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def need(self, wanted: str) -> None:
        if not self.take(wanted):
            raise ValueError(f"expected {wanted!r}, found {self.peek()!r}")

    def either(self) -> Tree:
        left = self.both()
        while self.take("or"):
            left = ("or", left, self.both())
        return left

    def both(self) -> Tree:
        left = self.negated()
        while self.take("and"):
            left = ("and", left, self.negated())
        return left

    def negated(self) -> Tree:
        return ("not", self.negated()) if self.take("not") else self.comparison()

    def comparison(self) -> Tree:
        left = self.added()
        sign = self.take(*_COMPARE)
        return (sign, left, self.added()) if sign else left

    def added(self) -> Tree:
        left = self.multiplied()
        while sign := self.take("+", "-"):
            left = (sign, left, self.multiplied())
        return left

    def multiplied(self) -> Tree:
        left = self.signed()
        while sign := self.take("*", "/"):
            left = (sign, left, self.signed())
        return left

    def signed(self) -> Tree:
        return ("negative", self.signed()) if self.take("-") else self.atom()

    def atom(self) -> Tree:
        if self.take("("):
            inside = self.either()
            self.need(")")
            return inside
        token = self.peek()
        self.at += 1
        if token[:1].isdigit():
            return ("number", Fraction(token))
        if not token[:1].isalpha():
            raise ValueError(f"expected a number or a name, found {token!r}")
        if not self.take("("):
            return ("name", token)
        arguments = [self.either()]
        while self.take(","):
            arguments.append(self.either())
        self.need(")")
        return ("call", token, arguments)


def _work_out(tree: Tree, names: Names, combined: Names | None) -> Value:
    kind = tree[0]
    if kind == "number":
        return tree[1]
    if kind == "name":
        return names(tree[1])
    if kind == "call":
        return _call(tree[1], tree[2], names, combined)
    inside = [_one(_work_out(branch, names, combined)) for branch in tree[1:]]
    if kind in ("and", "or"):
        return _joined(kind, inside)
    return None if None in inside else _operate(kind, *inside)


def _joined(kind: str, sides: list[Value]) -> bool | None:
    """One side can be enough to know: false and anything is false, true or anything is true."""
    enough = kind == "or"
    if any(side is not None and bool(side) is enough for side in sides):
        return enough
    return None if None in sides else not enough


def _operate(sign: str, left: Value, right: Value = None) -> Value:
    if sign == "not":
        return not left
    if sign == "negative":
        return -left
    if sign in _COMPARE:
        return _COMPARE[sign](left, right)
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    return None if right == 0 else left / right


def _call(name: str, arguments: list[Tree], names: Names, combined: Names | None) -> Value:
    if name == "if":
        condition = _one(_work_out(arguments[0], names, combined))
        return None if condition is None else _work_out(arguments[1 if condition else 2], names, combined)
    if name == "combined":
        assert combined is not None
        assert arguments[0][0] == "name"
        return combined(arguments[0][1])
    values = [_work_out(argument, names, combined) for argument in arguments]
    many = _flat(values[:1] if name == "best" else values)
    if any(value is None for value in [*many, *values]):
        return None
    return _FUNCTIONS[name](many, *values)


def _one(value: Value) -> Value:
    """A panel of one needs no reduction."""
    if isinstance(value, list):
        if len(value) != 1:
            raise ValueError("a panel of several seats is used without sum(), mean() …")
        return value[0]
    return value


def _flat(values: list[Value]) -> list[Value]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def middle(many: list[Fraction]) -> Fraction:
    """The median; of an even number the mean of the two middle ones."""
    ordered = sorted(many)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def top(many: list[Fraction], k: Fraction | int) -> Fraction:
    """The sum of the k highest."""
    return sum(sorted(many, reverse=True)[: int(k)], Fraction(0))


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "sum": lambda many, *_: sum(many, Fraction(0)),
    "mean": lambda many, *_: sum(many, Fraction(0)) / len(many),
    "median": lambda many, *_: middle(many),
    "min": lambda many, *_: min(many),
    "max": lambda many, *_: max(many),
    "count": lambda many, *_: Fraction(len(many)),
    "best": lambda many, _x, k: top(many, k),
    "abs": lambda many, *_: abs(many[0]),
    "ceil": lambda many, *_: Fraction(math.ceil(many[0])),
    "floor": lambda many, *_: Fraction(math.floor(many[0])),
    "clamp": lambda many, *_: min(max(many[0], many[1]), many[2]),
    "round": lambda many, *_: half_up(many[0], int(many[1])),
}
