"""Whether registers still hold what the ledger says was put there: editions and releases, and who sits where."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from competition.errors import Finding
from competition.store.games import Edition, Event, Seat
from competition.store.ledger import Ledger
from competition.store.releases import Release

SEATED = ("seat", "substitute", "recused")
Told = list[tuple[str, Mapping[str, Any]]]


def compare_records(conn: Connection, event_id: str) -> list[Finding]:
    """Where the editions, releases and seats of an event differ from the acts that made them."""
    kinds = (*SEATED, "event", "edition", "edition-asked", "notice", "final")
    query = select(Ledger.kind, Ledger.body).where(Ledger.event_id == event_id, Ledger.kind.in_(kinds))
    told: Told = [(line.kind, json.loads(line.body)) for line in conn.execute(query.order_by(Ledger.seq))]
    faults = (*_editions(conn, event_id, told), *_releases(conn, event_id, told), *_seats(conn, event_id, told))
    return [Finding(f"{event_id}/{where}", zh, en) for where, zh, en in faults]


def _editions(conn: Connection, event_id: str, told: Told) -> Iterator[tuple[str, str, str]]:
    filed = [body["edition"] for kind, body in told if kind in ("event", "edition", "edition-asked")]
    force = [body["edition"] for kind, body in told if kind in ("event", "edition")]
    rows = {
        row.digest: bytes(row.canonical) for row in conn.execute(select(Edition).where(Edition.event_id == event_id))
    }
    for digest in dict.fromkeys((*filed, *rows)):
        if digest not in rows:
            yield _said("edition", digest[:12], "规则版本不见了", "this edition of the rules is gone")
        elif digest not in filed:
            yield _said(
                "edition", digest[:12], "没有任何操作采用过这版规则", "no act ever filed this edition of the rules"
            )
        elif hashlib.sha256(rows[digest]).hexdigest() != digest:
            yield _said("edition", digest[:12], "规则内容被改动", "the text of the rules was changed")
    now = conn.scalar(select(Event.edition_digest).where(Event.id == event_id))
    if force and now != force[-1]:
        yield _said(
            "edition", str(now)[:12], "现用规则不是最后采用的那一版", "the rules in force aren't those adopted last"
        )


def _releases(conn: Connection, event_id: str, told: Told) -> Iterator[tuple[str, str, str]]:
    made = {body["release"]: (kind, body) for kind, body in told if kind in ("notice", "final")}
    rows = {row.id: row for row in conn.execute(select(Release).where(Release.event_id == event_id))}
    for id in dict.fromkeys((*made, *rows)):
        if id not in rows or id not in made:
            gone = ("公布记录不见了", "this release is gone") if id not in rows else (
                "没有任何操作公布过它", "no act ever made this release")  # fmt: skip
            yield _said("release", id[:12], *gone)
            continue
        kind, body = made[id]
        row = rows[id]
        same = {
            "kind": (row.kind, kind), "revision": (row.revision, body["revision"]), "window_closes": (row.window_closes, body["closes"]),
            "rules_digest": (row.rules_digest, body["rules"]), "head": ([row.head_n, row.head_hash], body["head"]),
            "reason": (row.reason, body["reason"]), "rows": (_digest(row.rows.encode()), body["rows"]),
            "document_digest": (row.document_digest, body["document"]),
        }  # fmt: skip
        if row.document is not None:  # names and bytes may have been erased; their digests stay
            same["document"] = (_digest(bytes(row.document)), body["document"])
            same["people"] = (_digest((row.people or "").encode()), body["people"])
        if names := "、".join(name for name, (here, there) in same.items() if here != there):
            yield _said("release", id[:12], f"被改动：{names}", f"was changed: {names}")


def _seats(conn: Connection, event_id: str, told: Told) -> Iterator[tuple[str, str, str]]:
    sitting = {body["seat"]: body["judge"] for kind, body in told if kind in SEATED}
    for row in conn.execute(select(Seat).where(Seat.event_id == event_id).order_by(Seat.panel, Seat.n)):
        label = f"{row.panel}.{row.n}"
        if row.official_id != sitting.get(label):
            yield _said("seat", label, "席位上的人与记录不符", "another person sits there than the acts say")


def _said(what: str, which: str, zh: str, en: str) -> tuple[str, str, str]:
    return f"{what} {which}", f"{what} {which}：{zh}。请与备份核对。", f"{what} {which}: {en}. Compare with a backup."


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
