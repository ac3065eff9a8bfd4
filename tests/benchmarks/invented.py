"""Invented marks for a form: legal, seeded, on the borders of bands and tolerances and on either side of them."""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any

from competition.rules import Rules
from competition.rules.model import Item, Sheet
from competition.rules.scales import UNANSWERED, decimal_text

CHOICES = 12
"""So many different values are drawn from for a measured item; a scale with fewer values gives them all."""


class Marker:
    """What judges would write under one rule file."""

    def __init__(self, rules: Rules, random: Random) -> None:
        self.random = random
        self.keys = {sheet.path: _key(sheet, random) for sheet in rules.sheets}
        written = _items(rules)
        limits = _limits(rules)
        self._values = {
            (sheet.path, item.id): self._choices(sheet, item, written.get((sheet.path, item.base), {}), limits)
            for sheet in rules.sheets
            for item in sheet.items
            if item.scale is not None
        }

    def sheet(self, sheet: Sheet, seen: dict[str, int]) -> dict[str, str]:
        """One seat's marks for one entry: every item that must be marked, and some of those that need not be.

        seen: what the first seat of the panel thought of each item; the others see nearly the same.
        """
        marks = {}
        for item in sheet.items:
            if (
                item.scale is None
                or item.scale.type == "note"
                or (item.blank is not None and self.random.random() < 0.5)
            ):
                continue
            values = self._values[sheet.path, item.id]
            at = seen.setdefault(item.id, self.random.randrange(len(values)))
            if sheet.panel.seats > 1:
                at = min(max(at + self.random.choice((-1, 0, 0, 0, 1)), 0), len(values) - 1)
            marks[item.id] = values[at]
        return marks

    def _choices(
        self, sheet: Sheet, item: Item, written: Mapping[str, Any], limits: Mapping[tuple[str, str], int]
    ) -> list[str]:
        assert item.scale is not None
        key = self.keys[sheet.path].get(item.id)
        scale = item.scale
        if not scale.numeric:
            assert key is not None or scale.type == "note"
            wrong = scale.options[:2] if scale.type == "choice" else [" ".join(reversed(scale.options))]
            return [key or ""] * 6 + (["认错了", UNANSWERED] if scale.type == "answer" else [*wrong])
        if scale.type == "time":
            limit = limits.get((sheet.path, item.id), int(scale.high) // 6)
            over = [limit + n for n in (1, 60, 61) if limit + n <= scale.high]
            return [str(limit * n // 20) for n in range(14, 21)] + [str(n) for n in over]
        if scale.type == "yesno" and item.blank is not None:
            return ["0"] * 60 + ["1"]
        if scale.type == "count":
            return [decimal_text(v) for v in scale.values[:4]] + [decimal_text(scale.values[0])] * 6
        if scale.type == "measure":
            return [decimal_text(v) for v in _near(item, written, None if key is None else Fraction(key))]
        return [decimal_text(v) for v in scale.values[len(scale.values) // 3 :]]


def _near(item: Item, written: Mapping[str, Any], key: Fraction | None) -> list[Fraction]:
    """Values of a measurement on every border and one step to either side of it."""
    assert item.scale is not None
    scale = item.scale
    borders = [scale.low, scale.high]
    if "bands" in written:
        borders = [Fraction(str(row["upto"])) for row in written["bands"] if "upto" in row]
    elif "tolerance" in written:
        target = written["tolerance"]["target"]
        middle = key if target == "key" else Fraction(str(target))
        assert middle is not None
        within = [Fraction(str(row["within"])) for row in written["tolerance"]["bands"] if "within" in row]
        borders = [middle, *(middle + w for w in within), *(middle - w for w in within)]
    near = {b + n * scale.step for b in borders for n in (-1, 0, 1)}
    return sorted(v for v in near if scale.low <= v <= scale.high and ((v - scale.low) / scale.step).denominator == 1)


def _key(sheet: Sheet, random: Random) -> dict[str, str]:
    """The sealed key of a sheet: names, an order, experts' numbers from the middle of the scale."""
    key = {}
    for n, item in enumerate(sheet.items):
        if item.scale is None:
            continue
        if item.expert:
            steps = int((item.scale.high - item.scale.low) / item.scale.step)
            key[item.id] = decimal_text(item.scale.low + random.randint(steps // 3, steps // 2) * item.scale.step)
        elif item.order is not None:
            key[item.id] = " ".join(random.sample(item.scale.options, len(item.scale.options)))
        elif item.key:
            key[item.id] = item.scale.options[-1] if item.scale.type == "choice" else f"示例 {n}"
    return key


def _items(rules: Rules) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Items as the rule file writes them, by sheet path and id."""
    return {(path, item["id"]): item for path, sheet in written_sheets(rules) for item in written_items(sheet)}


def written_sheets(rules: Rules) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The sheets of the merged rule file, with their paths."""
    for module, each in json.loads(rules.canonical)["modules"].items():
        for sheet, body in each["sheets"].items():
            yield f"{module}.{sheet}", body


def written_items(sheet: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The items of a written sheet."""
    for section in sheet["sections"]:
        yield from section["items"]


def _limits(rules: Rules) -> Mapping[tuple[str, str], int]:
    """Seconds allowed, by the sheet and item that hold the time."""
    limits = {}
    for module, each in json.loads(rules.canonical)["modules"].items():
        for over in each.get("overtime", ()):
            sheet, _, item = over["time"].partition(".")
            limits[f"{module}.{sheet}", item] = int(over["limit"])
    return limits
