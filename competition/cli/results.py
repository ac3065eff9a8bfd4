"""`competition results`: what was released, computed again."""

from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy import Engine, select

from competition import judging, store
from competition.cli.opened import opened
from competition.cli.terminal import show_findings, tell
from competition.judging.games_releases import games_releases
from competition.judging.games_verification import verify_games
from competition.judging.verification import verify_releases
from competition.store.games import Event
from competition.web import games_outputs
from competition.web.pack import Asking
from competition.web.pack import pack as packed_release
from competition.words import load


@click.group()
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.pass_context
def results(ctx: click.Context, var: Path | None) -> None:
    """公布的成绩 / published results."""
    ctx.obj = opened(ctx, var)


@results.command()
@click.argument("event")
@click.argument("file", type=click.File("wb"))
@click.option("--address", default=None, help="二维码里的网址 / the address in QR codes")
@click.option("--office", default="", help="公示稿上的监督单位 / the supervising unit on the notice")
@click.option("--phone", default="", help="公示稿上的监督电话 / its phone")
@click.pass_context
def pack(ctx: click.Context, event: str, file: BinaryIO, address: str | None, office: str, phone: str) -> None:
    """打包最新一次公布 / everything of EVENT's newest release as one ZIP in FILE.

    Names all people of the event in its archive part: keep it where only the organiser and the supervisor can read.
    """
    root: Path = ctx.find_root().obj
    asking = Asking(root / "templates", load(root), address, office, phone)
    with store.reading(ctx.obj) as conn:
        pieces = packed_release(conn, event, asking)
    done = 0
    for piece in pieces:
        file.write(piece)
        done += len(piece)
    tell(f"{event} 的成绩包已写好（{done} 字节）", f"the pack of {event} is written ({done} bytes)")


@results.command("games-book")
@click.argument("file", type=click.File("wb"))
@click.pass_context
def games_book(ctx: click.Context, file: BinaryIO) -> None:
    """整届成绩册 / the result book of all events finally released, with the tables of the games, as a PDF in FILE."""
    root: Path = ctx.find_root().obj
    with store.reading(ctx.obj) as conn:
        content = games_outputs.book(conn, Asking(root / "templates", load(root)), _tell)
    file.write(content)
    tell(f"成绩册已写好（{len(content)} 字节）", f"the result book is written ({len(content)} bytes)")


@results.command("games-pack")
@click.argument("file", type=click.File("wb"))
@click.option("--address", default=None, help="二维码里的网址 / the address in QR codes")
@click.pass_context
def games_pack(ctx: click.Context, file: BinaryIO, address: str | None) -> None:
    """整届成绩包 / the packs of all events finally released, the games' tables, book and register, as one ZIP in FILE.

    Names everybody in its archive part: keep it where only the organiser and the supervisor can read.
    """
    root: Path = ctx.find_root().obj
    done = 0
    with store.reading(ctx.obj) as conn:
        for piece in games_outputs.games_pack(conn, Asking(root / "templates", load(root), address), _tell):
            file.write(piece)
            done += len(piece)
    tell(f"全部成绩包已写好（{done} 字节）", f"the whole pack is written ({done} bytes)")


def _tell(done: int, of: int) -> None:
    click.echo(f"\r{done}/{of}", nl=done == of, err=True)


@results.command()
@click.argument("event", required=False)
@click.pass_obj
def verify(engine: Engine, event: str | None) -> None:
    """由账本重算公布的成绩 / compute every release of EVENT, or of all events and the games, again from the ledger, and compare.

    Ends with 1 when anything does not agree.
    """
    with store.reading(engine) as conn:
        if event is not None:
            judging.event_line(conn, event)
        events = [event] if event else list(conn.scalars(select(Event.id).order_by(Event.id)))
        checked = sum(len(judging.releases(conn, one)) for one in events)
        findings = [finding for one in events for finding in verify_releases(conn, one)]
        if event is None:
            checked += len(games_releases(conn))
            findings += verify_games(conn)
    if show_findings(findings):
        raise SystemExit(1)
    tell(f"{checked} 次公布全部相符", f"{checked} releases agree with the ledger")
