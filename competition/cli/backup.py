"""`competition backup`: a copy now, beside a running server or without one."""

from datetime import UTC, datetime
from pathlib import Path

import click

from competition.cli.terminal import tell
from competition.settings import FILE
from competition.store.backup import back_up


@click.command()
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.option(
    "--into", type=click.Path(path_type=Path), default=None, help="备份目录 / the folder of the copies [var/backups]"
)
@click.option("--name", default="", help="快照名称，不会自动清理 / name it: a named copy is never thinned out")
@click.pass_context
def backup(ctx: click.Context, var: Path | None, into: Path | None, name: str) -> None:
    """立即备份 / copy the games now; the server may go on running meanwhile."""
    data = (var or ctx.obj / "var").absolute()
    folder = (into or data / "backups").absolute()
    if (data / FILE).exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = back_up(data / FILE, folder, datetime.now(UTC), name)
    tell(f"已备份到 {made.path}（{made.size / 1e6:.1f} MB，已读回核对）", "copied and read back")
