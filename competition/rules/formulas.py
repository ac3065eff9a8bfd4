"""Formulas become operations: what a name stands for is asked of the resolver, what a function does is here.

A name that covers several seats or samples is a `Row`. Arithmetic goes through a row one by one; a formula must reduce it
(sum, mean, count, combined …) before it can be used as one number.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from competition.errors import RuleError
from competition.rules import formula
from competition.rules.draft import Draft, Written
from competition.rules.model import Sheet
from competition.rules.nearest import alike, instead
from competition.rules.nodes import Attribute, Bands, Const, Lookup, Node, Op, Round, Rounded, bare, const, total
from competition.rules.panels import Method, Panel
from competition.rules.shapes import CONDITIONS, OPS
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


Thing = Node | Row
Nodes = tuple[Node, ...]
Seats = tuple[str, ...]
Local = Callable[[str], Thing | None]
ARITY = {
    "if": (3, 3), "abs": (1, 1), "ceil": (1, 1), "floor": (1, 1), "clamp": (3, 3), "round": (2, 2),
    "sum": (1, 99), "mean": (1, 1), "median": (1, 1), "min": (1, 99), "max": (1, 99), "best": (2, 2), "combined": (1, 1),
    "count": (1, 99), "is": (2, 2), "lookup": (2, 2), "when": (2, 2),
}  # fmt: skip
"""Functions of the formula language with their least and most arguments."""

_OVER_SEATS = ("sum", "mean", "median", "min", "max", "best", "count")


class Formulas:
    """Builds operations from formulas; the resolver says what names and panel methods mean."""

    def __init__(self, draft: Draft, faults: Faults) -> None:
        self.draft = draft
        self.faults = faults

    def lookup(self, name: str) -> Thing | None:
        """What a global name stands for."""
        raise NotImplementedError

    def combined(self, row: Row) -> Node:
        """The row by its sheet's own panel method."""
        raise NotImplementedError

    def counting(self, sheet: Sheet, nodes: Nodes, seats: Seats, panel: Callable[[Nodes, Seats], Node]) -> Node:
        """A panel of the seats that count on a sheet."""
        raise NotImplementedError

    def scalar(self, written: Written, local: Local | None) -> Node:
        """The formula as one number (a condition counts 1 or 0). A fault is noted where it is written and stands in as 0."""
        try:
            return number(self._one(self._build(formula.parse(written.text), local)))
        except RuleError as fault:
            self.faults.add(written.path, fault.zh, fault.en)
            return const(0)

    def condition(self, written: Written, local: Local | None = None) -> Node:
        """The formula as a condition. A fault is noted where it is written and stands in as "no"."""
        try:
            return condition(self._one(self._build(formula.parse(written.text), local)))
        except RuleError as fault:
            self.faults.add(written.path, fault.zh, fault.en)
            return Op("eq", (const(0), const(1)))

    def several(self, written: Written) -> Row | None:
        """The formula as one value per seat. A fault is noted where it is written; None then, and for a single number."""
        try:
            thing = self._build(formula.parse(written.text), None)
        except RuleError as fault:
            self.faults.add(written.path, fault.zh, fault.en)
            return None
        return thing if isinstance(thing, Row) else None

    def names(self) -> Iterable[str]:
        """Every name that a formula may use here or there, for the answer to a misspelt one."""
        raise NotImplementedError

    def _meant(self, name: str, local: Local | None) -> tuple[str, str]:
        """What an unknown name was probably meant to be, among those that stand for something in this place."""
        near = [each for each in alike(name, self.names()) if self._stands(each, local)]
        if not near:
            return "请查拼写。", "; check its spelling."
        return f"是不是 {near[0]}？请改正。", f". Did you mean {near[0]}? Correct it."

    def _stands(self, name: str, local: Local | None) -> bool:
        try:
            return ((local(name) if local else None) or self.lookup(name)) is not None
        except RuleError:
            return False

    def _one(self, thing: Thing) -> Node:
        if isinstance(thing, Node):
            return thing
        if len(thing.nodes) == 1:
            return thing.nodes[0]
        what = thing.sheet.path
        raise RuleError(
            f"{what} 有 {len(thing.nodes)} 个值（每席或每样各一），请用 sum、mean 或 combined 等合成一个数。",
            f"{what} has {len(thing.nodes)} values (one per seat or sample); reduce them with sum, mean or combined.",
        )

    def _build(self, tree: formula.Syntax, local: Local | None) -> Thing:
        if isinstance(tree, formula.Number):
            return Const(tree.value)
        if isinstance(tree, formula.Name):
            found = (local(tree.text) if local else None) or self.lookup(tree.text)
            if found is None:
                zh, en = self._meant(tree.text, local)
                raise RuleError(f"没有名为 {tree.text} 的量，{zh}", f"Nothing is called {tree.text}{en}")
            return found
        if tree.function in ("is", "lookup"):
            return self._named(tree, local)
        return self._call(tree.function, [self._build(arg, local) for arg in tree.args])

    def _call(self, function: str, args: list[Thing]) -> Thing:
        if function in OPS and function not in ARITY and function != "default":
            return self._each(lambda nodes: self._operator(function, nodes), args)
        _counted(function, len(args))
        if function in _OVER_SEATS and isinstance(args[0], Row) and (function == "best" or len(args) == 1):
            return self._reduce(function, args[0], args[1:])
        if function == "combined":
            return self.combined(args[0]) if isinstance(args[0], Row) else args[0]
        if function == "count":
            return total([number(condition(self._one(a))) for a in args])
        if function == "sum":
            return total([number(self._one(a)) for a in args])
        if function in ("mean", "median", "best"):
            zh = f"{function} 要用在多席或多样的量上；只有一个数就直接写它。"
            raise RuleError(zh, f"{function} wants something with several seats; write a single number as it is.")
        return self._each(lambda nodes: self._function(function, nodes), args)

    def _each(self, make: Callable[[list[Node]], Node], args: Sequence[Thing]) -> Thing:
        """One by one through the rows among the arguments; a row of one, or a node, where there is no row of several."""
        rows = [arg for arg in args if isinstance(arg, Row) and len(arg.nodes) > 1]
        if not rows:
            made, single = make([self._one(arg) for arg in args]), [arg for arg in args if isinstance(arg, Row)]
            same = len({(id(row.sheet), row.seats) for row in single}) == 1
            return Row(single[0].sheet, (made,), single[0].seats) if same else made
        first = rows[0]
        if any(row.seats != first.seats for row in rows):
            what = "、".join(dict.fromkeys(row.sheet.path for row in rows))
            raise RuleError(
                f"{what} 的席位或样品对不上，不能逐个相算；请先用 sum、mean 或 combined 合成一个数。",
                f"The seats or samples of {what} don't match one by one; reduce them first with sum, mean or combined.",
            )
        columns = [
            arg.nodes if isinstance(arg, Row) and len(arg.nodes) > 1 else (self._one(arg),) * len(first.nodes)
            for arg in args
        ]
        return Row(first.sheet, tuple(make(list(nodes)) for nodes in zip(*columns, strict=True)), first.seats)

    def _function(self, function: str, nodes: list[Node]) -> Node:
        if function == "when":
            return Op("when", (condition(nodes[0]), nodes[1] if is_condition(nodes[1]) else number(nodes[1])))
        if function == "if":
            yes, no = nodes[1:] if is_condition(nodes[1]) and is_condition(nodes[2]) else map(number, nodes[1:])
            return Op("if", (condition(nodes[0]), yes, no))
        nodes = [number(node) for node in nodes]
        if function == "clamp":
            return Op("min", (Op("max", (nodes[0], nodes[1])), nodes[2]))
        if function == "round":
            return Rounded(nodes[0], Round(self._constant(nodes[1]), "half_up"))
        return Op(function, tuple(nodes))

    def _operator(self, op: str, nodes: list[Node]) -> Node:
        if op in ("and", "or", "not"):
            return Op(op, tuple(condition(node) for node in nodes))
        nodes = [number(node) for node in nodes]
        if op != "div":
            return Op(op, tuple(nodes))
        if isinstance(nodes[1], Const):
            if nodes[1].value == 0:
                raise RuleError("除数为零，请改。", "Division by zero; change it.")
            return Op("mul", (nodes[0], Const(1 / nodes[1].value)))
        shape = nodes[1].shape
        if shape.lo <= 0 <= shape.hi:
            raise RuleError(
                "除数可能是 0。请用 max(x, 1) 或 clamp 保证它不为 0。",
                "What divides may be 0. Make sure it isn't, with max(x, 1) or clamp.",
            )
        return Op("div", (nodes[0], nodes[1]))

    def _named(self, tree: formula.Call, local: Local | None) -> Thing:
        """is(attribute, value) and lookup(x, table): their names stand for no quantity."""
        _counted(tree.function, len(tree.args))
        name = tree.args[0 if tree.function == "is" else 1]
        text = name.text if isinstance(name, formula.Name) else ""
        if tree.function == "lookup":
            if text not in self.draft.tables:
                zh, en = instead(text, self.draft.tables)
                raise RuleError(f"没有表 {text}。{zh}", f"There is no table {text}. {en}")
            return self._each(lambda nodes: self._looked_up(text, nodes[0]), [self._build(tree.args[0], local)])
        value = tree.args[1].text if isinstance(tree.args[1], formula.Name) else ""
        rule = self.draft.attributes.get(text)
        if rule is None:
            zh, en = instead(text, self.draft.attributes)
            raise RuleError(f"没有属性 {text}。{zh}", f"There is no attribute {text}. {en}")
        if value not in rule.values:
            zh, en = instead(value, rule.values)
            raise RuleError(f"属性 {text} 没有取值 {value}。{zh}", f"Attribute {text} has no value {value}. {en}")
        return self.chosen(text, (value,))

    def chosen(self, attribute: str, values: Sequence[str]) -> Node:
        """The condition that an entry's attribute is one of `values`; unknown while the attribute is."""
        known = self.draft.attributes[attribute].values
        return Op("eq", (Attribute(attribute, tuple((v, Fraction(v in values)) for v in known)), const(1)))

    def _looked_up(self, table: str, node: Node) -> Node:
        rule = self.draft.tables[table]
        if rule.bands is not None:
            return Bands(node, rule.bands, rule.below)
        return Lookup(node, rule.values, rule.rest)

    def _reduce(self, function: str, row: Row, rest: Sequence[Thing]) -> Node:
        k = self._constant(self._one(rest[0])) if rest else 0
        nodes = tuple(condition(node) if function == "count" else number(node) for node in row.nodes)
        return self.counting(row.sheet, nodes, row.seats, self.reducing(row, Method(function, k=k)))

    def reducing(self, row: Row, method: Method) -> Callable[[Nodes, Seats], Node]:
        """Where the sheet's panel doesn't stand, neither does what is reduced from it (a seat counts once per sample)."""
        how = self.draft.combines[row.sheet.path]
        least = how.least * len(row.seats) // row.sheet.panel.seats
        absent: Literal["exclude", "refuse"] = "refuse" if how.absent == "refuse" else "exclude"
        return lambda nodes, seats: Panel(method, nodes, seats, least, absent)

    def _constant(self, node: Node) -> int:
        if not isinstance(node, Const) or node.value.denominator != 1:
            raise RuleError("这里请写一个整数。", "Write a whole number here.")
        return int(node.value)


def is_condition(node: Node) -> bool:
    """Whether a value is yes or no rather than a number."""
    node = bare(node)
    if not isinstance(node, Op):
        return False
    return is_condition(node.args[1]) if node.op in ("if", "when", "default") else node.op in CONDITIONS


def number(node: Node) -> Node:
    """A condition as 1 or 0; a number as it is."""
    return Op("if", (node, const(1), const(0))) if is_condition(node) else node


def condition(node: Node) -> Node:
    """A condition as it is. Raises RuleError for a number: whether 2 is a yes is nobody's guess."""
    if not is_condition(node):
        raise RuleError("这里要写一个条件，例如 x == 1。", "A condition is wanted here, such as x == 1.")
    return node


def _counted(function: str, given: int) -> None:
    if function not in ARITY:
        zh, en = instead(function, ARITY)
        raise RuleError(f"没有函数 {function}。{zh}", f"There is no function {function}. {en}")
    least, most = ARITY[function]
    if not least <= given <= most:
        wants = str(least) if least == most else f"{least}–{most}"
        zh = f"函数 {function} 要写 {wants} 个参数，这里有 {given} 个。"
        raise RuleError(zh, f"The function {function} has {given} arguments; write {wants}.")
