"""`competition rules check`: read every rule file, lower its plan, run its cases; all faults at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from competition.errors import Finding, RuleError
from competition.rules import Rules, load
from competition.rules.games import load_games
from competition.scoring.cases import failures, read_cases
from competition.scoring.plan import plan


@dataclass(frozen=True, slots=True)
class Report:
    """What was noticed, over how many files and worked cases."""

    findings: tuple[Finding, ...]
    files: int
    cases: int


def check(paths: Sequence[Path]) -> Report:
    """Check rule files, event folders, or folders of event folders (bases are checked through those that extend them)."""
    findings: list[Finding] = []
    files = cases = 0
    for path in paths:
        if (path / "games.toml").is_file():
            findings += load_games(path / "games.toml")[1]
            files += 1
    for folder in _events(paths):
        loaded = load(folder)
        findings += loaded.findings
        files += 1
        if loaded.rules:
            found, count = _with_cases(folder if folder.is_dir() else folder.parent, loaded.rules)
            findings += found
            cases += count
    return Report(tuple(findings), files, cases)


def _with_cases(folder: Path, rules: Rules) -> tuple[list[Finding], int]:
    try:
        plan(rules)
    except RuleError as fault:
        return [Finding(f"{folder.name}/rules.toml", fault.zh, fault.en)], 0
    cases, findings = read_cases(folder, rules)
    for case in cases:
        findings += [finding for _, finding in failures(case, rules)]
    return findings, len(cases)


def _events(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir() and not (path / "rules.toml").is_file():
            yield from sorted(rules.parent for rules in path.glob("*/rules.toml"))
        else:
            yield path
