"""Marking schemes in Excel become drafts; every doubt is a finding with its cell. The workbooks are made here."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.errors import CompetitionError
from competition.rules import Rules, load
from competition.rules.drafting.scheme import Scheme
from competition.rules.drafting.text import draft_text
from competition.rules.from_workbook import read_scheme

Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]
HEAD = ("部分", "模块", "评分项", "配分", "类型", "评分标准")
LEGEND = "0分：差；1分：一般；2分：好；3分：优秀"
JUDGES = ("5名裁判独立打分，去掉一个最高分和一个最低分，取平均分",)


def save(path: Path, sheets: dict[str, Rows], merged: Sequence[str] = (), **options: Any) -> Path:
    """A workbook. Text that begins with "=" is a formula without a stored result; "=…→5" one with. merged: ranges of sheet 1."""
    book = xlsxwriter.Workbook(path)
    percent = book.add_format({"num_format": "0%"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place in merged if name == next(iter(sheets)) else ():
            sheet.merge_range(place, "")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str) and value.startswith("="):
                    formula, _, result = value.partition("→")
                    sheet.write_formula(r, c, formula, None, float(result) if result else "")
                elif value is not None:
                    sheet.write(
                        r,
                        c,
                        value,
                        percent if isinstance(value, float) and name in options.get("percent", ()) else None,
                    )
        for row_number in options.get("hidden_rows", ()):
            sheet.set_row(row_number - 1, None, None, {"hidden": True})
        if name in options.get("hidden", ()):
            sheet.hide()
    book.close()
    return path


def scheme_of(tmp_path: Path, rows: Rows, merged: Sequence[str] = (), **options: Any) -> Scheme:
    return read_scheme(save(tmp_path / "评分表.xlsx", {"模块A": rows}, merged, **options))


def errors(scheme: Scheme) -> list[tuple[str, str]]:
    return [(f.where, f.en) for f in scheme.findings if f.severity == "error"]


def notes(scheme: Scheme) -> list[tuple[str, str]]:
    return [(f.where, f.en) for f in scheme.findings if f.severity == "warning"]


def items(scheme: Scheme) -> list[tuple[str, str, str, str]]:
    """Module, name, kind and points of every item."""
    return [(unit.name, a.name, a.kind, f"{a.points:f}") for unit in scheme.units for a in unit.aspects if a.points]


def drafted(tmp_path: Path, scheme: Scheme) -> Rules:
    """The rules of a draft, which must be legal at once."""
    (tmp_path / "draft").mkdir(exist_ok=True)
    (tmp_path / "draft" / "rules.toml").write_text(draft_text(scheme, "draft"), encoding="utf-8")
    loaded = load(tmp_path / "draft")
    assert loaded.rules is not None, [str(f) for f in loaded.findings]
    return loaded.rules


WELDING: Rows = [
    ("焊工技能竞赛评分表",),
    JUDGES,
    (),
    HEAD,
    ("实操（80%）", "外观（60分）", "余高", 20, "测量 M", "0～2 mm 合格"),
    (None, None, "咬边", 10, "M", "每处扣2分，扣完为止"),
    (None, None, "整体观感", 30, "评价（J）", LEGEND),
    (None, None, "小计", "=SUM(D5:D7)→60"),
    (None, "操作", "佩戴护具", 10, "是否", None),
    (None, None, "工艺口述", 10, "打分", "条理清楚"),
    (None, None, "违规操作", -5, "扣分", "每次扣2分"),
    (None, None, "小计", 20),
    ("理论（20%）", "笔试", "卷面", 20, "打分", None),
    ("合计", None, None, 100),
    (),
    ("裁判签名：", None, None, "日期："),
]
MERGED = ("A1:F1", "A2:F2", "A5:A12", "B5:B8", "B9:B12")


def test_a_chinese_workbook_becomes_a_draft_that_is_legal_at_once(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, WELDING, MERGED)
    assert errors(scheme) == []
    assert scheme.title == "焊工技能竞赛评分表"
    assert items(scheme) == [
        ("外观", "余高", "measured", "20"),
        ("外观", "咬边", "measured", "10"),
        ("外观", "整体观感", "judged", "30"),
        ("操作", "佩戴护具", "yesno", "10"),
        ("操作", "工艺口述", "points", "10"),
        ("操作", "违规操作", "deducted", "-5"),
        ("笔试", "卷面", "points", "20"),
    ]
    rules = drafted(tmp_path, scheme)
    assert [(part.name.zh, part.weight) for part in rules.parts] == [("实操", 80), ("理论", 20)]
    # 80 × 80 / 80 + 20 × 20 / 20
    assert rules.max_total == 100
    assert [(m.name.zh, m.out_of) for m in rules.modules] == [("外观", 60), ("操作", 20), ("笔试", 20)]
    assert {panel.id: panel.seats for panel in rules.panels} == {"judges": 5, "measuring": 1, "import": 1}


def test_how_each_kind_of_item_is_worth_points(tmp_path: Path) -> None:
    data = tomllib.loads(draft_text(scheme_of(tmp_path, WELDING, MERGED), "welding"))
    found = {
        item["id"]: {key: item[key] for key in item if key not in ("id", "name", "help")}
        for module in data["modules"].values()
        for sheet in module["sheets"].values()
        for section in sheet["sections"]
        for item in section["items"]
    }
    assert found["a1"] == {"scale": "yesno", "weight": 20, "max": 20}
    assert found["a2"]["bands"] == [
        {"upto": 0, "points": 10}, {"upto": 1, "points": 8}, {"upto": 2, "points": 6},
        {"upto": 3, "points": 4}, {"upto": 4, "points": 2}, {"points": 0},
    ]  # fmt: skip
    assert found["a3"] == {"scale": "j_a3", "worth": 30, "max": 30}
    assert found["a4"] == {"scale": "yesno", "weight": 10, "max": 10}
    assert found["a5"] == {"scale": "points", "max": 10, "step": 1}
    assert found["a6"] == {"scale": "faults", "weight": -2, "floor": -5}
    assert {score: text["zh"] for score, text in data["scales"]["j_a3"]["legend"].items()} == {
        "0": "差", "1": "一般", "2": "好", "3": "优秀",
    }  # fmt: skip
    how = data["modules"]["m1"]["sheets"]["judged"]["combine"]
    assert how == {"method": "trimmed", "low": 1, "high": 1, "from": 5, "least": 5, "absent": "refuse"}


def changed(row: int, column: int, value: Cell) -> list[list[Cell]]:
    """The welding workbook with one cell (both from 1) changed, and its totals left out."""
    rows = [list(each) for each in WELDING]
    rows[row - 1] += [None] * (column - len(rows[row - 1]))
    rows[row - 1][column - 1] = value
    return [[] if n in (8, 12, 14) else each for n, each in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("row", "column", "value", "where", "says"),
    [
        (5, 4, None, "模块A!D5", "No points"),
        (5, 4, "约20", "模块A!D5", '"约20" is not a number'),
        (5, 4, "0-20", "模块A!D5", "is not a number"),
        (5, 4, 0, "模块A!D5", "Worth 0 points"),
        (5, 4, -20, "模块A!C5", "A measurement below 0"),
        (5, 4, "=20*1", "模块A!D5", "formula without a stored result"),
        (9, 5, "观察", "模块A!E9", 'Unknown type "观察"'),
        (9, 5, "测量/评价", "模块A!E9", "Unknown type"),
        (9, 5, None, "模块A!E9", "No type"),
        (9, 3, None, "模块A!C9", "Points without the name"),
        (6, 3, "余高", "模块A!C6", "has the name of 模块A!C5. Is it counted twice?"),
        (7, 6, "看整体", "模块A!C7", "lacks the descriptor of 0, 1, 2, 3"),
        (7, 6, "0分：差；1分：一般；3分：优秀", "模块A!C7", "lacks the descriptor of 2"),
        (11, 4, None, "", ""),
        (11, 6, None, "", ""),
        (2, 1, None, "评分表.xlsx", "how many judges there are"),
        (2, 1, "由裁判打分取平均", "评分表.xlsx", "how many judges there are"),
        (13, 1, "理论", "评分表.xlsx", "don't make 100 %"),
        (13, 1, "理论（30%）", "评分表.xlsx", "don't make 100 %"),
        (5, 2, "外观（55分）", "模块A!B5", "外观 says 55, the items add up to 60"),
    ],
)  # fmt: skip
def test_every_doubt_is_a_finding_with_its_cell(
    tmp_path: Path, row: int, column: int, value: Cell, where: str, says: str
) -> None:
    scheme = scheme_of(tmp_path, changed(row, column, value), MERGED)
    # A wrong number also makes a printed sum wrong, which is said at the sum.
    found = [each for each in errors(scheme) if "add up" in says or "add up" not in each[1]]
    assert [at for at, _ in found] == ([where] if where else [])
    assert all(says in en for _, en in found)
    # Whatever is wrong, the draft is TOML.
    tomllib.loads(draft_text(scheme, "draft"))


@pytest.mark.parametrize(
    ("row", "value", "where", "says"),
    [
        (8, 59, "模块A!D8", "小计 says 59, the items add up to 60"),
        (8, "=SUM(D5:D7)→59", "模块A!D8", "小计 says 59, the items add up to 60"),
        (12, 25, "模块A!D12", "小计 says 25, the items add up to 20"),
        (14, 90, "模块A!D14", "合计 says 90, the items add up to 100"),
    ],
)
def test_subtotals_and_totals_are_checked(tmp_path: Path, row: int, value: Cell, where: str, says: str) -> None:
    rows = [list(each) for each in WELDING]
    rows[row - 1][3] = value
    assert errors(scheme_of(tmp_path, rows, MERGED)) == [(where, f"{says}. Change one of them.")]


def test_a_subtotal_that_was_never_computed_is_said_not_refused(tmp_path: Path) -> None:
    rows = [list(each) for each in WELDING]
    rows[7][3], rows[11][3] = "=SUM(D5:D7)", "=SUM(D9:D11)→0"
    scheme = scheme_of(tmp_path, rows, MERGED)
    assert errors(scheme) == []
    assert [where for where, says in notes(scheme) if "without a stored result" in says] == ["模块A!D8", "模块A!D12"]


@pytest.mark.parametrize("typed", ["２０", "20分", " 20 ", "20.0"])
def test_a_number_typed_as_text_is_taken_with_a_note(tmp_path: Path, typed: str) -> None:
    scheme = scheme_of(tmp_path, changed(5, 4, typed), MERGED)
    assert errors(scheme) == []
    assert (notes(scheme)[1][0], scheme.aspects[0].points) == ("模块A!D5", 20)


def test_hidden_rows_are_read_and_hidden_worksheets_are_not(tmp_path: Path) -> None:
    book = save(tmp_path / "b.xlsx", {"A": WELDING, "旧": WELDING}, MERGED, hidden=("旧",), hidden_rows=(6, 7))
    scheme = read_scheme(book)
    assert len(scheme.aspects) == 7
    assert [f for f in notes(scheme) if "idden" in f[1]] == [
        ("A!6:7", "Hidden rows 6, 7 were read too. Delete those that don't count."),
        ("旧", "A hidden worksheet; it was not read. Unhide it if it counts."),
    ]


def test_points_shared_by_several_items_are_refused_once(tmp_path: Path) -> None:
    rows = changed(6, 4, None)
    rows[6][3] = None
    scheme = scheme_of(tmp_path, rows, (*MERGED, "D5:D7"))
    assert errors(scheme) == [
        ("模块A!D5", "Several items share one cell of points; split it and say what each is worth.")
    ]


def test_an_item_merged_over_its_criteria_is_one_item(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ("实操", "外观", "整体", 100, "评价", "0分：差"),
        *[(None,) * 5 + (t,) for t in ("1分：中", "2分：好", "3分：优")],
    ]
    scheme = scheme_of(tmp_path, [JUDGES, *rows], ("A3:A6", "B3:B6", "C3:C6", "D3:D6", "E3:E6"))
    assert errors(scheme) == []
    assert scheme.aspects[0].legend == {0: "差", 1: "中", 2: "好", 3: "优"}


def test_lines_of_a_merged_item_with_points_each_are_items(tmp_path: Path) -> None:
    rows = [HEAD, ("实操", "外观", "焊缝", 60, "是否", "无气孔"), (None, None, None, 40, "是否", "无夹渣")]
    scheme = scheme_of(tmp_path, [JUDGES, *rows], ("C3:C4",))
    assert [aspect.name for aspect in scheme.aspects] == ["焊缝", "焊缝 无夹渣"]


def test_descriptors_in_columns_below_a_merged_heading(tmp_path: Path) -> None:
    rows: Rows = [
        ("评分项", "分值", "类型", "评分标准", None, None, None),
        (None, None, None, "0分", "1分", "2分", "3分"),
        ("摆盘", 60, "J", "乱", "可", "好", "美"),
        ("口味", 40, "J", "差", "可", None, "佳"),
    ]
    scheme = scheme_of(tmp_path, [*rows, ("3名裁判，取平均",)], ("A1:A2", "B1:B2", "C1:C2", "D1:G1"))
    assert scheme.aspects[0].legend == {0: "乱", 1: "可", 2: "好", 3: "美"}
    assert errors(scheme) == [("模块A!A4", "The judgement lacks the descriptor of 2; 0, 1, 2 and 3 need one each.")]
    assert (scheme.seating.seats, scheme.seating.method) == (3, "mean")


def test_rows_that_are_headings_name_modules_and_groups(tmp_path: Path) -> None:
    rows: Rows = [
        ("序号", "评分项目", "配分", "评分标准"),
        ("模块一 调饮（60分）",),
        ("一、准备",),
        (1, "台面", 20, None),
        ("二、制作（40分）",),
        (2, "手法", 40, None),
        ("模块二 创意",),
        (3, "风味", 40, None),
        ("总计", None, 100),
        ("注：3名裁判打分，取平均分。",),
    ]
    scheme = scheme_of(tmp_path, rows, ("A2:D2", "A3:D3", "A5:D5", "A7:D7"))
    assert errors(scheme) == []
    assert [(unit.name, [group.name for group in unit.groups]) for unit in scheme.units] == [
        ("模块一 调饮", ["一、准备", "二、制作"]),
        ("模块二 创意", [""]),
    ]
    assert drafted(tmp_path, scheme).max_total == 100


def test_english_headings_and_a_worksheet_for_each_module(tmp_path: Path) -> None:
    head = ("No.", "Section", "Item", "Max mark", "Type", "Criteria")
    espresso: Rows = [
        ("Barista",),
        head,
        (1, "Cup", "Crema", 20, "Judgement", LEGEND),
        (2, None, "Spills", 10, "M", "each spill 2 points"),
    ]
    milk: Rows = [head, (1, "Cup", "Foam", 70, "yes/no", None), (None, "Total", None, 70)]
    # One judge and no panel: nothing is to be combined.
    notes_sheet: Rows = [("Assessment by 3 judges; the mean of their marks counts.",)]
    scheme = read_scheme(save(tmp_path / "b.xlsx", {"Espresso": espresso, "Milk": milk, "Notes": notes_sheet}))
    assert errors(scheme) == []
    assert items(scheme) == [
        ("Espresso", "Crema", "judged", "20"),
        ("Espresso", "Spills", "measured", "10"),
        ("Milk", "Foam", "yesno", "70"),
    ]
    assert (
        "Notes",
        "No table of items here (it needs a column of items and one of points); it was not read.",
    ) in notes(scheme)
    assert drafted(tmp_path, scheme).max_total == 100


def test_weights_of_parts_may_stand_in_a_column(tmp_path: Path) -> None:
    rows: Rows = [
        ("部分", "权重", "评分项", "配分"),
        ("理论", 0.2, "卷面", 100),
        ("实操", 0.8, "作品", 100),
        ("三名裁判，取平均",),
    ]
    scheme = scheme_of(tmp_path, rows, percent=("模块A",))
    assert errors(scheme) == []
    assert {part: f"{weight:f}" for part, weight in scheme.weights.items()} == {"理论": "20", "实操": "80"}
    assert drafted(tmp_path, scheme).max_total == 100


def test_parts_without_percentages_that_make_100_are_added(tmp_path: Path) -> None:
    rows: Rows = [("部分", "评分项", "分值"), ("理论", "卷面", 30), ("实操", "作品", 70), ("三名裁判，取平均",)]
    scheme = scheme_of(tmp_path, rows)
    assert errors(scheme) == []
    rules = drafted(tmp_path, scheme)
    # 30 × 100 / 30 × 30 % + 70 × 100 / 70 × 70 %
    assert ([part.weight for part in rules.parts], rules.max_total) == ([30, 70], 100)


CIS = (
    "Sub\nCriterion\nID", "Sub Criterion\nName or Description", "Day of Marking", "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description", "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)", "WSOS Section", "Calculation Row \n(Export only)", "Max\nMark",
)  # fmt: skip


def worldskills(judgement: Rows = (), mark: float = 8) -> Rows:
    """An import sheet: standards, criteria, then a heading row for every criterion."""
    return [
        ("Welding",),
        ("Section", "Standards", None, "Marks"),
        (1, "Work organisation", None, 5),
        ("ID", "Name", None, None, None, None, None, None, None, None, "Mark"),
        ("A", "Inspection", None, None, None, None, None, None, None, None, 10),
        ("B", "Appearance", None, None, None, None, None, None, None, None, 90),
        (*CIS, "Criterion A", "Total\nMark", 10),
        ("A1", "Visual", 1),
        (None, None, None, "M", "No undercut", None, None, "0 mm", 1, None, 2),
        (None, None, None, "J", "Overall look", None, None, None, 1, None, mark),
        *(judgement or [(None,) * 5 + (score, f"descriptor {score}") for score in range(4)]),
        (*CIS, "Criterion B", "Total\nMark", 90),
        ("B1", "Bead", 2),
        (None, None, None, "M", "Bead width", None, "one measurement", None, 1, None, 90),
        (None,) * 9 + ("Total Marks:", 100),
    ]


def test_a_worldskills_import_sheet_is_legal_at_once(tmp_path: Path) -> None:
    scheme = read_scheme(save(tmp_path / "cis.xlsx", {"CIS Marking Scheme Import": worldskills()}))
    assert errors(scheme) == []
    assert items(scheme) == [
        ("A Inspection", "No undercut", "measured", "2"),
        ("A Inspection", "Overall look", "judged", "8"),
        ("B Appearance", "Bead width", "measured", "90"),
    ]
    assert [group.name for unit in scheme.units for group in unit.groups] == ["A1 Visual", "B1 Bead"]
    assert scheme.aspects[1].legend[3] == "descriptor 3"
    rules = drafted(tmp_path, scheme)
    assert rules.max_total == 100
    judged = rules.sheet("m1", "judged")
    assert (judged.panel.seats, judged.spread and (judged.spread.limit, judged.spread.then)) == (3, (1, "hold"))


def test_a_judgement_without_its_descriptors_and_a_wrong_criterion_are_found(tmp_path: Path) -> None:
    rows = worldskills([(None,) * 5 + (0, "only this one")], mark=7.5)
    scheme = read_scheme(save(tmp_path / "cis.xlsx", {"CIS": rows}))
    assert errors(scheme) == [
        ("CIS!K15", "Total Marks: says 100, the items add up to 99.5. Change one of them."),
        ("CIS!N7", "A Inspection says 10, the items add up to 9.5. Change one of them."),
        ("CIS!E10", "The judgement lacks the descriptor of 1, 2, 3; 0, 1, 2 and 3 need one each."),
    ]


def test_without_a_word_on_the_judges_the_draft_is_refused_until_somebody_decides(tmp_path: Path) -> None:
    rows: Rows = [("评分项", "配分", "类型", "评分标准"), ("观感", 100, "J", LEGEND)]
    scheme = scheme_of(tmp_path, rows)
    assert [where for where, _ in errors(scheme)] == ["评分表.xlsx"]
    text = draft_text(scheme, "draft")
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    assert ["combine is missing" in finding.en for finding in load(file).findings] == [True]
    file.write_text(text.replace('# combine = { method = "mean"', 'combine = { method = "mean"'), encoding="utf-8")
    assert load(file).rules is not None


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\xd0\xcf\x11\xe0" + b"0" * 100, "old .xls or has a password"), (b"a,b\n1,2\n", "no readable .xlsx")],
)
def test_what_is_no_workbook_is_refused_in_words(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "b.xlsx"
    file.write_bytes(content)
    with pytest.raises(CompetitionError, match=says):
        read_scheme(file)


def test_a_workbook_without_items_says_so(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, [("姓名", "单位"), ("张三", "一厂")])
    assert [says for _, says in errors(scheme)] == [
        "No items found. The heading row needs a column of items and one of points."
    ]


TEXTS = st.sampled_from(
    [
        "",
        None,
        "小计",
        "合计",
        "模块一",
        "余高",
        "M",
        "J",
        "扣分",
        "5分",
        "每处扣2分",
        LEGEND,
        *JUDGES,
        "注：取平均",
        '"引\\',
        "20%",
        "A1",
    ]
)
CELLS = st.one_of(TEXTS, st.integers(-5, 100), st.sampled_from([0.5, 7.25]), st.text(max_size=5))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, max_size=7), max_size=12),
    merged=st.sampled_from([(), ("A2:A4",), ("D2:D3", "A5:F5")]),
)
def test_whatever_stands_in_the_table_the_draft_is_toml(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Cell]], merged: Sequence[str]
) -> None:
    """No workbook makes the reader fall over, and one without an error is legal at once."""
    rows = [[None if isinstance(c, str) and c.startswith(("=", "{")) else c for c in row] for row in rows]
    folder = tmp_path_factory.mktemp("any")
    scheme = scheme_of(folder, [HEAD, *rows], merged)
    tomllib.loads(draft_text(scheme, "draft"))
    if not errors(scheme):
        drafted(folder, scheme)
