"""From names and formulas to one tree of exact operations: the plan the engine computes.

Names are resolved on demand, so quantities may be written in any order; a circle is a fault.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction

from competition.errors import RuleError
from competition.rules.draft import Draft, Overtime, Scored, Veto, WrittenKey
from competition.rules.field import Across
from competition.rules.formulas import Local, Row
from competition.rules.model import Out
from competition.rules.nodes import Attribute, Bands, Cell, Const, Named, Node, Op, Rounded, const, highest, total
from competition.rules.rows import Rows, every
from competition.rules.table import Faults

ADMITTED = "admitted"
"""The column of the entries in which an official says to which round an entry was admitted."""

EXACT_TOTAL = "total.exact"
"""The total before it is rounded, where the rules round it for show and decide places on the exact value."""


class Resolver(Rows):
    """Builds the named steps of one draft. Faults are noted, and a faulty formula counts as 0 until it is mended."""

    def __init__(self, draft: Draft, faults: Faults) -> None:
        super().__init__(draft, faults)
        self.open: list[str] = []
        self._vetoes: dict[str, Node] = {}

    def all(self) -> None:
        """Resolve everything that the file declares."""
        for name in (*self.draft.parts, *self.draft.quantities, *self.draft.across):
            self.step(name)
        for name in self.draft.rounds:
            self.step(name)
            self.step(f"{name}.reached")
        self.step("total")

    def step(self, name: str) -> Node:
        """The named quantity, computed once. Raises RuleError for an unknown name or a circle."""
        if name in self.steps:
            return self.steps[name]
        with self._opened(name):
            build = self._builder(name)
            if build is None:
                zh, en = self._meant(name, None)
                raise RuleError(f"没有名为 {name} 的量，{zh}", f"Nothing is called {name}{en}")
            node = Named(name, build())
        self.steps[name] = node
        return node

    @contextmanager
    def _opened(self, name: str) -> Iterator[None]:
        """While something is being resolved nothing that it needs may need it. Raises RuleError for a circle."""
        if name in self.open:
            circle = " → ".join([*self.open[self.open.index(name) :], name])
            raise RuleError(
                f"互相引用成了一圈，请去掉一处：{circle}。", f"These need each other in a circle; break it: {circle}."
            )
        self.open.append(name)
        try:
            yield
        finally:
            self.open.pop()

    def _builder(self, name: str) -> Callable[[], Node] | None:
        draft = self.draft
        if draft.total is not None and name == "total":
            return self._total
        if draft.total is not None and name == EXACT_TOTAL and draft.total.round and draft.decide_on == "exact":
            unrounded = replace(draft.total, round=None)
            return lambda: self._scored(unrounded, self._default_total())
        if name in draft.parts:
            scored = draft.parts[name][0]
            return lambda: self._scored(scored, total([self.step(m) for m in self._modules_of(name)] or [const(0)]))
        module = name.removesuffix(".module")
        if module in draft.modules:
            return lambda: self._module(module)
        if name in draft.quantities:
            return lambda: self.scalar(draft.quantities[name][1], None)
        if name in draft.across:
            return lambda: self._across(name)
        reached = name.removesuffix(".reached")
        if reached in draft.rounds:
            each = draft.rounds[reached]
            return (lambda: self._reached(reached)) if name != reached else lambda: self.scalar(each.points, None)
        return self._of_sheet(name)

    def _of_sheet(self, name: str) -> Callable[[], Node] | None:
        if name in self.draft.sheets:
            return lambda: self.combined(self.row(self.draft.sheets[name]))
        module, _, last = name.rpartition(".")
        for overtime in self.draft.overtimes.get(module, []):
            if overtime.id == last:
                return lambda: self._overtime(module, overtime)
        return None

    # -- modules, parts, total -------------------------------------------------------------------------------------------

    def _module(self, module: str) -> Node:
        node = self._scored(self.draft.modules[module][0], self._module_default(module), self._in_module(module))
        late = [self._too_long(module, each) for each in self.draft.overtimes.get(module, []) if each.zero]
        node = self.unless([v for v in self.draft.vetoes if module in v.zero], node, late)
        node = self.where(every(self.chosen_all(self.draft.module_only.get(module, {}))), node)
        return self.once_reached(module, node)

    def reached(self, module: str) -> Node | None:
        each = self.draft.module_rounds.get(module)
        return Op("eq", (self.step(f"{each}.reached"), const(1))) if each in list(self.draft.rounds)[1:] else None

    def applies(self, module: str) -> Node | None:
        conditions = self.chosen_all(self.draft.module_only.get(module, {}))
        reached = self.reached(module)
        return every(conditions if reached is None else [*conditions, reached])

    def _modules_of(self, part: str) -> list[str]:
        return [self.module_step(name) for name, (_, owner, _) in self.draft.modules.items() if owner == part]

    def module_step(self, module: str) -> str:
        """The step of a module: its id, or `id.module` where a part or a round has the same id."""
        taken = module in self.draft.parts or module in self.draft.rounds
        return f"{module}.module" if taken else module

    def _total(self) -> Node:
        total = self.draft.total
        assert total is not None
        if total.round and self.draft.decide_on == "exact":
            return Rounded(self.step(EXACT_TOTAL), total.round)
        return self._scored(total, self._default_total())

    def _default_total(self) -> Node:
        if self.draft.rounds:
            node: Node | None = None
            for name in self.draft.rounds:
                points = self.step(name)
                reached = Op("eq", (self.step(f"{name}.reached"), const(1)))
                node = points if node is None else Op("if", (reached, points, node))
            return node or const(0)
        terms = [Op("mul", (self.step(p), const(w / 100))) for p, (_, w) in self.draft.parts.items()]
        return total(terms or [const(0)])

    def _module_default(self, module: str) -> Node:
        sheets = [self.step(s.path) for s in self.draft.in_module(module) if any(item.scores for item in s.items)]
        node = total(sheets or [const(0)])
        for overtime in self.draft.overtimes.get(module, []):
            node = Op("sub", (node, self.step(f"{module}.{overtime.id}")))
        return node

    def _scored(self, scored: Scored, default: Node, local: Local | None = None) -> Node:
        node = self.scalar(scored.points, local) if scored.points else default
        if scored.floor is not None:
            node = Op("max", (node, Const(scored.floor)))
        if scored.rescale:
            start, to = scored.rescale
            if (most := highest(node)) != start:
                self.faults.add(
                    (*scored.path, "rescale", "from"),
                    f"换算起点写的是 {start}，但最高可得 {most}。请改其一。",
                    f"rescale starts from {start}, but the most attainable is {most}. Change one of them.",
                )
            node = Op("mul", (node, Const(to / start)))
        return Rounded(node, scored.round) if scored.round else node

    def _in_module(self, module: str) -> Local:
        def local(name: str) -> Node | Row | None:
            overtime = any(o.id == name for o in self.draft.overtimes.get(module, []))
            if overtime or f"{module}.{name}" in self.draft.sheets:
                return self.step(f"{module}.{name}")
            mine = f"{module}.{name.split('.')[0]}" in self.draft.sheets
            return self.lookup(f"{module}.{name}") if mine else None

        return local

    # -- time and vetoes -------------------------------------------------------------------------------------------------

    def over(self, module: str, overtime: Overtime) -> Node:
        time = self.scalar(overtime.time, lambda name: self.lookup(f"{module}.{name}.value"))
        return Op("sub", (time, Const(overtime.limit)))

    def _too_long(self, module: str, overtime: Overtime) -> Node:
        return Op("gt", (self.over(module, overtime), Const(overtime.over or Fraction(0))))

    def _overtime(self, module: str, overtime: Overtime) -> Node:
        over = self.over(module, overtime)
        if overtime.bands is not None:
            return Op("if", (Op("le", (over, const(0))), const(0), Bands(over, overtime.bands, overtime.below)))
        # A part of a step counts whole (bed making, table setting; WBC seconds): ceil of the time over, never negative.
        started = Op("ceil", (Op("mul", (over, Const(1 / overtime.per))),))
        cost = Op("mul", (Op("max", (started, const(0))), Const(overtime.points)))
        return Op("min", (cost, Const(overtime.cap))) if overtime.cap is not None else cost

    def outs(self) -> list[Out]:
        """Conditions under which the rules take an entry out of the ranking."""
        found = [
            Out(o.id, o.name, self._where_it_applies({module}, self._too_long(module, o)), o.status)
            for module, group in self.draft.overtimes.items()
            for o in group
            if o.over is not None and not o.zero
        ]
        return found + [Out(v.id, v.name, self.veto(v), v.status) for v in self.draft.vetoes if v.status]

    def veto(self, veto: Veto) -> Node:
        """The condition of a veto, one node wherever it is asked for; where it speaks of a module or a sheet that isn't for the
        entry, it doesn't hold. Raises RuleError for one that hangs on what it zeroes.
        """
        if veto.id not in self._vetoes:
            with self._opened(f"vetoes.{veto.id}"):
                self._vetoes[veto.id] = self._veto(veto)
        return self._vetoes[veto.id]

    def _veto(self, veto: Veto) -> Node:
        modules: set[str] = set()
        sheets: set[str] = set()

        def local(name: str) -> Node | Row | None:
            found = self.lookup(f"{name}.value")
            if found is not None or self.lookup(name) is not None:
                modules.add(name.split(".")[0])
                sheets.add(".".join(name.split(".")[:2]))
            return found

        node = self.condition(veto.when, local)
        for path in sorted(sheets & self.draft.sheets.keys()):
            if conditions := self.chosen_all(self.draft.sheets[path].only):
                node = Op("and", (*conditions, node))
        return self._where_it_applies(modules, node)

    def _where_it_applies(self, modules: set[str], node: Node) -> Node:
        conditions = [c for m in sorted(modules) if m in self.draft.modules and (c := self.applies(m)) is not None]
        return Op("and", (*conditions, node)) if conditions else node

    # -- the field and the rounds ------------------------------------------------------------------------------------------

    def _across(self, name: str) -> Node:
        rule = self.draft.across[name]
        row = self.several(rule.of) if rule.form.name == "majority" else None
        of: tuple[Node, ...] = (self.scalar(rule.of, None),) if rule.form.name != "majority" else (const(0),)
        keys = self._further(rule.keys)
        among = self.condition(rule.among) if rule.among else None
        if row is None:
            return Across(rule.form, of, keys, among, rule.by)
        return Across(rule.form, row.nodes, keys, among, rule.by, row.seats, self.counted(row))

    def _further(self, keys: Sequence[WrittenKey]) -> tuple[tuple[Node, str], ...]:
        """Further keys of an order across the field; one that names nothing, or itself, is noted and left out."""
        found = []
        for key in keys:
            try:
                found.append((self.step(key.by), key.best))
            except RuleError as fault:
                self.faults.add((*key.path, "by"), fault.zh, fault.en)
        return tuple(found)

    def _reached(self, name: str) -> Node:
        names = list(self.draft.rounds)
        at = names.index(name)
        if at == 0:
            return const(1)
        before = Op("eq", (self.step(f"{names[at - 1]}.reached"), const(1)))
        each = self.draft.rounds[name]
        if each.allowed is not None:
            computed: Node = Op("if", (before, self.scalar(each.allowed, None), const(0)))
        else:
            assert each.form is not None
            keys = self._further(each.keys)
            computed = Across(each.form, (self.step(names[at - 1]),), keys, before, each.by)
        # Who isn't known to have got in is not in yet; and an official's word on who was admitted stands above the sum.
        table = tuple((other, Fraction(n >= at)) for n, other in enumerate(names))
        return Op("default", (Attribute(ADMITTED, table), Op("default", (computed, const(0)))))

    # -- names -------------------------------------------------------------------------------------------------------------

    def lookup(self, name: str) -> Node | Row | None:
        """A global name: an input, a step, or something of a sheet (`module.sheet.item`, `.section`, `.item.value`)."""
        if name in self.draft.inputs:
            given = self.draft.inputs[name]
            return Cell(given.cell, given.scale.den, given.scale.low, given.scale.high)
        if name in self.draft.sheets or self._builder(name) is not None:
            return self.step(name)
        keys = name.split(".")
        sheet = self.draft.sheets.get(".".join(keys[:2]))
        if sheet is None or len(keys) not in (3, 4) or (len(keys) == 4 and keys[3] != "value"):
            return None
        return self.row_of(sheet, keys[2], raw=len(keys) == 4)
