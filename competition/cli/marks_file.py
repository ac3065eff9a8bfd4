"""MARKS.csv, ENTRIES.csv and ABSENCES.csv: text into checked frames for `competition.scoring`.

MARKS.csv is long, one row a mark: `entry, seat, item, value`, plus `module`, `sheet` and `sample` where the rules
leave a choice. ENTRIES.csv has `entry`, `status`, and a column for each attribute the rules name; ABSENCES.csv has
`entry` (or `*`) and `seat`. Every fault is a finding with its file and line, and all of them are reported at once.
"""

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl

from competition.errors import CompetitionError, Finding, MarkError
from competition.rules import Item, Rules, Sheet

CELL = ("entry", "module", "sheet", "seat", "item")
STATUSES = ("", "dns", "dnf", "dsq", "void", "withdrawn")
KEY_ENTRY, KEY_SEAT = "*", "key"  # the sealed key of a sample: one answer for all entries

Row = dict[str, str]


@dataclass
class Reading:
    """A frame, and what was wrong with the text it came from."""

    frame: pl.DataFrame
    findings: list[Finding] = field(default_factory=list)


def read_marks(path: Path, rules: Rules) -> Reading:
    """Marks with canonical values, columns `CELL` and `value`. A row that cannot stand is a finding and is left out."""
    found: list[Finding] = []
    values: dict[tuple[str, ...], str] = {}
    for where, row in _rows(path, ("entry", "seat", "item", "value")):
        try:
            cell, value = _cell(row, rules)
        except MarkError as refusal:
            found.append(Finding(where, refusal.zh, refusal.en))
            continue
        if cell in values:
            found.append(
                Finding(where, "这一格前面已有打分，请删去一行", "this cell has a mark further up: delete one")
            )
        values[cell] = value
    return Reading(_frame((*CELL, "value"), [(*cell, value) for cell, value in values.items()]), found)


def read_entries(path: Path | None, rules: Rules, marks: pl.DataFrame) -> Reading:
    """Entries with status and attributes. Without a file: everyone who has a mark, with no attributes."""
    columns = ("entry", "status", *(attribute.id for attribute in rules.attributes))
    marked = sorted(set(marks["entry"]) - {KEY_ENTRY})
    if path is None:
        return Reading(_frame(columns, [(name, *[""] * (len(columns) - 1)) for name in marked]))
    found: list[Finding] = []
    entries: dict[str, tuple[str, ...]] = {}
    for where, row in _rows(path, ("entry",)):
        found += [Finding(where, zh, en) for zh, en in _entry_faults(row, rules, entries)]
        entries[row["entry"]] = tuple(row.get(name, "") for name in columns)
    found += [
        Finding(str(path), f"{name} 有打分，却不在名单中，请补上", f"{name} has marks but is not in this list: add it")
        for name in marked
        if name not in entries
    ]
    return Reading(_frame(columns, list(entries.values())), found)


def read_absences(path: Path) -> pl.DataFrame:
    """Which seats were absent, for one entry or (`*`) for all."""
    return _frame(("entry", "seat"), [(row["entry"], row["seat"]) for _, row in _rows(path, ("entry", "seat"))])


def _cell(row: Row, rules: Rules) -> tuple[tuple[str, ...], str]:
    """The cell a row speaks of and its canonical value. Raises MarkError."""
    name = f"{row['item']}@{row['sample']}" if row.get("sample") else row["item"]
    sheets = [sheet for sheet in rules.sheets if _fits(row, name, sheet)]
    if len(sheets) != 1:
        raise _which_sheet(row, name, sheets)
    sheet = sheets[0]
    item = sheet.item(name)
    return (row["entry"], sheet.module, sheet.id, row["seat"], name), item.parse(_canonical(row["value"], item))


def _fits(row: Row, item: str, sheet: Sheet) -> bool:
    """Whether this row can mean this sheet."""
    return (
        row.get("module", "") in ("", sheet.module)
        and row.get("sheet", "") in ("", sheet.id)
        and (row["seat"] == KEY_SEAT or row["seat"] in sheet.panel.labels)
        and any(each.id == item for each in sheet.items)
    )


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
    """What a person types, in the one spelling that rules accept: ０．５ and 0.50 are 0.5."""
    if item.scale is None or not item.scale.numeric:
        return text
    try:
        number = Decimal(unicodedata.normalize("NFKC", text))
    except InvalidOperation:
        return text  # the item refuses it in its own words
    return f"{number.normalize():f}" if number else "0"


def _entry_faults(row: Row, rules: Rules, known: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    if row["entry"] in known:
        yield f"{row['entry']} 重复，请删去一行", f"{row['entry']} is there twice: delete one"
    if row.get("status", "") not in STATUSES:
        legal = "、".join(STATUSES[1:])
        yield (
            f"状态 {row['status']} 不存在，可用：{legal}或留空",
            f"no status {row['status']}: use {legal} or leave it empty",
        )
    for attribute in rules.attributes:
        value = row.get(attribute.id, "")
        if value not in attribute.values:
            legal = "、".join(attribute.values)
            yield f"{attribute.id} 为“{value}”，应为：{legal}", f'{attribute.id} is "{value}", should be one of {legal}'


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """Each row with its place ("MARKS.csv:7"), cells stripped. Raises CompetitionError when a column is missing."""
    lines = csv.DictReader(_text(path).splitlines())
    header = [name.strip() for name in lines.fieldnames or ()]
    if missing := [name for name in needed if name not in header]:
        lacking = ", ".join(missing)
        raise CompetitionError(
            f"{path} 第一行缺少列：{lacking}", f"{path}: the first line lacks the columns {lacking}; see README.md"
        )
    lines.fieldnames = header
    for row in lines:
        yield f"{path}:{lines.line_num}", {name: (row[name] or "").strip() for name in header}


def _text(path: Path) -> str:
    """The file as text: UTF-8, or what Chinese Excel saves as CSV."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _frame(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.Utf8), orient="row")
