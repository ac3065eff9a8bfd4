"""The store in a data folder, for commands that work beside a server or without one."""

from pathlib import Path

import click
from sqlalchemy import Engine

from competition import store
from competition.errors import NotFound
from competition.settings import Settings


def opened(ctx: click.Context, var: Path | None) -> Engine:
    """The store of a data folder that is there already. NotFound when it isn't."""
    settings = Settings(ctx.obj, (var or ctx.obj / "var").absolute())
    file = settings.var / "competition.sqlite"
    if not file.exists():
        raise NotFound(f"没有 {file}。请用 --var 指出数据目录。", f"There is no {file}. Name its folder with --var.")
    return store.open_store(settings.database_url)
