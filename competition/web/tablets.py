"""The board of tablets: when each last spoke, what it still holds, and what somebody should look at. Seats and codes only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from competition import judging, rules, store
from competition.judging.presence import LEASE
from competition.web.said import seat_said
from competition.web.views import DeviceLine


def device_lines(
    law: rules.Rules,
    devices: Iterable[judging.DeviceLine],
    at: datetime,
    codes: Mapping[str, str] | None = None,
    app: str = "",
) -> tuple[DeviceLine, ...]:
    """Tablets as the desk shows them. `codes` says whose code a sheet is about; `app` is the program served now."""
    known = list(devices)
    seated = Counter(one.seat for one in known if _alive(one, at) and not one.revoked_at)
    return tuple(
        DeviceLine(
            id=one.id,
            seat=seat_said(law, one.seat),
            judge=one.judge or "",
            last_seen=one.last_seen,
            silent=one.last_seen is not None and not _alive(one, at),
            unsent=one.unsent,
            revoked=one.revoked_at is not None,
            twin=one.revoked_at is None and _alive(one, at) and seated[one.seat] > 1,
            open=(codes or {}).get(one.open_sheet or "") if _fresh(one, at) else None,
            battery=one.battery,
            clock=_clock(one.clock_ms),
            behind=bool(app and one.app and one.app != app),
        )
        for one in known
    )


def _alive(one: judging.DeviceLine, at: datetime) -> bool:
    return one.last_seen is not None and at - store.moment(one.last_seen) <= judging.ALIVE


def _fresh(one: judging.DeviceLine, at: datetime) -> bool:
    return one.open_at is not None and at - store.moment(one.open_at) <= LEASE


def _clock(clock_ms: int | None) -> tuple[str, int] | None:
    """How far a clock is off, if it is: ("ahead" or "behind", seconds)."""
    if clock_ms is None or not judging.clock_is_off(clock_ms):
        return None
    return ("ahead" if clock_ms > 0 else "behind"), round(abs(clock_ms) / 1000)
