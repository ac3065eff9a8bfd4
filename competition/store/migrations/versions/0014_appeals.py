"""Appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), sa.ForeignKey("event.id", name="fk_appeal_event_id"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Text(), sa.ForeignKey("entry.id", name="fk_appeal_entry_id")),
        sa.Column("said", sa.Text()),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", sa.Text()),
        sa.CheckConstraint("state IN ('open', 'late', 'dismissed', 'upheld', 'done')", name="ck_appeal_state"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.UniqueConstraint("event_id", "n", name="uq_appeal_event_id_n"),
    )
