"""Strategies for the body of a rule file: attributes, inputs, panels, parts, modules, overtime."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from .drawing import D, Draw, Table, after_rounding, chance, decimal, name, one_of, rounding
from .items import Item
from .sheets import TABLES, Made, SheetMaker


class Maker:
    """`wide`: with what looks across the entries. `monotone`: only rules under which a higher mark can't hurt."""

    def __init__(self, draw: Draw, monotone: bool, wide: bool) -> None:
        self.draw, self.monotone, self.wide = draw, monotone, wide
        self.rounds: list[str] = []
        self.data: Table = {
            "language": 1,
            "event": {"id": "trial", "job_type": "trial", "name": name("trial"), "edition": "2026-1"},
            "sources": [{"id": "own", "status": "derived", "says": "made up", "where": "a test"}],
            "attributes": {
                "tint": {"name": name("tint"), "values": {"red": name("red"), "blue": name("blue")}},
                "heat": {"name": name("heat"), "any": True},
            },
            "inputs": {"cut": {"name": name("cut"), "from": 0, "to": 100, "decimals": 1}},
            "tables": TABLES,
            "scales": {"seconds": {"type": "time", "decimals": 0, "to": 7200}},
            "panels": {
                "one": {"name": name("one"), "seats": 1, "kind": "judge"},
                "many": {"name": name("many"), "seats": draw(st.integers(1, 7)), "kind": "judge"},
                "desk": {"name": name("desk"), "seats": 1, "kind": "timekeeper"},
            },
        }
        self.sheets = SheetMaker(draw, self.data, monotone)

    @property
    def made(self) -> list[Made]:
        return self.sheets.made

    def rules(self) -> Table:
        draw, data = self.draw, self.data
        if self.wide and chance(draw, 3):
            self.rounds = ["qual", "semi", "final"][-draw(st.integers(2, 3)) :]
        parts = ["p1", "p2"][: draw(st.integers(1, 2))]
        modules = ["m1", "m2", "m3"][: draw(st.integers(max(len(parts), min(len(self.rounds), 2)), 3))]
        data["modules"], reach = {}, {}
        for n, module in enumerate(modules):
            data["modules"][module], reach[module] = self.module(module, parts[min(n, len(parts) - 1)])
        data["parts"] = {}
        weights = [D(100)] if len(parts) == 1 else one_of(draw, (D(20), D(80)), (D("33.3"), D("66.7")), (D(50), D(50)))
        for part, weight in zip(parts, weights, strict=True):
            data["parts"][part] = self.part(part, weight, {m: r for m, r in reach.items() if self.of(m) == part})
        return data

    def of(self, module: str) -> str:
        return str(self.data["modules"][module]["part"])

    def module(self, module: str, part: str) -> tuple[Table, Fraction]:
        draw = self.draw
        rule: Table = {"part": part, "name": name(module), "minutes": 10}
        if self.rounds and module != "m1" and draw(st.booleans()):
            rule["round"] = one_of(draw, *self.rounds[1:])
        elif not self.monotone:
            rule |= self.sheets.only(8)
        sheets, tops = {}, {}
        for n in range(draw(st.integers(1, 2))):
            sheets[f"s{n + 1}"], tops[f"s{n + 1}"] = self.sheets.sheet(module, f"s{n + 1}")
        reach = sum(tops.values(), Fraction(0))
        over = f"over_{module}" if not self.monotone and chance(draw, 3) else ""
        if over:
            sheets["clock"] = self.clock(module)
            rule["overtime"] = [self.overtime(over)]
        if chance(draw, 3):
            first, times = self.first(module, tops)
            rule["points"] = " + ".join([first, *list(tops)[1:]]) + (f" - {over}" if over else "")
            reach += tops["s1"] * (times - 1)
        if "round" not in rule:
            rule |= rounding(draw, 4)
        if draw(st.booleans()):
            rule["floor"] = 0
        if isinstance(rule.get("round", {}), dict):
            reach = after_rounding(reach, rule)
        return {**rule, "out_of": decimal(reach), "sheets": sheets}, reach

    def first(self, module: str, tops: dict[str, Fraction]) -> tuple[str, Fraction]:
        """The first sheet in the module's own formula, and what it is multiplied by."""
        factor = one_of(self.draw, D(2), D("0.6"), D("1.5"))
        return f"{factor} * s1", Fraction(factor)

    def overtime(self, id: str) -> Table:
        draw = self.draw
        rule: Table = {"id": id, "name": name(id), "time": "clock.elapsed", "limit": 60}
        if chance(draw, 3):
            edge = one_of(draw, "upto", "below")
            rule["bands"] = [{edge: 10, "points": 1}, {edge: 30, "points": D("2.5")}, {"points": 5}]
        else:
            rule |= {"per": one_of(draw, 1, 10, 30), "points": one_of(draw, D(1), D("0.5"), D(2))}
            if draw(st.booleans()):
                rule["cap"] = one_of(draw, 2, 6)
        if draw(st.booleans()):
            way = one_of(draw, {"zero": "module"}, {"status": "dsq"}, {"status": "void"})
            rule["out"] = {"over": one_of(draw, 30, 60), **way}
        return rule

    def clock(self, module: str) -> Table:
        item = Item({"id": "elapsed", "name": name("elapsed"), "scale": "seconds", "score": False}, numeric=True)
        item.values, item.high = ["50", "60", "61", "69", "70", "71", "90", "91", "120", "121"], D(7200)
        section = {"id": "time", "name": name("time"), "items": [item.rule]}
        self.made.append(Made(module, "clock", "desk", 1, [(section, [item])]))
        combine = {"method": "agreed", "least": 1, "absent": "refuse"}
        how: dict[str, Any] = {"combine": combine} if self.draw(st.booleans()) else {}
        return {"panel": "desk", "name": name("clock"), **how, "sections": [section]}

    def part(self, part: str, weight: Decimal, reach: dict[str, Fraction]) -> Table:
        draw = self.draw
        rule: Table = {"name": name(part), "weight": weight}
        top = sum(reach.values(), Fraction(0))
        if chance(draw, 4):
            rule["points"] = " + ".join(f"0.4 * {module}" for module in reach)
            top = top * 2 / 5
        if draw(st.booleans()):
            rule["floor"] = 0
        if top > 0 and draw(st.booleans()):
            rule["rescale"] = {"from": decimal(top), "to": 100}
            top = Fraction(100)
        rule |= rounding(draw)
        return {**rule, "out_of": decimal(after_rounding(top, rule))}
