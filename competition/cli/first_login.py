"""The first logins: made with a new file, kept in var/first-login.txt (this user only) until that file is deleted."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from competition.cli.terminal import tell
from competition.errors import NotAllowed
from competition.judging.officials import Official, create_official, grant
from competition.settings import Settings

# No 0, 1, i, l or o: the password is read from one screen and typed on another.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

Login = tuple[str, str]
"""A username and its password."""


def make(conn: Connection, at: datetime) -> tuple[Official, str] | None:
    """Create the organiser where there is no official yet, with a password; None when the store is not new."""
    password = new_password()
    try:
        organiser = create_official(conn, "organiser", "组委会", password, None, at, secrets.token_bytes)
    except NotAllowed:
        return None  # only the first official needs nobody's leave
    grant(conn, organiser.id, "organiser", None, None, at)
    return organiser, password


def keep(settings: Settings, logins: Sequence[Login]) -> None:
    """Add logins to the file that nobody else can read."""
    file = _file(settings)
    file.touch(mode=0o600)
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(f"{username} {password}\n" for username, password in logins)


def show(settings: Settings) -> None:
    """Print the first logins while their file is there."""
    if not _file(settings).exists():
        return
    tell("首次登录（在本机 /desk）", "first logins, at /desk on this machine")
    for line in _file(settings).read_text(encoding="utf-8").splitlines():
        username, password = line.split()
        click.echo(f"    {username:<12}{password}")
    tell(f"改密码后请删除 {_file(settings)}", "delete that file once the passwords are changed")


def new_password() -> str:
    """Three groups of four letters and digits, 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def _file(settings: Settings) -> Path:
    return settings.var / "first-login.txt"
