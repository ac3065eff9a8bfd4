"""A marking-scheme workbook as organisers keep it, read into a scheme with a finding for every doubt and its cell.

Read are: one worksheet for all or one per module; Chinese or English headings in any row; merged cells, and blank cells below a
part, module or group; rows that are headings themselves; subtotals; descriptors in columns, in one cell, or in rows of their own
as in WorldSkills import sheets (reference: rules.md section 3). Nothing is guessed silently.
"""

import hashlib
import re
from decimal import Decimal
from pathlib import Path

from competition.rules.drafting.cells import Cells
from competition.rules.drafting.checks import check_scheme
from competition.rules.drafting.scheme import Aspect, Group, Scheme, Unit, percent_in, plain, points_in, seating_in
from competition.rules.drafting.table import Columns, columns_at
from competition.rules.drafting.totals import Totals
from competition.workbook import Worksheet, read_workbook

_TOTAL = re.compile(r"(.*(小计|合计|总计|共计)|总分|(sub-?total|(grand)?total)(marks?|points?)?)(\(.*\))?:?")
_SIGNED = re.compile(
    r"(裁判|评委|选手|记录|统分|judge|expert).{0,6}(签名|签字|signature).*|(签名|签字|日期|signature|date)[:_]?.*"
)
_REMARK = re.compile(r"(注|说明|备注|notes?|remarks?)[:.0-9]")
_PART = re.compile(r"第?[一二三四五六七八九十0-9]+部分|part[0-9a-z]?[:.)]")
_MODULE = re.compile(r"模块|任务|module|task|testproject")
_GENERIC = re.compile(r"(sheet|工作表|表)[0-9]*")


def read_scheme(path: Path) -> Scheme:
    """The scheme of a workbook, with everything that was noticed. Raises CompetitionError if the file can't be read."""
    sheets = read_workbook(path)
    scheme = Scheme("", path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    tables = {sheet.name: _tables(sheet) for sheet in sheets if not sheet.hidden}
    for sheet in sheets:
        if sheet.hidden:
            zh, en = (
                "隐藏的工作表，没有读。算数的请取消隐藏。",
                "A hidden worksheet; it was not read. Unhide it if it counts.",
            )
            scheme.note(sheet.name, zh, en)
        else:
            _Reader(sheet, tables[sheet.name], scheme, sum(map(bool, tables.values())) > 1).read()
    scheme.title = scheme.title or path.stem
    check_scheme(scheme)
    return scheme


def _tables(sheet: Worksheet) -> dict[int, Columns]:
    """The heading rows of a worksheet. Where a WorldSkills import sheet begins, the summaries before it hold no items."""
    found = {row: columns for row in sheet.rows if (columns := columns_at(sheet, row))}
    if any(columns.worldskills for columns in found.values()):
        return {row: columns for row, columns in found.items() if columns.worldskills}
    return found


class _Reader:
    """Walks down one worksheet and knows which part, module and group it is in."""

    def __init__(self, sheet: Worksheet, tables: dict[int, Columns], scheme: Scheme, one_of_many: bool) -> None:
        self.sheet, self.tables, self.scheme = sheet, tables, scheme
        self.totals = Totals(scheme)
        self.part, self.module, self.group = "", "", ""
        sheet_name = plain(sheet.name)
        self.own_module = bool(_MODULE.match(sheet_name)) or (one_of_many and not _GENERIC.fullmatch(sheet_name))
        self.criteria: dict[str, str] = {}
        self.last: Aspect | None = None

    def read(self) -> None:
        self._hidden()
        if not self.tables:
            zh = "没有找到评分项的表（要有评分项和配分两列），没有读。"
            en = "No table of items here (it needs a column of items and one of points); it was not read."
            self.scheme.note(self.sheet.name, zh, en)
        cells: Cells | None = None
        for row in self.sheet.rows:
            if row in self.tables:
                cells = Cells(self.sheet, self.tables[row], self.scheme)
                self._begin(row, cells)
            elif cells is None:
                self._prose(row)
            elif row >= cells.columns.start:
                self._row(row, cells)
        self.totals.finish()

    def _hidden(self) -> None:
        rows = sorted(self.sheet.hidden_rows & set(self.sheet.rows))
        if rows:
            said = ", ".join(map(str, rows))
            zh = f"隐藏的行 {said} 也读了。不算数的请删除。"
            en = f"Hidden rows {said} were read too. Delete those that don't count."
            self.scheme.note(f"{self.sheet.name}!{rows[0]}:{rows[-1]}", zh, en)

    # Beside the table

    def _prose(self, row: int) -> None:
        """The title, what is said of the judges, and the list of WorldSkills criteria."""
        own = self.sheet.columns(row)
        first = self.sheet.cells[row, own[0]].text
        if self.tables and not self.scheme.title and len(first) > 1:
            self.scheme.title = first
        if re.fullmatch("[A-Z]", first) and len(own) > 1:
            self.criteria[first] = self.sheet.cells[row, own[1]].text
        self._seating(row)

    def _seating(self, row: int) -> bool:
        """Take what a row says of the number of judges and of how they are combined."""
        for column in self.sheet.columns(row):
            cell, known = self.sheet.cells[row, column], self.scheme.seating
            said = seating_in(cell.value) if isinstance(cell.value, str) else None
            if said:
                known.seats = known.seats or said.seats
                if said.method and not known.method:
                    known.method, known.low, known.high = said.method, said.low, said.high
                zh = f"裁判人数与合成办法读自这句话，请核对：{cell.text[:40]}"
                en = f"Judges and how they are combined were read from this sentence; check it: {cell.text[:40]}"
                self.scheme.note(self.sheet.at(row, column), zh, en)
                return True
        return False

    def _begin(self, row: int, cells: Cells) -> None:
        """A heading row. In WorldSkills sheets it comes again for every criterion and prints its marks at the end."""
        self.group, self.last = "", None
        if cells.columns.get("type") is None:
            zh, en = (
                "没有“类型”一列，各项按 0 到满分打分起草。",
                "No column of types: every item is drafted as points from 0 up.",
            )
            self.scheme.note(f"{self.sheet.name}!{row}:{row}", zh, en)
        if not cells.columns.worldskills:
            return
        self.scheme.seating.worldskills = True
        columns = self.sheet.columns(row)
        texts = [plain(self.sheet.cells[row, column].text) for column in columns]
        if letter := next((m[1] for text in texts if (m := re.fullmatch("criterion([a-z])", text))), ""):
            self._criterion(letter.upper())
            numbers = [at for at in columns if isinstance(self.sheet.cells[row, at].value, Decimal)]
            if numbers:
                where = self.sheet.at(row, numbers[-1])
                self.totals.printed(self._unit(), None, where, cells.number(row, numbers[-1]))

    # Rows of the table

    def _row(self, row: int, cells: Cells) -> None:
        own = self.sheet.columns(row)
        texts = [plain(self.sheet.cells[row, column].text) for column in own]
        if any(_SIGNED.fullmatch(text) for text in texts):
            return
        label = next((column for column, text in zip(own, texts, strict=True) if _TOTAL.fullmatch(text)), None)
        if label is not None and not cells.own(row, "type"):
            self._total(row, label, cells)
        elif not self._descriptor(row, cells) and not (len(own) == 1 and self._heading(row, own[0], cells)):
            self._groups(row, cells)
            self._aspect(row, cells)

    def _total(self, row: int, label: int, cells: Cells) -> None:
        """A subtotal or total: its number stands below the points, or last in the row."""
        numbers = [at for at in self.sheet.columns(row) if not isinstance(self.sheet.cells[row, at].value, str)]
        points = cells.columns.of["points"]
        column = points if self.sheet.own(row, points) and points != label else numbers[-1] if numbers else None
        if column is None:
            return
        where = self.sheet.at(row, column)
        cell = self.sheet.cells[row, column]
        if cell.value is None or (cell.formula and cell.value == 0):
            zh = "公式没有存下结果，没法核对。请在 Excel 中打开并保存一次。"
            self.scheme.note(
                where, zh, "A formula without a stored result can't be checked. Open the workbook in Excel and save it."
            )
        elif (number := cells.number(row, column)) is not None:
            self.totals.said(self._unit(), self.group, self.sheet.cells[row, label].text, where, number)

    def _descriptor(self, row: int, cells: Cells) -> bool:
        """In WorldSkills sheets the scores 0 to 3 of a judgement aspect follow it, one a row."""
        column = cells.columns.get("score")
        score = self.sheet.own(row, column) if column else None
        if self.last is None or score is None or cells.own(row, "item") or score.text not in ("0", "1", "2", "3"):
            return False
        if words := " ".join(cells.criteria(row).split()):
            self.last.legend[int(score.text)] = words
        return True

    def _heading(self, row: int, column: int, cells: Cells) -> bool:
        """A row with one text across the table is the name of a module or of a group, or a remark."""
        cell = self.sheet.cells[row, column]
        across = self.sheet.merged.get((row, column + 1)) == (row, column)
        of_table = column in (*cells.columns.of.values(), *cells.columns.texts)
        if not isinstance(cell.value, str):
            return False
        if self._seating(row) or _REMARK.match(plain(cell.text)):
            return True
        if of_table and not across:
            return False
        if _PART.match(plain(cell.text)) and cells.columns.get("part") is None:
            self._part(*percent_in(cell.text))
            return True
        name, printed = points_in(cell.text)
        is_module = bool(_MODULE.match(plain(name))) and cells.columns.get("module") is None
        self.module, self.group = (name, "") if is_module else (self.module, name)
        self.totals.printed(self._unit(), None if is_module else name, self.sheet.at(row, column), printed)
        self.last = None
        return True

    def _groups(self, row: int, cells: Cells) -> None:
        """Part, module and group of a row: what a reader sees there; a blank goes on with what stood above."""
        if part := cells.seen(row, "part"):
            name, percent = percent_in(part)
            self._part(name, percent if percent is not None else cells.percent(row, "weight"))
        name, printed = points_in(cells.seen(row, "module"))
        if name and name != self.module:
            self.module, self.group = name, ""
            self.totals.printed(self._unit(), None, cells.at(row, "module"), printed)
        if section := cells.seen(row, "section"):
            self.group = points_in(section)[0]
        self._criteria(cells.own(row, "sub_id"), cells.own(row, "sub_name"))

    def _part(self, name: str, weight: Decimal | None) -> None:
        self.part = name
        if weight is not None:
            self.scheme.weights.setdefault(name, weight)

    def _criteria(self, ident: str, name: str) -> None:
        """WorldSkills: A is a criterion, A1 a group of it."""
        if re.fullmatch("[A-Z]", ident):
            self.criteria.setdefault(ident, name)
            self._criterion(ident)
        elif found := re.fullmatch(r"([A-Z])[ .]?[0-9]+", ident):
            self._criterion(found[1])
            self.group, self.last = f"{ident} {name}".strip(), None

    def _criterion(self, letter: str) -> None:
        self.module, self.group = f"{letter} {self.criteria.get(letter, '')}".strip(), ""

    def _aspect(self, row: int, cells: Cells) -> None:
        """A line that is marked, or more words to the one above."""
        name, worth = cells.own(row, "item"), cells.own(row, "points")
        words = " ".join(cells.criteria(row).split())
        unpriced = not worth and self.sheet.own(row, cells.columns.of["points"]) is None
        if not name and unpriced:
            if self.last is not None and words:
                self.last.text = f"{self.last.text} {words}".strip()
            return
        if not name and self.sheet.covered(row, cells.columns.of["item"]):
            name = f"{cells.seen(row, 'item')} {words[:30]}".strip()
        where = cells.at(row, "item")
        if not name:
            self.scheme.error(
                where, "有配分，没有评分项名称。请补上。", "Points without the name of an item. Fill it in."
            )
            name = words[:30] or "?"
        points = cells.points(row)
        aspect = Aspect(f"a{len(self.scheme.aspects) + 1}", name, cells.settled(row, points), points, where, words)
        aspect.legend = cells.legend(row)
        self._group().aspects.append(aspect)
        self.totals.add(aspect)
        self.last = aspect

    # Where an item goes

    def _unit(self) -> Unit:
        name = self.module or (self.sheet.name if self.own_module else self.scheme.title or self.sheet.name)
        for unit in self.scheme.units:
            if (unit.part, unit.name) == (self.part, name):
                return unit
        self.scheme.units.append(Unit(name, self.part))
        return self.scheme.units[-1]

    def _group(self) -> Group:
        unit = self._unit()
        for group in unit.groups:
            if group.name == self.group:
                return group
        unit.groups.append(Group(self.group))
        return unit.groups[-1]
