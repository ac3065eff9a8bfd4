"""A table of theory marks as a clerk brings it: a file or pasted text, read into rows of code and marks.

What makes the whole unreadable (no text, no header) is raised; what is wrong in a cell is found by `competition.web.theory`.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from competition.errors import MarkError
from competition.registers.tables import as_csv
from competition.rules import Item, Sheet

LIMIT = 256 * 1024  # bytes; some ten thousand rows
CODE_TITLES = ("code", "编号", "参赛号", "参赛编号")
MARK_TITLES = ("mark", "成绩", "分数", "得分")
SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `values`: item id -> the text of its cell, "" when it is empty. `extra` cells lie outside."""

    line: int
    code: str
    values: Mapping[str, str]
    extra: int


def decoded(raw: bytes) -> str:
    """A file as text: the first sheet of a workbook; else UTF-8 with or without a mark at its head, what Chinese Excel saves
    (GBK), or its "Unicode text"."""
    within_limit(len(raw))
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return as_csv(raw, "xlsx")
    tried = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in tried:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise MarkError(
        "文件不是文本，或编码不认识。请另存为 UTF-8 或 GBK 编码的 CSV。",
        "The file is not text, or its encoding is unknown. Save it as CSV in UTF-8 or GBK.",
    )


def within_limit(size: int) -> None:
    """Refuse a table of more than LIMIT bytes."""
    if size > LIMIT:
        raise MarkError(
            f"内容有 {size // 1024} kB，超过 {LIMIT // 1024} kB。请分成几个文件导入。",
            f"This is {size // 1024} kB; at most {LIMIT // 1024} kB can be read. Import it in parts.",
        )


def read_rows(text: str, form: Sheet) -> tuple[Row, ...]:
    """The rows of a table with a header for `form`'s items. MarkError when the header or the quoting can't be read."""
    within_limit(len(text.encode()))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not first:
        raise MarkError("还没有内容。请粘贴表格或选择文件。", "There is nothing yet. Paste the table or choose a file.")
    reader = csv.reader(io.StringIO(text), delimiter=_separator(first), strict=True)
    columns: list[str | None] = []
    rows = []
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if not columns:
                columns = _columns(cells, form)
            else:
                rows.append(_row(reader.line_num, cells, columns))
    except csv.Error:
        line = reader.line_num
        raise MarkError(
            f"第 {line} 行读不出来：引号没有成对，或一格太长。请检查这一行。",
            f"Line {line} can't be read: quotes are not paired, or a cell is too long. Check that line.",
        ) from None
    if not rows:
        raise MarkError("标题行下面没有成绩。", "There are no marks below the header.")
    return tuple(rows)


def marked_items(form: Sheet) -> tuple[Item, ...]:
    """The items of a sheet that can be imported."""
    return tuple(item for item in form.items if item.scale is not None)


def _separator(header: str) -> str:
    found = max(SEPARATORS, key=header.count)
    if header.count(found) == 0 and any(wide in header for wide in "，；"):
        raise MarkError(
            "第一行用了全角逗号或分号，请改成半角“,”。",
            "The first line is separated by full-width commas or semicolons; write “,”.",
        )
    return found


def _columns(titles: list[str], form: Sheet) -> list[str | None]:
    """What each column holds: an item id, or None for the code."""
    items = marked_items(form)
    known: dict[str, str | None] = dict.fromkeys(CODE_TITLES)
    known |= {_plain(title): item.id for item in items for title in (item.name.en, item.name.zh, item.id)}
    known |= dict.fromkeys(MARK_TITLES, items[0].id) if len(items) == 1 else {}
    said = "、".join([item.name.zh for item in items]), ", ".join(item.id for item in items)
    # The title itself is not repeated: in a table without a header it may be somebody's name.
    wrong = [str(n) for n, title in enumerate(titles, 1) if _plain(title) not in known]
    if wrong:
        raise MarkError(
            f"第一行是标题，其中第 {'、'.join(wrong)} 列不认识。只要“编号”和成绩列（{said[0]}）；请不要放姓名、单位。",
            f"The first line is the header; its column {', '.join(wrong)} is not known. "
            f"Keep “code” and the marks ({said[1]}) only; no names or units.",
        )
    columns = [known[_plain(title)] for title in titles]
    if columns.count(None) != 1 or len(columns) < 2 or len(set(columns)) != len(columns):
        raise MarkError(
            f"标题行应有一列“编号”，其余每列一项成绩（{said[0]}），各列不重复。",
            f"The header needs one column “code” and one column for each mark ({said[1]}), none of them twice.",
        )
    return columns


def _row(line: int, cells: list[str], columns: list[str | None]) -> Row:
    cells += [""] * (len(columns) - len(cells))
    found = dict(zip(columns, cells, strict=False))
    code = found.pop(None)
    extra = sum(bool(cell) for cell in cells[len(columns) :])
    return Row(line, code, {item: value for item, value in found.items() if item}, extra)


def _plain(title: str) -> str:
    return unicodedata.normalize("NFKC", title).strip().casefold()
