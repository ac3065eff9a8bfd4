"""Accounts of officials at the desks: who is registered, one-time passwords, accounts shut and opened again.

An official who came with a workbook has no password. The organiser gives one out on paper; it is good for a day and only for
choosing one's own, so that nobody but its owner ever knows the password that acts are done with.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from competition.errors import Conflict, NotFound
from competition.judging.acts import RngBytes, because, note
from competition.judging.officials import Official, permit
from competition.judging.secrets import hash_password
from competition.store import HOUSE, moment, people, stamp
from competition.store.devices import DeskSession, Device
from competition.store.games import Event, Seat, Unit

GOOD_FOR = timedelta(hours=24)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No 0, 1, i, l or o: a password is read from paper and typed."""
GROUPS, GROUP = 3, 4
STATES = ("none", "first", "expired", "own", "disabled")


@dataclass(frozen=True, slots=True)
class Duty:
    """A role in one event, or (`event` None) in all."""

    role: str
    event: str | None
    event_zh: str
    event_en: str


@dataclass(frozen=True, slots=True)
class Account:
    """An official as the organiser sees them.

    state: one of STATES: no password, a one-time one, an expired one, their own, or the account is shut. `seats` are the
    seats they judge from, as (event, panel, number).
    """

    id: str
    username: str
    name: str
    unit: str
    state: str
    until: str | None
    duties: tuple[Duty, ...]
    seats: tuple[tuple[str, str, int], ...]


def accounts(conn: Connection, by: Official, at: datetime) -> list[Account]:
    """Everybody registered, by name. For the organiser."""
    permit(conn, by, "accounts", None)
    official = people.Official
    rows = conn.execute(
        select(official, Unit.name_zh.label("unit")).outerjoin(Unit, Unit.id == official.unit_id).order_by(official.name, official.username)
    ).all()  # fmt: skip
    duties, seats = _duties(conn), _seats(conn)
    return [
        Account(
            id=row.id,
            username=row.username,
            name=row.name,
            unit=row.unit or "",
            state=_state(row, at),
            until=row.password_until,
            duties=tuple(duties.get(row.id, ())),
            seats=tuple(seats.get(row.id, ())),
        )
        for row in rows
    ]


def one_time_password(rng_bytes: RngBytes) -> str:
    """Three groups of four letters and digits, 59 bits."""
    made = ""
    while len(made) < GROUPS * GROUP:
        # Bytes beyond a whole number of alphabets are thrown away, so that every letter is equally likely.
        made += "".join(LETTERS[n % len(LETTERS)] for n in rng_bytes(16) if n < 256 // len(LETTERS) * len(LETTERS))
    return "-".join(made[n : n + GROUP] for n in range(0, GROUPS * GROUP, GROUP))


def give_password(conn: Connection, official_id: str, password: str, by: Official, at: datetime) -> None:
    """A one-time password for somebody else: the old one is void, their sessions end. Conflict for a shut account or one's own."""
    permit(conn, by, "accounts", None)
    row = _registered(conn, official_id)
    if row.disabled_at is not None:
        raise Conflict(
            f"{row.name} 的账号已停用，请先恢复。", f"The account of {row.name} is shut. Open it again first."
        )
    if official_id == by.id:
        raise Conflict("自己的密码请在“修改密码”页更改。", "Change your own password on the password page.")
    until = stamp(at + GOOD_FOR)
    _set(
        conn, official_id, password_hash=hash_password(password), password_until=until, tries=0, blocked_until=None
    )  # fmt: skip
    _end_sessions(conn, official_id, at)
    note(conn, None, "one-time-password", by, at, official=official_id, until=until)


def disable_account(conn: Connection, official_id: str, by: Official, reason: str, at: datetime) -> None:
    """Shut an account: sessions end at once, the tablets they judge with are revoked, and no password opens it."""
    permit(conn, by, "accounts", None)
    row, why = _registered(conn, official_id), because(reason)
    if official_id == by.id:
        raise Conflict("不能停用自己的账号。", "You can't shut your own account.")
    if row.disabled_at is not None:
        raise Conflict("这个账号已经停用。", "This account is shut already.")
    _set(conn, official_id, disabled_at=stamp(at))
    _end_sessions(conn, official_id, at)
    theirs = select(Seat.id).where(Seat.official_id == official_id)
    conn.execute(
        update(Device).where(Device.seat_id.in_(theirs), Device.revoked_at.is_(None)).values(revoked_at=stamp(at))
    )
    note(conn, None, "account-disabled", by, at, official=official_id, reason=why)


def enable_account(conn: Connection, official_id: str, by: Official, at: datetime) -> None:
    """Open an account again. Its old password is void: a one-time password is given out next."""
    permit(conn, by, "accounts", None)
    if _registered(conn, official_id).disabled_at is None:
        raise Conflict("这个账号没有停用。", "This account is not shut.")
    _set(conn, official_id, disabled_at=None, password_hash=None, password_until=None)
    note(conn, None, "account-enabled", by, at, official=official_id)


def must_change(conn: Connection, official: Official) -> bool:
    """Whether they hold a password that somebody else has seen."""
    query = select(people.Official.password_until).where(people.Official.id == official.id)
    return conn.scalar(query) is not None


def _state(row: Any, at: datetime) -> str:
    if row.disabled_at is not None:
        return "disabled"
    if row.password_hash is None:
        return "none"
    if row.password_until is None:
        return "own"
    return "first" if moment(row.password_until) > at else "expired"


def _duties(conn: Connection) -> dict[str, list[Duty]]:
    grant = people.Grant
    rows = conn.execute(
        select(grant, Event.name_zh, Event.name_en)
        .outerjoin(Event, Event.id == grant.event_id)
        .order_by(grant.role, grant.event_id)
    )
    found: dict[str, list[Duty]] = {}
    for row in rows:
        event = None if row.event_id == HOUSE else row.event_id
        found.setdefault(row.official_id, []).append(Duty(row.role, event, row.name_zh or "", row.name_en or ""))
    return found


def _seats(conn: Connection) -> dict[str, list[tuple[str, str, int]]]:
    rows = conn.execute(
        select(Seat.official_id, Seat.event_id, Seat.panel, Seat.n)
        .where(Seat.official_id.is_not(None))
        .order_by(Seat.event_id, Seat.panel, Seat.n)
    )
    found: dict[str, list[tuple[str, str, int]]] = {}
    for id, event, panel, n in rows:
        found.setdefault(str(id), []).append((event, panel, n))
    return found


def _registered(conn: Connection, official_id: str) -> Row[Any]:
    row = conn.execute(select(people.Official).where(people.Official.id == official_id)).first()
    if row is None:
        raise NotFound("没有登记这位工作人员，请刷新名单。", "There is no such official. Reload the list.")
    return row


def _end_sessions(conn: Connection, official_id: str, at: datetime) -> None:
    conn.execute(
        update(DeskSession)
        .where(DeskSession.official_id == official_id, DeskSession.ended_at.is_(None))
        .values(ended_at=stamp(at))
    )


def _set(conn: Connection, official_id: str, **values: object) -> None:
    conn.execute(update(people.Official).where(people.Official.id == official_id).values(**values))
