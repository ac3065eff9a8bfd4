"""The whole games at once: every job type's standings, and the units' and chains' tables made of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.games import GamesFile
from competition.scoring.result import Result
from competition.scoring.score import score
from competition.scoring.tables import TableResult, check_units, tables


@dataclass(frozen=True)
class Given:
    """What is known of an event: its rules, and frames as `competition.scoring.frames` says.

    entries may have a column `unit`: the id of the unit that each counts for.
    """

    rules: Rules
    marks: pl.DataFrame
    entries: pl.DataFrame
    absences: pl.DataFrame | None = None


@dataclass(frozen=True)
class GamesResult:
    """Standings by job type, in the order given; the tables; and what was noticed about the units."""

    events: Mapping[str, Result]
    tables: tuple[TableResult, ...]
    findings: tuple[Finding, ...]


def score_games(games: GamesFile | None, given: Mapping[str, Given]) -> GamesResult:
    """Every job type's standings and the games' tables. given: the events by the id of their job type.

    Without `games` (a few events that belong to none) there are standings and no tables.
    """
    events = {
        event: score(each.rules, each.marks, each.entries, absences=each.absences) for event, each in given.items()
    }
    if games is None:
        return GamesResult(events, (), ())
    units = {(event, entry): unit for event, each in given.items() for entry, unit in _units(each.entries).items()}
    by_unit = any(table.per == "unit" for table in games.tables)
    findings = tuple(check_units(games, events, units)) if by_unit else ()
    return GamesResult(events, tables(games, events, units), findings)


def _units(entries: pl.DataFrame) -> Mapping[str, str]:
    if "unit" not in entries.columns:
        return dict.fromkeys(entries["entry"].to_list(), "")
    return dict(entries.select("entry", pl.col("unit").fill_null("")).iter_rows())
