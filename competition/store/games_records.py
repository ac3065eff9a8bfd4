"""Whether the games' own rules and releases are still what the ledger of the house says was filed and published."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from competition.errors import Finding
from competition.store.games_releases import GamesRelease, GamesRules
from competition.store.ledger import Ledger
from competition.store.schema import HOUSE

KINDS = {"games-notice": "notice", "games-final": "final"}
Told = list[tuple[str, Mapping[str, Any]]]


def compare_games(conn: Connection, event_id: str = HOUSE) -> list[Finding]:
    """Where the rules and releases of the games differ from the acts that made them."""
    kinds = ("games-rules", *KINDS)
    query = select(Ledger.kind, Ledger.body).where(Ledger.event_id == event_id, Ledger.kind.in_(kinds))
    told: Told = [(line.kind, json.loads(line.body)) for line in conn.execute(query.order_by(Ledger.seq))]
    return [
        Finding(where, f"{where}：{zh}。请与备份核对。", f"{where}: {en}. Compare with a backup.")
        for where, zh, en in (*_rules(conn, told), *_releases(conn, told))
    ]


def _rules(conn: Connection, told: Told) -> Iterator[tuple[str, str, str]]:
    filed = {(body["games"], body["n"]): body["rules"] for kind, body in told if kind == "games-rules"}
    rows = {(row.games_id, row.n): row for row in conn.execute(select(GamesRules))}
    for key in dict.fromkeys((*filed, *rows)):
        where = f"games_rules {key[0]}/{key[1]}"
        if key not in rows:
            yield where, "总榜规则不见了", "these rules of the games are gone"
        elif key not in filed:
            yield where, "没有任何操作采用过它", "no act ever filed them"
        elif not rows[key].digest == _digest(rows[key].text.encode()) == filed[key]:
            yield where, "总榜规则被改动", "the text was changed"


def _releases(conn: Connection, told: Told) -> Iterator[tuple[str, str, str]]:
    made = {body["release"]: (kind, body) for kind, body in told if kind in KINDS}
    rows = {row.id: row for row in conn.execute(select(GamesRelease))}
    for id in dict.fromkeys((*made, *rows)):
        where = f"games_release {id[:12]}"
        if id not in rows:
            yield where, "公布记录不见了", "this release is gone"
        elif id not in made:
            yield where, "没有任何操作公布过它", "no act ever made this release"
        elif names := "、".join(_changed(rows[id], *made[id])):
            yield where, f"被改动：{names}", f"was changed: {names}"


def _changed(row: Any, kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    same = {
        "games": (row.games_id, body["games"]), "kind": (row.kind, KINDS[kind]), "revision": (row.revision, body["revision"]),
        "window_closes": (row.window_closes, body["closes"]), "rules": (row.rules_digest, body["rules"]),
        "head": ([row.head_n, row.head_hash], body["head"]), "reason": (row.reason, body["reason"]),
        "basis": (_digest(row.basis.encode()), body["basis"]), "rows": (_digest(row.rows.encode()), body["rows"]),
        "names": (_digest(row.names.encode()), body["names"]), "document": (_digest(bytes(row.document)), body["document"]),
        "document_digest": (row.document_digest, body["document"]),
    }  # fmt: skip
    yield from (name for name, (here, there) in same.items() if here != there)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
