"""The life of a sheet: signed by the judge, locked by the chief, checked by the supervisor, unlocked with a reason.

Draft and complete need no act: an open sheet is complete when every required item is marked and nothing clashes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from competition.errors import Conflict, NotAllowed
from competition.judging.acts import because
from competition.judging.clashes import change, sheet_of
from competition.judging.devices import Device, check_pin
from competition.judging.marks import Reason, Receipt
from competition.judging.officials import Official, permit
from competition.store import Ledger, append, canonical, digest_of, required_items, sheets, stamp, thawed
from competition.store import devices as device_tables
from competition.store.codes import JudgingCode
from competition.store.games import Absence, Event, Seat
from competition.store.people import Entry, Signature
from competition.store.replay import apply
from competition.store.sheets import SheetNow

OPEN_AGAIN = "draft"

TRANSITIONS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("sign", "judge"): {"complete": "signed"},
    ("sign", "clerk"): {"complete": "signed"},
    ("lock", "chief"): {"signed": "locked"},
    ("close", "chief"): {"draft": "locked", "complete": "locked"},
    ("unlock", "chief"): {"signed": OPEN_AGAIN, "locked": OPEN_AGAIN, "checked": OPEN_AGAIN},
    ("check", "supervisor"): {"locked": "checked"},
    ("check", "clerk"): {"locked": "checked"},
    ("ask", "judge"): {"signed": "signed", "locked": "locked", "checked": "checked"},
    ("refuse", "chief"): {"signed": "signed", "locked": "locked", "checked": "checked"},
    ("extend", "chief"): {"draft": "draft", "complete": "complete"},
}
"""(act, role) -> {from: to}; whatever is not here is refused. `ask` is a judge's request to correct; the chief's answer is
`refuse` or `unlock`; `extend` gives an open correction more time. `close` is the chief's lock on a sheet nobody owes: of an
entry that is out, or a seat that was absent. An unlocked sheet is complete at once if nothing is missing."""

STATE_NAMES = {
    "draft": ("草稿", "a draft"),
    "complete": ("已填完", "complete"),
    "signed": ("已签名", "signed"),
    "locked": ("已锁定", "locked"),
    "checked": ("已复核", "checked"),
}


class SignOp(msgspec.Struct, frozen=True):
    """A signature as a device sends it: the marks the judge saw, by item; strokes or None; the PIN."""

    id: str
    sheet: str
    counter: int
    marks: dict[str, str]
    strokes: list[list[list[float]]] | None
    pin: str


def next_state(act: str, role: str, state: str) -> str:
    """Where an act takes a sheet. NotAllowed if the role never does this; Conflict if the sheet is not in that state."""
    moves = TRANSITIONS.get((act, role))
    if moves is None:
        raise NotAllowed("这个角色不能做这一步。", "This role may not do this.")
    if state not in moves:
        zh, en = STATE_NAMES[state]
        raise Conflict(f"评分表{zh}，不能做这一步。请刷新。", f"The sheet is {en}: this can't be done now. Refresh.")
    return moves[state]


def sign_sheet(conn: Connection, device: Device, op: SignOp, at: datetime) -> Receipt:
    """Sign a sheet as its judge saw it. Refused, with the reason, unless it is complete and the marks seen are current.

    The ledger keeps the digest of marks and strokes; the strokes lie in a register that can be erased.
    """
    known = conn.execute(select(Ledger.kind, Ledger.body).where(Ledger.id == op.id)).first()
    if known is not None:
        return _again(op, known.kind, known.body)
    now = sheets.read_sheets(conn, [op.sheet]).get(op.sheet)
    reason = _why_not(conn, device, op, now)
    if reason is None:
        reason = check_pin(conn, device, op.pin, at)
    if reason is not None or now is None:
        return Receipt(op.id, "refused", Reason(*(reason or ("", ""))))
    strokes = None if op.strokes is None else canonical(op.strokes)
    body = {
        "sheet": op.sheet,
        "seat": device.seat,
        "judge": device.judge_id,
        "device": device.id,
        "counter": op.counter,
        "seen": digest_of(op.marks),
        "marks": digest_of(now.marks),
        "strokes": None if strokes is None else digest_of(strokes),
    }
    change(conn, now, "sign", body, at, id=op.id)
    conn.execute(
        insert(Signature).values(id=op.id, sheet_id=now.id, official_id=device.judge_id, strokes=strokes, at=stamp(at))
    )
    return Receipt(op.id, "accepted")


def sign_for(conn: Connection, sheet_id: str, by: Official, at: datetime) -> None:
    """A clerk signs a sheet that was keyed from paper or imported, once a second person has confirmed it."""
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "sign_for", now.event_id)
    next_state("sign", "clerk", now.state)
    if "confirmed" not in now.keyed:
        raise Conflict(
            "还没有第二个人核对，不能签名。请另一位录分员核对这张表。",
            "No second person has confirmed it, so it can't be signed. Have another clerk check this sheet.",
        )
    change(conn, now, "sign", {"by": by.id, "sheet": now.id, "marks": digest_of(now.marks)}, at)


def lock_event(conn: Connection, event_id: str, by: Official, at: datetime, module: str | None = None) -> int:
    """Lock every sheet of the event, or of one module; answer how many. Conflict names those not yet signed.

    Sheets of entries that are out, of absent seats and of trainees are closed as they are.
    """
    permit(conn, by, "lock", event_id)
    mine = [now for now in sheets.event_sheets(conn, event_id).values() if module in (None, now.module)]
    open_ones = [now for now in mine if now.is_open]
    free = not_owed(conn, event_id, open_ones)
    owed = [now for now in open_ones if now.id not in free]
    if owed:
        raise _not_signed(conn, event_id, owed)
    if asked := sum("asked" in now.unlock for now in mine):
        raise Conflict(
            f"有 {asked} 份更正申请还没有答复。请先在赛项页“等您处理”里答复，再锁定。",
            f"{asked} requests to correct wait for an answer. Answer them on the event's page, then lock.",
        )
    moves = {"close": open_ones, "lock": [now for now in mine if now.state == "signed"]}
    for act, moving in moves.items():
        for now in moving:
            next_state(act, "chief", now.state)
        if moving:
            body = {"by": by.id, "module": module, "sheets": sorted(now.id for now in moving)}
            line = append(conn, event_id, act, None, body, at)
            apply({now.id: now for now in moving}, event_id, act, line.id, line.at, body)
            sheets.save_sheets(conn, moving, thawed(conn, event_id))
    return sum(map(len, moves.values()))


def undo_lock(conn: Connection, event_id: str, by: Official, reason: str, at: datetime) -> int:
    """Take the lock of an event back; answers how many sheets. What was signed stands signed, what was closed is open again.

    Conflict once codes are decoded, a sheet is checked, a correction was made or waits: these rest on the lock.
    """
    permit(conn, by, "lock", event_id)
    mine = sheets.event_sheets(conn, event_id)
    changed = {id: now for id, now in mine.items() if now.state == "locked"}
    decoded = conn.scalar(select(Event.decoded_at).where(Event.id == event_id))
    amended = conn.scalar(select(Ledger.id).where(Ledger.event_id == event_id, Ledger.kind == "correct").limit(1))
    waits = any("correction" in now.unlock for now in changed.values())
    if decoded or amended or waits or any(now.state == "checked" for now in mine.values()) or not changed:
        raise Conflict(
            "不能撤销锁定：没有已锁的评分表，或已解密、已复核、已有更正。请逐张解锁。",
            "The lock can't be taken back: nothing is locked, or codes are decoded, sheets checked or corrected. Unlock sheet by sheet.",
        )
    body = {"by": by.id, "sheets": sorted(changed), "reason": because(reason)}
    line = append(conn, event_id, "undo-lock", None, body, at)
    apply(changed, event_id, "undo-lock", line.id, line.at, body)
    rules = thawed(conn, event_id)
    for now in changed.values():
        now.settle_open(required_items(rules, now.module, now.sheet))
    sheets.save_sheets(conn, list(changed.values()), rules)
    return len(changed)


def unlock_sheet(conn: Connection, sheet_id: str, by: Official, reason: str, at: datetime) -> None:
    """Open a sheet again so that its judge may correct it. It must be signed and locked anew."""
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "unlock", now.event_id)
    next_state("unlock", "chief", now.state)
    body: dict[str, Any] = {"by": by.id, "sheet": now.id, "reason": because(reason)}
    if sheets.shut_sheets(conn, [now]):
        body |= {"items": [], "until": None}  # its slot is over: said to be open again, it can be marked all the same
    change(conn, now, "unlock", body, at)


def check_sheet(conn: Connection, sheet_id: str, by: Official, at: datetime) -> None:
    """Somebody who may re-check has compared a locked sheet with its evidence and found it right."""
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "check_sheet", now.event_id)
    next_state("check", "supervisor", now.state)
    change(conn, now, "check", {"by": by.id, "sheet": now.id, "marks": digest_of(now.marks)}, at)


def not_owed(conn: Connection, event_id: str, some: Sequence[SheetNow]) -> set[str]:
    """Of these sheets, those nobody must fill in: the entry is out, the seat was absent, or a trainee sits in it."""
    out = set(conn.scalars(select(Entry.id).where(Entry.event_id == event_id, Entry.status != "")))
    trainees = set(conn.scalars(select(Seat.id).where(Seat.event_id == event_id, Seat.trainee)))
    rows = conn.execute(select(Absence.seat_id, Absence.entry_id).where(Absence.event_id == event_id))
    absent = {(row.seat_id, row.entry_id) for row in rows}
    return {
        now.id
        for now in some
        if now.entry_id in out
        or now.seat_id in trainees
        or (now.seat_id, "*") in absent
        or (now.seat_id, now.entry_id) in absent
    }


def _why_not(conn: Connection, device: Device, op: SignOp, now: SheetNow | None) -> tuple[str, str] | None:
    if now is None or now.event_id != device.event_id or now.seat_id != device.seat_id:
        return "这张评分表不属于本裁判席，请刷新名单。", "This sheet is not this seat's. Refresh the list."
    revoked = conn.scalar(select(device_tables.Device.revoked_at).where(device_tables.Device.id == device.id))
    if revoked is not None:
        return "这台设备已停用，请联系裁判长。", "This device was revoked. Call the chief judge."
    if now.clash:
        return f"有 {len(now.clash)} 项待裁判长裁定，裁定后再签。", f"{len(now.clash)} items wait for the chief judge."
    if now.is_open:
        missing = now.unmarked(required_items(thawed(conn, now.event_id), now.module, now.sheet))
        if missing:
            names = "、".join(missing)
            return f"还有 {len(missing)} 项未评：{names}。", f"{len(missing)} items are not marked: {names}."
    try:
        next_state("sign", "judge", now.state)
    except Conflict as refusal:
        return refusal.zh, refusal.en
    current = {item: cell[1] for item, cell in now.marks.items()}
    valued = {item for item, cell in now.marks.items() if cell[0] is not None}
    if not valued <= op.marks.keys() or any(current.get(item) != id for item, id in op.marks.items()):
        return (
            "签名所见的分数与服务器不一致，请刷新核对后再签。",
            "The marks you saw are not the current ones. Refresh, then sign.",
        )
    return None


def _again(op: SignOp, kind: str, body: str) -> Receipt:
    then = msgspec.json.decode(body)
    if kind == "sign" and (then["sheet"], then.get("seen")) == (op.sheet, digest_of(op.marks)):
        return Receipt(op.id, "known")
    reason = Reason("这个编号已用于别的操作。请刷新后再签。", "This id belongs to something else. Refresh, then sign.")
    return Receipt(op.id, "refused", reason)


def _not_signed(conn: Connection, event_id: str, owed: Sequence[SheetNow]) -> Conflict:
    drawn = select(JudgingCode.entry_id, JudgingCode.code).where(JudgingCode.event_id == event_id)
    codes = dict(conn.execute(drawn).all())
    seats = {
        row.id: f"{row.panel}.{row.n}"
        for row in conn.execute(select(Seat.id, Seat.panel, Seat.n).where(Seat.event_id == event_id))
    }
    named = sorted(
        (f"{codes.get(now.entry_id, now.id[:6])}/{seats[now.seat_id]}/{now.module}", bool(now.keyed.get("by")))
        for now in owed
    )
    more = "…" if len(named) > 20 else ""
    zh = "、".join(f"{name}（已录，待第二人核对）" if keyed else name for name, keyed in named[:20]) + more
    en = ", ".join(f"{name} (keyed, not confirmed)" if keyed else name for name, keyed in named[:20]) + more
    return Conflict(
        f"还有 {len(named)} 张评分表未签名：{zh}。签名、核对或登记缺席后再锁定。",
        f"{len(named)} sheets are not signed: {en}. Have them signed or confirmed, or record the absence; then lock.",
    )
