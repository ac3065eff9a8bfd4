"""The 53 constructs: each folder's rules load, its hand-worked cases come out, and a changed number makes one fail."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from competition import judging
from competition.rules import Rules, load
from competition.rules.read import canonical_text, thaw
from competition.scoring.cases import Case, failures, read_cases

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for path in HERE.glob("[0-9][0-9]-*/rules.toml"))
SAID = ("name", "sources", "notes", "event", "names", "legend", "help", "seats", "minutes", "language", "samples")
"""Keys whose numbers say nothing about points."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_constructs_cases_come_out(folder: Path) -> None:
    rules, cases = _read(folder)
    assert len(cases) >= 2
    assert all(case.expect or case.lists for case in cases)
    wrong = [str(finding) for case in cases for _, finding in failures(case, rules)]
    assert wrong == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_changed_rule_makes_a_case_fail(folder: Path) -> None:
    """Cases that pass whatever the rules say prove nothing: some change of one value must break one."""
    rules, cases = _read(folder)
    for mutant in _mutants(rules.canonical.decode()):
        try:
            changed = thaw(mutant.encode())
            if any(True for case in cases for _ in failures(case, changed)):
                return
        except Exception:
            continue
    pytest.fail(f"no change of {folder.name}'s rules is noticed by its cases")


def test_the_wrong_subtotal_of_a_real_sheet_is_refused(tmp_path: Path) -> None:
    """The 2022 sensory sheet prints 36 where its weights make (3 + 2 + 2) x 6 = 42 (construct 20)."""
    text = (HERE / "20-printed-subtotals" / "rules.toml").read_text("utf-8")
    folder = tmp_path / "20-printed-subtotals"
    folder.mkdir()
    (folder / "rules.toml").write_text(text.replace("max = 42\n", "max = 36\n"), "utf-8")
    says = [finding.en for finding in load(folder).findings if finding.severity == "error"]
    assert any("36" in each and "42" in each for each in says), says


def _read(folder: Path) -> tuple[Rules, list[Case]]:
    loaded = load(folder)
    errors = [str(finding) for finding in loaded.findings if finding.severity == "error"]
    assert errors == []
    assert loaded.rules is not None
    cases, findings = read_cases(folder, loaded.rules)
    assert [str(finding) for finding in findings] == []
    return loaded.rules, cases


def _mutants(canonical: str) -> Iterator[str]:
    """The rules with one number, direction or answer to a question of practice changed at a time."""
    data = _unprinted(json.loads(canonical, parse_float=Decimal))
    for table, key, value in _places(data):
        for other in _others(value):
            table[key] = other
            yield canonical_text(data)
        table[key] = value


def _unprinted(data: Any) -> Any:
    """The rules without printed maxima, which would refuse a changed weight before any case sees it."""
    if isinstance(data, list):
        return [_unprinted(each) for each in data]
    if not isinstance(data, dict):
        return data
    means_points = (
        data.get("scale") == "points" or "spread" in data
    )  # there the maximum is no check but the rule itself
    printed = () if means_points else ("max", "out_of")
    return {key: _unprinted(value) for key, value in data.items() if key not in printed}


def _places(data: Any) -> Iterator[tuple[Any, Any, Any]]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in list(pairs):
        if key in SAID:
            continue
        if isinstance(value, dict | list):
            yield from _places(value)
        elif _others(value):
            yield data, key, value


def _others(value: Any) -> list[Any]:
    opposite = {
        "high": "low", "low": "high", "exclude": "refuse", "refuse": "exclude", "mean": "refuse", "sum": "mean",
        "allowed": "forbidden", "extend": "leave", "leave": "extend", "hold": "report", "third": "report",
        "half_up": "down", "half_even": "half_up", "higher": "lower", "average": "higher", "lower": "higher",
        "exact": "rounded", "all": "each", "each": "all", "share": "all", "half": "all", "dsq": "void", "void": "dsq",
    }  # fmt: skip
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | Decimal):
        return [value + 1, value * 2]
    return [opposite[value]] if isinstance(value, str) and value in opposite else []


def _rows() -> dict[int, str]:
    """The lines of the README's table by their construct's number."""
    text = (HERE / "README.md").read_text("utf-8")
    return {int(found[1]): found[0] for found in re.finditer(r"^\| *([0-9]+) *\|.*$", text, re.MULTILINE)}


def test_every_construct_has_its_line_and_what_carries_it() -> None:
    rows = _rows()
    assert sorted(rows) == list(range(1, 54))
    for number, row in rows.items():
        named = re.findall(r"`([^`]+)`", row)
        folders = [name for name in named if re.fullmatch(r"[0-9]{2}-[a-z0-9-]+", name)]
        acts = [name for name in named if re.fullmatch(r"[a-z]+(_[a-z]+)+", name)]
        assert folders or acts, f"{number}: neither a folder nor an act"
        assert [name for name in folders if not (HERE / name / "rules.toml").is_file()] == [], number
        assert [name for name in acts if not hasattr(judging, name)] == [], number


def test_no_folder_is_left_out_of_the_table() -> None:
    text = (HERE / "README.md").read_text("utf-8")
    assert [folder.name for folder in FOLDERS if f"`{folder.name}`" not in text] == []
