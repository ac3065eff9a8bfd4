"""The engine asked the same question as the oracle, and the two answers set side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from competition.rules import load
from competition.scoring import score

from .oracle import Mark, oracle
from .strategies import Case

Answer = dict[str, dict[str, Any]]


def by_engine(case: Case, folder: Path, marks: list[Mark] | None = None) -> Any:
    """The engine's result; a refused rule file fails with the checker's words and the text."""
    path = folder / case.data["event"]["id"] / "rules.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(case.text, "utf-8")
    loaded = load(path)
    faults = [f"{finding.where}: {finding.en}" for finding in loaded.findings if finding.severity == "error"]
    assert loaded.rules is not None, "\n".join(["refused:", *faults, case.text])
    assert not faults, faults
    columns = {name: pl.Utf8 for name in ("entry", "module", "sheet", "seat", "item", "value")}
    return score(
        loaded.rules,
        pl.DataFrame(case.marks if marks is None else marks, schema=columns, orient="row"),
        pl.DataFrame(case.entries),
        absences=pl.DataFrame(case.absences, schema={"entry": pl.Utf8, "seat": pl.Utf8}, orient="row"),
    )


def by_oracle(case: Case) -> Answer:
    return oracle(case.data, case.marks, case.entries, case.absences)


def answer(result: Any, names: Iterable[str]) -> Answer:
    """The engine's standings in the oracle's words."""
    return {
        standing.entry: {
            "rank": standing.rank,
            "tied": standing.tied,
            "status": standing.status,
            "total": _number(standing.total),
            "award": standing.award,
            "values": {name: _number(standing.values[name]) for name in names if name in standing.values},
        }
        for standing in result.standings
    }


def differences(expected: Answer, found: Answer) -> list[str]:
    """One line for each thing the two do not agree on."""
    lines = [f"entries: {sorted(expected)} / {sorted(found)}"] if set(expected) != set(found) else []
    for entry in sorted(set(expected) & set(found)):
        ours, theirs = _flat(expected[entry]), _flat(found[entry])
        for name in ours:
            if name in theirs and not _same(ours[name], theirs[name]):
                lines.append(f"{entry} {name}: oracle {ours[name]}, engine {theirs[name]}")
    return lines


def _flat(result: dict[str, Any]) -> dict[str, Any]:
    return {
        **{k: v for k, v in result.items() if k != "values"},
        **{f"values {k}": v for k, v in result["values"].items()},
    }


def _same(ours: Any, theirs: Any) -> bool:
    return theirs.begins(ours) if isinstance(theirs, Unended) else bool(ours == theirs)


@dataclass(frozen=True)
class Unended:
    """The beginning of a number that never ends in decimals, as the engine shows it: 7.365145…"""

    text: str

    def begins(self, number: Fraction | None) -> bool:
        """Whether `number` does not end either and has these digits."""
        if number is None or set(_primes(number.denominator)) <= {2, 5}:
            return False
        digits = self.text.removesuffix("…")
        return abs(number - Fraction(digits)) < Fraction(1, 10 ** len(digits.partition(".")[2]))


def _primes(number: int) -> list[int]:
    found, factor = [], 2
    while number > 1:
        if number % factor:
            factor += 1
        else:
            found.append(factor)
            number //= factor
    return found


def _number(text: str | None) -> Fraction | Unended | None:
    if text is None:
        return None
    return Unended(text) if text.endswith("…") else Fraction(text)
