"""Check-in by number."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "check_in",
        sa.Column("event_id", sa.Text(), sa.ForeignKey("event.id", name="fk_check_in_event_id"), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text()),
        sa.PrimaryKeyConstraint("event_id", name="pk_check_in"),
    )
    op.create_table(
        "arrival",
        sa.Column("entry_id", sa.Text(), sa.ForeignKey("entry.id", name="fk_arrival_entry_id"), nullable=False),
        sa.Column("event_id", sa.Text(), sa.ForeignKey("event.id", name="fk_arrival_event_id"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", sa.Text()),
        sa.Column("official_id", sa.Text(), sa.ForeignKey("official.id", name="fk_arrival_official_id")),
        sa.PrimaryKeyConstraint("entry_id", name="pk_arrival"),
        sa.UniqueConstraint("number", name="uq_arrival_number"),
    )
    op.create_index("ix_arrival_event_id", "arrival", ["event_id"])
