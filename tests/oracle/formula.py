"""The formulas of a rule file, read by recursive descent into a tree of tuples."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

Tree = tuple[Any, ...]

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*(?:[.@][A-Za-z0-9_]+)*)|(==|!=|<=|>=|[-+*/()<>,]))")


@lru_cache(maxsize=4096)
def tree_of(text: str) -> Tree:
    """The formula as a tree: ("number", n), ("name", n), ("call", function, arguments), (sign, left, right)."""
    return _Reader(text).whole()


def names_in(tree: Tree) -> Iterator[str]:
    """Every name the formula reads; the words inside is(…) and a table's name in lookup(…) are none."""
    if tree[0] == "name":
        yield tree[1]
    elif tree[0] == "call":
        for argument in () if tree[1] == "is" else tree[2][:1] if tree[1] == "lookup" else tree[2]:
            yield from names_in(argument)
    elif tree[0] != "number":
        for branch in tree[1:]:
            yield from names_in(branch)


def combined_in(tree: Tree) -> Iterator[str]:
    """Every name inside combined(…): its sheet puts it together."""
    if tree[0] == "call" and tree[1] == "combined":
        yield from names_in(tree)
    elif tree[0] not in ("number", "name"):
        for branch in tree[2] if tree[0] == "call" else tree[1:]:
            yield from combined_in(branch)


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
        sign = self.take(*COMPARISONS)
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
