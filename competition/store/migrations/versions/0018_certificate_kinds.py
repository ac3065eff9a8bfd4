"""Certificates of other kinds than awards, a unit's among them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("certificate", sa.Column("kind", sa.Text(), nullable=False, server_default="award"))
    op.add_column("certificate", sa.Column("unit_id", sa.Text()))
