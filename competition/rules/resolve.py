"""From names and formulas to one tree of exact operations: the plan the engine computes.

Names are resolved on demand, so quantities may be written in any order; a circle is a fault.
"""

from collections.abc import Callable, Sequence

from competition.errors import RuleError
from competition.rules.draft import Draft, Overtime, Scored, Veto
from competition.rules.formulas import Formulas, Local, Row
from competition.rules.items import item_points, item_value
from competition.rules.model import Item, Out, Sheet
from competition.rules.nodes import Const, FromSeat, Named, Node, Op, Panel, Rounded, const, highest, total
from competition.rules.table import Faults


class Resolver(Formulas):
    """Builds the named steps of one draft. Faults are noted, and a faulty formula counts as 0 until it is mended."""

    def __init__(self, draft: Draft, faults: Faults) -> None:
        super().__init__(draft, faults)
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
            raise RuleError(f"互相引用成了一圈：{circle}。", f"These need each other in a circle: {circle}.")
        build = self._builder(name)
        if build is None:
            raise RuleError(f"没有名为 {name} 的量，请查拼写。", f"Nothing is called {name}; check its spelling.")
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
            return lambda: self._module(module)
        if name in draft.quantities:
            return lambda: self.scalar(draft.quantities[name][1], None)
        if name in draft.sheets:
            return lambda: self.combined(self.row(draft.sheets[name]))
        module, _, last = name.rpartition(".")
        for overtime in draft.overtimes.get(module, []):
            if overtime.id == last:
                return lambda: self._overtime(module, overtime)
        return None

    def _module(self, module: str) -> Node:
        node = self._scored(self.draft.modules[module][0], self._module_default(module), self._in_module(module))
        return self._unless([v for v in self.draft.vetoes if module in v.zero], node)

    def _unless(self, vetoes: Sequence[Veto], node: Node) -> Node:
        """0 if any of the vetoes holds. One condition for all: one that is known to hold zeroes, whatever the others."""
        conditions = tuple(self.veto(veto) for veto in vetoes)
        if not conditions:
            return node
        return Op("if", (conditions[0] if len(conditions) == 1 else Op("or", conditions), const(0), node))

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
                    f"换算起点写的是 {start}，但最高可得 {most}。请改其一。",
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
        for n, seat in enumerate(sheet.panel.labels, 1):
            name = f"{sheet.path}@{n}"
            if name not in self.steps:
                scoring = [self.points(sheet, n, item) for item in sheet.items if item.scores]
                self.steps[name] = Named(name, total(scoring or [FromSeat(const(0), seat)]))
            nodes.append(self.steps[name])
        return Row(sheet, tuple(nodes), sheet.panel.labels, self._by_item(sheet, sheet.items))

    def _by_item(self, sheet: Sheet, items: Sequence[Item]) -> tuple[tuple[Node, ...], ...]:
        seats = range(1, sheet.panel.seats + 1)
        return tuple(tuple(self.points(sheet, n, item) for n in seats) for item in items if item.scores)

    def points(self, sheet: Sheet, seat: int, item: Item) -> Node:
        """What one item is worth from one seat, vetoes applied; kept in `detail` for explanations."""
        name = f"{sheet.path}.{item.id}@{seat}"
        if name not in self.detail:
            covering = [veto for veto in self.draft.vetoes if _covers(veto.zero, sheet, item)]
            node = item_points(self, sheet, seat, item)
            if covering:
                node = FromSeat(self._unless(covering, node), sheet.panel.labels[seat - 1])
            self.detail[name] = Named(name, node)
        return self.detail[name]

    def combined(self, row: Row) -> Node:
        """The row by its sheet's own panel method; by item: item by item, then added."""
        how, labels = self.draft.combines[row.sheet.path], row.sheet.panel.labels
        if how.by == "item" and row.items:
            return total([self._panel(row.sheet, nodes, labels) for nodes in row.items])
        if len(row.seats) != len(labels):
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
            by_item = self._by_item(sheet, items)
            return Row(sheet, tuple(total(nodes) for nodes in zip(*by_item, strict=True)), sheet.panel.labels, by_item)
        return Row(sheet, tuple(node for node, _ in pairs), tuple(label for _, label in pairs))


def _covers(zero: tuple[str, ...], sheet: Sheet, item: Item) -> bool:
    section = next(s.id for s in sheet.sections if item in s.items)
    own = {sheet.module, sheet.path, f"{sheet.path}.{section}", f"{sheet.path}.{item.base}", f"{sheet.path}.{item.id}"}
    return not own.isdisjoint(zero)
