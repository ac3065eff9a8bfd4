"""`competition renew`: next year's games, in a folder of its own, from this year's programme."""

import secrets
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from competition import store
from competition.cli import first_login
from competition.cli.terminal import tell
from competition.errors import Conflict, NotFound
from competition.judging.renewal import Programme, counts, names_fit, programme_of, take_over
from competition.settings import Settings

FILE = "competition.sqlite"


@click.command()
@click.option(
    "--from", "old", type=click.Path(path_type=Path), required=True, help="上届的数据目录 / last year's data folder"
)
@click.option("--into", type=click.Path(path_type=Path), required=True, help="新的数据目录 / the new data folder")
@click.option(
    "--name", nargs=2, required=True, metavar="ZH EN", help="本届名称，中文和英文 / its name in both languages"
)
@click.option("--year", type=int, required=True, help="年份 / the year")
@click.option("--host", default="", help="主办方，默认同上届 / the host [as last year]")
@click.option("--dry-run", is_flag=True, help="只看会沿用什么 / only say what would come along")
@click.pass_context
def renew(
    ctx: click.Context, old: Path, into: Path, name: tuple[str, str], year: int, host: str, dry_run: bool
) -> None:
    """沿用上届的产业链、单位、工种、赛项规则和工位 / start a games from last year's programme; no people, no marks."""
    programme = _old(old.absolute() / FILE)
    names_fit(programme)  # before anything is laid: a refusal leaves no folder that the next try would stumble over
    for (zh, en), number in counts(programme):
        tell(f"{zh} {number}", f"{number} {en}")
    if dry_run:
        return
    settings = Settings(ctx.obj, into.absolute())
    if (settings.var / FILE).exists():
        raise Conflict(f"{into} 里已经有数据，请用新目录。", f"There is data in {into} already. Name a new folder.")
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = store.open_store(settings.database_url)
    with store.claim(settings.var / FILE):
        store.migrate(engine)
        at = datetime.now(UTC)
        with store.writing(engine) as conn:
            made = first_login.make(conn, at)
            assert made is not None  # the file is new
            organiser, password = made
            take_over(
                conn, programme, f"g{year}", (name[0], name[1]), host or programme.host, year, organiser, at,
                secrets.token_bytes,
            )  # fmt: skip
    engine.dispose()
    first_login.keep(settings, [("organiser", password)])
    first_login.show(settings)
    tell(f"启动：competition serve --var {into}", "serve it like that, then import people under 导入登记")


def _old(file: Path) -> Programme:
    """Last year's programme, read from a copy: the old file stays as it is, whatever its schema."""
    if not file.exists():
        raise NotFound(
            f"没有 {file}。请用 --from 指出上届的数据目录。", f"There is no {file}. Name its folder with --from."
        )
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / FILE
        with sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True) as old, sqlite3.connect(copied) as new:
            old.backup(new)
        new.close()
        old.close()
        engine = store.open_store(f"sqlite:///{copied}")
        store.migrate(engine)
        with store.reading(engine) as conn:
            programme = programme_of(conn)
        engine.dispose()
    return programme
