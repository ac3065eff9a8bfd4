"""The ledger: marks and acts, appended for good, one hash chain per event and origin.

A line's hash covers the hash before it, its place, kind, id, time and body; the first line of a chain stands on the
digest of the chain's own name, so lines cannot wander between events. Lines hold pseudonymous ids only.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, UniqueConstraint, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base, stamp

SERVER = "server"


class Ledger(Base):
    """One line of the ledger. Triggers refuse every update and delete."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("event_id", "origin", "n"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str]
    origin: Mapped[str]
    n: Mapped[int]
    kind: Mapped[str]
    id: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    at: Mapped[str]
    prev: Mapped[str]
    hash: Mapped[str]


class Rehearsal(Base):
    """That this store is a rehearsal copy (演练): one row, or none in the real one. It can't be taken back."""

    __tablename__ = "rehearsal"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was appended."""

    event_id: str
    origin: str
    n: int
    kind: str
    id: str
    body: str
    at: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: printed on signed papers and kept elsewhere, so that truncation shows."""

    event_id: str
    origin: str
    n: int
    hash: str


def append(conn: Connection, event_id: str, kind: str, id: str | None, body: Mapping[str, Any], at: datetime) -> Line:
    """Append one line to the event's chain. Without an id the line is named after its place in the chain."""
    return append_all(conn, event_id, [(kind, id, body)], at)[0]


def append_all(
    conn: Connection, event_id: str, entries: Sequence[tuple[str, str | None, Mapping[str, Any]]], at: datetime
) -> list[Line]:
    """Append several lines in order. The caller has seen to it that ids are new."""
    last = head(conn, event_id)
    origin, when = last.origin, stamp(at)
    lines: list[Line] = []
    for n, (kind, id, body) in enumerate(entries, start=last.n + 1):
        prev = lines[-1].hash if lines else last.hash
        text = canonical(body)
        id = id or _digest(f"{prev}|{n}|{kind}")[:32]
        lines.append(Line(event_id, origin, n, kind, id, text, when, prev, line_hash(prev, n, kind, id, when, text)))
    if lines:
        conn.execute(_INSERT, [{name: getattr(line, name) for name in Line.__slots__} for line in lines])
        touch(conn, event_id)
    return lines


def head(conn: Connection, event_id: str, origin: str | None = None) -> Head:
    """The end of one chain, by itself this store's own; for an empty chain n is 0 and the hash is the chain's beginning."""
    origin = own_origin(conn) if origin is None else origin
    row = conn.execute(_LAST, {"event": event_id, "origin": origin}).first()
    return Head(event_id, origin, row.n, row.hash) if row else Head(event_id, origin, 0, genesis(event_id, origin))


def own_origin(conn: Connection) -> str:
    """Where lines appended here come from: the server, or the rehearsal that this store is. A store never changes which."""
    if "origin" not in conn.info:
        row = conn.execute(select(Rehearsal.id)).first()
        conn.info["origin"] = f"{SERVER}-rehearsal-{row.id[:8]}" if row else SERVER  # after "server" in every order
    origin: str = conn.info["origin"]
    return origin


def heads(conn: Connection) -> list[Head]:
    """The ends of all chains, to be printed and kept elsewhere."""
    last = select(Ledger.event_id, Ledger.origin, func.max(Ledger.n).label("n"))
    tops = last.group_by(Ledger.event_id, Ledger.origin).subquery()
    rows = conn.execute(
        select(Ledger.event_id, Ledger.origin, Ledger.n, Ledger.hash)
        .join(tops, (Ledger.event_id == tops.c.event_id) & (Ledger.origin == tops.c.origin) & (Ledger.n == tops.c.n))
        .order_by(Ledger.event_id, Ledger.origin)
    )
    return [Head(*row) for row in rows]


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: one text for one value, which is what digests are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(value: Any) -> str:
    """The sha256 of a value's canonical JSON."""
    return _digest(canonical(value))


def genesis(event_id: str, origin: str) -> str:
    """What the first line of a chain stands on."""
    return _digest(f"{event_id}|{origin}")


def line_hash(prev: str, n: int, kind: str, id: str, at: str, body: str) -> str:
    """The hash of a line."""
    return _digest(f"{prev}|{n}|{kind}|{id}|{at}|{body}")


def touch(conn: Connection, event_id: str) -> None:
    """Note that this transaction changed the event; the writer tells its listeners after the commit."""
    conn.info.setdefault("touched", set()).add(event_id)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_INSERT = insert(Ledger)
_LAST = (
    select(Ledger.n, Ledger.hash)
    .where(Ledger.event_id == bindparam("event"), Ledger.origin == bindparam("origin"))
    .order_by(Ledger.n.desc())
    .limit(1)
)
