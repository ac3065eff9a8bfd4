"""Where a register's table begins, what keeps a file out altogether, and rows that are the same row."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from competition import workbook
from competition.errors import CompetitionError
from competition.registers import EventFacts, compare
from competition.registers import tables as tables_module
from tests.registers.books import HEAD, book, contestants, errors, identity, known, read, rows, warnings

ONE, TWO = identity(1), identity(2)
PERSON = {"person": "P1", "name": "张三", "identity": ONE, "phone": "13800001234", "unit": "north", "event": "baker",
          "team": "", "attributes": "", "consent": "2026-03-05"}  # fmt: skip


def test_the_head_is_found_below_a_title_and_through_merged_cells(tmp_path: Path) -> None:
    def dress(book: Any, sheet: Any) -> None:
        bold = book.add_format({"bold": True})
        sheet.merge_range("A1:D1", "示例市职工技术运动会报名表", bold)
        sheet.merge_range("A3:A4", "姓名*", bold)
        sheet.merge_range("B3:C3", "基本信息", bold)
        sheet.merge_range("D3:D4", "参赛项目（工种）", bold)

    table = [
        (),
        ("填表单位：示例北厂",),
        (),
        (None, "身份证号码", "代表队"),
        ("张三", ONE, "示例北厂", "烘焙师"),
        ("合计", 1),
    ]
    reading = read(book(tmp_path, {"Sheet1": table}, dress))
    assert errors(reading) == []
    assert [(row.line, row.values["name"], row.values["unit"]) for row in rows(reading)] == [(5, "张三", "north")]
    assert ("Sheet1!6", "像是合计或说明，没有导入") in warnings(reading)


def test_every_wrong_cell_is_reported_at_once_with_its_address(tmp_path: Path) -> None:
    reading = contestants(
        tmp_path, ("张三", ONE, "示例东厂", "烘焙师"), (None, TWO, "示例南厂", "不存在的赛项"), ("李四", "123", None, "烘焙师"),
        ("12345", identity(3), "示例北厂", "烘焙师"),
    )  # fmt: skip
    assert [where for where, _ in errors(reading)] == ["选手!C2", "选手!A3", "选手!D3", "选手!B4", "选手!C4", "选手!A5"]
    assert errors(reading)[0][1] in {f"没有“示例东厂”，是不是“示例{one}厂”？" for one in "北南"}


def test_the_same_person_twice_in_one_event_and_one_number_with_two_names(tmp_path: Path) -> None:
    reading = contestants(
        tmp_path, ("张三", ONE, "示例北厂", "烘焙师"), ("张三", ONE, "示例北厂", "烘焙师"), ("李四", ONE, "示例北厂", "评茶师"),
    )  # fmt: skip
    assert ("选手!A3", "与第 2 行是同一人、同一赛项") in errors(reading)
    assert ("选手!A4", "与第 2 行是同一证件号，姓名却不同") in errors(reading)


def test_attributes_are_read_by_name_or_id_and_a_needed_one_is_asked_for(tmp_path: Path) -> None:
    head = (*HEAD, "参赛属性")
    reading = contestants(
        tmp_path, ("张三", ONE, "示例北厂", "评茶师", "茶类=绿茶；组别=第3组"), ("李四", TWO, "示例北厂", "评茶师", "tea_class=black"),
        ("王五", identity(3), "示例北厂", "评茶师", None), ("赵六", identity(4), "示例北厂", "评茶师", "茶类=白茶"), head=head,
    )  # fmt: skip
    assert [row.values["attributes"] for row in rows(reading)][:2] == ["heat=第3组;tea_class=green", "tea_class=black"]
    assert errors(reading) == [
        ("选手!E4", "缺少茶类，请填“茶类=…”，可用：绿茶、红茶"), ("选手!E5", "茶类没有“白茶”，可用：绿茶、红茶"),
    ]  # fmt: skip


def test_hidden_rows_are_read_and_hidden_sheets_are_not_both_said(tmp_path: Path) -> None:
    def dress(book: Any, sheet: Any) -> None:
        sheet.set_row(1, None, None, {"hidden": True})
        book.get_worksheet_by_name("旧").hide()

    table = [HEAD, ("张三", ONE, "示例北厂", "烘焙师")]
    reading = read(book(tmp_path, {"选手": table, "旧": table, "说明": [("随便写",)]}, dress))
    assert len(rows(reading)) == 1
    said = [where for where, _ in warnings(reading)]
    assert said == ["选手", "旧", "说明"]


def test_two_sheets_of_one_kind_are_refused(tmp_path: Path) -> None:
    table = [HEAD, ("张三", ONE, "示例北厂", "烘焙师")]
    assert errors(read(book(tmp_path, {"选手": table, "选手2": table}))) == [
        ("选手2", "与“选手”是同一种表，请合并成一张")
    ]


def test_a_column_twice_is_an_error_and_an_unknown_one_a_warning(tmp_path: Path) -> None:
    reading = contestants(tmp_path, ("张三", ONE, "示例北厂", "烘焙师", "x", "L"), head=(*HEAD, "代表队", "衣服尺码"))
    assert errors(reading) == [("选手!E1", "这一列出现了两次，请删去一列")]
    assert ("选手!F1", "不认识这一列，没有导入") in warnings(reading)


def test_sheets_of_one_file_may_refer_to_each_other(tmp_path: Path) -> None:
    """Units, programme, officials and contestants in one workbook, none of them there before."""
    sheets = {
        "选手": [HEAD, ("张三", ONE, "新单位", "电工")],
        "裁判": [("用户名", "姓名", "角色", "赛项", "裁判席"), ("j1", "裁判甲", "裁判", "电工", "main.1")],
        "工种": [
            ("序号", "工种代码", "工种名称", "产业链", "规则文件"),
            (7, "electrician", "电工", "新链", "electrician"),
        ],
        "单位": [("单位名称",), ("新单位",)],
        "产业链": [("代码", "产业链名称"), ("new", "新链")],
    }
    facts = EventFacts("electrician", ("电工",), {}, {}, frozenset({"main.1"}))
    reading = read(book(tmp_path, sheets), known(rule_facts=lambda folder: facts if folder == "electrician" else None))
    assert errors(reading) == []
    unit = rows(reading, "units")[0].values["id"]
    assert rows(reading)[0].values["unit"] == unit
    assert unit.startswith("u-")
    assert rows(reading)[0].values["event"] == "electrician"
    assert rows(reading, "officials")[0].key == "j1|electrician|judge"
    assert rows(reading, "programme")[0].values["chain"] == "new"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("e1", "甲", "加密员", "评茶师", None), "加密员不得参与打分"),
        (("j2", "乙", "裁判", "评茶师", "taste.9"), "没有裁判席 taste.9"),
        (("j2", "乙", "裁判", None, "taste.1"), "填了裁判席就要填赛项"),
        (("j2", "乙", "裁判", "评茶师", "taste.1"), "裁判席 taste.1 在第 2 行已有人"),
        (("j1", "另名", "裁判长", "评茶师", None), "与第 2 行同一用户名的姓名不同"),
        (("j1", "甲", "裁判", "评茶师", None), "与第 2 行重复"),
        (("j 1号", "甲", "裁判", None, None), "只能用字母"),
        (("j3", "丙", "顾问", None, None), "没有这种角色"),
    ],
)
def test_officials_that_cannot_be(tmp_path: Path, row: tuple[Any, ...], said: str) -> None:
    head = ("用户名", "姓名", "角色", "赛项", "裁判席")
    table = [head, ("j1", "甲", "裁判", "评茶师", "taste.1"), ("e1", "戊", "裁判", "烘焙师", None), row]
    assert any(said in zh for _, zh in errors(read(book(tmp_path, {"裁判": table}))))


def test_differences_say_new_changed_gone_and_same(tmp_path: Path) -> None:
    there = [
        PERSON,
        PERSON | {"person": "P2", "name": "李四", "identity": TWO},
        PERSON | {"person": "P3", "name": "旧人", "identity": identity(9)},
    ]
    seen = known({"contestants": there})
    table = [
        HEAD,
        ("张三丰", ONE, "示例北厂", "烘焙师"),
        ("李四", TWO, "示例北厂", "烘焙师"),
        ("新人", identity(5), "示例南厂", "烘焙师"),
    ]
    reading = read(book(tmp_path, {"选手": table}), seen)
    found = compare(reading.sheets["contestants"], seen)
    assert [(one.change, one.key.split("|")[0], one.fields) for one in found] == [
        ("changed", "P1", ("name",)), ("new", f"new:{identity(5)}", ()), ("gone", "P3", ()), ("same", "P2", ()),
    ]  # fmt: skip


def test_an_empty_cell_never_erases_a_number_and_a_covered_one_stands_for_it(tmp_path: Path) -> None:
    seen = known({"contestants": [PERSON]})
    head = ("系统编号", *HEAD, "手机", "队")
    for covered, wrong in ((f"{'*' * 14}{ONE[-4:]}", 0), (None, 0), (f"{'*' * 14}0000", 1)):
        table = [head, ("P1", "张三", covered, "示例北厂", "烘焙师", None, "一队")]
        reading = read(book(tmp_path, {"选手": table}), seen)
        assert len(errors(reading)) == wrong
        changed = [one.fields for one in compare(reading.sheets["contestants"], seen) if one.change == "changed"]
        assert changed == ([] if wrong else [("team",)])


def test_after_the_draw_nobody_joins(tmp_path: Path) -> None:
    seen = known({"contestants": [PERSON]})
    seen.events["baker"] = replace(seen.events["baker"], drawn=True)
    table = [HEAD, ("张三改", ONE, "示例北厂", "烘焙师"), ("新人", TWO, "示例北厂", "烘焙师")]
    reading = read(book(tmp_path, {"选手": table}), seen)
    compare(reading.sheets["contestants"], seen)
    assert errors(reading) == [("选手!D3", "这个赛项已经抽签，不能再增加或改组参赛")]


# What keeps a file out altogether


def _repacked(raw: bytes, name: str, change: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        (SHEET, lambda raw: ENTITY + raw[raw.index(b"<worksheet") :], "DOCTYPE"),
        (
            SHEET,
            lambda raw: b"<!-- " + b"x" * 5000 + b" -->" + ENTITY[21:] + raw[raw.index(b"<worksheet") :],
            "DOCTYPE",
        ),
        (SHEET, lambda raw: raw.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "DOCTYPE"),
        (SHEET, lambda raw: raw + b" " * 60_000_000, "unpacks to too much"),
        (SHEET, lambda raw: raw[:200], "no readable"),
        ("xl/vbaProject.bin", lambda raw: b"macro", "has macros"),
    ],
)
def test_what_is_no_honest_workbook_is_refused(tmp_path: Path, part: str, change: Any, said: str) -> None:
    raw = _repacked(book(tmp_path, {"选手": [HEAD, ("张三", ONE, "示例北厂", "烘焙师")]}), part, change)
    with pytest.raises(CompetitionError, match=said):
        read(raw)


def test_too_many_rows_cells_or_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = book(tmp_path, {"选手": [HEAD, *[("张三", ONE, "示例北厂", "烘焙师")] * 6]})
    monkeypatch.setattr(tables_module, "MOST_ROWS", 5)
    with pytest.raises(CompetitionError, match="at most 5"):
        read(raw)
    monkeypatch.setattr(workbook, "MOST_CELLS", 5)
    with pytest.raises(CompetitionError, match="> 5 cells"):
        read(raw)
    with pytest.raises(CompetitionError, match="at most 8 MB"):
        read(b"x" * 8_000_001)


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\x01\x02", b"\xff\xd8\xff\xe0jpeg\x00", b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0old"]
)
def test_what_is_no_table_is_said_to_be_none(raw: bytes) -> None:
    if raw.startswith((b"PK", b"\xd0", b"\x00", b"\xff")):
        with pytest.raises(CompetitionError, match=r"图片\.jpg"):
            read(raw, name="图片.jpg")
    else:
        assert errors(read(raw, name="图片.jpg"))[0][1].startswith("没有认出任何表")


def test_an_event_is_called_by_its_name_not_by_its_number() -> None:
    """导游 is shorter than its number in the list."""
    seen = known()
    seen.learn("events", "tour_guide", "tour_guide", "导游", "104")
    assert seen.name_of("events", "tour_guide") == "导游"
    seen.learn("events", "other", "other", "导游")
    assert seen.name_of("events", "tour_guide") == "tour_guide", "a name of two says neither"
