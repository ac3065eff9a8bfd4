"""Objections (异议): what the supervisor holds against an act or a state, answered in writing by the chief (row 34).

They stand in the ledger and nowhere else: nobody takes one back, and the final release waits until each is answered. Their words name
nobody; a page says so.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from competition.errors import Conflict, MarkError, NotFound
from competition.judging.acts import because, note
from competition.judging.officials import Official, permit
from competition.store import Ledger, own_origin, people

LONGEST = 500
RAISED, ANSWERED = "objection", "objection-answered"


@dataclass(frozen=True, slots=True)
class Objection:
    """n counts from 1. line: the place in the event's chain of the act it is about, None for a state of things. By whom: names."""

    n: int
    line: int | None
    said: str
    by: str
    at: str
    answer: str | None = None
    answered_by: str = ""
    answered_at: str | None = None


def object_to(
    conn: Connection, event_id: str, said: str, by: Official, at: datetime, line: int | None = None
) -> Objection:
    """Put an objection on record. MarkError without words or with too many; NotFound when there is no such line."""
    permit(conn, by, "object", event_id)
    text = said.strip()
    if not 2 <= len(text) <= LONGEST:
        raise MarkError(f"请写明异议，2 到 {LONGEST} 个字。", f"Say what you object to, in 2 to {LONGEST} characters.")
    if line is not None:
        place = (Ledger.event_id == event_id, Ledger.origin == own_origin(conn), Ledger.n == line)
        if conn.scalar(select(Ledger.n).where(*place)) is None:
            raise NotFound(f"操作记录里没有第 {line} 条。", f"The timeline has no line {line}.")
    n = len(objections(conn, event_id)) + 1
    note(conn, event_id, RAISED, by, at, n=n, line=line, said=text)
    return objections(conn, event_id)[-1]


def answer_objection(conn: Connection, event_id: str, n: int, answer: str, by: Official, at: datetime) -> None:
    """The chief's answer. NotFound; Conflict when it was answered."""
    permit(conn, by, "answer_objection", event_id)
    known = next((one for one in objections(conn, event_id) if one.n == n), None)
    if known is None:
        raise NotFound(f"没有第 {n} 号异议。", f"There is no objection {n}.")
    if known.answer is not None:
        raise Conflict("这件异议已经答复，请刷新。", "This objection was answered meanwhile. Refresh.")
    note(conn, event_id, ANSWERED, by, at, n=n, answer=because(answer))


def objections(conn: Connection, event_id: str) -> list[Objection]:
    """Every objection with its answer, oldest first."""
    query = select(Ledger.kind, Ledger.body, Ledger.at).where(
        Ledger.event_id == event_id, Ledger.kind.in_((RAISED, ANSWERED))
    )
    names = {row.id: row.name for row in conn.execute(select(people.Official.id, people.Official.name))}
    found: dict[int, Objection] = {}
    for kind, text, at in conn.execute(query.order_by(Ledger.seq)):
        body = json.loads(text)
        who = names.get(body["by"], "")
        if kind == RAISED:
            found[body["n"]] = Objection(body["n"], body["line"], body["said"], who, at)
        else:
            first = found[body["n"]]
            found[body["n"]] = Objection(first.n, first.line, first.said, first.by, first.at, body["answer"], who, at)
    return list(found.values())


def unanswered(conn: Connection) -> dict[str, int]:
    """How many objections wait for the chief, by event."""
    counts = select(Ledger.event_id, Ledger.kind, func.count()).where(Ledger.kind.in_((RAISED, ANSWERED)))
    left: dict[str, int] = {}
    for event, kind, n in conn.execute(counts.group_by(Ledger.event_id, Ledger.kind)):
        left[event] = left.get(event, 0) + (n if kind == RAISED else -n)
    return {event: n for event, n in left.items() if n}
