"""Standings, lists and the games' tables as CSV: the same names and numbers as everywhere else."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from competition.rules import Rules
from competition.rules.games import GamesFile
from competition.rules.model import Listing
from competition.scoring import Result, Standing
from competition.scoring.result import Listed
from competition.scoring.tables import TableResult, TableRow

Cells = Sequence[object]


def write(rows: Iterable[Cells], file: TextIO) -> None:
    """Rows as CSV."""
    csv.writer(file, lineterminator="\n").writerows(rows)


def write_file(rows: Iterable[Cells], path: Path) -> None:
    """Rows as a CSV file that a spreadsheet opens right; the folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write(rows, file)


def standings_rows(result: Result, lang: str) -> Iterator[Cells]:
    """The standings under their column names, and which key decided; `passed` (1, 0) where the rules speak of passing."""
    # A seat's own points ("sheet@1") are for --explain; here stand the quantities that the rules name.
    seen = dict.fromkeys(name for standing in result.standings for name in standing.values)
    names = [name for name in seen if "@" not in name and name != "total"]
    passing = ["passed"] if result.rules.passed is not None else []
    yield ["rank", "tied", "entry", "status", "total", "award", "decided_by", "missing", *passing, *names]
    for standing in result.standings:
        yield _standing(standing, result.rules, names, lang)


def _standing(standing: Standing, rules: Rules, names: list[str], lang: str) -> Cells:
    award = next((each.name[lang] for each in rules.awards if each.id == standing.award), "")
    passed = "" if standing.passed is None else int(standing.passed)
    return [
        standing.rank or "", "=" if standing.tied else "", standing.entry, standing.status,
        standing.total or "", award, standing.decided_by[lang] if standing.decided_by else "",
        standing.missing, *([passed] if rules.passed is not None else []),
        *(standing.values.get(name) or "" for name in names),
    ]  # fmt: skip


def lists_of(result: Result) -> Iterator[tuple[Listing, Iterable[Cells]]]:
    """Every list beside the standings that the rules have, with its rows."""
    for listing in result.rules.lists:
        yield listing, _listed(result.lists[listing.id], listing.per or "entry")


def _listed(rows: Sequence[Listed], who: str) -> Iterator[Cells]:
    yield ["rank", "tied", who, "value"]
    for row in rows:
        yield [row.rank or "", "=" if row.tied else "", row.who, row.value or ""]


def table_rows(result: TableResult, games: GamesFile, lang: str) -> Iterator[Cells]:
    """A table of units or chains under its column names; `open` and `short` name what doesn't count (yet)."""
    table = result.table
    names = {each.id: each.name[lang] for each in (games.units if table.per == "unit" else games.chains)}
    sums = [name for name in (table.sum, "average" if table.average else "") if name]
    yield [
        "rank", "tied", table.per, "name", *sums, *table.awards, "entries", "events", "decided_by",
        *(["short"] if table.least else []), "open",
    ]  # fmt: skip
    for row in result.rows:
        yield _unit(row, names[row.who], table.awards, sums, table.least > 0)


def _unit(row: TableRow, name: str, awards: Sequence[str], sums: Sequence[str], short: bool) -> Cells:
    said = [row.average_text if each == "average" else row.sum_text for each in sums]
    return [
        row.rank or "", "=" if row.tied else "", row.who, name, *said, *(row.awards[award] for award in awards),
        row.entries, row.events, row.decided_by, *([" ".join(row.short)] if short else []), " ".join(row.open),
    ]  # fmt: skip
