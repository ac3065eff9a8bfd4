"""A rule file lowered once: what integer vectors compute, and what is left for exact fractions."""

from collections.abc import Mapping
from functools import lru_cache

from competition.rules import Rules
from competition.rules.field import Across
from competition.rules.items import cell_key
from competition.rules.nodes import Named, Node, Rounded
from competition.scoring import vectors
from competition.scoring.entries import Wide, absent_column, answered_column, attribute_column, column
from competition.scoring.exact import Lowering, Unfit
from competition.scoring.spread import gap_column, gaps
from competition.scoring.vectors import Expr, Program, number
from competition.scoring.waiting import waits


class Plan:
    """For each step its place in the program over the wide table, or among the exact ones; and every condition of the rules.

    facts: what else integers carry: conditions of statuses ("out:id"), of awards ("needs:id"), "passed", those under which
    cells are required ("when:n") or asked for by what a branch or a veto leaves open ("asked:id"), and how many are
    ("missing:n", "expected:n"). required: the conditions of each n; the first has none. exact: the steps for fractions, in
    order; slow: the conditions for fractions.
    outs: status conditions with their status; needs: awards with their condition.
    dens: the denominator of each step that fits; at: its place among them. gaps: the denominators of what `spread` compares.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        lowering = Lowering()
        self.exact = [(name, node) for name, node in rules.steps.items() if not lowering.keep(name, node)]
        self.places = {name: _places(node) for name, node in rules.steps.items()}
        self.dens = {name: exact.den for name, exact in lowering.steps.items()}
        self.at = {name: n for n, name in enumerate(lowering.steps)}
        fit: dict[str, Expr] = {}
        self.slow: dict[str, Node] = {}
        asked = waits(rules)
        for name, node in _conditions(rules, asked):
            try:
                fit[name] = lowering.lower(node).expr
            except Unfit:
                self.slow[name] = node
        self.outs = [(f"out:{out.id}", out.status) for out in rules.outs]
        self.needs = [(award.id, f"needs:{award.id}") for award in rules.awards if award.needs]
        outputs = {column(name): exact.expr for name, exact in lowering.steps.items()} | fit
        self.required = []
        for n, (under, missing, expected) in enumerate(_required(rules, asked)):
            self.required.append(under)
            outputs |= {f"missing:{n}": missing, f"expected:{n}": expected}
        self.facts = tuple(name for name in outputs if not name.startswith("="))
        apart = gaps(rules, lowering)
        self.gaps = {where: exact.den for where, exact in apart.items()}
        outputs |= {gap_column(*where): exact.expr for where, exact in apart.items()}
        self._program = Program(outputs)
        self.fractional = bool(self.exact or self.slow or rules.lists)

    def run(self, wide: Wide) -> Wide:
        """The table with a column per step that fits, per condition that fits, and missing:n and expected:n."""
        return Wide(wide.entries, wide.status, wide.said, wide.columns | self._program.run(wide.columns))


@lru_cache(maxsize=256)
def plan(rules: Rules) -> Plan:
    """The plan of these rules, kept by their digest."""
    return Plan(rules)


def across_within(node: Node, named: set[str]) -> list[Across]:
    """The values across the field that a step computes itself, inner ones first; other named steps are done before it."""
    found: list[Across] = []
    for part in node.parts:
        if not (isinstance(part, Named) and part.name in named):
            found += [each for each in across_within(part, named) if each not in found]
    return [*found, node] if isinstance(node, Across) else found


def _places(node: Node) -> int | None:
    """The decimals a step is shown with: those the rules round it to, also where it only passes another step on."""
    while isinstance(node, Named):
        node = node.of
    if isinstance(node, Across):
        return node.form.round.places if node.form.round else None
    return node.how.places if isinstance(node, Rounded) else None


def _conditions(rules: Rules, asked: Mapping[str, Node]) -> list[tuple[str, Node]]:
    found = [(f"out:{out.id}", out.when) for out in rules.outs]
    found += [(f"needs:{award.id}", award.needs) for award in rules.awards if award.needs]
    found += [(f"when:{n}", needed.when) for n, needed in enumerate(rules.needed)]
    found += [(_asked(node), node) for node in dict.fromkeys(asked.values())]
    return [*found, ("passed", rules.passed)] if rules.passed else found


def _asked(node: Node) -> str:
    return f"asked:{id(node)}"


def _required(rules: Rules, asked: Mapping[str, Node]) -> list[tuple[tuple[str, ...], Expr, Expr]]:
    """Cells by the conditions under which they are required: (conditions, how many are unmarked, how many there are).

    Cells of absent seats are not required; an entry's attribute is, as soon as weights hang on it.
    """
    groups: dict[tuple[str, ...], dict[str, list[Expr]]] = {(): {}}
    for sheet, seat, item in rules.cells():
        if item.required and (item.scores or item.scale is None or item.scale.numeric):
            under = tuple(
                f"when:{n}"
                for n, each in enumerate(rules.needed)
                if each.sheet == sheet.path and each.seat in ("", seat) and each.item in ("", item.id)
            )
            cell = cell_key(sheet, int(seat.rpartition(".")[2]), item.id)
            under += (_asked(asked[cell]),) if cell in asked else ()
            unmarked = vectors.is_null(vectors.named(answered_column(cell) if item.answered else cell))
            groups.setdefault(under, {}).setdefault(seat, []).append(unmarked)
    attributes = [vectors.is_null(vectors.named(attribute_column(a.id))) for a in rules.attributes if not a.any]
    found = []
    for under, seats in groups.items():
        there = {seat: ~vectors.named(absent_column(seat)) for seat in seats}
        missing = [vectors.where(there[seat], vectors.tally(cells), number(0)) for seat, cells in seats.items()]
        expected = [vectors.where(there[seat], number(len(cells)), number(0)) for seat, cells in seats.items()]
        missing += [] if under else attributes
        found.append((under, vectors.tally(missing), vectors.tally(expected)))
    return found
