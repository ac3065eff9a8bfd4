"""The register of appeals (申诉): lodged at a desk with a deadline, heard by the supervisor, ended by a dismissal or by putting right.

The deadline is the end of the objection window of the notice; before there is a notice nothing is late. A late appeal is kept and not
heard (rules.md 12). The final release waits until each is dismissed, or upheld and done. What an appeal says stays in its register: the
ledger has its number, whom it is about, and a digest of its words.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from competition.errors import Conflict, MarkError, NotFound
from competition.judging.acts import RngBytes, because, new_id, note
from competition.judging.officials import Official, permit
from competition.judging.releases import release_of
from competition.store import digest_of, moment, stamp
from competition.store.appeals import WAITING, Appeal
from competition.store.codes import JudgingCode

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class AppealLine:
    """An appeal in the register. `code` stands for the entry it is about; `said` is None once erased."""

    n: int
    code: str | None
    said: str | None
    at: str
    deadline: str | None
    state: str
    answer: str | None
    answered_at: str | None


def lodge(
    conn: Connection, event_id: str, code: str, said: str, by: Official, at: datetime, rng_bytes: RngBytes
) -> AppealLine:
    """Enter an appeal about an entry by code ("": about the event), as it was handed in. After the deadline it is kept as late."""
    permit(conn, by, "lodge", event_id)
    text = said.strip()
    if not 2 <= len(text) <= LONGEST:
        raise MarkError(
            f"请写明申诉内容，2 到 {LONGEST} 个字。", f"Say what is objected to, in 2 to {LONGEST} characters."
        )
    entry = _entry(conn, event_id, code.strip().upper()) if code.strip() else None
    notice = release_of(conn, event_id, "notice")
    deadline = notice.window_closes if notice else None
    late = deadline is not None and at >= moment(deadline)
    n = (conn.scalar(select(func.max(Appeal.n)).where(Appeal.event_id == event_id)) or 0) + 1
    id = new_id(rng_bytes)
    conn.execute(
        insert(Appeal).values(
            id=id, event_id=event_id, n=n, entry_id=entry, said=text, at=stamp(at), deadline=deadline,
            state="late" if late else "open",
        )
    )  # fmt: skip
    note(conn, event_id, "appeal", by, at, appeal=id, n=n, entry=entry, said=digest_of([id, text]), late=late)
    return appeals(conn, event_id)[-1]


def hear(conn: Connection, event_id: str, n: int, upheld: bool, by: Official, answer: str, at: datetime) -> None:
    """The supervisor's ruling, with its reason. Upheld, it waits until what it asks for was put right."""
    permit(conn, by, "hear", event_id)
    row = _in_state(conn, event_id, n, "open")
    _end(conn, row, "upheld" if upheld else "dismissed", because(answer), at)
    note(conn, event_id, "appeal-heard", by, at, appeal=row, n=n, upheld=upheld, answer=answer.strip())


def put_right(conn: Connection, event_id: str, n: int, by: Official, done: str, at: datetime) -> None:
    """The supervisor has seen that an upheld appeal was put right, and says how."""
    permit(conn, by, "hear", event_id)
    row = _in_state(conn, event_id, n, "upheld")
    _end(conn, row, "done", because(done), at)
    note(conn, event_id, "appeal-done", by, at, appeal=row, n=n, answer=done.strip())


def appeals(conn: Connection, event_id: str) -> list[AppealLine]:
    """The register of an event, in the order in which they came in."""
    rows = conn.execute(
        select(Appeal, JudgingCode.code)
        .outerjoin(JudgingCode, JudgingCode.entry_id == Appeal.entry_id)
        .where(Appeal.event_id == event_id)
        .order_by(Appeal.n)
    )
    return [
        AppealLine(row.n, row.code, row.said, row.at, row.deadline, row.state, row.answer, row.answered_at)
        for row in rows
    ]


def waiting_appeals(conn: Connection) -> dict[str, int]:
    """How many appeals wait for the supervisor, by event."""
    query = select(Appeal.event_id, func.count()).where(Appeal.state.in_(WAITING)).group_by(Appeal.event_id)
    return {event: n for event, n in conn.execute(query)}


def appealed(conn: Connection, event_id: str) -> set[str]:
    """The entries whose result an unanswered appeal is about."""
    query = select(Appeal.entry_id).where(
        Appeal.event_id == event_id, Appeal.state.in_(WAITING), Appeal.entry_id.is_not(None)
    )
    return {entry for entry in conn.scalars(query) if entry is not None}


def _entry(conn: Connection, event_id: str, code: str) -> str:
    entry = conn.scalar(select(JudgingCode.entry_id).where(JudgingCode.event_id == event_id, JudgingCode.code == code))
    if entry is None:
        raise NotFound(f"没有评审号 {code[:12]}，请核对。", f"There is no code {code[:12]}. Check it.")
    return entry


def _in_state(conn: Connection, event_id: str, n: int, state: str) -> str:
    row = conn.execute(select(Appeal.id, Appeal.state).where(Appeal.event_id == event_id, Appeal.n == n)).first()
    if row is None:
        raise NotFound(f"没有第 {n} 号申诉。", f"There is no appeal {n}.")
    if row.state != state:
        raise Conflict(f"第 {n} 号申诉已有答复，请刷新。", f"Appeal {n} was answered meanwhile. Reload the page.")
    id: str = row.id
    return id


def _end(conn: Connection, id: str, state: str, answer: str, at: datetime) -> None:
    conn.execute(update(Appeal).where(Appeal.id == id).values(state=state, answer=answer, answered_at=stamp(at)))
