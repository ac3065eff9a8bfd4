"""How far the double keying of each sheet is: who keyed it, and who confirmed that."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

DESK = "desk:"


def upgrade() -> None:
    op.add_column("sheet", sa.Column("keyed", sa.Text(), nullable=False, server_default="{}"))
    _fill(op.get_bind())


def _fill(conn: sa.Connection) -> None:
    """What clerks keyed before there was a second person counts as keyed once."""
    by: dict[str, set[str]] = {}
    for body in conn.execute(sa.text("SELECT body FROM ledger WHERE kind = 'mark'")).scalars():
        mark = json.loads(body)
        if str(mark["device"]).startswith(DESK):
            by.setdefault(mark["sheet"], set()).add(mark["device"].removeprefix(DESK))
    write = sa.text("UPDATE sheet SET keyed = :keyed WHERE id = :id")
    for id, officials in by.items():
        conn.execute(write, {"id": id, "keyed": json.dumps({"by": sorted(officials)}, separators=(",", ":"))})
