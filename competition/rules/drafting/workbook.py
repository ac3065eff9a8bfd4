"""An Excel workbook (.xlsx) as cells with their addresses: what is needed to read a marking scheme, and nothing else.

A number is what Excel shows of it, 15 digits: the file holds a binary double for what somebody typed as 0.1. Formulas are not
computed; their cached value is read, and a formula without one is said. Styles are read for percent signs only.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from competition.errors import CompetitionError

LARGEST = 50_000_000
"""Bytes of one part of the file, unpacked; a marking scheme has a hundredth of it."""

_EXCEL = Context(prec=15)
_OLD = b"\xd0\xcf\x11\xe0"
"""First bytes of .xls files and of workbooks with a password."""

Place = tuple[int, int]
"""Row and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds something. value: text or number; None: a formula that was never computed."""

    value: str | Decimal | None
    formula: bool = False
    percent: bool = False

    @property
    def text(self) -> str:
        """The value as text on one line; a number in its shortest form."""
        if isinstance(self.value, Decimal):
            return f"{self.value.normalize():f}"
        return " ".join((self.value or "").split())


@dataclass
class Worksheet:
    """One worksheet: its filled cells, merged ranges by every place they cover, and what is hidden."""

    name: str
    hidden: bool
    cells: dict[Place, Cell] = field(default_factory=dict)
    merged: dict[Place, Place] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)

    def own(self, row: int, column: int) -> Cell | None:
        """The cell that stands in this very place."""
        return self.cells.get((row, column))

    def seen(self, row: int, column: int) -> Cell | None:
        """What a reader sees there: in a merged range, the range's one value."""
        return self.cells.get(self.merged.get((row, column), (row, column)))

    def covered(self, row: int, column: int) -> bool:
        """Whether the place belongs to a merged range that starts in a row above."""
        return self.merged.get((row, column), (row, column))[0] < row

    def at(self, row: int, column: int) -> str:
        """An address for people: 模块A!D7."""
        return f"{self.name}!{letters(column)}{row}"

    @property
    def rows(self) -> Iterator[int]:
        """Rows that hold anything, from the top."""
        yield from sorted({row for row, _ in self.cells})

    def columns(self, row: int) -> list[int]:
        """Columns of a row's own filled cells, from the left."""
        return sorted(column for at, column in self.cells if at == row)


def letters(column: int) -> str:
    """1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def read_workbook(path: Path) -> tuple[Worksheet, ...]:
    """The worksheets in order, hidden ones too. Raises CompetitionError if it isn't an .xlsx workbook."""
    try:
        with path.open("rb") as file:
            if file.read(4) == _OLD:
                zh = f"{path.name} 是旧版 .xls 或加了密码。请在 Excel 或 WPS 中去掉密码，另存为 .xlsx。"
                raise CompetitionError(
                    zh, f"{path.name} is an old .xls or has a password. Save it as .xlsx without one."
                )
        with zipfile.ZipFile(path) as archive:
            return tuple(_worksheets(_Parts(archive)))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, OSError) as fault:
        zh = f"{path.name} 不是可读的 .xlsx 工作簿（{fault}）。请在 Excel 或 WPS 中打开后另存为 .xlsx。"
        en = f"{path.name} is no readable .xlsx workbook ({fault}). Open it in Excel or WPS and save it as .xlsx."
        raise CompetitionError(zh, en) from fault


class _Parts:
    """The XML parts of the archive. Names of elements are taken without their namespace (transitional or strict)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def read(self, name: str) -> Element:
        if self.archive.getinfo(name).file_size > LARGEST:
            raise ValueError(f"{name} > {LARGEST} bytes")
        raw = self.archive.read(name)
        if b"<!DOCTYPE" in raw[:1000]:
            raise ValueError(f"{name}: DOCTYPE")
        root = ElementTree.fromstring(raw)
        for each in root.iter():
            each.tag = each.tag.rpartition("}")[2]
        return root

    def has(self, name: str) -> bool:
        return name in self.archive.namelist()


def _worksheets(parts: _Parts) -> Iterator[Worksheet]:
    targets = {
        each.attrib["Id"]: each.attrib["Target"]
        for each in parts.read("xl/_rels/workbook.xml.rels").iter("Relationship")
        if each.attrib["Type"].endswith("/worksheet")
    }
    strings = _strings(parts)
    percents = _percents(parts)
    for sheet in parts.read("xl/workbook.xml").iter("sheet"):
        ident = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
        if ident in targets:
            target = targets[ident]
            name = target[1:] if target.startswith("/") else f"xl/{target}"
            hidden = sheet.attrib.get("state", "visible") != "visible"
            yield _worksheet(Worksheet(sheet.attrib["name"], hidden), parts.read(name), strings, percents)


def _worksheet(sheet: Worksheet, root: Element, strings: list[str], percents: set[int]) -> Worksheet:
    number = 0
    for row in root.iter("row"):
        # Some programs leave the addresses out where they follow on from the one before.
        number = int(row.attrib.get("r", number + 1))
        if row.attrib.get("hidden") in ("1", "true"):
            sheet.hidden_rows.add(number)
        column = 0
        for each in row.iter("c"):
            column = _place(each.attrib["r"])[1] if "r" in each.attrib else column + 1
            if (cell := _cell(each, strings, percents)) is not None:
                sheet.cells[number, column] = cell
    _merge(sheet, root)
    return sheet


def _merge(sheet: Worksheet, root: Element) -> None:
    """Only as far as there are cells: a range may cover whole rows or columns."""
    last_row = max((row for row, _ in sheet.cells), default=0)
    last_column = max((column for _, column in sheet.cells), default=0)
    for merged in root.iter("mergeCell"):
        first, _, last = merged.attrib["ref"].partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        for row in range(top, min(bottom, last_row) + 1):
            for column in range(left, min(right, last_column) + 1):
                sheet.merged[row, column] = (top, left)


def _cell(each: Element, strings: list[str], percents: set[int]) -> Cell | None:
    kind, formula = each.attrib.get("t", "n"), each.find("f") is not None
    raw = each.findtext("v") or ""
    value: str | Decimal | None
    if kind == "inlineStr":
        value = _plain(each)
    elif not raw:
        return Cell(None, True) if formula else None
    elif kind == "s":
        value = strings[int(raw)]
    elif kind == "n":
        value = _EXCEL.create_decimal(raw).normalize()
    else:
        value = raw
    if isinstance(value, str) and not value.strip():
        return None
    return Cell(value, formula, int(each.attrib.get("s", 0)) in percents)


def _strings(parts: _Parts) -> list[str]:
    name = "xl/sharedStrings.xml"
    return [_plain(each) for each in parts.read(name).iter("si")] if parts.has(name) else []


def _plain(element: Element) -> str:
    """The text of runs, without the reading aids (rPh) that Asian versions of Excel keep beside them."""
    aids = {id(text) for aid in element.iter("rPh") for text in aid.iter("t")}
    return "".join(text.text or "" for text in element.iter("t") if id(text) not in aids)


def _percents(parts: _Parts) -> set[int]:
    """Numbers of the cell styles that show a percent sign; formats 9 and 10 are built in."""
    if not parts.has("xl/styles.xml"):
        return set()
    styles = parts.read("xl/styles.xml")
    formats = {int(f.attrib["numFmtId"]) for f in styles.iter("numFmt") if "%" in f.attrib["formatCode"]} | {9, 10}
    cells: Mapping[int, Element] = dict(enumerate(next(styles.iter("cellXfs"), Element("none"))))
    return {n for n, cell in cells.items() if int(cell.attrib.get("numFmtId", 0)) in formats}


def _place(address: str) -> Place:
    found = re.fullmatch(r"\$?([A-Z]+)\$?([0-9]+)", address)
    if found is None:
        raise ValueError(address)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
