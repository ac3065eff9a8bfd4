"""The worked cases beside each rule file, by the oracle: they were done by hand, so they judge the oracle too."""

from fractions import Fraction
from typing import Any

import pytest

from .oracle import oracle
from .reading import RULES, case_input, read_cases, read_rules

EVENTS = sorted(path.parent.name for path in RULES.glob("*/cases.toml"))


@pytest.mark.parametrize(
    ("event", "case"), [(e, c) for e in EVENTS for c in read_cases(e)], ids=lambda x: str(_name(x))
)
def test_worked_case_comes_out(event: str, case: dict[str, Any]) -> None:
    rules = read_rules(RULES / event / "rules.toml")
    results = oracle(rules, *case_input(rules, case))
    for entry, given in case["entries"].items():
        for name, expected in given.get("expect", {}).items():
            if name != "decided_by":
                assert _shown(results[entry], name) == _plain(expected), (entry, name)


def _name(value: Any) -> str:
    return value["name"] if isinstance(value, dict) else value


def _shown(result: dict[str, Any], name: str) -> Any:
    """What came out; a case writes "" for no total, no rank, no award."""
    found = result[name] if name in result else result["values"][name]
    return "" if found is None else found


def _plain(expected: Any) -> Any:
    """Numbers as fractions, words as they are."""
    try:
        return Fraction(expected)
    except ValueError:
        return expected
