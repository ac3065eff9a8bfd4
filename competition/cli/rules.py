"""`competition rules`: check rule files and say in words what they mean. No database is needed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from competition.cli.terminal import show_findings, tell
from competition.errors import Finding
from competition.rules import load
from competition.rules.games import load_games
from competition.scoring.cases import check_cases, read_cases

GAMES = "games.toml"
PATHS = click.Path(exists=True, path_type=Path)


@click.group()
def rules() -> None:
    """规则文件：检查与说明 / rule files: check them, say what they mean."""


@rules.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.pass_context
def check(ctx: click.Context, paths: Sequence[Path]) -> None:
    """检查规则并运行算例 / check rule files, run their worked cases; all of scoring_rules/ when no PATH is given.

    Ends with 1 when anything is wrong. Warnings alone end with 0.
    """
    files = [file for path in paths or [ctx.obj / "scoring_rules"] for file in _rule_files(path)]
    findings: list[Finding] = []
    cases = 0
    for file in files:
        found, ran = _check(file)
        findings += found
        cases += ran
    if errors := show_findings(findings):
        tell(f"{errors} 处错误", f"{errors} errors in {len(files)} files")
        ctx.exit(1)
    if not files:
        tell("没有找到规则文件", "no rule files there")
        ctx.exit(2)
    tell(
        f"{len(files)} 个规则文件、{cases} 个算例全部通过", f"{len(files)} rule files and {cases} worked cases in order"
    )


@rules.command()
@click.argument("path", type=PATHS)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language")
@click.pass_context
def explain(ctx: click.Context, path: Path, lang: str) -> None:
    """用文字说明一个规则文件 / say in words what a rule file does."""
    from competition.rules.explain import explain

    loaded = load(path)
    show_findings(loaded.findings)
    if loaded.rules is None:
        ctx.exit(2)
    click.echo(explain(loaded.rules, lang))


def _rule_files(path: Path) -> Iterator[Path]:
    """games.toml and the rule files at or below a path. Bases are checked where they are extended."""
    if path.is_file():
        yield path
    else:
        yield from sorted(path.rglob(GAMES))
        yield from sorted(path.rglob("rules.toml"))


def _check(file: Path) -> tuple[list[Finding], int]:
    """What is wrong with a file and its cases, and how many cases were run."""
    if file.name == GAMES:
        return list(load_games(file)[1]), 0
    loaded = load(file)
    found = list(loaded.findings)
    if loaded.rules is None:
        return found, 0
    cases, _ = read_cases(file.parent, loaded.rules)
    return found + check_cases(file.parent, loaded.rules), len(cases)
