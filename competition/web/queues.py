"""What waits for the chief in one event: requests to correct, clashes, spreads, late marks. By code; no value before locking."""

from collections import Counter
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from competition import judging, rules
from competition.web.said import seat_said, sheet_title
from competition.web.views import OpenCorrection, RequestLine, SpreadLine, Trouble


def may_watch(roles: frozenset[str]) -> bool:
    """Whether these roles see the queues: the chief, who answers, and the supervisor, who witnesses."""
    return bool(roles & {"chief", "supervisor"}) and "encryptor" not in roles


def requests(law: rules.Rules, sheets: Iterable[judging.Progress], codes: Mapping[str, str]) -> tuple[RequestLine, ...]:
    """Requests to correct, the longest waiting first."""
    lines = [
        RequestLine(
            id=sheet.asked.id,
            sheet=sheet.sheet,
            code=codes[sheet.entry],
            title=sheet_title(law, sheet.module, sheet.name),
            seat=seat_said(law, sheet.seat),
            state=sheet.state,
            items=tuple((item, law.sheet(sheet.module, sheet.name).item(item).name) for item in sheet.asked.items),
            reason=sheet.asked.reason,
            at=sheet.asked.at,
        )
        for sheet in sheets
        if sheet.asked is not None
    ]
    return tuple(sorted(lines, key=lambda line: (line.at, line.id)))


def corrections(
    law: rules.Rules, sheets: Iterable[judging.Progress], codes: Mapping[str, str]
) -> tuple[OpenCorrection, ...]:
    """Corrections that are open now, the first to end first."""
    lines = [
        OpenCorrection(
            sheet=sheet.sheet,
            code=codes[sheet.entry],
            title=sheet_title(law, sheet.module, sheet.name),
            seat=seat_said(law, sheet.seat),
            until=sheet.until,
        )
        for sheet in sheets
        if sheet.until is not None and sheet.state in ("draft", "complete")
    ]
    return tuple(sorted(lines, key=lambda line: (line.until, line.code, line.sheet)))


def troubles(
    conn: sa.Connection, event_id: str, law: rules.Rules, sheets: Iterable[judging.Progress], codes: Mapping[str, str]
) -> tuple[Trouble, ...]:
    """Sheets with clashing or late marks, by code; the entry's page is where they are decided."""
    known = list(sheets)
    late: dict[str, Counter[str]] = {}
    if any(sheet.late for sheet in known):
        for one in judging.late_marks(conn, event_id):
            late.setdefault(one.sheet, Counter())[one.item] += 1
    lines = []
    for sheet in known:
        form = law.sheet(sheet.module, sheet.name)
        for kind, items in (("clash", sheet.clash), ("late", tuple(late.get(sheet.sheet, ())))):
            if items:
                lines.append(
                    Trouble(
                        kind="clash" if kind == "clash" else "late",
                        sheet=sheet.sheet,
                        code=codes[sheet.entry],
                        title=sheet_title(law, sheet.module, sheet.name),
                        seat=seat_said(law, sheet.seat),
                        items=tuple(form.item(item).name for item in items),
                        n=len(items) if kind == "clash" else sum(late[sheet.sheet].values()),
                    )
                )
    return tuple(sorted(lines, key=lambda line: (line.code, line.kind, line.sheet)))


def spreads(conn: sa.Connection, event_id: str, law: rules.Rules, codes: Mapping[str, str]) -> tuple[SpreadLine, ...]:
    """Seats too far apart that nobody has spoken about yet, by code; those whose judges were asked to look again last."""
    lines = []
    for one in judging.alarms(conn, event_id):
        asked = one.review.at if one.review is not None and one.review.outcome == "again" else None
        if not one.open and asked is None:
            continue
        form = law.sheet(one.module, one.sheet)
        values = one.values
        lines.append(
            SpreadLine(
                id=one.id,
                seen=one.seen,
                code=codes[one.entry],
                title=sheet_title(law, one.module, one.sheet),
                item=form.item(one.item).name if one.item else None,
                gap=one.gap,
                limit=one.limit,
                seats=tuple((seat, seat_said(law, seat), seat in one.far) for seat in one.seats),
                values=None if values is None else tuple((seat_said(law, seat), values[seat]) for seat in values),
                asked=None if one.open else asked,
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.asked is not None, line.code, line.id)))
