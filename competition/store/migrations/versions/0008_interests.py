"""Judges kept in a seat although an entry is of their unit."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "interest",
        sa.Column("seat_id", sa.Text(), sa.ForeignKey("seat.id", name="fk_interest_seat_id"), nullable=False),
        sa.Column(
            "official_id", sa.Text(), sa.ForeignKey("official.id", name="fk_interest_official_id"), nullable=False
        ),
        sa.Column("event_id", sa.Text(), sa.ForeignKey("event.id", name="fk_interest_event_id"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seat_id", "official_id", name="pk_interest"),
    )
    op.create_index("ix_interest_event_id", "interest", ["event_id"])
