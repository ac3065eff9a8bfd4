"""What an official decides where the rules can't: a number for the whole event, who goes on to a round, who stands first of equals.

Each is an act in the ledger and, until it is decided anew, an input of the event's standings.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from competition.errors import Conflict, NotFound
from competition.judging.acts import RngBytes, because, new_id, note
from competition.judging.officials import Official, permit
from competition.judging.standings import alone, standings
from competition.rules.resolve import ADMITTED
from competition.scoring.frames import INPUTS
from competition.store import canonical, digest_of, stamp, thawed
from competition.store.games import SampleKey
from competition.store.people import Entry

DECISION = "decision"


def give_input(
    conn: Connection, event_id: str, name: str, value: str, by: Official, reason: str, at: datetime, rng_bytes: RngBytes
) -> None:
    """Give a number that the rules take as an input (a cut-off). A later one replaces it; both stay on record. Until all is locked."""
    permit(conn, by, "decide", event_id)
    check_input(conn, event_id, name, value)
    alone(conn, event_id)
    put_input(conn, event_id, name, value, at, rng_bytes)
    note(conn, event_id, "input", by, at, input=name, value=value, reason=because(reason))


def check_input(conn: Connection, event_id: str, name: str, value: str) -> None:
    """NotFound unless the rules take this input; MarkError when the value isn't legal for it."""
    given = next((each for each in thawed(conn, event_id).inputs if each.id == name), None)
    if given is None:
        raise NotFound(f"规则里没有要给定的数 {name}。", f"The rules take no input {name}.")
    given.scale.parse(value, given.name.zh, given.name.en)


def put_input(conn: Connection, event_id: str, name: str, value: str, at: datetime, rng_bytes: RngBytes) -> None:
    """The number alone; the act around it leaves the line."""
    module, sheet = INPUTS
    where = (SampleKey.event_id == event_id, SampleKey.module == module, SampleKey.sheet == sheet)
    now = conn.scalar(select(SampleKey.answers).where(*where, SampleKey.replaced_at.is_(None)))
    answers, salt = canonical({**(json.loads(now) if now else {}), name: value}), new_id(rng_bytes)
    conn.execute(update(SampleKey).where(*where, SampleKey.replaced_at.is_(None)).values(replaced_at=stamp(at)))
    conn.execute(
        insert(SampleKey).values(
            id=new_id(rng_bytes), event_id=event_id, module=module, sheet=sheet, answers=answers, salt=salt,
            digest=digest_of([salt, answers]), at=stamp(at),
        )
    )  # fmt: skip


def admit(conn: Connection, entry_id: str, round_id: str, by: Official, reason: str, at: datetime) -> None:
    """Say to which round an entry is admitted, whatever the sum says; "" takes it back and lets the rules decide. Until all is locked."""
    event_id = _event_of(conn, entry_id)
    permit(conn, by, "decide", event_id)
    check_round(conn, event_id, entry_id, round_id)
    alone(conn, event_id)
    put_round(conn, entry_id, round_id)
    note(conn, event_id, "admit", by, at, entry=entry_id, round=round_id, reason=because(reason))


def check_round(conn: Connection, event_id: str, entry_id: str, round_id: str) -> None:
    """NotFound unless the entry is the event's and the rules have this round ("": as the rules have it)."""
    if _event_of(conn, entry_id) != event_id:
        raise NotFound("没有这个参赛。", "There is no such entry.")
    if round_id and round_id not in {each.id for each in thawed(conn, event_id).rounds}:
        raise NotFound(f"规则里没有轮次 {round_id}。", f"The rules have no round {round_id}.")


def put_round(conn: Connection, entry_id: str, round_id: str) -> None:
    """The admission alone; the act around it leaves the line."""
    _say(conn, entry_id, ADMITTED, round_id)


def decide_order(
    conn: Connection, event_id: str, entry_ids: Sequence[str], by: Official, reason: str, at: datetime
) -> None:
    """Decide the order of entries that are equal in every key. Conflict unless they share one place now, all of them. Until all is
    locked."""
    permit(conn, by, "decide", event_id)
    check_order(conn, event_id, entry_ids)
    alone(conn, event_id)
    act = note(conn, event_id, "order", by, at, entries=list(entry_ids), reason=because(reason))
    put_order(conn, act.hash, entry_ids)


def check_order(conn: Connection, event_id: str, entry_ids: Sequence[str]) -> None:
    """Conflict unless these entries share one place now, all of them."""
    places = {each.entry: each.rank for each in standings(conn, event_id).standings}
    shared = {places.get(entry) for entry in entry_ids}
    tied = sorted(entry for entry, place in places.items() if place is not None and {place} == shared)
    if len(entry_ids) < 2 or tied != sorted(entry_ids):
        raise Conflict(
            "只能裁定此刻并列同一名次的全部参赛，一个不少。请刷新后再裁定。",
            "Only entries that share one place now, and all of them, can be put in order. Reload and decide again.",
        )


def put_order(conn: Connection, act: str, entry_ids: Sequence[str]) -> None:
    """The order alone, under the hash of the line its act leaves: should a later mark bring other entries level, an old order says
    nothing of them."""
    for order, entry in enumerate(entry_ids, 1):
        _say(conn, entry, DECISION, f"{act[:12]}:{order}")


def _event_of(conn: Connection, entry_id: str) -> str:
    event_id = conn.scalar(select(Entry.event_id).where(Entry.id == entry_id))
    if event_id is None:
        raise NotFound("没有这个参赛。", "There is no such entry.")
    return event_id


def _say(conn: Connection, entry_id: str, what: str, value: str) -> None:
    """Keep an official's word beside the entry's attributes, where the standings read it."""
    now = json.loads(conn.execute(select(Entry.attributes).where(Entry.id == entry_id)).scalar_one())
    said = {**now, what: value} if value else {key: text for key, text in now.items() if key != what}
    conn.execute(update(Entry).where(Entry.id == entry_id).values(attributes=canonical(said)))
