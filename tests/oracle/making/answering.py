"""Strategies for items that are marked against a sealed key."""

from hypothesis import strategies as st

from .drawing import D, Draw, Table, chance, name, one_of
from .items import Item

BLANK = "—"


def answer(draw: Draw, id: str) -> Item:
    """One right text, synonyms in the key, a penalty for a wrong one now and then."""
    given = ["longjing", "keemun", "西湖龙井"]
    keys = [*given, "longjing | 西湖龙井"]
    kind: Table = {"type": "answer", "length": 20}
    if draw(st.booleans()):
        given = keys = given[:2]
        kind = {"type": "choice", "options": {text: name(text) for text in given}}
    worth = one_of(draw, D(1), D(2), D("1.5"))
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "key": {"points": worth, **_penalty(draw)}}
    return Item(rule, worth, [*given, BLANK], kind, keys=keys)


def choices(draw: Draw, id: str) -> Item:
    """Several options right, by the four policies."""
    options = ["A", "B", "C", "D"][: draw(st.integers(2, 4))]
    worth = one_of(draw, D(2), D(3))
    key: Table = {"points": worth, "several": one_of(draw, "all", "each", "share", "half"), **_penalty(draw)}
    if key["several"] == "each":
        key["each"] = D("0.5")
    given = [" ".join(options[:n]) for n in range(1, len(options) + 1)] + [options[-1], f"{options[0]} {options[-1]}"]
    rule = {"id": id, "name": name(id), "scale": f"of_{id}", "key": key}
    return Item(rule, worth, [*given, BLANK], {"type": "choices", "options": options}, keys=given)


def order(draw: Draw, id: str) -> Item:
    """An order, by positions right or by pairs in the key's order."""
    rule: Table = {"id": id, "name": name(id), "scale": f"of_{id}"}
    if draw(st.booleans()):
        rule["order"] = {"right": {"0": 0, "1": one_of(draw, 0, 10), "2": 20, "3": 20}}
    else:
        rule["order"] = {"pairs": {"0": 0, "1": one_of(draw, 0, 5), "2": D("7.5"), "3": 20}}
    values = ["A B C", "A C B", "B C A", "C B A"]
    return Item(rule, D(20), values, {"type": "order", "options": ["A", "B", "C"]}, keys=values)


def _penalty(draw: Draw) -> Table:
    return {"wrong": one_of(draw, D(-1), D("-0.5"), D(0))} if chance(draw, 3) else {}
