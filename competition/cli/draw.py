"""`competition draw`: hand out the record of a draw, and repeat any draw from its record alone."""

import json
from pathlib import Path
from typing import TextIO

import click

from competition import judging, store
from competition.cli.opened import opened
from competition.cli.terminal import show_findings, tell
from competition.judging.draws import replay as replayed


@click.group()
def draw() -> None:
    """抽签记录的导出与重抽核对 / hand out the record of a draw, repeat a draw from its record."""


@draw.command()
@click.argument("event")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.pass_context
def record(ctx: click.Context, event: str, file: TextIO, var: Path | None) -> None:
    """导出抽签记录 / write the record of EVENT's draw of codes to FILE (or the screen), once everything is decoded."""
    with store.reading(opened(ctx, var)) as conn:
        judging.event_line(conn, event)
        json.dump(judging.draw_record(conn, event), file, ensure_ascii=False, indent=1)
    click.echo("", file=file)


@draw.command()
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.pass_context
def replay(ctx: click.Context, file: TextIO) -> None:
    """按记录重抽 / draw again from the record in FILE and compare; needs no data folder.

    Ends with 1 when anything does not agree.
    """
    try:
        told = json.load(file)
    except ValueError:
        told = None
    findings = replayed(told if isinstance(told, dict) else {})
    if show_findings(findings):
        tell(f"{len(findings)} 处不符", f"{len(findings)} do not agree")
        ctx.exit(1)
    n = len(told["entries"] if told["kind"] == "codes" else told["lines"])
    tell(f"按种子重抽 {n} 个参赛，全部相符", f"drawn again from the seed: all {n} entries agree")
