"""Is everything still what it was? The chains, what is derived from them, the code map, and the tables as they were exported.

An export (`Export`) is small enough to be kept on a stick, and its code short enough to be written on a signed paper: whoever changes
the store afterwards, chains and all, can't change that paper.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, select

from competition import store
from competition.errors import CompetitionError, Finding, MarkError
from competition.judging.draws import half_digest, map_digest, seed_of
from competition.judging.reading import keys_told
from competition.judging.seal import codes_of, halves_of
from competition.store import Head, Ledger, digest_of
from competition.store.audit import read_or_say
from competition.store.games import Event


@dataclass(frozen=True, slots=True)
class Export:
    """The ends of all chains and the sums of all tables at one moment."""

    heads: tuple[Head, ...]
    tables: Mapping[str, str]

    @property
    def code(self) -> str:
        """Sixteen characters to be written on paper: 80 bits of the digest of all of it."""
        digest = digest_of([[asdict(head) for head in self.heads], dict(self.tables)])[:20]
        return "-".join(digest[n : n + 5].upper() for n in range(0, 20, 5))

    def stored(self) -> dict[str, Any]:
        """As it is written to a file."""
        return {"heads": [asdict(head) for head in self.heads], "tables": dict(self.tables), "code": self.code}


def exported(conn: Connection) -> Export:
    """The state of this store now."""
    return Export(tuple(store.heads(conn)), store.table_sums(conn))


def read_export(said: Any) -> Export:
    """What a file says. MarkError when it is no export, or not as it was written."""
    try:
        made = Export(tuple(Head(**head) for head in said["heads"]), dict(said["tables"]))
        whole = said["code"] == made.code
    except (KeyError, TypeError):
        raise MarkError("这不是导出的链头文件。", "This is no file of exported heads.") from None
    if not whole:
        raise MarkError("链头文件被改动过：校验码不符。", "The file of heads was changed: its code doesn't fit.")
    return made


def audit(conn: Connection, event_id: str | None, kept: Export | None = None) -> list[Finding]:
    """Everything that doesn't agree, in one event or in all. With an export also what was cut off or rewritten as a whole."""
    found = store.verify(conn, event_id, kept.heads if kept else None)
    if found:
        return found
    events = conn.scalars(select(Event.id).order_by(Event.id)).all() if event_id is None else [event_id]
    for event in events:
        found += read_or_say(_codes, conn, event) + read_or_say(_keys, conn, event)
    if kept is not None and event_id is None and set(store.heads(conn)) == set(kept.heads):
        found += _tables(conn, kept)
    return found


def _codes(conn: Connection, event_id: str) -> list[Finding]:
    """The code map and the seed's halves against the digests that were shown before and at the draw."""
    kinds = {kind: body for kind, body in _acts(conn, event_id, ("draw",))}
    seeds = {body["role"]: body["digest"] for _, body in _acts(conn, event_id, ("seed",))}
    codes = codes_of(conn, event_id)
    if "draw" not in kinds:
        return [_finding(event_id, "codes", "没有抽签记录，却有编号", "there are codes and no draw")] if codes else []
    try:
        halves = halves_of(conn, event_id)
        whole = all(
            half_digest(event_id, role, half.salt, half.words) == seeds.get(role) for role, half in halves.items()
        )
        if whole and map_digest(seed_of(event_id, halves), codes) == kinds["draw"]["digest"]:
            return []
    except CompetitionError:
        pass
    return [
        _finding(
            event_id,
            "codes",
            "编号对照表或种子与抽签时公布的摘要不符",
            "the code map or the seed isn't the one whose digest was shown",
        )
    ]


def _keys(conn: Connection, event_id: str) -> list[Finding]:
    told = {body["digest"] for _, body in _acts(conn, event_id, ("sample-key",))}
    there = keys_told(conn, event_id)
    gone = told - {digest for digest, _ in there}
    wrong = [digest for digest, fits in there if not fits] + sorted(gone)
    return [
        _finding(event_id, f"key {digest[:12]}", "标准答案被改动或不见了", "a sealed key was changed or is gone")
        for digest in wrong
    ]


def _tables(conn: Connection, kept: Export) -> list[Finding]:
    now = store.table_sums(conn)
    return [
        Finding(
            f"table {name}",
            f"数据表 {name} 与导出链头时不同，而之后没有任何操作。请停止使用该库，与备份核对。",
            f"Table {name} isn't what it was when the heads were exported, and nothing was done since. Stop; compare with a backup.",
        )
        for name in sorted({*now, *kept.tables})
        if now.get(name) != kept.tables.get(name)
    ]


def _acts(conn: Connection, event_id: str, kinds: tuple[str, ...]) -> list[tuple[str, Any]]:
    query = select(Ledger.kind, Ledger.body).where(Ledger.event_id == event_id, Ledger.kind.in_(kinds))
    return [(line.kind, json.loads(line.body)) for line in conn.execute(query.order_by(Ledger.seq))]


def _finding(event_id: str, what: str, zh: str, en: str) -> Finding:
    return Finding(
        f"{event_id}/{what}", f"{event_id}：{zh}。请与备份核对。", f"{event_id}: {en}. Compare with a backup."
    )
