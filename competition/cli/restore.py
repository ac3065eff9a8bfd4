"""`competition restore`: a backup beside the store, read through, compared, and only then in its place."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa

from competition import store
from competition.cli.terminal import show_findings, tell
from competition.errors import Conflict
from competition.settings import FILE
from competition.store.restore import Behind, Inspected, compare, lay_beside, swap


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.option("--check", is_flag=True, help="只核对不替换 / look at it and change nothing")
@click.option("--yes", is_flag=True, help="不再询问 / don't ask before the swap")
@click.pass_context
def restore(ctx: click.Context, file: Path, var: Path | None, check: bool, yes: bool) -> None:
    """从备份恢复 / put the backup FILE in the store's place. The old file is kept. Refused while a server runs.

    Ends with 1 when the backup is not sound.
    """
    data = (var or ctx.obj / "var").absolute()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = data / "restoring.sqlite"
    with store.claim(data / FILE):
        try:
            found = lay_beside(file, beside)
            _tell(found, file)
            if show_findings(found.findings):
                tell(
                    "这份备份不可信，没有替换。请换一份。",
                    "this backup does not agree with itself: nothing was swapped",
                )
                ctx.exit(1)
            _refuse_other_kind(data / FILE, found)
            _tell_lost(data / FILE, beside)
            if check:
                return
            if not yes:
                click.confirm("替换吗？旧文件会保留 / swap? the old file is kept", abort=True)
            kept = swap(beside, data / FILE, datetime.now(UTC))
            _bring_keys(file.absolute().parent, data)
        finally:
            for left in data.glob(f"{beside.name}*"):
                left.unlink()
    if kept:
        tell(f"旧文件：{kept}", "the old file, kept")
    tell(
        "已恢复。启动：competition serve", "restored; serve it. Tablets connect by themselves and send what they hold."
    )


def _tell(found: Inspected, file: Path) -> None:
    tell(
        f"{file.name}：完整，{found.lines} 条记录，最后一条 {found.last or '—'}（UTC）",
        f"whole, {found.lines} lines, the last at {found.last or '—'}",
    )


def _refuse_other_kind(current: Path, found: Inspected) -> None:
    try:
        engine = store.open_store(f"sqlite:///{current}") if current.exists() else None
        if engine is None:
            return
        with store.reading(engine) as conn:
            practice = conn.execute(sa.select(store.Rehearsal.id)).first() is not None
        engine.dispose()
    except sa.exc.DatabaseError:
        return
    if practice != found.rehearsal:
        raise Conflict(
            "一边是演练副本，一边是正式库，不能互相替换。请检查 --var 和文件。",
            "One is a rehearsal and the other the real games: neither takes the other's place. See --var and the file.",
        )


def _tell_lost(current: Path, beside: Path) -> None:
    if not current.exists():
        tell("这里原来没有数据。", "there was no data here")
        return
    try:
        lost = compare(current, beside)
    except (sa.exc.DatabaseError, sqlite3.Error) as fault:
        tell(f"现有文件已读不出（{fault}），无法比较。", "the present file can't be read, so nothing is compared")
        return
    if not lost:
        tell("现有数据都在这份备份里。", "all that is here is in the backup")
    for one in lost:
        tell(_zh(one), _en(one))


def _zh(one: Behind) -> str:
    parted = "，两边各有对方没有的记录" if one.parted else ""
    acts = sum(one.kinds.values()) - one.marks
    return f"备份里没有：{one.event_id} 自 {one.since} 起 {one.marks} 个打分、{acts} 项操作{parted}（{_kinds(one)}）"


def _en(one: Behind) -> str:
    parted = "; the two went different ways" if one.parted else ""
    acts = sum(one.kinds.values()) - one.marks
    return f"not in the backup: {one.marks} marks and {acts} acts of {one.event_id}{parted}"


def _kinds(one: Behind) -> str:
    return "，".join(f"{kind} {n}" for kind, n in sorted(one.kinds.items()) if kind != "mark") or "—"


def _bring_keys(folder: Path, data: Path) -> None:
    """On a twin: the certificates that tablets trust, if this machine has none of its own."""
    for name in ("tls", "keys"):
        if (folder / name).is_dir() and not (data / name).exists():
            shutil.copytree(folder / name, data / name)
            for file in (data / name).rglob("*"):
                file.chmod(0o600 if file.is_file() else 0o700)
            (data / name).chmod(0o700)
            tell(f"带来了 {name}/", "brought along")
