"""`competition rehearse`: a copy of the games to practise on, in a folder of its own."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from competition import store
from competition.cli.opened import opened
from competition.cli.terminal import tell
from competition.errors import Conflict
from competition.judging.rehearsal import become_rehearsal, rehearsal_of
from competition.settings import FILE, Settings
from competition.store.backup import copy_whole


@click.command()
@click.option("--var", type=click.Path(path_type=Path), default=None, help="正式数据目录 / the real data folder [var]")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    required=True,
    help="演练目录，须是新的 / the folder of the copy, a new one",
)
@click.option("--with-names", is_flag=True, help="保留选手姓名 / keep contestants' names; otherwise they are masked")
@click.pass_context
def rehearse(ctx: click.Context, var: Path | None, into: Path, with_names: bool) -> None:
    """做一份演练副本 / copy the games to rehearse on; the real server may go on running meanwhile."""
    engine = opened(ctx, var)
    into = into.absolute()
    if (into / FILE).exists():
        raise Conflict(
            f"{into} 里已经有数据。演练副本只放进新目录，不会覆盖任何数据。",
            f"There is data in {into} already. A rehearsal goes into a new folder and overwrites nothing.",
        )
    with store.reading(engine) as conn:
        if store.engine.revision(conn) == store.engine.newest() and rehearsal_of(conn) is not None:
            raise Conflict("这已经是演练副本。请从正式库制作。", "This is a rehearsal already. Copy the real one.")
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy_whole((var or ctx.obj / "var").absolute() / FILE, into / f"{FILE}.part")
    settings = Settings(ctx.obj, into)
    half = store.open_store(f"sqlite:///{into / f'{FILE}.part'}")
    store.migrate(half)
    with store.writing(half) as conn:
        become_rehearsal(conn, datetime.now(UTC), secrets.token_bytes, names=with_names)
    store.scrub(half)
    half.dispose()
    for left in into.glob(f"{FILE}.part-*"):
        left.unlink()
    (into / f"{FILE}.part").rename(settings.var / FILE)  # only now can a server find it, and it is marked already
    tell(f"演练副本在 {into}", f"the rehearsal copy is in {into}")
    tell(f"启动：competition serve --rehearsal --var {into} --port 8010", "serve it like that, beside the real one")
