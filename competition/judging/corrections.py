"""Corrections after the signature: the judge asks for items to be opened again, the chief opens them for a time or refuses.

What was asked and answered is in the ledger; what waits and what is open stands in the sheet's projection (`SheetNow.unlock`).
The chief may still unlock a whole sheet of his own accord (`competition.judging.sheets.unlock_sheet`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from competition.errors import Conflict, MarkError
from competition.judging.acts import because
from competition.judging.clashes import change, sheet_of
from competition.judging.devices import Device
from competition.judging.marks import Reason, Receipt
from competition.judging.officials import Official, permit
from competition.judging.sheets import next_state
from competition.rules.model import Rules
from competition.store import Ledger, sheets, stamp, thawed
from competition.store.sheets import SheetNow

SHORTEST, USUAL, LONGEST = 1, 15, 240
"""Minutes a correction may be open; what is offered unless the chief says otherwise."""


class AskOp(msgspec.Struct, frozen=True):
    """A request as a device sends it. No items means the whole sheet."""

    id: str
    sheet: str
    items: list[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request that waits for the chief: item ids (none: the whole sheet), why, and since when. No value."""

    id: str
    sheet: str
    items: tuple[str, ...]
    reason: str
    at: str


def ask_unlock(conn: Connection, device: Device, op: AskOp, at: datetime) -> Receipt:
    """Ask the chief to open a signed sheet again. Refused, with words, if it isn't this seat's, is open, or one waits."""
    known = conn.execute(select(Ledger.kind, Ledger.body).where(Ledger.id == op.id)).first()
    if known is not None:
        return _again(device, op, known.kind, msgspec.json.decode(known.body))
    now = sheets.read_sheets(conn, [op.sheet]).get(op.sheet)
    reason = _why_not(conn, device, op, now)
    if reason is not None or now is None:
        return Receipt(op.id, "refused", Reason(*(reason or ("", ""))))
    body = {
        "sheet": now.id,
        "items": list(dict.fromkeys(op.items)),
        "reason": op.reason.strip(),
        "seat": device.seat,
        "judge": device.judge_id,
        "device": device.id,
    }
    change(conn, now, "ask-unlock", body, at, id=op.id)
    return Receipt(op.id, "accepted")


def approve_unlock(
    conn: Connection, sheet_id: str, request: str, items: Sequence[str], minutes: int, by: Official, reason: str,
    at: datetime,
) -> str:  # fmt: skip
    """Open these items (none: the whole sheet) for so many minutes; answers until when. Marks after that are late.

    Conflict if the request is answered already. MarkError for items that were not asked for, or minutes out of range.
    """
    now = _waiting(conn, sheet_id, request, by)
    next_state("unlock", "chief", now.state)
    asked = now.unlock["asked"]["items"]
    opened = [item for item in asked if item in items] if asked else list(dict.fromkeys(items))
    if (asked and not opened) or set(items) - set(asked or _markable(thawed(conn, now.event_id), now)):
        raise MarkError(
            "请从裁判申请的评分项里至少选一项。", "Choose at least one of the items the judge asked for, and no other."
        )
    until = _until(minutes, at)
    body = {
        "by": by.id,
        "sheet": now.id,
        "request": request,
        "items": opened,
        "until": until,
        "reason": because(reason),
    }
    change(conn, now, "unlock", body, at)
    return until


def refuse_unlock(conn: Connection, sheet_id: str, request: str, by: Official, reason: str, at: datetime) -> None:
    """Say no, with a reason that the judge reads. The sheet stays as it is. Conflict if the request is answered already."""
    now = _waiting(conn, sheet_id, request, by)
    next_state("refuse", "chief", now.state)
    change(
        conn, now, "refuse-unlock", {"by": by.id, "sheet": now.id, "request": request, "reason": because(reason)}, at
    )


def extend_unlock(conn: Connection, sheet_id: str, minutes: int, by: Official, reason: str, at: datetime) -> str:
    """Give an open correction so many minutes from now; answers until when. Conflict if none is open on this sheet."""
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "unlock", now.event_id)
    if not now.unlock.get("reopened", {}).get("until"):
        raise Conflict(
            "这张评分表没有正在进行的更正，请刷新。", "No correction is open on this sheet. Refresh the page."
        )
    next_state("extend", "chief", now.state)
    until = _until(minutes, at)
    change(conn, now, "extend-unlock", {"by": by.id, "sheet": now.id, "until": until, "reason": because(reason)}, at)
    return until


def request_of(now: SheetNow) -> Request | None:
    """The request of a sheet that waits for the chief."""
    asked = now.unlock.get("asked")
    return None if asked is None else Request(asked["id"], now.id, tuple(asked["items"]), asked["reason"], asked["at"])


def _until(minutes: int, at: datetime) -> str:
    if not SHORTEST <= minutes <= LONGEST:
        raise MarkError(
            f"更正时间请填 {SHORTEST} 到 {LONGEST} 分钟。",
            f"A correction is open for {SHORTEST} to {LONGEST} minutes; enter a number between them.",
        )
    return stamp(at + timedelta(minutes=minutes))


def _why_not(conn: Connection, device: Device, op: AskOp, now: SheetNow | None) -> tuple[str, str] | None:
    if len(op.id) != 32 or not set(op.id) <= set("0123456789abcdef"):
        return "申请的编号不合规，请重新加载页面。", "The request's id is malformed. Reload the page."
    if now is None or now.event_id != device.event_id or now.seat_id != device.seat_id:
        return "这张评分表不属于本裁判席，请刷新名单。", "This sheet is not this seat's. Refresh the list."
    if now.is_open:
        return "这张评分表没有锁定，直接改分即可。", "This sheet is open: change the mark, nothing need be asked."
    if "asked" in now.unlock:
        return "这张评分表已有一份申请在等裁判长，请等答复。", "A request for this sheet waits for the chief judge."
    unknown = sorted(set(op.items) - _markable(thawed(conn, now.event_id), now))
    if unknown:
        return f"没有这些评分项：{'、'.join(unknown)}。", f"There are no such items: {', '.join(unknown)}."
    if len(op.reason.strip()) < 2:
        return "请写明理由，然后再申请。", "Give a reason, then ask again."
    try:
        next_state("ask", "judge", now.state)
    except Conflict as refusal:
        return refusal.zh, refusal.en
    return None


def _again(device: Device, op: AskOp, kind: str, then: Mapping[str, Any]) -> Receipt:
    same = (op.sheet, list(dict.fromkeys(op.items)), op.reason.strip(), device.seat)
    if kind == "ask-unlock" and same == tuple(then[key] for key in ("sheet", "items", "reason", "seat")):
        return Receipt(op.id, "known")
    reason = Reason("这个编号已用于别的操作，请重新申请。", "This id belongs to something else. Ask anew.")
    return Receipt(op.id, "refused", reason)


def _waiting(conn: Connection, sheet_id: str, request: str, by: Official) -> SheetNow:
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "unlock", now.event_id)
    if now.unlock.get("asked", {}).get("id") != request:
        raise Conflict("这份申请已经答复过了，请刷新。", "This request has been answered already. Refresh the page.")
    return now


def _markable(rules: Rules, now: SheetNow) -> set[str]:
    return {item.id for item in rules.sheet(now.module, now.sheet).items if item.scale is not None}
