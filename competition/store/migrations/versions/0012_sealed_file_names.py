"""Names of imported files, encrypted: a file is often called after a person. Those kept in clear until now are dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("intake") as table:
        table.drop_column("file_name")
        table.add_column(sa.Column("file_name", sa.LargeBinary()))
