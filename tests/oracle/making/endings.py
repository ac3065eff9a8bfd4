"""Strategies for what follows from the sheets: vetoes, total, ranking, awards, passing, WorldSkills, lists."""

from typing import Any

from hypothesis import strategies as st

from .drawing import D, Draw, Table, chance, name, one_of, rounding
from .formulas import Known, condition, formula
from .items import Item
from .sheets import Made

EDITIONS = ("1997", "2005", "2013", "2015", "2017", "2019", "2022", "2024", "2026")


def vetoes(draw: Draw, made: list[Made], later: set[str]) -> list[Table]:
    """Conditions on measured values; zero for something, or a status for the whole entry.

    `later`: modules of a later round. Who reaches it depends on the points before, so no such points may depend on it.
    """
    result = []
    seen = [sheet for sheet in made if _askable(sheet) and not sheet.reserve]  # a zero may change whether it counts
    for n in range(draw(st.integers(0, 2)) if seen else 0):
        sheet = one_of(draw, *seen)
        rule: Table = {"id": f"v{n + 1}", "name": name(f"v{n + 1}"), "when": _when(draw, sheet)}
        if chance(draw, 4):
            rule["status"] = one_of(draw, "dsq", "void")
            result.append(rule)
        else:
            there = [one for one in made if sheet.module not in later or one.module == sheet.module]
            if targets := _targets(there):
                rule["zero"] = draw(st.lists(st.sampled_from(targets), min_size=1, max_size=2, unique=True))
                result.append(rule)
    return result


def _askable(sheet: Made) -> list[Item]:
    """Only what is marked: of what follows from other marks the checker may know that it always holds."""
    return [item for item in sheet.plain() if item.values]


def _when(draw: Draw, sheet: Made) -> str:
    """A condition that can hold and can fail."""
    item: Item = one_of(draw, *_askable(sheet))
    value, edge = f"{sheet.path}.{item.id}.value", f"({item.values[0]})"
    more = f"> ({item.low})" if sheet.sheet != "clock" else f"== {item.values[1]}"
    if sheet.seats == 1:
        return f"{value} {one_of(draw, f'== {edge}', f'!= {edge}', more)}"
    if chance(draw, 3):
        return f"count({value} == {edge}) >= {draw(st.integers(1, sheet.seats))}"
    return str(one_of(draw, f"sum({value}) == {edge}", f"max({value}) {more}", f"min({value}) {more}"))


def _targets(made: list[Made]) -> list[str]:
    targets = []
    for sheet in made:
        if sheet.sheet != "clock":
            for item, samples in sheet.items():
                if item.scores:
                    targets += [f"{sheet.path}.{item.id}", *[f"{sheet.path}.{item.id}@{s}" for s in samples if s][:1]]
            targets += [f"{sheet.path}.{section['id']}" for section in sheet.scoring()]
            targets += [sheet.path, sheet.module]
    return targets


def total(draw: Draw, known: Known, rounds: list[str]) -> Table:
    rule: Table = {"decide_on": one_of(draw, "rounded", "exact")}
    if rule["decide_on"] == "rounded" or draw(st.booleans()):
        rule |= rounding(draw, 1)
    if chance(draw, 5):
        terms = [f"{weight} * {part}" for weight, part in zip((D("0.3"), 2), known.parts, strict=False)]
        if known.names and not rounds and draw(st.booleans()):
            terms.append(one_of(draw, *known.names))
        rule["points"] = " + ".join(terms)
    if chance(draw, 6):
        rule["floor"] = one_of(draw, 0, 5)
    return rule


def ranking(draw: Draw, known: Known, wide: bool) -> Table:
    able = [name for name in known.numbers() if name != "total" and name not in known.overtimes]
    others = draw(st.lists(st.sampled_from(able), max_size=3, unique=True))
    keys = [{"by": by, "best": one_of(draw, "high", "low")} for by in others]
    keys.insert(len(keys) if chance(draw, 6) else 0, {"by": "total", "best": one_of(draw, "high", "high", "low")})
    rule: Table = {"shared": one_of(draw, "allowed", "forbidden"), "keys": keys}
    rule["after"] = ["dnf", "dns", "withdrawn", "dsq", "void"]
    if wide and chance(draw, 4):
        rule["except_places"] = sorted(draw(st.tuples(st.integers(1, 5), st.integers(1, 5))))
    if wide and chance(draw, 3):
        rule["numbering"] = one_of(draw, "1224", "1223", "1334")
    return rule


def awards(draw: Draw, known: Known) -> list[Table]:
    """By places or by shares, never mixed; a condition, a least field, ties left out now and then."""
    result: list[Table] = []
    shares, last = draw(st.booleans()), 0
    rounding = one_of(draw, "half_up", "ceiling", "floor", "cumulative")
    for n in range(draw(st.integers(0, 3))):
        award: Table = {"id": f"a{n + 1}", "name": name(f"a{n + 1}")}
        if shares:
            award |= {"share": one_of(draw, 10, 20, 30, D("12.5")), "of": "entered", "rounding": rounding}
        else:
            final = last + draw(st.integers(1, 2))
            award["places"] = [last + 1, final]
            last = final
        if chance(draw, 3):
            award["needs"] = condition(draw, known)
        if chance(draw, 3):
            award["ties"] = one_of(draw, "extend", "leave")
        if chance(draw, 4):
            award["least"] = draw(st.integers(1, 5))
        result.append(award)
    if result and shares and rounding != "cumulative" and chance(draw, 2):
        result[0]["of"] = "ranked"
    return result


def passing(draw: Draw, known: Known) -> Table:
    return {"when": condition(draw, known), "ranked": one_of(draw, "all", "passed")}


def worldskills(draw: Draw, known: Known, data: Table) -> None:
    """Positions and medals by marks close enough for ties: a quantity of its own, or a scale."""
    base = one_of(draw, 490, 690, 700)
    data.setdefault("quantities", {})["ws"] = {
        "name": name("ws"),
        "formula": f"{base} + round({one_of(draw, *known.numbers())}, 0)",
    }
    scales = [one for one in known.reports if data["across"][one]["how"].startswith("scale")]
    data["worldskills"] = {"edition": one_of(draw, *EDITIONS), "of": one_of(draw, "ws", *scales)}
    data["awards"] = [{"id": id, "name": name(id)} for id in ("gold", "silver", "bronze", "medallion")]


def lists(draw: Draw, known: Known) -> list[Table]:
    """Tables beside the standings, of entries or by heat; they may show reports too."""
    result = []
    for n in range(draw(st.integers(1, 2))):
        rule: Table = {"id": f"l{n + 1}", "name": name(f"l{n + 1}"), "best": one_of(draw, "high", "low")}
        rule["of"] = one_of(draw, *known.numbers(), *known.reports, formula(draw, known))
        if chance(draw, 3):
            rule["needs"] = condition(draw, known)
        if draw(st.booleans()):
            rule |= {"per": one_of(draw, "heat", "tint"), "method": one_of(draw, "sum", "mean"), "least": 1}
            if draw(st.booleans()):
                rule["take"] = draw(st.integers(1, 3))
            rule["least"] = draw(st.integers(1, 2))
        elif chance(draw, 2):
            rule["keys"] = [key(draw, known)]
        result.append(rule)
    return result


def key(draw: Draw, known: Known) -> dict[str, Any]:
    able = [name for name in known.numbers() if name not in known.overtimes]
    return {"by": one_of(draw, *able), "best": one_of(draw, "high", "low")}
