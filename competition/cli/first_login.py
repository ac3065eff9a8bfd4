"""The organiser's first login: made with a new file, kept in var/first-login.txt (this user only) until deleted."""

import secrets
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from competition import judging, store
from competition.cli.terminal import tell
from competition.errors import NotAllowed
from competition.settings import Settings

# No 0, 1, i, l or o: the password is read from one screen and typed on another.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def make(writer: store.Writer, settings: Settings, at: datetime) -> judging.Official | None:
    """Create the organiser where there is no official yet; None when the file is not new."""
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    try:
        organiser = writer.do(lambda conn: _install(conn, password, at))
    except NotAllowed:
        return None  # only the first official needs nobody's leave
    _file(settings).touch(mode=0o600)
    _file(settings).write_text(f"{organiser.username}\n{password}\n", encoding="utf-8")
    return organiser


def show(settings: Settings) -> None:
    """Print the first login while its file is there."""
    if not _file(settings).exists():
        return
    username, password = _file(settings).read_text(encoding="utf-8").split()
    tell("组委会首次登录", "the organiser's first login")
    click.echo(f"    {username}   {password}")
    tell(f"改密码后请删除 {_file(settings)}", "delete that file once the password is changed")


def _install(conn: Connection, password: str, at: datetime) -> judging.Official:
    organiser = judging.create_official(conn, "organiser", "组委会", password, None, at, secrets.token_bytes)
    judging.grant(conn, organiser.id, "organiser", None, None, at)
    return organiser


def _file(settings: Settings) -> Path:
    return settings.var / "first-login.txt"
