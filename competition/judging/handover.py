"""When a tablet fails: its unsent marks are handed over at the desk, and another tablet takes its seat in one act."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from competition.errors import Conflict, NotFound
from competition.judging.acts import because, note
from competition.judging.devices import CARD_LASTS, Device, DeviceLine, device_of, devices
from competition.judging.handover_package import Package
from competition.judging.marks import MarkOp, Receipt, record_marks
from competition.judging.officials import Official, permit
from competition.judging.secrets import hash_pin, token_hash
from competition.judging.setup import seat_of
from competition.store import digest_of, stamp
from competition.store.devices import Device as DeviceRow
from competition.store.devices import Pairing


@dataclass(frozen=True, slots=True)
class HandedLine:
    """What became of one mark that was handed over. Its value is not shown."""

    sheet: str
    item: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a package. `signed` are sheets that the judge signed on the old tablet and must sign anew."""

    seat: str
    judge: str | None
    lines: tuple[HandedLine, ...]
    signed: tuple[str, ...]


def hand_over(conn: Connection, event_id: str, package: Package, by: Official, reason: str, at: datetime) -> Handed:
    """Record a tablet's unsent marks as its own, though it may be revoked: same ids, counters and supersedes.

    So nothing is doubled when the tablet comes back and sends them too, or when the package is handed over twice. Its
    signatures are not taken: the judge sees the marks on the new tablet and signs there.
    """
    permit(conn, by, "hand_over", event_id)
    if package.event != event_id:
        raise Conflict(
            "这份分数属于另一个赛项。请到那个赛项的交接页去交。",
            "These marks belong to another event. Hand them over on that event's page.",
        )
    device = _device(conn, event_id, package)
    if device.seat != package.seat:
        raise Conflict(
            "这份分数的席位与平板不符，没有收。", "The seat in the package is not the tablet's; nothing was taken."
        )
    why = because(reason)
    ops = [MarkOp(*(getattr(mark, name) for name in MarkOp.__struct_fields__)) for mark in package.marks]
    receipts = record_marks(conn, device, ops, at, handed_by=by.id)
    outcomes = [receipt.outcome for receipt in receipts]
    note(
        conn, event_id, "hand-over", by, at, device=device.id, seat=device.seat, reason=why,
        package=digest_of([package.event, package.device, package.made_at, [[op.id, op.counter, op.value] for op in ops]]),
        outcomes={one: outcomes.count(one) for one in sorted(set(outcomes))},
    )  # fmt: skip
    lines = tuple(HandedLine(op.sheet, op.item, receipt) for op, receipt in zip(ops, receipts, strict=True))
    return Handed(device.seat, device.judge, lines, package.signed)


def _device(conn: Connection, event_id: str, package: Package) -> Device:
    """The tablet that made the marks; where the package doesn't say, the newest of its seat.

    That is safe: marks are known again by their ids and their seat, and what one device says over another without naming
    it clashes and waits for the chief.
    """
    named = package.device or next(
        (line.id for line in reversed(devices(conn, event_id)) if line.seat == package.seat), ""
    )
    try:
        return device_of(conn, event_id, named)
    except NotFound:
        raise NotFound(
            "这份分数不是本系统配对过的平板导出的，没有收。请核对是哪一场比赛的平板。",
            "No tablet of this event exported these marks; nothing was taken. Check which contest the tablet is from.",
        ) from None


def replace_tablet(
    conn: Connection, event_id: str, seat: str, by: Official, reason: str, at: datetime, token: str,
    pin: str | None = None,
) -> list[DeviceLine]:  # fmt: skip
    """Revoke a seat's tablets and make a card for another; answers the tablets that were revoked, as they last were.

    Without `pin` the judge keeps the PIN, so that whoever brings the new tablet need not know it: a clerk may do that. A
    new PIN is for the organiser or the chief to make.
    """
    permit(conn, by, "tablets" if pin else "replace_tablet", event_id)
    place, why = seat_of(conn, event_id, seat), because(reason)
    here = (DeviceRow.seat_id == place.id, DeviceRow.revoked_at.is_(None))
    newest = conn.execute(select(DeviceRow).where(*here).order_by(DeviceRow.paired_at.desc(), DeviceRow.id)).first()
    if newest is None:
        raise Conflict(
            "这个席位现在没有平板，不用更换。请组委会或裁判长做一张新卡。",
            "No tablet is in this seat now. Have the organiser or the chief judge make a new card.",
        )
    old = [line for line in devices(conn, event_id) if line.seat == seat and line.revoked_at is None]
    conn.execute(update(DeviceRow).where(*here).values(revoked_at=stamp(at)))
    card = token_hash(token)[:32]
    conn.execute(
        insert(Pairing).values(
            id=card,
            token_hash=token_hash(token),
            seat_id=place.id,
            pin_hash=hash_pin(pin) if pin else newest.pin_hash,
            tries=0,
            made_at=stamp(at),
            expires_at=stamp(at + CARD_LASTS),
        )
    )
    revoked = [line.id for line in old]
    note(
        conn,
        event_id,
        "replace-device",
        by,
        at,
        seat=seat,
        devices=revoked,
        pairing=card,
        new_pin=bool(pin),
        reason=why,
    )
    return old
