"""Beside each sheet's marks, what scoring reads of them; and on SQLite an index that holds nothing else."""

import json

import sqlalchemy as sa
from alembic import op

from competition.rules import thaw
from competition.scoring.compact import encode

revision = "0002"
down_revision = "0001"

INDEX = ("event_id", "module", "sheet", "seat_id", "entry_id", "current")


def upgrade() -> None:
    op.add_column("sheet", sa.Column("current", sa.Text(), nullable=False, server_default="[]"))
    _fill(op.get_bind())
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_sheet_current", "sheet", list(INDEX))


def _fill(conn: sa.Connection) -> None:
    """The new column from the old one, under each event's frozen edition."""
    editions = conn.execute(
        sa.text(
            "SELECT event.id, edition.canonical FROM event JOIN edition "
            "ON edition.event_id = event.id AND edition.digest = event.edition_digest"
        )
    ).all()
    read = sa.text("SELECT id, module, sheet, marks, clash FROM sheet WHERE event_id = :event AND marks <> '{}'")
    write = sa.text("UPDATE sheet SET current = :current WHERE id = :id")
    for event, canonical in editions:
        rules = thaw(bytes(canonical))
        for row in conn.execute(read, {"event": event}).all():
            clash = json.loads(row.clash)
            marks = {item: cell[0] for item, cell in json.loads(row.marks).items() if item not in clash}
            values = {item: value for item, value in marks.items() if value is not None}
            conn.execute(write, {"id": row.id, "current": encode(rules.sheet(row.module, row.sheet), values)})
