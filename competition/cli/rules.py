"""`competition rules`: check rule files and say in words what they mean. No database is needed."""

from pathlib import Path

import click

from competition.cli.terminal import show_findings, tell


@click.group()
def rules() -> None:
    """规则文件：检查与说明 / rule files: check them, say what they mean."""


@rules.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.pass_context
def check(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """检查规则并运行算例 / check rule files, run their worked cases; all of scoring_rules/ when no PATH is given.

    Ends with 1 when anything is wrong. Warnings alone end with 0.
    """
    from competition import scoring

    report = scoring.check(paths or (ctx.obj / "scoring_rules",))
    if errors := show_findings(report.findings):
        tell(f"{errors} 处错误", f"{errors} errors in {report.files} files")
        ctx.exit(1)
    tell(
        f"{report.files} 个规则文件、{report.cases} 个算例全部通过",
        f"{report.files} rule files and {report.cases} worked cases are in order",
    )


@rules.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language")
@click.pass_context
def explain(ctx: click.Context, path: Path, lang: str) -> None:
    """用文字说明一个规则文件 / say in words what a rule file does."""
    from competition.rules import explain, load

    loaded = load(path)
    show_findings(loaded.findings)
    if loaded.rules is None:
        ctx.exit(2)
    click.echo(explain(loaded.rules, lang))
