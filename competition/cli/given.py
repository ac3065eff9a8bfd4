"""What `competition score` is given: rule folders or games.toml, and CSV files of marks, entries and absences.

One event may be scored from files that speak of it alone; of several, every row names its event.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from competition.cli.marks_file import (
    ABSENCES_NEED,
    ENTRIES_NEED,
    MARKS_NEED,
    absences_of,
    entries_of,
    marks_of,
)  # fmt: skip
from competition.cli.rows import Lines, by_event, lines_of, of_one
from competition.cli.terminal import show_findings, tell
from competition.errors import CompetitionError, Finding
from competition.rules import Rules, load
from competition.rules.games import GamesFile, load_games
from competition.scoring.games import Given

GAMES = "games.toml"


@dataclass(frozen=True, slots=True)
class Files:
    """The three CSV files; only the marks are needed."""

    marks: Path
    entries: Path | None
    absences: Path | None


@dataclass(frozen=True, slots=True)
class Programme:
    """Which events there are: the folder of each one's rules, and what an event and a unit may be called, with their ids."""

    games: GamesFile | None
    folders: Mapping[str, Path]
    names: Mapping[str, str]
    units: Mapping[str, str] | None


def programme(paths: Sequence[Path]) -> Programme | None:
    """The events of games.toml (or of the folder that holds it), or of several rule folders; None for a single one."""
    games = paths[0] / GAMES if paths[0].is_dir() else paths[0]
    if games.name == GAMES and games.is_file():
        if len(paths) > 1:
            raise CompetitionError(f"请只给出一个 {GAMES}。", f"Give one {GAMES} and nothing beside it.")
        return _of_games(games)
    if len(paths) == 1:
        return None
    folders = {(path if path.is_dir() else path.parent).name: path for path in paths}
    if len(folders) < len(paths):
        raise CompetitionError("两个规则目录同名，请改名。", "Two rule folders have the same name; rename one.")
    return Programme(None, folders, {event: event for event in folders}, None)


def _of_games(file: Path) -> Programme:
    games, findings = load_games(file)
    show_findings(findings)
    if games is None:
        click.get_current_context().exit(2)
    folders = {job.id: file.parent / job.rules for job in games.job_types}
    names = _called((job.id, (job.name.zh, job.name.en)) for job in games.job_types)
    units = _called((unit.id, (unit.name.zh, unit.name.en, unit.short)) for unit in games.units)
    return Programme(games, folders, names, units)


def _called(things: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Every name with its id. A name that two things share is nobody's; an id is always its own."""
    known = list(things)
    names: dict[str, set[str]] = {}
    for ident, called in known:
        for name in called:
            names.setdefault(name, set()).add(ident)
    return {name: ids.pop() for name, ids in names.items() if len(ids) == 1} | {ident: ident for ident, _ in known}


def one_given(path: Path, files: Files) -> Given:
    """One event. Shows what is wrong and ends the command: 2 for the rules, 1 for a row that can't stand."""
    rules = _load({path.name: path})[path.name]
    names = (rules.id, rules.job_type, rules.name.zh, rules.name.en)
    lines: list[Lines | None] = []
    findings: list[Finding] = []
    for file, needed in _needs(files):
        mine, left_out = of_one(lines_of(file, needed), names) if file else (None, [])
        lines.append(mine)
        findings += left_out
    given, found = _given(rules, lines, files, None)
    _refuse([*findings, *found])
    return given


def all_given(known: Programme, files: Files) -> dict[str, Given]:
    """Every event that any of the files speaks of, in the order of the programme. Ends the command as `one_given` does."""
    findings: list[Finding] = []
    sorted_lines: list[Mapping[str, Lines] | None] = []
    for file, needed in _needs(files):
        events, unknown = by_event(lines_of(file, ("event", *needed)), known.names) if file else (None, [])
        sorted_lines.append(events)
        findings += unknown
    spoken = {event for events in sorted_lines if events for event in events}
    rules = _load({event: folder for event, folder in known.folders.items() if event in spoken})
    given: dict[str, Given] = {}
    for event, each in rules.items():
        lines = [None if events is None else events.get(event, ()) for events in sorted_lines]
        given[event], found = _given(each, lines, files, known.units)
        findings += found
    _refuse(findings)
    return given


def _needs(files: Files) -> Sequence[tuple[Path | None, Sequence[str]]]:
    return (files.marks, MARKS_NEED), (files.entries, ENTRIES_NEED), (files.absences, ABSENCES_NEED)


def _load(folders: Mapping[str, Path]) -> dict[str, Rules]:
    loaded = {event: load(folder) for event, folder in folders.items()}
    show_findings(finding for each in loaded.values() for finding in each.findings)
    rules = {event: each.rules for event, each in loaded.items() if each.rules is not None}
    if len(rules) < len(loaded):
        click.get_current_context().exit(2)
    return rules


def _given(
    rules: Rules, lines: Sequence[Lines | None], files: Files, units: Mapping[str, str] | None
) -> tuple[Given, list[Finding]]:
    """One event from its rows of the three files, in that order; None for a file that isn't there."""
    marks = marks_of(lines[0] or (), rules)
    entries = entries_of(lines[1], rules, marks.frame, where=str(files.entries), units=units)
    away = None if lines[2] is None else absences_of(lines[2], rules, entries.frame)
    findings = marks.findings + entries.findings + (away.findings if away else [])
    return Given(rules, marks.frame, entries.frame, away.frame if away else None), findings


def _refuse(findings: Sequence[Finding]) -> None:
    """Show what was found; if a row can't stand, nothing is computed."""
    if errors := show_findings(findings):
        tell(f"{errors} 处错误，没有计算", f"{errors} errors; nothing was computed")
        click.get_current_context().exit(1)
