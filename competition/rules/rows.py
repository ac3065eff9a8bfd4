"""Sheets as rows of seats: each seat's points, how they are combined, and for whom a sheet is."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from competition.rules.draft import Draft, Veto
from competition.rules.formulas import Formulas, Nodes, Row, Seats
from competition.rules.items import item_points, item_value, limited, row_weight
from competition.rules.model import Item, Needed, Section, Sheet
from competition.rules.nodes import Const, FromSeat, Named, Node, Op, Rounded, const, total
from competition.rules.panels import NEVER_ABSENT, Method, Panel
from competition.rules.table import Faults


class Rows(Formulas):
    """Builds the values of sheets: seat by seat, combined, zeroed by vetoes, held while seats are too far apart."""

    def __init__(self, draft: Draft, faults: Faults) -> None:
        super().__init__(draft, faults)
        self.steps: dict[str, Node] = {}
        self.detail: dict[str, Node] = {}
        self.needed: dict[tuple[str, str, str], Node] = {}

    def veto(self, veto: Veto) -> Node:
        """The condition of a veto."""
        raise NotImplementedError

    def applies(self, module: str) -> Node | None:
        """Under which condition a module is for an entry at all; None: for every one."""
        raise NotImplementedError

    def reached(self, module: str) -> Node | None:
        """Whether an entry reached the round a module belongs to; None: everybody does."""
        raise NotImplementedError

    def once_reached(self, module: str, node: Node) -> Node:
        """A value of a module, not known for an entry that hasn't reached its round."""
        reached = self.reached(module)
        return node if reached is None else Op("when", (reached, node))

    def chosen_all(self, only: Mapping[str, tuple[str, ...]]) -> list[Node]:
        """The conditions of an `only`."""
        return [self.chosen(attribute, values) for attribute, values in only.items()]

    def only(self, sheet: Sheet) -> Node | None:
        """Under which condition a sheet is for an entry; None: for every one. Elsewhere it is worth 0."""
        module = self.draft.module_only.get(sheet.module, {})
        return every([*self.chosen_all(module), *self.chosen_all(sheet.only)])

    def asked(self, sheet: Sheet) -> Node | None:
        """Under which condition its marks are required: it is for the entry, and the entry has reached its round."""
        module = self.applies(sheet.module)
        return every([*self.chosen_all(sheet.only), *([] if module is None else [module])])

    # -- seats ---------------------------------------------------------------------------------------------------------

    def row(self, sheet: Sheet) -> Row:
        """Each seat's total on a sheet, as named steps `module.sheet@n`."""
        nodes = []
        for n, seat in enumerate(sheet.panel.labels, 1):
            name = f"{sheet.path}@{n}"
            if name not in self.steps:
                sections = [self.section(sheet, n, section) for section in sheet.sections if _scoring(section)]
                self.steps[name] = Named(name, total(sections or [FromSeat(const(0), seat)]))
            nodes.append(self.steps[name])
        return Row(sheet, tuple(nodes), sheet.panel.labels, self.by_item(sheet, sheet.items))

    def section(self, sheet: Sheet, seat: int, section: Section) -> Node:
        """A seat's points of a section, kept within its floor and cap."""
        points = total([self.points(sheet, seat, item) for item in section.items if item.scores])
        return limited(points, section.floor, section.cap)

    def by_item(self, sheet: Sheet, items: Sequence[Item]) -> tuple[tuple[Node, ...], ...]:
        seats = range(1, sheet.panel.seats + 1)
        return tuple(tuple(self.points(sheet, n, item) for n in seats) for item in items if item.scores)

    def points(self, sheet: Sheet, seat: int, item: Item) -> Node:
        """What one item is worth from one seat, vetoes applied; kept in `detail` for explanations."""
        name = f"{sheet.path}.{item.id}@{seat}"
        if name not in self.detail:
            covering = [veto for veto in self.draft.vetoes if _covers(veto.zero, sheet, item)]
            node = item_points(self, sheet, seat, item)  # type: ignore[arg-type]
            if covering:
                node = FromSeat(self.unless(covering, node), sheet.panel.labels[seat - 1])
            self.detail[name] = Named(name, self.once_reached(sheet.module, self.where(self.only(sheet), node)))
        return self.detail[name]

    def unless(self, vetoes: Sequence[Veto], node: Node, others: Sequence[Node] = ()) -> Node:
        """0 if any of the vetoes or other conditions holds: one that is known to hold zeroes, whatever the rest."""
        conditions = (*(self.veto(veto) for veto in vetoes), *others)
        if not conditions:
            return node
        return Op("if", (conditions[0] if len(conditions) == 1 else Op("or", conditions), const(0), node))

    def where(self, condition: Node | None, node: Node) -> Node:
        """A value where it applies, and 0 elsewhere."""
        return node if condition is None else Op("if", (condition, node, const(0)))

    def row_of(self, sheet: Sheet, what: str, raw: bool) -> Row | None:
        """What a section or item of a sheet is worth from each seat (raw: what was recorded); None if there is no such thing."""
        section = next((s for s in sheet.sections if s.id == what), None)
        seats = range(1, sheet.panel.seats + 1)
        if section and not raw:
            if not any(item.scores for item in section.items):
                return None
            nodes = tuple(self.section(sheet, n, section) for n in seats)
            return Row(sheet, nodes, sheet.panel.labels, self.by_item(sheet, section.items))
        items = section.items if section else [i for i in sheet.items if what in (i.id, i.base)]
        # An item that scores nothing itself (a time, a measurement) stands for its value in formulas.
        pairs = [
            (item_value(self, sheet, n, item) if raw or not item.scores else self.points(sheet, n, item), label)  # type: ignore[arg-type]
            for n, label in enumerate(sheet.panel.labels, 1)
            for item in items
            if item.scores or not section
        ]
        return Row(sheet, tuple(node for node, _ in pairs), tuple(label for _, label in pairs)) if pairs else None

    # -- panels --------------------------------------------------------------------------------------------------------

    def combined(self, row: Row) -> Node:
        """The row by its sheet's own panel method; by item: item by item, then added."""
        how, labels = self.draft.combines[row.sheet.path], row.sheet.panel.labels
        if how.by == "item" and row.items:
            node = total([self._panel(row.sheet, nodes, labels) for nodes in row.items])
        elif len(row.seats) != len(labels):
            per_seat = [[n for n, s in zip(row.nodes, row.seats, strict=True) if s == label] for label in labels]
            node = self._panel(row.sheet, tuple(total(nodes) for nodes in per_seat), labels)
        else:
            node = self._panel(row.sheet, row.nodes, row.seats)
        return self.once_reached(row.sheet.module, self.where(self.only(row.sheet), self._held(row.sheet, node)))

    def _panel(self, sheet: Sheet, nodes: tuple[Node, ...], seats: tuple[str, ...]) -> Node:
        how = self.draft.combines[sheet.path]
        node = self._standing(
            sheet, nodes, seats, lambda n, s: Panel(how.how, n, s, how.least, how.absent, how.times, how.by_standing)
        )
        return Rounded(node, how.round) if how.round else node

    def counting(self, sheet: Sheet, nodes: Nodes, seats: Seats, panel: Callable[[Nodes, Seats], Node]) -> Node:
        """The seats that count; where a sheet isn't for an entry every seat gives 0, whoever was absent."""
        made, only = self._standing(sheet, nodes, seats, panel), self.only(sheet)
        if only is None:
            return made
        everybody = panel(nodes, (NEVER_ABSENT,) * len(nodes))
        return Op("default", (made, Op("when", (Op("not", (only,)), everybody))))

    def counted(self, row: Row) -> Node:
        """How many values of a row count: the first that many of its seats that stand. Unknown where the panel doesn't stand."""
        ones = (const(1),) * len(row.nodes)
        return self._standing(row.sheet, ones, row.seats, self.reducing(row, Method("sum")))

    def _standing(self, sheet: Sheet, nodes: Nodes, seats: Seats, panel: Callable[[Nodes, Seats], Node]) -> Node:
        """All seats; or without the last, in reserve, while the others are no further apart than the rule allows."""
        if sheet.spread is None or sheet.spread.then != "third" or len(set(seats)) == 1:
            return panel(nodes, seats)
        others = [(n, s) for n, s in zip(nodes, seats, strict=True) if s != sheet.panel.labels[-1]]
        without = panel(tuple(n for n, _ in others), tuple(s for _, s in others))
        return Op("if", (self._agree(sheet), without, panel(nodes, seats)))

    def _agree(self, sheet: Sheet) -> Node:
        """Whether the seats before the reserve lie within the limit; the reserve is needed only where they don't."""
        assert sheet.spread is not None
        row = self.row(sheet)
        agree = _within(row.nodes[:-1], row.seats[:-1], sheet.spread.limit)
        reserve = row.seats[-1]
        asked = self.asked(sheet)
        apart = Op("not", (agree,))
        self.needed[sheet.path, reserve, ""] = apart if asked is None else Op("and", (asked, apart))
        return agree

    def _held(self, sheet: Sheet, node: Node) -> Node:
        """No value while standing seats are too far apart, where the rule says so (judgement 0–3, rules.md 4.2)."""
        if sheet.spread is None or sheet.spread.then != "hold" or sheet.panel.seats < 2:
            return node
        labels = sheet.panel.labels
        if sheet.spread.by == "sheet":
            gaps = [_within(self.row(sheet).nodes, labels, sheet.spread.limit)]
        else:
            gaps = [
                _within(self._values(sheet, item), labels, sheet.spread.limit)
                for item in sheet.items
                if item.scale is not None and item.scale.numeric and item.scores
            ]
        condition = every(gaps)
        return node if condition is None else Op("when", (condition, node))

    def _values(self, sheet: Sheet, item: Item) -> list[Node]:
        seats = range(1, sheet.panel.seats + 1)
        return [item_value(self, sheet, n, item) for n in seats]  # type: ignore[arg-type]

    def names(self) -> Iterable[str]:
        draft = self.draft
        yield from (
            "total",
            *draft.inputs,
            *draft.parts,
            *draft.modules,
            *draft.quantities,
            *draft.across,
            *draft.rounds,
        )
        for module, group in draft.overtimes.items():
            yield from (name for o in group for name in (o.id, f"{module}.{o.id}"))
        for path, sheet in draft.sheets.items():
            for what in ("", *(f".{s.id}" for s in sheet.sections), *(f".{i.base}" for i in sheet.items)):
                yield from (f"{path}{what}", f"{path}{what}.value", f"{sheet.id}{what}")
            yield from (name for item in sheet.items for name in (item.base, item.id))

    # -- what has to be there --------------------------------------------------------------------------------------------

    def require(self) -> tuple[Needed, ...]:
        """Cells that are required only of some entries, or only under some condition."""
        needed = [Needed(sheet, when, seat, item) for (sheet, seat, item), when in self.needed.items()]
        for path, sheet in self.draft.sheets.items():
            if (asked := self.asked(sheet)) is not None:
                needed.append(Needed(path, asked))
            for item in sheet.items:
                row = self.draft.worths[path, item.id].row
                weight = row_weight(self, row, item) if row and row in self.draft.weights else None  # type: ignore[arg-type]
                if weight and any(each == 0 for _, each in weight.table):
                    needed.append(Needed(path, Op("ne", (weight, const(0))), item=item.id))
        return tuple(needed)


def every(conditions: Sequence[Node]) -> Node | None:
    """All of these conditions as one; None where there are none."""
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else Op("and", tuple(conditions))


def _within(nodes: Sequence[Node], seats: Sequence[str], limit: object) -> Node:
    """Whether the standing seats lie no further apart than the limit; unknown while one of them hasn't marked."""
    high, low = (Panel(Method(name), tuple(nodes), tuple(seats), 1, "exclude") for name in ("max", "min"))
    return Op("le", (Op("sub", (high, low)), Const(limit)))  # type: ignore[arg-type]


def _scoring(section: Section) -> bool:
    return any(item.scores for item in section.items)


def _covers(zero: tuple[str, ...], sheet: Sheet, item: Item) -> bool:
    section = next(s.id for s in sheet.sections if item in s.items)
    own = {sheet.module, sheet.path, f"{sheet.path}.{section}", f"{sheet.path}.{item.base}", f"{sheet.path}.{item.id}"}
    return not own.isdisjoint(zero)


__all__ = ["Rows", "every"]
