"""Strategies for sheets: sections of items, panels, spreads, with their printed maxima worked out."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from . import answering, items, panels
from .drawing import D, Draw, Table, after_rounding, chance, decimal, name, one_of
from .items import Item

KINDS = (
    items.yesno, items.steps, items.cards, items.points, items.count, items.worthy, items.bands, items.tolerance,
    items.measured, items.placing, answering.answer, answering.choices, answering.order, items.note,
)  # fmt: skip
Section = tuple[Table, list[Item]]
TABLES: Table = {
    "waste": {"bands": [{"upto": 1, "points": 5}, {"upto": 3, "points": D("2.5")}, {"points": 0}]},
    "goe": {"values": {"-1": D("-0.5"), "0": 2, "1": 3, "2.5": 1}, "rest": 0},
}
HIGHEST = {"waste": 5, "goe": 3}


@dataclass
class Made:
    """A sheet that was made: what marks and formulas may ask for."""

    module: str
    sheet: str
    panel: str
    seats: int
    sections: list[Section]
    reserve: bool = False  # the last seat counts only where the others lie too far apart

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


class SheetMaker:
    """Makes sheets and puts the scales, tables and weights they need into `data`."""

    def __init__(self, draw: Draw, data: Table, monotone: bool) -> None:
        self.draw, self.data, self.monotone = draw, data, monotone
        self.made: list[Made] = []
        self.serial = 0

    def fresh(self) -> str:
        self.serial += 1
        return f"i{self.serial}"

    def sheet(self, module: str, sheet: str) -> tuple[Table, Fraction]:
        """The rule and the most the combined sheet can reach."""
        draw = self.draw
        panel = one_of(draw, "one", "many")
        seats = self.data["panels"][panel]["seats"]
        made = Made(module, sheet, panel, seats, [])
        self.sections(made)
        how = panels.combine(draw, seats)
        top = Fraction(0)
        for section, content in made.sections:
            worth = self.limits(section, _worth(section, content), how)
            top += worth
            if draw(st.booleans()):
                section["max"] = decimal(worth)
        rule: Table = {"panel": panel, "name": name(sheet)}
        if not self.monotone:
            rule |= panels.spread(draw, seats, how, decimal(top))
            rule |= self.only(8)
        made.reserve = rule.get("spread", {}).get("then") == "third"
        if draw(st.booleans()) or isinstance(rule.get("spread", {}).get("limit"), str):
            rule["max"] = decimal(top)
        self.made.append(made)
        return {**rule, "combine": how, "sections": [s for s, _ in made.sections]}, _reach(how, made, top)

    def only(self, often: int) -> Table:
        """For some of the entries only; "red" always among them, so that the printed maxima are reached."""
        values = one_of(self.draw, ["red"], ["red", "blue"])
        return {"only": {"tint": values}} if chance(self.draw, often) else {}

    def sections(self, made: Made) -> None:
        draw = self.draw
        for n in range(draw(st.integers(1, 2))):
            made.sections.append(self.section(f"{made.module}_{made.sheet}_x{n + 1}"))
        if not made.scoring():
            made.sections[0][1].append(items.yesno(draw, self.fresh()))
            made.sections[0][0]["items"].append(made.sections[0][1][-1].rule)
        if self.monotone:
            return
        if made.plain() and chance(draw, 3):
            self.add(made, items.derived(draw, self.fresh(), made.plain(), HIGHEST))
        sampled = [
            (item, samples) for item, samples in made.items() if samples != [""] and item.numeric and item.values
        ]
        if sampled and made.plain() and chance(draw, 2):
            item, samples = one_of(draw, *sampled)
            self.add(made, items.over_samples(draw, self.fresh(), item, len(samples)))

    @staticmethod
    def add(made: Made, item: Item) -> None:
        """Into the first section without samples."""
        section, content = next((s, i) for s, i in made.sections if "samples" not in s)
        content.append(item)
        section["items"].append(item.rule)

    def section(self, id: str) -> Section:
        draw = self.draw
        if chance(draw, 6):
            return self.factors(id)
        content = [one_of(draw, *KINDS)(draw, self.fresh()) for _ in range(draw(st.integers(1, 3)))]
        if self.monotone:
            content = [item for item in content if _rises(item)] or [items.yesno(draw, self.fresh())]
        keyed = [item for item in content if "key" in item.rule and "several" not in item.rule["key"]]
        if len(keyed) > 1 and draw(st.booleans()):
            keyed[1].rule["key"]["requires"] = keyed[0].id
        for item in content:
            if item.scale:
                self.data["scales"][f"of_{item.id}"] = item.scale
            items.limit(draw, item)
            if item.scores and "max" not in item.rule and draw(st.booleans()):
                item.rule["max"] = item.reach
        section: Table = {"id": id, "name": name(id)}
        if chance(draw, 4):
            section["samples"] = ["A", "B", "3"][: draw(st.integers(1, 3))]
        return {**section, "items": [item.rule for item in content]}, content

    def factors(self, id: str) -> Section:
        """Items weighted by a property of the entry: out of 100 in every row, or a mask of plain factors."""
        self.data["scales"]["hundred"] = {"type": "steps", "from": 0, "to": 100, "step": 1}
        a, b = self.fresh(), self.fresh()
        cut = one_of(self.draw, 0, 30, 50, 100)
        weights: Table = {"by": "tint", "adds_to": 100, "rows": {"red": {a: cut, b: 100 - cut}, "blue": {a: 30, b: 70}}}
        reach = D(50)
        if self.draw(st.booleans()):
            less = one_of(self.draw, 0, D("0.5"), 1)
            weights = {"by": "tint", "rows": {"red": {a: 1, b: 1}, "blue": {a: 1, b: less}}}
            reach = D(100)
        self.data.setdefault("weights", {})[f"w_{id}"] = weights
        rules = [{"id": i, "name": name(i), "scale": "hundred", "weight": f"w_{id}"} for i in (a, b)]
        content = [Item(rule, reach, ["100", "0", "91", "88", "93"], None, True, D(0), D(100)) for rule in rules]
        return {"id": id, "name": name(id), "items": rules}, content

    def limits(self, section: Table, worth: Fraction, how: Table) -> Fraction:
        """A floor or cap of the section's points, where seats are not combined item by item."""
        if how.get("by") == "item" or self.monotone or not chance(self.draw, 6):
            return worth
        if worth > 0 and self.draw(st.booleans()):
            section["cap"] = decimal(worth * one_of(self.draw, 1, Fraction(1, 2)))
        if "cap" not in section or self.draw(st.booleans()):
            section["floor"] = one_of(self.draw, 0, -1)
        return min(worth, Fraction(section.get("cap", worth)))


def _reach(how: Table, made: Made, top: Fraction) -> Fraction:
    """The most the combined sheet can be."""
    factor = panels.factor(how, made.seats)
    if how.get("by") != "item":
        return after_rounding(top * factor, how)
    return sum((after_rounding(w * factor, how) for s, i in made.sections for w in _each(s, i)), Fraction(0))


def _each(section: Table, content: list[Item]) -> list[Fraction]:
    return [Fraction(item.reach) for item in content for _ in section.get("samples", [""])]


def _worth(section: Table, content: list[Item]) -> Fraction:
    return sum(_each(section, content), Fraction(0))


def _rises(item: Item) -> bool:
    """A higher value is worth more: no bands, no tolerance, no key, no deduction."""
    rule = item.rule
    return item.numeric and not {"bands", "tolerance", "formula"} & set(rule) and rule.get("weight", 1) > 0
