"""The engine asked the same question as the oracle, and the two answers set side by side."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from competition.rules import load
from competition.scoring import score

from .oracle import Answer, Mark, oracle
from .strategies import Case

SAME = ("tied", "status", "award", "passed")
Lines = list[str]


class Refused(AssertionError):
    """The checker has faults to find in a generated rule file."""


def by_engine(case: Case, folder: Path, marks: list[Mark] | None = None) -> Any:
    """The engine's result; a refused rule file fails with the checker's words and the text."""
    path = folder / case.data["event"]["id"] / "rules.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(case.text, "utf-8")
    loaded = load(path, tidy=False)
    faults = [f"{finding.where}: {finding.en}" for finding in loaded.findings if finding.severity == "error"]
    if loaded.rules is None or faults:
        raise Refused("\n".join(["refused:", *faults, case.text]))
    columns = {name: pl.Utf8 for name in ("entry", "module", "sheet", "seat", "item", "value")}
    return score(
        loaded.rules,
        pl.DataFrame(case.marks if marks is None else marks, schema=columns, orient="row"),
        pl.DataFrame(case.entries),
        absences=pl.DataFrame(case.absences, schema={"entry": pl.Utf8, "seat": pl.Utf8}, orient="row"),
    )


def by_oracle(case: Case) -> Answer:
    return oracle(case.data, case.marks, case.entries, case.absences)


def differences(expected: Answer, found: Any) -> Lines:
    """One line for each thing the two do not agree on."""
    standings = {standing.entry: standing for standing in found.standings}
    lines = []
    if set(expected.entries) != set(standings):
        lines.append(f"entries: {sorted(expected.entries)} / {sorted(standings)}")
    for entry in sorted(set(expected.entries) & set(standings)):
        lines += _of_entry(entry, expected.entries[entry], standings[entry], found.numbers[entry])
    return lines + _of_lists(expected, found)


def _of_entry(entry: str, ours: dict[str, Any], theirs: Any, numbers: Any) -> Lines:
    pairs = {name: (ours[name], getattr(theirs, name)) for name in SAME}
    pairs["rank"] = (ours["rank"], theirs.rank)
    pairs["decided"] = (ours["decided"], theirs.decided_by is not None)
    total = numbers["total"] if theirs.total is not None and shows(theirs.total, ours["total"]) else theirs.total
    pairs["total"] = (ours["total"], total)
    pairs |= {f"values {name}": (value, numbers[name]) for name, value in ours["values"].items() if name in numbers}
    return [f"{entry} {name}: oracle {a}, engine {b}" for name, (a, b) in pairs.items() if a != b]


def _of_lists(expected: Answer, found: Any) -> Lines:
    lines = []
    for name, rows in expected.lists.items():
        theirs = {row.who: row for row in found.lists[name]}
        if set(rows) != set(theirs):
            lines.append(f"list {name}: oracle {sorted(rows)}, engine {sorted(theirs)}")
        for who in set(rows) & set(theirs):
            ours, row = rows[who], theirs[who]
            if ours["rank"] != row.rank or not shows(row.value, ours["value"]):
                lines.append(f"list {name}, {who}: oracle {ours}, engine {row}")
    return lines


def shows(text: str | None, number: Fraction | None) -> bool:
    """Whether the text shows the number: all of it, or the beginning of one that never ends in decimals, 7.365145…"""
    if text is None or number is None:
        return text is None and number is None
    if not text.endswith("…"):
        return Fraction(text) == number
    digits = text.removesuffix("…")
    ends = 10**400 % number.denominator == 0  # nothing but twos and fives below the line
    return not ends and abs(number - Fraction(digits)) < Fraction(1, 10 ** len(digits.partition(".")[2]))
