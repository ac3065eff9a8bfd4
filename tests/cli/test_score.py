"""`competition score`: every faulty row is named with its line, and then nothing is computed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from competition.cli import group
from tests.cli.test_readme import example
from tests.rule_text import one_sheet


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


def probe(folder: Path, items: str, more: str = "", marks: str = "", *options: str) -> Result:
    """Score marks under a rule file of one sheet; `marks` without the header."""
    (folder / "probe").mkdir()
    (folder / "probe" / "rules.toml").write_text(one_sheet(items, more=more), encoding="utf-8")
    return score_probe(folder, marks, *options)


def score_probe(folder: Path, marks: str, *options: str) -> Result:
    (folder / "MARKS.csv").write_text(f"entry,seat,item,value\n{marks}", encoding="utf-8")
    return CliRunner().invoke(group, ["score", str(folder / "probe"), "--marks", str(folder / "MARKS.csv"), *options])


def entries(folder: Path, text: str) -> tuple[str, str]:
    (folder / "ENTRIES.csv").write_text(text, encoding="utf-8")
    return "--entries", str(folder / "ENTRIES.csv")


POINTS = '{ id = "t", scale = "points", max = 100 }'
CUT = """
[inputs.cut]
name = { zh = "分数线", en = "Cut" }
to = 100
decimals = 1
[[awards]]
id = "first"
name = { zh = "一等奖", en = "First prize" }
places = [1, 1]
needs = "total >= cut"
"""


def test_a_number_that_an_official_gives_is_a_row_of_the_marks(tmp_path: Path) -> None:
    marks = "a,p.1,t,62\n*,input,cut,６１.５0\n"
    assert "1,,a,,62,一等奖" in probe(tmp_path, POINTS, CUT, marks).stdout
    assert "1,,a,,62,,," in score_probe(tmp_path, marks.replace("６１.５0", "62.1")).stdout


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("*,input,cutt,60", "no input cutt; they have: cut"),
        ("*,input,cut,101", "101"),
        ("a,input,cut,60", "write * as its entry"),
        (",p.1,t,60", "the entry is missing"),
    ],
)
def test_faulty_rows_for_the_whole_event_are_named(tmp_path: Path, row: str, says: str) -> None:
    result = probe(tmp_path, POINTS, CUT, f"a,p.1,t,62\n{row}\n")
    assert result.exit_code == 1
    assert "MARKS.csv:3" in result.stderr
    assert says in result.stderr


def test_empty_lines_of_a_spreadsheet_are_no_rows(tmp_path: Path) -> None:
    assert "1,,a,,62" in probe(tmp_path, POINTS, "", "a,p.1,t,62\n,,,\n,,,\n").stdout


def test_the_sealed_key_may_list_spellings(tmp_path: Path) -> None:
    more = '[scales.tea]\ntype = "answer"\nlength = 8\n'
    marks = "*,key,t,西湖龙井 | 龙井\na,p.1,t,龙井\nb,p.1,t,碧螺春\n"
    result = probe(tmp_path, '{ id = "t", scale = "tea", key = { points = 2 } }', more, marks)
    assert [line.split(",")[2:5] for line in result.stdout.splitlines()[1:]] == [["a", "", "2"], ["b", "", "0"]]


def test_the_chiefs_decision_parts_equals(tmp_path: Path) -> None:
    said = entries(tmp_path, "entry,decision\na,2\nb,1\n")
    lines = probe(tmp_path, POINTS, "", "a,p.1,t,62\nb,p.1,t,62\n", *said).stdout.splitlines()
    assert lines[1].startswith("1,,b,,62,,裁判长裁定")
    assert lines[2].startswith("2,,a,,62,,裁判长裁定")


def test_what_officials_said_must_make_sense(tmp_path: Path) -> None:
    said = entries(tmp_path, "entry,decision,admitted\na,first,final\n")
    result = probe(tmp_path, POINTS, "", "a,p.1,t,62\n", *said)
    assert result.exit_code == 1
    assert 'decision is "first", should be a whole number' in result.stderr
    assert "no round final" in result.stderr


def test_free_attributes_may_be_anything(tmp_path: Path) -> None:
    more = (
        '[attributes.heat]\nname = { zh = "组", en = "Heat" }\nany = true\n'
        '[[lists]]\nid = "heats"\nname = { zh = "各组", en = "Heats" }\nof = "total"\nbest = "high"\nper = "heat"\n'
        'method = "sum"\nleast = 1\n'
    )
    said = entries(tmp_path, "entry,heat\na,上午第 1 组\nb,\n")
    result = probe(tmp_path, POINTS, more, "a,p.1,t,62\nb,p.1,t,61\n", *said)
    assert (result.exit_code, result.stderr) == (0, "")


def test_whether_they_passed_is_a_column(tmp_path: Path) -> None:
    lines = probe(
        tmp_path, POINTS, '[pass]\nwhen = "total >= 60"\nranked = "all"\n', "a,p.1,t,60\nb,p.1,t,59\n"
    ).stdout.splitlines()
    assert lines[0].startswith("rank,tied,entry,status,total,award,decided_by,missing,passed,")
    assert [line.split(",")[8] for line in lines[1:]] == ["1", "0"]


def test_an_absence_of_nobody_is_a_fault(folder: Path) -> None:
    absences = folder / "ABSENCES.csv"
    absences.write_text("entry,seat\n*,judge.3\nA09,judges.3\n", encoding="utf-8")
    result = score(folder, "--absences", str(absences))
    assert result.exit_code == 1
    assert "ABSENCES.csv:2\n" in result.stderr
    assert "there is no seat judge.3" in result.stderr
    assert "ABSENCES.csv:3\n" in result.stderr
    assert "there is no entry A09" in result.stderr


LIST = """
[[lists]]
id = "best_taste"
name = { zh = "最佳口味", en = "Best taste" }
of = "m.s.t"
best = "high"
"""


def test_lists_stand_below_the_standings_and_in_files_of_their_own(tmp_path: Path) -> None:
    marks = "a,p.1,t,62\nb,p.1,t,62\nc,p.1,t,70\n"
    text = "rank,tied,entry,value\n1,,c,70\n2,=,a,62\n2,=,b,62\n"
    assert probe(tmp_path, POINTS, LIST, marks).stdout.endswith(f"\n\n# best_taste 最佳口味\n{text}")
    score_probe(tmp_path, marks, "--out", str(tmp_path / "OUT.csv"))
    assert (tmp_path / "OUT_best_taste.csv").read_text(encoding="utf-8-sig") == text


def test_rows_of_other_events_are_left_out_and_said(folder: Path) -> None:
    lines = example("MARKS.csv").splitlines()
    rows = [f"tray_service,{line}" for line in lines[1:]] + ["barista,A09,import.1,mark,88"]
    result = score(folder, marks="\n".join([f"event,{lines[0]}", *rows]))
    assert result.stdout == example("answer")
    assert "1 rows belong to other events" in result.stderr
