"""Reading the ledger again from its first line: does it still say what it said?"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from competition.errors import Finding
from competition.store.games import Event
from competition.store.games_records import compare_games
from competition.store.issued import compare_certificates
from competition.store.ledger import Head, Ledger, genesis, line_hash
from competition.store.records import compare_records
from competition.store.replay import compare_sheets
from competition.store.schema import HOUSE


def verify(conn: Connection, event_id: str | None, exported: Sequence[Head] | None = None) -> list[Finding]:
    """Everything that is wrong with one event's chains (None: with all chains), the first broken line of each.

    `exported` are heads kept elsewhere (printed on signed papers): with them a chain that was cut short or rewritten
    whole shows too. Where the chains are sound the sheets and certificates are compared with what the chains tell.
    """
    kept = [head for head in exported or () if event_id in (None, head.event_id)]
    names = {(head.event_id, head.origin) for head in kept} | _chains(conn, event_id)
    found: list[Finding] = []
    for event, origin in sorted(names):
        marks = {head.n: head for head in kept if (head.event_id, head.origin) == (event, origin)}
        found += _verify_chain(conn, event, origin, marks)
    return found + (_verify_rows(conn, event_id) if not found else [])


def _chains(conn: Connection, event_id: str | None) -> set[tuple[str, str]]:
    query = select(Ledger.event_id, Ledger.origin).distinct()
    if event_id is not None:
        query = query.where(Ledger.event_id == event_id)
    return {(row.event_id, row.origin) for row in conn.execute(query)}


def _verify_rows(conn: Connection, event_id: str | None) -> list[Finding]:
    events = conn.scalars(select(Event.id).order_by(Event.id)).all() if event_id is None else [event_id]
    known = set(conn.scalars(select(Event.id).where(Event.id.in_(events))))
    compared = (compare_sheets, compare_records, compare_certificates)
    found = [
        one for event in events if event in known for compare in compared for one in read_or_say(compare, conn, event)
    ]
    return found + (read_or_say(compare_games, conn, HOUSE) if event_id in (None, HOUSE) else [])


def read_or_say(compare: Callable[[Connection, str], list[Finding]], conn: Connection, event: str) -> list[Finding]:
    """What a comparison found; that it can't be made at all is a finding too: damaged rows may break anything."""
    try:
        return compare(conn, event)
    except Exception as fault:
        return [
            Finding(
                f"{event}/{compare.__name__.strip('_')}",
                f"{event} 的登记无法读取（{fault}）。请停止使用该库，与备份核对。",
                f"The records of {event} can't be read ({fault}). Stop using this store; compare it with a backup.",
            )
        ]


def _verify_chain(conn: Connection, event: str, origin: str, exported: dict[int, Head]) -> list[Finding]:
    n, prev, seq = 0, genesis(event, origin), 0
    left = dict(exported)
    for row in _lines(conn, event, origin):
        fault = _fault(row, n + 1, prev, seq)
        if fault is not None:
            return [_finding(event, origin, n + 1, *fault)]
        n, prev, seq = row.n, row.hash, row.seq
        head = left.pop(n, None)
        if head is not None and head.hash != prev:
            return [
                _finding(
                    event,
                    origin,
                    n,
                    "整条链被改写过（与留存的链首不符）",
                    "the chain was rewritten (differs from the kept head)",
                )
            ]
    cut = [head for head in left.values() if head.n > n]
    if cut:
        last = max(head.n for head in cut)
        return [
            _finding(event, origin, n + 1, f"链被截断：应有 {last} 条", f"the chain was cut short: it had {last} lines")
        ]
    return []


def _lines(conn: Connection, event: str, origin: str) -> Iterator[Row[*tuple[Any, ...]]]:
    query = select(Ledger).where(Ledger.event_id == event, Ledger.origin == origin).order_by(Ledger.n, Ledger.seq)
    yield from conn.execution_options(yield_per=2000).execute(query)


def _fault(row: Row[*tuple[Any, ...]], n: int, prev: str, seq: int) -> tuple[str, str] | None:
    if row.n > n:
        return "这一条被删除", "this line was deleted"
    if row.n < n:
        return "插入了重复的序号", "a line with a repeated number was inserted"
    if row.seq < seq:
        return "顺序被调换", "lines were reordered"
    if row.prev != prev:
        return "与前一条接不上（被插入或调换）", "does not follow the line before (inserted or reordered)"
    if row.hash != line_hash(row.prev, row.n, row.kind, row.id, row.at, row.body):
        return "内容被改动", "its content was changed"
    return None


def _finding(event: str, origin: str, n: int, zh: str, en: str) -> Finding:
    return Finding(
        f"ledger {event}/{origin} #{n}",
        f"台账 {event}/{origin} 第 {n} 条：{zh}。请停止使用该库，与备份和已打印的链首核对。",
        f"Ledger {event}/{origin} line {n}: {en}. Stop using this store; compare it with a backup and the printed heads.",
    )
