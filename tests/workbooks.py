"""Marking schemes as Excel workbooks, made for tests, and what came of reading them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

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
