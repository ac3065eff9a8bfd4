"""Reading [panels.…] and what a sheet says of its seats: how they are combined, how far apart they may be."""

from fractions import Fraction
from typing import Any

from competition.rules.draft import Combine, Draft
from competition.rules.model import Panel, Spread
from competition.rules.panels import Gaps, Method
from competition.rules.read_tables import read_bands, read_round
from competition.rules.table import Table

KINDS = ("judge", "technical", "head", "timekeeper", "clerk", "import")
MOST_SEATS = 99
METHODS = ("sum", "mean", "trimmed", "median", "agreed", "best", "min", "max", "middle", "closest")
ABSENT = ("exclude", "refuse", "mean")
THEN = ("report", "hold", "third")


def read_panels(top: Table, draft: Draft) -> None:
    """Every panel with its seats."""
    for name, table in top.named("panels", needed=True):
        draft.panels[name] = Panel(
            name, table.text("name"), table.whole("seats", low=1, high=MOST_SEATS), table.string("kind", KINDS)
        )
        table.done()


def read_combine(table: Table, panel: Panel) -> Combine:
    """How the seats make one value. On a panel of several seats a rule that leaves it unsaid is refused."""
    if not table.has("combine") and panel.seats == 1:
        # One seat needs no method: its sheet is the value, and while it is absent there is none.
        return Combine(Method("sum"), 1, "refuse", "sheet", Fraction(1), None)
    how = table.table("combine", needed=True)
    methods = _by_standing(how) if how.has("by_standing") else ()
    if methods and how.has("method"):
        zh = "method 和 by_standing 只写一个，请删去其一。"
        how.fault("method", zh, "Write either method or by_standing; delete one.")
    method = methods[0][1] if methods else _method(how, how.kind("method", METHODS), panel)
    made = Combine(
        method, how.whole("least", low=1), how.string("absent", ABSENT),
        how.string("by", ("sheet", "item"), default="sheet"), how.number("times", 1), read_round(how), methods,
    )  # fmt: skip
    how.done()
    return made


def _method(table: Table, name: str, panel: Panel | None) -> Method:
    trimmed = name == "trimmed"
    start = table.whole("from", None if panel else 0, 0) if trimmed else 0
    low, high = (table.whole("low", 1, 0), table.whole("high", 1, 0)) if trimmed else (0, 0)
    k = table.whole("k", None, 1) if name in ("best", "middle", "closest") else 0
    tie = table.string("tie", ("lower", "higher")) if name == "closest" else ""
    if trimmed and table.has("from") and start <= low + high:
        zh = f"去掉高低分后无分可留，from 请写 {low + high + 1} 以上。"
        en = f"Nothing is left after dropping high and low; write from = {low + high + 1} or more."
        table.fault("from", zh, en)
    return Method(
        "sum" if name == "agreed" else name, low, high, start, k, tie, _gaps(table) if name == "middle" else ()
    )


def _by_standing(how: Table) -> tuple[tuple[int, Method], ...]:
    rows = []
    for row in how.rows("by_standing", needed=True):
        method = _method(row, row.kind("method", tuple(m for m in METHODS if m != "agreed")), None)
        rows.append((row.whole("from", None, 1), method))
        row.done()
    starts = [start for start, _ in rows]
    if len(set(starts)) != len(starts):
        zh, en = "同一个 from 写了两次，请删去一行。", "The same from is written twice; delete one row."
        how.fault("by_standing", zh, en)
    return tuple(sorted(rows, key=lambda row: -row[0]))


def _gaps(table: Table) -> Gaps:
    if not table.has("gaps"):
        return ()
    rows, below = read_bands(table, "gaps", ("upto", "below"), "gap")
    return tuple((edge, not below, gap) for edge, gap in rows)


def read_spread(table: Table) -> Spread | None:
    """How far apart the seats may be, and what happens when they are further."""
    if not table.has("spread"):
        return None
    inner = table.table("spread")
    value: Any = inner.get("limit", needed=True)
    by = inner.string("by", ("sheet", "item"), default="sheet")
    then = inner.string("then", THEN, default="report")
    if isinstance(value, str) and value.endswith("%") and value[:-1].isdecimal():
        limit = (table.optional("max") or Fraction(0)) * int(value[:-1]) / 100
        if not table.has("max"):
            zh, en = "百分比要按评分表的 max 算，请写 max。", "A percentage is of the sheet's max; write max."
            inner.fault("limit", zh, en)
    else:
        limit = inner.number("limit", low=0)
    if then == "third" and by != "sheet":
        zh, en = (
            'then = third 是按评分表比较的，请写 by = "sheet"。',
            'then = "third" compares by sheet; write by = "sheet".',
        )
        inner.fault("by", zh, en)
        then = "report"
    inner.done()
    return Spread(limit, by, then)
