"""Which recorded values a result waits for: not those in a branch that isn't taken, nor of what a veto has zeroed.

Found once for a rule file, from what the result asks for down to the marks: every `if` on the way lets only one side through
once its condition is known.
"""

from collections.abc import Iterator, Mapping

from competition.rules import Rules
from competition.rules.field import Across
from competition.rules.nodes import Cell, Node, Op, const

Guard = tuple[object, bool]
"""A condition, by the identity of what it is made of, and whether it has to hold."""
Paths = frozenset[frozenset[Guard]]
"""Ways down to a value: the value is asked for while all guards of one way may still come out so."""

_ALWAYS: Paths = frozenset([frozenset()])
_MANY = 6
"""With more ways than this a value simply counts as asked for."""


def waits(rules: Rules) -> Mapping[str, Node]:
    """The cells that are asked for only while a condition holds, with the condition; the same node for the same condition."""
    order = _downwards(rules)
    measured = _measured(order)
    paths = {id(rules.steps[name]): _ALWAYS for name in _shown(rules) if name in rules.steps}
    guards: dict[Guard, Node] = {}
    found: dict[str, Paths] = {}
    for node in order:
        # What nothing else asks for stands for itself: the total, a key of the ranking, a quantity to be shown.
        mine = paths.get(id(node), _ALWAYS)
        if isinstance(node, Cell):
            found[node.key] = _joined(found.get(node.key, frozenset()), mine)
        for part, asked in _parts(node):
            # Another entry may ask for this one's value where it doesn't itself.
            ways = _ALWAYS if isinstance(node, Across) else mine
            if asked is not None and id(asked[0]) in measured:
                guard = (_made_of(asked[0]), asked[1])
                guards.setdefault(guard, _possible(*asked))
                ways = frozenset(way | {guard} for way in mine)
            paths[id(part)] = _joined(paths.get(id(part), frozenset()), ways)
    conditions = {each: _condition(each, guards) for each in set(found.values()) - {_ALWAYS}}
    return {key: conditions[each] for key, each in found.items() if each != _ALWAYS}


def _shown(rules: Rules) -> Iterator[str]:
    """The steps that a result reads themselves."""
    yield "total"
    yield from (key.by for key in rules.keys)
    yield from (key.by for each in rules.lists for key in each.keys)
    yield from rules.medals[1:] if rules.medals else ()


def _downwards(rules: Rules) -> list[Node]:
    """Everything that is computed, each node before what it is made of."""
    roots = [*rules.steps.values(), *(out.when for out in rules.outs), *(each.of for each in rules.lists)]
    further = [award.needs for award in rules.awards] + [each.needs for each in rules.lists] + [rules.passed]
    done: list[Node] = []
    seen: set[int] = set()
    for root in [*roots, *(node for node in further if node is not None)]:
        stack = [(root, iter(root.parts))] if id(root) not in seen else []
        seen.add(id(root))
        while stack:
            node, parts = stack[-1]
            part = next((each for each in parts if id(each) not in seen), None)
            if part is None:
                done.append(node)
                stack.pop()
            else:
                seen.add(id(part))
                stack.append((part, iter(part.parts)))
    return done[::-1]


def _measured(order: list[Node]) -> set[int]:
    """What rests on marks; other conditions (an attribute's choice) are said elsewhere."""
    found: set[int] = set()
    for node in reversed(order):
        if isinstance(node, Cell) or any(id(part) in found for part in node.parts):
            found.add(id(node))
    return found


def _parts(node: Node) -> Iterator[tuple[Node, tuple[Node, bool] | None]]:
    """What a node is made of, with the condition under which it is asked for."""
    asked: tuple[tuple[Node, bool] | None, ...] = (None,) * len(node.parts)
    if isinstance(node, Op) and node.op in ("if", "when"):
        asked = (None, (node.args[0], True), (node.args[0], False))
    return zip(node.parts, asked, strict=False)


def _made_of(condition: Node) -> object:
    """The same for conditions put together from the same ones: vetoes that cover several items are joined item by item."""
    if isinstance(condition, Op) and condition.op in ("or", "and", "not"):
        return (condition.op, *map(_made_of, condition.args))
    return id(condition)


def _joined(one: Paths, other: Paths) -> Paths:
    ways = one | other
    shortest = frozenset(way for way in ways if not any(less < way for less in ways))
    return shortest if len(shortest) <= _MANY else _ALWAYS


def _possible(condition: Node, holds: bool) -> Node:
    """Whether a condition may still come out so: it isn't known, or known to."""
    truth = Op("eq", (const(0), const(0 if holds else 1)))
    known = Op("default", (condition, truth))
    return known if holds else Op("not", (known,))


def _condition(paths: Paths, guards: Mapping[Guard, Node]) -> Node:
    ways = [[guards[guard] for guard in way] for way in paths]
    each = [way[0] if len(way) == 1 else Op("and", tuple(way)) for way in ways]
    return each[0] if len(each) == 1 else Op("or", tuple(each))
