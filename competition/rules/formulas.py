"""Formulas become operations: what a name stands for is asked of the resolver, what a function does is here.

A name that covers several seats or samples is a `Row`; a formula must reduce it (sum, mean, combined …) before it can be used
as one number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from competition.errors import RuleError
from competition.rules import formula
from competition.rules.draft import Draft, Written
from competition.rules.model import Sheet
from competition.rules.nodes import Const, Node, Op, Panel, Round, Rounded, const, total
from competition.rules.shapes import OPS
from competition.rules.table import Faults


@dataclass(frozen=True, slots=True)
class Row:
    """The same thing for each seat of a sheet (and sample): seats repeats a label once per sample.

    items: for something that adds up several items, the nodes of each item seat by seat.
    """

    sheet: Sheet
    nodes: tuple[Node, ...]
    seats: tuple[str, ...]
    items: tuple[tuple[Node, ...], ...] = ()


Local = Callable[[str], Node | Row | None]
ARITY = {
    "if": (3, 3), "abs": (1, 1), "ceil": (1, 1), "floor": (1, 1), "clamp": (3, 3), "round": (2, 2),
    "sum": (1, 99), "mean": (1, 1), "median": (1, 1), "min": (1, 99), "max": (1, 99), "best": (2, 2), "combined": (1, 1),
}  # fmt: skip
"""Functions of the formula language with their least and most arguments."""

_OVER_SEATS = ("sum", "mean", "median", "min", "max", "best")


class Formulas:
    """Builds operations from formulas; the resolver says what names and panel methods mean."""

    def __init__(self, draft: Draft, faults: Faults) -> None:
        self.draft = draft
        self.faults = faults

    def lookup(self, name: str) -> Node | Row | None:
        """What a global name stands for."""
        raise NotImplementedError

    def combined(self, row: Row) -> Node:
        """The row by its sheet's own panel method."""
        raise NotImplementedError

    def scalar(self, written: Written, local: Local | None) -> Node:
        """The formula as one number or condition. A fault is noted where it is written and stands in as 0."""
        try:
            return self._one(self._build(formula.parse(written.text), local))
        except RuleError as fault:
            self.faults.add(written.path, fault.zh, fault.en)
            return const(0)

    def _one(self, thing: Node | Row) -> Node:
        if isinstance(thing, Node):
            return thing
        if len(thing.nodes) == 1:
            return thing.nodes[0]
        what = thing.sheet.path
        raise RuleError(
            f"{what} 有 {len(thing.nodes)} 个值（每席或每样各一），请用 sum、mean 或 combined 等合成一个数。",
            f"{what} has {len(thing.nodes)} values (one per seat or sample); reduce them with sum, mean or combined.",
        )

    def _build(self, tree: formula.Syntax, local: Local | None) -> Node | Row:
        if isinstance(tree, formula.Number):
            return Const(tree.value)
        if isinstance(tree, formula.Name):
            found = (local(tree.text) if local else None) or self.lookup(tree.text)
            if found is None:
                raise RuleError(
                    f"没有名为 {tree.text} 的量，请查拼写。", f"Nothing is called {tree.text}; check its spelling."
                )
            return found
        return self._call(tree.function, [self._build(arg, local) for arg in tree.args])

    def _call(self, function: str, args: list[Node | Row]) -> Node:
        if function == "div" or (function in OPS and function not in ARITY):
            return self._operator(function, [self._one(a) for a in args])
        if function not in ARITY:
            raise RuleError(f"没有函数 {function}。", f"There is no function {function}.")
        least, most = ARITY[function]
        if not least <= len(args) <= most:
            raise RuleError(f"函数 {function} 的参数个数不对。", f"{function} has the wrong number of arguments.")
        if function in _OVER_SEATS and isinstance(args[0], Row):
            return self._reduce(function, args[0], args[1:])
        if function == "combined":
            return self.combined(args[0]) if isinstance(args[0], Row) else args[0]
        nodes = [self._one(a) for a in args]
        if function == "sum":
            return total(nodes)
        if function == "clamp":
            return Op("min", (Op("max", (nodes[0], nodes[1])), nodes[2]))
        if function == "round":
            return Rounded(nodes[0], Round(self._constant(nodes[1]), "half_up"))
        if function in ("mean", "median", "best"):
            raise RuleError(f"{function} 要用在多席或多样的量上。", f"{function} wants something with several seats.")
        return Op(function, tuple(nodes))

    def _operator(self, op: str, nodes: list[Node]) -> Node:
        if op == "div":
            if not isinstance(nodes[1], Const):
                raise RuleError("除数只能是常数。", "Only a constant may divide.")
            if nodes[1].value == 0:
                raise RuleError("除数为零。", "Division by zero.")
            return Op("mul", (nodes[0], Const(1 / nodes[1].value)))
        return Op(op, tuple(nodes))

    def _reduce(self, function: str, row: Row, rest: Sequence[Node | Row]) -> Node:
        how = self.draft.combines[row.sheet.path]
        k = self._constant(self._one(rest[0])) if rest else 0
        # Where the sheet's panel doesn't stand, neither does what is reduced from it (a seat counts once per sample).
        least = how.least * len(row.seats) // row.sheet.panel.seats
        return Panel(function, row.nodes, row.seats, least, how.absent, k=k)

    def _constant(self, node: Node) -> int:
        if not isinstance(node, Const) or node.value.denominator != 1:
            raise RuleError("这里要写一个整数。", "A whole number is wanted here.")
        return int(node.value)
