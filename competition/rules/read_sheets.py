"""Reading [panels.…] and [modules.…]: sheets, sections, items, how seats are combined, overtime."""

import itertools
from fractions import Fraction
from typing import Any

from competition.rules.draft import Combine, Draft, Overtime, Worth, Written
from competition.rules.model import Item, KeyRule, Panel, Section, Sheet, Spread, Text
from competition.rules.read_tables import read_round, read_scored, written
from competition.rules.scales import Scale
from competition.rules.table import Faults, Table

KINDS = ("judge", "technical", "head", "timekeeper", "clerk", "import")
METHODS = ("sum", "mean", "trimmed", "median", "agreed", "best", "min", "max")
Scales = dict[str, Scale]


def read_modules(top: Table, draft: Draft, scales: Scales) -> None:
    """Panels first, then every module with its sheets."""
    for name, table in top.named("panels", needed=True):
        draft.panels[name] = Panel(name, table.text("name"), table.whole("seats", low=1), table.string("kind", KINDS))
        table.done()
    for name, table in top.named("modules", needed=True):
        part = table.string("part")
        if part not in draft.parts:
            table.fault("part", f"没有部分 {part}。", f"There is no part {part}.")
        minutes = table.whole("minutes", low=1) if table.has("minutes") else None
        draft.modules[name] = (read_scored(table, name), part, minutes)
        draft.overtimes[name] = [_overtime(row) for row in table.rows("overtime")]
        for sheet, inner in table.named("sheets", needed=True):
            _sheet(name, sheet, inner, draft, scales)
        table.done()


def _overtime(row: Table) -> Overtime:
    out = row.table("out")
    over = out.number("over") if row.has("out") else None
    status = out.string("status", ("dsq", "void")) if row.has("out") else ""
    time = written(row, "time") or Written("0", row.path)
    row.get("time", needed=True)
    made = Overtime(
        row.ident(), row.text("name"), time, row.number("limit", low=0), row.number("per"), row.number("points"),
        row.optional("cap"), over, status,
    )  # fmt: skip
    if made.per <= 0:
        row.fault("per", "per 要大于 0。", "per must be above 0.")
    out.done()
    row.done()
    return made


def _sheet(module: str, name: str, table: Table, draft: Draft, scales: Scales) -> None:
    path = f"{module}.{name}"
    panel_id = table.string("panel")
    panel = draft.panels.get(panel_id)
    if panel is None:
        table.fault("panel", f"没有裁判组 {panel_id}。", f"There is no panel {panel_id}.")
        panel = Panel(panel_id, Text(panel_id, panel_id), 1, "judge")
    sections = tuple(_section(path, row, draft, scales) for row in table.rows("sections", needed=True))
    draft.combines[path] = _combine(table, panel)
    draft.sheet_paths[path] = table.path
    draft.sheets[path] = Sheet(
        name, module, table.text("name"), panel, table.optional("max"), sections, {}, _spread(table)
    )  # fmt: skip
    ids = [item.id for section in sections for item in section.items]
    for twice in {i for i in ids if ids.count(i) > 1}:
        table.fault("sections", f"评分项 {twice} 出现了两次。", f"Item {twice} appears twice.")
    _requirements(path, draft, table.faults)
    table.done()


def _requirements(path: str, draft: Draft, faults: Faults) -> None:
    """An answer that counts only with another needs that other in the same sheet and sample."""
    items = draft.sheets[path].items
    for item in items:
        needs = item.key.requires if item.key else None
        if needs and not any(i.base == needs and i.sample == item.sample and i.key for i in items):
            where = draft.item_paths[path, item.id]
            faults.add((*where, "key"), f"没有答案项 {needs}。", f"There is no answer {needs}.")


def _combine(table: Table, panel: Panel) -> Combine:
    if not table.has("combine") and panel.seats == 1:
        # One seat needs no method: its sheet is the value, and while it is absent there is none.
        return Combine("sum", 1, "refuse", "sheet", 0, 0, 0, 0, Fraction(1), None)
    how = table.table("combine", needed=True)
    method = how.string("method", METHODS)
    trimmed = method == "trimmed"
    made = Combine(
        method, how.whole("least", low=1), how.string("absent", ("exclude", "refuse")),
        how.string("by", ("sheet", "item"), default="sheet"), how.whole("low", 1 if trimmed else 0, 0),
        how.whole("high", 1 if trimmed else 0, 0), how.whole("from", None if trimmed else 0, 0),
        how.whole("k", None if method == "best" else 0, 0),
        how.number("times", 1), read_round(how),
    )  # fmt: skip
    if made.least > panel.seats:
        how.fault("least", f"裁判组只有 {panel.seats} 席。", f"The panel has only {panel.seats} seats.")
    if trimmed and made.start <= made.low + made.high:
        how.fault("from", "去掉高低分后无分可留。", "Nothing is left after dropping high and low.")
    if method == "agreed" and panel.seats != 1:
        how.fault("method", "合议评分表只有一席。", "An agreed sheet has one seat.")
    how.done()
    return made


def _spread(table: Table) -> Spread | None:
    if not table.has("spread"):
        return None
    inner = table.table("spread")
    value = inner.get("limit", needed=True)
    by = inner.string("by", ("sheet", "item"), default="sheet")
    if isinstance(value, str) and value.endswith("%") and value[:-1].isdecimal():
        limit = (table.optional("max") or Fraction(0)) * int(value[:-1]) / 100
    else:
        limit = inner.number("limit")
    inner.done()
    return Spread(limit, by)


def _section(path: str, row: Table, draft: Draft, scales: Scales) -> Section:
    name = row.ident()
    samples: list[Any] = row.get("samples") or [None]
    items = []
    for inner in row.rows("items", needed=True):
        for index, sample in enumerate(samples):
            item = _item(path, inner, None if sample is None else str(sample), draft, scales, again=index > 0)
            items.append(item)
            draft.item_paths[path, item.id] = inner.path
    draft.section_paths[path, name] = row.path
    # The tablet shows a sample's items together: all of A, then all of B.
    order = {str(sample): n for n, sample in enumerate(samples)}
    items.sort(key=lambda item: order[str(item.sample)])
    section = Section(name, row.text("name"), row.optional("max"), tuple(items))
    row.done()
    return section


def _item(path: str, row: Table, sample: str | None, draft: Draft, scales: Scales, again: bool) -> Item:
    if again:
        # The same lines read once more for the next sample: their faults are already noted.
        found = len(row.faults.found)
    base = row.ident()
    name = row.text("name")
    if sample is not None:
        name = Text(f"{name.zh}({sample})", f"{name.en} ({sample})")
    scale = _scale(row, scales)
    worth, key, order = _worth(row, scale)
    item = Item(
        id=f"{base}@{sample}" if sample else base, base=base, sample=sample, name=name,
        help=row.text("help") if row.has("help") else None, scale=scale, blank=row.optional("blank"), key=key, order=order,
        scores=row.flag("score", scale is None or (scale.type != "note" and _has_points(scale, worth, key, order))),
        expert=worth.target == "key", max=row.optional("max"),
    )  # fmt: skip
    if worth.row is not None and worth.row not in draft.weights:
        row.fault("weight", f"没有权重表 {worth.row}。", f"There are no weight rows {worth.row}.")
    draft.worths[path, item.id] = worth
    row.done()
    if again:
        del row.faults.found[found:]
    return item


def _has_points(scale: Scale, worth: Worth, key: KeyRule | None, order: Any) -> bool:
    if worth.bands or worth.formula or key or order:
        return True
    return scale.type not in ("measure", "time", "answer", "choice", "order")


def _scale(row: Table, scales: Scales) -> Scale | None:
    if row.has("formula"):
        return None
    name = row.string("scale")
    scale = scales.get(name)
    if scale is None:
        row.fault("scale", f"没有量表 {name}。", f"There is no scale {name}.")
        return scales["yesno"]
    if scale.id == "points":
        most, step = row.number("max", low=0), row.number("step", 1)
        if most <= 0 or step <= 0 or (most / step).denominator != 1:
            row.fault("step", "从 0 到 max 走不成整档。", "0 to max isn't a whole number of steps.")
            step = most = Fraction(1)
        if row.has("weight"):
            zh = "points 量表的分值就是 max，不能再乘 weight；要加权请另立量表。"
            row.fault("weight", zh, "points are worth themselves up to max; declare a scale of its own to weight it.")
        return Scale(f"points_{most}_{step}", "points", Fraction(0), most, step)
    return scale


def _worth(row: Table, scale: Scale | None) -> tuple[Worth, KeyRule | None, tuple[tuple[int, Fraction], ...] | None]:
    said = [k for k in ("weight", "bands", "tolerance", "key", "order", "formula") if row.has(k)]
    if len(said) > 1:
        zh = f"只能写其中之一：{'、'.join(said)}。"
        row.fault(said[1], zh, f"Only one of these: {', '.join(said)}.")
    if row.has("formula"):
        return Worth(formula=written(row, "formula")), None, None
    if row.has("bands"):
        return Worth(bands=_bands(row, "upto")), None, None
    if row.has("tolerance"):
        inner = row.table("tolerance")
        target: Any = inner.get("target", needed=True)
        value = "key" if target == "key" else inner.number("target")
        worth = Worth(bands=_bands(inner, "within"), target=value)
        inner.done()
        return worth, None, None
    if row.has("key"):
        inner = row.table("key")
        requires = inner.string("requires") if inner.has("requires") else None
        key = KeyRule(inner.number("points"), requires)
        inner.done()
        return Worth(), key, None
    if row.has("order"):
        return Worth(), None, _order(row, scale)
    if isinstance(row.get("weight"), str):
        return Worth(row=row.string("weight")), None, None
    return Worth(weight=row.number("weight", 1)), None, None


def _bands(table: Table, edge: str) -> tuple[tuple[Fraction | None, Fraction], ...]:
    rows: list[tuple[Fraction | None, Fraction]] = []
    for row in table.rows("bands", needed=True):
        rows.append((row.optional(edge), row.number("points")))
        row.done()
    edges = [e for e, _ in rows[:-1]]
    rising = all(a is not None and b is not None and a < b for a, b in itertools.pairwise(edges))
    if not rows or None in edges or rows[-1][0] is not None or not rising:
        zh = f"{edge} 要一行比一行大，最后一行不写 {edge}，接住其余。"
        table.fault("bands", zh, f"{edge} must rise from row to row; the last row has no {edge} and takes the rest.")
        return ((None, Fraction(0)),)
    return tuple(rows)


def _order(row: Table, scale: Scale | None) -> tuple[tuple[int, Fraction], ...]:
    inner = row.table("order")
    right = inner.table("right", needed=True)
    table = {int(n): right.number(n) for n in list(right.data) if n.isdecimal()}
    inner.done()
    most = len(scale.options) if scale else 0
    if sorted(table) != list(range(most + 1)):
        row.fault("order", f"right 要写全 0 到 {most}。", f"right must have every count from 0 to {most}.")
        return ((0, Fraction(0)),)
    return tuple(sorted(table.items()))
