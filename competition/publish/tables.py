"""A release's rows as open data and for offices: CSV, JSON, xlsx. Numbers stay the decimal text the rules rounded to."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format

NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
# What a spreadsheet may take for a formula when it opens a CSV (OWASP, CSV injection), full-width forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
EXACT_DIGITS = 15  # a spreadsheet's numbers are binary: text of more digits than these would change


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key in each row and the title people read."""

    key: str
    title: str


def csv_table(columns: Sequence[Column], rows: Sequence[Mapping[str, object]]) -> bytes:
    """UTF-8 with BOM and CRLF, so that a double click opens it right; missing is empty, never 0."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(column.title) for column in columns])
    writer.writerows([_harmless(_text(row.get(column.key))) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def json_table(
    columns: Sequence[Column], rows: Sequence[Mapping[str, object]], about: Mapping[str, object] | None = None
) -> bytes:
    """`{"about", "columns", "rows"}`; decimals are strings, because a reader's floats would not be exact."""
    said = {
        "about": dict(about or {}),
        "columns": [{"key": column.key, "title": column.title} for column in columns],
        "rows": [{column.key: row.get(column.key) for column in columns} for row in rows],
    }
    return (json.dumps(said, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def xlsx_table(columns: Sequence[Column], rows: Sequence[Mapping[str, object]], *, title: str, at: datetime) -> bytes:
    """One sheet with a heading row that stays in view; `at` is when the release was made, so equal calls give equal bytes."""
    import xlsxwriter  # a sixth of a second that no server's start should wait for

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": at.replace(tzinfo=None)})
        sheet = book.add_worksheet(_sheet_name(title))
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        formats: dict[int, Format] = {}
        for across, column in enumerate(columns):
            sheet.write_string(0, across, column.title, heading)
            sheet.set_column(across, across, _room(column, rows))
            for down, row in enumerate(rows, start=1):
                text = _text(row.get(column.key))
                if _is_number(text):
                    places = len(text.partition(".")[2])
                    if places not in formats:
                        formats[places] = book.add_format({"num_format": "0." + "0" * places if places else "0"})
                    sheet.write_number(down, across, float(text), formats[places])
                elif text:
                    sheet.write_string(down, across, text)
        sheet.freeze_panes(1, 0)
        if rows and columns:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    return out.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _harmless(text: str) -> str:
    """A leading apostrophe keeps a spreadsheet from running what someone typed as a name; numbers stay numbers."""
    return "'" + text if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text) else text


def _is_number(text: str) -> bool:
    """True for what survives as a spreadsheet's number: not codes like 007, nor more digits than it keeps."""
    return bool(NUMBER.fullmatch(text)) and sum(c.isdigit() for c in text) <= EXACT_DIGITS


def _room(column: Column, rows: Sequence[Mapping[str, object]]) -> float:
    """Width in characters; a Chinese character takes two."""
    texts = [column.title, *(_text(row.get(column.key)) for row in rows)]
    return min(2.0 + max(sum(2 if ord(c) > 0x2E7F else 1 for c in text) for text in texts), 48.0)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "Sheet1"
