"""`competition score`: marks in a CSV file to standings, with no database."""

import csv
import sys
from pathlib import Path
from typing import TextIO

import click

from competition.cli.marks_file import read_absences, read_entries, read_marks
from competition.cli.terminal import show_findings, tell
from competition.rules import Rules, load
from competition.scoring import Result, Standing
from competition.scoring import score as score_marks

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("rules", type=click.Path(exists=True, path_type=Path))
@click.option("--marks", required=True, type=FILE, help="打分 MARKS.csv / one row a mark")
@click.option("--entries", type=FILE, help="名单 ENTRIES.csv / entries with status and attributes")
@click.option("--absences", type=FILE, help="缺席裁判 ABSENCES.csv / absent seats")
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="写入文件 / write STANDINGS.csv"
)
@click.option("--explain", "entry", metavar="ENTRY", help="逐步说明一个参赛 / unfold one entry's numbers")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language")
@click.pass_context
def score(
    ctx: click.Context, rules: Path, marks: Path, entries: Path | None, absences: Path | None,
    out: Path | None, entry: str | None, lang: str,
) -> None:  # fmt: skip
    """按规则计算名次 / rank the marks of one event under RULES. The files' columns are described in README.md.

    Ends with 1 and computes nothing when a row cannot stand.
    """
    loaded = load(rules)
    show_findings(loaded.findings)
    if loaded.rules is None:
        ctx.exit(2)
    given = read_marks(marks, loaded.rules)
    field = read_entries(entries, loaded.rules, given.frame)
    if errors := show_findings([*given.findings, *field.findings]):
        tell(f"{errors} 处错误，没有计算", f"{errors} errors; nothing was computed")
        ctx.exit(1)
    away = read_absences(absences) if absences else None
    result = score_marks(loaded.rules, given.frame, field.frame, absences=away)
    errors = show_findings(result.findings)
    if entry:
        click.echo(result.explain(entry, lang))
    elif out:
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            _write(result, lang, file)
        tell(f"{len(result.standings)} 行已写入 {out}", f"{len(result.standings)} rows written to {out}")
    else:
        _write(result, lang, sys.stdout)
    ctx.exit(1 if errors else 0)


def _write(result: Result, lang: str, file: TextIO) -> None:
    """The standings as CSV: the same names and numbers as everywhere else, and which key decided."""
    # A seat's own points ("sheet@1") are for --explain; here stand the quantities that the rules name.
    seen = dict.fromkeys(name for standing in result.standings for name in standing.values)
    names = [name for name in seen if "@" not in name and name != "total"]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["rank", "tied", "entry", "status", "total", "award", "decided_by", "missing", *names])
    writer.writerows(_row(standing, result.rules, names, lang) for standing in result.standings)


def _row(standing: Standing, rules: Rules, names: list[str], lang: str) -> list[object]:
    award = next((each.name[lang] for each in rules.awards if each.id == standing.award), "")
    return [
        standing.rank or "", "=" if standing.tied else "", standing.entry, standing.status,
        standing.total or "", award, standing.decided_by[lang] if standing.decided_by else "",
        standing.missing, *(standing.values.get(name) or "" for name in names),
    ]  # fmt: skip
