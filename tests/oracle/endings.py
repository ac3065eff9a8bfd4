"""Strategies for what follows from the sheets: named quantities, vetoes, total, ranking, awards."""

from typing import Any

from hypothesis import strategies as st

from .items import D, Draw, Item, chance, name, one_of
from .sheets import Made

STATUSES = ("", "", "", "", "", "dns", "dnf", "dsq", "void", "withdrawn")


def quantities(draw: Draw, made: list[Made]) -> dict[str, Any]:
    """Named numbers: reductions over seats, the sheet's own method, one-seat sheets bare."""
    result = {}
    for n in range(draw(st.integers(0, 3))):
        sheet = one_of(draw, *made)
        result[f"q{n + 1}"] = {"name": name(f"q{n + 1}"), "formula": _quantity(draw, sheet)}
    return result


def _quantity(draw: Draw, sheet: Made) -> str:
    where = [f"{sheet.path}.{section['id']}" for section in sheet.scoring()]
    where += [f"{sheet.path}.{item.id}" for item, samples in sheet.items() if samples == [""] and item.scores]
    where += [f"{sheet.path}.{item.id}.value" for item in sheet.plain()]
    what = one_of(draw, *where)
    if not where or chance(draw, 4):
        return sheet.path
    if chance(draw, 3):
        return f"combined({what})"
    if sheet.seats == 1:
        return what
    shapes = [f"{how}({what})" for how in ("sum", "mean", "median", "min", "max")]
    return one_of(draw, *shapes, f"best({what}, 1)", f"max({what}) - min({what})", f"round(mean({what}), 1)")


def vetoes(draw: Draw, made: list[Made]) -> list[dict[str, Any]]:
    """Conditions on measured values; zero for something, or a status for the whole entry."""
    result = []
    seen = [sheet for sheet in made if _readable(sheet)]
    for n in range(draw(st.integers(0, 2)) if seen else 0):
        sheet = one_of(draw, *seen)
        item = one_of(draw, *_readable(sheet))
        value = f"{sheet.path}.{item.id}.value"
        if sheet.seats > 1:
            value = f"{one_of(draw, 'sum', 'max', 'min')}({value})"
        edge = item.values[0] if item.values else item.high
        rule: dict[str, Any] = {"id": f"v{n + 1}", "name": name(f"v{n + 1}")}
        rule["when"] = f"{value} {one_of(draw, '==', '>', '<=')} {edge}".replace("-", "0 - ")
        if chance(draw, 4):
            rule["status"] = "dsq"
        else:
            rule["zero"] = draw(st.lists(st.sampled_from(_targets(made)), min_size=1, max_size=2, unique=True))
        result.append(rule)
    return result


def _readable(sheet: Made) -> list[Item]:
    """What a veto may ask. Derived items of a large panel are left out: the engine takes seconds over them."""
    return [item for item in sheet.plain() if item.values or sheet.seats == 1]


def _targets(made: list[Made]) -> list[str]:
    targets = []
    for sheet in made:
        if sheet.sheet != "clock":
            targets += [f"{sheet.path}.{item.id}" for item, _ in sheet.items() if item.scores]
            targets += [f"{sheet.path}.{section['id']}" for section in sheet.scoring()]
            targets += [sheet.path, sheet.module]
    return targets


def total(draw: Draw, parts: list[str]) -> dict[str, Any]:
    rule: dict[str, Any] = {"decide_on": one_of(draw, "rounded", "exact")}
    if rule["decide_on"] == "rounded" or draw(st.booleans()):
        rule["round"] = {"places": draw(st.integers(0, 3)), "mode": one_of(draw, "half_up", "half_even", "down", "up")}
    if chance(draw, 5):
        rule["points"] = " + ".join(f"{weight} * {part}" for weight, part in zip((D("0.3"), 2), parts, strict=False))
    return rule


def ranking(draw: Draw, names: list[str]) -> dict[str, Any]:
    others = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    keys = [{"by": by, "best": one_of(draw, "high", "low")} for by in others]
    keys.insert(len(keys) if chance(draw, 6) else 0, {"by": "total", "best": one_of(draw, "high", "high", "low")})
    after = ["dnf", "dns", "withdrawn", "dsq", "void"]
    return {"shared": one_of(draw, "allowed", "forbidden"), "keys": keys, "after": after}


def awards(draw: Draw, names: list[str]) -> list[dict[str, Any]]:
    """By places or by shares, never mixed; a condition now and then."""
    result: list[dict[str, Any]] = []
    shares, last = draw(st.booleans()), 0
    for n in range(draw(st.integers(0, 3))):
        award: dict[str, Any] = {"id": f"a{n + 1}", "name": name(f"a{n + 1}")}
        if shares:
            award |= {"share": one_of(draw, 10, 20, 30, D("12.5")), "of": "entered"}
            award["rounding"] = one_of(draw, "half_up", "ceiling", "floor")
        else:
            final = last + draw(st.integers(1, 2))
            award["places"] = [last + 1, final]
            last = final
        if chance(draw, 3):
            award["needs"] = f"{one_of(draw, *names)} >= {one_of(draw, 1, 30, 60)}"
        result.append(award)
    if result and shares and chance(draw, 2):
        result[0]["of"] = "ranked"
    return result
