"""What spreadsheets do to the text of a register: mended where that is safe, said with its cell where it isn't."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from competition.errors import CompetitionError
from competition.registers.identity import check_digit, identity_fault, masked
from competition.workbook import read_bytes
from tests.registers.books import (
    HEAD,
    UNITS,
    book,
    contestants,
    csv_bytes,
    errors,
    identity,
    known,
    read,
    rows,
    warnings,
)

ONE = identity(1)


def test_an_identity_number_stored_as_a_number_is_lost_and_said(tmp_path: Path) -> None:
    """Excel keeps 15 of 18 digits; what is left must not be taken for somebody's number."""
    reading = contestants(tmp_path, ("张三", 410000199003070018, "示例北厂", "烘焙师"))
    assert [where for where, _ in errors(reading)] == ["选手!B2"]
    assert "只留 15 位" in errors(reading)[0][1]
    assert rows(reading)[0].values["identity"] == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("4.10000199003071E+17", "科学记数法"),
        ("410000199003070000", "末尾是 000"),
        (ONE[:17] + ("0" if ONE[17] != "0" else "1"), "校验位不对"),
        (ONE[:17], "应为 18 位，这里有 17 位"),
        (identity(1, "19901307"), "出生日期不对"),
        ("99" + ONE[2:], "地区或出生日期不对"),
    ],
)
def test_an_impossible_number_is_refused_and_never_repeated(tmp_path: Path, typed: str, said: str) -> None:
    reading = contestants(tmp_path, ("张三", typed, "示例北厂", "烘焙师"))
    assert [where for where, _ in errors(reading)] == ["选手!B2"]
    assert said in errors(reading)[0][1]
    assert not any(typed in one.zh + one.en for one in reading.faults)


@pytest.mark.parametrize(
    "typed",
    [
        ONE, f" {ONE} ", f"\u200b{ONE}", f"'{ONE}", ONE[:6] + " " + ONE[6:14] + " " + ONE[14:], ONE.lower(),
        "".join(chr(ord(c) + 0xFEE0) for c in ONE), f"\ufeff{ONE}\u202c", f"\u3000{ONE}",
    ],
)  # fmt: skip
def test_a_number_comes_through_what_hands_and_chats_add(tmp_path: Path, typed: str) -> None:
    reading = contestants(tmp_path, ("张三", typed, "示例北厂", "烘焙师"))
    assert errors(reading) == []
    assert rows(reading)[0].values["identity"] == ONE


def test_check_digits_are_those_of_the_standard() -> None:
    """The two examples printed in GB 11643-1999."""
    assert check_digit("11010519491231002") == "X"
    assert check_digit("44052418800101001") == "4"
    assert identity_fault("11010519491231002X") is None
    assert identity_fault("440524188001010014") is not None, "born in 1880: nobody competes at 146"


def test_numbers_are_shown_by_their_last_four() -> None:
    assert masked("11010519491231002X") == "**************002X"
    assert masked("123") == "123"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("张　三", "张三"), ("张 三", "张三"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("阿依古丽．买买提", "阿依古丽·买买提"),
     ("John  Smith", "John Smith"), ("㛃某", "㛃某"), ("𬭎某", "𬭎某"), ("㈱某", "㈱某")],
)  # fmt: skip
def test_names_keep_their_rare_characters_and_lose_their_padding(tmp_path: Path, typed: str, name: str) -> None:
    reading = contestants(tmp_path, (typed, ONE, "示例北厂", "烘焙师"))
    assert errors(reading) == []
    assert rows(reading)[0].values["name"] == name
    assert bool(warnings(reading)) == (name not in (typed, " ".join(typed.split())))


def test_a_character_no_font_has_is_a_warning_with_its_cell(tmp_path: Path) -> None:
    raw = book(tmp_path, {"选手": [HEAD, ("㛃某", ONE, "示例北厂", "烘焙师")]})
    reading = read(raw, known(unprintable=lambda text: [c for c in text if c == "㛃"]))
    assert errors(reading) == []
    assert warnings(reading) == [("选手!A2", "字体里没有 㛃（U+36C3），证书上会是空白，请核对用字")]


def _days(book: Any, sheet: Any) -> None:
    sheet.write_datetime(1, 4, date(2026, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_datetime(2, 4, date(2026, 3, 5), book.add_format({"num_format": 14}))
    sheet.write_number(3, 4, 46086)
    for line, text in enumerate(("2026.3.5", "2026年3月5日", "20260305", "2026/03/05"), 4):
        sheet.write_string(line, 4, text)
    sheet.write_string(8, 4, "去年")


def test_days_are_days_however_they_are_written(tmp_path: Path) -> None:
    table = [(*HEAD, "同意日期"), *((f"人{chr(0x4E00 + n)}", identity(n), "示例北厂", "烘焙师") for n in range(8))]
    reading = read(book(tmp_path, {"选手": table}, _days))
    assert [row.values["consent"] for row in rows(reading)][:7] == ["2026-03-05"] * 7
    assert [where for where, _ in errors(reading)] == ["选手!E9"]
    assert [where for where, _ in warnings(reading)] == ["选手!E4"], "a bare number is read and said"


def test_a_formula_is_read_by_its_result_and_a_failed_one_is_an_error(tmp_path: Path) -> None:
    def dress(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, 0, '=D1&"x"', None, "张三")
        sheet.write_formula(2, 0, "=VLOOKUP(1,A:A,1)", None, "#N/A")

    table = [HEAD, (None, identity(1), "示例北厂", "烘焙师"), (None, identity(2), "示例北厂", "烘焙师")]
    reading = read(book(tmp_path, {"选手": table}, dress))
    assert rows(reading)[0].values["name"] == "张三"
    assert [where for where, _ in errors(reading)] == ["选手!A3"]
    assert ("选手!A1", "这一列有 2 个公式，按算好的值读") in warnings(reading)


def test_a_telephone_as_a_number_stays_whole(tmp_path: Path) -> None:
    head = (*HEAD, "手机")
    reading = contestants(
        tmp_path, ("张三", ONE, "示例北厂", "烘焙师", 13800001234), ("李四", identity(2), "示例北厂", "烘焙师", 3713912345),
        ("王五", identity(3), "示例北厂", "烘焙师", "１３８－００００－１２３４"),
        ("赵六", identity(4), "示例北厂", "烘焙师", "无"), head=head,
    )  # fmt: skip
    assert [row.values["phone"] for row in rows(reading)] == ["13800001234", "3713912345", "13800001234", ""]
    assert [where for where, _ in errors(reading)] == ["选手!E5"]
    assert ("选手!E3", "数字格式会丢掉开头的 0，请核对") in warnings(reading)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_encoding_offices_save(encoding: str, delimiter: str) -> None:
    raw = csv_bytes([HEAD, ("欧阳示例", ONE, "示例北厂", "烘焙师")], encoding, delimiter)
    reading = read(raw, name="报名.csv")
    assert errors(reading) == []
    assert rows(reading)[0].values == {
        "name": "欧阳示例", "identity": ONE, "unit": "north", "event": "baker", "person": f"new:{ONE}",
    }  # fmt: skip


def test_gbk_of_chinese_excel_is_read() -> None:
    reading = read("姓名,身份证号,单位,赛项\r\n张三,,示例北厂,烘焙师\r\n".encode("gbk"), name="a.csv")
    assert rows(reading)[0].values["name"] == "张三"


def test_a_csv_line_with_one_quote_says_which(tmp_path: Path) -> None:
    with pytest.raises(CompetitionError, match="line 2"):
        read('姓名,身份证号,单位,赛项\n"张三,,示例北厂,烘焙师\n'.encode(), name="a.csv")


def test_numbers_of_a_workbook_are_what_excel_shows(tmp_path: Path) -> None:
    (sheet,) = read_bytes(book(tmp_path, {"a": [(0.1, 1e17)]}), "a.xlsx")
    assert [sheet.cells[1, 1].value, sheet.cells[1, 2].text] == [Decimal("0.1"), "100000000000000000"]


def test_the_units_of_these_tests_are_invented() -> None:
    assert all("示例" in unit["name"] for unit in UNITS)
