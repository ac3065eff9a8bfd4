"""Slots that officials open and close while the event runs."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("slot", sa.Column("gate", sa.Text(), nullable=False, server_default=""))
