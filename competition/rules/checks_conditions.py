"""Conditions that hold always or never, whatever is marked: proven from the bounds of what they compare."""

from collections.abc import Callable, Iterator

from competition.rules.draft import Draft
from competition.rules.nodes import Const, Named, Node, Op, bare
from competition.rules.resolve import Resolver
from competition.rules.shapes import Shape
from competition.rules.source import Where
from competition.rules.table import Faults


def check_conditions(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Vetoes, needs, passing, rounds, groups across the field; and every `if` of a formula."""
    for where, node in _conditions(draft, resolver):
        if (holds := always(node)) is not None:
            zh = f"这个条件{'永远' if holds else '永远不'}成立，请查数值和取值范围。"
            en = f"This condition {'always' if holds else 'never'} holds; check its numbers against what they compare."
            faults.add(where, zh, en)
    if faults.any:
        # A veto or an `only` is wrapped around the items it speaks of: one fault would be told for each of them.
        return
    for where, node in _formulas(draft, resolver):
        for holds in {always(each.args[0]) for each in _ifs(node)} - {None}:
            zh = f"这里的 if 条件{'永远' if holds else '永远不'}成立，请查数值和取值范围。"
            en = f"The condition of an if here {'always' if holds else 'never'} holds; check its numbers."
            faults.add(where, zh, en)


def _conditions(draft: Draft, resolver: Resolver) -> Iterator[tuple[Where, Node]]:
    for veto in draft.vetoes:
        yield veto.when.path, resolver.veto(veto)
    for _, needs in draft.awards:
        if needs:
            yield needs.path, resolver.condition(needs)
    if draft.passed:
        yield draft.passed.path, resolver.condition(draft.passed)
    for rule in draft.across.values():
        if rule.among:
            yield rule.among.path, resolver.condition(rule.among)
    for each in draft.rounds.values():
        if each.allowed:
            yield each.allowed.path, resolver.condition(each.allowed)
    for row in draft.lists:
        if row.needs:
            yield row.needs.path, resolver.condition(row.needs)


def _formulas(draft: Draft, resolver: Resolver) -> Iterator[tuple[Where, Node]]:
    """Formulas of items and quantities: what they compute is theirs alone, nothing is wrapped around it."""
    for (path, item), worth in draft.worths.items():
        detail = resolver.detail.get(f"{path}.{item}@1")
        if worth.formula and detail is not None:
            yield worth.formula.path, detail
    for name, (_, written) in draft.quantities.items():
        yield written.path, resolver.steps[name]


def _ifs(node: Node) -> Iterator[Op]:
    """The ifs of one formula; what it names was looked at where it stands."""
    stack: list[Node] = list(node.parts)
    seen: set[int] = set()
    while stack:
        each = stack.pop()
        if id(each) in seen or isinstance(each, Named):
            continue
        seen.add(id(each))
        if isinstance(each, Op) and each.op == "if":
            yield each
        stack.extend(each.parts)


def always(node: Node) -> bool | None:
    """True or False where the bounds prove that a condition always or never holds; None where marks decide."""
    node = bare(node)
    if not isinstance(node, Op):
        return None
    if node.op in ("and", "or", "not"):
        return _joined(node.op, [always(each) for each in node.args])
    if node.op not in _PROOFS or all(isinstance(bare(each), Const) for each in node.args):
        return None
    a, b = (each.shape for each in node.args)
    return _PROOFS[node.op](a, b)


def _joined(op: str, parts: list[bool | None]) -> bool | None:
    if op == "not":
        return None if parts[0] is None else not parts[0]
    deciding = op == "or"
    if deciding in parts:
        return deciding
    return None if None in parts else not deciding


def _less(a: Shape, b: Shape) -> bool | None:
    return True if a.hi < b.lo else False if a.lo >= b.hi else None


def _at_most(a: Shape, b: Shape) -> bool | None:
    return True if a.hi <= b.lo else False if a.lo > b.hi else None


def _equal(a: Shape, b: Shape) -> bool | None:
    if a.hi < b.lo or b.hi < a.lo or _off_step(a, b) or _off_step(b, a):
        return False
    return True if a.lo == a.hi == b.lo == b.hi else None


def _off_step(a: Shape, b: Shape) -> bool:
    """A number that no value over the other's denominator can be."""
    return b.lo == b.hi and a.den > 0 and (b.lo * a.den).denominator != 1


def _not(proof: bool | None) -> bool | None:
    return None if proof is None else not proof


_PROOFS: dict[str, Callable[[Shape, Shape], bool | None]] = {
    "lt": _less, "le": _at_most, "gt": lambda a, b: _less(b, a), "ge": lambda a, b: _at_most(b, a),
    "eq": _equal, "ne": lambda a, b: _not(_equal(a, b)),
}  # fmt: skip
"""Comparisons, by what the bounds of both sides prove."""
