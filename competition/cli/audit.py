"""`competition audit`: is the ledger whole, and does everything derived from it agree?"""

import json
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy import Engine

from competition import store
from competition.cli.opened import opened
from competition.cli.terminal import show_findings, tell
from competition.judging.auditing import audit as audit_store
from competition.judging.auditing import exported, read_export


@click.group()
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.pass_context
def audit(ctx: click.Context, var: Path | None) -> None:
    """核对账本 / check the ledger: chains, sheets, releases."""
    ctx.obj = opened(ctx, var)


@audit.command()
@click.argument("event", required=False)
@click.option(
    "--heads", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="先前导出的链头 / exported heads"
)
@click.pass_context
def verify(ctx: click.Context, event: str | None, heads: Path | None) -> None:
    """核对一个赛项或全部 / check one EVENT or all; with exported heads also that no chain was cut or rewritten.

    Ends with 1 when anything does not agree.
    """
    kept = read_export(json.loads(heads.read_text(encoding="utf-8"))) if heads else None
    if kept:
        tell(
            f"链头文件的校验码 {kept.code}，请与签字纸上的核对",
            f"the file's code is {kept.code}: compare it with the signed paper",
        )
    with store.reading(ctx.obj) as conn:
        findings = audit_store(conn, event, kept)
        chains = len(store.heads(conn))
    if show_findings(findings):
        tell(
            f"{len(findings)} 处不符，请保留数据文件并报告监督仲裁",
            f"{len(findings)} faults: keep the file, tell the supervisor",
        )
        ctx.exit(1)
    tell(f"{chains} 条链全部相符", f"{chains} chains agree")


@audit.command("export-head")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
@click.pass_obj
def export_head(engine: Engine, file: TextIO) -> None:
    """导出链头 / write the end of every chain and the sums of all tables to FILE (or the screen): keep it elsewhere.

    Its code goes on a paper that chief and supervisor sign.
    """
    with store.reading(engine) as conn:
        made = exported(conn)
    json.dump(made.stored(), file, ensure_ascii=False, indent=2)
    click.echo("", file=file)
    click.echo(f"校验码 {made.code}：请抄在签字纸上 / code {made.code}: write it on the signed paper", err=True)
