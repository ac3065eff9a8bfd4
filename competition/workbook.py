"""An Excel workbook (.xlsx) as cells with their addresses: what is needed to read a scheme or a register, and nothing else.

A number is what Excel shows of it, 15 digits: the file holds a binary double for what somebody typed as 0.1. Formulas are not
computed; their cached value is read, and a formula without one is said. Styles are read for percent signs and dates only.

A workbook comes from anybody, so its size is bounded before it is unpacked, a document type is refused (that is where entities
come from), links to other files are not followed, and a workbook with macros is refused though nothing here could run one.
"""

import io
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
"""Bytes of all parts of the file, unpacked; the register of 4,000 contestants has a tenth of it."""
RATIO = 500
"""How many times a large part may grow when unpacked: Excel's own grow 10 to 60 times, a bomb a thousand."""
MOST_CELLS = 600_000
MOST_MERGED = 1_000_000
"""Places that merged ranges may cover, within the part of the sheet that holds anything."""

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
    date: bool = False
    error: bool = False

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
    since_1904: bool = False
    """Whether days are counted from 1904, as old Macs did."""
    _filled: dict[int, list[int]] = field(default_factory=dict)

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
        yield from sorted(self._by_row())

    def columns(self, row: int) -> list[int]:
        """Columns of a row's own filled cells, from the left."""
        return self._by_row().get(row, [])

    def put(self, address: str, text: str) -> None:
        """Another text in a cell, such as C17; an empty one empties it."""
        place = _place(address)
        self.cells.pop(place, None)
        if text.strip():
            self.cells[place] = Cell(text)
        self._filled.clear()

    def _by_row(self) -> dict[int, list[int]]:
        """Filled columns by row; made once, when the sheet has been read."""
        if not self._filled:
            for row, column in sorted(self.cells):
                self._filled.setdefault(row, []).append(column)
        return self._filled


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
        raw = path.read_bytes()
    except OSError as fault:
        raise _unreadable(path.name, fault) from fault
    return read_bytes(raw, path.name)


def read_bytes(raw: bytes, name: str) -> tuple[Worksheet, ...]:
    """The same of a file's bytes; `name` is what people call it."""
    if raw.startswith(_OLD):
        zh = f"{name} 是旧版 .xls 或加了密码。请在 Excel 或 WPS 中去掉密码，另存为 .xlsx。"
        raise CompetitionError(zh, f"{name} is an old .xls or has a password. Save it as .xlsx without one.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _bounded(archive, name)
            return tuple(_worksheets(_Parts(archive)))
    except (
        zipfile.BadZipFile,
        KeyError,
        ElementTree.ParseError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as fault:
        raise _unreadable(name, fault) from fault


def _unreadable(name: str, fault: Exception) -> CompetitionError:
    zh = f"{name} 不是可读的 .xlsx 工作簿（{fault}）。请在 Excel 或 WPS 中打开后另存为 .xlsx。"
    en = f"{name} is no readable .xlsx workbook ({fault}). Open it in Excel or WPS and save it as .xlsx."
    return CompetitionError(zh, en)


def _bounded(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what would unpack to too much, and macros. zipfile reads no more of a part than it declares."""
    parts = archive.infolist()
    grown = any(part.file_size > max(part.compress_size, 1) * RATIO for part in parts if part.file_size > 1_000_000)
    if grown or sum(part.file_size for part in parts) > LARGEST:
        raise CompetitionError(
            f"{name} 解压后太大，没有读。请删去多余的工作表、空行和图片，或分成几个文件。",
            f"{name} unpacks to too much and was not read. Remove spare sheets, empty rows and pictures, or split it.",
        )
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise CompetitionError(
            f"{name} 含有宏，没有读。请另存为不含宏的 .xlsx。",
            f"{name} has macros and was not read. Save it as .xlsx without macros.",
        )


class _Parts:
    """The XML parts of the archive. Names of elements are taken without their namespace (transitional or strict)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def raw(self, name: str) -> bytes:
        raw = self.archive.read(name)
        if b"<!DOCTYPE" in raw or b"\0" in raw:  # UTF-16 could hide one; no program writes it here
            raise ValueError(f"{name}: DOCTYPE")
        return raw

    def read(self, name: str) -> Element:
        root = ElementTree.fromstring(self.raw(name))
        for each in root.iter():
            each.tag = each.tag.rpartition("}")[2]
        return root

    def walk(self, name: str) -> Iterator[Element]:
        """Every element as it ends; rows are let go of, so that a long sheet is never a whole tree."""
        for _, each in ElementTree.iterparse(io.BytesIO(self.raw(name))):
            each.tag = each.tag.rpartition("}")[2]
            yield each
            if each.tag == "row":
                each.clear()

    def has(self, name: str) -> bool:
        return name in self.archive.namelist()


def _worksheets(parts: _Parts) -> Iterator[Worksheet]:
    targets = {
        each.attrib["Id"]: each.attrib["Target"]
        for each in parts.read("xl/_rels/workbook.xml.rels").iter("Relationship")
        if each.attrib["Type"].endswith("/worksheet")
    }
    book = parts.read("xl/workbook.xml")
    since_1904 = any(each.attrib.get("date1904") in ("1", "true") for each in book.iter("workbookPr"))
    strings, styles = _strings(parts), _styles(parts)
    for sheet in book.iter("sheet"):
        ident = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
        if ident in targets:
            target = targets[ident]
            name = target[1:] if target.startswith("/") else f"xl/{target}"
            hidden = sheet.attrib.get("state", "visible") != "visible"
            made = Worksheet(sheet.attrib["name"], hidden, since_1904=since_1904)
            yield _worksheet(made, parts.walk(name), strings, styles)


def _worksheet(sheet: Worksheet, elements: Iterator[Element], strings: list[str], styles: "_Styles") -> Worksheet:
    number, merged = 0, []
    for row in elements:
        if row.tag == "mergeCell":
            merged.append(row.attrib["ref"])
        if row.tag != "row":
            continue
        # Some programs leave the addresses out where they follow on from the one before.
        number = int(row.attrib.get("r", number + 1))
        if row.attrib.get("hidden") in ("1", "true"):
            sheet.hidden_rows.add(number)
        column = 0
        for each in row.iter("c"):
            column = _place(each.attrib["r"])[1] if "r" in each.attrib else column + 1
            if (cell := _cell(each, strings, styles)) is not None:
                sheet.cells[number, column] = cell
        if len(sheet.cells) > MOST_CELLS:
            raise ValueError(f"{sheet.name}: > {MOST_CELLS} cells")
    _merge(sheet, merged)
    return sheet


def _merge(sheet: Worksheet, merged: list[str]) -> None:
    """Only as far as there are cells: a range may cover whole rows or columns."""
    last_row = max((row for row, _ in sheet.cells), default=0)
    last_column = max((column for _, column in sheet.cells), default=0)
    covered = 0
    for ref in merged:
        first, _, last = ref.partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        bottom, right = min(bottom, last_row), min(right, last_column)
        covered += max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if covered > MOST_MERGED:
            raise ValueError(f"{sheet.name}: merged cells")
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                sheet.merged[row, column] = (top, left)


def _cell(each: Element, strings: list[str], styles: "_Styles") -> Cell | None:
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
    style = int(each.attrib.get("s", 0))
    return Cell(value, formula, style in styles.percents, style in styles.dates or kind == "d", kind == "e")


def _strings(parts: _Parts) -> list[str]:
    name = "xl/sharedStrings.xml"
    return [_plain(each) for each in parts.read(name).iter("si")] if parts.has(name) else []


def _plain(element: Element) -> str:
    """The text of runs, without the reading aids (rPh) that Asian versions of Excel keep beside them."""
    aids = {id(text) for aid in element.iter("rPh") for text in aid.iter("t")}
    return "".join(text.text or "" for text in element.iter("t") if id(text) not in aids)


@dataclass(frozen=True, slots=True)
class _Styles:
    """Numbers of the cell styles that show a percent sign, and of those that show a day."""

    percents: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()


def _styles(parts: _Parts) -> _Styles:
    """Formats 9 and 10 are built-in percents; 14 to 17, 22, 27 to 31, 36 and 50 to 58 are built-in days (some Chinese)."""
    if not parts.has("xl/styles.xml"):
        return _Styles()
    styles = parts.read("xl/styles.xml")
    shapes = {int(f.attrib["numFmtId"]): _bare(f.attrib["formatCode"]) for f in styles.iter("numFmt")}
    percents = {n for n, shape in shapes.items() if "%" in shape} | {9, 10}
    dates = {n for n, shape in shapes.items() if "y" in shape or ("d" in shape and "m" in shape)}
    dates |= {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}
    cells: Mapping[int, Element] = dict(enumerate(next(styles.iter("cellXfs"), Element("none"))))
    used = {n: int(cell.attrib.get("numFmtId", 0)) for n, cell in cells.items()}
    return _Styles(
        frozenset(n for n, shape in used.items() if shape in percents),
        frozenset(n for n, shape in used.items() if shape in dates),
    )


def _bare(code: str) -> str:
    """A number format without its quoted words, colours and locales: [Red]yyyy"年"m -> yyyym."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).lower()


def _place(address: str) -> Place:
    found = re.fullmatch(r"\$?([A-Z]+)\$?([0-9]+)", address)
    if found is None:
        raise ValueError(address)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
