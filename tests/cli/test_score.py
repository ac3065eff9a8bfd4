"""`competition score`: every faulty row is named with its line, and then nothing is computed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from competition.cli import group
from tests.cli.test_readme import example


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The README's rules and marks."""
    (tmp_path / "tray_service").mkdir()
    (tmp_path / "tray_service" / "rules.toml").write_text(example("rules.toml"), encoding="utf-8")
    (tmp_path / "MARKS.csv").write_text(example("MARKS.csv"), encoding="utf-8")
    return tmp_path


def score(folder: Path, *options: str, marks: str | None = None) -> Result:
    if marks is not None:
        (folder / "MARKS.csv").write_text(marks, encoding="utf-8")
    return CliRunner().invoke(
        group, ["score", str(folder / "tray_service"), "--marks", str(folder / "MARKS.csv"), *options]
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A01,judges.1,posture,5.3", "5.3"),
        ("A01,judges.1,elegance,5", "judges.1 has no item elegance"),
        ("A01,judges.4,posture,5", "judges.4 has no item posture"),
        ("A01,judges.1,posture,five", "five"),
        ("A01,judges.1,posture,", "posture"),
    ],
)
def test_a_row_that_cannot_stand_is_named_with_its_line(folder: Path, row: str, says: str) -> None:
    result = score(folder, marks=f"entry,seat,item,value\nA01,import.1,mark,88\n{row}\n")
    assert result.exit_code == 1
    assert "MARKS.csv:3" in result.stderr
    assert says.lower() in result.stderr.lower()
    assert "rank" not in result.stdout


def test_all_faults_are_named_at_once(folder: Path) -> None:
    marks = "entry,seat,item,value\nA01,judges.1,posture,9\nA01,judges.1,spilled,9\n"
    result = score(folder, marks=marks)
    assert all(f"MARKS.csv:{line}" in result.stderr for line in (2, 3))


def test_two_marks_for_one_cell_are_a_fault(folder: Path) -> None:
    marks = "entry,seat,item,value\nA01,judges.1,posture,5\nA01,judges.1,posture,4\n"
    assert "MARKS.csv:3" in score(folder, marks=marks).stderr


def test_what_people_type_is_read_as_what_they_mean(folder: Path) -> None:
    plain = score(folder).stdout
    typed = example("MARKS.csv").replace(",4.5", ",４．５0").replace(",5\n", ", 5.0 \n")
    assert score(folder, marks=typed).stdout == plain


def test_a_file_saved_by_chinese_excel_is_read(folder: Path) -> None:
    text = example("MARKS.csv").replace("A01", "甲")
    (folder / "MARKS.csv").write_bytes(text.encode("gb18030"))
    assert "1,,甲,,82.04" in score(folder).stdout


def test_a_missing_column_is_named(folder: Path) -> None:
    result = score(folder, marks="entry,seat,value\nA01,judges.1,5\n")
    assert result.exit_code != 0
    assert "item" in str(result.exception)


def test_a_missing_mark_is_missing_not_zero(folder: Path) -> None:
    marks = "".join(line for line in example("MARKS.csv").splitlines(True) if not line.startswith("A02,import"))
    lines = score(folder, marks=marks).stdout.splitlines()
    (second,) = [line for line in lines if ",A02," in line]
    assert second.split(",")[:5] == ["", "", "A02", "", ""]


def test_status_and_names_come_from_the_entries_file(folder: Path) -> None:
    entries = folder / "ENTRIES.csv"
    entries.write_text("entry,status\nA01,dsq\nA02,\n", encoding="utf-8")
    lines = score(folder, "--entries", str(entries)).stdout.splitlines()
    assert lines[1].startswith("1,,A02,,72.37,一等奖")
    assert ",A01,dsq," in lines[2]


def test_entries_file_that_lacks_someone_is_a_fault(folder: Path) -> None:
    entries = folder / "ENTRIES.csv"
    entries.write_text("entry,status\nA01,gone\n", encoding="utf-8")
    result = score(folder, "--entries", str(entries))
    assert result.exit_code == 1
    assert "gone" in result.stderr
    assert "A02 has marks" in result.stderr


def test_absent_judge_is_said_in_a_file(folder: Path) -> None:
    marks = "".join(line for line in example("MARKS.csv").splitlines(True) if "judges.3" not in line)
    absences = folder / "ABSENCES.csv"
    absences.write_text("entry,seat\n*,judges.3\n", encoding="utf-8")
    result = score(folder, "--absences", str(absences), marks=marks)
    # theory 88 × 0.2 + (14 + 14.5) / 2 × 100 / 18 × 0.8 = 17.6 + 63.333…
    assert "1,,A01,,80.93,一等奖" in result.stdout


def test_standings_file_opens_in_a_spreadsheet(folder: Path) -> None:
    out = folder / "STANDINGS.csv"
    assert score(folder, "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbfrank,tied,entry")


def test_explain_unfolds_to_the_marks(folder: Path) -> None:
    said = score(folder, "--explain", "A01", "--lang", "en").stdout
    assert "82.04" in said
    assert "Nothing spilled  9  (4.5)" in said
