"""`competition serve`: one process, one database file, everything a venue needs."""

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import uvicorn
from litestar import Litestar
from sqlalchemy import Connection, Engine

from competition import store
from competition.cli import doctor, first_login
from competition.cli.addresses import links
from competition.cli.terminal import tell
from competition.errors import CompetitionError
from competition.publish import qr
from competition.publish.addresses import check_public_address
from competition.settings import Settings
from competition.web.app import create_app


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="监听地址 / the address to listen on")
@click.option("--port", default=8000, show_default=True, help="端口 / the port")
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.option(
    "--public-address", default=None, help="证书二维码指向的 https 地址 / https address in certificates' QR codes"
)
@click.option(
    "--allow-plain-desks", is_flag=True, help="允许其他电脑以 http 登录工作台 / let desks sign in over plain HTTP"
)
@click.option(
    "--sample/--no-sample", default=True, show_default=True, help="新库装入示例 / fill a new file with the sample games"
)
@click.pass_context
def serve(
    ctx: click.Context, host: str, port: int, var: Path | None,
    public_address: str | None, allow_plain_desks: bool, sample: bool,
) -> None:  # fmt: skip
    """启动服务器 / migrate the database file, fill it when it is new, and serve until Ctrl-C."""
    if public_address:
        public_address = check_public_address(public_address)
    settings = Settings(ctx.obj, (var or ctx.obj / "var").absolute(), host, port, public_address, allow_plain_desks)
    with _listening(host, port) as sock, _opened(settings) as (engine, writer):
        # uvicorn hands the signal on once it has closed; as an exit it lets these blocks release writer, file and port.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        _fill(settings, writer, sample)
        app = create_app(settings, engine, writer, now)
        _announce(settings)
        _server(app).run(sockets=[sock])


def now() -> datetime:
    """The server's clock, in UTC: it alone decides windows and deadlines."""
    return datetime.now(UTC)


def _server(app: Litestar) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=75,  # tablets rest for minutes between taps; 5 s would make each of them reconnect
            timeout_graceful_shutdown=2,  # open event streams would hold the shutdown for ever
            server_header=False,
        )
    )


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Engine, store.Writer]]:
    """Claim the database file for this server alone, bring its schema up to date, start the writer."""
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with store.claim(settings.var / "competition.sqlite"):
        engine = store.open_store(settings.database_url)
        store.migrate(engine)
        with store.Writer(engine) as writer:
            yield engine, writer
        engine.dispose()


def _fill(settings: Settings, writer: store.Writer, sample: bool) -> None:
    """Give a new file its organiser and, unless refused, the sample games: all of it or, if anything fails, nothing."""
    if logins := writer.do(lambda conn: _begin(conn, settings, sample)):
        first_login.keep(settings, logins)


def _begin(conn: Connection, settings: Settings, sample: bool) -> list[first_login.Login]:
    made = first_login.make(conn, now())
    if made is None:
        return []
    organiser, password = made
    logins = [(organiser.username, password)]
    if sample:
        from competition.cli.sample import load_sample

        tell("正在装入示例运动会（约二十秒）……", "loading the sample games (some twenty seconds) …")
        logins += load_sample(conn, settings.root, organiser, now())
    return logins


def _announce(settings: Settings) -> None:
    """Print where the server is found, the organiser's first login, and a QR code for the tablets."""
    addresses = links(settings.host, settings.port, settings.public_address)
    tell("地址", "addresses")
    for address in addresses:
        click.echo(f"    {address}")
    first_login.show(settings)
    click.echo(qr.terminal(addresses[0]))
    for check in doctor.examine(settings.var):
        if not check.fine:
            click.echo(f"✗ {check.name}: {check.says}\n    → {check.mend}")
    tell("按 Ctrl-C 停止", "Ctrl-C stops the server; nothing is lost")


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before touching the database, so that a second start fails early and says so."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as fault:
        sock.close()
        raise CompetitionError(
            f"端口 {port} 不能使用（{fault.strerror}）。换一个：make run PORT={port + 1}",
            f"Port {port} cannot be used ({fault.strerror}). Take another: make run PORT={port + 1}",
        ) from fault
    with sock:
        yield sock
