"""One sheet of one entry: what each seat's marks are worth, and the seats put together."""

import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .formula import Value, evaluate, middle, top
from .rounding import rounded

Cells = Mapping[tuple[str, str, str, str], str]


class Sheet:
    """The marks of every seat on one sheet for one entry."""

    def __init__(
        self,
        rules: Mapping[str, Any],
        module: str,
        sheet: str,
        entry: Mapping[str, str],
        marks: Cells,
        keys: Cells,
        absent: set[str],
    ) -> None:
        self.rules, self.module, self.name, self.entry, self.marks, self.keys = rules, module, sheet, entry, marks, keys
        self.rule = rules["modules"][module]["sheets"][sheet]
        self.how = self.rule["combine"]
        panel = self.rule["panel"]
        self.seats = [f"{panel}.{n}" for n in range(1, int(rules["panels"][panel]["seats"]) + 1)]
        self.present = [seat for seat in self.seats if seat not in absent]
        refused = self.how["absent"] == "refuse" and len(self.present) < len(self.seats)
        self.stands = not refused and len(self.present) >= int(self.how["least"])
        self.items: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}  # item id -> section, item
        for section in self.rule["sections"]:
            for item in section["items"]:
                self.items[item["id"]] = (section, item)
        self.zeroed: set[str] = set()  # item ids, section ids, or "" for the whole sheet
        self.in_doubt: set[str] = set()

    def zero(self, what: str, in_doubt: bool) -> None:
        """A veto: item, section or ("") the whole sheet is zero on every seat."""
        (self.in_doubt if in_doubt else self.zeroed).add(what)

    def of_seat(self, seat: str) -> Fraction | None:
        """All that one seat gave; an absent seat has no values, whatever was recorded."""
        return _added([self._points(seat, i, s) for i, s in self._cells("")]) if seat in self.present else None

    def combined(self, what: str = "") -> Fraction | None:
        """The seats put together by the sheet's own method: the whole sheet, a section, an item, or item.value."""
        if not self.stands:
            return None
        if not what and "" in self.zeroed:
            return Fraction(0)
        if self.how.get("by", "sheet") == "item" and not what.endswith(".value"):
            parts = [[self._points(seat, i, s) for seat in self.present] for i, s in self._cells(what)]
        else:
            parts = [self._seat_values(what)]
        values = [self._put_together(part) for part in parts]
        return None if None in values else sum((v for v in values if v is not None), Fraction(0))

    def seats_of(self, what: str) -> list[Fraction | None] | None:
        """The points of every seat for a section or item, or the raw values of item.value.

        Of a panel that does not stand (refused, or fewer than `least`) nothing is known, vetoes or not.
        """
        return self._seat_values(what) if self.stands else None

    def _seat_values(self, what: str) -> list[Fraction | None]:
        if what.endswith(".value"):
            item = what.removesuffix(".value")
            return [self._number(seat, item, sample) for seat in self.present for _, sample in self._cells(item)]
        return [_added([self._points(seat, i, s) for i, s in self._cells(what)]) for seat in self.present]

    def _cells(self, what: str) -> list[tuple[str, str]]:
        """(item, sample) of the whole sheet, one section or one item."""
        return [
            (item, sample)
            for item, (section, _) in self.items.items()
            if what in ("", item, section["id"])
            for sample in section.get("samples", [""])
        ]

    def _put_together(self, values: list[Fraction | None]) -> Fraction | None:
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        return rounded(self._method(known), self.how.get("round"))

    def _method(self, values: list[Fraction]) -> Fraction:
        method = self.how["method"]
        if method == "sum":
            return sum(values, Fraction(0))
        if method == "median":
            return middle(values)
        if method == "agreed":
            (value,) = values
            return value * Fraction(self.how.get("times", 1))
        if method == "best":
            return top(values, int(self.how["k"]))  # silent: the k highest are added, not averaged
        if method in ("min", "max"):
            return min(values) if method == "min" else max(values)
        if method == "trimmed" and len(values) >= int(self.how["from"]):
            values = sorted(values)[int(self.how["low"]) : len(values) - int(self.how["high"])]
        return sum(values, Fraction(0)) / len(values)

    def _points(self, seat: str, item: str, sample: str) -> Fraction | None:
        """What one seat's mark for one item is worth. Untouched is missing, unless the rule says what a blank counts."""
        section, rule = self.items[item]
        if self.zeroed & {"", item, section["id"]}:
            return Fraction(0)
        if self.in_doubt & {"", item, section["id"]}:
            return None
        if self._type(rule) == "note" or rule.get("score", True) is False:
            return Fraction(0)
        if "key" in rule:
            right = self._right(seat, item, sample)
            return None if right is None else right * Fraction(rule["key"]["points"])
        if "order" in rule:
            return self._ordering(seat, item, sample)
        value = self._number(seat, item, sample)
        if value is None:
            return None
        if "bands" in rule:
            return _band(rule["bands"], "upto", value)
        if "tolerance" in rule:
            target = self._target(rule["tolerance"]["target"], item, sample)
            return None if target is None else _band(rule["tolerance"]["bands"], "within", abs(value - target))
        return value * self._weight(rule)

    def _number(self, seat: str, item: str, sample: str) -> Fraction | None:
        """The measured value: the mark, what a blank counts, or the formula over the same seat's values."""
        rule = self.items[item][1]
        if "formula" in rule:
            value = evaluate(rule["formula"], lambda name: self._beside(seat, name, sample))
            return Fraction(value) if isinstance(value, bool) else value
        text = self._text(seat, item, sample)
        if text is None:
            return Fraction(rule["blank"]) if "blank" in rule else None
        return Fraction(text)

    def _beside(self, seat: str, name: str, sample: str) -> Value:
        """Another item of the same sheet: of the same sample, or all its samples when asked from outside."""
        samples = self.items[name][0].get("samples", [""])
        if sample in samples:
            return self._number(seat, name, sample)
        return [self._number(seat, name, other) for other in samples]

    def _text(self, seat: str, item: str, sample: str) -> str | None:
        return self.marks.get((self.module, self.name, seat, f"{item}@{sample}" if sample else item))

    def _key(self, item: str, sample: str) -> str | None:
        return self.keys.get((self.module, self.name, "key", f"{item}@{sample}" if sample else item))

    def _right(self, seat: str, item: str, sample: str) -> bool | None:
        given, key = self._text(seat, item, sample), self._key(item, sample)
        if given is None or key is None:
            return None
        right = _plain(given) == _plain(key)
        other = self.items[item][1]["key"].get("requires")
        if other is None:
            return right
        other_right = self._right(seat, other, sample)
        return None if other_right is None else right and other_right

    def _ordering(self, seat: str, item: str, sample: str) -> Fraction | None:
        given, key = self._text(seat, item, sample), self._key(item, sample)
        if given is None or key is None:
            return None
        places = sum(a == b for a, b in zip(given.split(), key.split(), strict=True))
        return Fraction(self.items[item][1]["order"]["right"][str(places)])

    def _target(self, target: Any, item: str, sample: str) -> Fraction | None:
        if target != "key":
            return Fraction(target)
        key = self._key(item, sample)
        return None if key is None else Fraction(key)

    def _weight(self, rule: Mapping[str, Any]) -> Fraction:
        weight = rule.get("weight", 1)
        if not isinstance(weight, str):
            return Fraction(weight)
        table = self.rules["weights"][weight]
        return Fraction(table["rows"][self.entry[table["by"]]][rule["id"]]) / Fraction(table["adds_to"])

    def _type(self, rule: Mapping[str, Any]) -> str:
        """The scale's type; yesno, points and note are built in."""
        scale = rule.get("scale", "")
        return self.rules.get("scales", {}).get(scale, {}).get("type", scale)


def _band(bands: list[Mapping[str, Any]], edge: str, value: Fraction) -> Fraction:
    """The first row whose edge, inclusive, holds the value; the last row is the rest."""
    for row in bands:
        if edge not in row or value <= Fraction(row[edge]):
            return Fraction(row["points"])
    raise ValueError("the bands have no last row for the rest")


def _plain(text: str) -> str:
    """silent: which differences in writing do not matter. Here: width, case, and blanks around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _added(values: list[Fraction | None]) -> Fraction | None:
    return None if None in values else sum((v for v in values if v is not None), Fraction(0))
