"""The timeline of an event: every line of its ledger in words' reach, for the supervisor once all is locked (row 34).

A line says when, what, who and with whom, at which seat and device, about which entry, and what it changed. It tells no name of an entrant:
entries are pointed at by id, for a page to show their code. Lines from before the draw (registration, check-in) point at none, since who
arrived when would otherwise tell whose code is whose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from competition.errors import Conflict
from competition.judging.officials import Official, permit
from competition.judging.setup import seats
from competition.judging.standings import needs_second
from competition.store import Ledger, people, sheets
from competition.store.sheets import SheetNow

OPEN_KINDS = frozenset(
    {"entry", "entry-removed", "person", "arrival", "arrival-undone", "slots-moved", "running-order", "swap", "assign"}
)
"""Kinds whose lines point at entries by who they are, not by what they did."""
SECOND = ("asked_by", "witness", "second", "confirmed_by")
VALUES = ("value", "status", "round", "input", "answer", "wrong")


@dataclass(frozen=True, slots=True)
class Act:
    """One line. n: its place in its chain; `place` is the chain's origin. Who: names of officials, "" for the program or an erased one.

    seat: a seat's label; device: an id, "" for a desk; module, sheet, item: of the mark it is about; changed: (before, after), where None
    is nothing; sheets: how many sheets it is about when it is more than one.
    """

    n: int
    place: str
    at: str
    kind: str
    by: str
    second: str
    seat: str
    device: str
    entry: str
    module: str
    sheet: str
    item: str
    changed: tuple[str | None, str | None] | None
    sheets: int
    reason: str


def timeline(conn: Connection, event_id: str, by: Official) -> list[Act]:
    """Every line of the event, oldest first. Conflict until all its sheets are locked: single marks would be told before."""
    permit(conn, by, "timeline", event_id)
    if not needs_second(conn, event_id):
        raise Conflict(
            "全部评分表锁定后才能查看操作记录。",
            "The timeline can be read once every sheet is locked: single marks are in it.",
        )
    reading = _Reading(
        people={row.id: row.name for row in conn.execute(select(people.Official.id, people.Official.name))},
        sheets=sheets.event_sheets(conn, event_id),
        seats={seat.id: seat.label for seat in seats(conn, event_id)},
        values={},
    )
    query = select(Ledger).where(Ledger.event_id == event_id).order_by(Ledger.seq)
    return [reading.act(line) for line in conn.execute(query)]


@dataclass(slots=True)
class _Reading:
    """What lines refer to; `values` are the marks as they stand at the line that is being read."""

    people: Mapping[str, str]
    sheets: Mapping[str, SheetNow]
    seats: Mapping[str, str]
    values: dict[tuple[str, str], str | None]

    def act(self, line: Any) -> Act:
        body = msgspec.json.decode(line.body)
        ruled = {**body, **(body.get("what") or {})}
        some = body.get("sheets")
        one = body.get("sheet") or (
            some[0] if isinstance(some, list) and len(some) == 1 and isinstance(some[0], str) else ""
        )
        now = self.sheets.get(one) if isinstance(one, str) else None
        known = line.kind not in OPEN_KINDS
        return Act(
            n=line.n,
            place=line.origin,
            at=line.at,
            kind=line.kind,
            by=self._name(body.get("by") or body.get("judge")),
            second=self._name(next((body[key] for key in SECOND if body.get(key)), None)),
            seat=self._seat(now, body),
            device=_device(body),
            entry=(now.entry_id if now else _said(ruled.get("entry"))) if known else "",
            module=now.module if now else _said(body.get("module")),
            sheet=now.sheet if now else "",
            item=_said(body.get("item")),
            changed=self._changed(line.kind, one, ruled),
            sheets=len(some) if isinstance(some, list) else 0,
            reason=_said(body.get("reason")),
        )

    def _name(self, id: object) -> str:
        return self.people.get(id, "") if isinstance(id, str) else ""

    def _seat(self, now: SheetNow | None, body: Mapping[str, Any]) -> str:
        if now is not None:
            return self.seats.get(now.seat_id, "")
        said = _said(body.get("seat"))
        return self.seats.get(said, said)

    def _changed(self, kind: str, sheet: object, body: Mapping[str, Any]) -> tuple[str | None, str | None] | None:
        if kind in ("mark", "correct") and isinstance(sheet, str):
            place = (sheet, body["item"])
            before, self.values[place] = self.values.get(place), body["value"]
            return before, body["value"]
        after = next((body[key] for key in VALUES if body.get(key) not in (None, "")), None)
        return None if after is None else (None, str(after))


def _device(body: Mapping[str, Any]) -> str:
    """A tablet's id; marks keyed at a desk name the clerk instead."""
    said = _said(body.get("device"))
    return "" if said.startswith("desk:") else said


def _said(value: object) -> str:
    return value if isinstance(value, str) else ""
