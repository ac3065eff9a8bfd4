"""An import of theory marks: checked cell by cell against the sheets, shown as a dry run, and carried out in one act.

The clerk sees codes. A table names its entries by one kind of code; were kinds mixed, a dry run could tell which code of one
kind is which of another, and that is sealed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from competition import judging, rules, store
from competition.errors import CompetitionError, Conflict, MarkError
from competition.store.sheets import SheetNow
from competition.web.clerk_views import CellFinding, Change, Plan, TheoryCell, TheoryLine, TheoryPage
from competition.web.keying import keyed, wide_part
from competition.web.said import sheet_title
from competition.web.theory_table import Row, marked_items, read_rows
from competition.web.views import Text

CODE: Text = {"zh": "编号", "en": "code"}
LOOKS_LIKE_A_CODE = re.compile(r"[A-Za-z]{1,2}[0-9]{1,4}")
KINDS: tuple[Text, ...] = (
    {"zh": "参赛号", "en": "entry codes"},
    {"zh": "工位号", "en": "station codes"},
    {"zh": "评审号", "en": "judging codes"},
)


def page(conn: sa.Connection, event_id: str, wanted: str, text: str = "", reason: str = "") -> TheoryPage:
    """The import page of an event; with a dry run of `text` unless it is empty. Raises what makes the text unreadable."""
    known, law = judging.event_line(conn, event_id), store.thawed(conn, event_id)
    forms = {f"{form.module}/{form.id}": form for form in law.sheets if form.panel.kind == "import"}
    form = forms.get(wanted) or next(iter(forms.values()), None)
    field = Entrants(conn, event_id, form) if form else None
    dry = plan(field, read_rows(text, field.form)) if field and text.strip() else None
    first = marked_items(form) if form else ()
    return TheoryPage(
        id=event_id,
        name={"zh": known.name_zh, "en": known.name_en},
        sheets=tuple((path, sheet_title(law, form.module, form.id)) for path, form in forms.items()),
        sheet=f"{form.module}/{form.id}" if form else "",
        header={
            "zh": "编号," + ",".join(["成绩"] if len(first) == 1 else [item.name.zh for item in first]),
            "en": "code," + ",".join(["mark"] if len(first) == 1 else [item.id for item in first]),
        },
        drawn=known.drawn_at is not None,
        entries=len(field.competing()) if field else 0,
        missing=dry.missing if dry else field.missing({}, 0) if field else (),
        text=text,
        reason=reason,
        plan=dry,
    )


def carry_out(
    conn: sa.Connection,
    event_id: str,
    wanted: str,
    text: str,
    seen: str,
    by: judging.Official,
    reason: str,
    at: datetime,
) -> int:
    """Import the table exactly as its dry run `seen` showed it; how many marks are new. Else nothing is written."""
    judging.permit(conn, by, "enter", event_id)
    view = page(conn, event_id, wanted, text)
    if view.plan is None:
        raise MarkError("还没有内容。请粘贴表格或选择文件。", "There is nothing yet. Paste the table or choose a file.")
    if view.plan.errors:
        raise MarkError(
            f"有 {view.plan.errors} 处不对，没有写入任何成绩。请改好后重新检查。",
            f"{view.plan.errors} cells are wrong; nothing was written. Mend them and check again.",
        )
    if view.plan.digest != seen:
        raise Conflict(
            "内容或现有成绩在检查之后变了，没有写入。请核对下面新的检查结果，再确认。",
            "The table or the marks changed after the check; nothing was written. Look at the new check, then confirm.",
        )
    if view.plan.count("changed") and not reason.strip():
        raise MarkError(
            "有更正的成绩，请写明更正理由。", "Some marks correct others: give the reason for the correction."
        )
    module, sheet = view.sheet.split("/")
    return judging.import_theory(
        conn, event_id, module, sheet, view.plan.rows, by, at, reason.strip() or None, view.plan.kind
    )


class Entrants:
    """The entries of an event by code, each with its import sheet as it stands."""

    def __init__(self, conn: sa.Connection, event_id: str, form: rules.Sheet) -> None:
        self.form = form
        self.items = marked_items(form)
        self.lines = {line.id: line for line in judging.entries(conn, event_id)}
        self.codes = {
            code.upper(): (line.id, kind) for line in self.lines.values() for kind, code in enumerate(line.codes)
        }
        self.sheets = {
            now.entry_id: now
            for now in store.sheets.event_sheets(conn, event_id).values()
            if (now.module, now.sheet) == (form.module, form.id)
        }

    def competing(self) -> list[str]:
        """The entries that owe this sheet."""
        return [entry for entry in self.sheets if not self.lines[entry].status]

    def missing(self, rows: Mapping[str, Mapping[str, str]], kind: int) -> tuple[str, ...]:
        """The codes (of one kind) that still lack a required mark once `rows` are in."""
        needed = {item.id for item in self.items if item.required}
        return tuple(
            sorted(
                (self.lines[entry].codes or (entry[:6],) * 3)[kind]
                for entry in self.competing()
                if needed - rows.get(entry, {}).keys() - _marked(self.sheets[entry])
            )
        )


def plan(field: Entrants, rows: tuple[Row, ...]) -> Plan:
    """What an import of these rows would do, and all that is wrong with them."""
    check = _Check(field)
    for row in rows:
        check.row(row)
    good = check.good
    order: dict[Change, int] = {"changed": 0, "new": 1, "same": 2}
    lines = sorted(check.lines, key=lambda line: (order[line.change], line.line))
    differences = [[entry, item, _now(field.sheets[entry], item), value]
                   for entry, values in sorted(good.items()) for item, value in sorted(values.items())]  # fmt: skip
    return Plan(
        columns=tuple(item.name for item in field.items),
        lines=tuple(lines),
        findings=tuple(check.findings),
        missing=field.missing(good, check.kind or 0),
        digest=store.digest_of([field.form.path, differences]),
        rows=good,
        kind=check.kind or 0,
    )


@dataclass
class _Check:
    """Goes through the rows; keeps what is good, and a finding for each cell that isn't."""

    field: Entrants

    def __post_init__(self) -> None:
        self.kind: int | None = None
        self.seen: dict[str, int] = {}
        self.good: dict[str, dict[str, str]] = {}
        self.lines: list[TheoryLine] = []
        self.findings: list[CellFinding] = []

    def row(self, row: Row) -> None:
        """Check one row."""
        before = len(self.findings)
        if row.extra:
            self._wrong(
                row,
                CODE,
                f"比标题行多出 {row.extra} 格，请删去",
                f"{row.extra} more cells than the header: remove them",
            )
        entry = self._entry(row)
        values = {}
        for item in self.field.items:
            value = self._value(row, item, self.field.sheets.get(entry) if entry else None)
            if value is not None:
                values[item.id] = value
        faults = [one for one in self.findings[before:] if one.severity == "error"]
        if entry and not faults:
            self.good[entry] = values
            self.lines.append(self._line(row, entry, values))

    def _entry(self, row: Row) -> str | None:
        """The entry behind the row's code, or None and a finding. What doesn't look like a code isn't repeated."""
        found = self.field.codes.get(row.code.upper())
        if not row.code:
            self._wrong(row, CODE, "没有编号", "the code is missing")
        elif wide := wide_part(row.code):
            self._wrong(row, CODE, f"“{wide}”是全角字符，请改成半角", f"“{wide}” is full-width: type it plain")
        elif found is None and LOOKS_LIKE_A_CODE.fullmatch(row.code):
            self._wrong(row, CODE, f"这个赛项没有编号“{row.code}”", f"no entry of this event has code “{row.code}”")
        elif found is None:
            self._wrong(
                row, CODE, "这不是编号。请填 S01 这样的编号，不要填姓名", "not a code. Write one like S01, no names"
            )
        if found is None:
            return None
        entry, kind = found
        self.kind = kind if self.kind is None else self.kind
        if kind != self.kind:
            first, this = KINDS[self.kind], KINDS[kind]
            self._wrong(
                row, CODE,
                f"“{row.code}”是{_zh(this)}，前面用的是{_zh(first)}；一个表只用一种编号",
                f"“{row.code}” is one of the {_en(this)}, the lines above use {_en(first)}: keep to one kind in a table",
            )  # fmt: skip
        elif line := self.seen.get(entry):
            self._wrong(
                row,
                CODE,
                f"“{row.code}”与第 {line} 行重复，请删去一行",
                f"“{row.code}” is in line {line} already: delete one",
            )
        elif entry not in self.field.sheets:
            self._wrong(
                row,
                CODE,
                f"“{row.code}”没有这张评分表，请组委会先分配",
                f"“{row.code}” has no such sheet: have the organiser assign it",
            )
        else:
            self.seen[entry] = row.line
            return entry
        return None

    def _value(self, row: Row, item: rules.Item, now: SheetNow | None) -> str | None:
        """The canonical value of one cell; None, with a finding, when it has none that can stand."""
        typed = row.values.get(item.id)
        if typed is None:
            return None
        if not typed:
            self._add(row, item.name, "没有填成绩，这一格不导入", "empty: nothing is imported for this cell", "warning")
            return None
        try:
            value = keyed(item, typed)
        except CompetitionError as refusal:
            self._wrong(row, item.name, refusal.zh, refusal.en)
            return None
        if now is not None and not now.is_open and _now(now, item.id) != value:
            old = _now(now, item.id) or "—"
            self._wrong(
                row, item.name,
                f"评分表已签名或锁定，现有 {old}，表里是 {value}。要更正，请裁判长先解锁",
                f"the sheet is signed or locked with {old}, the table says {value}. To correct it, have the chief judge unlock it",
            )  # fmt: skip
        return value

    def _line(self, row: Row, entry: str, values: Mapping[str, str]) -> TheoryLine:
        now = self.field.sheets[entry]
        cells = tuple(TheoryCell(_now(now, item.id), values.get(item.id)) for item in self.field.items)
        change: Change = "same"
        if any(cell.new is not None and cell.old is None for cell in cells):
            change = "new"
        if any(cell.new is not None and cell.old not in (None, cell.new) for cell in cells):
            change = "changed"
        return TheoryLine(row.line, row.code.upper(), self.field.lines[entry].status, change, cells)

    def _wrong(self, row: Row, column: Text, zh: str, en: str) -> None:
        self._add(row, column, zh, en, "error")

    def _add(self, row: Row, column: Text, zh: str, en: str, severity: Literal["error", "warning"]) -> None:
        self.findings.append(CellFinding(row.line, column, {"zh": zh, "en": en}, severity))


def _now(now: SheetNow, item: str) -> str | None:
    cell = now.marks.get(item)
    return None if cell is None else cell[0]


def _marked(now: SheetNow) -> set[str]:
    return {item for item in now.marks if _now(now, item) is not None}


def _zh(text: Text) -> str:
    return text["zh"]


def _en(text: Text) -> str:
    return text["en"]
