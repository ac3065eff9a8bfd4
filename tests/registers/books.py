"""Files as organisers send them, made for tests, and what is known when they arrive."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from competition.registers import EventFacts, Fault, Known, Reading, Row, read_upload
from competition.registers.identity import check_digit

HEAD = ("姓名", "身份证号", "单位", "赛项")
TEA = EventFacts(
    "tea_taster", ("评茶师", "评茶师赛项"), {"tea_class": {"green": "绿茶", "black": "红茶"}, "heat": None},
    {"tea_class": "茶类", "heat": "组别"}, frozenset({"taste.1", "taste.2"}),
)  # fmt: skip
BAKER = EventFacts("baker", ("烘焙师",))
UNITS = ({"id": "north", "name": "示例北厂", "name_en": ""}, {"id": "south", "name": "示例南厂", "name_en": ""})


def identity(n: int, born: str = "19900307") -> str:
    """A valid number that belongs to nobody: region 990000 doesn't exist, so 410000 with a serial from the test."""
    first = f"410000{born}{n:03d}"
    return first + check_digit(first)


def known(rows: Mapping[str, list[Mapping[str, str]]] | None = None, **more: Any) -> Known:
    """Two units, two events, and whatever rows are there."""
    there: dict[str, list[Mapping[str, str]]] = {"units": list(UNITS), **(rows or {})}
    return Known(there, {"tea_taster": TEA, "baker": BAKER}, more.pop("rule_facts", lambda folder: None), **more)


def book(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], dress: Callable[[Any, Any], None] | None = None
) -> bytes:
    """A workbook; `dress(book, first sheet)` adds what plain rows can't say."""
    made = xlsxwriter.Workbook(path / "表.xlsx", {"strings_to_formulas": False})
    first = None
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        first = first or sheet
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(line, column, value)
    if dress:
        dress(made, first)
    made.close()
    return (path / "表.xlsx").read_bytes()


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def read(raw: bytes, there: Known | None = None, name: str = "报名.xlsx") -> Reading:
    return read_upload(raw, name, there or known())


def contestants(tmp_path: Path, *rows: Sequence[Any], head: Sequence[str] = HEAD) -> Reading:
    """What comes of a sheet 选手 with these rows."""
    return read(book(tmp_path, {"选手": [head, *rows]}))


def rows(reading: Reading, register: str = "contestants") -> list[Row]:
    return reading.sheets[register].rows


def errors(reading: Reading) -> list[tuple[str, str]]:
    """(where, Chinese text) of what keeps the import back."""
    return [(one.where, one.zh) for one in reading.faults if one.severity == "error"]


def warnings(reading: Reading) -> list[tuple[str, str]]:
    return [(one.where, one.zh) for one in reading.faults if one.severity == "warning"]


def at(reading: Reading, where: str) -> list[Fault]:
    return [one for one in reading.faults if one.where == where]
