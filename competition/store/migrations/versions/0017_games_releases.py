"""The games' own tables: their rules, and their releases."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "games_rules",
        sa.Column(
            "games_id", sa.Text(), sa.ForeignKey("games.id", name=op.f("fk_games_rules_games_id")), nullable=False
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("games_id", "n", name=op.f("pk_games_rules")),
    )
    op.create_table(
        "games_release",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "games_id", sa.Text(), sa.ForeignKey("games.id", name=op.f("fk_games_release_games_id")), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("window_closes", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("basis", "rows", "names")),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("document_digest", "rules_digest")),
        sa.Column("head_n", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_games_release")),
        sa.UniqueConstraint("games_id", "kind", "revision", name=op.f("uq_games_release_games_id_kind_revision")),
        sa.CheckConstraint("kind IN ('notice', 'final')", name=op.f("ck_games_release_kind")),
    )
