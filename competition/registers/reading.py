"""An upload as checked rows, register by register, with a fault for every cell that isn't right."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from competition.registers.fields import REGISTERS, ROLE_NAMES, Field, Register
from competition.registers.habits import tidy
from competition.registers.identity import identity_fault
from competition.registers.known import STAND_IN, Known
from competition.registers.tables import Table, find_table, table_rows, worksheets
from competition.workbook import Cell, Worksheet, letters

LONGEST = 120
LISTS = "选项"
"""The hidden sheet of what drop-downs offer, in the workbooks we write."""
REHEARSED = (1, 5)
"""Where that sheet says that a rehearsal copy wrote it, row and column."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_NOTE = re.compile(r"(合计|总计|共计|填表说明|填写说明|说明|备注|注)([:：].*)?$")
_ENGLISH_ROLES = {"chief judge": "chief", "organizer": "organiser"}
ROLES = {**{name: id for id, name in ROLE_NAMES.items()}, **{id: id for id in ROLE_NAMES}, **_ENGLISH_ROLES,
         "记分员": "clerk", "统分员": "clerk", "评委": "judge", "监督": "supervisor"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something noticed in one cell. `column` is the field's id, "" for a whole row or sheet; texts never hold a number whole."""

    register: str
    sheet: str
    line: int
    cell: str
    column: str
    zh: str
    en: str
    severity: Literal["error", "warning"] = "error"

    @property
    def where(self) -> str:
        """An address for people: 选手!C17."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(slots=True)
class Row:
    """One line: the values of the columns that are there, in stored form. `key` says which row it is the same as."""

    line: int
    values: dict[str, str]
    key: str = ""
    faulty: bool = False


@dataclass
class Sheet:
    """The rows of one register, and how to speak of their cells."""

    table: Table
    faults: list[Fault]
    rows: list[Row] = field(default_factory=list)
    noted: set[tuple[int, str]] = field(default_factory=set)

    @property
    def register(self) -> Register:
        """Which register it is."""
        return self.table.register

    def note(self, row: Row, column: str, zh: str, en: str, severity: str = "error") -> None:
        """A fault in one cell of a row; an error keeps the row out."""
        row.faulty |= severity == "error"
        at = self.table.columns.get(column)
        cell = f"{letters(at)}{row.line}" if at else f"{row.line}"
        made = Fault(self.register.id, self.table.sheet.name, row.line, cell, column, zh, en, severity)  # type: ignore[arg-type]
        self.faults.append(made)
        self.noted.add((row.line, column))


@dataclass
class Reading:
    """What was read. `sheets` by register id; `faults` of all of them."""

    sheets: dict[str, Sheet]
    faults: list[Fault]

    @property
    def errors(self) -> int:
        """How many faults keep the import back."""
        return sum(one.severity == "error" for one in self.faults)


def read_upload(raw: bytes, name: str, known: Known, fixes: Mapping[str, str] | None = None) -> Reading:
    """Everything an uploaded file says, checked. CompetitionError if the file can't be read at all.

    `fixes` are cells mended on screen, by address: 选手!C17 -> the text to read there; 选手!17 -> anything leaves the row out.
    """
    from competition.registers import contestants, keys

    reading = Reading({}, [])
    for sheet in worksheets(raw, name):
        _mend(sheet, fixes or {})
        if sheet.hidden and sheet.name == LISTS:  # our own, behind the drop-downs
            if sheet.own(*REHEARSED) is not None and not known.rehearsal:
                _about(
                    reading, name, "这份工作簿是从演练副本下载的，不能导入正式库。请从正式库下载模板或导出",
                    "this workbook comes from a rehearsal copy; the real games don't take it: download it from them",
                )  # fmt: skip
            continue
        if sheet.hidden:
            _about(reading, sheet.name, "隐藏的工作表，没有读", "a hidden worksheet; it was not read", "warning")
        elif (table := find_table(sheet)) is not None:
            _take(reading, table)
        elif sheet.cells:
            _about(
                reading, sheet.name, "没有找到标题行，没有读", "no heading row was found; it was not read", "warning"
            )
    if not reading.sheets:
        said = "；".join(
            f"{one.name['zh']}：{'、'.join(one.field(f).name['zh'] for f in one.named)}" for one in REGISTERS
        )
        _about(
            reading,
            name,
            f"没有认出任何表。标题行至少要有——{said}",
            "no table was recognised; download a template and fill it",
        )
    for register in REGISTERS:
        if register.id in reading.sheets:
            own = reading.sheets[register.id]
            _read_rows(own, known)
            keys.settle(own, known)
            if register.id == "contestants":
                contestants.settle(own, known)
    reading.faults.sort(key=lambda one: (one.severity, one.register, one.line))
    return reading


def _mend(sheet: Worksheet, fixes: Mapping[str, str]) -> None:
    """Put what was typed on screen into its cells, and take rows out that are to be left out."""
    for where, text in fixes.items():
        name, _, place = where.rpartition("!")
        if name == sheet.name and place.isdigit():
            for column in sheet.columns(int(place)):
                sheet.cells.pop((int(place), column), None)
        elif name == sheet.name:
            sheet.put(place, text)


def _take(reading: Reading, table: Table) -> None:
    """File a table under its register; a second one of the same register is refused, and so is a column given twice."""
    if table.register.id in reading.sheets:
        first = reading.sheets[table.register.id].table.sheet.name
        zh = f"与“{first}”是同一种表，请合并成一张"
        return _about(reading, table.sheet.name, zh, f"the same kind of table as “{first}”: make them one")
    own = reading.sheets[table.register.id] = Sheet(table, reading.faults)
    for columns, zh, en, severity in (
        (table.twice, "这一列出现了两次，请删去一列", "this column is there twice: delete one", "error"),
        (table.unknown, "不认识这一列，没有导入", "this column is not known; it is not imported", "warning"),
    ):
        for column in columns:
            place = f"{letters(column)}{table.head}"
            reading.faults.append(
                Fault(table.register.id, table.sheet.name, table.head, place, "", zh, en, severity)  # type: ignore[arg-type]
            )
    hidden = sorted(table.sheet.hidden_rows)
    if hidden:
        said = "、".join(map(str, hidden[:8])) + ("…" if len(hidden) > 8 else "")
        zh, en = (
            f"隐藏的行 {said} 也读了，不要的请删除",
            f"hidden rows {said} were read too: delete those you don't want",
        )
        _about(reading, table.sheet.name, zh, en, "warning")
    assert own.rows == []


def _read_rows(own: Sheet, known: Known) -> None:
    """Every row's cells in stored form."""
    sheet, formulas = own.table.sheet, dict.fromkeys(own.table.columns, 0)
    for line in table_rows(own.table):
        cells = {name: sheet.own(line, at) for name, at in own.table.columns.items()}
        texts = [cell.text for cell in cells.values() if cell and cell.text]
        if not texts or _heading_again(own, cells):
            continue
        row = Row(line, {})
        if _NOTE.match(texts[0].strip()) and len(texts) <= 2:
            own.note(row, "", "像是合计或说明，没有导入", "looks like a sum or a remark; it is not imported", "warning")
            continue
        for name, cell in cells.items():
            about = own.register.field(name)
            text = ""
            if cell is not None:
                formulas[name] += cell.formula
                tidied = tidy(cell, about.kind, sheet.since_1904)
                text = tidied.text
                for severity, zh, en in tidied.noticed:
                    own.note(row, name, zh, en, severity)
            row.values[name] = _checked(own, row, about, text, known)
        own.rows.append(row)
    for name, count in formulas.items():
        if count:
            row = Row(own.table.head, {})
            zh, en = (
                f"这一列有 {count} 个公式，按算好的值读",
                f"{count} formulas in this column; their last values were read",
            )
            own.note(row, name, zh, en, "warning")


def _heading_again(own: Sheet, cells: Mapping[str, Cell | None]) -> bool:
    """A heading repeated for printing."""
    for name, cell in cells.items():
        said = own.table.sheet.seen(own.table.head, own.table.columns[name])
        if said is None or cell is None or cell.text != said.text:
            return False
    return True


def _checked(own: Sheet, row: Row, about: Field, text: str, known: Known) -> str:
    """One value in stored form: references become ids. "" with a fault where it can't stand."""
    if not text:
        # A cell that already has a fault is not called missing too.
        if about.needed and (row.line, about.id) not in own.noted:
            own.note(row, about.id, f"没有填{about.name['zh']}", f"{about.name['en'].lower()} is missing")
        return ""
    if len(text) > LONGEST:
        own.note(
            row,
            about.id,
            f"太长（{len(text)} 字，最多 {LONGEST}）",
            f"too long ({len(text)} characters; at most {LONGEST})",
        )
        return ""
    if about.choices == "roles":
        return _role(own, row, about, text)
    if about.choices:
        return _reference(own, row, about, text, known)
    fault = _kind_fault(about, text, known)
    if fault:
        own.note(row, about.id, fault[1], fault[2], fault[0])
    return "" if fault and fault[0] == "error" else text


def _kind_fault(about: Field, text: str, known: Known) -> tuple[str, str, str] | None:
    """(severity, zh, en) of a value that isn't of its column's kind."""
    if about.kind == "code" and not _CODE.fullmatch(text):
        return (
            "error",
            "只能用字母、数字、_、. 和 -，以字母或数字开头",
            "letters, digits, _, . and - only, a letter or digit first",
        )
    if about.kind == "number" and not re.fullmatch(r"[1-9]\d{0,2}", text):
        return "error", "应为 1 到 999 的整数", "a whole number from 1 to 999"
    if about.kind == "identity" and "*" not in text:
        return identity_fault(text)
    if about.kind == "phone" and "*" not in text and not re.fullmatch(r"1[3-9]\d{9}|\+?\d{7,15}", text):
        return (
            "error",
            "电话应为 11 位手机号或带区号的座机",
            "a mobile number of 11 digits, or a landline with its area code",
        )
    if about.kind == "name" and not re.search(r"[^\W\d_]", text):
        return "error", "不像姓名", "doesn't look like a name"
    if about.kind == "name" and not known.rehearsal and re.fullmatch(rf"{STAND_IN}\d+", text):
        return "error", "这是演练副本里的代称，不是姓名", "stands for a name in a rehearsal copy; it isn't one"
    if about.kind in ("name", "text") and (lacking := list(known.unprintable(text))):
        said = "、".join(f"{c}（U+{ord(c):04X}）" for c in lacking)
        return "warning", f"字体里没有 {said}，证书上会是空白，请核对用字", f"no font has {said}: check the character"
    return None


def _role(own: Sheet, row: Row, about: Field, text: str) -> str:
    found = ROLES.get(text.casefold()) or ROLES.get(text)
    if found is None:
        legal = "、".join(ROLE_NAMES.values())
        own.note(row, about.id, f"没有这种角色，可用：{legal}", f"no such role; use {', '.join(ROLE_NAMES)}")
    return found or ""


def _reference(own: Sheet, row: Row, about: Field, text: str, known: Known) -> str:
    found = known.find(about.choices, text)
    if found:
        return found
    if found == "":
        zh, en = f"“{text}”有几个，请改填代码", f"several are called “{text}”: write the code"
    else:
        near = known.near(about.choices, text)
        zh = f"没有“{text}”" + (f"，是不是“{near}”？" if near else f"，请先在{about.name['zh']}表里登记")
        en = f"there is no “{text}”" + (f"; did you mean “{near}”?" if near else ": register it first")
    own.note(row, about.id, zh, en)
    return ""


def _about(reading: Reading, sheet: str, zh: str, en: str, severity: str = "error") -> None:
    reading.faults.append(Fault("", sheet, 0, "", "", zh, en, severity))  # type: ignore[arg-type]
