"""What somebody with the database file and no scruples could do to it: random, seeded, one attack at a time."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import sqlalchemy as sa

from competition import store
from competition.store import Ledger
from competition.store.ledger import line_hash
from tests.judging.conftest import EVENT

TABLES = (
    "ledger", "ledger", "ledger", "sheet", "sheet", "entrant_code", "station_code", "judging_code", "seed", "opening", "seat", "edition",
    "release", "certificate", "certificate_change", "event", "entry", "entry_member", "sample_key", "grant", "slot", "absence",
    "games_rules", "games_release",
)  # fmt: skip


class Nothing(Exception):
    """The attack had no aim here: an empty table, or what it would have written was there already."""


def attack(conn: sa.Connection, rng: Random) -> str:
    """Do one thing; answer what, for a failing test's message."""
    kinds: list[Callable[[sa.Connection, Random], str]] = [change] * 6 + [delete] * 3 + [insert] * 3
    kinds += [swap, swap, truncate, rewrite, rewrite]
    return rng.choice(kinds)(conn, rng)


def change(conn: sa.Connection, rng: Random) -> str:
    """Another value in one cell."""
    table, row = _row(conn, rng)
    column = rng.choice(list(table.columns))
    value = _other(rng, row[column.name], nullable=bool(column.nullable))
    conn.execute(sa.update(table).where(_is(table, row)).values({column.name: value}))
    return f"{table.name}.{column.name}: {row[column.name]!r:.60} -> {value!r:.60}"


def delete(conn: sa.Connection, rng: Random) -> str:
    """A row taken out."""
    table, row = _row(conn, rng)
    conn.execute(sa.delete(table).where(_is(table, row)))
    return f"{table.name}: deleted {row!r:.80}"


def insert(conn: sa.Connection, rng: Random) -> str:
    """A row like another one, under a key of its own."""
    table, row = _row(conn, rng)
    new = dict(row)
    for column in table.columns:
        if column.primary_key or (table.name == "ledger" and column.name in ("id", "n")) or rng.random() < 0.2:
            new[column.name] = _other(rng, row[column.name], nullable=bool(column.nullable))
    conn.execute(sa.insert(table).values(new))
    return f"{table.name}: inserted {new!r:.80}"


def swap(conn: sa.Connection, rng: Random) -> str:
    """Two rows change places, in everything but their key."""
    table, one = _row(conn, rng)
    other = _one_of(conn, rng, table)
    rest = [column.name for column in table.columns if not column.primary_key and not column.unique]
    a, b = ({name: row[name] for name in rest} for row in (one, other))
    if a == b:
        raise Nothing
    conn.execute(sa.update(table).where(_is(table, one)).values(b))
    conn.execute(sa.update(table).where(_is(table, other)).values(a))
    return f"{table.name}: swapped {one!r:.60} and {other!r:.60}"


def truncate(conn: sa.Connection, rng: Random) -> str:
    """The last lines of a chain gone."""
    last = conn.scalar(sa.select(sa.func.max(Ledger.n)).where(Ledger.event_id == EVENT)) or 0
    keep = rng.randrange(last)
    conn.execute(sa.delete(Ledger).where(Ledger.event_id == EVENT, Ledger.n > keep))
    return f"ledger: cut after {keep} of {last}"


def rewrite(conn: sa.Connection, rng: Random) -> str:
    """One line changed or left out and the whole chain after it made anew, hashes and all; sometimes the sheets too."""
    lines = conn.execute(sa.select(Ledger).where(Ledger.event_id == EVENT).order_by(Ledger.n)).mappings().all()
    aim = rng.randrange(len(lines))
    conn.execute(sa.delete(Ledger).where(Ledger.event_id == EVENT, Ledger.n >= lines[aim]["n"]))
    prev, n = (lines[aim]["prev"], lines[aim]["n"])
    skip = rng.random() < 0.3
    for place, line in enumerate(lines[aim:]):
        if skip and place == 0:
            continue
        row = dict(line) | {"n": n, "prev": prev}
        if not skip and place == 0:
            row["body"] = json.dumps(
                {**json.loads(row["body"]), "by": "somebody else"}, sort_keys=True, separators=(",", ":")
            )
        row["hash"] = line_hash(prev, n, row["kind"], row["id"], row["at"], row["body"])
        conn.execute(sa.insert(Ledger).values(row))
        prev, n = row["hash"], n + 1
    if skip and aim == len(lines) - 1:
        return "ledger: the last line left out"
    if rng.random() < 0.5:
        try:
            store.rebuild_sheets(conn, EVENT)
        except Exception:
            return f"ledger: rewritten from line {aim}"
    return f"ledger: rewritten from line {aim}, sheets too"


def _row(conn: sa.Connection, rng: Random) -> tuple[sa.Table, dict[str, Any]]:
    table = store.Base.metadata.tables[rng.choice(TABLES)]
    return table, _one_of(conn, rng, table)


def _one_of(conn: sa.Connection, rng: Random, table: sa.Table) -> dict[str, Any]:
    rows = conn.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings().all()
    if not rows:
        raise Nothing
    return dict(rng.choice(rows))


def _is(table: sa.Table, row: dict[str, Any]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == row[column.name] for column in table.primary_key.columns))


def _other(rng: Random, value: Any, *, nullable: bool) -> Any:
    """A value of the same kind that isn't this one."""
    if nullable and value is not None and rng.random() < 0.2:
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.choice([-1, 1, 7, 1000])
    if isinstance(value, bytes):
        at = rng.randrange(len(value) or 1)
        return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :] if value else b"x"
    text = value or ""
    if not text:
        return "x"
    at = rng.randrange(len(text))
    return text[:at] + ("7" if text[at] != "7" else "3") + text[at + 1 :]
