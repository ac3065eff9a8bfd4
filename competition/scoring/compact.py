"""Marks as the store keeps them for scoring: one short text a sheet.

The text is a JSON list with a place for every item that is marked, in the form's order: a whole number (the mark over its
scale's denominator: 4.5 in steps of 0.5 is 9), a string (an answer, or a number that its scale does not have), or null
where nothing counts yet. Marks of items that the form does not have follow in one object at the end. A sheet without any
mark is []. Nothing is lost, so the text can be told again from the ledger and compared.
"""

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from competition.rules.model import Item, Sheet
from competition.rules.scales import decimal_text


def encode(form: Sheet, values: Mapping[str, str]) -> str:
    """One sheet's marks (item: canonical text) as one text."""
    if not values:
        return "[]"
    cells: list[object] = []
    known = set()
    for item in places(form):
        assert item.scale is not None
        known.add(item.id)
        value = values.get(item.id)
        cells.append(_numerator(value, item.scale.den) if value is not None and item.scale.numeric else value)
    if strange := {item: value for item, value in sorted(values.items()) if item not in known}:
        cells.append(strange)
    return json.dumps(cells, separators=(",", ":"), ensure_ascii=False)


def decode(form: Sheet | None, text: str) -> Iterator[tuple[str, str]]:
    """Item and canonical text of every mark in one text. A place that the form doesn't have is named by its number."""
    items = places(form) if form else []
    for n, cell in enumerate(json.loads(text)):
        if isinstance(cell, dict):
            yield from cell.items()
        elif cell is not None and n < len(items):
            scale = items[n].scale
            assert scale is not None
            yield items[n].id, decimal_text(Fraction(cell, scale.den)) if isinstance(cell, int) else cell
        elif cell is not None:
            yield f"#{n}", str(cell)


def places(form: Sheet) -> list[Item]:
    """The items that are marked, in the order of their places."""
    return [item for item in form.items if item.scale is not None]


@lru_cache(maxsize=65536)
def _numerator(text: str, den: int) -> int | str:
    try:
        value = Fraction(text) * den
    except (ValueError, ZeroDivisionError):
        return text
    # Only what reads back as the very same text may become a number.
    return value.numerator if value.denominator == 1 and decimal_text(value / den) == text else text
