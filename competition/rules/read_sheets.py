"""Reading [modules.…]: sheets, sections, overtime, and for whom they are."""

from typing import Any

from competition.rules.draft import Draft, Overtime, Written
from competition.rules.model import Panel, Section, Sheet, Text
from competition.rules.read_items import Scales, read_item
from competition.rules.read_panels import read_combine, read_panels, read_spread
from competition.rules.read_tables import read_bands, read_scored, written
from competition.rules.table import Faults, Table


def read_modules(top: Table, draft: Draft, scales: Scales) -> None:
    """Panels first, then every module with its sheets."""
    read_panels(top, draft)
    for name, table in top.named("modules", needed=True):
        part = table.string("part")
        if part not in draft.parts:
            table.unknown("part", "部分", "part", part, draft.parts)
        minutes = table.whole("minutes", low=1) if table.has("minutes") else None
        draft.modules[name] = (read_scored(table, name), part, minutes)
        draft.module_only[name] = _only(table, draft)
        if isinstance(table.get("round"), str):
            draft.module_rounds[name] = table.string("round")
        draft.overtimes[name] = [_overtime(row) for row in table.rows("overtime")]
        for sheet, inner in table.named("sheets", needed=True):
            _sheet(name, sheet, inner, draft, scales)
        for sheet, inner in table.named("sheets"):
            _phases(draft, name, sheet, inner)
        table.done()


def _overtime(row: Table) -> Overtime:
    out = row.table("out")
    over = out.number("over") if row.has("out") else None
    zero = out.string("zero", ("module",)) == "module" if out.has("zero") else False
    status = out.string("status", ("dsq", "void")) if row.has("out") and not zero else ""
    time = written(row, "time") or Written("0", row.path)
    row.get("time", needed=True)
    by_bands = row.has("bands")
    bands, below = read_bands(row, "bands", ("upto", "below")) if by_bands else (None, False)
    if by_bands and (said := [key for key in ("per", "points", "cap") if row.has(key)]):
        row.fault(
            said[0], f"bands 和 {said[0]} 只写一样，请删去其一。", f"Write either bands or {said[0]}; delete one."
        )
    made = Overtime(
        row.ident(), row.text("name"), time, row.number("limit", low=0), row.number("per", 1 if by_bands else None),
        row.number("points", 0 if by_bands else None), row.optional("cap"), over, status, zero, bands, below,
    )  # fmt: skip
    if made.per <= 0:
        row.fault("per", "per 要大于 0，请改。", "per must be above 0; change it.")
    out.done()
    row.done()
    return made


def _phases(draft: Draft, module: str, sheet: str, table: Table) -> None:
    """A sheet opens only after other sheets of its module."""
    for other in draft.sheets[f"{module}.{sheet}"].opens_after:
        if f"{module}.{other}" not in draft.sheets or other == sheet:
            known = [s.id for s in draft.in_module(module) if s.id != sheet]
            table.unknown("opens_after", "本模块的其他评分表", "other sheet of this module called", other, known)


def _only(table: Table, draft: Draft) -> dict[str, tuple[str, ...]]:
    """Attribute values of the entries that a module or sheet is for."""
    if not table.has("only"):
        return {}
    inner = table.table("only")
    found: dict[str, tuple[str, ...]] = {}
    for key in list(inner.data):
        values: Any = inner.get(key)
        rule = draft.attributes.get(key)
        if rule is None or rule.any:
            known = [each.id for each in draft.attributes.values() if not each.any]
            inner.unknown(key, "带取值的属性", "attribute with values called", key, known)
        elif not isinstance(values, list) or not values or any(str(value) not in rule.values for value in values):
            legal = " | ".join(rule.values)
            inner.fault(key, f"应为其中若干个的列表：{legal}。", f"Give a list of some of these: {legal}.")
        else:
            found[key] = tuple(values)
    return found


def _sheet(module: str, name: str, table: Table, draft: Draft, scales: Scales) -> None:
    path = f"{module}.{name}"
    panel_id = table.string("panel")
    panel = draft.panels.get(panel_id)
    if panel is None:
        table.unknown("panel", "裁判组", "panel", panel_id, draft.panels)
        panel = Panel(panel_id, Text(panel_id, panel_id), 1, "judge")
    sections = tuple(_section(path, row, draft, scales) for row in table.rows("sections", needed=True))
    draft.combines[path] = read_combine(table, panel)
    draft.sheet_paths[path] = table.path
    after = table.strings("opens_after")
    draft.sheets[path] = Sheet(
        name, module, table.text("name"), panel, table.optional("max"), sections, read_spread(table),
        after, _only(table, draft),
    )  # fmt: skip
    if draft.combines[path].by == "item" and any(section.limited for section in sections):
        zh = "分节的 floor、cap 按席计算，不能与 by = item 同用，请改其一。"
        en = "A section's floor and cap are per seat; they can't go with by = \"item\". Change one of them."
        table.fault("combine", zh, en)
    for both in {section.id for section in sections} & {i.base for s in sections for i in s.items}:
        zh = f"{both} 既是分节又是评分项，公式里分不清，请改一个名字。"
        table.fault("sections", zh, f"{both} is a section and an item; formulas can't tell them apart. Rename one.")
    _requirements(path, draft, table.faults)
    table.done()


def _requirements(path: str, draft: Draft, faults: Faults) -> None:
    """An answer that counts only with another needs that other in the same sheet and sample."""
    items = draft.sheets[path].items
    for item in items:
        needs = item.key.requires if item.key else None
        others = [i for i in items if i.base == needs and i.sample == item.sample and i.key and not i.key.several]
        if needs and not others and item.key and not item.key.several:
            known = [i.base for i in items if i.key and not i.key.several and i.base != item.base]
            inner = Table({}, (*draft.item_paths[path, item.id], "key"), faults)
            inner.unknown("requires", "单选或书面答案项", "item with a single answer called", needs, known)


def _section(path: str, row: Table, draft: Draft, scales: Scales) -> Section:
    name = row.ident()
    samples: list[Any] = row.listed("samples") or [None]
    items = []
    for inner in row.rows("items", needed=True):
        for index, sample in enumerate(samples):
            item = read_item(path, inner, None if sample is None else str(sample), draft, scales, again=index > 0)
            items.append(item)
            draft.item_paths[path, item.id] = inner.path
    draft.section_paths[path, name] = row.path
    # The tablet shows a sample's items together: all of A, then all of B.
    order = {str(sample): n for n, sample in enumerate(samples)}
    items.sort(key=lambda item: order[str(item.sample)])
    section = Section(
        name, row.text("name"), row.optional("max"), tuple(items), row.optional("floor"), row.optional("cap")
    )
    row.done()
    return section
