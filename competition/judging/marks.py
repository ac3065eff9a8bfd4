"""Recording marks: every mark gets a receipt, whatever arrives, in whatever order, however often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, bindparam, select, update

from competition.errors import CompetitionError
from competition.judging.acts import note
from competition.judging.devices import Device
from competition.rules.model import Rules
from competition.store import Ledger, append_all, required_items, sheets, stamp, thawed_edition
from competition.store import devices as device_tables
from competition.store.games import Edition, Event, Slot
from competition.store.replay import place_mark
from competition.store.sheets import SheetNow

Outcome = Literal["accepted", "known", "refused", "clash", "late"]


class Reason(msgspec.Struct, frozen=True):
    """Why, in both languages."""

    zh: str
    en: str


class Receipt(msgspec.Struct, frozen=True):
    """What became of one mark or signature. Everything but `refused` is on disk and may leave the device's outbox."""

    id: str
    outcome: Outcome
    reason: Reason | None = None


class MarkOp(msgspec.Struct, frozen=True):
    """One mark as a device sends it. `value` is canonical text or null (taken back); `edition` is the rules' digest."""

    id: str
    sheet: str
    item: str
    value: str | None
    counter: int
    edition: str
    supersedes: str | None = None
    device_at: str | None = None
    reason: str | None = None


def record_marks(
    conn: Connection, device: Device, ops: Sequence[MarkOp], at: datetime, handed_by: str | None = None
) -> list[Receipt]:
    """Record a batch; one receipt per mark, in order. A bad mark is refused and the others stand.

    Of one device's marks for an item the one with the highest counter is current, in whatever order they come. A mark
    from another device must name the current one as superseded; otherwise both are kept and the item clashes. Marks for
    a signed or locked sheet, or after the time a correction was open for, are kept as late and change nothing until the
    chief decides. `handed_by` is the official at
    whose desk the tablet's marks were handed over; that goes for a revoked tablet too.
    """
    event = _event(conn, device)
    batch = _Batch(
        device=device,
        revoked=event.revoked_at is not None and handed_by is None,
        handed_by=handed_by,
        rules=thawed_edition(conn, device.event_id, event.edition_digest),
        known=_known(conn, [op.id for op in ops]),
        sheets=sheets.read_sheets(conn, sorted({op.sheet for op in ops})),
    )
    batch.waiting = _waiting(conn, batch)
    if event.gated:
        batch.shut = frozenset(sheets.shut_sheets(conn, batch.sheets.values()))
    if any(op.edition != batch.rules.digest for op in ops):
        batch.earlier = _earlier(conn, device.event_id)
    receipts = [_record(batch, op, stamp(at)) for op in ops]
    if any(kind == "mark" for kind, _, _ in batch.lines) and event.frozen_at is None:
        freeze(conn, device.event_id, event.edition_digest, at)
    append_all(conn, device.event_id, batch.lines, at)
    sheets.save_sheets(conn, list(batch.changed.values()), batch.rules)
    return receipts


def _earlier(conn: Connection, event_id: str) -> frozenset[str]:
    """Editions that marks were made under: their successors ask for the same marks on the same scales (`editions.ask_edition`), so
    that a tablet that was offline while the rules were amended loses nothing."""
    query = select(Edition.digest).where(Edition.event_id == event_id, Edition.frozen_at.is_not(None))
    return frozenset(conn.scalars(query))


def freeze(conn: Connection, event_id: str, digest: str, at: datetime) -> None:
    """From the first mark on the event's rules stay as they are."""
    frozen = conn.execute(
        update(Edition)
        .where(Edition.event_id == event_id, Edition.digest == digest, Edition.frozen_at.is_(None))
        .values(frozen_at=stamp(at))
    )
    if frozen.rowcount:
        note(conn, event_id, "freeze", None, at, edition=digest)


@dataclass(slots=True)
class _Batch:
    device: Device
    revoked: bool
    rules: Rules
    known: dict[str, tuple[str, Mapping[str, Any]]]
    sheets: dict[str, SheetNow]
    lines: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    changed: dict[str, SheetNow] = field(default_factory=dict)
    waiting: dict[str, Reason] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    handed_by: str | None = None


def _record(batch: _Batch, op: MarkOp, at: str) -> Receipt:
    try:
        value, now = _check(batch, op, at)
    except _Refusal as refusal:
        return Receipt(op.id, refusal.outcome, refusal.reason)
    body: dict[str, Any] = {
        "sheet": op.sheet,
        "item": op.item,
        "value": value,
        "device": batch.device.id,
        "counter": op.counter,
        "seat": batch.device.seat,
        "judge": batch.device.judge_id,
        "supersedes": op.supersedes,
    }
    beside = (("reason", op.reason), ("device_at", op.device_at), ("handed_by", batch.handed_by))
    body |= {key: text for key, text in beside if text is not None}
    kind = "mark" if now.is_open and not now.over(at) and now.id not in batch.shut else "late"
    batch.known[op.id] = (kind, body)
    batch.lines.append((kind, op.id, body))
    batch.changed[now.id] = now
    if kind == "late":
        now.late.append(op.id)
        now.version += 1
        return Receipt(op.id, "late", SLOT_SHUT if now.is_open and now.id in batch.shut else LATE)
    place = place_mark(now, op.id, body)
    now.settle_open(required_items(batch.rules, now.module, now.sheet))
    return Receipt(op.id, "clash", CLASH) if place == "clash" else Receipt(op.id, "accepted")


def _check(batch: _Batch, op: MarkOp, at: str) -> tuple[str | None, SheetNow]:
    """The canonical value and the sheet; a `_Refusal` says why not, or that the mark is known."""
    if op.id in batch.known:
        raise _seen_before(batch, op)
    if len(op.id) != 32 or not set(op.id) <= set("0123456789abcdef") or op.counter < 0:
        raise _Refusal("分数的编号不合规，请重新加载页面。", "The mark's id is malformed. Reload the page.")
    if batch.revoked:
        raise _Refusal("这台设备已停用，请联系裁判长。", "This device was revoked. Call the chief judge.")
    now = batch.sheets.get(op.sheet)
    if now is None or now.event_id != batch.device.event_id or now.seat_id != batch.device.seat_id:
        raise _Refusal("这张评分表不属于本裁判席，请刷新名单。", "This sheet is not this seat's. Refresh the list.")
    if op.sheet in batch.waiting:
        raise _Refusal(batch.waiting[op.sheet].zh, batch.waiting[op.sheet].en)
    if op.edition != batch.rules.digest and op.edition not in batch.earlier:
        raise _Refusal("评分规则已更新，请刷新后重新打分。", "The rules have changed. Refresh, then mark again.")
    if now.is_open and now.keeps_shut(op.item) and not now.over(at):
        raise _Refusal(*SHUT)
    current = now.marks.get(op.item)
    if current is not None and (current[2], current[3]) == (batch.device.id, op.counter):
        raise _Refusal("同一序号用了两次，请重新加载页面。", "A counter was used twice. Reload the page.")
    return _parse(batch.rules, now, op), now


def _waiting(conn: Connection, batch: _Batch) -> dict[str, Reason]:
    """Sheets that open only after another one of the same seat, entry and module is signed, and why they wait."""
    waiting = {}
    for now in batch.sheets.values():
        for before in batch.rules.sheet(now.module, now.sheet).opens_after:
            key = {"entry": now.entry_id, "module": now.module, "sheet": before, "seat": now.seat_id}
            if conn.scalar(_STATE, key) in sheets.OPEN:
                name = batch.rules.sheet(now.module, before).name
                zh = f"请先签完“{name.zh}”，再打这张表。分数已留在本机。"
                waiting[now.id] = Reason(
                    zh, f'Sign "{name.en}" first, then mark this sheet. The mark is kept on this device.'
                )
    return waiting


def _parse(rules: Rules, now: SheetNow, op: MarkOp) -> str | None:
    try:
        item = rules.sheet(now.module, now.sheet).item(op.item)
        # Nothing is parsed for a mark that is taken back, but a computed item can't be touched either way.
        return item.parse(op.value or "") if op.value is not None or item.scale is None else None
    except CompetitionError as error:
        raise _Refusal(error.zh, error.en) from None


def _seen_before(batch: _Batch, op: MarkOp) -> "_Refusal":
    kind, body = batch.known[op.id]
    # By seat, not by device: a tablet paired anew sends what its former self never heard an answer to.
    same = (op.sheet, op.item, op.counter, op.supersedes, batch.device.seat)
    then = tuple(body.get(key) for key in ("sheet", "item", "counter", "supersedes", "seat"))
    if kind not in ("mark", "late") or then != same or not _same_value(batch, op, body["value"]):
        return _Refusal(
            "这个编号已用于另一个分数。请重新打这一项。", "This id belongs to another mark. Mark the item again."
        )
    refusal = _Refusal("", "")
    refusal.outcome, refusal.reason = ("late", LATE) if kind == "late" else ("known", None)
    return refusal


def _same_value(batch: _Batch, op: MarkOp, stored: str | None) -> bool:
    if op.value is None or stored is None or op.value == stored:
        return op.value == stored
    now = batch.sheets.get(op.sheet)
    try:
        return now is not None and _parse(batch.rules, now, op) == stored
    except _Refusal:
        return False


class _Refusal(Exception):
    outcome: Outcome = "refused"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason: Reason | None = Reason(zh, en)


def _event(conn: Connection, device: Device) -> Row[*tuple[Any, ...]]:
    return conn.execute(_EVENT, {"event": device.event_id, "device": device.id}).one()


def _known(conn: Connection, ids: list[str]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    rows = conn.execute(_KNOWN, {"ids": ids})
    return {row.id: (row.kind, msgspec.json.decode(row.body)) for row in rows}


# Built once: on this path building a statement costs as much as running it.
_STATE = select(sheets.Sheet.state).where(
    sheets.Sheet.entry_id == bindparam("entry"), sheets.Sheet.module == bindparam("module"),
    sheets.Sheet.sheet == bindparam("sheet"), sheets.Sheet.seat_id == bindparam("seat"),
)  # fmt: skip
_GATED = select(Slot.id).where(Slot.event_id == Event.id, Slot.gate.in_(sheets.SHUT)).correlate(Event).exists()
_EVENT = (
    select(Event.edition_digest, Edition.frozen_at, device_tables.Device.revoked_at, _GATED.label("gated"))
    .join(Edition, (Edition.event_id == Event.id) & (Edition.digest == Event.edition_digest))
    .join(device_tables.Device, device_tables.Device.id == bindparam("device"))
    .where(Event.id == bindparam("event"))
)
_KNOWN = select(Ledger.id, Ledger.kind, Ledger.body).where(Ledger.id.in_(bindparam("ids", expanding=True)))

LATE = Reason(
    "评分表已签名、已锁定或更正时间已过，此分数作为迟到数据保存，由裁判长决定。",
    "The sheet is signed or locked, or the time to correct it is over; this mark is kept as late and the chief judge decides.",
)
SLOT_SHUT = Reason(
    "本场次尚未开放或已关闭，此分数已保存，没有丢失，由裁判长决定是否计入。",
    "This slot is not open, or is closed. The mark is kept, nothing is lost; the chief judge decides whether it counts.",
)
SHUT = (
    "裁判长没有开放这一项，分数没有改。需要更正请再申请。",
    "The chief judge has not opened this item; the mark was not changed. Ask again if it must be.",
)
CLASH = Reason(
    "另一台设备已为此项打分，两个分数都已保存，由裁判长裁定。",
    "Another device marked this item; both marks are kept and the chief judge decides.",
)
