"""`competition privacy`: until when people's data is kept, and erasing what is past its date."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import click
from sqlalchemy import Engine

from competition import store
from competition.cli.opened import official_called, opened
from competition.cli.terminal import tell
from competition.judging import privacy as acts
from competition.publish.batches import AT_THE_DESK
from competition.store.backup import backups

DAY = click.DateTime(["%Y-%m-%d"])
BY = click.option("--by", "username", required=True, help="组委会的用户名 / the organiser's username, for the record")


@click.group()
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.pass_context
def privacy(ctx: click.Context, var: Path | None) -> None:
    """个人信息的保存期限与抹除 / how long people's data is kept, and erasing it. Stop the server first."""
    ctx.obj = (opened(ctx, var), (var or ctx.obj / "var").absolute())


@privacy.command()
@click.option("--until", type=DAY, required=True, help="保存到这一天 / the last day the data is kept, 2027-12-31")
@BY
@click.pass_obj
def retain(place: tuple[Engine, Path], until: datetime, username: str) -> None:
    """设定保存期限 / say until when the data of everybody now on record is kept."""
    engine, var = place
    with store.claim(var / "competition.sqlite"), store.Writer(engine) as writer:
        store.migrate(engine)
        n = writer.do(
            lambda conn: acts.retain_until(conn, until.date(), official_called(conn, username), datetime.now(UTC))
        )
    tell(f"{n} 人的资料保存到 {until.date()}", f"the data of {n} people is kept until {until.date()}")


@privacy.command()
@click.option("--before", type=DAY, default=None, help="期限早于这一天的 / what was kept until before this day [today]")
@click.option("--dry-run", is_flag=True, help="只看会抹除什么 / only say what would be erased")
@BY
@click.pass_obj
def erase(place: tuple[Engine, Path], before: datetime | None, dry_run: bool, username: str) -> None:
    """抹除过期的个人信息 / erase for good what is past its date; the ledger and certificates still verify."""
    engine, var = place
    now = datetime.now(UTC)
    day = (before or now).date()
    if dry_run:
        with store.reading(engine) as conn:
            _say(acts.due(conn, day), "将抹除", "would erase")
        _name_copies(var, now)
        return
    with store.claim(var / "competition.sqlite"):
        store.migrate(engine)
        with store.Writer(engine) as writer:
            gone = writer.do(lambda conn: acts.erase(conn, day, official_called(conn, username), now))
        store.scrub(engine)
    if gone.people:
        rmtree(var / AT_THE_DESK, ignore_errors=True)  # names on certificates; what is still wanted can be made again
    _say(gone, "已抹除", "erased")
    _name_copies(var, now)


def _name_copies(var: Path, before: datetime) -> None:
    """Copies of the store that were made before the erasure still hold the names: which they are, and what to do."""
    tell(
        "备份和打印件不受抹除影响，仍含个人信息。请先做一份新备份，再销毁下列旧备份，以及 U 盘、备用机、存档和打印件中的：",
        "Backups and papers are not touched and still hold personal data. Make a new backup, then destroy those named here and "
        "those on sticks, the twin machine, in archives and on paper:",
    )
    old = [one.path for one in backups(var / "backups") if one.at <= before]
    old += sorted(var.glob("competition-before-restore-*"))
    for file in old:
        click.echo(f"  {file.relative_to(var.parent)}")
    if not old:
        tell(f"{var.name} 里没有旧备份", f"no old backup in {var.name}")


def _say(gone: acts.Erasure, zh: str, en: str) -> None:
    tell(
        f"{zh}：{gone.people} 人、证件号码 {gone.numbers} 份、签名笔迹 {gone.signatures} 个、裁判草记 {gone.jottings} 条、"
        f"公布附带的姓名 {gone.releases} 份、导入文件 {gone.files} 个",
        f"{en}: {gone.people} people, {gone.numbers} numbers, {gone.signatures} signatures, {gone.jottings} jottings, "
        f"names beside {gone.releases} releases, {gone.files} uploaded files",
    )
    if gone.held:
        tell(
            f"另有 {gone.held} 人期限已过但赛项尚未正式公布，未抹除",
            f"{gone.held} more are past their date, but their event has no final release: kept",
        )
