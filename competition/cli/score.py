"""`competition score`: marks in CSV files to standings, and to the games' tables, with no database."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from competition.cli.given import Files, Programme, all_given, one_given, programme
from competition.cli.standings_file import Cells, lists_of, standings_rows, table_rows, write, write_file
from competition.cli.terminal import show_findings, tell
from competition.errors import CompetitionError, Finding, NotFound
from competition.scoring import Result
from competition.scoring import score as score_marks
from competition.scoring.games import GamesResult, score_games

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("rules", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--marks", required=True, type=FILE, help="打分 MARKS.csv / one row a mark")
@click.option("--entries", type=FILE, help="名单 ENTRIES.csv / entries with status, attributes and unit")
@click.option("--absences", type=FILE, help="缺席裁判 ABSENCES.csv / absent seats")
@click.option(
    "--out",
    type=click.Path(writable=True, path_type=Path),
    help="写入文件，多个赛项写入目录 / write STANDINGS.csv, or a folder of several events",
)
@click.option(
    "--explain",
    "entry",
    metavar="ENTRY",
    help="逐步说明一个参赛 / unfold one entry's numbers (of several: EVENT/ENTRY)",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language")
@click.pass_context
def score(
    ctx: click.Context, rules: Sequence[Path], marks: Path, entries: Path | None, absences: Path | None,
    out: Path | None, entry: str | None, lang: str,
) -> None:  # fmt: skip
    """按规则计算名次 / rank the marks of one event, of several, or of whole games.

    RULES is an event's folder, several of them, or a folder that holds games.toml. Of several events every row of the
    files names its `event`; games have tables of units and chains too. README.md describes the files' columns.

    Ends with 1 and computes nothing when a row cannot stand.
    """
    files = Files(marks, entries, absences)
    several = programme(rules)
    if several is None:
        ctx.exit(min(1, _score_one(rules[0], files, out, entry, lang)))
    ctx.exit(min(1, _score_several(several, files, out, entry, lang)))


def _score_one(path: Path, files: Files, out: Path | None, entry: str | None, lang: str) -> int:
    """Score one event; how many errors that showed."""
    if out is not None and out.is_dir():
        raise CompetitionError(f"{out} 是目录，请给出文件名。", f"{out} is a folder; name a file.")
    given = one_given(path, files)
    result = score_marks(given.rules, given.marks, given.entries, absences=given.absences)
    errors = show_findings(result.findings)
    if entry:
        click.echo(result.explain(entry, lang))
    elif out:
        _write_event(result, out, lang)
        tell(f"{len(result.standings)} 行已写入 {out}", f"{len(result.standings)} rows written to {out}")
    else:
        _print_event(result, lang)
    return errors


def _score_several(known: Programme, files: Files, out: Path | None, entry: str | None, lang: str) -> int:
    """Score every event that the files speak of, and the tables of the games; how many errors that showed."""
    if out is not None and out.is_file():
        raise CompetitionError(
            f"{out} 是文件；多个赛项要写入目录。", f"{out} is a file; several events are written to a folder."
        )
    result = score_games(known.games, all_given(known, files))
    errors = show_findings(_findings(result))
    if entry:
        event, _, one = entry.partition("/")
        if event not in result.events:
            raise NotFound(f"没有赛项 {event}，应写成 EVENT/ENTRY。", f"There is no event {event}; write EVENT/ENTRY.")
        click.echo(result.events[event].explain(one, lang))
    elif out:
        files_written = _write_games(known, result, out, lang)
        tell(f"{files_written} 个文件已写入 {out}", f"{files_written} files written to {out}")
    else:
        _print_games(known, result, lang)
    return errors


def _findings(result: GamesResult) -> Iterator[Finding]:
    for event, each in result.events.items():
        yield from (replace(finding, where=f"{event}, {finding.where}") for finding in each.findings)
    yield from result.findings
    for table in result.tables:
        yield from table.findings


def _write_event(result: Result, file: Path, lang: str) -> int:
    """The standings, and beside them a file for each list; how many files."""
    write_file(standings_rows(result, lang), file)
    for listing, listed in lists_of(result):
        write_file(listed, file.with_name(f"{file.stem}_{listing.id}{file.suffix}"))
    return 1 + len(result.rules.lists)


def _write_games(known: Programme, result: GamesResult, folder: Path, lang: str) -> int:
    """A file per event, and one per table in the folder `tables`; how many files."""
    count = sum(_write_event(each, folder / f"{event}.csv", lang) for event, each in result.events.items())
    for table in result.tables:
        assert known.games is not None
        write_file(table_rows(table, known.games, lang), folder / "tables" / f"{table.table.id}.csv")
    return count + len(result.tables)


def _print_event(result: Result, lang: str) -> None:
    write(standings_rows(result, lang), sys.stdout)
    for listing, listed in lists_of(result):
        _print_below(f"{listing.id} {listing.name[lang]}", listed)


def _print_games(known: Programme, result: GamesResult, lang: str) -> None:
    for event, each in result.events.items():
        click.echo(f"# {event} {each.rules.name[lang]}")
        _print_event(each, lang)
        click.echo()
    for table in result.tables:
        assert known.games is not None
        partial = {"zh": "（不完整）", "en": " (partial)"}[lang] if table.partial else ""
        click.echo(f"# {table.table.id} {table.table.name[lang]}{partial}")
        write(table_rows(table, known.games, lang), sys.stdout)
        click.echo()


def _print_below(title: str, rows: Iterable[Cells]) -> None:
    click.echo(f"\n# {title}")
    write(rows, sys.stdout)
