"""MARKS.csv, ENTRIES.csv and ABSENCES.csv: text into checked frames for `competition.scoring`.

MARKS.csv is long, one row a mark: `entry, seat, item, value`, plus `module`, `sheet` and `sample` where the rules leave a
choice. ENTRIES.csv has `entry`, `status`, a column for each attribute the rules name, and what officials said: `admitted` (to
a round), `decision` (the order among equals), `unit`. ABSENCES.csv has `entry` (or `*`) and `seat`. A column `event` says to
which event a row belongs. Every fault is a finding with its file and line, and all of them are reported at once.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import polars as pl

from competition.cli.rows import Lines, Row
from competition.errors import Finding, MarkError, NotFound
from competition.rules import Item, Rules, Sheet
from competition.rules.nearest import instead

CELL = ("entry", "module", "sheet", "seat", "item")
STATUSES = ("", "dns", "dnf", "dsq", "void", "withdrawn")
KEY_ENTRY, KEY_SEAT = "*", "key"  # the sealed key of a sample: one answer for all entries
INPUT = ("event", "inputs", "input")  # module, sheet and seat of a number that an official gives for the whole event

MARKS_NEED = ("entry", "seat", "item", "value")
ENTRIES_NEED = ("entry",)
ABSENCES_NEED = ("entry", "seat")

Cell = tuple[str, ...]


@dataclass
class Reading:
    """A frame, and what was wrong with the text it came from."""

    frame: pl.DataFrame
    findings: list[Finding] = field(default_factory=list)


def marks_of(lines: Lines, rules: Rules) -> Reading:
    """The marks of one event, columns `CELL` and `value`, canonical. A row that cannot stand is a finding and is left out."""
    found: list[Finding] = []
    values: dict[Cell, str] = {}
    places = _places(rules)
    for where, row in lines:
        try:
            cell, value = _cell(row, rules, places)
        except (MarkError, NotFound) as refusal:
            found.append(Finding(where, refusal.zh, refusal.en))
            continue
        if cell in values:
            zh, en = "这一格前面已有打分，请删去一行", "this cell has a mark further up: delete one"
            found.append(Finding(where, zh, en))
        values[cell] = value
    return Reading(_frame((*CELL, "value"), [(*cell, value) for cell, value in values.items()]), found)


def entries_of(
    lines: Lines | None, rules: Rules, marks: pl.DataFrame, *, where: str, units: Mapping[str, str] | None = None
) -> Reading:
    """The entries of one event. Without a file: everyone who has a mark, with no attributes.

    units: what a unit may be called, with its id; then the column `unit` holds the id.
    """
    attributes = (attribute.id for attribute in rules.attributes)
    columns = tuple(dict.fromkeys(("entry", "status", *attributes, "admitted", "decision", "unit")))
    marked = sorted(set(marks["entry"]) - {KEY_ENTRY})
    if lines is None:
        return Reading(_frame(columns, [(name, *[""] * (len(columns) - 1)) for name in marked]))
    found: list[Finding] = []
    entries: dict[str, Sequence[str]] = {}
    for line, row in lines:
        found += [Finding(line, zh, en) for zh, en in _entry_faults(row, rules, entries, units)]
        if units is not None and "unit" in row:
            row = {**row, "unit": units.get(row["unit"], "")}
        entries[row["entry"]] = [row.get(name, "") for name in columns]
    found += _strange_columns(lines, rules, columns, where)
    found += [
        Finding(where, f"{name} 有打分，却不在名单中，请补上", f"{name} has marks but is not in this list: add it")
        for name in marked
        if name not in entries
    ]
    return Reading(_frame(columns, list(entries.values())), found)


def _strange_columns(lines: Lines, rules: Rules, columns: Sequence[str], where: str) -> list[Finding]:
    """Columns that nothing reads, and attributes without a column: a misspelt head must not go by in silence."""
    head = list(lines[0][1]) if lines else []
    lacking = [each.id for each in rules.attributes if each.id not in head] if head else []
    found = []
    for name in head:
        if name not in (*columns, "event", "name"):
            zh, en = instead(name, lacking) if lacking else ("没有用它。", "It isn't used.")
            found.append(
                Finding(
                    where, f"名单里的列 {name} 规则不认得。{zh}", f"The rules know no column {name}. {en}", "warning"
                )
            )
    for name in lacking:
        says = f"名单缺少属性 {name} 一列，请补上", f"the entries have no column for the attribute {name}: add it"
        found.append(Finding(where, *says, "warning"))
    return found


def absences_of(lines: Lines, rules: Rules, entries: pl.DataFrame) -> Reading:
    """The absences of one event: entry (`*` for all) and seat. One that isn't there is a finding, not an absence less."""
    seats = {label for panel in rules.panels for label in panel.labels}
    known = {KEY_ENTRY, *entries["entry"]}
    found: list[Finding] = []
    for where, row in lines:
        if row["seat"] not in seats:
            zh, en = f"没有裁判席 {row['seat']}，请核对", f"there is no seat {row['seat']}: check it"
            found.append(Finding(where, zh, en))
        if row["entry"] not in known:
            zh, en = f"没有参赛 {row['entry']}，请核对", f"there is no entry {row['entry']}: check it"
            found.append(Finding(where, zh, en))
    return Reading(_frame(ABSENCES_NEED, [(row["entry"], row["seat"]) for _, row in lines]), found)


Places = Mapping[tuple[str, str], Sequence[Sheet]]


def _places(rules: Rules) -> Places:
    """Every sheet by each seat and item on it; the sealed key has a seat of its own."""
    places: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in rules.sheets:
        for seat in (*sheet.panel.labels, KEY_SEAT):
            for item in sheet.items:
                places.setdefault((seat, item.id), []).append(sheet)
    return places


def _cell(row: Row, rules: Rules, places: Places) -> tuple[Cell, str]:
    """The cell a row speaks of and its canonical value. Raises MarkError, or NotFound for a computed item."""
    entry, seat = row["entry"], row["seat"]
    name = f"{row['item']}@{row['sample']}" if row.get("sample") else row["item"]
    if not entry:
        raise MarkError("缺少 entry，请填写", "the entry is missing: fill it in")
    if seat in (KEY_SEAT, INPUT[2]) and entry != KEY_ENTRY:
        raise MarkError(
            f"{seat} 一行的 entry 应为 *，对全体有效", f"a row of seat {seat} holds for all: write * as its entry"
        )
    if seat == INPUT[2]:
        return (entry, *INPUT, name), _input(row, rules)
    sheets = [
        sheet
        for sheet in places.get((seat, name), ())
        if row.get("module", "") in ("", sheet.module) and row.get("sheet", "") in ("", sheet.id)
    ]
    if len(sheets) != 1:
        raise _which_sheet(row, name, sheets)
    item = sheets[0].item(name)
    value = _key(row["value"], item) if seat == KEY_SEAT else item.parse(_canonical(row["value"], item))
    return (entry, sheets[0].module, sheets[0].id, seat, name), value


def _key(value: str, item: Item) -> str:
    """The sealed answer; a written one may list synonyms, `西湖龙井 | 龙井`."""
    if item.scale is not None and item.scale.type == "answer":
        return " | ".join(item.parse(each.strip()) for each in value.split("|"))
    return item.parse(_canonical(value, item))


def _input(row: Row, rules: Rules) -> str:
    given = next((each for each in rules.inputs if each.id == row["item"]), None)
    if given is None:
        known = ", ".join(each.id for each in rules.inputs) or "-"
        raise MarkError(
            f"规则没有组委会数字 {row['item']}，可用：{known}",
            f"the rules have no input {row['item']}; they have: {known}",
        )
    return given.scale.parse(_number(row["value"]), given.name.zh, given.name.en)


def _which_sheet(row: Row, item: str, sheets: Sequence[Sheet]) -> MarkError:
    if sheets:
        paths = ", ".join(sheet.path for sheet in sheets)
        return MarkError(
            f"{item} 在多张评分表中：{paths}，请填写 module 和 sheet 列",
            f"{item} is on several sheets: {paths}; fill in the module and sheet columns",
        )
    return MarkError(
        f"席位 {row['seat']} 没有评分项 {item}，请核对 module、sheet、seat、sample、item",
        f"seat {row['seat']} has no item {item}: check module, sheet, seat, sample and item",
    )


def _canonical(text: str, item: Item) -> str:
    """What a person types, in the one spelling that rules accept; words stay as they are."""
    return text if item.scale is None or not item.scale.numeric else _number(text)


def _number(text: str) -> str:
    """０．５ and 0.50 are 0.5; anything else is left for the scale to refuse in its own words."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", text))
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return f"{number.normalize():f}" if number else "0"


Fault = tuple[str, str]


def _entry_faults(
    row: Row, rules: Rules, known: Mapping[str, Sequence[str]], units: Mapping[str, str] | None
) -> Iterator[Fault]:
    if not row["entry"]:
        yield "缺少 entry，请填写", "the entry is missing: fill it in"
    if row["entry"] in known:
        yield f"{row['entry']} 重复，请删去一行", f"{row['entry']} is there twice: delete one"
    if row.get("status", "") not in STATUSES:
        legal = "、".join(STATUSES[1:])
        zh = f"状态 {row['status']} 不存在，可用：{legal}或留空"
        yield zh, f"no status {row['status']}: use {legal} or leave it empty"
    for attribute in rules.attributes:
        value = row.get(attribute.id, "")
        if value not in attribute.values and not attribute.any:
            legal = "、".join(attribute.values)
            yield f"{attribute.id} 为“{value}”，应为：{legal}", f'{attribute.id} is "{value}", should be one of {legal}'
    if row.get("unit") and units is not None and row["unit"] not in units:
        yield f"没有单位“{row['unit']}”，请核对 games.toml", f'there is no unit "{row["unit"]}": check games.toml'
    yield from _said_faults(row, rules)


def _said_faults(row: Row, rules: Rules) -> Iterator[Fault]:
    """What officials said of an entry: the round it was admitted to, its order among equals."""
    rounds = [each.id for each in rules.rounds]
    if row.get("admitted") and row["admitted"] not in rounds:
        legal = "、".join(rounds) or "-"
        yield (
            f"没有轮次 {row['admitted']}，可用：{legal}",
            f"there is no round {row['admitted']}; the rules have: {legal}",
        )
    if row.get("decision") and not row["decision"].isdecimal():
        zh = f"decision 为“{row['decision']}”，应为整数，小者在前"
        yield zh, f'decision is "{row["decision"]}", should be a whole number; the lower goes first'


def _frame(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.Utf8), orient="row")
