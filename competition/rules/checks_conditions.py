"""Conditions that hold always or never, whatever is marked: proven from the bounds of what they compare."""

from collections.abc import Iterator

from competition.rules.draft import Draft
from competition.rules.nodes import Const, Named, Node, Op, bare
from competition.rules.resolve import Resolver
from competition.rules.source import Where
from competition.rules.table import Faults


def check_conditions(draft: Draft, resolver: Resolver, faults: Faults) -> bool:
    """Vetoes, needs, passing, rounds, groups across the field; and every `if` of a formula.

    A veto is wrapped around the items it speaks of: while one is at fault, so are their bounds. False if any is at fault.
    """
    before = len(faults.found)
    for where, node in conditions(draft, resolver):
        if (holds := always(node)) is not None:
            zh = f"这个条件{'永远' if holds else '永远不'}成立，请查数值和取值范围。"
            en = f"This condition {'always' if holds else 'never'} holds; check its numbers against what they compare."
            faults.add(where, zh, en)
    if len(faults.found) > before:
        return False
    for where, node in _formulas(draft, resolver):
        for holds in {always(each.args[0]) for each in _ifs(node)} - {None}:
            zh = f"这里的 if 条件{'永远' if holds else '永远不'}成立，请查数值和取值范围。"
            en = f"The condition of an if here {'always' if holds else 'never'} holds; check its numbers."
            faults.add(where, zh, en)
    return len(faults.found) == before


def conditions(draft: Draft, resolver: Resolver) -> Iterator[tuple[Where, Node]]:
    """Every condition of the file, with where it is written."""
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
    """True or False where the bounds prove that a condition always or never holds; None where marks decide.

    A comparison of two numbers of the file stands for a faulty formula, which has its own finding.
    """
    if all(isinstance(part, Const) for part in bare(node).parts):
        return None
    shape = node.shape
    return bool(shape.hi) if shape.lo == shape.hi else None
