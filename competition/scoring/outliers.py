"""Which seats are far from the median of the others (rules.md 19.5): advice for the chief, never a change of a result."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from competition.rules.model import Item, Sheet

ADVISED = ("steps", "cards", "points")
"""Types of scales on which judges can differ without a rule that says how far; a count or a time is looked up, not judged."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Seats that differ by more than `limit`: `gap` from highest to lowest; `far`, the seats to look at, in their order."""

    gap: Fraction
    limit: Fraction
    far: tuple[str, ...]


def sheet_limit(form: Sheet) -> Fraction | None:
    """How far the totals of a sheet may be apart, where the rules say it of whole sheets."""
    return form.spread.limit if form.spread is not None and form.spread.by == "sheet" else None


def item_limit(form: Sheet, item: Item) -> Fraction | None:
    """How far the seats may be apart on one item: the rules' own word, else advice on scales that are judged.

    Advised (tablets-and-screens.md 6.5): more than 1 step of 3, 1.5 of 6, 15 % of a long scale. None for what is not compared.
    """
    scale = item.scale
    if scale is None or not scale.numeric or form.panel.seats < 2:
        return None
    if form.spread is not None and form.spread.by == "item":
        return form.spread.limit if item.scores else None
    if scale.type not in ADVISED:
        return None
    width = scale.high - scale.low
    return max(scale.step, width / 4 if width <= 10 and scale.type != "points" else width * 15 / 100)


def apart(values: Mapping[str, Fraction], limit: Fraction) -> Apart | None:
    """Whether these seats are too far apart. `far` are those beyond the limit from the median of the OTHERS; where none is
    (the two ends share the distance), the highest and the lowest."""
    if len(values) < 2:
        return None
    low, high = min(values.values()), max(values.values())
    if high - low <= limit:
        return None
    far = tuple(seat for seat, value in values.items() if abs(value - _others(values, seat)) > limit)
    return Apart(high - low, limit, far or tuple(seat for seat, value in values.items() if value in (low, high)))


def _others(values: Mapping[str, Fraction], seat: str) -> Fraction:
    return median(value for other, value in values.items() if other != seat)
