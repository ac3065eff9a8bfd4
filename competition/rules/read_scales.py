"""Reading [scales.…]: the legal values of items, with their legends."""

from dataclasses import replace
from fractions import Fraction

from competition.rules.model import Text
from competition.rules.nearest import instead
from competition.rules.scales import TYPES, UNANSWERED, Scale, decimal_text
from competition.rules.table import Table

BUILT_IN = {
    "yesno": Scale("yesno", "yesno", words={"1": ("是", "Yes"), "0": ("否", "No")}),
    "points": Scale("points", "points"),
    "note": Scale("note", "note", length=500),
}
"""Scales every file has: yes/no, free points up to the item's maximum, and a note that never scores."""

MOST_DECIMALS = 6
"""Recorded numbers are carried as whole millionths at most (scoring/frames.py)."""

MOST_VALUES = 100_000
"""Values of a scale that are listed one by one; a scale of more is a slip of the pen."""


def read_scales(top: Table) -> dict[str, Scale]:
    """The file's scales by id, the built-in ones among them."""
    return BUILT_IN | {name: _scale(name, table) for name, table in top.named("scales")}


def _scale(name: str, table: Table) -> Scale:
    kind = table.kind("type", TYPES)
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
    if high <= low:
        low, high, by = _falling(table)
    elif by > 0 and (high - low) / by > MOST_VALUES:
        zh = f"这个量表的值超过 {MOST_VALUES} 个，请改 step 或 to；量出来的数请用 measure。"
        en = f"This scale has more than {MOST_VALUES} values; change step or to, or use measure for what is measured."
        table.fault("to", zh, en)
        low, high, by = Fraction(0), Fraction(1), Fraction(1)
    elif by <= 0 or ((high - low) / by).denominator != 1 or 10**MOST_DECIMALS % by.denominator:
        zh, en = (
            "从 from 到 to 走不成整档，请改 step、from 或 to。",
            "from to to isn't a whole number of steps; change one.",
        )
        table.fault("step" if table.has("step") else "to", zh, en)
        low, high, by = Fraction(0), Fraction(1), Fraction(1)
    scale = Scale(name, kind, low, high, by, words=words)
    without = table.numbers("except")
    for value in without:
        if value not in scale.values:
            said = decimal_text(value)
            zh, en = f"{said} 本来就不在这个量表里，请删去。", f"{said} isn't on this scale anyway; delete it."
            table.fault("except", zh, en)
    return replace(scale, without=without)


def _falling(table: Table) -> tuple[Fraction, Fraction, Fraction]:
    table.fault("to", "to 要大于 from，请改。", "to must be above from; change one of them.")
    return Fraction(0), Fraction(1), Fraction(1)


def _measured(name: str, kind: str, table: Table, unit: str) -> Scale:
    decimals = max(0, table.whole("decimals", 1 if kind == "time" else 0, 0))
    low, high = table.number("from", 0), table.number("to")
    if high <= low and table.has("to"):
        low, high, _ = _falling(table)
    if decimals > MOST_DECIMALS:
        zh, en = f"最多 {MOST_DECIMALS} 位小数，请改。", f"At most {MOST_DECIMALS} decimals; change it."
        table.fault("decimals", zh, en)
    return Scale(name, kind, low, high, Fraction(1, 10 ** min(decimals, MOST_DECIMALS)), unit=unit)


def _optional(name: str, kind: str, table: Table) -> Scale:
    words: dict[str, tuple[str, str]] = {}
    if isinstance(table.get("options", needed=True), dict):
        words = {key: (t.zh, t.en) for key, t in _words(table, "options")}
    options = tuple(words) or table.strings("options")
    if (len(options) < 2 or len(set(options)) != len(options)) and table.has("options"):
        table.fault("options", "请写至少两个不同的选项。", "Write at least two different options.")
    for option in options:
        if option == UNANSWERED or (kind != "choice" and option.split() != [option]):
            zh = f"选项“{option}”不能有空格，也不能是 {UNANSWERED}，请改。"
            table.fault("options", zh, f'The option "{option}" may have no spaces and not be {UNANSWERED}; change it.')
    return Scale(name, kind, words=words, options=options)


def _check_legend(table: Table, scale: Scale) -> None:
    legal = [decimal_text(value) for value in scale.values]
    if table.has("legend") and not legal:
        zh, en = f"{scale.type} 量表没有 legend，请删去。", f"A scale of type {scale.type} has no legend; delete it."
        table.fault("legend", zh, en)
        return
    for value in table.table("legend").data:
        if value not in legal:
            do_zh, do_en = instead(value, legal)
            zh, en = f"{value} 不是这个量表的值。{do_zh}", f"{value} is not a value of this scale. {do_en}"
            table.table("legend").fault(value, zh, en)
