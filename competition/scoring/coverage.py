"""What the worked cases of a rule file leave untried: clauses that none of them touches, borders that none stands at.

Warnings only: a rule may be right without a case, but nobody has seen it work.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from competition.errors import Finding
from competition.rules.checks_conditions import conditions
from competition.rules.model import Item, Text
from competition.rules.nodes import Bands, Lookup, Named, Node
from competition.rules.read import Loaded
from competition.rules.source import Where
from competition.scoring.borders import border, comparisons, said
from competition.scoring.cases import Case
from competition.scoring.coverage_places import answers, classes, endings, seats
from competition.scoring.result import Result
from competition.scoring.tried import Gap, Tried


def coverage(loaded: Loaded, cases: Sequence[Case], results: Sequence[Result]) -> list[Finding]:
    """A warning for each clause and border of the file that no case touches; none without cases or while there are faults."""
    if loaded.rules is None or loaded.resolver is None or not cases:
        return []
    tried = Tried(loaded.rules, loaded.resolver, cases, results)
    where = loaded.resolver.faults.where
    return [Finding(where(path), zh, en, "warning") for look in _LOOKS for path, zh, en in look(tried)]


def _within(nodes: Iterable[Node], rows: object) -> list[Node]:
    """The operations that read these very rows, anywhere below the nodes."""
    stack, seen = list(nodes), set[int]()
    found: list[Node] = []
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Bands | Lookup) and node.rows is rows:
            found.append(node)
        stack.extend(node.parts)
    return found


# -- items ---------------------------------------------------------------------------------------------------------------


def _items(tried: Tried) -> Iterator[Gap]:
    """Items that no case marks, or marks only one way."""
    for path, sheet in tried.draft.sheets.items():
        marked = {item.base: tried.marks.get((path, item.base), set()) for item in sheet.items if _asked(item)}
        where = tried.draft.sheet_paths[path]
        if never := [base for base, values in marked.items() if not values]:
            yield where, f"没有算例打过这些项：{'、'.join(never)}。", f"No case marks these items: {', '.join(never)}."
        if same := [base for base, values in marked.items() if len(values) == 1]:
            zh = f"这些项在算例里只有一种打分：{'、'.join(same)}。"
            yield where, zh, f"The cases mark these items in one way only: {', '.join(same)}."


def _asked(item: Item) -> bool:
    return item.scale is not None and item.scale.type != "note"


def _bands(tried: Tried) -> Iterator[Gap]:
    """Rows of bands and tables that no case falls into, and their edges."""
    for path, sheet in tried.draft.sheets.items():
        for base in dict.fromkeys(item.base for item in sheet.items):
            item = next(item for item in sheet.items if item.base == base)
            worth = tried.draft.worths[path, item.id]
            if worth.bands is not None:
                key = ("tolerance", "bands") if worth.target is not None else ("bands",)
                where = (*tried.draft.item_paths[path, item.id], *key)
                found = _within(tried.details(sheet, base), worth.bands)
                yield from _rows(tried, where, found, (worth.bands, worth.below), item.name)
    everything = [*tried.resolver.steps.values(), *tried.resolver.detail.values(), *_outside(tried)]
    for name, rule in tried.draft.tables.items():
        if rule.bands is not None:
            found = _within(everything, rule.bands)
            yield from _rows(tried, ("tables", name, "bands"), found, (rule.bands, rule.below), Text(name, name))
    for module, group in tried.draft.overtimes.items():
        for n, overtime in enumerate(group):
            if overtime.bands is not None:
                found = _within([tried.resolver.steps[f"{module}.{overtime.id}"]], overtime.bands)
                where = ("modules", module, "overtime", n, "bands")
                yield from _rows(tried, where, found, (overtime.bands, overtime.below), overtime.name)


def _outside(tried: Tried) -> list[Node]:
    """What formulas compute that no step needs: lists beside the standings, and conditions."""
    return [each.of for each in tried.rules.lists] + [node for _, node in conditions(tried.draft, tried.resolver)]


def _rows(tried: Tried, where: Where, nodes: Sequence[Node], table: tuple[Any, bool], what: Text) -> Iterator[Gap]:
    rows, below = table
    asked = [node.parts[0] for node in nodes]
    values = tried.values(asked)
    above: Fraction | None = None
    for n, (edge, _) in enumerate(rows):
        if not any(_falls(value, above, edge, below) for value in values):
            zh, en = ("其余", "the rest") if edge is None else (f"{'<' if below else '≤'} {said(edge)}",) * 2
            yield (*where, n), f"{what.zh}：没有算例落到“{zh}”一行。", f"{what.en}: no case falls into the row “{en}”."
        if edge is not None and asked:
            yield from _border(tried, (*where, n), asked[0], edge, values, what)
        above = edge


def _falls(value: Fraction, above: Fraction | None, edge: Fraction | None, below: bool) -> bool:
    if below:
        return (above is None or value >= above) and (edge is None or value < edge)
    return (above is None or value > above) and (edge is None or value <= edge)


def _border(
    tried: Tried, where: Where, node: Node, at: Fraction, values: Iterable[Fraction], what: Text
) -> Iterator[Gap]:
    zh, en = border(at, node, tried.steps).open(values)
    if zh:
        yield (
            where,
            f"{what.zh}：边界 {said(at)} 缺少算例：{zh}。",
            f"{what.en}: the border {said(at)} has no case {en}.",
        )


def _titled(tried: Tried, where: Where) -> Text:
    """What a condition belongs to, by its name in the file."""
    for end in range(len(where) - 1, 0, -1):
        name = tried.resolver.faults.value((*where[:end], "name"))
        if isinstance(name, dict):
            return Text(str(name.get("zh", "")), str(name.get("en", "")))
    return Text("及格", "Passing")


# -- conditions, time ------------------------------------------------------------------------------------------------------


def _conditions(tried: Tried) -> Iterator[Gap]:
    """Conditions that never hold, or always, in the cases; and the numbers they compare with."""
    for where, node in conditions(tried.draft, tried.resolver):
        what = _titled(tried, where)
        held = {bool(value) for value in tried.values([node])}
        if True not in held:
            yield where, f"{what.zh}：没有算例使这个条件成立。", f"{what.en}: in no case does this condition hold."
        if False not in held:
            yield where, f"{what.zh}：没有算例使这个条件不成立。", f"{what.en}: in every case this condition holds."
        for value, at in comparisons(node):
            if value.shape.hi - value.shape.lo > 1:
                compared = tried.rules.names.get(value.name, what) if isinstance(value, Named) else what
                yield from _border(tried, where, value, at, tried.values([value]), compared)


def _overtime(tried: Tried) -> Iterator[Gap]:
    """Overtime that never happens in the cases: over the limit, at the cap, out."""
    for module, group in tried.draft.overtimes.items():
        for n, overtime in enumerate(group):
            where = ("modules", module, "overtime", n)
            over, what = tried.resolver.over(module, overtime), overtime.name
            values = tried.values([over])
            if not any(value > 0 for value in values):
                yield where, f"{what.zh}：没有算例超时。", f"{what.en}: no case goes over time."
            yield from _border(tried, (*where, "limit"), over, Fraction(0), values, what)
            if overtime.over is not None:
                yield from _border(tried, (*where, "out", "over"), over, overtime.over, values, what)
            if overtime.cap is not None and overtime.cap not in tried.step(f"{module}.{overtime.id}"):
                yield (*where, "cap"), f"{what.zh}：没有算例扣到 cap。", f"{what.en}: no case reaches the cap."


_LOOKS: list[Callable[[Tried], Iterator[Gap]]] = [
    _items,
    _bands,
    _conditions,
    _overtime,
    seats,
    answers,
    classes,
    endings,
]
