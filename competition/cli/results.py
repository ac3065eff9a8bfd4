"""`competition results`: what was released, computed again."""

from pathlib import Path

import click
from sqlalchemy import Engine, select

from competition import judging, store
from competition.cli.opened import opened
from competition.cli.terminal import show_findings, tell
from competition.judging.verification import verify_releases
from competition.store.games import Event


@click.group()
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.pass_context
def results(ctx: click.Context, var: Path | None) -> None:
    """公布的成绩 / published results."""
    ctx.obj = opened(ctx, var)


@results.command()
@click.argument("event", required=False)
@click.pass_obj
def verify(engine: Engine, event: str | None) -> None:
    """由账本重算公布的成绩 / compute every release of EVENT, or of all events, again from the ledger, and compare.

    Ends with 1 when anything does not agree.
    """
    with store.reading(engine) as conn:
        if event is not None:
            judging.event_line(conn, event)
        events = [event] if event else list(conn.scalars(select(Event.id).order_by(Event.id)))
        checked = sum(len(judging.releases(conn, one)) for one in events)
        findings = [finding for one in events for finding in verify_releases(conn, one)]
    if show_findings(findings):
        raise SystemExit(1)
    tell(f"{checked} 次公布全部相符", f"{checked} releases agree with the ledger")
