"""One entry by code: its sheets and what may be done about them, and how its result was computed."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from competition import judging, rules, store
from competition.errors import NotFound
from competition.judging.standings import needs_second
from competition.web import matrix
from competition.web.entry_views import Clash, EntryPage, ExplainedLine, Explanation, LateMark, SheetLine
from competition.web.overview import CLOSED, RECEIVED
from competition.web.said import seat_said, sheet_title
from competition.words import Lang


def entry_page(conn: sa.Connection, event_id: str, code: str, roles: frozenset[str]) -> EntryPage:
    """One entry by code with its sheets."""
    entry, sheets = entry_of(conn, event_id, code)
    law, away = store.thawed(conn, event_id), matrix.absences(conn, event_id)
    may = matrix.powers(roles)
    rivals = judging.clashes(conn, event_id) if "settle" in may else {}
    late = judging.late_marks(conn, event_id) if "settle" in may else []
    lines = tuple(
        SheetLine(
            id=sheet.sheet,
            title=sheet_title(law, sheet.module, sheet.name),
            seat=seat_said(law, sheet.seat),
            cell=matrix.cell(sheet, away),
            clash=_clashes(law, sheet, rivals if "settle" in may else {}),
            signed_at=sheet.signed_at,
            open=sheet.state not in RECEIVED,
            late=_late(law, sheet, late),
        )
        for sheet in sheets
        if sheet.entry == entry.id
    )
    known = judging.event_line(conn, event_id)
    return EntryPage(
        event_id,
        {"zh": known.name_zh, "en": known.name_en},
        code,
        entry.status,
        lines,
        may,
        needs_second(conn, event_id),
    )


def explanation(conn: sa.Connection, event_id: str, code: str, lang: Lang) -> Explanation:
    """How one entry's result was computed, by code; withheld while a sheet of it is not locked."""
    entry, sheets = entry_of(conn, event_id, code)
    known = judging.event_line(conn, event_id)
    name = {"zh": known.name_zh, "en": known.name_en}
    away = matrix.absences(conn, event_id)
    open_sheets = [
        sheet
        for sheet in sheets
        if sheet.entry == entry.id and sheet.state not in CLOSED and matrix.cell(sheet, away).state != "absent"
    ]
    if open_sheets and not entry.status:
        return Explanation(event_id, name, code, open=len(open_sheets))
    text = judging.standings(conn, event_id).explain(entry.id, lang)
    return Explanation(event_id, name, code, explained(text.replace(entry.id, code)))


def entry_of(conn: sa.Connection, event_id: str, code: str) -> tuple[judging.EntryLine, list[judging.Progress]]:
    """The entry behind a code, and all sheets of the event. NotFound when no entry has it."""
    sheets, entries = judging.progress(conn, event_id), judging.entries(conn, event_id)
    codes = matrix.codes_of(entries, sheets)
    for entry in entries:
        if codes[entry.id] == code:
            return entry, sheets
    raise NotFound(
        f"这个赛项没有编号“{code}”。请从进度表进入。", f"No entry has code “{code}”. Start from the progress table."
    )


def explained(text: str) -> tuple[ExplainedLine, ...]:
    """The engine's indented text in columns: two blanks a level, two blanks between what, value and how."""
    lines = []
    for line in text.splitlines():
        bare = line.lstrip(" ")
        depth = (len(line) - len(bare)) // 2
        title, value, how = (*(part.strip() for part in bare.split("  ", 2)), "", "")[:3] if depth else (bare, "", "")
        lines.append(ExplainedLine(depth, title, value, how))
    return tuple(lines)


def _clashes(
    law: rules.Rules, sheet: judging.Progress, rivals: Mapping[tuple[str, str], tuple[judging.Rival, ...]]
) -> tuple[Clash, ...]:
    form = law.sheet(sheet.module, sheet.name)
    return tuple(
        Clash(
            item,
            form.item(item).name,
            tuple((one.id, one.value or "—") for one in rivals.get((sheet.sheet, item), ())),
        )
        for item in sheet.clash
    )


def _late(law: rules.Rules, sheet: judging.Progress, late: Iterable[judging.LateLine]) -> tuple[LateMark, ...]:
    form = law.sheet(sheet.module, sheet.name)
    return tuple(LateMark(one.id, form.item(one.item).name, one.at) for one in late if one.sheet == sheet.sheet)
