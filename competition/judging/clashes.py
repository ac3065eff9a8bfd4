"""What the chief decides: which of two clashing marks stands, and whether a late mark counts after all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from competition.errors import Conflict, NotFound
from competition.judging.acts import because
from competition.judging.officials import Official, permit
from competition.store import Ledger, append, digest_of, required_items, sheets, thawed
from competition.store.replay import apply
from competition.store.sheets import SheetNow


@dataclass(frozen=True, slots=True)
class LateLine:
    """A mark that came too late and waits for the chief. Its value is not shown."""

    id: str
    sheet: str
    item: str
    seat: str
    at: str


@dataclass(frozen=True, slots=True)
class Rival:
    """One of the marks that contend for an item."""

    id: str
    value: str | None
    device: str


def clashes(conn: Connection, event_id: str) -> dict[tuple[str, str], tuple[Rival, ...]]:
    """The marks that contend, by sheet and item. For the chief, who must choose."""
    return {
        (now.id, item): tuple(Rival(cell[1], cell[0], cell[2]) for cell in rivals)
        for now in sheets.event_sheets(conn, event_id).values()
        for item, rivals in now.clash.items()
    }


def settle_clash(
    conn: Connection, sheet_id: str, item: str, mark_id: str, by: Official, reason: str, at: datetime
) -> None:
    """Let one of the contending marks stand. The others stay in the ledger."""
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "clash", now.event_id)
    if not now.is_open:
        raise Conflict("评分表已签名或锁定，请先解锁再裁定。", "The sheet is signed or locked. Unlock it, then decide.")
    if mark_id not in [rival[1] for rival in now.clash.get(item, [])]:
        raise NotFound("这一项没有待裁定的这个分数，请刷新。", "This mark does not contend for this item. Refresh.")
    body = {"by": by.id, "sheet": sheet_id, "item": item, "mark": mark_id, "reason": because(reason)}
    change(conn, now, "settle", body, at)


def late_marks(conn: Connection, event_id: str) -> list[LateLine]:
    """Marks that came after signing or locking and wait for the chief, oldest first."""
    waiting = [id for now in sheets.event_sheets(conn, event_id).values() for id in now.late]
    query = select(Ledger.id, Ledger.body, Ledger.at).where(Ledger.id.in_(waiting)).order_by(Ledger.n)
    lines = [(row.id, json.loads(row.body), row.at) for row in conn.execute(query)]
    return [LateLine(id, body["sheet"], body["item"], body["seat"], at) for id, body, at in lines]


def decide_late(conn: Connection, mark_id: str, accept: bool, by: Official, reason: str, at: datetime) -> None:
    """Let a late mark count or not. To count, its sheet must be unlocked first, and then be signed again."""
    body = _late_body(conn, mark_id)
    now = sheet_of(conn, body["sheet"])
    permit(conn, by, "late", now.event_id)
    if mark_id not in now.late:
        raise Conflict("这个迟到分数已经裁定过。", "This late mark has been decided already.")
    if accept and not now.is_open:
        raise Conflict("请先解锁评分表，再接受迟到分数。", "Unlock the sheet first, then accept the late mark.")
    if accept and body["item"] in now.clash:
        raise Conflict("这一项有冲突，请先裁定。", "This item clashes. Settle that first.")
    decision = {"by": by.id, "sheet": now.id, "mark": mark_id, "accepted": accept, "reason": because(reason)}
    change(conn, now, "late-decision", decision, at)
    if accept:
        current = now.marks.get(body["item"])
        mark = {**body, "supersedes": current[1] if current else None, "reason": decision["reason"], "late": mark_id}
        # Its own counter may be older than the current mark's; the chief's word puts it after all of them.
        mark |= {"device": f"late:{mark_id}", "counter": 0}
        change(conn, now, "mark", mark, at, id=digest_of([mark_id, "accepted"])[:32])


def change(
    conn: Connection, now: SheetNow, kind: str, body: Mapping[str, Any], at: datetime, id: str | None = None
) -> str:
    """Record an act on one sheet and let it take effect, as a rebuild would. Answers the line's id."""
    line = append(conn, now.event_id, kind, id, body, at)
    apply({now.id: now}, now.event_id, kind, line.id, line.at, body)
    rules = thawed(conn, now.event_id)
    now.settle_open(required_items(rules, now.module, now.sheet))
    sheets.save_sheets(conn, [now], rules)
    return line.id


def sheet_of(conn: Connection, sheet_id: str) -> SheetNow:
    """The sheet of this id. NotFound."""
    now = sheets.read_sheets(conn, [sheet_id]).get(sheet_id)
    if now is None:
        raise NotFound("没有这张评分表，请刷新名单。", "There is no such sheet. Refresh the list.")
    return now


def _late_body(conn: Connection, mark_id: str) -> dict[str, Any]:
    body = conn.scalar(select(Ledger.body).where(Ledger.id == mark_id, Ledger.kind == "late"))
    if body is None:
        raise NotFound("没有这个迟到分数。", "There is no such late mark.")
    found: dict[str, Any] = json.loads(body)
    return found
