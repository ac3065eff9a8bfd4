"""`competition health`: ask a running server how it is."""

import json
from urllib.error import URLError
from urllib.request import urlopen

import click

from competition.cli.terminal import tell


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="服务器 / the server")
@click.option("--port", default=8000, show_default=True, help="端口 / its port")
@click.pass_context
def health(ctx: click.Context, host: str, port: int) -> None:
    """询问运行中的服务器是否正常 / ask a running server how it is; ends with 1 when it does not answer."""
    try:
        with urlopen(f"http://{host}:{port}/health", timeout=5) as answer:
            click.echo(json.dumps(json.load(answer), ensure_ascii=False, indent=2))
    except (URLError, OSError, ValueError) as fault:
        tell(f"{host}:{port} 没有应答（{fault}）", f"no answer from {host}:{port}; start it with `make run`")
        ctx.exit(1)
