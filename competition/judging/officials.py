"""Officials: who they are, what they may do, and whether they are signed in at a desk."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from competition.errors import Conflict, MarkError, NotAllowed, NotFound
from competition.judging.acts import RngBytes, new_id, note
from competition.judging.permissions import MAY
from competition.judging.secrets import NOBODY, Tries, TryRefused, hash_password, matches, token_hash
from competition.store import HOUSE, moment, people, stamp
from competition.store.devices import DeskSession
from competition.store.games import Seat

ROLES = ("organiser", "chief", "judge", "clerk", "encryptor", "supervisor", "announcer")
ROLE_NAMES = {
    "organiser": ("组委会", "organiser"),
    "chief": ("裁判长", "chief judge"),
    "judge": ("裁判", "judge"),
    "clerk": ("录分员", "clerk"),
    "encryptor": ("加密员", "encryptor"),
    "supervisor": ("监督仲裁", "supervisor"),
    "announcer": ("揭晓", "announcer"),
}
MIN_PASSWORD = 10
"""Characters of a new password (length is what counts: NIST SP 800-63B)."""

SEALERS = frozenset({"encryptor"})
SCORERS = frozenset({"judge", "chief", "clerk"})


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody with duties, known to the program."""

    id: str
    username: str
    name: str


def create_official(
    conn: Connection,
    username: str,
    name: str,
    password: str | None,
    by: Official | None,
    at: datetime,
    rng_bytes: RngBytes,
) -> Official:
    """Register an official; without a password they can hold a tablet but not sign in at a desk.

    `by` is None only for the very first official of a new store.
    """
    if by is None:
        _must_be_new(conn)
    else:
        permit(conn, by, "accounts", None)
    if conn.scalar(select(people.Official.id).where(people.Official.username == username)):
        raise Conflict(
            f"用户名“{username}”已有人使用，请换一个。", f"The username “{username}” is taken; choose another."
        )
    official = Official(new_id(rng_bytes), username, name)
    conn.execute(
        insert(people.Official).values(
            id=official.id,
            username=username,
            name=name,
            password_hash=hash_password(password) if password else None,
            tries=0,
        )
    )
    note(conn, None, "official", by, at, official=official.id)
    return official


def check_password(conn: Connection, username: str, password: str, at: datetime, *, one_time: bool = False) -> Official:
    """Who this is. NotAllowed if name or password are wrong (which one is not said), or after five wrong tries for
    fifteen minutes. Wrong tries are counted, so this goes through the writer.

    one_time: whether a password that must be changed first is enough, as it is for signing in and for changing it.
    """
    row = conn.execute(select(people.Official).where(people.Official.username == username)).first()
    tries = Tries(row.tries, row.blocked_until) if row else Tries(0, None)
    if tries.blocked(at):
        raise NotAllowed("错误次数过多，请 15 分钟后再试。", "Too many wrong tries. Try again in 15 minutes.")
    usable = row is not None and row.password_hash is not None and row.disabled_at is None
    right = matches(row.password_hash if usable else NOBODY, password)  # type: ignore[union-attr]
    if row is not None and usable and right:
        if row.tries:
            _set(conn, row.id, tries=0, blocked_until=None)
        if row.password_until is not None:
            _still_good(row.password_until, at, one_time)
        return Official(row.id, row.username, row.name)
    if row is not None:
        _set(conn, row.id, **tries.after_wrong(at))
        note(conn, None, "sign-in-refused", None, at, official=row.id)
    raise TryRefused("用户名或密码不对，请重新输入。", "The username or password is wrong. Enter them again.")


def change_password(conn: Connection, official: Official, old: str, new: str, cookie: str, at: datetime) -> None:
    """A new password, proven by the old one; every other session of this official ends.

    NotAllowed if the old one is wrong (counted as at sign-in); MarkError if the new one is too short or the same.
    """
    check_password(conn, official.username, old, at, one_time=True)
    if len(new) < MIN_PASSWORD or new == old:
        raise MarkError(
            f"新密码至少 {MIN_PASSWORD} 个字符，且不能与旧密码相同。",
            f"A new password has at least {MIN_PASSWORD} characters and differs from the old one.",
        )
    _set(conn, official.id, password_hash=hash_password(new), password_until=None)
    conn.execute(
        update(DeskSession)
        .where(DeskSession.official_id == official.id, DeskSession.ended_at.is_(None))
        .where(DeskSession.cookie_hash != token_hash(cookie))
        .values(ended_at=stamp(at))
    )
    note(conn, None, "password", official, at)


def start_session(conn: Connection, official: Official, cookie: str, at: datetime, expires: datetime) -> None:
    """Sign an official in at a desk. Only the cookie's hash is kept."""
    conn.execute(
        insert(DeskSession).values(
            cookie_hash=token_hash(cookie), official_id=official.id, started_at=stamp(at), expires_at=stamp(expires)
        )
    )
    note(conn, None, "sign-in", official, at)


def official_for(conn: Connection, cookie: str, at: datetime) -> Official:
    """Who is signed in with this cookie. NotAllowed if nobody is, or no longer."""
    row = conn.execute(
        select(people.Official.id, people.Official.username, people.Official.name)
        .join(DeskSession, DeskSession.official_id == people.Official.id)
        .where(
            DeskSession.cookie_hash == token_hash(cookie),
            DeskSession.ended_at.is_(None),
            DeskSession.expires_at > stamp(at),
            people.Official.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        raise NotAllowed("登录已结束，请重新登录。", "You are signed out. Sign in again.")
    return Official(*row)


def end_session(conn: Connection, cookie: str, at: datetime) -> None:
    """Sign out. Signing out twice is no fault."""
    row = conn.execute(
        update(DeskSession)
        .where(DeskSession.cookie_hash == token_hash(cookie), DeskSession.ended_at.is_(None))
        .values(ended_at=stamp(at))
        .returning(DeskSession.official_id)
    ).first()
    if row is not None:
        note(conn, None, "sign-out", None, at, official=row.official_id)


def grant(
    conn: Connection, official_id: str, role: str, event_id: str | None, by: Official | None, at: datetime
) -> None:
    """Give an official a role, in one event or (None) in all. Whoever seals codes never scores, and the other way round."""
    if by is None:
        _must_be_new(conn, grants=True)
    else:
        permit(conn, by, "duties", event_id)
    if role not in ROLES:
        raise NotFound(f"没有“{role}”这种角色。", f"There is no role “{role}”.")
    held = _held(conn, official_id, event_id)
    if role in held:
        return
    if role in SEALERS and _seated(conn, official_id, event_id):
        held.add("judge")
    if duties_clash(held | {role}):
        raise Conflict("加密员不得参与打分，请另选一人。", "An encryptor never scores. Choose somebody else.")
    conn.execute(insert(people.Grant).values(official_id=official_id, role=role, event_id=event_id or HOUSE))
    note(conn, event_id, "grant", by, at, official=official_id, role=role)


def ungrant(conn: Connection, official_id: str, role: str, event_id: str | None, by: Official, at: datetime) -> None:
    """Take a role back. Nobody takes away the role they are doing this with."""
    permit(conn, by, "duties", event_id)
    if official_id == by.id and role == "organiser":
        raise Conflict("不能取消自己的组委会角色。", "You can't take your own organiser's role away.")
    held = people.Grant
    conn.execute(
        delete(held).where(held.official_id == official_id, held.role == role, held.event_id == (event_id or HOUSE))
    )
    note(conn, event_id, "ungrant", by, at, official=official_id, role=role)


def duties_clash(held: Set[str]) -> bool:
    """Whether one person may not have all these roles in one event: whoever seals codes never scores there."""
    return bool(held & SEALERS and held & SCORERS)


def roles(conn: Connection, official: Official, event_id: str | None) -> frozenset[str]:
    """The roles an official has in an event; for None, in all events."""
    wanted = [HOUSE] if event_id is None else [HOUSE, event_id]
    query = select(people.Grant.role).where(people.Grant.official_id == official.id, people.Grant.event_id.in_(wanted))
    return frozenset(conn.scalars(query))


def names_of(conn: Connection) -> dict[str, str]:
    """Every official's name by id; whoever was erased has none."""
    return {row.id: row.name for row in conn.execute(select(people.Official.id, people.Official.name)) if row.name}


def permit(conn: Connection, official: Official, act: str, event_id: str | None) -> None:
    """NotAllowed unless the table of permissions lets the official do it in the event (None: in all)."""
    require(conn, official, MAY[act], event_id)


def require(conn: Connection, official: Official, role: str | tuple[str, ...], event_id: str | None) -> None:
    """NotAllowed unless the official has the role (or any of them) in the event."""
    wanted = (role,) if isinstance(role, str) else role
    if not roles(conn, official, event_id) & set(wanted):
        zh = "或".join(ROLE_NAMES[one][0] for one in wanted)
        en = " or ".join(ROLE_NAMES[one][1] for one in wanted)
        raise NotAllowed(f"这一步只有{zh}可以做。", f"Only the {en} may do this.")


def _still_good(until: str, at: datetime, one_time: bool) -> None:
    """A right password that was given out by the organiser: good for a day, and only to change it."""
    if moment(until) <= at:
        raise NotAllowed(
            "这个一次性密码已过期，请组委会重新发放。",
            "This one-time password has expired. Ask the organiser for a new one.",
        )
    if not one_time:
        raise NotAllowed(
            "请先登录并修改一次性密码，然后再做这一步。",
            "Sign in and change your one-time password first, then do this.",
        )


def _held(conn: Connection, official_id: str, event_id: str | None) -> set[str]:
    query = select(people.Grant.role).where(people.Grant.official_id == official_id)
    if event_id is not None:
        query = query.where(people.Grant.event_id.in_([HOUSE, event_id]))
    return set(conn.scalars(query))


def _seated(conn: Connection, official_id: str, event_id: str | None) -> bool:
    query = select(func.count()).select_from(Seat).where(Seat.official_id == official_id)
    return bool(conn.scalar(query if event_id is None else query.where(Seat.event_id == event_id)))


def _must_be_new(conn: Connection, *, grants: bool = False) -> None:
    table = people.Grant if grants else people.Official
    if conn.scalar(select(func.count()).select_from(table)):
        raise NotAllowed("请由组委会来做。", "Let the organiser do this.")


def _set(conn: Connection, official_id: str, **values: object) -> None:
    conn.execute(update(people.Official).where(people.Official.id == official_id).values(**values))
