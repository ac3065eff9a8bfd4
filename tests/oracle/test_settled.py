"""Where the engine once differed from the rule text: a row over samples, and what isn't for an entry or was not reached."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from .comparing import by_engine, by_oracle, differences
from .making.drawing import name
from .oracle import Mark
from .strategies import Case
from .test_findings import RULES

TINT = {"tint": {"name": name("tint"), "values": {"red": name("red"), "blue": name("blue")}}}


def points(id: str, **more: object) -> dict[str, object]:
    return {"id": id, "name": name(id), "scale": "points", "max": 10, "step": 1, **more}


def sheet(*sections: dict[str, object], **more: object) -> dict[str, object]:
    whole = [{"name": name("x"), **section} for section in sections]
    return {"panel": "head", "name": name("s"), **more, "sections": whole}


def differ(folder: Path, modules: dict[str, object], marks: list[Mark], **more: Any) -> list[str]:
    """Both asked about entries a (red) and b (blue)."""
    data = tomllib.loads(RULES, parse_float=Decimal)
    data["parts"]["p1"].pop("out_of")
    data |= {"attributes": TINT, "modules": {m: {"part": "p1", "name": name(m), **rule} for m, rule in modules.items()}}
    absences = more.pop("absences", [])
    data |= more
    entries = [{"entry": "a", "status": "", "tint": "red"}, {"entry": "b", "status": "", "tint": "blue"}]
    case = Case(data, marks, entries, absences)
    return differences(by_oracle(case), by_engine(case, folder))


def mark(entry: str, item: str, value: str, place: str = "m s") -> Mark:
    module, sheet = place.split()
    return entry, module, sheet, "head.1", item, value


def test_the_worst_cup_of_another_section(folder: Path) -> None:
    cups = {"id": "x", "samples": ["A", "B"], "items": [points("c")]}
    worst = {"id": "y", "items": [{"id": "w", "name": name("w"), "formula": "min(c)"}]}
    marks = [mark("a", "c@A", "4"), mark("a", "c@B", "2")]
    assert not differ(folder, {"m": {"sheets": {"s": sheet(cups, worst)}}}, marks)


def test_a_veto_on_a_sheet_for_some_is_false_for_the_others(folder: Path) -> None:
    sheets = {"s": sheet({"id": "x", "items": [points("a")]})}
    sheets["t"] = sheet({"id": "y", "items": [points("c")]}, only={"tint": ["red"]})
    veto = {"id": "v", "name": name("v"), "when": "m.t.c.value == 0", "zero": ["m.s"]}
    assert not differ(folder, {"m": {"sheets": sheets}}, [mark("b", "a", "8")], vetoes=[veto])


def test_a_module_of_a_round_not_reached_has_no_value(folder: Path) -> None:
    modules = {"m": {"sheets": {"s": sheet({"id": "x", "items": [points("c")]})}}}
    modules["f"] = {"round": "final", "sheets": {"s": sheet({"id": "y", "items": [points("d")]})}}
    start = {"top": 1, "best": "high", "ties": "extend"}
    rounds = {"semi": {"name": name("semi"), "points": "m"}, "final": {"name": name("f"), "points": "f", "from": start}}
    marks = [mark("a", "c", "9"), mark("b", "c", "5"), mark("b", "d", "3", "f s"), mark("a", "d", "3", "f s")]
    assert not differ(folder, modules, marks, rounds=rounds)


def test_two_who_agree_make_no_value_where_three_must_count(folder: Path) -> None:
    how = {"method": "mean", "least": 3, "absent": "refuse"}
    third = {"limit": 5, "by": "sheet", "then": "third"}
    jury = sheet({"id": "x", "items": [points("a")]}) | {"panel": "jury", "combine": how, "spread": third}
    marks = [("a", "m", "s", f"jury.{n}", "a", value) for n, value in enumerate("479", 1)]
    marks += [("b", "m", "s", f"jury.{n}", "a", value) for n, value in enumerate("199", 1)]
    assert not differ(folder, {"m": {"sheets": {"s": jury}}}, marks)


def test_a_majority_is_of_the_judges_who_are_there(folder: Path) -> None:
    how = {"method": "mean", "least": 1, "absent": "exclude"}
    placed = {"id": "p", "name": name("p"), "scale": "points", "max": 2, "step": 1}
    jury = sheet({"id": "x", "items": [placed]}) | {"panel": "jury", "combine": how}
    marks = [
        (entry, "m", "s", f"jury.{n}", "p", v)
        for entry, row in (("a", "221"), ("b", "112"))
        for n, v in enumerate(row, 1)
    ]
    across = {"place": {"name": name("place"), "of": "m.s.p.value", "how": "majority"}}
    assert not differ(folder, {"m": {"sheets": {"s": jury}}}, marks[1:], across=across, absences=[("a", "jury.1")])


def test_numbers_of_one_seat_are_added_up_like_any_others(folder: Path) -> None:
    items = {"id": "x", "items": [points("a"), points("b")]}
    formulas = {"q": "sum(m.s.a, m.s.b, 3)", "r": "median(m.s.a > 4)", "t": "count(m.s.a > 4, m.s.b > 4)"}
    quantities = {q: {"name": name(q), "formula": text} for q, text in formulas.items()}
    marks = [mark("a", "a", "4"), mark("a", "b", "9")]
    assert not differ(folder, {"m": {"sheets": {"s": sheet(items)}}}, marks, quantities=quantities)


def test_a_veto_in_doubt_leaves_a_sheet_of_measurements_at_nothing(folder: Path) -> None:
    clock = sheet({"id": "y", "items": [points("t", score=False)]})
    sheets = {"s": sheet({"id": "x", "items": [points("a"), points("bad", score=False)]}), "clock": clock}
    veto = {"id": "v", "name": name("v"), "when": "m.s.bad.value > 5", "zero": ["m"]}
    more = {"vetoes": [veto], "quantities": {"q": {"name": name("q"), "formula": "m.clock"}}}
    assert not differ(folder, {"m": {"sheets": sheets}}, [mark("a", "t", "9", "m clock")], **more)
