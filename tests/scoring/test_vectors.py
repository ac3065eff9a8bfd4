"""The worked cases of reference/sheets/11_test_vectors.yaml, through rule files and the engine."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rule_text import legal, one_sheet, result_of, table

SHEETS = Path(__file__).parents[3] / "shared" / "reference" / "sheets" / "11_test_vectors.yaml"

CLOCK = '[scales.clock]\ntype = "time"\nto = 7200\n'
TIME = '{ id = "t", scale = "clock" }, { id = "base", scale = "points", max = 100 }'


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    if not SHEETS.is_file():
        pytest.skip("../shared/reference is not here: the vectors of sheet 11 can't be compared")
    loaded: dict[str, Any] = yaml.safe_load(SHEETS.read_text(encoding="utf-8"))
    return loaded


def overtime(rest: str) -> str:
    """A rule file with 100 points and this overtime rule."""
    more = f'{CLOCK}[[modules.m.overtime]]\nid = "over"\nname = {{ zh = "超时", en = "Over" }}\ntime = "s.t"\n{rest}\n'
    return one_sheet(TIME, more=more)


def test_overtime_by_the_second(vectors: dict[str, Any], tmp_path: Path) -> None:
    text = overtime('limit = 900\nper = 1\npoints = 1\ncap = 60\nout = { over = 60, status = "dsq" }')
    rules = legal(tmp_path, text)
    for case in vectors["overtime_wbc"]:
        standing = result_of(rules, f"a 1 t={case['elapsed_s']} base=100").standings[0]
        assert standing.values["m.over"] == str(case["deduct"])
        assert (standing.status == "dsq") is case["dq"]


def test_overtime_by_steps_counts_a_part_whole(vectors: dict[str, Any], tmp_path: Path) -> None:
    rules = legal(tmp_path, overtime('limit = 180\nper = 10\npoints = 2\nout = { over = 60, status = "void" }'))
    for case in vectors["step_overtime_cn"]:
        standing = result_of(rules, f"a 1 t={180 + case['over_s']} base=100").standings[0]
        assert standing.status == case.get("result", "")
        if "deduct" in case:
            assert standing.values["m.over"] == str(case["deduct"])


def test_half_steps(vectors: dict[str, Any], tmp_path: Path) -> None:
    scale = '[scales.s06]\ntype = "steps"\nto = 6\nstep = 0.5\nexcept = [0.5]\n'
    rules = legal(tmp_path, one_sheet('{ id = "a", scale = "s06" }', more=scale))
    for value in vectors["half_steps_wbc"]["valid"]:
        assert not result_of(rules, f"e 1 a={value}").findings
    for value in vectors["half_steps_wbc"]["invalid"]:
        assert "can't be" in result_of(rules, f"e 1 a={value}").findings[0].en


def test_derived_items(vectors: dict[str, Any], tmp_path: Path) -> None:
    scales = '[scales.s]\ntype = "time"\nto = 60\n[scales.g]\ntype = "measure"\nunit = "g"\ndecimals = 1\nto = 50\n'
    bands = ", ".join(f"{{ upto = {g}, points = {6 - g} }}" for g in range(6))
    items = (
        '{ id = "s1", scale = "s", score = false }, { id = "s2", scale = "s", score = false },'
        '{ id = "extraction", formula = "if(abs(s1 - s2) <= 3, 1, 0)" },'
        f'{{ id = "waste", scale = "g", bands = [{bands}, {{ points = 0 }}] }}'
    )
    rules = legal(tmp_path, one_sheet(items, more=scales))
    for case in vectors["derived_items"]:
        if "shots_s" in case:
            one, two = (f"{x:g}" for x in case["shots_s"])
            assert result_of(rules, f"a 1 s1={one} s2={two} waste=50").standings[0].total == str(case["extraction"])
        else:
            total = result_of(rules, f"a 1 s1=1 s2=9 waste={case['waste_g']}").standings[0].total
            assert total == str(case["mark"])


def test_judges_combined(vectors: dict[str, Any], tmp_path: Path) -> None:
    combine = (
        '{ method = "trimmed", from = 5, least = 3, absent = "exclude", round = { places = 2, mode = "half_up" } }'
    )
    rules = legal(tmp_path, one_sheet('{ id = "a", scale = "points", max = 100 }', seats=5, combine=combine))
    for case in vectors["judge_combine"]:
        if "marks" in case:
            marks = "\n".join(f"e {seat} a={mark}" for seat, mark in enumerate(case["marks"], 1))
            total = result_of(rules, marks).standings[0].values["m.s"]
            assert total is not None
            assert Fraction(total) == Fraction(str(case["total"]))


def test_twice_the_agreed_sheet_and_four_judges(vectors: dict[str, Any], tmp_path: Path) -> None:
    case = vectors["judge_combine"][0]
    combine = '{ method = "sum", least = 4, absent = "refuse" }'
    more = (
        '[panels.t]\nname = { zh = "技术", en = "T" }\nseats = 1\nkind = "technical"\n'
        '[modules.m.sheets.t]\npanel = "t"\nname = { zh = "技术", en = "T" }\n'
        'combine = { method = "agreed", times = 2, least = 1, absent = "refuse" }\n'
        '[[modules.m.sheets.t.sections]]\nid = "x"\nname = { zh = "全", en = "All" }\n'
        'items = [ { id = "t", name = { zh = "项", en = "T" }, scale = "points", max = 71 } ]\n'
        '[modules.m.sheets.c]\npanel = "t"\nname = { zh = "超时", en = "C" }\n'
        '[[modules.m.sheets.c.sections]]\nid = "x"\nname = { zh = "全", en = "All" }\n'
        'items = [ { id = "over", name = { zh = "超时", en = "O" }, scale = "points", max = 60, score = false } ]\n'
    )
    text = one_sheet('{ id = "a", scale = "points", max = 178, step = 0.5 }', seats=4, combine=combine, more=more)
    rules = legal(
        tmp_path, text.replace('part = "practical"\n', 'part = "practical"\npoints = "s + t - m.c.over"\n', 1)
    )
    import polars as pl

    from competition.scoring import MARKS, score

    rows = [("e", "m", "s", f"p.{n}", "a", f"{s:g}") for n, s in enumerate(case["S"], 1)]
    rows += [("e", "m", "t", "t.1", "t", str(case["T"])), ("e", "m", "c", "t.1", "over", str(case["over"]))]
    result = score(
        rules, pl.DataFrame(rows, schema=MARKS, orient="row"), pl.DataFrame({"entry": ["e"], "status": [""]})
    )
    assert result.standings[0].total == f"{case['total']:g}"


FACTORS = {"green": {"app": 25, "liq": 10, "aro": 25, "tas": 30, "leaf": 10}}
WUYI = {"wuyi": {"shape": 10, "colour": 10, "liq": 5, "aro": 30, "tas": 35, "leaf": 10}}


def tea(rows: dict[str, dict[str, int]], keys: str = "") -> str:
    """A five-factor (or six-factor) review whose weight row is chosen by tea class."""
    columns = next(iter(rows.values()))
    items = ", ".join(f'{{ id = "{c}", scale = "points", max = 100, weight = "w" }}' for c in columns).replace(
        ", max = 100", ""
    )
    hundred = '[scales.h]\ntype = "steps"\nto = 100\n'
    written = ", ".join(f"{k} = {{ {', '.join(f'{c} = {w}' for c, w in row.items())} }}" for k, row in rows.items())
    values = ", ".join(f'{k} = {{ zh = "{k}", en = "{k}" }}' for k in rows)
    more = (
        f'{hundred}[attributes.tea]\nname = {{ zh = "茶类", en = "Tea" }}\nvalues = {{ {values} }}\n'
        f'[weights.w]\nby = "tea"\nadds_to = 100\nrows = {{ {written} }}\n'
        + "".join(
            f'[quantities.{c}]\nname = {{ zh = "{c}", en = "{c}" }}\nformula = "m.s.{c}.value"\n' for c in columns
        )
    )
    text = one_sheet(items.replace('scale = "points"', 'scale = "h"'), more=more)
    return text.replace(
        'keys = [ { by = "total", best = "high" } ]', f'keys = [ {{ by = "total", best = "high" }}{keys} ]'
    )


def test_tea_totals(vectors: dict[str, Any], tmp_path: Path) -> None:
    for case, rows in zip(vectors["tea_total"], (WUYI, FACTORS), strict=True):
        marks = " ".join(f"{factor}={mark}" for factor, mark in case["marks"].items())
        result = result_of(legal(tmp_path, tea(rows)), f"e 1 {marks}", tea=case["class"])
        assert result.standings[0].total == str(case["total"])


def test_tea_tie_goes_by_factors_in_order(vectors: dict[str, Any], tmp_path: Path) -> None:
    case = vectors["tea_tiebreak"]
    keys = "".join(f', {{ by = "{factor}", best = "high" }}' for factor in case["order"])
    # Same total: b makes up in aroma for what it lacks in appearance, which weighs the same.
    marks = "a 1 app=92 liq=90 aro=88 tas=93 leaf=88\nb 1 app=90 liq=90 aro=90 tas=93 leaf=88"
    result = result_of(legal(tmp_path, tea(FACTORS, keys)), marks, tea="green")
    first, second = result.standings
    assert first.entry == case["winner"]
    assert first.total == second.total
    assert (first.rank, second.rank, first.tied) == (1, 2, False)
    assert first.decided_by is not None
    assert first.decided_by.en == "app"


def test_hierarchical_answers(vectors: dict[str, Any], tmp_path: Path) -> None:
    items = (
        '{ id = "name", scale = "word", key = { points = 2 } },'
        '{ id = "batch", scale = "word", key = { points = 1, requires = "name" } }'
    )
    rules = legal(tmp_path, one_sheet(items, more='[scales.word]\ntype = "answer"\n'))
    for case in vectors["answer_key_dayi"]:
        said = {k: "x" if case[k] == "right" else "y" for k in ("name", "batch")}
        result = result_of(rules, f"* key name=X batch=x\ne 1 name={said['name']} batch={said['batch']}")
        assert result.standings[0].total == str(case["mark"])


def test_order_by_positions_right(vectors: dict[str, Any], tmp_path: Path) -> None:
    item = '{ id = "o", scale = "abc", order = { right = { "0" = 0, "1" = 10, "2" = 20, "3" = 20 } } }'
    rules = legal(tmp_path, one_sheet(item, more='[scales.abc]\ntype = "order"\noptions = ["A", "B", "C"]\n'))
    case = vectors["order_state_paper"]
    for answer in case["answers"]:
        marks = f"* key o={'_'.join(case['key'])}\ne 1 o={'_'.join(answer['given'])}"
        assert result_of(rules, marks).standings[0].total == str(answer["mark"])


def test_thirty_seventy_and_the_higher_practical_first(vectors: dict[str, Any], tmp_path: Path) -> None:
    case = vectors["total_30_70"]
    items = '{ id = "theory", scale = "h" }, { id = "practical", scale = "h" }'
    more = (
        '[scales.h]\ntype = "steps"\nto = 100\nstep = 0.5\n'
        '[quantities.higher]\nname = { zh = "实操", en = "practical mark" }\nformula = "m.s.practical"\n'
    )
    text = one_sheet(items, module='points = "0.3 * s.theory + 0.7 * s.practical"', more=more)
    text = text.replace("s.theory", "m.s.theory").replace("* s.practical", "* m.s.practical")
    text = text.replace('best = "high" } ]', 'best = "high" }, { by = "higher", best = "high" } ]')
    rules = legal(tmp_path, text)
    marks = f"a 1 theory={case['theory']} practical={case['practical']}\nb 1 theory=100 practical=85.5\nc 1 theory=58 practical=87"
    marks += "\nd 1 theory=51 practical=90"
    result = result_of(rules, marks)
    assert table(result)[0] == ("a", 1, str(case["total"]))
    tied = result_of(rules, "x 1 theory=70 practical=70\ny 1 theory=0 practical=100\nz 1 theory=77 practical=67")
    assert [s.entry for s in tied.standings] == ["y", "x", "z"]
    assert tied.standings[0].decided_by is not None
    assert tied.standings[0].decided_by.en == "practical mark"


def test_seven_grades_fail_by_one_or_by_all(vectors: dict[str, Any], tmp_path: Path) -> None:
    factors = [f"f{n}" for n in range(8)]
    worst = " or ".join(f"m.s.{factor}.value == -3" for factor in factors)
    more = (
        '[scales.grades]\ntype = "steps"\nfrom = -3\nto = 3\n'
        f'[pass]\nwhen = "m > -3 and not ({worst})"\nranked = "all"\n'
    )
    items = ", ".join(f'{{ id = "{factor}", scale = "grades" }}' for factor in factors)
    rules = legal(tmp_path, one_sheet(items, more=more))
    for case in vectors["seven_grade"]:
        marks = " ".join(f"{factor}={mark}" for factor, mark in zip(factors, case["marks"], strict=True))
        standing = result_of(rules, f"a 1 {marks}").standings[0]
        assert standing.total == str(case["total"])
        assert standing.passed is (case["verdict"] == "pass"), case


def test_cup_tasters_rank_by_right_answers_then_time(vectors: dict[str, Any], tmp_path: Path) -> None:
    *tasters, expected = vectors["cup_tasters"]
    more = f'{CLOCK}[quantities.time]\nname = {{ zh = "用时", en = "Time" }}\nformula = "m.s.t"\n'
    items = '{ id = "right", scale = "points", max = 8 }, { id = "t", scale = "clock", score = false }'
    text = one_sheet(items, more=more)
    text = text.replace('best = "high" } ]', 'best = "high" }, { by = "time", best = "low" } ]')
    marks = "\n".join(f"{taster['name']} 1 right={taster['correct']} t={taster['s']}" for taster in tasters)
    result = result_of(legal(tmp_path, text), marks)
    assert [(s.entry, s.rank) for s in result.standings] == list(zip(expected["order"], (1, 2, 3), strict=True))
    assert result.standings[1].decided_by is not None
    assert result.standings[1].decided_by.en == "Time"
