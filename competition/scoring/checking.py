"""`competition rules check`: read every rule file, run its cases, see what they leave untried; all at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from competition.errors import Finding
from competition.rules import load
from competition.rules.games import load_games
from competition.scoring.cases import failures, read_cases
from competition.scoring.coverage import coverage

GAMES = "games.toml"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was noticed in one file and its worked cases. untried: clauses and borders that no case touches."""

    findings: tuple[Finding, ...]
    cases: int = 0
    untried: tuple[Finding, ...] = ()


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
        tuple(finding for each in checked.values() for finding in each.findings),
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
    for case in cases:
        findings += [finding for _, finding in failures(case, loaded.rules)]
    untried = () if any(f.severity == "error" for f in findings) else coverage(loaded, cases)
    return Checked((*loaded.findings, *findings), len(cases), tuple(untried))


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
