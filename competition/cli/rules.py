"""`competition rules`: check rule files, say in words what they mean, draft one, try a new one. No database is needed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from competition.cli.given import Files
from competition.cli.terminal import show_findings, tell
from competition.cli.trial import both, old_rules, report
from competition.errors import CompetitionError, Finding
from competition.rules import Rules, load
from competition.rules.drafting.text import draft_text
from competition.rules.from_workbook import read_scheme
from competition.rules.schema import SCHEMAS, schema_text
from competition.rules.schema_shapes import NAME
from competition.scoring.checking import check_file, check_games

GAMES = "games.toml"
PATHS = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def rules() -> None:
    """规则文件：检查、说明、起草、试算 / rule files: check, explain, draft and try them."""


@rules.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--cases", "listed", is_flag=True, help="列出算例没有触及的条文和边界 / list what no worked case touches")
@click.pass_context
def check(ctx: click.Context, paths: Sequence[Path], listed: bool) -> None:
    """检查规则并运行算例 / check rule files, run their worked cases; all of scoring_rules/ when no PATH is given.

    Ends with 1 when anything is wrong. Warnings alone end with 0. What the cases leave untried is counted, and listed with
    --cases.
    """
    files = [file for path in paths or [ctx.obj / "scoring_rules"] for file in _rule_files(path)]
    checked = {file: check_file(file) for file in files}
    findings = [finding for each in checked.values() for finding in each.findings] + list(check_games(checked))
    cases = sum(each.cases for each in checked.values())
    _show_untried({file: each.untried for file, each in checked.items() if each.untried}, listed)
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

    click.echo(explain(_loaded(ctx, path), lang))


@rules.command("from-xlsx")
@click.argument("book", type=FILE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="写入 DIR/rules.toml / write it there")
@click.pass_context
def from_xlsx(ctx: click.Context, book: Path, out: Path | None) -> None:
    """由 Excel 评分表起草规则文件 / draft a rule file from a marking-scheme workbook; printed without --out.

    Every doubt is named with its cell. The draft is written in any case; what it marks TODO is for you to decide.
    Ends with 1 when something in the workbook must be mended or decided.
    """
    file = out / "rules.toml" if out else None
    if file and file.exists():
        raise CompetitionError(f"{file} 已存在，没有覆盖。", f"{file} is there already; it was not overwritten.")
    scheme = read_scheme(book)
    errors = show_findings(scheme.findings)
    if not scheme.units:
        ctx.exit(1)
    name = out.resolve().name if out else ""
    text = draft_text(scheme, name if re.fullmatch(NAME, name) else "draft")
    if file is None:
        click.echo(text, nl=False)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        items = len(scheme.aspects)
        tell(f"{items} 个评分项已写入 {file}，{errors} 处错误", f"{items} items written to {file}, {errors} errors")
    ctx.exit(1 if errors else 0)


@rules.command()
@click.argument("kind", type=click.Choice(list(SCHEMAS)), required=False)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="写入目录 / write KIND.schema.json there")
def schema(kind: str | None, out: Path | None) -> None:
    """编辑器用的 JSON Schema / a JSON Schema, so that an editor completes and checks the keys of a rule file.

    Without --out it is printed: of rules.toml, unless KIND says cases or games. With --out all three (or KIND) are written; an
    editor with Taplo is pointed to one by the first line of the file: #:schema ../../schemas/rules.schema.json
    """
    if out is None:
        click.echo(schema_text(kind or "rules"), nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    for each in [kind] if kind else SCHEMAS:
        file = out / f"{each}.schema.json"
        file.write_text(schema_text(each), encoding="utf-8")
        tell(f"已写入 {file}", f"written to {file}")


@rules.command("try")
@click.argument("new", type=PATHS)
@click.option("--marks", required=True, type=FILE, help="打分 MARKS.csv / one row a mark")
@click.option("--entries", type=FILE, help="名单 ENTRIES.csv / entries with status and attributes")
@click.option("--absences", type=FILE, help="缺席裁判 ABSENCES.csv / absent seats")
@click.option(
    "--old", type=PATHS, help="被取代的规则；默认同目录的 rules.toml / the file it replaces; else the one beside it"
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language")
@click.pass_context
def try_new(
    ctx: click.Context, new: Path, marks: Path, entries: Path | None, absences: Path | None, old: Path | None, lang: str
) -> None:
    """同一批打分，新旧规则各算一次 / the same marks under the old and the NEW rules: who moves, and why.

    NEW replaces --old; without it the rules.toml beside NEW, or else the event of the same id in scoring_rules/.
    Ends with 1 when something must be looked at first.
    """
    rules_new = _loaded(ctx, new)
    rules_old = _loaded(ctx, old or old_rules(new, rules_new, ctx.obj))
    results, findings = both(rules_old, rules_new, Files(marks, entries, absences))
    errors = show_findings(findings)
    if not results:
        tell(f"{errors} 处错误，没有计算", f"{errors} errors; nothing was computed")
        ctx.exit(1)
    click.echo(report(results[0], results[1], lang))
    ctx.exit(1 if errors else 0)


def _loaded(ctx: click.Context, path: Path) -> Rules:
    """The rules of a path; ends the command with 2 if they can't be read."""
    loaded = load(path)
    show_findings(loaded.findings)
    if loaded.rules is None:
        ctx.exit(2)
    return loaded.rules


def _rule_files(path: Path) -> Iterator[Path]:
    """games.toml and the rule files at or below a path. Bases are checked where they are extended."""
    if path.is_file():
        yield path
    else:
        yield from sorted(path.rglob(GAMES))
        yield from sorted(path.rglob("rules.toml"))


def _show_untried(untried: Mapping[Path, Sequence[Finding]], listed: bool) -> None:
    """One line a file, or every clause and border that no case touches."""
    for file, gaps in untried.items():
        if listed:
            show_findings(gaps)
        else:
            name = "/".join(file.parts[-2:])
            zh, en = (
                f"{name}：算例未覆盖 {len(gaps)} 处，加 --cases 看清单",
                f"{len(gaps)} untried by its cases; --cases lists them",
            )
            tell(zh, en)
