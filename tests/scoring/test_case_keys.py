"""A case that is misspelt tests nothing, and must say so."""

from pathlib import Path

import pytest

from competition.scoring import check
from tests.rule_text import one_sheet

CASE = '[[cases]]\nname = "one"\n[cases.entries.A]\nmarks."m.s.1" = { x = "3.0" }\nexpect = { total = "3" }\n'


def said(tmp_path: Path, text: str) -> list[str]:
    folder = tmp_path / "probe"
    folder.mkdir()
    (folder / "rules.toml").write_text(one_sheet('{ id = "x", scale = "points", max = 5 }'), encoding="utf-8")
    (folder / "cases.toml").write_text(text, encoding="utf-8")
    return [str(finding) for finding in check([folder]).findings if finding.severity == "error"]


def test_a_mark_may_be_written_as_result_lists_print_it(tmp_path: Path) -> None:
    assert said(tmp_path, CASE) == []


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("expects = ", "expect"), ("[cases.entry.A]", "entries"), ("totals = ", "total"),
        ('status = "gone"\nexpect = ', "withdrawn"), ('stats = "dns"\nexpect = ', "status"),
    ],
)  # fmt: skip
def test_a_key_that_nothing_reads_is_named_with_its_line(tmp_path: Path, wrong: str, meant: str) -> None:
    old = {"expects = ": "expect = ", "[cases.entry.A]": "[cases.entries.A]", "totals = ": "total = "}.get(
        wrong, "expect = "
    )
    found = said(tmp_path, CASE.replace(old, wrong))
    assert any(meant in each and "cases.toml:" in each for each in found), found


def test_a_case_without_expectations_is_no_case(tmp_path: Path) -> None:
    assert any("tests nothing" in each for each in said(tmp_path, CASE.replace('{ total = "3" }', "{}")))


def test_a_number_is_compared_by_value_and_words_letter_by_letter(tmp_path: Path) -> None:
    assert said(tmp_path, CASE.replace('total = "3"', 'total = "3.00"')) == []
    (tmp_path / "other").mkdir()
    found = said(tmp_path / "other", CASE.replace('total = "3"', 'total = "3.01", status = "dns"'))
    assert [line.rpartition("/ ")[2] for line in found] == [
        'case "one", A: total should be 3.01, came out 3.',
        'case "one", A: status should be dns, came out empty (not known yet).',
    ]
