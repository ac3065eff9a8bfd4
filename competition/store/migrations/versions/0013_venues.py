"""Where an event takes place."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("event", sa.Column("venue", sa.Text(), nullable=False, server_default=""))
