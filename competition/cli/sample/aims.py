"""Where measurements of a good contestant fall, read from the rule file: near a target, or in the better bands."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from competition.rules import Item, Rules, Sheet

Written = Mapping[str, Any]
"""An item as the rule file writes it."""


@lru_cache(maxsize=8)
def written_items(digest: str, canonical: bytes) -> Mapping[tuple[str, str, str], Written]:
    """The items of a stored edition, by module, sheet and item id."""
    data = json.loads(canonical, parse_float=Decimal, parse_int=Decimal)
    return {
        (module, sheet, item["id"]): item
        for module, sheets in data["modules"].items()
        for sheet, form in sheets.get("sheets", {}).items()
        for section in form.get("sections", [])
        for item in section["items"]
    }


def aim(rules: Rules, sheet: Sheet, item: Item, chance: Fraction, level: Fraction) -> Fraction | None:
    """A measurement for this item; None where the rule file gives no hint. `level` from 0 (poor) to 1 (good)."""
    written = written_items(rules.digest, rules.canonical).get((sheet.module, sheet.id, item.base), {})
    if "tolerance" in written:
        return _near_target(written["tolerance"], chance, level)
    if "bands" in written and item.scale is not None:
        return _in_band(list(_bands(written["bands"], item.scale.low)), chance, level)
    return None


def _near_target(tolerance: Written, chance: Fraction, level: Fraction) -> Fraction | None:
    """Good hands stay within the narrowest band or near it."""
    if not isinstance(tolerance["target"], Decimal):
        return None
    widest = max(Fraction(band["within"]) for band in tolerance["bands"] if "within" in band)
    return Fraction(tolerance["target"]) + (2 * chance - 1) * widest * (Fraction(5, 4) - level)


def _in_band(bands: list[tuple[Fraction, Fraction]], chance: Fraction, level: Fraction) -> Fraction:
    """The best band for most, the next one for some, for few the one after."""
    reach = Fraction(1, 2) + level / 3
    place = 0 if chance < reach else 1 if chance < (1 + reach) / 2 else 2
    low, high = bands[min(place, len(bands) - 1)]
    return high if low == 0 else (low + high) / 2


def _bands(rows: list[Written], low: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """(from, to) of each band, the one worth most first."""
    found: list[tuple[Decimal, Fraction, Fraction]] = []
    for row in rows:
        high = Fraction(row["upto"]) if "upto" in row else low + max(abs(low) / 4, Fraction(1))
        found.append((row["points"], low, high))
        low = high
    for _, start, end in sorted(found, key=lambda band: -band[0]):
        yield start, end
