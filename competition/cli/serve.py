"""`competition serve`: one process, one database file, everything a venue needs."""

import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import uvicorn
from litestar import Litestar
from sqlalchemy import Connection, Engine

from competition import store
from competition.cli import authority, doctor, first_login, tls
from competition.cli.addresses import links, web
from competition.cli.terminal import show_findings, tell
from competition.errors import CompetitionError
from competition.judging.rehearsal import check_kind
from competition.publish import qr
from competition.publish.addresses import check_public_address
from competition.settings import FILE, Settings
from competition.store.keeper import Keeper
from competition.web.app import create_app
from competition.web.trust import Trust, create_trust_app


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
@click.option(
    "--tls", "private", is_flag=True, help="HTTPS，现场自签证书 / HTTPS with the venue's own certificate authority"
)
@click.option(
    "--cert", type=click.Path(path_type=Path), help="HTTPS，已有证书链 / HTTPS with this certificate chain (PEM)"
)
@click.option("--key", type=click.Path(path_type=Path), help="证书的私钥 / the certificate's private key (PEM)")
@click.option(
    "--name", "names", multiple=True, help="本机在现场网络中的名称 / a name of this server on the venue's network"
)
@click.option(
    "--trust-port", type=int, help="安装证书页面的端口 / the port of the page that installs the authority [port + 1]"
)
@click.option(
    "--backup",
    "backups",
    type=click.Path(path_type=Path),
    multiple=True,
    help="每分钟再备份到这里，如 U 盘或备用机 / copy the games here too each minute: a stick, the twin machine",
)
@click.option("--rehearsal", is_flag=True, help="启动演练副本 / serve a rehearsal copy (see `competition rehearse`)")
@click.pass_context
def serve(
    ctx: click.Context, host: str, port: int, var: Path | None, public_address: str | None, allow_plain_desks: bool,
    sample: bool, private: bool, cert: Path | None, key: Path | None, names: tuple[str, ...], trust_port: int | None,
    backups: tuple[Path, ...], rehearsal: bool,
) -> None:  # fmt: skip
    """启动服务器 / migrate the database file, fill it when it is new, and serve until Ctrl-C."""
    if public_address:
        public_address = check_public_address(public_address)
    asked = tls.Asked(private, cert, key, names)
    settings = Settings(
        ctx.obj, (var or ctx.obj / "var").absolute(), host, port, public_address, allow_plain_desks,
        backups=tuple(dict.fromkeys(folder.absolute() for folder in backups)),
    )  # fmt: skip
    with _listening(host, port) as sock, _opened(settings) as (engine, writer), ExitStack() as stack:
        # uvicorn hands the signal on once it has closed; as an exit it lets these blocks release writer, file and port.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        secured = tls.prepare(asked, settings.var, host, now()) if asked.secure else None
        if secured:
            fixed = secured.hosts[0] if names or cert else None
            settings = replace(settings, secure=True, tablet_host=fixed)
            stack.enter_context(tls.renewing(secured, settings.var, host, names, now))
        with store.reading(engine) as conn:
            check_kind(conn, rehearsal)
        _fill(settings, writer, sample)
        keeper = stack.enter_context(Keeper(settings.var / FILE, _folders(settings), now))
        writer.on_commit(keeper.touched)
        app = create_app(settings, engine, writer, now)
        app.state.keeper = keeper
        if secured and secured.signer:
            trust_port = port + 1 if trust_port is None else trust_port
            stack.enter_context(_trust_page(settings, secured, trust_port))
        _announce(settings, secured, trust_port)
        _server(app, secured).run(sockets=[sock])


def _folders(settings: Settings) -> tuple[Path, ...]:
    return (settings.var / "backups", *settings.backups)


def now() -> datetime:
    """The server's clock, in UTC: it alone decides windows and deadlines."""
    return datetime.now(UTC)


def _server(app: Litestar, secured: tls.Tls | None = None) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=75,  # tablets rest for minutes between taps; 5 s would make each of them reconnect
            timeout_graceful_shutdown=2,  # open event streams would hold the shutdown for ever
            server_header=False,
            ssl_certfile=secured.cert_file if secured else None,
            ssl_keyfile=secured.key_file if secured else None,
            ssl_context_factory=secured.context if secured else None,
        )
    )


@contextmanager
def _trust_page(settings: Settings, secured: tls.Tls, port: int) -> Iterator[None]:
    """Beside the server, on plain HTTP: the page on which a tablet gets the authority. It knows nothing else."""
    assert secured.signer is not None
    trust = Trust(secured.signer.certificate, settings.port, secured.covers, lambda: secured.hosts[0])
    server = _server(create_trust_app(settings, trust, now))
    with _listening(settings.host, port, "--trust-port") as sock:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, name="trust page", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(3)


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Engine, store.Writer]]:
    """Claim the database file for this server alone, bring its schema up to date, start the writer."""
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with store.claim(settings.var / FILE):
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


def _announce(settings: Settings, secured: tls.Tls | None, trust_port: int | None) -> None:
    """Print where the server is found, the organiser's first login, and a QR code for the tablets."""
    addresses = links(settings.host, settings.port, settings.public_address, secured.hosts if secured else None)
    tell("地址", "addresses")
    for address in addresses:
        click.echo(f"    {address}")
    first = addresses[0]
    if secured:
        show_findings(secured.findings)
        if secured.signer and trust_port is not None:
            first = _announce_trust(secured, trust_port)
    first_login.show(settings)
    click.echo(qr.terminal(first))
    for check in doctor.examine(settings.var, now(), settings.host):
        if not check.fine:
            click.echo(f"✗ {check.name}: {check.says}\n    → {check.mend}")
    tell("按 Ctrl-C 停止", "Ctrl-C stops the server; nothing is lost")


def _announce_trust(secured: tls.Tls, port: int) -> str:
    """Where a tablet installs the authority and what it must show then; the address for the QR code."""
    assert secured.signer is not None
    address = web(secured.hosts, port, "http")[0]
    if secured.fresh:
        tell("新的根证书：每台平板和工作台电脑先安装一次", "a new authority: every tablet and desk installs it once")
    tell("安装页面（下面的二维码）", "page to install it (the QR code below)")
    click.echo(f"    {address}")
    tell("根证书指纹 SHA-256，安装时核对", "the authority's SHA-256 fingerprint, to compare while installing")
    shown = authority.fingerprint(secured.signer.certificate)
    click.echo(f"    {shown[:48]}\n    {shown[48:]}")
    return address


@contextmanager
def _listening(host: str, port: int, option: str = "") -> Iterator[socket.socket]:
    """Take the port before touching the database, so that a second start fails early and says so. `option` sets it."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as fault:
        sock.close()
        other = f"{option} {port + 1}" if option else f"make run PORT={port + 1}"
        raise CompetitionError(
            f"端口 {port} 不能使用（{fault.strerror}）。换一个：{other}",
            f"Port {port} cannot be used ({fault.strerror}). Take another: {other}",
        ) from fault
    with sock:
        yield sock
