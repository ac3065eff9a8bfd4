"""Layouts of marking schemes in Excel that become drafts: Chinese, English, WorldSkills. The workbooks are made here."""

import tomllib
from pathlib import Path

from competition.rules.drafting.text import draft_text
from competition.rules.from_workbook import read_scheme
from tests.workbooks import (
    HEAD,
    JUDGES,
    LEGEND,
    MERGED,
    WELDING,
    Rows,
    drafted,
    errors,
    items,
    notes,
    save,
    scheme_of,
)


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
