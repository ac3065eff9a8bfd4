"""Messages to tablets, and who has acknowledged them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column(
            "official_id", sa.Text(), sa.ForeignKey("official.id", name="fk_message_official_id"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_event_id", "message", ["event_id"])
    op.create_table(
        "message_seen",
        sa.Column(
            "message_id", sa.Text(), sa.ForeignKey("message.id", name="fk_message_seen_message_id"), nullable=False
        ),
        sa.Column("device_id", sa.Text(), sa.ForeignKey("device.id", name="fk_message_seen_device_id"), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "device_id", name="pk_message_seen"),
    )
