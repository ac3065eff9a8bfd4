"""What one seat's marks on one sheet are worth, item by item, before any veto and before seats are put together."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from . import answers
from .bands import band_points
from .rounding import rounded
from .working import Row, Value, World, evaluate

Cells = Mapping[tuple[str, str, str, str], str]  # (module, sheet, seat, item) -> text
Item = Mapping[str, Any]
NUMBERS = ("steps", "yesno", "points", "cards", "count", "measure", "time")


@dataclass(frozen=True)
class Around:
    """What a seat's items may ask of the world around them."""

    rules: Mapping[str, Any]
    marks: Cells  # this entry's
    keys: Cells  # the sealed key's, under seat "key"
    attribute: Callable[[str], str | None]
    world: World


class Marking:
    def __init__(self, around: Around, module: str, sheet: str) -> None:
        self.around, self.module, self.sheet = around, module, sheet
        self.items: dict[str, tuple[Mapping[str, Any], Item]] = {}  # item id -> section, item
        for section in around.rules["modules"][module]["sheets"][sheet]["sections"]:
            for item in section["items"]:
                self.items[item["id"]] = (section, item)

    def cells(self, what: str) -> list[tuple[str, str]]:
        """(item, sample) of the whole sheet (""), one section, one item, or one item@sample."""
        name, _, only = what.partition("@")
        return [
            (item, sample)
            for item, (section, _) in self.items.items()
            if name in ("", item, section["id"])
            for sample in section.get("samples", [""])
            if only in ("", sample)
        ]

    def asked(self, what: str) -> str:
        """What a formula means by the name: an item that scores nothing has only its value to give."""
        known = self.items.get(what.partition("@")[0])
        return what if known is None or known[1].get("score", True) or what.endswith(".value") else f"{what}.value"

    def is_item(self, what: str) -> bool:
        """An item, item@sample, or the value of one; not a section or the whole sheet."""
        return what.removesuffix(".value").partition("@")[0] in self.items

    def recorded(self) -> Iterator[tuple[str, str]]:
        """The cells whose recorded values are numbers that can lie apart. silent: what scores nothing is not compared."""
        for item, sample in self.cells(""):
            rule = self.items[item][1]
            if self._type(rule) in NUMBERS and self._factor(rule) != 0 and rule.get("score", True):
                yield item, sample

    def scores(self, item: str) -> bool:
        """Notes and measurements that others use are worth nothing themselves."""
        rule = self.items[item][1]
        return self._type(rule) != "note" and rule.get("score", True) is not False

    def earned(self, seat: str, item: str, sample: str) -> Fraction | None:
        """Points: worth of the mark, then floor and cap, then rounding. Untouched is missing, unless `blank` says more."""
        if not self.scores(item):
            return Fraction(0)
        rule = self.items[item][1]
        return rounded(limited(self._worth(seat, item, sample), rule), rule.get("round"))

    def number(self, seat: str, item: str, sample: str) -> Fraction | None:
        """The measured value: the mark, what a blank counts, or the formula over the same seat's values."""
        rule = self.items[item][1]
        if "formula" in rule:
            world = replace(self.around.world, names=lambda name: self._beside(seat, name, sample))
            value = evaluate(rule["formula"], world)
            return Fraction(value) if isinstance(value, bool) else value
        text = self._text(seat, item, sample)
        if "order" in rule:
            count = answers.order_count(rule["order"], text, self._key(item, sample))
            return None if count is None else Fraction(count)
        if "key" in rule and self._type(rule) == "choices":
            return answers.choices_points(rule["key"], text, self._key(item, sample))
        if "key" in rule:
            return answers.answer_value(rule["key"], text, self._right(seat, item, sample))
        if text is None:
            return Fraction(rule["blank"]) if "blank" in rule else None
        return Fraction(text)

    def _worth(self, seat: str, item: str, sample: str) -> Fraction | None:
        rule = self.items[item][1]
        factor = self._factor(rule)
        if factor == 0 and isinstance(rule.get("weight"), str):
            return Fraction(0)
        if "key" in rule and self._type(rule) != "choices":
            text, other = self._text(seat, item, sample), rule["key"].get("requires")
            other_right = True if other is None else self._right(seat, other, sample)
            return answers.answer_points(rule["key"], text, self._right(seat, item, sample), other_right)
        value = self.number(seat, item, sample)
        if value is None or factor is None:
            return None
        if "key" in rule:
            return value
        if "order" in rule:
            return answers.order_points(rule["order"], int(value))
        if "bands" in rule:
            return band_points(rule["bands"], value)
        if "tolerance" in rule:
            target = self._target(rule["tolerance"]["target"], item, sample)
            return None if target is None else band_points(rule["tolerance"]["bands"], abs(value - target))
        if "worth" in rule:
            return value * Fraction(rule["worth"]) / self._highest(rule)
        return value * factor

    def _factor(self, rule: Item) -> Fraction | None:
        """The weight; a named row's column for this entry, out of `adds_to` where it is said."""
        weight = rule.get("weight", 1)
        if not isinstance(weight, str):
            return Fraction(weight)
        table = self.around.rules["weights"][weight]
        value = self.around.attribute(table["by"])
        return None if value is None else Fraction(table["rows"][value][rule["id"]]) / Fraction(table.get("adds_to", 1))

    def _beside(self, seat: str, name: str, sample: str) -> Value:
        """Another item of the same sheet: of the same sample, or all its samples when asked from outside."""
        if name not in self.items:
            return self.around.world.names(name)
        samples = self.items[name][0].get("samples", [""])
        if sample in samples:
            return self.number(seat, name, sample)
        return Row(tuple(self.number(seat, name, other) for other in samples))

    def _text(self, seat: str, item: str, sample: str) -> str | None:
        return self.around.marks.get((self.module, self.sheet, seat, f"{item}@{sample}" if sample else item))

    def _key(self, item: str, sample: str) -> str | None:
        return self.around.keys.get((self.module, self.sheet, "key", f"{item}@{sample}" if sample else item))

    def _right(self, seat: str, item: str, sample: str) -> bool | None:
        """Whether the answer itself is right, whatever it requires."""
        return answers.is_right(self._text(seat, item, sample), self._key(item, sample))

    def _target(self, target: Any, item: str, sample: str) -> Fraction | None:
        if target != "key":
            return Fraction(target)
        key = self._key(item, sample)
        return None if key is None else Fraction(key)

    def _highest(self, rule: Item) -> Fraction:
        kind = self._type(rule)
        if kind in ("yesno", "points"):
            return Fraction(1 if kind == "yesno" else rule["max"])
        return Fraction(self.around.rules["scales"][rule["scale"]]["to"])

    def _type(self, rule: Item) -> str:
        """The scale's type; yesno, points and note are built in."""
        scale = rule.get("scale", "")
        return self.around.rules.get("scales", {}).get(scale, {}).get("type", scale)


def limited(value: Fraction | None, rule: Mapping[str, Any]) -> Fraction | None:
    """Within `floor` and `cap`, where the rule says them."""
    if value is not None and "floor" in rule:
        value = max(value, Fraction(rule["floor"]))
    if value is not None and "cap" in rule:
        value = min(value, Fraction(rule["cap"]))
    return value
