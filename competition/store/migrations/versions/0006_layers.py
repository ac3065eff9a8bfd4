"""Codes in a table for each layer, halves of a seed with a salt, and layers opened one after another."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

LAYERS = {1: "entrant_code", 2: "station_code", 3: "judging_code"}


def upgrade() -> None:
    for layer, table in LAYERS.items():
        op.create_table(
            table,
            sa.Column("entry_id", sa.Text(), sa.ForeignKey("entry.id", name=f"fk_{table}_entry_id"), nullable=False),
            sa.Column("event_id", sa.Text(), sa.ForeignKey("event.id", name=f"fk_{table}_event_id"), nullable=False),
            sa.Column("code", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("entry_id", name=f"pk_{table}"),
            sa.UniqueConstraint("event_id", "code", name=f"uq_{table}_event_id_code"),
        )
        op.execute(
            f"INSERT INTO {table} (entry_id, event_id, code) SELECT entry_id, event_id, code FROM code WHERE layer = {layer}"
        )
    op.create_table(
        "opening",
        sa.Column("event_id", sa.Text(), sa.ForeignKey("event.id", name="fk_opening_event_id"), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column(
            "encryptor_id", sa.Text(), sa.ForeignKey("official.id", name="fk_opening_encryptor_id"), nullable=False
        ),
        sa.Column(
            "supervisor_id", sa.Text(), sa.ForeignKey("official.id", name="fk_opening_supervisor_id"), nullable=False
        ),
        sa.CheckConstraint("layer IN (1, 2, 3)", name="ck_opening_layer"),
        sa.PrimaryKeyConstraint("event_id", "layer", name="pk_opening"),
    )
    _open_what_is_decoded(op.get_bind())
    op.drop_table("code")
    op.add_column("seed", sa.Column("salt", sa.Text(), nullable=False, server_default=""))


def _open_what_is_decoded(conn: sa.Connection) -> None:
    """Events that were decoded whole had all their layers opened at that moment, by the two the ledger names."""
    decoded = conn.execute(sa.text("SELECT event_id, at, body FROM ledger WHERE kind = 'decode'")).all()
    write = sa.text(
        "INSERT INTO opening (event_id, layer, at, encryptor_id, supervisor_id) VALUES (:event, :layer, :at, :by, :witness)"
    )
    for event, at, body in decoded:
        act = json.loads(body)
        for layer in LAYERS:
            there = {"event": event, "layer": layer, "at": at, "by": act["by"], "witness": act["witness"]}
            conn.execute(write, there)
