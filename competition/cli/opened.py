"""The store in a data folder, for commands that work beside a server or without one."""

from pathlib import Path

import click
from sqlalchemy import Connection, Engine, select

from competition import store
from competition.errors import NotFound
from competition.judging import Official
from competition.settings import Settings
from competition.store import people


def opened(ctx: click.Context, var: Path | None) -> Engine:
    """The store of a data folder that is there already. NotFound when it isn't."""
    settings = Settings(ctx.obj, (var or ctx.obj / "var").absolute())
    file = settings.var / "competition.sqlite"
    if not file.exists():
        raise NotFound(f"没有 {file}。请用 --var 指出数据目录。", f"There is no {file}. Name its folder with --var.")
    return store.open_store(settings.database_url)


def official_called(conn: Connection, username: str) -> Official:
    """Whom a command acts for. NotFound when nobody has the username."""
    row = conn.execute(select(people.Official).where(people.Official.username == username)).first()
    if row is None:
        raise NotFound(f"没有用户名“{username}”。", f"There is no username “{username}”.")
    return Official(row.id, row.username, row.name)
