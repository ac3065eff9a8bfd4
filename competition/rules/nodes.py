"""What a rule computes, as a tree of exact operations.

Every node knows, before any mark exists, the denominator its values can be written over and the lowest and highest value
it can take (`Shape`). The engine needs both: the denominator to work in integers, the bounds to prove that 64 bits suffice;
the checker needs the bounds to compare printed maxima. Null ("not known yet") is not zero: any null operand makes null.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from competition.rules.shapes import OPS, Shape

Mode = Literal["half_up", "half_even", "down", "up"]


@dataclass(frozen=True, slots=True)
class Round:
    """Where a rule rounds: decimal places and which way. half_up is away from zero."""

    places: int
    mode: Mode


@dataclass(frozen=True, eq=False)
class Node:
    """One operation. Compared by identity: a shared node is computed once."""

    @property
    def parts(self) -> Sequence["Node"]:
        """The operands."""
        return ()

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        """Denominator and bounds, given those of the operands."""
        raise NotImplementedError

    @cached_property
    def shape(self) -> Shape:
        """Denominator and bounds over every legal mark and every choice of attributes."""
        return self.shape_from([part.shape for part in self.parts])


@dataclass(frozen=True, eq=False)
class Const(Node):
    """A number of the rule file."""

    value: Fraction

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        return Shape(self.value.denominator, self.value, self.value)


@dataclass(frozen=True, eq=False)
class Cell(Node):
    """A recorded value: one item of one seat (`module.sheet.seat.item`), or what the key made of an answer.

    blank: what an untouched item counts as, where the rule says so; else an untouched item is missing.
    """

    key: str
    den: int
    lo: Fraction
    hi: Fraction
    blank: Fraction | None = None

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        return Shape(self.den, self.lo, self.hi)


@dataclass(frozen=True, eq=False)
class Attribute(Node):
    """A number chosen by a property of the entry (a weight row by tea class)."""

    key: str
    table: tuple[tuple[str, Fraction], ...]

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        values = [value for _, value in self.table]
        return Shape(math.lcm(*(v.denominator for v in values)), min(values), max(values))


@dataclass(frozen=True, eq=False)
class Named(Node):
    """A quantity with a name, computed once and kept, so that a result can be unfolded."""

    name: str
    of: Node

    @property
    def parts(self) -> Sequence[Node]:
        return (self.of,)

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        return parts[0]


@dataclass(frozen=True, eq=False)
class FromSeat(Node):
    """Something that a seat gives: nothing while the seat is recorded as absent, whatever it recorded before."""

    of: Node
    seat: str

    @property
    def parts(self) -> Sequence[Node]:
        return (self.of,)

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        return parts[0]


@dataclass(frozen=True, eq=False)
class Op(Node):
    """An arithmetic or logical operation on its operands; `OPS` lists them."""

    op: str
    args: tuple[Node, ...]

    @property
    def parts(self) -> Sequence[Node]:
        return self.args

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        return OPS[self.op](parts)


@dataclass(frozen=True, eq=False)
class Rounded(Node):
    """Rounding that the rule orders: the only place where anything is lost."""

    of: Node
    how: Round

    @property
    def parts(self) -> Sequence[Node]:
        return (self.of,)

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        return Shape(10**self.how.places, rounded(parts[0].lo, self.how), rounded(parts[0].hi, self.how))


@dataclass(frozen=True, eq=False)
class Bands(Node):
    """Points by where a value falls: rows (edge, points), the last row (None) takes the rest.

    below: an edge itself belongs to the next row; otherwise to its own.
    """

    of: Node
    rows: tuple[tuple[Fraction | None, Fraction], ...]
    below: bool = False

    @property
    def parts(self) -> Sequence[Node]:
        return (self.of,)

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        points = [p for _, p in self.rows]
        return Shape(math.lcm(*(p.denominator for p in points)), min(points), max(points))


@dataclass(frozen=True, eq=False)
class Lookup(Node):
    """Points by exact value: rows (value, points), `rest` for every other value."""

    of: Node
    rows: tuple[tuple[Fraction, Fraction], ...]
    rest: Fraction

    @property
    def parts(self) -> Sequence[Node]:
        return (self.of,)

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        points = [*(p for _, p in self.rows), self.rest]
        return Shape(math.lcm(*(p.denominator for p in points)), min(points), max(points))


def highest(node: Node) -> Fraction:
    """The highest value a node can take, one choice of attributes at a time (weight rows are not mixed)."""
    choices: dict[str, set[str]] = {}
    _collect(node, choices, set())
    settings: list[dict[str, str]] = [{}]
    for key, values in choices.items():
        settings = [{**each, key: value} for each in settings for value in sorted(values)]
    return max(_shape_when(node, each, {}).hi for each in settings)


def _collect(node: Node, choices: dict[str, set[str]], seen: set[int]) -> None:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, Attribute):
        choices.setdefault(node.key, set()).update(choice for choice, _ in node.table)
    for part in node.parts:
        _collect(part, choices, seen)


def _shape_when(node: Node, setting: dict[str, str], memo: dict[int, Shape]) -> Shape:
    if not setting:
        return node.shape
    if id(node) not in memo:
        if isinstance(node, Attribute):
            value = dict(node.table).get(setting[node.key], Fraction(0))
            memo[id(node)] = Shape(value.denominator, value, value)
        else:
            memo[id(node)] = node.shape_from([_shape_when(part, setting, memo) for part in node.parts])
    return memo[id(node)]


def rounded(value: Fraction, how: Round) -> Fraction:
    """`value` rounded as `how` says; half_up means half away from zero."""
    scaled = value * 10**how.places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if how.mode == "half_even":
        whole = round(scaled)
    elif how.mode == "half_up":
        whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and scaled > 0)
    elif how.mode == "up":
        whole += rest > 0 and scaled > 0
    else:  # down: towards zero
        whole += rest > 0 and scaled < 0
    return Fraction(whole, 10**how.places)


def const(value: int | Fraction) -> Const:
    """A constant node."""
    return Const(Fraction(value))


def total(nodes: Sequence[Node]) -> Node:
    """The sum of some nodes; the node itself when there is one."""
    return nodes[0] if len(nodes) == 1 else Op("add", tuple(nodes))


def bare(node: Node) -> Node:
    """The operation itself, without its name and without whose it is."""
    while isinstance(node, Named | FromSeat):
        node = node.of
    return node
