"""Missing is not zero, absent is not missing, statuses are not marks, and polars' traps stay shut."""

from pathlib import Path

from tests.rule_text import legal, one_sheet, result_of, table

POINTS = '{ id = "a", scale = "points", max = 10 }'
TEN = '[scales.ten]\ntype = "steps"\nto = 10\n'
MEAN = '{ method = "mean", least = 2, absent = "exclude" }'


def test_an_unmarked_item_leaves_no_total_and_no_rank(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet(f'{POINTS}, {{ id = "b", scale = "yesno" }}'))
    result = result_of(rules, "full 1 a=1 b=0\nhalf 1 a=10")
    assert table(result) == [("full", 1, "1"), ("half", None, None)]
    assert (result.standings[1].missing, result.standings[1].expected) == (1, 2)


def test_a_seat_that_has_not_marked_is_missing_and_a_seat_recorded_absent_is_not(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet(POINTS, seats=3, combine=MEAN))
    marks = "e 1 a=7\ne 2 a=8"
    assert result_of(rules, marks).standings[0].total is None
    assert result_of(rules, marks, absent="e:3").standings[0].total == "7.5"


def test_a_panel_below_its_least_gives_no_total(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet(POINTS, seats=3, combine=MEAN))
    assert result_of(rules, "e 1 a=7", absent="e:2 e:3").standings[0].total is None


def test_absent_refused_means_no_total(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet(POINTS, seats=2, combine='{ method = "sum", least = 2, absent = "refuse" }'))
    assert result_of(rules, "e 1 a=7", absent="*:2").standings[0].total is None


def test_trimming_waits_for_its_panel(tmp_path: Path) -> None:
    combine = '{ method = "trimmed", from = 5, least = 3, absent = "exclude" }'
    rules = legal(tmp_path, one_sheet(POINTS, seats=5, combine=combine))
    marks = "e 1 a=0\ne 2 a=5\ne 3 a=6\ne 4 a=7"
    assert result_of(rules, marks + "\ne 5 a=10").standings[0].total == "6"
    assert result_of(rules, marks, absent="e:5").standings[0].total == "4.5"


def test_a_third_is_exact_until_the_rule_rounds(tmp_path: Path) -> None:
    combine = '{ method = "mean", least = 3, absent = "exclude" }'
    rules = legal(tmp_path, one_sheet('{ id = "a", scale = "ten", weight = 0.3 }', seats=3, combine=combine, more=TEN))
    result = result_of(rules, "e 1 a=1\ne 2 a=1\ne 3 a=2\nf 1 a=1\nf 2 a=2\nf 3 a=1")
    assert table(result) == [("e", 1, "0.4"), ("f", 1, "0.4")]
    assert result.standings[0].tied


def test_combining_by_item_rounds_each_item(tmp_path: Path) -> None:
    # WorldSkills judgement: mean of three, two places, half up (1 1 2 of 3 → 4/3 → 1.33), then added.
    combine = '{ method = "mean", by = "item", least = 3, absent = "refuse", round = { places = 2, mode = "half_up" } }'
    text = one_sheet(
        '{ id = "a", scale = "points", max = 3 }, { id = "b", scale = "points", max = 3 }', seats=3, combine=combine
    )
    result = result_of(legal(tmp_path, text), "e 1 a=1 b=1\ne 2 a=1 b=1\ne 3 a=2 b=2")
    assert result.standings[0].values["m.s"] == "2.66"


def test_statuses_are_listed_below_and_their_totals_hidden(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet(POINTS))
    result = result_of(rules, "a 1 a=5\nb 1 a=9\nc 1 a=7", status="b:dsq d:dns e:void f:withdrawn g:dnf")
    assert [(s.entry, s.rank, s.status, s.total) for s in result.standings] == [
        ("c", 1, "", "7"), ("a", 2, "", "5"), ("g", None, "dnf", None), ("d", None, "dns", None),
        ("f", None, "withdrawn", None), ("b", None, "dsq", None), ("e", None, "void", None),
    ]  # fmt: skip


def test_equal_totals_share_a_place_and_the_next_is_skipped(tmp_path: Path) -> None:
    result = result_of(legal(tmp_path, one_sheet(POINTS)), "a 1 a=9\nb 1 a=9\nc 1 a=8\nd 1 a=10")
    assert table(result) == [("d", 1, "10"), ("a", 2, "9"), ("b", 2, "9"), ("c", 4, "8")]


def test_forbidden_ties_are_reported(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet(POINTS).replace('"allowed"', '"forbidden"'))
    assert [f.where for f in result_of(rules, "a 1 a=9\nb 1 a=9").findings] == ["entry a", "entry b"]


def test_a_veto_zeroes_what_it_names(tmp_path: Path) -> None:
    more = '[[vetoes]]\nid = "v"\nname = { zh = "否决", en = "Veto" }\nwhen = "m.s.bad == 1"\nzero = ["m.s.a"]\n'
    items = f'{POINTS}, {{ id = "b", scale = "points", max = 5 }}, {{ id = "bad", scale = "yesno", score = false }}'
    rules = legal(tmp_path, one_sheet(items, more=more))
    assert table(result_of(rules, "e 1 a=9 b=3 bad=1\nf 1 a=9 b=3 bad=0")) == [("f", 1, "12"), ("e", 2, "3")]
    # While nobody has said whether the fault was there, there is no total.
    assert result_of(rules, "e 1 a=9 b=3").standings[0].total is None


def test_a_veto_zeroes_a_whole_module_its_overtime_included(tmp_path: Path) -> None:
    more = (
        '[scales.s]\ntype = "time"\nto = 999\n[[modules.m.overtime]]\nid = "o"\nname = { zh = "超", en = "O" }\ntime = "s.t"\n'
        "limit = 10\nper = 1\npoints = 1\n"
        '[[vetoes]]\nid = "v"\nname = { zh = "否决", en = "Veto" }\nwhen = "m.s.bad == 1"\nzero = ["m"]\n'
    )
    items = f'{POINTS}, {{ id = "t", scale = "s" }}, {{ id = "bad", scale = "yesno", score = false }}'
    rules = legal(tmp_path, one_sheet(items, more=more))
    assert table(result_of(rules, "e 1 a=9 t=13 bad=0\nf 1 a=9 t=13 bad=1")) == [("e", 1, "6"), ("f", 2, "0")]


def test_a_section_is_combined_as_its_sheet_is(tmp_path: Path) -> None:
    combine = '{ method = "best", k = 1, by = "item", least = 3, absent = "refuse" }'
    more = '[quantities.q]\nname = { zh = "量", en = "Q" }\nformula = "combined(m.s.all)"\n'
    text = one_sheet(
        '{ id = "a", scale = "points", max = 9 }, { id = "b", scale = "points", max = 9 }',
        seats=3,
        combine=combine,
        more=more,
    )
    result = result_of(legal(tmp_path, text), "e 1 a=6 b=1\ne 2 a=1 b=3\ne 3 a=0 b=0")
    assert result.standings[0].values["m.s"] == result.standings[0].values["q"] == "9"


def test_a_blank_counts_only_where_the_rule_says_what_as(tmp_path: Path) -> None:
    rules = legal(
        tmp_path,
        one_sheet(
            f'{POINTS}, {{ id = "drops", scale = "n", weight = -2, blank = 0 }}',
            more='[scales.n]\ntype = "count"\nto = 9\n',
        ),
    )
    assert table(result_of(rules, "e 1 a=9\nf 1 a=9 drops=2")) == [("e", 1, "9"), ("f", 2, "5")]


def test_closeness_to_the_experts_mark(tmp_path: Path) -> None:
    item = (
        '{ id = "a", scale = "h", tolerance = { target = "key", bands = [ { within = 1, points = 4 }, { within = 3, points = 2 },'
        " { points = 0 } ] } }"
    )
    rules = legal(tmp_path, one_sheet(item, more='[scales.h]\ntype = "steps"\nto = 100\n'))
    marks = "* key a=90\ne 1 a=91\nf 1 a=87\ng 1 a=94"
    assert table(result_of(rules, marks)) == [("e", 1, "4"), ("f", 2, "2"), ("g", 3, "0")]


def test_a_question_left_blank_is_recorded_and_never_right(tmp_path: Path) -> None:
    items = (
        '{ id = "name", scale = "word", key = { points = 2 } },'
        '{ id = "o", scale = "abc", order = { right = { "0" = 0, "1" = 10, "2" = 20, "3" = 20 } } }'
    )
    more = '[scales.word]\ntype = "answer"\n[scales.abc]\ntype = "order"\noptions = ["A", "B", "C"]\n'
    rules = legal(tmp_path, one_sheet(items, more=more))
    result = result_of(rules, "* key name=X o=A_B_C\ne 1 name=— o=—\nf 1 name=x o=A_B_C\ng 1 name=x")
    assert table(result) == [("f", 1, "22"), ("e", 2, "0"), ("g", None, None)]
    assert not result.findings


def test_marks_for_nobody_are_findings(tmp_path: Path) -> None:
    result = result_of(legal(tmp_path, one_sheet(POINTS)), "e 1 a=9 z=1\ne 2 a=4\nf 1 a=11")
    assert {f.where for f in result.findings} == {"m/s/p.1/z", "m/s/p.2/a", "m/s/p.1/a"}


def test_a_cell_marked_twice_is_left_open(tmp_path: Path) -> None:
    result = result_of(legal(tmp_path, one_sheet(POINTS)), "e 1 a=9\ne 1 a=4")
    assert result.standings[0].total is None
    assert [f.where for f in result.findings] == ["e/m/s/p.1/a"]


def test_awards_by_share_round_as_said_and_wait_for_the_last_total(tmp_path: Path) -> None:
    awards = "".join(
        f'[[awards]]\nid = "{i}"\nname = {{ zh = "{i}", en = "{i}" }}\nshare = {s}\nrounding = "half_up"\nof = "entered"\n'
        for i, s in (("first", 10), ("second", 20), ("third", 30))
    )
    rules = legal(tmp_path, one_sheet(POINTS, more=awards))
    marks = "\n".join(f"e{n} 1 a={n}" for n in range(1, 8))
    given = {s.entry: s.award for s in result_of(rules, marks).standings}
    # Seven entrants: 0.7 → 1 first, 1.4 → 1 second, 2.1 → 2 thirds (rules.md section 14).
    assert [e for e, a in given.items() if a == "first"] == ["e7"]
    assert [e for e, a in given.items() if a == "second"] == ["e6"]
    assert [e for e, a in given.items() if a == "third"] == ["e5", "e4"]
    waiting = result_of(rules, marks.replace("e1 1 a=1", "e1 2 a=1"), status="e1:")
    assert all(s.award is None for s in waiting.standings)


def test_seats_far_apart_are_reported(tmp_path: Path) -> None:
    text = one_sheet(POINTS, seats=2, combine=MEAN).replace(
        'name = { zh = "评分表", en = "Sheet" }',
        'name = { zh = "评分表", en = "Sheet" }\nspread = { limit = 2, by = "item" }',
    )
    result = result_of(legal(tmp_path, text), "e 1 a=5\ne 2 a=7\nf 1 a=5\nf 2 a=8")
    assert [f.where for f in result.findings] == ["entry f, m.s a"]


def test_explaining_shows_marks_roundings_and_the_deciding_key(tmp_path: Path) -> None:
    combine = (
        '{ method = "trimmed", from = 5, least = 3, absent = "exclude", round = { places = 2, mode = "half_up" } }'
    )
    rules = legal(tmp_path, one_sheet(POINTS, seats=5, combine=combine))
    result = result_of(rules, "\n".join(f"e {n} a={m}" for n, m in enumerate((5, 6, 7, 8, 10), 1)))
    said = result.explain("e")
    assert "去掉 1 个最高和 1 个最低后取平均，四舍五入到 2 位" in said
    assert "（10）" in said
    assert "7.00" in said
    assert "rounded half_up to 2 places" in result.explain("e", "en")
    lines = result.explain("e").splitlines()
    assert [line.strip() for line in lines if "去掉）" in line] == [
        "评分表 · 席 1  5  （最低，去掉）",
        "评分表 · 席 5  10  （最高，去掉）",
    ]


def test_explaining_shows_the_measured_values_that_a_formula_used(tmp_path: Path) -> None:
    items = (
        '{ scale = "s", id = "t", score = false, name = { zh = "用时", en = "Time" } }, '
        '{ formula = "if(t <= 30, 1, 0)", id = "a", name = { zh = "准时", en = "In time" } }'
    )
    scale = '[scales.s]\ntype = "time"\ndecimals = 1\nto = 99\n'
    result = result_of(legal(tmp_path, one_sheet(items, more=scale)), "e 1 t=30.5")
    assert "准时  0  （用时 30.5s）" in result.explain("e")
