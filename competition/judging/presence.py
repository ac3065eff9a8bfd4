"""What tablets say of themselves every few seconds, and which of them sit in one seat. No evidence: not in the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from competition.judging.devices import Device
from competition.store import moment, stamp, touch
from competition.store.devices import Device as DeviceRow
from competition.store.sheets import Sheet

ALIVE = timedelta(seconds=60)
"""A device that spoke so lately is taken to be there."""
LEASE = timedelta(seconds=20)
"""So long a sheet counts as open on the device that said so: a few heartbeats."""
CLOCK_LIMIT = 30_000
"""Milliseconds a device's clock may be off before people are told. It orders nothing either way."""

FARTHEST = 2_000_000_000
"""Milliseconds beyond which a clock is just as wrong: 23 days, the most that fits an integer column everywhere."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A sign of life: marks still unsent, the sheet that is open, the clock's lead in ms, battery in percent, program."""

    unsent: int = 0
    open: str | None = None
    clock_ms: int | None = None
    battery: int | None = None
    app: str | None = None


def heartbeat(conn: Connection, device: Device, said: Pulse, at: datetime) -> None:
    """Note that a device is there and what it says of itself. A sheet of another seat is not noted as open."""
    row = conn.execute(select(DeviceRow).where(DeviceRow.id == device.id)).one()
    mine = said.open is not None and conn.scalar(select(Sheet.seat_id).where(Sheet.id == said.open)) == device.seat_id
    told = {
        "unsent": max(0, said.unsent),
        "open_sheet": said.open if mine else None,
        "clock_ms": None if said.clock_ms is None else max(-FARTHEST, min(FARTHEST, said.clock_ms)),
        "battery": said.battery,
        "app": said.app,
    }
    seen = {"last_seen": stamp(at), "open_at": stamp(at) if mine else None}
    conn.execute(update(DeviceRow).where(DeviceRow.id == device.id).values(**told, **seen))
    before = {name: getattr(row, name) for name in told}
    back = row.last_seen is None or at - moment(row.last_seen) > ALIVE
    if back or _shown(before) != _shown(told):
        touch(conn, device.event_id)  # the chief's board follows what changed, not every beat


def twins(conn: Connection, device: Device, at: datetime) -> tuple[int, list[str]]:
    """How many other live devices sit in this seat, and which sheets are open on them (the visible lease)."""
    others = conn.execute(
        select(DeviceRow.open_sheet, DeviceRow.open_at).where(
            DeviceRow.seat_id == device.seat_id,
            DeviceRow.id != device.id,
            DeviceRow.revoked_at.is_(None),
            DeviceRow.last_seen >= stamp(at - ALIVE),
        )
    ).all()
    fresh = stamp(at - LEASE)
    return len(others), sorted({row.open_sheet for row in others if row.open_sheet and row.open_at >= fresh})


def clock_is_off(clock_ms: int | None) -> bool:
    """Whether a device's clock is so far from the server's that people are told."""
    return clock_ms is not None and abs(clock_ms) > CLOCK_LIMIT


def _shown(told: Mapping[str, object]) -> tuple[object, ...]:
    """What the board shows of it: the clock only as fine as the warning is."""
    clock_ms = told["clock_ms"]
    off = clock_is_off(clock_ms if isinstance(clock_ms, int) else None)
    return told["unsent"], told["open_sheet"], off, told["battery"], told["app"]
