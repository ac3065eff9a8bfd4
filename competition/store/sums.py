"""What every table that decides something held at one moment, as one digest a table: exported beside the chains' heads.

The chains say what was done, and most rows are compared with them. What no act names whole (a station's name, a unit's) is caught
by these sums against the last export, as long as nothing was done since.
"""

import hashlib
from typing import Any

from sqlalchemy import Connection, Table, select

from competition.store.devices import DeskSession, Device, Jotting, MessageSeen, Pairing
from competition.store.ledger import canonical
from competition.store.people import Intake, Official, Signature
from competition.store.schema import Base

CHANGING = (Pairing, Device, Jotting, MessageSeen, DeskSession, Official, Intake, Signature)
"""Change without a line in the ledger: who is signed in and until when, wrong passwords, a judge's own notes, drafts, strokes
that were erased."""


def table_sums(conn: Connection) -> dict[str, str]:
    """Table name -> the digest of all its rows in the order of their keys."""
    left = {model.__tablename__ for model in CHANGING}
    return {table.name: _sum(conn, table) for table in Base.metadata.sorted_tables if table.name not in left}


def _sum(conn: Connection, table: Table) -> str:
    said = hashlib.sha256()
    query = select(table).order_by(*table.primary_key.columns)
    for row in conn.execution_options(yield_per=5000).execute(query):
        said.update(canonical([_plain(value) for value in row]).encode())
        said.update(b"\n")
    return said.hexdigest()


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
