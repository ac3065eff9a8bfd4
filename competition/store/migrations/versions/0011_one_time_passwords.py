"""Passwords that the organiser gave out, and until when they are good."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("official", sa.Column("password_until", sa.Text()))
