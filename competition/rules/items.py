"""What one item is worth: value by weight, by weight row, bands, tolerance, key, order, or a small formula."""

from fractions import Fraction
from typing import TYPE_CHECKING

from competition.rules.draft import Worth
from competition.rules.formulas import Row, Thing
from competition.rules.model import Item, Sheet
from competition.rules.nodes import Attribute, Bands, Cell, Const, FromSeat, Node, Op, Rounded, const

if TYPE_CHECKING:
    from competition.rules.resolve import Resolver


def cell_key(sheet: Sheet, seat: int, item: str) -> str:
    """The name of a recorded value: module.sheet.seat.item."""
    return f"{sheet.path}.{seat}.{item}"


def item_value(resolver: "Resolver", sheet: Sheet, seat: int, item: Item) -> Node:
    """The recorded value of an item from one seat: a number, 1/0/-1 for an answer, the count in place for an order."""
    if item.scale is None:
        return item_points(resolver, sheet, seat, item)
    cell = Cell(cell_key(sheet, seat, item.id), item.den, *_bounds(item), item.blank)
    return FromSeat(cell, sheet.panel.labels[seat - 1])


def _bounds(item: Item) -> tuple[Fraction, Fraction]:
    assert item.scale is not None
    if item.key and item.key.several:
        return min(Fraction(0), item.key.wrong or Fraction(0)), max(item.key.points, item.key.each * item.key.options)
    if item.key:
        return Fraction(0 if item.key.wrong is None else -1), Fraction(1)
    if item.order is not None:
        return Fraction(0), Fraction(item.order[-1][0])
    return item.scale.low, item.scale.high


def item_points(resolver: "Resolver", sheet: Sheet, seat: int, item: Item) -> Node:
    """The points of an item from one seat, limited and rounded as the rule says, before vetoes."""
    worth = resolver.draft.worths[sheet.path, item.id]
    node = limited(_points(resolver, sheet, seat, item, worth), worth.floor, worth.cap)
    return Rounded(node, worth.round) if worth.round else node


def limited(node: Node, floor: Fraction | None, cap: Fraction | None) -> Node:
    """A value kept from falling below the floor and from rising above the cap."""
    if floor is not None:
        node = Op("max", (node, Const(floor)))
    return Op("min", (node, Const(cap))) if cap is not None else node


def _points(resolver: "Resolver", sheet: Sheet, seat: int, item: Item, worth: Worth) -> Node:
    if worth.formula is not None:
        return resolver.scalar(worth.formula, lambda name: _sibling(resolver, sheet, seat, item, name))
    value = item_value(resolver, sheet, seat, item)
    if item.key:
        return value if item.key.several else _keyed(resolver, sheet, seat, item, value)
    if item.order is not None:
        rows = [(Fraction(n), points) for n, points in item.order]
        return Bands(value, (*rows[:-1], (None, rows[-1][1])))
    if worth.bands is not None:
        return Bands(_off_target(sheet, item, worth, value), worth.bands, worth.below)
    if worth.row is not None:
        return FromSeat(_weighted_by_row(resolver, worth.row, item, value), sheet.panel.labels[seat - 1])
    weight = worth.share if worth.share is not None else worth.weight if worth.weight is not None else Fraction(1)
    return value if weight == 1 else Op("mul", (value, Const(weight)))


def _keyed(resolver: "Resolver", sheet: Sheet, seat: int, item: Item, answer: Node) -> Node:
    assert item.key is not None
    right: Node = answer if item.key.wrong is None else Op("if", (Op("eq", (answer, const(1))), const(1), const(0)))
    if item.key.requires:
        # A batch without its name never scores (hierarchical partial credit, 大益 2018).
        first = next(i for i in sheet.items if i.base == item.key.requires and i.sample == item.sample and i.key)
        other = item_value(resolver, sheet, seat, first)
        right = Op("mul", (right, Op("max", (other, const(0)))))
    points: Node = Op("mul", (right, Const(item.key.points)))
    if item.key.wrong is None:
        return points
    return Op("if", (Op("eq", (answer, const(-1))), Const(item.key.wrong), points))


def _off_target(sheet: Sheet, item: Item, worth: Worth, value: Node) -> Node:
    if worth.target is None:
        return value
    if worth.target == "key":
        assert item.scale is not None
        sealed = Cell(f"{sheet.path}.key.{item.id}", item.scale.den, item.scale.low, item.scale.high)
        return Op("abs", (Op("sub", (value, sealed)),))
    return Op("abs", (Op("sub", (value, Const(Fraction(worth.target)))),))


def row_weight(resolver: "Resolver", row: str, item: Item) -> Attribute | None:
    """An item's weight by the entry's class, None where the table has no rows."""
    by, adds_to, rows = resolver.draft.weights[row]
    scale = adds_to if adds_to is not None else Fraction(1)
    table = tuple((choice, weights.get(item.base, Fraction(0)) / scale) for choice, weights in rows.items())
    return Attribute(by, table) if table else None


def _weighted_by_row(resolver: "Resolver", row: str, item: Item, value: Node) -> Node:
    weight = row_weight(resolver, row, item)
    if weight is None:
        return const(0)
    points = Op("mul", (value, weight))
    if all(each != 0 for _, each in weight.table):
        return points
    # A factor not used for this class counts 0, marked or not.
    return Op("if", (Op("eq", (weight, const(0))), const(0), points))


def _sibling(resolver: "Resolver", sheet: Sheet, seat: int, item: Item, name: str) -> Thing | None:
    """An item of the same sheet and seat; within a sample, of the same sample first. Another section's: a row over its samples."""
    found = [i for i in sheet.items if i.base == name and i.sample == item.sample] or [
        i for i in sheet.items if i.id == name
    ]
    if found:
        return item_value(resolver, sheet, seat, found[0]) if found[0] is not item else None
    over = [item_value(resolver, sheet, seat, i) for i in sheet.items if i.base == name]
    return Row(sheet, tuple(over), (sheet.panel.labels[seat - 1],) * len(over)) if over else None
