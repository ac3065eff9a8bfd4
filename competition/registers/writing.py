"""Registers as a workbook: an export to work on and bring back, or a template with an empty table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from competition.registers.fields import ROLE_NAMES, Field, Register
from competition.registers.known import Values
from competition.registers.reading import LISTS, REHEARSED

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROOM = 2_000
"""Rows that a template's drop-downs and text format reach down to, below what is filled."""
_COLUMNS = {"chains": 0, "units": 1, "events": 2, "roles": 3}


@dataclass(frozen=True, slots=True)
class Planted:
    """Something put into a cell as a spreadsheet would hold it, a number even where text is meant: for samples with faults."""

    register: str
    row: int
    field: str
    value: str | float


def write_workbook(
    tables: Sequence[tuple[Register, Sequence[Values]]],
    choices: Mapping[str, Sequence[str]],
    at: datetime,
    planted: Sequence[Planted] = (),
    *,
    rehearsal: bool = False,
) -> bytes:
    """A workbook with one sheet a register. Every cell is text, so that no digit of an identity number is lost.

    The rows come as they are to be shown (names, not ids). `choices`: list name -> what its drop-downs offer.
    `rehearsal`: the real games will not take it back; its tabs are amber and its printed pages say so. Equal calls give equal bytes.
    """
    import xlsxwriter  # a sixth of a second that no server's start should wait for

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})
        offered = {**choices, "roles": list(ROLE_NAMES.values())}
        for register, rows in tables:
            sheet = _sheet(book, register, rows, offered)
            for one in planted:
                if one.register == register.id:
                    column = [field.id for field in register.fields].index(one.field)
                    sheet.write(one.row - 1, column, one.value or None, book.add_format({"num_format": "General"}))
        _lists(book, offered)
        if rehearsal:
            _say_rehearsal(book)
    return out.getvalue()


def _say_rehearsal(book: "Workbook") -> None:
    """The mark that `read_upload` looks for, and what a person sees."""
    for sheet in book.worksheets():
        sheet.set_tab_color("#F59E0B")
        sheet.set_header("&C演练 Rehearsal")
    row, column = REHEARSED
    book.get_worksheet_by_name(LISTS).write_string(row - 1, column - 1, "演练")


def _sheet(
    book: "Workbook", register: Register, rows: Sequence[Values], choices: Mapping[str, Sequence[str]]
) -> "Worksheet":
    sheet = book.add_worksheet(register.name["zh"])
    text = book.add_format({"num_format": "@"})
    for column, field in enumerate(register.fields):
        style = {
            "bold": True,
            "bottom": 1,
            "bg_color": "#EEEDE9",
            "text_wrap": True,
            "valign": "vcenter",
            "num_format": "@",
        }
        sheet.set_column(column, column, field.width, text)
        sheet.write_string(0, column, heading(field), book.add_format(style))
        if field.hint:
            sheet.write_comment(0, column, field.hint["zh"])
        if choices.get(field.choices):
            last = max(len(rows), 1) + ROOM
            sheet.data_validation(1, column, last, column, _drop_down(field, len(choices[field.choices])))
    for line, values in enumerate(rows, 1):
        for column, field in enumerate(register.fields):
            if value := values.get(field.id, ""):
                sheet.write_string(line, column, value, text)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(register.fields) - 1)
    return sheet


def heading(field: Field) -> str:
    """A column's heading; a star for what must be filled."""
    return field.name["zh"] + ("*" if field.needed else "")


def _drop_down(field: Field, count: int) -> dict[str, Any]:
    """A list beside the tables, because Excel takes no more than 255 characters in the cell itself."""
    letter = "ABCD"[_COLUMNS[field.choices]]
    return {
        "validate": "list",
        "source": f"='{LISTS}'!${letter}$1:${letter}${count}",
        "error_type": "warning",
        "error_title": field.name["zh"],
        "error_message": "不在列表里。Not in the list.",
    }


def _lists(book: "Workbook", choices: Mapping[str, Sequence[str]]) -> None:
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    for name, column in _COLUMNS.items():
        for line, value in enumerate(choices.get(name, ())):
            sheet.write_string(line, column, value)
