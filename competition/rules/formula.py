"""Small formulas, parsed and never evaluated as Python: text -> syntax tree.

    if(abs(shot_1 - shot_2) <= 3, 1, 0)        2 * technical + sensory - overtime        theory >= 60 and practical >= 60

Grammar, loosest first: or, and, not, one comparison, + -, * /, unary -, call or name or number or (…).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from competition.errors import RuleError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_@]+)*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/(),<>])|(?P<bad>\S))"
)
_COMPARE = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number, exact."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name; what it stands for is decided where the formula stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function with its arguments; operators carry the names of `nodes.OPS`."""

    function: str
    args: tuple["Syntax", ...]


Syntax = Number | Name | Call


def parse(text: str) -> Syntax:
    """Parse one formula. Raises RuleError naming the character where it stopped."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            (str(m.lastgroup), m.group(m.lastgroup or 0), m.start(m.lastgroup or 0))
            for m in _TOKEN.finditer(text)
            if m.lastgroup
        ]
        self.next = 0

    def whole(self) -> Syntax:
        tree = self.either()
        if self.next < len(self.tokens):
            raise self.fault()
        return tree

    def either(self) -> Syntax:
        tree = self.both()
        while self.take("or"):
            tree = Call("or", (tree, self.both()))
        return tree

    def both(self) -> Syntax:
        tree = self.negated()
        while self.take("and"):
            tree = Call("and", (tree, self.negated()))
        return tree

    def negated(self) -> Syntax:
        return Call("not", (self.negated(),)) if self.take("not") else self.compared()

    def compared(self) -> Syntax:
        tree = self.added()
        sign = self.peek()
        if sign in _COMPARE:
            self.next += 1
            tree = Call(_COMPARE[sign], (tree, self.added()))
        return tree

    def added(self) -> Syntax:
        tree = self.multiplied()
        while (sign := self.peek()) in ("+", "-"):
            self.next += 1
            tree = Call("add" if sign == "+" else "sub", (tree, self.multiplied()))
        return tree

    def multiplied(self) -> Syntax:
        tree = self.signed()
        while (sign := self.peek()) in ("*", "/"):
            self.next += 1
            tree = Call("mul" if sign == "*" else "div", (tree, self.signed()))
        return tree

    def signed(self) -> Syntax:
        return Call("neg", (self.signed(),)) if self.take("-") else self.atom()

    def atom(self) -> Syntax:
        if self.take("("):
            tree = self.either()
            self.expect(")")
            return tree
        if self.next >= len(self.tokens):
            raise self.fault()
        kind, text, _ = self.tokens[self.next]
        if kind == "number":
            self.next += 1
            return Number(Fraction(text))
        if kind != "name" or text in ("and", "or", "not"):
            raise self.fault()
        self.next += 1
        return Call(text, self.arguments()) if self.take("(") else Name(text)

    def arguments(self) -> tuple[Syntax, ...]:
        args = [self.either()]
        while self.take(","):
            args.append(self.either())
        self.expect(")")
        return tuple(args)

    def peek(self) -> str:
        return self.tokens[self.next][1] if self.next < len(self.tokens) else ""

    def take(self, text: str) -> bool:
        taken = self.peek() == text
        self.next += taken
        return taken

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.fault()

    def fault(self) -> RuleError:
        at = self.tokens[self.next][2] + 1 if self.next < len(self.tokens) else len(self.text) + 1
        sign = self.text[at - 1 : at]
        zh, en = _CURES.get(sign, ("请检查括号、逗号和运算符", "Check brackets, commas and operators"))
        return RuleError(
            f"公式“{self.text}”第 {at} 个字符{f'“{sign}”' if sign else ''}处看不懂。{zh}。",
            f'Formula "{self.text}" can\'t be read at character {at}{f", {sign!r}" if sign else ""}. {en}.',
        )


_WIDE = ("请改成半角符号", "Use the half-width sign")
_CURES = {
    "=": ("比较是否相等写 ==", "To compare, write =="),
    "×": ("乘号写 *", "Times is written *"),
    "÷": ("除号写 /", "Divided by is written /"),
    "%": ("百分数写成小数，如 0.95", "Write a percentage as a decimal, such as 0.95"),
    "≥": ("大于等于写 >=", "At least is written >="),
    "≤": ("小于等于写 <=", "At most is written <="),
    "@": ("样品写在全名后，如 模块.评分表.项@A", "A sample goes after a full name: module.sheet.item@A"),
    **dict.fromkeys("，；：（）“”‘’％＋－＊／＝＜＞", _WIDE),
}
"""What people type instead, and what to write."""
