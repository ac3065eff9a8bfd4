"""A sheet as the tablet and the paper show it: items in order, their controls, and what each legal value is worth.

The tablet's running total only looks up these integer points and adds them (DESIGN.md law 5). Points that depend on another
cell, a key, an attribute or a veto are null: the tablet says 待服务器计算 for them.
"""

import math
from fractions import Fraction
from typing import Any

from competition.rules.model import Item, Rules, Sheet, Text
from competition.rules.nodes import Cell, Const, Op, bare
from competition.rules.scales import UNANSWERED, decimal_text

Form = dict[str, Any]


def sheet_form(rules: Rules, module: str, sheet: str) -> Form:
    """The form of one sheet as plain JSON values. Raises NotFound. Shape: see the tablet's `types.js`."""
    found = rules.sheet(module, sheet)
    piece = next(one for one in rules.modules if one.id == module)
    factors = {item.id: _factor(rules, found, item) for item in found.items}
    tables = {item.id: _points(item, factors[item.id]) for item in found.items}
    den = math.lcm(*(p.denominator for table in tables.values() for p in table.values()), 1)
    return {
        "module": module,
        "sheet": sheet,
        "name": _both(found.name),
        "module_name": _both(piece.name),
        "minutes": piece.minutes,
        "max": None if found.max is None else _number(found.max),
        "denominator": den,
        "opens_after": list(found.opens_after),
        "sections": [
            {
                "id": section.id,
                "name": _both(section.name),
                "max": None if section.max is None else _number(section.max),
                "items": [_item(item, tables[item.id], factors[item.id], den) for item in section.items],
            }
            for section in found.sections
        ],
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _number(value: Fraction) -> str:
    return decimal_text(value)


def _item(item: Item, points: dict[Fraction, Fraction], factor: Fraction | None, den: int) -> Form:
    scale = item.scale
    form: Form = {
        "id": item.id,
        "name": _both(item.name),
        "help": _both(item.help) if item.help else None,
        "control": scale.control if scale else "derived",
        "required": item.required,
        "scores": item.scores,
        "sample": item.sample,
        "max": None if item.max is None else _number(item.max),
        # Points of one step of one, where value × factor is all there is (keyed numbers); else null.
        "each": _whole(factor, den),
        "values": [],
    }
    if scale is None:
        return form
    if scale.unit:
        form["unit"] = scale.unit
    if scale.control in ("keypad", "measure", "time", "count"):
        form |= {"min": _number(scale.low), "max_value": _number(scale.high), "step": _number(scale.step)}
    if scale.control == "keypad" and scale.words:
        # A legend of a keyed number names the bands: each holds from its value up to the next.
        named = sorted((Fraction(text), both) for text, both in scale.words.items())
        form["bands"] = [{"low": _number(value), "label": {"zh": zh, "en": en}} for value, (zh, en) in named]
    if scale.type in ("answer", "note"):
        form["length"] = scale.length
    if scale.type in ("answer", "choice", "choices", "order"):
        form["unanswered"] = UNANSWERED
    if scale.options:
        words = {o: scale.words.get(o, (o, o)) for o in scale.options}
        if scale.type == "choice":
            words[UNANSWERED] = ("未答", "not answered")
        form["options"] = [{"value": o, "label": {"zh": zh, "en": en}} for o, (zh, en) in words.items()]
    if scale.control in ("yesno", "steps", "cards"):
        form["values"] = [_value(value, scale.words, points, den) for value in scale.values]
    return form


def _value(value: Fraction, words: Any, points: dict[Fraction, Fraction], den: int) -> Form:
    text = _number(value)
    label = words.get(text)
    return {
        "value": text,
        "points": _whole(points.get(value), den),
        "label": {"zh": label[0], "en": label[1]} if label else None,
    }


def _whole(value: Fraction | None, den: int) -> int | None:
    scaled = None if value is None else value * den
    return None if scaled is None or scaled.denominator != 1 else scaled.numerator


def _points(item: Item, factor: Fraction | None) -> dict[Fraction, Fraction]:
    if factor is None or item.scale is None:
        return {}
    if item.scale.control in ("yesno", "steps", "cards"):
        return {value: value * factor for value in item.scale.values}
    return {item.scale.step: item.scale.step * factor}


def _factor(rules: Rules, sheet: Sheet, item: Item) -> Fraction | None:
    """What one of the value is worth, when points are value × constant and nothing else; None otherwise."""
    if not item.scores or item.scale is None or not item.scale.numeric:
        return None
    if next(section for section in sheet.sections if item in section.items).limited:
        # What the item adds depends on the rest of its section.
        return None
    node = bare(rules.detail[f"{sheet.path}.{item.id}@1"])
    if isinstance(node, Cell):
        return Fraction(1)
    if isinstance(node, Op) and node.op == "mul":
        value, weight = node.args
        if isinstance(bare(value), Cell) and isinstance(weight, Const):
            return weight.value
    return None
