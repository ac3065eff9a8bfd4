"""Contestants' numbers encrypted, files that organisers bring, names of teams, and the units officials work for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("entry", sa.Column("team", sa.Text()))
    # Alembic would make the table anew for a foreign key on SQLite, and drop one that others refer to; SQLite itself needn't.
    op.execute("ALTER TABLE official ADD COLUMN unit_id TEXT CONSTRAINT fk_official_unit_id REFERENCES unit (id)")
    op.create_table(
        "identity",
        sa.Column("person_id", sa.Text(), sa.ForeignKey("person.id", name="fk_identity_person_id"), nullable=False),
        sa.Column("document", sa.LargeBinary()),
        sa.Column("matched", sa.Text()),
        sa.Column("phone", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("person_id", name="pk_identity"),
        sa.UniqueConstraint("matched", name="uq_identity_matched"),
    )
    op.create_table(
        "intake",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("official_id", sa.Text(), sa.ForeignKey("official.id", name="fk_intake_official_id"), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("fixes", sa.LargeBinary()),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.Text()),
        sa.Column("undo", sa.LargeBinary()),
        sa.Column("undone_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
    )
