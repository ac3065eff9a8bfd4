"""Strategies for single items: the rule, the scale it needs, the highest it can reach, and the values worth trying."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from .drawing import MODES, D, Draw, Table, after_rounding, chance, decimal, name, one_of, texts

NOTHING = D(0)


@dataclass
class Item:
    """An item under construction. `reach`: the most points; `values`: legal texts worth trying; `low`, `high`: of the value.

    `keys`: texts the sealed key may hold; empty where it is not marked against one.
    """

    rule: dict[str, Any]
    reach: Decimal = NOTHING
    values: list[str] = field(default_factory=list)
    scale: dict[str, Any] | None = None
    numeric: bool = False
    low: Decimal = NOTHING
    high: Decimal = NOTHING
    keys: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.rule["id"])

    @property
    def scores(self) -> bool:
        return bool(self.rule.get("score", True)) and self.rule.get("scale") != "note"


def yesno(draw: Draw, id: str) -> Item:
    weight = one_of(draw, D(1), D(2), D("0.5"))
    rule = {"id": id, "name": name(id), "scale": "yesno", "weight": weight}
    return Item(rule, weight, ["1", "0"], numeric=True, high=D(1))


def steps(draw: Draw, id: str) -> Item:
    start, stop = one_of(draw, (D(0), D(3)), (D(-3), D(3)), (D(0), D(6)))
    step = one_of(draw, D(1), D("0.5"), D("0.25"))
    scale: dict[str, Any] = {"type": "steps", "from": start, "to": stop, "step": step}
    values = [start + step * n for n in range(int((stop - start) / step) + 1)]
    if chance(draw, 3):
        scale["except"] = [values[1]]
        del values[1]
    weight = one_of(draw, D(1), D(3), D("0.5"), D("1.25"))
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "weight": weight}
    return Item(rule, stop * weight, texts(values), scale, True, start, stop)


def worthy(draw: Draw, id: str) -> Item:
    """The scale's highest value is worth so many points, the others in proportion."""
    item = one_of(draw, steps, cards, yesno)(draw, id)
    if item.low < 0:
        item = cards(draw, id)
    item.rule.pop("weight", None)
    item.rule["worth"] = item.reach = one_of(draw, D(1), D(2), D("1.5"), D(10))
    return item


def cards(draw: Draw, id: str) -> Item:
    top = draw(st.integers(1, 3))
    scale = {"type": "cards", "from": 0, "to": top, "legend": {str(n): name(f"v{n}") for n in range(top + 1)}}
    rule = {"id": id, "name": name(id), "scale": f"of_{id}"}
    return Item(rule, D(top), [str(n) for n in range(top + 1)], scale, True, D(0), D(top))


def points(draw: Draw, id: str) -> Item:
    most, step = one_of(draw, D(6), D(100), D(1)), one_of(draw, D("0.5"), D("0.1"), D(1), D("0.25"))
    rule = {"id": id, "name": name(id), "scale": "points", "max": most, "step": step}
    values = [most, D(0), step, most - step, (most / step // 2) * step]
    return Item(rule, most, texts(values), None, True, D(0), most)


def count(draw: Draw, id: str) -> Item:
    top, weight = draw(st.integers(1, 9)), one_of(draw, D(-1), D(-2), D("-0.5"), D(1))
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "weight": weight}
    if draw(st.booleans()):
        rule["blank"] = 0
    scale = {"type": "count", "from": 0, "to": top}
    return Item(rule, max(weight * top, D(0)), texts({D(0), D(1), D(top)}), scale, True, D(0), D(top))


def _measure(draw: Draw, id: str) -> tuple[dict[str, Any], list[Decimal], Decimal]:
    decimals, top = draw(st.integers(0, 2)), draw(st.integers(3, 20))
    scale = {"type": "measure", "unit": "g", "decimals": decimals, "from": 0, "to": top}
    unit = D(1).scaleb(-decimals)
    return scale, [D(n) for n in range(top + 1)] + [D(1) + unit, D(2) - unit], D(top)


def bands(draw: Draw, id: str) -> Item:
    """A measure read from bands: on, below and above each edge are among the values."""
    scale, values, top = _measure(draw, id)
    worth = [D(n) for n in sorted(draw(st.sets(st.integers(0, 9), min_size=2, max_size=4)), reverse=True)]
    edge, from_ = one_of(draw, ("upto", 0), ("below", 1))
    rows: list[dict[str, Any]] = [{edge: n + from_, "points": worth[n]} for n in range(len(worth) - 1)]
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "bands": [*rows, {"points": worth[-1]}]}
    return Item(rule, worth[0], texts(values), scale, True, D(0), top)


def tolerance(draw: Draw, id: str) -> Item:
    scale, values, top = _measure(draw, id)
    sealed = draw(st.booleans())
    width = one_of(draw, D(1), D(2))
    rows = [{"within": 0, "points": 6}, {"within": width, "points": D("2.5")}, {"points": 0}]
    rule = {"id": id, "name": name(id), "scale": f"of_{id}"}
    rule["tolerance"] = {"target": "key" if sealed else 2, "bands": rows[draw(st.integers(0, 1)) :]}
    reach = D(rule["tolerance"]["bands"][0]["points"])
    return Item(rule, reach, texts(values), scale, True, D(0), top, texts(values) if sealed else [])


def measured(draw: Draw, id: str) -> Item:
    """A measurement that others use, worth nothing itself."""
    scale, values, top = _measure(draw, id)
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "score": False}
    return Item(rule, D(0), texts(values), scale, True, D(0), top)


def placing(draw: Draw, id: str) -> Item:
    """A place given by each judge, worth nothing itself."""
    scale = {"type": "steps", "from": 1, "to": 5, "step": 1}
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "score": False}
    return Item(rule, D(0), [str(n) for n in range(1, 6)], scale, True, D(1), D(5))


def note(draw: Draw, id: str) -> Item:
    return Item({"id": id, "name": name(id), "scale": "note"}, D(0), ["好"])


def limit(draw: Draw, item: Item) -> None:
    """Now and then a floor, a cap, a rounding of the item's points."""
    if not item.scores or not chance(draw, 6):
        return
    if item.reach > 0 and item.rule.get("scale") != "points" and draw(st.booleans()):  # its max is its scale's top too
        item.rule["cap"] = item.reach = one_of(draw, item.reach, item.reach / 2, item.reach * D("0.75"))
    if draw(st.booleans()):
        item.rule["floor"] = one_of(draw, D(0), D(-1), min(item.reach / 4, D(1)))
    if draw(st.booleans()):
        item.rule["round"] = {"places": draw(st.integers(0, 2)), "mode": one_of(draw, *MODES)}
        item.reach = decimal(after_rounding(Fraction(item.reach), item.rule))


def derived(draw: Draw, id: str, others: list[Item], tables: Table) -> Item:
    """A formula over the values of items before it, the entry's attribute and the event's input."""
    a, b = one_of(draw, *others), one_of(draw, *others)
    worth = one_of(draw, D(1), D(2), D("2.5"))
    edge = D(1) if a.high >= 1 and b.high >= 1 else D(0)  # within every range: a condition that can hold and can fail
    shapes = [
        (f"if(abs({a.id} - {b.id}) <= {edge}, {worth}, 0)", worth),
        (f"if({a.id} >= {a.high} and not {b.id} < {b.low}, {worth}, {worth} / 2)", worth),
        (f"clamp({worth} - ({a.id} - ({a.low})) / 2, 0, {worth})", worth),
        (f"round({a.id} / 3, 1) * 0 + if({b.id} < {edge} or {a.id} != {edge}, {worth}, 0)", worth),
        (f"min(ceil({a.id} - ({a.low})), {worth})", min(worth, a.high - a.low)),
        (f"{worth} * ({a.id} > {a.low})", worth if a.high > a.low else D(0)),
        (f"if({a.id} >= cut, {worth}, 0)", worth),
        (f"if(is(tint, red), {worth}, 0)", worth),
    ]
    for table, most in tables.items():
        shapes.append((f"lookup({a.id}, {table})", D(most)))
    text, reach = one_of(draw, *shapes)
    return Item({"id": id, "name": name(id), "formula": text, "max": reach}, reach, [], None, True, D(0), reach)


def over_samples(draw: Draw, id: str, item: Item, samples: int) -> Item:
    """A formula over the samples of another section's item."""
    edge = one_of(draw, item.low, item.high, D(1))
    width = item.high - item.low
    shapes = [
        (f"count({item.id} >= {edge})", D(samples)),
        (f"min({item.id}) - ({item.low})", width),
        (f"sum(clamp({item.id} - ({item.low}), 0, 1))", samples * min(width, D(1))),
        (f"max(abs({item.id} - median({item.id}))) * 0 + best({item.id}, 1) - ({item.low})", width),
        (f"if(count({item.id} == {edge} or {item.id} > {edge}) > 0, 1, 0)", D(1)),
    ]
    text, reach = one_of(draw, *shapes)
    return Item({"id": id, "name": name(id), "formula": text}, reach, [], None, True, D(0), reach)
