"""The edition of its rules that an event is under: replaced freely before the first mark, and after it by two people.

The first mark freezes an edition (DESIGN law 8). After that the organiser asks for another one, which is filed and can be tried on
the marks there are; the chief judge puts it in force or declines. Marks stay as they are: an edition under which they couldn't
stand is refused. What is asked for is read from the ledger, so nothing can be asked without a trace.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from competition.errors import Conflict, NotAllowed
from competition.judging.acts import RngBytes, because, note
from competition.judging.officials import Official, permit
from competition.judging.setup import add_seats, file_edition
from competition.rules.amending import in_the_way
from competition.rules.model import Rules
from competition.store import Ledger, stamp, thawed
from competition.store.games import Edition, Event
from competition.store.people import Official as OfficialRow

ASKED, DECLINED, ADOPTED = "edition-asked", "edition-declined", "edition"
SAID = 5
"""So many obstacles are named in a refusal; with more of them it's another contest."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """An edition that is asked for. `by` is the organiser's name, `by_id` who may not put it in force as well."""

    digest: str
    reason: str
    at: str
    by: str
    by_id: str


def adopt_edition(
    conn: Connection, event_id: str, rules: Rules, by: Official, at: datetime, reason: str, rng_bytes: RngBytes
) -> None:
    """Put an event under new rules. Conflict once the first mark froze the edition."""
    permit(conn, by, "rules", event_id)
    if frozen := frozen_at(conn, event_id):
        raise Conflict(
            f"第一个分数已于 {frozen} 记录，规则已冻结。请先提请改版，由裁判长核准。",
            f"The first mark was recorded at {frozen}: the rules are frozen. Ask for the new edition; the chief judge decides.",
        )
    _file(conn, event_id, rules, at)
    conn.execute(update(Event).where(Event.id == event_id).values(edition_digest=rules.digest))
    add_seats(conn, event_id, rules, rng_bytes)
    note(conn, event_id, ADOPTED, by, at, edition=rules.digest, reason=because(reason))


def ask_edition(conn: Connection, event_id: str, rules: Rules, by: Official, at: datetime, reason: str) -> None:
    """Ask for other rules after the first mark. Conflict if marks couldn't stand under them, or nothing is frozen yet."""
    permit(conn, by, "rules", event_id)
    why, now = because(reason), thawed(conn, event_id)
    if frozen_at(conn, event_id) is None:
        raise Conflict("还没有打分，规则可以直接启用。", "Nothing is marked yet: put the rules in force directly.")
    if rules.digest == now.digest:
        raise Conflict("与现用规则相同，不用改版。", "These are the rules in force already.")
    if asked := asked_edition(conn, event_id):
        raise Conflict(
            f"{asked.by} 提请的改版还没有答复，请先由裁判长答复。",
            f"What {asked.by} asked for is unanswered: the chief judge answers it first.",
        )
    if obstacles := in_the_way(now, rules):
        more = len(obstacles) - SAID
        raise Conflict(
            " ".join(one.zh for one in obstacles[:SAID]) + (f" 另有 {more} 处。" if more > 0 else ""),
            " ".join(one.en for one in obstacles[:SAID]) + (f" And {more} more." if more > 0 else ""),
        )
    _file(conn, event_id, rules, at)
    note(conn, event_id, ASKED, by, at, edition=rules.digest, reason=why)


def asked_edition(conn: Connection, event_id: str) -> Amendment | None:
    """What is asked for and not answered yet."""
    query = (
        select(Ledger.kind, Ledger.at, Ledger.body)
        .where(Ledger.event_id == event_id, Ledger.kind.in_((ASKED, DECLINED, ADOPTED)))
        .order_by(Ledger.seq.desc())
        .limit(1)
    )
    line = conn.execute(query).first()
    if line is None or line.kind != ASKED:
        return None
    body = json.loads(line.body)
    name = conn.scalar(select(OfficialRow.name).where(OfficialRow.id == body["by"])) or ""
    return Amendment(body["edition"], body["reason"], line.at, name, body["by"])


def events_asking(conn: Connection) -> set[str]:
    """The events in which an edition is asked for and not answered yet."""
    kinds = Ledger.kind.in_((ASKED, DECLINED, ADOPTED))
    last = select(func.max(Ledger.seq)).where(kinds).group_by(Ledger.event_id).scalar_subquery()
    return set(conn.scalars(select(Ledger.event_id).where(Ledger.seq.in_(last), Ledger.kind == ASKED)))


def put_in_force(conn: Connection, event_id: str, digest: str, by: Official, at: datetime) -> None:
    """The chief judge puts in force what was asked for, as it was shown (`digest`). Marks stay; every result is computed anew."""
    asked = _answerable(conn, event_id, digest, by)
    frozen = {"edition_digest": asked.digest}
    conn.execute(update(Event).where(Event.id == event_id).values(frozen))
    conn.execute(
        update(Edition).where(Edition.event_id == event_id, Edition.digest == asked.digest).values(frozen_at=stamp(at))
    )
    note(conn, event_id, ADOPTED, by, at, edition=asked.digest, reason=asked.reason, asked_by=asked.by_id)


def decline_edition(conn: Connection, event_id: str, digest: str, by: Official, at: datetime, reason: str) -> None:
    """The chief judge leaves the rules as they are, and says why."""
    asked = _answerable(conn, event_id, digest, by)
    note(conn, event_id, DECLINED, by, at, edition=asked.digest, reason=because(reason))


def frozen_at(conn: Connection, event_id: str) -> str | None:
    """When the first mark froze the event's rules."""
    query = select(func.min(Edition.frozen_at)).where(Edition.event_id == event_id)
    frozen: str | None = conn.scalar(query)
    return frozen


def _answerable(conn: Connection, event_id: str, digest: str, by: Official) -> Amendment:
    permit(conn, by, "amend", event_id)
    asked = asked_edition(conn, event_id)
    if asked is None or asked.digest != digest:
        raise Conflict(
            "这次改版已有答复，或内容已变。请刷新后再看。",
            "This was answered or has changed meanwhile. Reload the page.",
        )
    if asked.by_id == by.id:
        raise NotAllowed(
            "提请改版的人不能自己核准，请另一位裁判长处理。",
            "Who asked can't answer as well: another chief judge does.",
        )
    return asked


def _file(conn: Connection, event_id: str, rules: Rules, at: datetime) -> None:
    """Keep an edition's text, once."""
    digests = conn.scalars(select(Edition.digest).where(Edition.event_id == event_id)).all()
    if rules.digest not in digests:
        file_edition(conn, event_id, len(digests) + 1, rules, at)


__all__ = [
    "Amendment",
    "adopt_edition",
    "ask_edition",
    "asked_edition",
    "decline_edition",
    "events_asking",
    "frozen_at",
    "put_in_force",
]
