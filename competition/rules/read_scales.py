"""Reading [scales.…]: the legal values of items, with their legends."""

from fractions import Fraction

from competition.rules.model import Text
from competition.rules.scales import TYPES, Scale
from competition.rules.table import Table

BUILT_IN = {
    "yesno": Scale("yesno", "yesno", words={"1": ("是", "Yes"), "0": ("否", "No")}),
    "points": Scale("points", "points"),
    "note": Scale("note", "note", length=500),
}
"""Scales every file has: yes/no, free points up to the item's maximum, and a note that never scores."""


def read_scales(top: Table) -> dict[str, Scale]:
    """The file's scales by id, the built-in ones among them."""
    return BUILT_IN | {name: _scale(name, table) for name, table in top.named("scales")}


def _scale(name: str, table: Table) -> Scale:
    kind = table.string("type", TYPES)
    words = {key: (t.zh, t.en) for key, t in _words(table, "legend")}
    scale = {
        "yesno": lambda: Scale(name, kind, words=words or BUILT_IN["yesno"].words),
        "steps": lambda: _stepped(name, kind, table, words, 6, 1),
        "cards": lambda: _stepped(name, kind, table, words, 3, 1),
        "points": lambda: _stepped(name, kind, table, words, 100, 1),
        "count": lambda: _stepped(name, kind, table, words, 99, 1),
        "measure": lambda: _measured(name, kind, table, table.string("unit")),
        "time": lambda: _measured(name, kind, table, "s"),
        "answer": lambda: Scale(name, kind, length=table.whole("length", 60, 1)),
        "note": lambda: Scale(name, kind, length=table.whole("length", 500, 1)),
        "choice": lambda: _optional(name, kind, table),
        "choices": lambda: _optional(name, kind, table),
        "order": lambda: _optional(name, kind, table),
    }[kind]()
    table.done()
    _check_legend(table, scale)
    return scale


def _words(table: Table, key: str) -> list[tuple[str, Text]]:
    group = table.table(key)
    return [(value, group.text(value)) for value in list(group.data)]


def _stepped(name: str, kind: str, table: Table, words: dict[str, tuple[str, str]], most: int, step: int) -> Scale:
    low, high = table.number("from", 0), table.number("to", most)
    by = table.number("step", step)
    if by <= 0 or ((high - low) / by if by else Fraction(1, 2)).denominator != 1 or high <= low:
        table.fault("step", "从 from 到 to 走不成整档。", "from to to isn't a whole number of steps.")
        by = Fraction(1)
    without = tuple(Fraction(v) for v in table.get("except") or [])
    return Scale(name, kind, low, high, by, without, words=words)


def _measured(name: str, kind: str, table: Table, unit: str) -> Scale:
    decimals = table.whole("decimals", 1 if kind == "time" else 0, 0)
    low, high = table.number("from", 0), table.number("to")
    return Scale(name, kind, low, high, Fraction(1, 10**decimals), unit=unit)


def _optional(name: str, kind: str, table: Table) -> Scale:
    if isinstance(table.get("options", needed=True), dict):
        words = {key: (t.zh, t.en) for key, t in _words(table, "options")}
        return Scale(name, kind, words=words, options=tuple(words))
    options = tuple(str(option) for option in table.get("options") or [])
    if len(options) < 2 or len(set(options)) != len(options):
        table.fault("options", "至少两个不同的选项。", "At least two different options.")
    return Scale(name, kind, options=options)


def _check_legend(table: Table, scale: Scale) -> None:
    legal = {str(v) for v in scale.values} | set(scale.options)
    for value in scale.words:
        if scale.values and str(Fraction(value) if _is_number(value) else value) not in legal:
            table.fault("legend", f"{value} 不是这个量表的值。", f"{value} is not a value of this scale.")


def _is_number(text: str) -> bool:
    try:
        Fraction(text)
    except ValueError:
        return False
    return True
