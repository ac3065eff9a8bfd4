"""What worked cases leave untried: each clause and border is missed until a case touches it, then no longer."""

from fractions import Fraction
from pathlib import Path

import pytest

from competition.rules import load
from competition.scoring import check
from competition.scoring.borders import Border
from competition.scoring.cases import read_cases, run
from competition.scoring.coverage import coverage
from tests.rule_text import one_sheet

CASE = "[[cases]]\nname = '{n}'\n[cases.entries.A]\n{facts}\nmarks.'m.s.p.1' = {{ {marks} }}\nexpect = {{ tied = 0 }}\n"


def untried(tmp_path: Path, rules: str, *cases: str) -> list[str]:
    """What the cases leave untried, in English. A case: marks of the one seat, `| ` facts of the entry."""
    folder = tmp_path / "probe"
    folder.mkdir(exist_ok=True)
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    parts = [case.partition("|") for case in cases]
    text = "".join(CASE.format(n=n, marks=marks, facts=facts) for n, (marks, _, facts) in enumerate(parts))
    (folder / "cases.toml").write_text(text, encoding="utf-8")
    loaded = load(folder)
    assert loaded.rules is not None, [str(finding) for finding in loaded.findings]
    read, findings = read_cases(folder, loaded.rules)
    assert not findings
    found = coverage(loaded, read, [run(case, loaded.rules) for case in read])
    assert all(finding.severity == "warning" for finding in found)
    return [finding.en for finding in found]


GRAMS = '[scales.grams]\ntype = "measure"\nunit = "g"\nto = 10\n'
WASTE = '{ id = "a", scale = "grams", bands = [ { upto = 2, points = 3 }, { upto = 5, points = 1 }, { points = 0 } ] }'


def test_an_item_without_a_mark_and_one_marked_in_one_way(tmp_path: Path) -> None:
    rules = one_sheet('{ id = "a", scale = "yesno" }, { id = "b", scale = "yesno" }')
    found = untried(tmp_path, rules, "a = '1'")
    assert "No case marks these items: b." in found
    assert "The cases mark these items in one way only: a." in found
    assert not [s for s in untried(tmp_path, rules, "a = '1', b = '1'", "a = '0', b = '0'") if "these items" in s]


def test_rows_of_bands_and_their_edges(tmp_path: Path) -> None:
    rules = one_sheet(WASTE, more=GRAMS)
    assert [s for s in untried(tmp_path, rules, "a = '2'") if s.startswith("Item")] == [
        "Item: the border 2 has no case just below, just above.",
        "Item: no case falls into the row “≤ 5”.",
        "Item: the border 5 has no case on it, just below, just above.",
        "Item: no case falls into the row “the rest”.",
    ]
    marks = [f"a = '{n}'" for n in (1, 2, 3, 4, 5, 6)]
    assert not [s for s in untried(tmp_path, rules, *marks) if s.startswith("Item")]


def test_a_table_that_only_a_list_looks_into(tmp_path: Path) -> None:
    more = (
        '[tables.grade]\nbands = [ { upto = 5, points = 1 }, { points = 2 } ]\n[[lists]]\nid = "grades"\n'
        'name = { zh = "等级", en = "Grades" }\nof = "lookup(practical, grade)"\nbest = "high"\n'
    )
    rules = one_sheet('{ id = "a", scale = "points", max = 10 }', more=more)
    said = "grade: no case falls into the row “the rest”."
    assert [s for s in untried(tmp_path, rules, "a = '5'") if s == said]
    assert not [s for s in untried(tmp_path, rules, "a = '4'", "a = '5'", "a = '6'") if s.startswith("grade")]


def test_a_veto_holds_in_one_case_and_not_in_another(tmp_path: Path) -> None:
    veto = '[[vetoes]]\nid = "v"\nname = { zh = "否决", en = "Veto" }\nwhen = "m.s.bad == 1"\nzero = ["m.s.a"]\n'
    rules = one_sheet('{ id = "a", scale = "yesno" }, { id = "bad", scale = "yesno", score = false }', more=veto)
    assert "Veto: in no case does this condition hold." in untried(tmp_path, rules, "a = '1', bad = '0'")
    assert "Veto: in every case this condition holds." in untried(tmp_path, rules, "a = '1', bad = '1'")
    assert not [s for s in untried(tmp_path, rules, "a = '1', bad = '1'", "a = '1', bad = '0'") if "Veto" in s]


def test_overtime_is_reached_at_its_limit_its_cap_and_its_end(tmp_path: Path) -> None:
    more = (
        '[scales.s]\ntype = "time"\ndecimals = 0\nto = 99\n[[modules.m.overtime]]\nid = "o"\nname = { zh = "超时", en = "Overtime" }\n'
        'time = "s.t"\nlimit = 10\nper = 1\npoints = 1\ncap = 5\nout = { over = 20, status = "dsq" }\n'
    )
    rules = one_sheet('{ id = "a", scale = "yesno" }, { id = "t", scale = "s" }', more=more)
    found = untried(tmp_path, rules, "a = '1', t = '9'")
    assert [s for s in found if s.startswith("Overtime")] == [
        "Overtime: no case goes over time.",
        "Overtime: the border 0 has no case on it, just above.",
        "Overtime: the border 20 has no case on it, just below, just above.",
        "Overtime: no case reaches the cap.",
    ]
    times = [f"a = '1', t = '{n}'" for n in (9, 10, 11, 29, 30, 31)]
    assert not [s for s in untried(tmp_path, rules, *times) if s.startswith("Overtime")]


def test_a_pass_mark_on_below_and_above(tmp_path: Path) -> None:
    rules = one_sheet(
        '{ id = "a", scale = "points", max = 10 }', more='[pass]\nwhen = "practical >= 6"\nranked = "all"\n'
    )
    said = "Practical: the border 6 has no case just below, just above."
    assert said in untried(tmp_path, rules, "a = '6'")
    assert not [s for s in untried(tmp_path, rules, "a = '5'", "a = '6'", "a = '7'") if "Practical" in s]


def test_a_short_panel_and_a_trimmed_one(tmp_path: Path) -> None:
    combine = '{ method = "trimmed", from = 3, least = 2, absent = "exclude" }'
    rules = one_sheet('{ id = "a", scale = "points", max = 9 }', seats=3, combine=combine)
    found = untried(tmp_path, rules, "a = '5'")
    assert "Sheet: no case has an absent seat (absent = exclude)." in found
    assert "Sheet: in no case are there too few seats to trim." in found
    short = ["a = '5'", "a = '4' | absent = ['p.3']", "a = '3' | absent = ['p.2', 'p.3']"]
    assert not [s for s in untried(tmp_path, rules, *short) if s.startswith("Sheet")]


def test_keys_awards_and_statuses(tmp_path: Path) -> None:
    award = '[[awards]]\nid = "gold"\nname = { zh = "金奖", en = "Gold" }\nplaces = [1, 1]\nneeds = "total >= 5"\n'
    rules = one_sheet('{ id = "a", scale = "points", max = 9 }', more=award)
    found = untried(tmp_path, rules, "a = '4'")
    assert "The award Gold: nobody gets it in a case." in found
    assert "No case has an entry with a status (dns, dsq …)." in found
    again = untried(tmp_path, rules, "a = '5'", "a = '6' | status = 'dsq'")
    assert not [s for s in again if "nobody gets" in s or "a status" in s]


@pytest.mark.parametrize(
    ("step", "values", "lacking"),
    [
        (Fraction(1), [4, 5, 6], ""),
        (Fraction(1), [5], "just below, just above"),
        (Fraction(1), [3, 5, 7], "just below, just above"),
        (Fraction(5), [0, 5, 10], ""),
        (Fraction(3), [3, 6], ""),  # 5 is no value of the scale 0, 3, 6, 9
        (None, [Fraction(9, 2), 5, Fraction(11, 2)], ""),
    ],
)
def test_beside_a_border_is_one_step_away(step: Fraction | None, values: list[Fraction], lacking: str) -> None:
    border = Border(Fraction(5), step, Fraction(0), Fraction(10))
    assert border.open([Fraction(value) for value in values])[1] == lacking


def test_the_report_counts_them_by_file(tmp_path: Path) -> None:
    untried(tmp_path, one_sheet(WASTE, more=GRAMS), "a = '2'")
    report = check([tmp_path])
    assert (report.files, report.cases) == (1, 1)
    assert [len(found) for found in report.untried.values()] == [6]  # four of the bands, one mark only, no status
