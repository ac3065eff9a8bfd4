"""`competition rules check`: read every rule file, run its cases, see what they leave untried; all at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from competition.errors import Finding
from competition.rules import Rules, load
from competition.rules.games import load_games
from competition.scoring.cases import failures, read_cases, run
from competition.scoring.coverage import coverage
from competition.scoring.tables import check_tables
from competition.scoring.titles import check_titles

GAMES = "games.toml"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was noticed in one file and its worked cases. untried: clauses and borders that no case touches."""

    findings: tuple[Finding, ...]
    cases: int = 0
    untried: tuple[Finding, ...] = ()
    rules: Rules | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was noticed, over how many files and worked cases; `untried` by file."""

    findings: tuple[Finding, ...]
    files: int
    cases: int
    untried: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)


def check(paths: Sequence[Path]) -> Report:
    """Check rule files, event folders, or folders of event folders (bases are checked through those that extend them)."""
    checked = {file: check_file(file) for file in _files(paths)}
    return Report(
        (*(finding for each in checked.values() for finding in each.findings), *check_games(checked)),
        len(checked),
        sum(each.cases for each in checked.values()),
        {str(file): each.untried for file, each in checked.items() if each.untried},
    )


def check_file(file: Path) -> Checked:
    """Check games.toml, or a rule file with the cases beside it. What cases leave untried is asked where they all come out."""
    if file.name == GAMES:
        return Checked(load_games(file)[1])
    loaded = load(file)
    if loaded.rules is None:
        return Checked(loaded.findings)
    cases, findings = read_cases(file.parent, loaded.rules)
    results = [run(case, loaded.rules) for case in cases]
    for case, result in zip(cases, results, strict=True):
        findings += [finding for _, finding in failures(case, loaded.rules, result)]
    untried = () if any(f.severity == "error" for f in findings) else coverage(loaded, cases, results)
    return Checked((*loaded.findings, *findings), len(cases), tuple(untried), loaded.rules)


def check_games(checked: Mapping[Path, Checked]) -> Iterator[Finding]:
    """What a games.toml and the rule files of its job types don't say alike, where all of them were read."""
    for file in checked:
        games = load_games(file)[0] if file.name == GAMES else None
        if games is None:
            continue
        read = {job.id: checked.get(file.parent / job.rules / "rules.toml") for job in games.job_types}
        known = {job: each.rules for job, each in read.items() if each is not None and each.rules is not None}
        if len(known) == len(read):
            yield from check_tables(games, known)
            yield from check_titles(games.titles, known)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """games.toml and the rule files at or one folder below each path."""
    for path in paths:
        if path.is_file():
            yield path
            continue
        if (path / GAMES).is_file():
            yield path / GAMES
        own = path / "rules.toml"
        yield from [own] if own.is_file() else sorted(path.glob("*/rules.toml"))
