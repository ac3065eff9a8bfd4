"""Rulings after locking: a status, an admission, an order of equals, a number for the event or an absence is asked for by the chief with
the effect in view, and stands once a second person confirms it. Before locking these are the chief's own acts (`entries`, `decisions`).

What waits is read from the ledger: an "ask-ruling" that no later line answers. Confirming writes the line of the ruling itself, which
names both people and what it moved.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from competition import scoring
from competition.errors import Conflict, MarkError, NotAllowed
from competition.judging.acts import RngBytes, because, note
from competition.judging.amending import Moved, moved
from competition.judging.decisions import (
    DECISION,
    check_input,
    check_order,
    check_round,
    put_input,
    put_order,
    put_round,
)
from competition.judging.entries import check_absence, check_status, drop_absence, put_absence, put_status
from competition.judging.officials import Official, permit
from competition.judging.reading import given
from competition.judging.standings import needs_second, standings
from competition.rules.resolve import ADMITTED
from competition.scoring.frames import INPUT_SEAT, INPUTS
from competition.scoring.piles import Given
from competition.store import Ledger, digest_of, thawed
from competition.store.people import Entry

ASKS: Mapping[str, str] = {
    "status": "status", "admit": "decide", "order": "decide", "input": "decide", "absence": "absence",
    "absence-ended": "absence",
}  # fmt: skip
"""Kind of ruling (its line in the ledger) -> the act of whoever may ask for it."""
ANSWERS = (*ASKS, "refuse-ruling")


@dataclass(frozen=True, slots=True)
class Ruling:
    """A ruling that is previewed, waits or stands. what: {"entry", "status"}, {"entry", "round"}, {"entries"}, {"input", "value"} or
    {"seat", "entry"}, by kind. id is "" for a preview; second is "" until it is confirmed; seen moves with what it would do."""

    id: str
    kind: str
    what: Mapping[str, Any]
    reason: str
    by: str
    second: str
    at: str
    effect: tuple[Moved, ...] = ()
    seen: str = ""


def preview_ruling(conn: Connection, event_id: str, kind: str, what: Mapping[str, Any], by: Official) -> Ruling:
    """What a ruling would change. Refused as the request itself would be; Conflict before everything is locked."""
    permit(conn, by, ASKS.get(kind, "status"), event_id)
    if not needs_second(conn, event_id):
        raise Conflict(
            "评分表没有全部锁定，请裁判长直接裁定。", "Not everything is locked yet: the chief decides this alone."
        )
    _check(conn, event_id, kind, what)
    return _seen(conn, event_id, Ruling("", kind, what, "", by.id, "", ""))


def ask_ruling(
    conn: Connection, event_id: str, kind: str, what: Mapping[str, Any], seen: str, by: Official, reason: str, at: datetime
) -> str:  # fmt: skip
    """Ask for a ruling as it was previewed; answers the request's id. Conflict when its effect has moved since, or the same waits."""
    found = preview_ruling(conn, event_id, kind, what, by)
    if any((one.kind, dict(one.what)) == (kind, dict(what)) for one in _waiting(conn, event_id)):
        raise Conflict("同样的裁定已在等待第二人确认。", "The same ruling waits for its second person already.")
    if found.seen != seen:
        raise Conflict("预览之后成绩有变动，请重新预览。", "The results have moved since the preview. Preview again.")
    line = note(conn, event_id, "ask-ruling", by, at, ruling=kind, what=dict(what), reason=because(reason))
    return line.id


def confirm_ruling(
    conn: Connection, event_id: str, request: str, seen: str, by: Official, at: datetime, rng_bytes: RngBytes
) -> None:
    """The second person lets it stand. NotAllowed for whoever asked; Conflict when its effect moved since it was read."""
    permit(conn, by, "confirm_correction", event_id)
    asked = _asked(conn, event_id, request)
    if asked.by == by.id:
        raise NotAllowed("裁定要由另一个人确认。", "Somebody else confirms a ruling.")
    _check(conn, event_id, asked.kind, asked.what)
    found = _seen(conn, event_id, asked)
    if found.seen != seen:
        raise Conflict("影响有变动，请刷新后再确认。", "The effect has moved. Refresh, then confirm.")
    effect = [[one.entry, *one.total, *one.rank] for one in found.effect]
    both = {"reason": asked.reason, "asked_by": asked.by, "request": request, "effect": effect}
    line = note(conn, event_id, asked.kind, by, at, **asked.what, **both)
    what = asked.what
    if asked.kind == "status":
        put_status(conn, what["entry"], what["status"])
    elif asked.kind == "admit":
        put_round(conn, what["entry"], what["round"])
    elif asked.kind == "order":
        put_order(conn, line.hash, what["entries"])
    elif asked.kind == "input":
        put_input(conn, event_id, what["input"], what["value"], at, rng_bytes)
    elif asked.kind == "absence":
        put_absence(conn, event_id, what["seat"], what["entry"], asked.reason, at)
    else:
        drop_absence(conn, event_id, what["seat"], what["entry"])


def refuse_ruling(conn: Connection, event_id: str, request: str, by: Official, reason: str, at: datetime) -> None:
    """The second person objects; or whoever asked takes it back. Nothing changes."""
    mine = next((one for one in _waiting(conn, event_id) if one.id == request and one.by == by.id), None)
    permit(conn, by, ASKS[mine.kind] if mine else "confirm_correction", event_id)
    _asked(conn, event_id, request)
    note(conn, event_id, "refuse-ruling", by, at, request=request, reason=because(reason))


def waiting_rulings(conn: Connection, event_id: str) -> list[Ruling]:
    """Rulings that wait for their second person with their effect, the oldest first."""
    return [_seen(conn, event_id, one) for one in _waiting(conn, event_id)]


def rulings_waiting(conn: Connection, event_id: str) -> int:
    """How many wait."""
    return len(_waiting(conn, event_id))


def ruled(conn: Connection, event_id: str) -> list[Ruling]:
    """Rulings by two people that stand, the newest first."""
    lines = _lines(conn, event_id, tuple(ASKS))
    both = [(kind, at, body) for _, kind, at, body in lines if "request" in body]
    beside = ("by", "reason", "asked_by", "request", "effect")
    return [
        Ruling(
            body["request"], kind, {key: one for key, one in body.items() if key not in beside}, body["reason"],
            body["asked_by"], body["by"], at,
        )
        for kind, at, body in reversed(both)
    ]  # fmt: skip


def _waiting(conn: Connection, event_id: str) -> list[Ruling]:
    lines = _lines(conn, event_id, ("ask-ruling", *ANSWERS))
    answered = {body["request"] for _, kind, _, body in lines if kind in ANSWERS and "request" in body}
    return [
        Ruling(id, body["ruling"], body["what"], body["reason"], body["by"], "", at)
        for id, kind, at, body in lines
        if kind == "ask-ruling" and id not in answered
    ]


def _lines(conn: Connection, event_id: str, kinds: tuple[str, ...]) -> list[tuple[str, str, str, dict[str, Any]]]:
    query = select(Ledger.id, Ledger.kind, Ledger.at, Ledger.body).where(
        Ledger.event_id == event_id, Ledger.kind.in_(kinds)
    )
    return [(row.id, row.kind, row.at, json.loads(row.body)) for row in conn.execute(query.order_by(Ledger.seq))]


def _asked(conn: Connection, event_id: str, request: str) -> Ruling:
    for one in _waiting(conn, event_id):
        if one.id == request:
            return one
    raise Conflict("这项裁定已经处理过，请刷新。", "This ruling has been dealt with already. Refresh.")


def _check(conn: Connection, event_id: str, kind: str, what: Mapping[str, Any]) -> None:
    """Refused as the chief's own act before locking would be."""
    if kind == "status":
        check_status(conn, event_id, what["entry"], what["status"])
        if conn.scalar(select(Entry.status).where(Entry.id == what["entry"])) == what["status"]:
            raise MarkError("状态没有变化，没有可裁定的。", "The status is the same: nothing to rule on.")
    elif kind == "admit":
        check_round(conn, event_id, what["entry"], what["round"])
    elif kind == "order":
        check_order(conn, event_id, what["entries"])
    elif kind == "input":
        check_input(conn, event_id, what["input"], what["value"])
    elif kind in ("absence", "absence-ended"):
        check_absence(conn, event_id, what["seat"], what["entry"], there=kind == "absence-ended")
    else:
        raise MarkError("没有这种裁定。", "There is no such ruling.")


def _seen(conn: Connection, event_id: str, one: Ruling) -> Ruling:
    rules = thawed(conn, event_id)
    before = standings(conn, event_id)
    after = scoring.score_piles(rules, _as_ruled(given(conn, event_id, rules), one))
    about = one.what.get("entries") or [entry for entry in (one.what.get("entry"),) if entry not in (None, "*")]
    effect = moved(before, after, about)
    told = [one.kind, dict(one.what), [[m.entry, *m.total, *m.rank] for m in effect]]
    return replace(one, effect=effect, seen=digest_of(told)[:16])


def _as_ruled(known: Given, one: Ruling) -> Given:
    """What the standings would come from."""
    what, place = one.what, {entry: n for n, entry in enumerate(known.entries)}
    if one.kind == "status":
        status = list(known.status)
        status[place[what["entry"]]] = what["status"]
        return replace(known, status=status)
    if one.kind == "input":
        at = (*INPUTS, INPUT_SEAT, what["input"])
        others = [line for line in known.sealed if line[:4] != at]
        return replace(known, sealed=[*others, (*at, what["value"])])
    if one.kind in ("absence", "absence-ended"):
        gone = [line for line in known.gone if line != (what["entry"], what["seat"])]
        return replace(known, gone=[*gone, (what["entry"], what["seat"])] if one.kind == "absence" else gone)
    column = ADMITTED if one.kind == "admit" else DECISION
    said = list(known.said[column])
    if one.kind == "admit":
        said[place[what["entry"]]] = what["round"] or None
    for order, entry in enumerate(what.get("entries", ()), 1):
        said[place[entry]] = f"preview:{order}"
    return replace(known, said={**known.said, column: said})
