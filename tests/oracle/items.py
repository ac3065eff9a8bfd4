"""Strategies for single items: the rule, the scale it needs, the highest it can reach, and the values worth trying."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[Any], Any]
D = Decimal
NOTHING = D(0)


@dataclass
class Item:
    """An item under construction. `reach`: the most points; `values`: legal texts worth trying; `low`, `high`: of the value."""

    rule: dict[str, Any]
    reach: Decimal = NOTHING
    values: list[str] = field(default_factory=list)
    scale: dict[str, Any] | None = None
    numeric: bool = False
    low: Decimal = NOTHING
    high: Decimal = NOTHING
    sealed: bool = False  # marked against the key

    @property
    def id(self) -> str:
        return self.rule["id"]

    @property
    def scores(self) -> bool:
        return self.rule.get("score", True) and self.rule.get("scale") != "note"


def name(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def one_of(draw: Draw, *choices: Any) -> Any:
    return draw(st.sampled_from(choices))


def chance(draw: Draw, of: int) -> bool:
    """True once in `of`; shrinks to no."""
    return draw(st.integers(0, of - 1)) == of - 1


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
    return Item(rule, stop * weight, _texts(values), scale, True, start, stop)


def cards(draw: Draw, id: str) -> Item:
    top = draw(st.integers(1, 3))
    scale = {"type": "cards", "from": 0, "to": top, "legend": {str(n): name(f"v{n}") for n in range(top + 1)}}
    rule = {"id": id, "name": name(id), "scale": f"of_{id}"}
    return Item(rule, D(top), [str(n) for n in range(top + 1)], scale, True, D(0), D(top))


def points(draw: Draw, id: str) -> Item:
    most, step = one_of(draw, D(6), D(100), D(1)), one_of(draw, D("0.5"), D("0.1"), D(1), D("0.25"))
    rule = {"id": id, "name": name(id), "scale": "points", "max": most, "step": step}
    values = [most, D(0), step, most - step, (most / step // 2) * step]
    return Item(rule, most, _texts(values), None, True, D(0), most)


def count(draw: Draw, id: str) -> Item:
    top, weight = draw(st.integers(1, 9)), one_of(draw, D(-1), D(-2), D("-0.5"), D(1))
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "weight": weight}
    if draw(st.booleans()):
        rule["blank"] = 0
    scale = {"type": "count", "from": 0, "to": top}
    return Item(rule, max(weight * top, D(0)), _texts({D(0), D(1), D(top)}), scale, True, D(0), D(top))


def _measure(draw: Draw, id: str) -> tuple[dict[str, Any], list[Decimal], Decimal]:
    decimals, top = draw(st.integers(0, 2)), draw(st.integers(3, 20))
    scale = {"type": "measure", "unit": "g", "decimals": decimals, "from": 0, "to": top}
    unit = D(1).scaleb(-decimals)
    return scale, [D(n) for n in range(top + 1)] + [D(1) + unit, D(2) - unit], D(top)


def bands(draw: Draw, id: str) -> Item:
    """A measure read from bands: on, below and above each edge are among the values."""
    scale, values, top = _measure(draw, id)
    worth = [D(n) for n in sorted(draw(st.sets(st.integers(0, 9), min_size=2, max_size=4)), reverse=True)]
    rows: list[dict[str, Any]] = [{"upto": n, "points": worth[n]} for n in range(len(worth) - 1)]
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "bands": [*rows, {"points": worth[-1]}]}
    return Item(rule, worth[0], _texts(values), scale, True, D(0), top)


def tolerance(draw: Draw, id: str) -> Item:
    scale, values, top = _measure(draw, id)
    sealed = draw(st.booleans())
    width = one_of(draw, D(1), D(2))
    rows = [{"within": 0, "points": 6}, {"within": width, "points": D("2.5")}, {"points": 0}]
    rule = {"id": id, "name": name(id), "scale": f"of_{id}"}
    rule["tolerance"] = {"target": "key" if sealed else 2, "bands": rows[draw(st.integers(0, 1)) :]}
    reach = D(rule["tolerance"]["bands"][0]["points"])
    return Item(rule, reach, _texts(values), scale, True, D(0), top, sealed)


def measured(draw: Draw, id: str) -> Item:
    """A measurement that others use, worth nothing itself."""
    scale, values, top = _measure(draw, id)
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "score": False}
    return Item(rule, D(0), _texts(values), scale, True, D(0), top)


def answer(draw: Draw, id: str) -> Item:
    texts = ["longjing", "keemun", "西湖龙井"]
    kind: dict[str, Any] = one_of(
        draw, {"type": "answer", "length": 20}, {"type": "choice", "options": {t: name(t) for t in texts[:2]}}
    )
    worth = one_of(draw, D(1), D(2), D("1.5"))
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "key": {"points": worth}}
    return Item(rule, worth, texts if kind["type"] == "answer" else texts[:2], kind, sealed=True)


def order(draw: Draw, id: str) -> Item:
    options = ["A", "B", "C"]
    right = {"0": 0, "1": one_of(draw, 0, 10), "2": 20, "3": 20}
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "order": {"right": right}}
    values = ["A B C", "A C B", "B C A", "C B A"]
    return Item(rule, D(20), values, {"type": "order", "options": options}, sealed=True)


def note(draw: Draw, id: str) -> Item:
    return Item({"id": id, "name": name(id), "scale": "note"}, D(0), ["好"])


KINDS = (yesno, steps, cards, points, count, bands, tolerance, measured, answer, order, note)


def derived(draw: Draw, id: str, others: list[Item]) -> Item:
    """A formula over the values of items before it."""
    a, b = one_of(draw, *others), one_of(draw, *others)
    worth, edge = one_of(draw, D(1), D(2), D("2.5")), one_of(draw, D(0), D(1), D("2.5"))
    shapes = [
        (f"if(abs({a.id} - {b.id}) <= {edge}, {worth}, 0)", worth, D(0)),
        (f"if({a.id} >= {edge} and not {b.id} == 1, {worth}, {worth} / 2)", worth, D(0)),
        (f"clamp({worth} - ({a.id} - {a.low}) / 2, 0, {worth})", worth, D(0)),
        (f"round({a.id} / 3, 1) * 0 + if({b.id} < {edge} or {a.id} != {edge}, {worth}, 0)", worth, D(0)),
        (f"min(ceil({a.id} - {a.low}), {worth})", min(worth, a.high - a.low), D(0)),
    ]
    text, reach, low = one_of(draw, *shapes)
    rule = {"id": id, "name": name(id), "formula": text, "max": reach}
    return Item(rule, reach, [], None, True, low, reach)


def _texts(values: Any) -> list[str]:
    """Decimals as a device writes them: no trailing zeros, no sign on zero."""
    return [format(value.normalize() + 0, "f") for value in values]
