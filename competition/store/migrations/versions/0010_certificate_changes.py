"""Copies of certificates, and what is asked and confirmed about them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("certificate", sa.Column("copy", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("certificate", sa.Column("replaces", sa.Text()))
    op.create_table(
        "certificate_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("settled", sa.Text()),
        sa.Column("settled_by", sa.Text()),
        sa.Column("settled_at", sa.Text()),
        sa.Column("answer", sa.Text()),
        sa.Column("successor", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_certificate_change"),
        sa.CheckConstraint("kind IN ('reissue', 'correct', 'revoke')", name="ck_certificate_change_kind"),
        sa.CheckConstraint("settled IN ('confirmed', 'refused')", name="ck_certificate_change_settled"),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_certificate_change_{column}")
            for column, target in (
                ("event_id", "event.id"),
                ("certificate", "certificate.number"),
                ("release_id", "release.id"),
                ("asked_by", "official.id"),
                ("settled_by", "official.id"),
            )
        ),
    )
    op.create_index("ix_certificate_change_event_id", "certificate_change", ["event_id"])
