"""What one item is worth: value by weight, by weight row, bands, tolerance, key, order, or a small formula."""

from fractions import Fraction
from typing import TYPE_CHECKING

from competition.rules.draft import Worth
from competition.rules.model import Item, Sheet
from competition.rules.nodes import Attribute, Bands, Cell, Const, FromSeat, Node, Op, const

if TYPE_CHECKING:
    from competition.rules.resolve import Resolver


def cell_key(sheet: Sheet, seat: int, item: str) -> str:
    """The name of a recorded value: module.sheet.seat.item."""
    return f"{sheet.path}.{seat}.{item}"


def item_value(resolver: "Resolver", sheet: Sheet, seat: int, item: Item) -> Node:
    """The recorded value of an item from one seat: a number, 1/0 for an answer right or wrong, positions right."""
    if item.scale is None:
        return item_points(resolver, sheet, seat, item)
    key = cell_key(sheet, seat, item.id)
    if item.key:
        cell = Cell(key, 1, Fraction(0), Fraction(1), item.blank)
    elif item.order is not None:
        cell = Cell(key, 1, Fraction(0), Fraction(len(item.scale.options)), item.blank)
    else:
        cell = Cell(key, item.scale.den, item.scale.low, item.scale.high, item.blank)
    return FromSeat(cell, sheet.panel.labels[seat - 1])


def item_points(resolver: "Resolver", sheet: Sheet, seat: int, item: Item) -> Node:
    """The points of an item from one seat, before vetoes."""
    worth = resolver.draft.worths[sheet.path, item.id]
    if worth.formula is not None:
        return resolver.scalar(worth.formula, lambda name: _sibling(resolver, sheet, seat, item, name))
    value = item_value(resolver, sheet, seat, item)
    if item.key:
        return _keyed(resolver, sheet, seat, item, value)
    if item.order is not None:
        rows = [(Fraction(n), points) for n, points in item.order]
        return Bands(value, (*rows[:-1], (None, rows[-1][1])))
    if worth.bands is not None:
        return Bands(_off_target(sheet, seat, item, worth, value), worth.bands)
    if worth.row is not None:
        return _weighted_by_row(resolver, worth.row, item, value)
    weight = worth.weight if worth.weight is not None else Fraction(1)
    return value if weight == 1 else Op("mul", (value, Const(weight)))


def _keyed(resolver: "Resolver", sheet: Sheet, seat: int, item: Item, right: Node) -> Node:
    assert item.key is not None
    if item.key.requires:
        # A batch without its name never scores (hierarchical partial credit, 大益 2018).
        first = next(i for i in sheet.items if i.base == item.key.requires and i.sample == item.sample)
        right = Op("mul", (right, item_value(resolver, sheet, seat, first)))
    return Op("mul", (right, Const(item.key.points)))


def _off_target(sheet: Sheet, seat: int, item: Item, worth: Worth, value: Node) -> Node:
    if worth.target is None:
        return value
    if worth.target == "key":
        assert item.scale is not None
        sealed = Cell(f"{sheet.path}.key.{item.id}", item.scale.den, item.scale.low, item.scale.high)
        return Op("abs", (Op("sub", (value, sealed)),))
    return Op("abs", (Op("sub", (value, Const(Fraction(worth.target)))),))


def _weighted_by_row(resolver: "Resolver", row: str, item: Item, value: Node) -> Node:
    by, adds_to, rows = resolver.draft.weights[row]
    table = tuple((choice, weights.get(item.base, Fraction(0)) / adds_to) for choice, weights in rows.items())
    return Op("mul", (value, Attribute(by, table))) if table else const(0)


def _sibling(resolver: "Resolver", sheet: Sheet, seat: int, item: Item, name: str) -> Node | None:
    """An item of the same sheet and seat; within a sample, of the same sample first."""
    found = [i for i in sheet.items if i.base == name and i.sample == item.sample] or [
        i for i in sheet.items if i.id == name
    ]
    return item_value(resolver, sheet, seat, found[0]) if found and found[0] is not item else None
