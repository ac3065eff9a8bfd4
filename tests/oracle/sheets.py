"""Strategies for the body of a rule file: parts, modules, sheets, sections, with their printed maxima worked out."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from .items import KINDS, D, Draw, Item, chance, derived, name, one_of
from .rounding import rounded

MODES = ("half_up", "half_even", "down", "up")
METHODS = ("sum", "mean", "trimmed", "median", "best", "min", "max")


@dataclass
class Made:
    """A sheet that was made: what marks and formulas may ask for."""

    module: str
    sheet: str
    panel: str
    seats: int
    sections: list[tuple[dict[str, Any], list[Item]]]

    @property
    def path(self) -> str:
        return f"{self.module}.{self.sheet}"

    def items(self) -> list[tuple[Item, list[str]]]:
        return [(item, section.get("samples", [""])) for section, items in self.sections for item in items]

    def scoring(self) -> list[dict[str, Any]]:
        """Sections that can earn or lose points; one that only takes notes and times has none to ask for."""
        return [section for section, items in self.sections if any(item.scores for item in items)]

    def plain(self) -> list[Item]:
        """Items that stand once on the sheet, with a number as value."""
        return [item for item, samples in self.items() if samples == [""] and item.numeric]


class Maker:
    def __init__(self, draw: Draw, monotone: bool) -> None:
        self.draw, self.monotone = draw, monotone
        self.made: list[Made] = []
        self.serial = 0
        self.data: dict[str, Any] = {
            "language": 1,
            "event": {"id": "trial", "job_type": "trial", "name": name("trial"), "edition": "2026-1"},
            "sources": [{"id": "own", "status": "derived", "says": "made up", "where": "a test"}],
            "scales": {"seconds": {"type": "time", "decimals": 0, "to": 7200}},
            "panels": {
                "one": {"name": name("one"), "seats": 1, "kind": "judge"},
                "desk": {"name": name("desk"), "seats": 1, "kind": "timekeeper"},
            },
        }

    def rules(self) -> dict[str, Any]:
        draw, data = self.draw, self.data
        data["panels"]["many"] = {"name": name("many"), "seats": draw(st.integers(1, 7)), "kind": "judge"}
        parts = ["p1", "p2"][: draw(st.integers(1, 2))]
        modules = ["m1", "m2", "m3"][: draw(st.integers(len(parts), 3))]
        data["modules"] = {}
        reach = {}
        for n, module in enumerate(modules):
            data["modules"][module], reach[module] = self.module(module, parts[min(n, len(parts) - 1)])
        data["parts"] = {}
        weights = [D(100)] if len(parts) == 1 else one_of(draw, (D(20), D(80)), (D("33.3"), D("66.7")), (D(50), D(50)))
        for part, weight in zip(parts, weights, strict=True):
            data["parts"][part] = self.part(part, weight, {m: r for m, r in reach.items() if self.of(m) == part})
        return data

    def of(self, module: str) -> str:
        return self.data["modules"][module]["part"]

    def rounding(self, often: int = 2) -> dict[str, Any]:
        if not chance(self.draw, often):
            return {}
        return {"round": {"places": self.draw(st.integers(0, 3)), "mode": one_of(self.draw, *MODES)}}

    def module(self, module: str, part: str) -> tuple[dict[str, Any], Fraction]:
        draw = self.draw
        sheets, tops = {}, {}
        for n in range(draw(st.integers(1, 2))):
            sheets[f"s{n + 1}"], tops[f"s{n + 1}"] = self.sheet(module, f"s{n + 1}")
        rule: dict[str, Any] = {"part": part, "name": name(module), "minutes": 10}
        reach = sum(tops.values(), Fraction(0))
        over = f"over_{module}" if not self.monotone and chance(draw, 3) else ""
        if over:
            sheets["clock"] = self.clock(module)
            rule["overtime"] = [self.overtime(over)]
        if chance(draw, 3):
            factor = one_of(draw, D(2), D("0.6"), D("1.5"))
            rule["points"] = " + ".join([f"{factor} * s1", *list(tops)[1:]]) + (f" - {over}" if over else "")
            reach += tops["s1"] * (Fraction(factor) - 1)
        rule |= self.rounding(4)
        if draw(st.booleans()):
            rule["floor"] = 0
        reach = _round(reach, rule)
        return {**rule, "out_of": _decimal(reach), "sheets": sheets}, reach

    def overtime(self, id: str) -> dict[str, Any]:
        draw = self.draw
        rule = {"id": id, "name": name(id), "time": "clock.elapsed", "limit": 60, "per": one_of(draw, 1, 10, 30)}
        rule["points"] = one_of(draw, D(1), D("0.5"), D(2))
        if draw(st.booleans()):
            rule["cap"] = one_of(draw, 2, 6)
        if draw(st.booleans()):
            rule["out"] = {"over": one_of(draw, 30, 60), "status": "dsq"}
        return rule

    def clock(self, module: str) -> dict[str, Any]:
        item = Item({"id": "elapsed", "name": name("elapsed"), "scale": "seconds", "score": False}, numeric=True)
        item.values, item.high = ["50", "60", "61", "70", "71", "90", "91", "120", "121"], D(7200)
        section = {"id": "time", "name": name("time"), "items": [item.rule]}
        self.made.append(Made(module, "clock", "desk", 1, [(section, [item])]))
        combine = {"method": "agreed", "least": 1, "absent": "refuse"}
        return {"panel": "desk", "name": name("clock"), "combine": combine, "sections": [section]}

    def sheet(self, module: str, sheet: str) -> tuple[dict[str, Any], Fraction]:
        draw = self.draw
        panel = one_of(draw, "one", "many")
        seats = self.data["panels"][panel]["seats"]
        sections = [self.section(f"{module}_{sheet}_x{n + 1}") for n in range(draw(st.integers(1, 2)))]
        made = Made(module, sheet, panel, seats, sections)
        if not made.scoring():
            sections[0][1].append(KINDS[0](draw, self.fresh()))
            sections[0][0]["items"].append(sections[0][1][-1].rule)
        if made.plain() and chance(draw, 3) and not self.monotone:
            section, items = next((s, i) for s, i in sections if "samples" not in s)
            items.append(derived(draw, self.fresh(), made.plain()))
            section["items"].append(items[-1].rule)
        combine = self.combine(seats)
        rule: dict[str, Any] = {"panel": panel, "name": name(sheet)}
        top = Fraction(0)
        for section, items in sections:
            worth = _worth(section, items)
            top += worth
            if draw(st.booleans()):
                section["max"] = _decimal(worth)
        if draw(st.booleans()):
            rule["max"] = _decimal(top)
        self.made.append(made)
        reach = self.reach(combine, made, top)
        return {**rule, "combine": combine, "sections": [section for section, _ in sections]}, reach

    def combine(self, seats: int) -> dict[str, Any]:
        draw = self.draw
        how: dict[str, Any] = {"method": "agreed" if seats == 1 and draw(st.booleans()) else one_of(draw, *METHODS)}
        how |= {"least": draw(st.integers(1, seats)), "absent": one_of(draw, "exclude", "refuse")}
        if how["method"] == "agreed" and draw(st.booleans()):
            how["times"] = 2
        if how["method"] == "best":
            how["k"] = draw(st.integers(1, how["least"]))
        if how["method"] == "trimmed":
            how |= {"low": draw(st.integers(0, 2)), "high": draw(st.integers(0, 2))}
            how["from"] = how["low"] + how["high"] + draw(st.integers(1, 3))
        if draw(st.booleans()):
            how["by"] = one_of(draw, "item", "sheet")
        return {**how, **self.rounding()}

    @staticmethod
    def reach(how: dict[str, Any], made: Made, top: Fraction) -> Fraction:
        """The most the combined sheet can be."""
        factor = {"sum": made.seats, "best": how.get("k", 1), "agreed": how.get("times", 1)}.get(how["method"], 1)
        if how.get("by") != "item":
            return _round(top * factor, how)
        return sum((_round(w * factor, how) for s, i in made.sections for w in _each(s, i)), Fraction(0))

    def section(self, id: str) -> tuple[dict[str, Any], list[Item]]:
        draw = self.draw
        if chance(draw, 5):
            return self.factors(id)
        items = [one_of(draw, *KINDS)(draw, self.fresh()) for _ in range(draw(st.integers(1, 3)))]
        if self.monotone:
            items = [item for item in items if _rises(item)] or [KINDS[0](draw, self.fresh())]
        keyed = [item for item in items if "key" in item.rule]
        if len(keyed) > 1 and draw(st.booleans()):
            keyed[1].rule["key"]["requires"] = keyed[0].id
        for item in items:
            if item.scale:
                self.data["scales"][f"of_{item.id}"] = item.scale
            if item.scores and "max" not in item.rule and draw(st.booleans()):
                item.rule["max"] = item.reach
        section: dict[str, Any] = {"id": id, "name": name(id)}
        if chance(draw, 4):
            section["samples"] = ["A", "B", "3"][: draw(st.integers(1, 3))]
        return {**section, "items": [item.rule for item in items]}, items

    def factors(self, id: str) -> tuple[dict[str, Any], list[Item]]:
        """Items weighted by a property of the entry: whatever the row, the section is worth 100."""
        self.data["scales"]["hundred"] = {"type": "steps", "from": 0, "to": 100, "step": 1}
        self.data["attributes"] = {"tint": {"name": name("tint"), "values": {"red": name("red"), "blue": name("blue")}}}
        a, b = self.fresh(), self.fresh()
        cut = self.draw(st.integers(0, 100))
        rows = {"red": {a: cut, b: 100 - cut}, "blue": {a: 30, b: 70}}
        self.data.setdefault("weights", {})[f"w_{id}"] = {"by": "tint", "adds_to": 100, "rows": rows}
        rules = [{"id": i, "name": name(i), "scale": "hundred", "weight": f"w_{id}"} for i in (a, b)]
        items = [Item(rule, D(50), ["100", "0", "91", "88", "93"], None, True, D(0), D(100)) for rule in rules]
        return {"id": id, "name": name(id), "items": rules}, items

    def fresh(self) -> str:
        self.serial += 1
        return f"i{self.serial}"

    def part(self, part: str, weight: Decimal, reach: dict[str, Fraction]) -> dict[str, Any]:
        draw = self.draw
        rule: dict[str, Any] = {"name": name(part), "weight": weight}
        top = sum(reach.values(), Fraction(0))
        if chance(draw, 4):
            rule["points"] = " + ".join(f"0.4 * {module}" for module in reach)
            top = top * 2 / 5
        if draw(st.booleans()):
            rule["floor"] = 0
        if top > 0 and draw(st.booleans()):
            rule["rescale"] = {"from": _decimal(top), "to": 100}
            top = Fraction(100)
        rule |= self.rounding()
        return {**rule, "out_of": _decimal(_round(top, rule))}


def _round(value: Fraction, rule: dict[str, Any]) -> Fraction:
    result = rounded(value, rule.get("round"))
    assert result is not None
    return result


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _each(section: dict[str, Any], items: list[Item]) -> list[Fraction]:
    return [Fraction(item.reach) for item in items for _ in section.get("samples", [""])]


def _worth(section: dict[str, Any], items: list[Item]) -> Fraction:
    return sum(_each(section, items), Fraction(0))


def _rises(item: Item) -> bool:
    """A higher value is worth more: no bands, no tolerance, no key, no deduction."""
    rule = item.rule
    return item.numeric and not {"bands", "tolerance", "formula"} & set(rule) and rule.get("weight", 1) > 0
