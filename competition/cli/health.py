"""`competition health`: ask a running server how it is."""

import json
import ssl
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click

from competition.cli.authority import folder
from competition.cli.terminal import tell


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="服务器 / the server")
@click.option("--port", default=8000, show_default=True, help="端口 / its port")
@click.option("--tls", is_flag=True, help="服务器以 --tls 启动 / the server was started with --tls")
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.pass_context
def health(ctx: click.Context, host: str, port: int, tls: bool, var: Path | None) -> None:
    """询问运行中的服务器是否正常 / ask a running server how it is; ends with 1 when it does not answer."""
    scheme = "https" if tls else "http"
    try:
        trusted = ssl.create_default_context(cafile=folder(var or ctx.obj / "var") / "authority.crt") if tls else None
        with urlopen(f"{scheme}://{host}:{port}/health", timeout=5, context=trusted) as answer:
            click.echo(json.dumps(json.load(answer), ensure_ascii=False, indent=2))
    except (URLError, OSError, ValueError) as fault:
        tell(
            f"{host}:{port} 没有应答（{fault}）；若以 --tls 启动，请加 --tls",
            f"no answer from {host}:{port}; start it with `make run`, or ask with --tls if it was started so",
        )
        ctx.exit(1)
