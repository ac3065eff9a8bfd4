"""Recomputing what was released (DESIGN law 6): the marks as they stood at the release's head, under the rules it names.

Marks, statuses, absences and what officials decided are read from the ledger up to that head; sealed keys and inputs by the times
at which they were laid down. Nothing that happened since has a say.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from competition import scoring
from competition.errors import CompetitionError, Finding
from competition.judging.decisions import DECISION
from competition.judging.reading import said, sealed_at
from competition.judging.releases import Release, releases, rows_of
from competition.judging.setup import seats
from competition.rules.resolve import ADMITTED
from competition.scoring import Result
from competition.scoring.frames import ABSENCES, EVERY, MARKS
from competition.store import Ledger, digest_of, own_origin, replay, thawed_edition
from competition.store.people import Entry
from competition.store.records import compare_records

SHOWN = 5
"""So many entries are named where a release can't be recomputed."""


@dataclass(slots=True)
class _Said:
    """What officials had said by then: statuses, absences, admissions and orders."""

    status: dict[str, str] = field(default_factory=dict)
    absent: dict[tuple[str, str], None] = field(default_factory=dict)
    decided: dict[str, dict[str, str]] = field(default_factory=dict)


def verify_releases(conn: Connection, event_id: str) -> list[Finding]:
    """What doesn't agree in an event's releases: rows, bytes, digests, or the computing itself. Nothing: all of them stand."""
    found = [one for one in compare_records(conn, event_id) if "/release " in one.where or "/edition " in one.where]
    for release in releases(conn, event_id):
        found += _recomputed(conn, release)
    return found


def result_at(conn: Connection, release: Release) -> Result:
    """The standings at a release's head, computed anew from the ledger."""
    event_id = release.event_id
    rules = thawed_edition(conn, event_id, release.rules_digest)
    told = _told(conn, event_id, release.head_n)
    labels = {seat.id: seat.label for seat in seats(conn, event_id) if not seat.trainee}
    marks = [
        (now.entry_id, now.module, now.sheet, labels[now.seat_id], item, cell[0])
        for now in replay(conn, event_id, until=release.head_n).values()
        if now.seat_id in labels
        for item, cell in now.marks.items()
        if item not in now.clash and cell[0] is not None
    ]
    keys = [(EVERY, *line) for line in sealed_at(conn, event_id, release.at)]
    return scoring.score(
        rules,
        pl.DataFrame([*marks, *keys], schema=MARKS, orient="row"),
        _entries(conn, event_id, rules, told),
        absences=pl.DataFrame([(entry, seat) for seat, entry in told.absent], schema=ABSENCES, orient="row"),
    )


def _recomputed(conn: Connection, release: Release) -> list[Finding]:
    where = f"{release.event_id}/{release.kind} {release.revision}"
    try:
        now = rows_of(result_at(conn, release))
    except CompetitionError as fault:
        return [Finding(where, f"不能重算：{fault.zh}", f"Can't be computed again: {fault.en}")]
    kept = [{name: getattr(row, name) for name in one} for row, one in zip(release.rows, now, strict=False)]
    if digest_of(now) == digest_of(kept) and len(now) == len(release.rows):
        return []
    differ = [one["entry"][:8] for one, row in zip(now, kept, strict=False) if digest_of(one) != digest_of(row)]
    names = "、".join(differ[:SHOWN]) or f"{len(now)} / {len(release.rows)}"
    return [
        Finding(
            where,
            f"按台账重算的成绩与公布的不同（{names}）。请停止使用该库，与备份和已打印的公布件核对。",
            f"Computed again from the ledger it differs from what was published ({names}). Stop; compare with a backup and the print.",
        )
    ]


def _told(conn: Connection, event_id: str, until: int) -> _Said:
    said = _Said()
    kinds = ("status", "absence", "absence-ended", "admit", "order")
    query = (
        select(Ledger.kind, Ledger.body, Ledger.hash)
        .where(
            Ledger.event_id == event_id, Ledger.kind.in_(kinds), Ledger.origin == own_origin(conn), Ledger.n <= until
        )
        .order_by(Ledger.n)
    )
    for line in conn.execute(query):
        _apply(said, line.kind, json.loads(line.body), line.hash)
    return said


def _apply(said: _Said, kind: str, body: Mapping[str, Any], hash: str) -> None:
    if kind == "status":
        said.status[body["entry"]] = body["status"]
    elif kind == "absence":
        said.absent[body["seat"], body["entry"]] = None
    elif kind == "absence-ended":
        said.absent.pop((body["seat"], body["entry"]), None)
    elif kind == "admit":
        said.decided.setdefault(body["entry"], {})[ADMITTED] = body["round"]
    else:
        for order, entry in enumerate(body["entries"], 1):
            said.decided.setdefault(entry, {})[DECISION] = f"{hash[:12]}:{order}"


def _entries(conn: Connection, event_id: str, rules: Any, told: _Said) -> pl.DataFrame:
    query = select(Entry.id, Entry.attributes).where(Entry.event_id == event_id).order_by(Entry.id)
    lines = conn.execute(query).all()
    texts = []
    for line in lines:
        own = {key: text for key, text in json.loads(line.attributes).items() if key not in (ADMITTED, DECISION)}
        texts.append(json.dumps({**own, **{key: text for key, text in told.decided.get(line.id, {}).items() if text}}))
    columns = {"entry": [line.id for line in lines], "status": [told.status.get(line.id, "") for line in lines]}
    columns |= said(rules, texts)
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
