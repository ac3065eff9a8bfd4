"""Worked examples beside a rule file (`cases.toml`): marks as a person would write them, and what must come out.

[[cases]]
name = "…"
entries.A.marks."stage.sensory.*" = { crema = "1", taste = "4.5" }     # module.sheet.seat; * = every seat
entries.A.expect = { total = "88.20", overtime = "7", rank = 1, award = "first" }
key."paper.cards" = { variety = "西湖龙井" }                            # the sealed key, per module.sheet
inputs = { cut = "61.5" }                                             # numbers given for the whole event
lists.teams.red = { rank = 1, value = "12" }                          # a row of a list beside the standings
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.source import Source, read_source
from competition.scoring.case_keys import strange_keys
from competition.scoring.frames import ABSENCES, EVERY, INPUT_SEAT, KEY_SEAT, MARKS
from competition.scoring.result import Result, Standing
from competition.scoring.score import score

SAID = ("admitted", "decision")
"""Columns of the entries in which officials say to which round an entry was admitted, and the order among equals."""


@dataclass(frozen=True)
class Case:
    """One worked example: frames to score and, per entry, what is expected."""

    name: str
    where: str
    marks: pl.DataFrame
    entries: pl.DataFrame
    absences: pl.DataFrame
    expect: dict[str, dict[str, Any]]
    line: dict[str, str]
    lists: dict[str, dict[str, dict[str, Any]]]


def read_cases(folder: Path, rules: Rules) -> tuple[list[Case], list[Finding]]:
    """The cases of an event's folder; none if it has no cases.toml."""
    file = folder / "cases.toml"
    if not file.is_file():
        return [], []
    source = read_source(file, f"{folder.name}/cases.toml")
    if isinstance(source, Finding):
        return [], [source]
    strange = list(strange_keys(rules, source))
    return [_case(rules, data, n, source) for n, data in enumerate(source.data.get("cases", []))], strange


def check_cases(folder: Path, rules: Rules) -> list[Finding]:
    """Run every case; a finding for each expectation that isn't met, with its file and line."""
    cases, findings = read_cases(folder, rules)
    for case in cases:
        findings += [f for _, f in failures(case, rules)]
    return findings


def run(case: Case, rules: Rules) -> Result:
    """What comes of a worked example."""
    return score(rules, case.marks, case.entries, absences=case.absences)


def failures(case: Case, rules: Rules, result: Result | None = None) -> Iterator[tuple[str, Finding]]:
    """(entry, finding) for everything in which the result (made now if not given) differs from the worked example."""
    result = result or run(case, rules)
    for finding in result.findings:
        if finding.severity == "error":
            says = f"{finding.where}:{finding.zh}", f"{finding.where}: {finding.en}"
            yield "", Finding(case.where, f"算例“{case.name}”{says[0]}", f'case "{case.name}": {says[1]}')
    for entry, expected in case.expect.items():
        for name, value in expected.items():
            got = _got(result, entry, name)
            if not _same(got, value):
                where = case.line[entry]
                zh = f"算例“{case.name}”{entry} 的 {name} 应为 {_shown(value, 0)}，算出 {_shown(got, 0)}。"
                yield (
                    entry,
                    Finding(
                        where,
                        zh,
                        f'case "{case.name}", {entry}: {name} should be {_shown(value, 1)}, came out {_shown(got, 1)}.',
                    ),
                )

    for name, rows in case.lists.items():
        for who, expected in rows.items():
            for what, value in expected.items():
                got = _listed(result, name, who, what)
                if not _same(got, value):
                    zh = f"算例“{case.name}”榜 {name} 中 {who} 的 {what} 应为 {value}，得 {got}。"
                    en = f'case "{case.name}", list {name}, {who}: {what} should be {value}, came out {got}.'
                    yield "", Finding(case.where, zh, en)


def _shown(value: Any, lang: int) -> str:
    """A value in a sentence; nothing is said in words."""
    return ("空（还没有）", "empty (not known yet)")[lang] if value in (None, "") else str(value)


def _listed(result: Result, name: str, who: str, what: str) -> str | int | None:
    row = next((row for row in result.lists.get(name, ()) if row.who == who), None)
    if row is None or what not in ("rank", "value", "tied"):
        return f"(no {who} in list {name})"
    return int(row.tied) if what == "tied" else getattr(row, what)


def _got(result: Result, entry: str, name: str) -> str | int | None:
    standing: Standing = result.standing(entry)
    if name in ("rank", "missing", "expected"):
        return getattr(standing, name)  # type: ignore[no-any-return]
    if name == "total":
        return standing.total
    if name in ("status", "award"):
        return getattr(standing, name) or ""
    if name == "tied":
        return int(standing.tied)
    if name == "passed":
        return None if standing.passed is None else int(standing.passed)
    if name == "decided_by":
        by = [key for key, text in result.rules.names.items() if text is standing.decided_by]
        return by[0] if by else "" if standing.decided_by is None else "decision"
    if name not in standing.values:
        local = [key for key in standing.values if key.rpartition(".")[2] == name]
        name = local[0] if local else name
    return standing.values.get(name, f"(no quantity {name})")


def _same(got: str | int | None, expected: Any) -> bool:
    """By value where both are numbers ("114.0" is 114), else letter by letter; "" means not known yet."""
    if isinstance(expected, bool):
        return got is not None and bool(got) == expected
    said, came = str(expected), str("" if got is None else got)
    if _NUMBER.fullmatch(said) and _NUMBER.fullmatch(came):
        return Fraction(said) == Fraction(came)
    return said == came


def _case(rules: Rules, data: dict[str, Any], number: int, source: Source) -> Case:
    path = ("cases", number)
    rows, entries, absent, expect, line = [], [], [], {}, {}
    for sheet, answers in data.get("key", {}).items():
        rows += [(EVERY, *sheet.split("."), KEY_SEAT, item, str(value)) for item, value in answers.items()]
    for given, value in data.get("inputs", {}).items():
        rows.append((EVERY, "event", "inputs", INPUT_SEAT, given, str(value)))
    for entry, facts in data.get("entries", {}).items():
        attributes = {a.id: str(facts.get("attributes", {}).get(a.id, "")) for a in rules.attributes}
        said = {name: str(facts.get(name, "")) for name in SAID}
        entries.append({"entry": entry, "status": facts.get("status", ""), **attributes, **said})
        absent += [(entry, seat) for seat in facts.get("absent", [])]
        expect[entry] = facts.get("expect", {})
        line[entry] = source.at((*path, "entries", entry, "expect"))
        cells: dict[tuple[str, ...], str] = {}
        for where, marks in facts.get("marks", {}).items():
            for cell, value in _cells(rules, where, marks):
                cells[cell] = value
        rows += [(entry, *cell, value) for cell, value in cells.items()]
    columns = ("entry", "status", *(a.id for a in rules.attributes), *SAID)
    schema = dict.fromkeys(columns, pl.String)
    return Case(
        str(data.get("name", number + 1)), source.at(path), pl.DataFrame(rows, schema=MARKS, orient="row"),
        pl.DataFrame(entries, schema=schema, orient="row"), pl.DataFrame(absent, schema=ABSENCES, orient="row"), expect, line,
        data.get("lists", {}),
    )  # fmt: skip


def _cells(rules: Rules, where: str, marks: dict[str, Any]) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    """`module.sheet.panel.n`, `module.sheet.n` or `module.sheet.*` to each seat and item."""
    module, sheet, *seat = where.split(".")
    panel = next((s.panel for s in rules.sheets if (s.module, s.id) == (module, sheet)), None)
    last = seat[-1] if seat else "1"
    labels = panel.labels if panel and last == "*" else (f"{panel.id if panel else '?'}.{last}",)
    for label in labels:
        for item, value in marks.items():
            yield (module, sheet, label, item), _as_marked(value)


def _as_marked(value: Any) -> str:
    """A mark as it is recorded: 0.10 and 130.0, as result lists print them, are 0.1 and 130."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return _PADDED.sub(r"\1\2", text) if _PADDED.fullmatch(text) else text


_PADDED = re.compile(r"(-?[0-9]+)(?:\.0+|(\.[0-9]*[1-9])0+)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
