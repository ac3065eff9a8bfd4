"""Score sheets as they were marked, on paper for signing in ink: only once every sheet of the event is locked."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from competition import judging, store
from competition.errors import Conflict
from competition.publish.release_papers import FilledItem, FilledSection, FilledSheet
from competition.rules import Rules, sheet_form
from competition.scoring import Result
from competition.scoring.explain import SeatPoints, seat_points
from competition.store.sheets import SheetNow, event_sheets
from competition.web.pages import local
from competition.web.said import seat_said

LOCKED = ("locked", "checked")


def filled(conn: sa.Connection, event_id: str, address: str | None, code: str = "") -> list[FilledSheet]:
    """Every sheet by code, module and seat, or those of one code; trainees' are not among them. Conflict while one is open."""
    every = event_sheets(conn, event_id)
    waiting = sum(now.state not in LOCKED for now in every.values())
    if waiting or not every:
        raise Conflict(
            f"{waiting} 张评分表未锁定，锁定后才能打印已填评分表。" if every else "还没有评分表，没有可打印的。",
            f"{waiting} sheets are not locked; filled sheets are printed after locking."
            if every
            else "There are no sheets.",
        )
    law, known, top = store.thawed(conn, event_id), judging.event_line(conn, event_id), store.head(conn, event_id)
    result, seats = judging.standings(conn, event_id), {one.id: one for one in judging.seats(conn, event_id)}
    made = []
    for line in judging.progress(conn, event_id):
        now = every[line.sheet]
        seat = seats[now.seat_id]
        if seat.trainee or not line.code or code not in ("", line.code):
            continue
        sheet, form = law.sheet(now.module, now.sheet), sheet_form(law, now.module, now.sheet)
        came_to = _points(result, now, law, seat.n)
        made.append(
            FilledSheet(
                games=known.games_zh,
                event=known.name_zh,
                module=form["module_name"],
                name={"zh": sheet.name.zh, "en": sheet.name.en},
                code=line.code,
                seat=seat_said(law, seat.label)["zh"],
                judge=seat.judge or "",
                sections=[_section(section, now, came_to) for section in form["sections"]],
                total=came_to.total or "—",
                struck=came_to.struck,
                signed_at=local(now.signed_at, "second") if now.signed_at else "",
                version=now.version,
                edition=law.digest,
                head=top.hash[:12],
                address=f"{address}/desk/events/{event_id}/entries/{line.code}" if address else "",
            )
        )
    return made


def _points(result: Result, now: SheetNow, law: Rules, seat: int) -> SeatPoints:
    return seat_points(result, now.entry_id, law.sheet(now.module, now.sheet), seat)


def _section(section: Mapping[str, Any], now: SheetNow, came_to: SeatPoints) -> FilledSection:
    items = [
        FilledItem(
            name=item["name"],
            mark=said(item, now.marks.get(item["id"], [None])[0]),
            points=(came_to.items.get(item["id"]) or "—") if item["scores"] else "",
            max=item["max"] or "",
            struck=came_to.struck_items.get(item["id"], ""),
        )
        for item in section["items"]
    ]
    return FilledSection(section["name"], section["max"] or "", items)


def said(item: Mapping[str, Any], value: object) -> str:
    """A mark as people read it: its word beside a graded value, the words of what was chosen; "—" is no mark, never 0."""
    if item["control"] == "derived":
        return ""
    if value is None:
        return "—"
    if item["control"] == "yesno":
        return {"0": "否 No", "1": "是 Yes"}.get(str(value), str(value))
    options = {one["value"]: one["label"]["zh"] for one in item.get("options") or ()}
    if isinstance(value, list | tuple):
        return "、".join(options.get(one, str(one)) for one in value)
    if value in options:
        return str(options[str(value)])
    label = next((one["label"] for one in item["values"] if one["value"] == str(value)), None)
    return f"{value} {label['zh']}" if label else f"{value}{item.get('unit') or ''}"
