"""Answers and orders against the sealed key: what is written becomes a number before the arithmetic starts.

Without a key there is no number, so an entry stays unscored until the key is opened.
"""

from fractions import Fraction
from itertools import combinations

import polars as pl

from competition.rules.model import Item, KeyRule, Rules
from competition.rules.scales import UNANSWERED, answer_key

NUMBERS = {"entry": pl.String, "cell": pl.String, "number": pl.Int64}
"""Schema of what answers become: entry, cell (module.sheet.seat.item), number over the cell's denominator."""


def matched(rules: Rules, cells: pl.DataFrame, sealed: pl.DataFrame) -> pl.DataFrame:
    """A frame as NUMBERS for every answer in `cells` (MARKS with their cell); `sealed` are the rows of the key."""
    answers = {
        f"{sheet.module}.{sheet.id}.{seat.rpartition('.')[2]}.{item.id}": (sheet, item)
        for sheet, seat, item in rules.cells()
        if item.answered
    }
    empty = pl.DataFrame(schema=NUMBERS)
    if not answers:
        return empty
    keys = {
        (module, sheet, item): value
        for module, sheet, item, value in sealed.select("module", "sheet", "item", "value").iter_rows()
    }
    rows = []
    for entry, cell, value in cells.select("entry", "cell", "value").iter_rows():
        if cell in answers and value is not None:
            sheet, item = answers[cell]
            key = keys.get((sheet.module, sheet.id, item.id))
            rows.append((entry, cell, None if key is None else worth(item, value, key)))
    return pl.DataFrame(rows, schema=NUMBERS, orient="row") if rows else empty


def worth(item: Item, given: str, key: str) -> int:
    """An answer's number over the item's denominator: 1, 0 or -1; the count in place; or points of a multiple choice."""
    if item.order is not None:
        return _in_order(item, given.split(" "), key.split(" "))
    assert item.key is not None
    if item.key.several:
        points = _several(item.key, given, key) * item.den
        assert points.denominator == 1
        return points.numerator
    # A key may list accepted spellings: "西湖龙井|龙井".
    folded = answer_key(given)
    right = folded != "" and folded in {answer_key(spelling) for spelling in key.split("|")}
    if right or given == UNANSWERED or item.key.wrong is None:
        return int(right)
    return -1


def _in_order(item: Item, given: list[str], key: list[str]) -> int:
    if not item.by_pairs:
        return sum(a == b for a, b in zip(given, key, strict=False))
    at = {option: place for place, option in enumerate(given)}
    return sum(first in at and then in at and at[first] < at[then] for first, then in combinations(key, 2))


def _several(rule: KeyRule, given: str, key: str) -> Fraction:
    """Multiple choice by the policy the rule names (score-sheets.md section 11, a to d)."""
    if given == UNANSWERED:
        return Fraction(0)
    chosen, right = set(given.split(" ")), set(key.split(" "))
    if chosen - right:
        return rule.wrong or Fraction(0)
    if chosen == right:
        return rule.points
    if rule.several == "each":
        return rule.each * len(chosen)
    if rule.several == "share":
        return rule.points * len(chosen) / len(right)
    return rule.points / 2 if rule.several == "half" else Fraction(0)
