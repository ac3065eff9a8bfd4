"""`competition rules from-xlsx`, `schema` and `try`: what they print and when they refuse. Results are worked by hand."""

import json
import tomllib
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from competition.cli import group
from competition.errors import CompetitionError
from tests.cli.test_readme import example

# The README's example. Theory 88 and 91.5. Practical of 18: A01 (14.5 + 2 × 14.5) / 3 = 14.5, that is 80.5555… of 100;
# A02 (11.5 + 2 × 12.5) / 3 = 12.1666…, that is 67.5925… of 100. Totals 17.6 + 64.444… = 82.04 and 18.3 + 54.074… = 72.37.
HEADER = "entry,seat,item,value\n"


def run(*words: object, root: Path | None = None) -> Result:
    before = ["--root", str(root)] if root else []
    return CliRunner().invoke(group, [*before, "rules", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The README's rules with its marks, and beside them a file without the practical part's weight."""
    (tmp_path / "tray_service").mkdir()
    (tmp_path / "tray_service" / "rules.toml").write_text(example("rules.toml"), encoding="utf-8")
    (tmp_path / "MARKS.csv").write_text(example("MARKS.csv"), encoding="utf-8")
    return tmp_path


def try_new(folder: Path, *changes: tuple[str, str], options: tuple[object, ...] = ()) -> Result:
    text = example("rules.toml")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    new_file = folder / "tray_service" / "next.toml"
    new_file.write_text(text, encoding="utf-8")
    return run("try", new_file, "--marks", folder / "MARKS.csv", *options)


EDITION = ('edition = "2026-1"', 'edition = "2026-2"')
THEORY = (("weight = 20", "weight = 90"), ("weight = 80", "weight = 10"))


def test_try_says_what_differs_who_moves_and_why(folder: Path) -> None:
    """Theory 90, practical 10: A01 79.2 + 8.0555… = 87.26, A02 82.35 + 6.7592… = 89.11."""
    result = try_new(folder, EDITION, *THEORY)
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0].startswith("tray_service 2026-1 (")
    assert lines[1] == "规则差异 2 处，文字差异 1 处"
    assert "  理论 · 占总分的百分比: 20 → 90    [parts.theory.weight]" in lines
    assert "2 个参赛的名次或结果有变；0 个不变，其中 0 个总分有变" in lines
    assert [" ".join(line.split()) for line in lines[-2:]] == [
        "A02 2 → 1 72.37 → 89.11 奖项 — → 一等奖",
        "A01 1 → 2 82.04 → 87.26 奖项 一等奖 → —",
    ]
    assert result.exit_code == 0


def test_try_speaks_english(folder: Path) -> None:
    said = try_new(folder, EDITION, *THEORY, options=("--lang", "en")).stdout
    assert "2 differences in the rules, 1 in wording" in said
    assert "Theory · percent of the total: 20 → 90" in said
    assert "2 entries move; 0 stay" in said


def test_try_names_the_quantities_that_changed(folder: Path) -> None:
    """spilled × 3, of 24: A01 (14.5 + 43.5) / 3 is still 80.5555…; A02 (11.5 + 37.5) / 3 = 16.3333…, that is 68.0555…"""
    award = ("places = [1, 1]", "places = [1, 2]")
    result = try_new(
        folder, EDITION, award, ("weight = 2, max = 12", "weight = 3, max = 18"), ("from = 18", "from = 24")
    )
    (moved,) = [line for line in result.stdout.splitlines() if line.startswith("  A02")]
    assert "托盘 12.166666… → 16.333333…" in moved
    assert "实操 67.592592… → 68.055555…" in moved
    assert "1 个参赛的名次或结果有变；1 个不变，其中 0 个总分有变" in result.stdout


def test_try_asks_for_another_edition(folder: Path) -> None:
    assert "change it" in try_new(folder, *THEORY, options=("--lang", "en")).stdout
    assert "change it" not in try_new(folder, options=("--lang", "en")).stdout


def test_a_mark_without_a_place_in_the_new_file_is_said_and_left_out(folder: Path) -> None:
    """Without "spilled" only posture counts, out of 6."""
    gone = (
        '  { id = "spilled", name = { zh = "洒漏", en = "Nothing spilled" }, scale = "s06", weight = 2, max = 12 },\n'
    )
    result = try_new(folder, EDITION, (gone, ""), ("from = 18", "from = 6"))
    assert "MARKS.csv:4" in result.stderr
    assert "not used under the new rules" in result.stderr
    assert "spilled" in result.stdout
    assert result.exit_code == 0


def test_a_mark_that_fits_neither_file_ends_it(folder: Path) -> None:
    (folder / "MARKS.csv").write_text(HEADER + "A01,judges.1,elegance,5\n", encoding="utf-8")
    result = try_new(folder, EDITION)
    assert result.exit_code == 1
    assert "MARKS.csv:2" in result.stderr
    assert "→" not in result.stdout


def test_entries_and_absences_are_used(folder: Path) -> None:
    (folder / "ENTRIES.csv").write_text("entry,status\nA01,dsq\nA02,\n", encoding="utf-8")
    (folder / "ABSENCES.csv").write_text("entry,seat\n*,judges.3\n", encoding="utf-8")
    marks = "".join(line for line in example("MARKS.csv").splitlines(True) if "judges.3" not in line)
    (folder / "MARKS.csv").write_text(marks, encoding="utf-8")
    options = ("--entries", folder / "ENTRIES.csv", "--absences", folder / "ABSENCES.csv")
    result = try_new(folder, EDITION, ("least = 2", "least = 3"), options=options)
    (moved,) = [line for line in result.stdout.splitlines() if line.startswith("  A")]
    # Two judges stand: 18.3 + (12 + 13) / 2 × 100 / 18 × 0.8 = 73.86 before, no total with least = 3.
    assert " ".join(moved.split()).startswith("A02 1 → — 73.86 → — 奖项 一等奖 → —")


def test_old_file_is_the_one_beside_the_new_or_of_the_same_event(folder: Path) -> None:
    draft = folder / "drafts" / "next.toml"
    draft.parent.mkdir()
    draft.write_text(example("rules.toml"), encoding="utf-8")
    marks = ("--marks", folder / "MARKS.csv")
    (folder / "scoring_rules").mkdir()
    missing = run("try", draft, *marks, root=folder)
    assert "--old" in str(missing.exception)
    (folder / "tray_service").rename(folder / "scoring_rules" / "tray_service")
    assert run("try", draft, *marks, root=folder).exit_code == 0
    # The event's own file replaces nothing.
    itself = run("try", folder / "scoring_rules" / "tray_service", *marks, root=folder)
    assert "--old" in str(itself.exception)
    old = ("--old", folder / "scoring_rules" / "tray_service")
    assert run("try", draft, *marks, *old).exit_code == 0


def test_rules_that_cannot_be_read_end_it_with_2(folder: Path) -> None:
    assert try_new(folder, ("weight = 20", "wieght = 20")).exit_code == 2


def test_schema_is_printed_or_written(tmp_path: Path) -> None:
    assert json.loads(run("schema").stdout)["title"] == "rules.toml"
    assert json.loads(run("schema", "cases").stdout)["title"] == "cases.toml"
    run("schema", "--out", tmp_path / "schemas")
    assert sorted(file.name for file in (tmp_path / "schemas").iterdir()) == [
        "cases.schema.json",
        "games.schema.json",
        "rules.schema.json",
    ]


def workbook(path: Path, *, points: object = 60, judges: str = "3名裁判打分，取平均") -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("模块A")
    for r, row in enumerate([(judges,), ("评分项", "配分", "类型"), ("摆台", points, "是否"), ("口布", 40, "打分")]):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.close()
    return path


def test_a_draft_is_written_and_checks_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "table_service"
    result = run("from-xlsx", workbook(tmp_path / "摆台.xlsx"), "--out", folder)
    assert result.exit_code == 0
    assert "2 items written" in result.stdout
    assert 'id = "table_service"' in (folder / "rules.toml").read_text(encoding="utf-8")
    assert run("check", folder).exit_code == 0


def test_a_draft_is_printed_without_out(tmp_path: Path) -> None:
    result = run("from-xlsx", workbook(tmp_path / "摆台.xlsx"))
    assert tomllib.loads(result.stdout)["event"]["id"] == "draft"
    assert "模块A!A1" in result.stderr


def test_doubts_are_named_with_their_cells_and_the_draft_is_written_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "table_service"
    result = run("from-xlsx", workbook(tmp_path / "摆台.xlsx", points="约60", judges=""), "--out", folder)
    assert result.exit_code == 1
    assert "模块A!B3" in result.stderr
    assert "how many judges there are" in result.stderr
    assert (folder / "rules.toml").is_file()
    assert run("check", folder).exit_code == 1


def test_a_rule_file_is_never_overwritten_by_a_draft(folder: Path) -> None:
    before = (folder / "tray_service" / "rules.toml").read_bytes()
    result = run("from-xlsx", workbook(folder / "摆台.xlsx"), "--out", folder / "tray_service")
    assert isinstance(result.exception, CompetitionError)
    assert (folder / "tray_service" / "rules.toml").read_bytes() == before
