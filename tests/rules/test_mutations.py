"""Whatever somebody writes into a rule file, reading it ends in findings, never in a traceback."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.rules.read import _build, _merged, _sources
from competition.rules.source import Source, Where, read_source
from competition.rules.table import Faults

ROOT = Path(__file__).parents[2]
FILES = [*sorted(ROOT.glob("tests/constructs/*/rules.toml")), *sorted(ROOT.glob("scoring_rules/tea_*/rules.toml"))]
SLIPS: list[Any] = [3, -1, 0, 10**9, "x", "", [], [1], ["x"], [{}], {}, {"a": 1}, True, Decimal("0.5"), "total", "1/0"]
"""What a slip of the pen puts in place of a value; DELETE takes it away."""
DELETE = object()


@pytest.fixture(scope="module")
def merged() -> dict[Path, dict[str, Any]]:
    """Each file with its bases merged below it."""
    found: dict[Path, dict[str, Any]] = {}
    for file in FILES:
        sources, findings = _sources(read_source(file, file.name), file.parent.parent / "bases", set())
        assert not findings
        found[file] = {}
        for source in reversed(sources):
            found[file] = _merged(found[file], source.data)
        found[file].pop("extends", None)
        found[file].pop("overrides", None)
    return found


def places(data: Any, path: Where = ()) -> Iterator[Where]:
    """Every place in a file at which something stands."""
    inner: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


@settings(max_examples=150, deadline=None)
@given(file=st.sampled_from(FILES), at=st.integers(0, 10**6), slip=st.sampled_from([*SLIPS, DELETE]))
def test_a_slip_anywhere_is_a_finding_or_nothing(
    merged: dict[Path, dict[str, Any]], file: Path, at: int, slip: Any
) -> None:
    data = copy.deepcopy(merged[file])
    every = list(places(data))
    *above, last = every[at % len(every)]
    here: Any = data
    for key in above:
        here = here[key]
    if slip is DELETE:
        del here[last]
    else:
        here[last] = copy.deepcopy(slip)
    loaded = _build(data, Faults([Source("file", data, {(): 1})]))
    assert (loaded.rules is None) == any(finding.severity == "error" for finding in loaded.findings)
