"""What an invented judge would put down: near the entry's own level, a little off per seat, always a legal value."""

from collections.abc import Mapping
from fractions import Fraction

from competition.cli.sample.aims import aim
from competition.cli.sample.chance import drawn, one_of
from competition.rules import Item, Module, Rules, Sheet
from competition.rules.scales import decimal_text

LONG = Fraction(120)  # times on a scale longer than this are of a whole module, shorter ones of one extraction
LIMITS = {"time_1": 1800, "time_2": 900, "time_3": 1200}  # the tea taster's three questions are timed one by one
# Unit -> where a measurement falls that the rule file gives no hint for.
USUAL = {"s": ("22", "27"), "ml": ("485", "515")}


def marks_of(rules: Rules, sheet: Sheet, entry: str, seat: str, key: Mapping[str, str]) -> dict[str, str]:
    """One seat's marks for one entry: item -> canonical value. Items that may stay blank do."""
    module = next(module for module in rules.modules if module.id == sheet.module)
    filled: dict[str, str] = {}
    for item in sheet.items:
        if item.required and item.scale is not None:
            measured = item.scale.type in ("measure", "count")
            aimed = aim(rules, sheet, item, drawn(entry, seat, item.id), level(entry)) if measured else None
            value = _value(item, module, entry, seat, key.get(item.id)) if aimed is None else _on_scale(aimed, item)
            filled[item.id] = item.parse(value)
    return filled


def theory(item: Item, entry: str) -> str:
    """A paper mark from 55 to 98, in steps of the scale."""
    return item.parse(_near(item, Fraction(55, 100) + Fraction(43, 100) * level(entry)))


def level(entry: str) -> Fraction:
    """How good an entry is, 0 to 1; judges and papers circle round it. Two draws make the middle likelier."""
    return (drawn("level", entry) + drawn("level again", entry)) / 2


def _value(item: Item, module: Module, entry: str, seat: str, right: str | None) -> str:
    assert item.scale is not None
    scale, chance = item.scale, drawn(entry, seat, item.id)
    if scale.type == "yesno":
        return "1" if chance < Fraction(7, 10) + level(entry) * Fraction(3, 10) else "0"
    if scale.type == "count":
        return "1" if chance < Fraction(1, 12) else "0"
    if scale.type == "time" and scale.high > LONG:
        # Most finish in time, a few pay for overtime, nobody is so late as to be disqualified.
        limit = LIMITS.get(item.id) or (module.minutes or 20) * 60
        return str(int(limit * (Fraction(87, 100) + chance * Fraction(14, 100))))
    if scale.type in ("measure", "time"):
        low, high = (Fraction(text) for text in USUAL.get(scale.unit, ("0", "3")))
        return _on_scale(low + (high - low) * chance, item)
    if scale.numeric:
        off = (chance - Fraction(1, 2)) * Fraction(16, 100)
        return _near(item, Fraction(50, 100) + level(entry) * Fraction(42, 100) + off)
    return _answer(item, right, knows=chance < Fraction(45, 100) + level(entry) / 2, names=(entry, item.id))


def _near(item: Item, share: Fraction) -> str:
    """The legal value nearest to a share of the way from the scale's low end to its high end."""
    assert item.scale is not None
    wanted = item.scale.low + (item.scale.high - item.scale.low) * share
    return decimal_text(min(item.scale.values, key=lambda value: abs(value - wanted)))


def _answer(item: Item, right: str | None, *, knows: bool, names: tuple[str, ...]) -> str:
    """What a contestant wrote: the right answer or something else that is legal."""
    assert item.scale is not None
    if right is not None and knows:
        return right
    if item.scale.type == "order":
        return " ".join(sorted(item.scale.options, key=lambda option: drawn(option, *names)))
    if item.scale.type == "choice":
        return one_of(item.scale.options, *names)
    return one_of(("碧螺春", "信阳毛尖", "祁门红茶", "铁观音", "2", "3"), *names)


def _on_scale(value: Fraction, item: Item) -> str:
    """The legal value at or just below."""
    assert item.scale is not None
    inside = min(max(value, item.scale.low), item.scale.high)
    return decimal_text(inside // item.scale.step * item.scale.step)
