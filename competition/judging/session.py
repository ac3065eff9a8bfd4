"""What a judge's tablet is told: its seat, its forms, its sheets with their current marks. Codes, never names or units."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from competition.judging.acts import note
from competition.judging.devices import Device
from competition.judging.jottings import jottings
from competition.judging.messages import shown_messages
from competition.judging.officials import Official, permit
from competition.rules import sheet_form
from competition.store import sheets, stamp, thawed
from competition.store.codes import JudgingCode
from competition.store.games import Event, Games, Slot
from competition.store.sheets import Sheet


def session(conn: Connection, device: Device, at: datetime, forms: bool = True) -> dict[str, Any]:
    """The body of GET /api/judge/session; without `forms` only what moves, for a heartbeat."""
    rules = thawed(conn, device.event_id)
    event = conn.execute(
        select(
            Event.name_zh, Event.name_en, Event.strip, Games.name_zh.label("games_zh"), Games.name_en.label("games_en")
        )
        .join(Games, Games.id == Event.games_id)
        .where(Event.id == device.event_id)
    ).one()
    panel = next(panel for panel in rules.panels if panel.id == device.panel)
    mine = [form for form in rules.sheets if form.panel.id == device.panel]
    body: dict[str, Any] = {
        "games": {"zh": event.games_zh, "en": event.games_en},
        "event": {
            "id": device.event_id,
            "name": {"zh": event.name_zh, "en": event.name_en},
            "edition": rules.digest,
        },
        "seat": {
            "label": device.seat,
            "panel": {"zh": panel.name.zh, "en": panel.name.en},
            "judge": device.judge,
            "trainee": device.trainee,
            "device": device.id,
            "strip": event.strip,
        },
        "messages": shown_messages(conn, device),
        "sheets": _sheets(conn, device),
        "server_at": stamp(at),
    }
    if forms:
        body["forms"] = {f"{form.module}/{form.id}": sheet_form(rules, form.module, form.id) for form in mine}
        body["jottings"] = jottings(conn, device.seat_id)
    return body


def set_strip(conn: Connection, event_id: str, shown: bool, by: Official, at: datetime) -> None:
    """Whether judges marking an item see their own earlier marks for it (本场已评): the chief says so for an event."""
    permit(conn, by, "strip", event_id)
    conn.execute(update(Event).where(Event.id == event_id).values(strip=shown))
    note(conn, event_id, "strip", by, at, shown=shown)


def strip_shown(conn: Connection, event_id: str) -> bool:
    """Whether they do."""
    return bool(conn.scalar(select(Event.strip).where(Event.id == event_id)))


def _sheets(conn: Connection, device: Device) -> list[dict[str, Any]]:
    rows = conn.execute(
        select(Sheet, JudgingCode.code, Slot.station, Slot.n.label("slot_n"), Slot.opens_at, Slot.gate)
        .outerjoin(JudgingCode, JudgingCode.entry_id == Sheet.entry_id)
        .outerjoin(Slot, Slot.id == Sheet.slot_id)
        .where(Sheet.seat_id == device.seat_id)
        .order_by(Slot.n, JudgingCode.code, Sheet.id)
    )
    lines = []
    mine = [(row, sheets.load(row)) for row in rows]
    closed = sheets.shut_sheets(conn, (now for _, now in mine))
    for row, now in mine:
        lines.append(
            {
                "id": now.id,
                "code": row.code,
                "station": row.station,
                "slot": row.slot_n,
                "opens_at": row.opens_at,
                "gate": closed.get(now.id) or ("open" if row.gate == "open" else ""),
                "module": now.module,
                "sheet": now.sheet,
                "state": now.state,
                "marks": {item: [cell[0], cell[1]] for item, cell in now.marks.items()},
                "clash": sorted(now.clash),
                # All of them this seat's own marks, so its judge may see what the chief chooses from.
                "rivals": {item: [cell[0] for cell in cells] for item, cells in sorted(now.clash.items())},
                "asked": now.unlock.get("asked"),
                "refused": now.unlock.get("refused"),
                "reopened": now.unlock.get("reopened"),
                "recheck": now.unlock.get("recheck"),
                "late": len(now.late),
                "signed_at": now.signed_at,
            }
        )
    return lines
