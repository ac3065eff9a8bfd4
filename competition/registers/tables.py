"""An uploaded file as worksheets, and where in each a register's table begins."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from competition.errors import CompetitionError
from competition.registers.fields import REGISTERS, Register
from competition.workbook import Cell, Worksheet, read_bytes

MOST_BYTES = 8_000_000
MOST_ROWS = 20_000
HEAD_ROWS = 30
"""A heading is looked for in so many rows from the top: titles and notes stand above it."""
HEAD_COLUMNS = 60
FORMULA_STARTS = ("'=", "'+", "'-", "'@", "'\t", "'＝", "'＋", "'－", "'＠")
"""What our own CSV export puts an apostrophe before (OWASP, CSV injection); it is taken off again."""
_REMARKS = re.compile(r"[(（\[【].*$|[*＊:：\s]")


@dataclass(frozen=True, slots=True)
class Table:
    """A register's table in a worksheet: its heading row, and which column holds which field."""

    register: Register
    sheet: Worksheet
    head: int
    columns: Mapping[str, int]
    unknown: tuple[int, ...]
    twice: tuple[int, ...]


def worksheets(raw: bytes, name: str) -> tuple[Worksheet, ...]:
    """The worksheets of an .xlsx file, or the one table of a CSV file. CompetitionError if it is neither, or too large."""
    if len(raw) > MOST_BYTES:
        zh = f"{name} 有 {len(raw) // 1_000_000} MB，最多 {MOST_BYTES // 1_000_000} MB。请分成几个文件。"
        en = f"{name} is {len(raw) // 1_000_000} MB; at most {MOST_BYTES // 1_000_000} MB can be read. Split it."
        raise CompetitionError(zh, en)
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return read_bytes(raw, name)
    return (_csv_sheet(decoded(raw, name), name),)


def decoded(raw: bytes, name: str) -> str:
    """A file as text: UTF-8 with or without its mark, what Chinese Excel saves (GBK, GB 18030), or its "Unicode text"."""
    tried = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in tried:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise CompetitionError(
        f"{name} 不是 .xlsx，也不是文本，或编码不认识。请另存为 .xlsx，或 UTF-8、GBK 编码的 CSV。",
        f"{name} is neither .xlsx nor text, or its encoding is unknown. Save it as .xlsx, or as CSV in UTF-8 or GBK.",
    )


def as_csv(raw: bytes, name: str) -> str:
    """The first visible worksheet of a workbook as comma-separated text, for what reads text: its cells as Excel shows them."""
    sheet = next((one for one in read_bytes(raw, name) if one.cells and not one.hidden), None)
    out = io.StringIO()
    if sheet is not None:
        last, width = max(sheet.rows), max(column for _, column in sheet.cells)
        if last > MOST_ROWS or width > HEAD_COLUMNS:
            raise CompetitionError(
                f"{name} 的表太大，没有读。请删去空行、空列。", f"{name} is too wide or too long; it was not read."
            )
        lines = (
            [cell.text if (cell := sheet.own(row, at)) else "" for at in range(1, width + 1)]
            for row in range(1, last + 1)
        )
        csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()


def find_table(sheet: Worksheet) -> Table | None:
    """The register whose headings a worksheet has, at the row that has most of them; None if it has none's."""
    found: list[tuple[int, int, Table]] = []
    for row in sheet.rows:
        if row > HEAD_ROWS:
            break
        for register in REGISTERS:
            table = _table_at(sheet, row, register)
            if table is not None:
                own = sheet.name in (register.name["zh"], *register.titles)
                found.append((2 * len(table.columns) + own, -row, table))
    return max(found, key=lambda one: one[:2])[2] if found else None


def table_rows(table: Table) -> Iterator[int]:
    """Rows below the heading that hold anything. CompetitionError if there are too many."""
    rows = [row for row in table.sheet.rows if row > table.head]
    if len(rows) > MOST_ROWS:
        zh = f"“{table.sheet.name}”有 {len(rows)} 行，最多 {MOST_ROWS} 行。请分成几个文件。"
        raise CompetitionError(zh, f"“{table.sheet.name}” has {len(rows)} rows; at most {MOST_ROWS}. Split it.")
    yield from rows


def _table_at(sheet: Worksheet, row: int, register: Register) -> Table | None:
    """Headings are read as people see them: a cell merged over two rows heads its column in both."""
    columns: dict[str, int] = {}
    unknown, twice = [], []
    for column in range(1, HEAD_COLUMNS + 1):
        cell = sheet.seen(row, column)
        if cell is None or not cell.text:
            continue
        field = _headings(register.id).get(_plain(cell.text))
        if field is None:
            unknown.append(column)
        elif field in columns:
            twice.append(column)
        else:
            columns[field] = column
    if not set(register.named) <= columns.keys():
        return None
    return Table(register, sheet, row, columns, tuple(unknown), tuple(twice))


@cache
def _headings(register_id: str) -> dict[str, str]:
    """Every heading a register's columns are known by, as `_plain` leaves it."""
    register = next(one for one in REGISTERS if one.id == register_id)
    return {
        _plain(title): field.id
        for field in reversed(register.fields)
        for title in (*field.titles, field.id, field.name["en"], field.name["zh"])
    }


def _plain(title: str) -> str:
    """A heading for comparing: without the star of a needed column and what is said in brackets."""
    return _REMARKS.sub("", title).casefold()


def _csv_sheet(text: str, name: str) -> Worksheet:
    first = next((line for line in text.splitlines() if line.strip()), "")
    sheet = Worksheet(name, hidden=False)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    line = 0
    try:
        for cells in reader:
            for column, value in enumerate(cells, 1):
                if value.strip():
                    sheet.cells[line + 1, column] = Cell(value[1:] if value.startswith(FORMULA_STARTS) else value)
            line = reader.line_num
    except csv.Error:
        raise CompetitionError(
            f"{name} 第 {line + 1} 行读不出来：引号没有成对，或一格太长。请检查这一行。",
            f"{name}: line {line + 1} can't be read: quotes are not paired, or a cell is too long. Check that line.",
        ) from None
    return sheet
