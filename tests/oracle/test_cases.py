"""The worked cases beside each rule file and construct, by the oracle: they were done by hand, so they judge it too."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from .oracle import oracle
from .reading import RULES, case_input, read_cases, read_rules

CONSTRUCTS = Path(__file__).parents[1] / "constructs"
FOLDERS = sorted(path.parent for root in (RULES, CONSTRUCTS) for path in root.glob("*/cases.toml"))


@pytest.mark.parametrize(
    ("folder", "case"), [(folder, c) for folder in FOLDERS for c in read_cases(folder)], ids=lambda x: str(_name(x))
)
def test_worked_case_comes_out(folder: Path, case: dict[str, Any]) -> None:
    rules = read_rules(folder / "rules.toml")
    answer = oracle(rules, *case_input(rules, case))
    for entry, given in case["entries"].items():
        for name, expected in given.get("expect", {}).items():
            if name == "decided_by":
                assert answer.entries[entry]["decided"] is bool(expected), (entry, name)
            elif name != "missing":  # how many marks are missing is the engine's to count
                assert _shown(answer.entries[entry], name) == _plain(expected), (entry, name)
    for table, rows in case.get("lists", {}).items():
        for row, expected in rows.items():
            for name, value in expected.items():
                assert _shown(answer.lists[table][row], name) == _plain(value), (table, row, name)


def _name(value: Any) -> str:
    return value["name"] if isinstance(value, dict) else value.name


def _shown(result: dict[str, Any], name: str) -> Any:
    """What came out; a case writes "" for no total, no rank, no award."""
    found = result[name] if name in result else result["values"][name]
    return "" if found is None else found


def _plain(expected: Any) -> Any:
    """Numbers as fractions, words as they are."""
    if isinstance(expected, bool):
        return expected
    try:
        return Fraction(expected)
    except ValueError:
        return expected
