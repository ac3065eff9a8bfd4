"""Requests to unlock, what a tablet reports of itself, the judges' own workings, and the strip of earlier marks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("sheet", sa.Column("unlock", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("event", sa.Column("strip", sa.Boolean(), nullable=False, server_default=sa.true()))
    for name, kind in (
        ("open_sheet", sa.Text()),
        ("open_at", sa.Text()),
        ("clock_ms", sa.Integer()),
        ("battery", sa.Integer()),
        ("app", sa.Text()),
    ):
        op.add_column("device", sa.Column(name, kind, nullable=True))
    op.create_table(
        "jotting",
        sa.Column("seat_id", sa.Text(), nullable=False),
        sa.Column("sheet_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("flag", sa.Boolean(), nullable=False),
        sa.Column("zero", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_jotting_seat_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_jotting_sheet_id")),
        sa.PrimaryKeyConstraint("seat_id", "sheet_id", "item", name=op.f("pk_jotting")),
    )
    op.create_index(op.f("ix_jotting_sheet_id"), "jotting", ["sheet_id"])
