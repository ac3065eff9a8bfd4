"""Tablets: a QR card and a PIN put a device into a seat; a bearer token keeps it there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from competition.errors import NotAllowed, NotFound
from competition.judging.acts import RngBytes, because, new_id, note
from competition.judging.officials import Official, permit
from competition.judging.secrets import Tries, TryRefused, hash_pin, matches, token_hash
from competition.judging.setup import seat_of
from competition.store import moment, people, stamp
from competition.store.devices import Device as DeviceRow
from competition.store.devices import Pairing
from competition.store.games import Event, Seat

CARD_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Device:
    """A tablet in a seat. `seat` is "panel.n"; `judge` is the name of the person in the seat."""

    id: str
    event_id: str
    seat_id: str
    seat: str
    panel: str
    judge_id: str | None
    judge: str | None
    trainee: bool
    revoked_at: str | None


@dataclass(frozen=True, slots=True)
class PairingLine:
    """What the page behind a QR card may say before the PIN."""

    event_id: str
    event_zh: str
    event_en: str
    seat: str
    judge: str | None


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device as the chief sees it. `app` is its program's version, `clock_ms` its clock's lead, None is "not known"."""

    id: str
    seat: str
    judge: str | None
    paired_at: str
    last_seen: str | None
    unsent: int
    revoked_at: str | None
    open_sheet: str | None = None
    open_at: str | None = None
    clock_ms: int | None = None
    battery: int | None = None
    app: str | None = None


def make_pairing(
    conn: Connection, event_id: str, seat: str, by: Official, at: datetime, token: str, pin: str,
    expires: datetime | None = None,
) -> str:  # fmt: skip
    """Make a card for a seat. The token goes into the QR code, the six-digit PIN to the judge; only hashes are kept."""
    permit(conn, by, "tablets", event_id)
    row = seat_of(conn, event_id, seat)
    id = token_hash(token)[:32]
    conn.execute(
        insert(Pairing).values(
            id=id,
            token_hash=token_hash(token),
            seat_id=row.id,
            pin_hash=hash_pin(pin),
            tries=0,
            made_at=stamp(at),
            expires_at=stamp(expires or at + CARD_LASTS),
        )
    )
    note(conn, event_id, "pairing", by, at, pairing=id, seat=seat)
    return id


def pairing_for(conn: Connection, token: str, at: datetime) -> PairingLine:
    """Whose card this is. NotAllowed if it is unknown, used or expired."""
    row = _usable_card(conn, token, at)
    return PairingLine(row.event_id, row.name_zh, row.name_en, f"{row.panel}.{row.n}", row.judge)


def join(conn: Connection, token: str, pin: str, device_token: str, at: datetime, rng_bytes: RngBytes) -> Device:
    """Put a device into the card's seat. A card is used once; five wrong PINs block it for fifteen minutes."""
    card = _usable_card(conn, token, at)
    tries = Tries(card.tries, card.blocked_until)
    if tries.blocked(at):
        raise NotAllowed(
            "口令错误次数过多，请 15 分钟后再试，或请工作人员换一张卡。",
            "Too many wrong PINs. Try again in 15 minutes, or ask for a new card.",
        )
    if not matches(card.pin_hash, pin):
        conn.execute(update(Pairing).where(Pairing.id == card.id).values(**tries.after_wrong(at)))
        note(conn, card.event_id, "join-refused", None, at, pairing=card.id)
        raise TryRefused("口令不对，请再输一次。", "The PIN is wrong. Enter it again.")
    conn.execute(update(Pairing).where(Pairing.id == card.id).values(used_at=stamp(at)))
    id = new_id(rng_bytes)
    conn.execute(
        insert(DeviceRow).values(
            id=id,
            seat_id=card.seat_id,
            official_id=card.official_id,
            token_hash=token_hash(device_token),
            pin_hash=card.pin_hash,
            tries=0,
            paired_at=stamp(at),
            last_seen=stamp(at),
            unsent=0,
        )
    )
    seat = f"{card.panel}.{card.n}"
    note(conn, card.event_id, "join", None, at, pairing=card.id, device=id, seat=seat, judge=card.official_id)
    return Device(id, card.event_id, card.seat_id, seat, card.panel, card.official_id, card.judge, card.trainee, None)


def device_for(conn: Connection, bearer: str, at: datetime) -> Device:
    """The device with this bearer token. NotAllowed if there is none or it was revoked."""
    row = conn.execute(_devices().where(DeviceRow.token_hash == token_hash(bearer))).first()
    if row is None:
        raise NotAllowed(
            "这台设备没有配对，请扫裁判席的二维码。", "This device is not paired. Scan the seat's QR code."
        )
    if row.revoked_at is not None:
        raise NotAllowed(
            "这台设备已停用。未发送的分数仍在本机，请联系裁判长。",
            "This device was revoked. Unsent marks are still on it: call the chief judge.",
        )
    return _device(row)


def device_of(conn: Connection, event_id: str, device_id: str) -> Device:
    """A device of this event by its id, revoked or not. NotFound."""
    row = conn.execute(_devices().where(DeviceRow.id == device_id, Seat.event_id == event_id)).first()
    if row is None:
        raise NotFound("这个赛项没有这台平板。", "This event has no such tablet.")
    return _device(row)


def revoke_device(conn: Connection, device_id: str, by: Official, reason: str, at: datetime) -> None:
    """Take a lost or broken device out of its seat. What it has already sent stands."""
    row = conn.execute(_devices().where(DeviceRow.id == device_id)).first()
    if row is None:
        raise NotFound("没有这台设备。", "There is no such device.")
    permit(conn, by, "tablets", row.event_id)
    conn.execute(
        update(DeviceRow).where(DeviceRow.id == device_id, DeviceRow.revoked_at.is_(None)).values(revoked_at=stamp(at))
    )
    note(conn, row.event_id, "revoke-device", by, at, device=device_id, reason=because(reason))


def devices(conn: Connection, event_id: str) -> list[DeviceLine]:
    """Every device of an event, the revoked ones too."""
    rows = conn.execute(_devices().where(Seat.event_id == event_id).order_by(Seat.panel, Seat.n, DeviceRow.paired_at))
    return [
        DeviceLine(
            id=row.id,
            seat=f"{row.panel}.{row.n}",
            judge=row.judge,
            paired_at=row.paired_at,
            last_seen=row.last_seen,
            unsent=row.unsent,
            revoked_at=row.revoked_at,
            open_sheet=row.open_sheet,
            open_at=row.open_at,
            clock_ms=row.clock_ms,
            battery=row.battery,
            app=row.app,
        )
        for row in rows
    ]


def check_pin(conn: Connection, device: Device, pin: str, at: datetime) -> tuple[str, str] | None:
    """None if the PIN is the device's; else why not, in both languages. Wrong tries are counted."""
    row = conn.execute(select(DeviceRow).where(DeviceRow.id == device.id)).one()
    tries = Tries(row.tries, row.blocked_until)
    if tries.blocked(at):
        return "口令错误次数过多，请 15 分钟后再签。", "Too many wrong PINs. Sign again in 15 minutes."
    right = matches(row.pin_hash, pin)
    values: dict[str, Any] = {"tries": 0, "blocked_until": None} if right else dict(tries.after_wrong(at))
    if not right or row.tries:
        conn.execute(update(DeviceRow).where(DeviceRow.id == device.id).values(**values))
    return None if right else ("口令不对，请再输一次。", "The PIN is wrong. Enter it again.")


def _usable_card(conn: Connection, token: str, at: datetime) -> Row[*tuple[Any, ...]]:
    row = conn.execute(
        select(
            Pairing,
            Seat.event_id,
            Seat.panel,
            Seat.n,
            Seat.trainee,
            Seat.official_id,
            people.Official.name.label("judge"),
            Event.name_zh,
            Event.name_en,
        )
        .join(Seat, Seat.id == Pairing.seat_id)
        .join(Event, Event.id == Seat.event_id)
        .outerjoin(people.Official, people.Official.id == Seat.official_id)
        .where(Pairing.token_hash == token_hash(token))
    ).first()
    if row is None or row.used_at is not None or moment(row.expires_at) <= at:
        raise NotAllowed(
            "这张配对卡无效、已用过或已过期，请向工作人员换一张。",
            "This card is unknown, used or expired. Ask for a new one.",
        )
    return row


def _device(row: Row[*tuple[Any, ...]]) -> Device:
    seat = f"{row.panel}.{row.n}"
    return Device(
        row.id, row.event_id, row.seat_id, seat, row.panel, row.official_id, row.judge, row.trainee, row.revoked_at
    )


def _devices() -> Select[*tuple[Any, ...]]:
    return (
        select(DeviceRow, Seat.event_id, Seat.panel, Seat.n, Seat.trainee, people.Official.name.label("judge"))
        .join(Seat, Seat.id == DeviceRow.seat_id)
        .outerjoin(people.Official, people.Official.id == DeviceRow.official_id)
    )
