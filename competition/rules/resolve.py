"""From names and formulas to one tree of exact operations: the plan the engine computes.

Names are resolved on demand, so quantities may be written in any order; a circle is a fault. A name that covers several
seats or samples is a `Row`; a formula must reduce it (sum, mean, combined …) before it can be used as one number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from competition.errors import RuleError
from competition.rules import formula
from competition.rules.draft import Draft, Overtime, Scored, Veto, Written
from competition.rules.items import item_points, item_value
from competition.rules.model import Item, Out, Sheet
from competition.rules.nodes import OPS, Const, Named, Node, Op, Panel, Round, Rounded, const, highest, total
from competition.rules.table import Faults


@dataclass(frozen=True, slots=True)
class Row:
    """The same thing for each seat of a sheet (and sample): seats repeats a label once per sample."""

    sheet: Sheet
    nodes: tuple[Node, ...]
    seats: tuple[str, ...]


Local = Callable[[str], Node | Row | None]
ARITY = {
    "if": (3, 3), "abs": (1, 1), "ceil": (1, 1), "floor": (1, 1), "clamp": (3, 3), "round": (2, 2),
    "sum": (1, 99), "mean": (1, 1), "median": (1, 1), "min": (1, 99), "max": (1, 99), "best": (2, 2), "combined": (1, 1),
}  # fmt: skip
"""Functions of the formula language with their least and most arguments."""

_OVER_SEATS = ("sum", "mean", "median", "min", "max", "best")


class Resolver:
    """Builds the named steps of one draft. Faults are noted, and a faulty formula counts as 0 until it is mended."""

    def __init__(self, draft: Draft, faults: Faults) -> None:
        self.draft = draft
        self.faults = faults
        self.steps: dict[str, Node] = {}
        self.detail: dict[str, Node] = {}
        self.open: list[str] = []

    # -- steps ---------------------------------------------------------------------------------------------------------

    def all(self) -> None:
        """Resolve everything that the file declares."""
        for part in self.draft.parts:
            self.step(part)
        for quantity in self.draft.quantities:
            self.step(quantity)
        self.step("total")

    def step(self, name: str) -> Node:
        """The named quantity, computed once. Raises RuleError for an unknown name or a circle."""
        if name in self.steps:
            return self.steps[name]
        if name in self.open:
            circle = " → ".join([*self.open[self.open.index(name) :], name])
            raise RuleError(f"互相引用成了一圈:{circle}。", f"These need each other in a circle: {circle}.")
        build = self._builder(name)
        if build is None:
            raise RuleError(f"没有名为 {name} 的量,请查拼写。", f"Nothing is called {name}; check its spelling.")
        self.open.append(name)
        try:
            node = Named(name, build())
        finally:
            self.open.pop()
        self.steps[name] = node
        return node

    def _builder(self, name: str) -> Callable[[], Node] | None:
        draft = self.draft
        if name == "total" and draft.total is not None:
            return lambda: self._scored(draft.total, self._weighted())  # type: ignore[arg-type]
        if name in draft.parts:
            scored = draft.parts[name][0]
            return lambda: self._scored(scored, total([self.step(m) for m in self._modules_of(name)] or [const(0)]))
        module = name.removesuffix(".module")
        if module in draft.modules:
            return lambda: self._scored(draft.modules[module][0], self._module_default(module), self._in_module(module))
        if name in draft.quantities:
            return lambda: self.scalar(draft.quantities[name][1], None)
        if name in draft.sheets:
            return lambda: self.combined(self.row(draft.sheets[name]))
        module, _, last = name.rpartition(".")
        for overtime in draft.overtimes.get(module, []):
            if overtime.id == last:
                return lambda: self._overtime(module, overtime)
        return None

    def _modules_of(self, part: str) -> list[str]:
        return [self.module_step(name) for name, (_, owner, _) in self.draft.modules.items() if owner == part]

    def module_step(self, module: str) -> str:
        """The step of a module: its id, or `id.module` where a part has the same id."""
        return f"{module}.module" if module in self.draft.parts else module

    def _weighted(self) -> Node:
        terms = [Op("mul", (self.step(p), const(w / 100))) for p, (_, w) in self.draft.parts.items()]
        return total(terms or [const(0)])

    def _module_default(self, module: str) -> Node:
        sheets = [self.step(s.path) for s in self.draft.in_module(module) if self._scores(s)]
        node = total(sheets or [const(0)])
        for overtime in self.draft.overtimes.get(module, []):
            node = Op("sub", (node, self.step(f"{module}.{overtime.id}")))
        return node

    def _scores(self, sheet: Sheet) -> bool:
        return any(item.scores for item in sheet.items)

    def _scored(self, scored: Scored, default: Node, local: Local | None = None) -> Node:
        node = self.scalar(scored.points, local) if scored.points else default
        if scored.floor is not None:
            node = Op("max", (node, Const(scored.floor)))
        if scored.rescale:
            start, to = scored.rescale
            if (most := highest(node)) != start:
                self.faults.add(
                    (*scored.path, "rescale"),
                    f"换算起点写的是 {start},但最高可得 {most}。请改其一。",
                    f"rescale starts from {start}, but the most attainable is {most}. Change one of them.",
                )
            node = Op("mul", (node, Const(to / start)))
        return Rounded(node, scored.round) if scored.round else node

    def _in_module(self, module: str) -> Local:
        def local(name: str) -> Node | Row | None:
            overtime = any(o.id == name for o in self.draft.overtimes.get(module, []))
            return self.step(f"{module}.{name}") if overtime or f"{module}.{name}" in self.draft.sheets else None

        return local

    def _over(self, module: str, overtime: Overtime) -> Node:
        time = self.scalar(overtime.time, lambda name: self.lookup(f"{module}.{name}.value"))
        return Op("sub", (time, Const(overtime.limit)))

    def _overtime(self, module: str, overtime: Overtime) -> Node:
        # A part of a step counts whole (bed making, table setting; WBC seconds): ceil of the time over, never negative.
        started = Op("ceil", (Op("mul", (self._over(module, overtime), Const(1 / overtime.per))),))
        cost = Op("mul", (Op("max", (started, const(0))), Const(overtime.points)))
        return Op("min", (cost, Const(overtime.cap))) if overtime.cap is not None else cost

    def outs(self) -> list[Out]:
        """Conditions under which the rules take an entry out of the ranking."""
        found = [
            Out(o.id, o.name, Op("gt", (self._over(module, o), Const(o.over))), o.status)
            for module, group in self.draft.overtimes.items()
            for o in group
            if o.over is not None
        ]
        return found + [Out(v.id, v.name, self.veto(v), v.status) for v in self.draft.vetoes if v.status]

    def veto(self, veto: Veto) -> Node:
        """The condition of a veto."""
        return self.scalar(veto.when, lambda name: self.lookup(f"{name}.value"))

    # -- rows ----------------------------------------------------------------------------------------------------------

    def row(self, sheet: Sheet) -> Row:
        """Each seat's total on a sheet, as named steps `module.sheet@n`."""
        nodes = []
        for n, _ in enumerate(sheet.panel.labels, 1):
            name = f"{sheet.path}@{n}"
            if name not in self.steps:
                scoring = [item for item in sheet.items if item.scores]
                self.steps[name] = Named(name, total([self.points(sheet, n, item) for item in scoring] or [const(0)]))
            nodes.append(self.steps[name])
        return Row(sheet, tuple(nodes), sheet.panel.labels)

    def points(self, sheet: Sheet, seat: int, item: Item) -> Node:
        """What one item is worth from one seat, vetoes applied; kept in `detail` for explanations."""
        name = f"{sheet.path}.{item.id}@{seat}"
        if name not in self.detail:
            node = item_points(self, sheet, seat, item)
            vetoes = [self.veto(veto) for veto in self.draft.vetoes if _covers(veto.zero, sheet, item)]
            if vetoes:
                # One condition for all: a veto that is known to hold zeroes, whatever is still unknown about others.
                any_of = vetoes[0] if len(vetoes) == 1 else Op("or", tuple(vetoes))
                node = Op("if", (any_of, const(0), node))
            self.detail[name] = Named(name, node)
        return self.detail[name]

    def combined(self, row: Row) -> Node:
        """The row by its sheet's own panel method; by item: item by item, then added."""
        how = self.draft.combines[row.sheet.path]
        whole = row.nodes == self.row(row.sheet).nodes
        if how.by == "item" and whole:
            items = [item for item in row.sheet.items if item.scores]
            seats = range(1, row.sheet.panel.seats + 1)
            rows = [tuple(self.points(row.sheet, n, item) for n in seats) for item in items]
            return total([self._panel(row.sheet, nodes, row.seats) for nodes in rows])
        if not whole and len(row.seats) != row.sheet.panel.seats:
            labels = row.sheet.panel.labels
            per_seat = [[n for n, s in zip(row.nodes, row.seats, strict=True) if s == label] for label in labels]
            return self._panel(row.sheet, tuple(total(nodes) for nodes in per_seat), labels)
        return self._panel(row.sheet, row.nodes, row.seats)

    def _panel(self, sheet: Sheet, nodes: tuple[Node, ...], seats: tuple[str, ...]) -> Node:
        how = self.draft.combines[sheet.path]
        method = "sum" if how.method == "agreed" else how.method
        node: Node = Panel(
            method, nodes, seats, how.least, how.absent, how.low, how.high, how.start, how.k, how.times
        )  # fmt: skip
        return Rounded(node, how.round) if how.round else node

    def lookup(self, name: str) -> Node | Row | None:
        """A global name: a step, or something of a sheet (`module.sheet.item`, `.section`, `.item.value`)."""
        if name in self.draft.sheets or self._builder(name) is not None:
            return self.step(name)
        keys = name.split(".")
        sheet = self.draft.sheets.get(".".join(keys[:2]))
        if sheet is None or len(keys) not in (3, 4) or (len(keys) == 4 and keys[3] != "value"):
            return None
        section = [s for s in sheet.sections if s.id == keys[2]]
        items = section[0].items if section else [i for i in sheet.items if keys[2] in (i.id, i.base)]
        # An item that scores nothing itself (a time, a measurement) stands for its value in formulas.
        pairs = [
            (
                item_value(self, sheet, n, item) if len(keys) == 4 or not item.scores else self.points(sheet, n, item),
                label,
            )
            for n, label in enumerate(sheet.panel.labels, 1)
            for item in items
            if item.scores or not section
        ]
        if not pairs:
            return None
        if section and len(keys) == 3:
            return self._section_row(sheet, pairs)
        return Row(sheet, tuple(node for node, _ in pairs), tuple(label for _, label in pairs))

    def _section_row(self, sheet: Sheet, pairs: Sequence[tuple[Node, str]]) -> Row:
        labels = sheet.panel.labels
        return Row(sheet, tuple(total([n for n, s in pairs if s == label]) for label in labels), labels)

    # -- formulas ------------------------------------------------------------------------------------------------------

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
            f"{what} 有 {len(thing.nodes)} 个值(每席或每样各一),请用 sum、mean 或 combined 等合成一个数。",
            f"{what} has {len(thing.nodes)} values (one per seat or sample); reduce them with sum, mean or combined.",
        )

    def _build(self, tree: formula.Syntax, local: Local | None) -> Node | Row:
        if isinstance(tree, formula.Number):
            return Const(tree.value)
        if isinstance(tree, formula.Name):
            found = (local(tree.text) if local else None) or self.lookup(tree.text)
            if found is None:
                raise RuleError(
                    f"没有名为 {tree.text} 的量,请查拼写。", f"Nothing is called {tree.text}; check its spelling."
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


def _covers(zero: tuple[str, ...], sheet: Sheet, item: Item) -> bool:
    section = next(s.id for s in sheet.sections if item in s.items)
    own = {sheet.module, sheet.path, f"{sheet.path}.{section}", f"{sheet.path}.{item.base}", f"{sheet.path}.{item.id}"}
    return not own.isdisjoint(zero)
