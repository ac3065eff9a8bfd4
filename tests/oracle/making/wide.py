"""Strategies for what looks across the entries: quantities, forms of across, rounds."""

from hypothesis import strategies as st

from .drawing import D, Draw, Table, chance, name, one_of, rounding
from .endings import key
from .formulas import Known, condition, formula

PLAIN = ("sum", "mean", "median", "min", "max", "count", "rival")


def quantities(draw: Draw, known: Known, data: Table, prefix: str) -> None:
    """Named numbers; each may use the ones before it."""
    for n in range(draw(st.integers(0, 3))):
        id = f"{prefix}{n + 1}"
        data.setdefault("quantities", {})[id] = {"name": name(id), "formula": formula(draw, known)}
        known.names.append(id)


def across(draw: Draw, known: Known, data: Table, prefix: str) -> None:
    for n in range(draw(st.integers(1, 2))):
        id = f"{prefix}{n + 1}"
        rule = _form(draw, known)
        if rule["how"] == "factor" or chance(draw, 3):
            rule["by"] = one_of(draw, "heat", "tint")
        if chance(draw, 3):
            rule["among"] = condition(draw, known)
        data.setdefault("across", {})[id] = {"name": name(id), **rule}
        report = rule["how"] in ("standard", "scale_500", "scale_700")
        (known.reports if report else known.names).append(id)


def _form(draw: Draw, known: Known) -> Table:
    placed = [
        f"{sheet.path}.{item.id}.value"
        for sheet in known.made
        for item in sheet.plain()
        if sheet.seats > 1 and item.values and item.low >= 1
    ]
    how = one_of(draw, *PLAIN, "rank", "points", "top", "factor", "standard", "scale_500", "scale_700")
    if placed and chance(draw, 2):
        return {"of": one_of(draw, *placed), "how": "majority"}
    rule: Table = {"of": one_of(draw, *known.numbers()) if chance(draw, 2) else formula(draw, known), "how": how}
    if how in ("rank", "points", "top"):
        rule["best"] = one_of(draw, "high", "low")
    if how == "rank" and draw(st.booleans()):
        rule["numbering"] = one_of(draw, "1224", "1223", "1334", "fractional")
    if how == "points":
        rule |= {"points": [20, D("15.5"), 12], "ties": one_of(draw, "higher", "average", "lower", "refuse")}
        rule |= {"rest": one_of(draw, 0, 1)} if draw(st.booleans()) else {}
    if how == "top":
        rule |= {"n": draw(st.integers(1, 3)), "ties": one_of(draw, "extend", "leave")}
        rule |= {"keys": [key(draw, known)]} if chance(draw, 3) else {}
    if how == "factor":
        rule |= {"method": one_of(draw, "means", "pooled"), **rounding(draw, 2)}
        rule |= {"trim": [draw(st.integers(0, 1)), draw(st.integers(0, 1))]} if chance(draw, 3) else {}
    if how == "standard":
        rule |= {"centre": one_of(draw, 0, 50, 500), "spread": one_of(draw, 1, 10), "places": draw(st.integers(0, 2))}
    if how.startswith("scale"):
        rule["least"] = draw(st.integers(2, 4))
        rule |= {"clamp": [0, 1000]} if draw(st.booleans()) else {}
    return rule


def rounds(draw: Draw, known: Known, data: Table, order: list[str]) -> None:
    """Each round's points, and how one gets there from the round before."""
    data["rounds"] = {}
    for n, id in enumerate(order):
        rule: Table = {"name": name(id), "points": _points(draw, known, data, id, order[:n])}
        if n:
            rule["from"] = _start(draw, known, before=order[n - 1])
        data["rounds"][id] = rule
    known.names += order  # only now: a round is not asked by the rounds themselves
    known.names += [f"{id}.reached" for id in order]


def _points(draw: Draw, known: Known, data: Table, id: str, before: list[str]) -> str:
    """Its own modules', with or without what was carried over."""
    own = [module for module, rule in data["modules"].items() if rule.get("round") == id]
    terms = own or [one_of(draw, *known.modules)]
    if before and draw(st.booleans()):
        terms = [*terms, f"0.5 * {before[-1]}"]
    elif known.names and chance(draw, 3):
        terms = [*terms, one_of(draw, *known.names)]
    return " + ".join(terms)


def _start(draw: Draw, known: Known, before: str) -> Table:
    if chance(draw, 3):
        return {"pass": one_of(draw, f"{before} >= {one_of(draw, 0, 1, 5, 60)}", condition(draw, known))}
    start: Table = {"top": draw(st.integers(1, 3)), "best": one_of(draw, "high", "low")}
    start["ties"] = one_of(draw, "extend", "leave")
    if chance(draw, 3):
        start["by"] = "heat"
    if chance(draw, 3):
        start["keys"] = [key(draw, known)]
    return start
