"""The clerk's desk: theory marks from a table and answer cards by code; refused whole and cell by cell; no name anywhere."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from competition import judging
from tests.laid_out import LaidOut
from tests.web.clerk_stage import EVENT, KEY, NAMES, SECRETS, Desk, Stage, lay_out

THEORY = f"/desk/events/{EVENT}/theory"
CARDS = f"/desk/events/{EVENT}/cards"
GOOD = "编号,成绩\nS01,86.5\nS02,70\nS03,91\n"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Stage]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite", var=tmp_path) as stage:
        yield stage


@pytest.fixture
def desk(stage: Stage) -> Iterator[Desk]:
    """The clerk's browser. Whatever a test does, no page it was shown tells a name or a unit."""
    with stage.desk("clerk") as desk:
        yield desk
    assert not [secret for secret in SECRETS for page in desk.shown if secret in page]


def words(text: str) -> str:
    """A page as it is read."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def box(answer: Any) -> str:
    """What stands in the box after an answer."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def check(desk: Desk, text: str, **more: str) -> Any:
    return desk.post(THEORY, {"text": text, "do": "check", **more}, files={"file": ("", b"")})


def confirm(desk: Desk, text: str, **more: str) -> Any:
    """Confirm what a check of the same text showed."""
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', check(desk, text).text)
    sent = {"text": text, "do": "confirm", "seen": seen[1] if seen else "", **more}
    return desk.post(THEORY, sent, files={"file": ("", b"")})


def upload(desk: Desk, raw: bytes) -> Any:
    return desk.post(THEORY, {"text": "", "do": "check"}, files={"file": ("theory.csv", raw, "text/csv")})


def kinds(stage: Stage) -> list[str]:
    def look(conn: Any) -> list[str]:
        return list(conn.exec_driver_sql("SELECT kind FROM ledger ORDER BY seq").scalars())

    return stage.read(look)


def test_an_import_is_shown_first_and_then_changes_the_standings(stage: Stage, desk: Desk) -> None:
    before = kinds(stage)
    dry = words(check(desk, GOOD).text)
    assert "检查通过，还没有写入" in dry
    assert "新增 3" in dry
    assert kinds(stage) == before
    done = confirm(desk, GOOD)
    assert done.headers["location"].endswith("done=3")
    assert "已导入 3 项成绩并签名" in words(desk.get(done.headers["location"]).text)
    assert stage.marks("mark") == {"S01": "86.5", "S02": "70", "S03": "91"}
    assert kinds(stage)[len(before) :].count("sign") == 3
    theory = {one.entry: one.values["theory"] for one in stage.read(judging.standings, EVENT).standings}
    assert {stage.codes()[entry][0]: value for entry, value in theory.items()} == {
        "S01": "86.5",
        "S02": "70",
        "S03": "91",
    }


def test_the_same_table_again_has_nothing_to_import(stage: Stage, desk: Desk) -> None:
    confirm(desk, GOOD)
    after = kinds(stage)
    page = words(check(desk, GOOD).text)
    assert "与现有成绩完全相同" in page
    assert "确认导入" not in page
    confirm(desk, GOOD)
    assert kinds(stage) == after


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.encode("gb18030"),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.replace("\n", "\r\n").replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode(),
        b'code,mark\ns01, 86.50 \n\nS02,70.0\n"S03",91',
    ],
    ids=["gbk", "bom", "utf-16", "semicolon", "tab", "loose"],
)
def test_tables_as_spreadsheets_save_them(desk: Desk, raw: bytes) -> None:
    answer = upload(desk, raw)
    page = words(answer.text)
    assert "检查通过" in page
    assert "86.5" in page
    assert "没有缺的" in page


BAD = "编号,成绩\nS01,８６\nS09,70\nS02,100.3\nS03,91\nS03,90\nP01,55\n不是编号,60\nS01\n,5\n"


def test_every_wrong_cell_is_named_and_nothing_is_written(stage: Stage, desk: Desk) -> None:
    before = kinds(stage)
    page = words(check(desk, BAD).text)
    for said in (
        "2 卷面总分 ✕ “８６”里的“８６”是全角字符，请改成半角“86”",
        "3 编号 ✕ 这个赛项没有编号“S09”",
        "4 卷面总分 ✕ “卷面总分”不能是“100.3”",
        "6 编号 ✕ “S03”与第 5 行重复",
        "7 编号 ✕ “P01”是评审号，前面用的是参赛号",
        "8 编号 ✕ 这不是编号",
        "9 编号 ✕ “S01”与第 2 行重复",
        "10 编号 ✕ 没有编号",
        "9 卷面总分 ▲ 没有填成绩",
    ):
        assert said in page, said
    assert "8 处不对" in page
    assert "确认导入" not in page
    refused = confirm(desk, BAD)
    assert refused.status_code == 422
    assert "没有写入任何成绩" in words(refused.text)
    assert box(refused) == BAD
    assert kinds(stage) == before
    english = words(desk.post(f"{THEORY}?lang=en", {"text": BAD, "do": "check"}, files={"file": ("", b"")}).text)
    assert "no entry of this event has code “S09”" in english


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("S01,86\nS02,70\n", "第 1、2 列不认识"),
        ("编号,单位,成绩\nS01,x,86\n", "第 2 列不认识"),
        ("编号\uff0c成绩\nS01\uff0c86\n", "全角逗号"),
        ("编号\nS01\n", "标题行应有一列“编号”"),
        ("编号,成绩,分数\nS01,1,2\n", "标题行应有一列“编号”"),
        ("编号,成绩\n", "标题行下面没有成绩"),
        ('编号,成绩\n"S01,86\nS02,70\n', "引号没有成对"),
        ("", "还没有内容"),
        ("编号,成绩\n" + "S01,86\n" * 40_000, "超过 256 kB"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_and_stays_in_the_box(desk: Desk, text: str, said: str) -> None:
    answer = check(desk, text)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert box(answer) == text


def test_a_workbook_is_refused_by_what_it_is(desk: Desk) -> None:
    assert "这是 Excel 工作簿" in words(upload(desk, b"PK\x03\x04 and so on").text)
    assert "不是文本" in words(upload(desk, b"\x00\x01\x02\xff").text)


def test_a_name_in_the_place_of_a_code_is_not_repeated(stage: Stage) -> None:
    """Whoever pastes a list of names is told so without the name in the finding; the box still holds what they pasted."""
    with stage.desk("clerk") as desk:
        answer = check(desk, f"编号,成绩\n{NAMES[0]},86\n")
        assert "这不是编号" in words(answer.text)
        assert answer.text.count(NAMES[0]) == 1
        assert check(desk, f"{NAMES[0]},成绩\nS01,86\n").text.count(NAMES[0]) == 1


def test_a_signed_mark_is_corrected_only_after_the_chief_unlocks_and_with_a_reason(stage: Stage, desk: Desk) -> None:
    confirm(desk, GOOD)
    changed = GOOD.replace("70", "72")
    assert "现有 70，表里是 72。要更正，请裁判长先解锁" in words(check(desk, changed).text)
    sheet = next(one.sheet for one in stage.read(judging.progress, EVENT)
                 if one.name == "paper" and stage.codes()[one.entry][0] == "S02")  # fmt: skip
    stage.do(judging.unlock_sheet, sheet, stage.people["chief"], "登分错误")
    assert "70 → 72" in words(check(desk, changed).text)
    refused = confirm(desk, changed)
    assert "请写明更正理由" in words(refused.text)
    assert confirm(desk, changed, reason="登分表抄错").status_code == 303
    assert stage.marks("mark")["S02"] == "72"


def test_marks_that_moved_after_the_check_are_checked_anew(stage: Stage, desk: Desk) -> None:
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', check(desk, GOOD).text)
    assert seen is not None
    confirm(desk, "编号,成绩\nS01,86.5\n")
    answer = desk.post(THEORY, {"text": GOOD, "do": "confirm", "seen": seen[1]}, files={"file": ("", b"")})
    assert answer.status_code == 409
    assert "检查之后变了" in words(answer.text)
    assert stage.marks("mark") == {"S01": "86.5"}


def test_a_table_in_part_says_who_is_missing(desk: Desk) -> None:
    assert "仍缺成绩 2" in words(check(desk, "编号,成绩\nS02,70\n").text)


def filled(**other: str) -> dict[str, str]:
    """A card's form, fully written."""
    samples = {f"{name}@{n}": str(n) for n in range(1, 11) for name in ("name", "batch")}
    fields = {f"item.{item}": value for item, value in ({**KEY, **samples} | other).items()}
    return {**fields, "reason": "按答题卡录入", "do": "save"}


def send(desk: Desk, sheet: str, form: dict[str, str]) -> Any:
    """Send the form as the page stands now."""
    version = re.search(r'name="version" value="(\d+)"', desk.get(f"{CARDS}/{sheet}").text)
    return desk.post(f"{CARDS}/{sheet}", {"version": version[1] if version else "", **form})


def points(stage: Stage, code: str) -> dict[str, str]:
    """What some items of a card are worth, as the scoring engine explains it."""
    entry = next(entry for entry, codes in stage.codes().items() if codes[2] == code)
    lines = stage.read(judging.standings, EVENT).explain(entry, "zh").splitlines()
    found = {words[0]: words[1] for line in lines if len(words := line.split()) > 1}
    return {item: found[item] for item in ("茶类", "三只茶样品质由高到低排序", "茶名(1)", "茶名(2)", "批次(2)")}


def test_a_card_is_keyed_signed_and_scored_once_the_key_is_set(stage: Stage, desk: Desk) -> None:
    sheet = stage.card("P02")
    page = words(desk.get(f"{CARDS}/{sheet}").text)
    for said in ("P02", "茶类", "绿茶", "三只茶样品质由高到低排序", "样品 10", "批次"):
        assert said in page, said
    saved = send(desk, sheet, filled(ranking="bac"))
    assert saved.headers["location"].endswith("done=saved")
    assert stage.marks("ranking") == {next(codes[0] for codes in stage.codes().values() if codes[2] == "P02"): "B A C"}
    assert "待签 23/23" in words(desk.get(CARDS).text)
    assert send(desk, sheet, {**filled(), "do": "sign"}).headers["location"].endswith("done=signed")
    signed = words(desk.get(f"{CARDS}/{sheet}", done="signed").text)
    assert "已签名，录入完成" in signed
    assert "下一张：P01" in signed or "下一张：P03" in signed
    clock = next(one.sheet for one in stage.read(judging.progress, EVENT) if (one.code, one.name) == ("P02", "clock"))
    times = {f"time_{n}": "600" for n in (1, 2, 3)}
    stage.do(judging.key_marks, clock, times, stage.people["clerk"], "按计时单录入")
    assert points(stage, "P02") == {
        "茶类": "—",
        "三只茶样品质由高到低排序": "—",
        "茶名(1)": "—",
        "茶名(2)": "—",
        "批次(2)": "—",
    }
    key = KEY | {f"{name}@{n}": "2" for n in range(1, 11) for name in ("name", "batch")}
    stage.do(judging.set_sample_key, EVENT, "paper", "cards", key, stage.people["supervisor"], rng_bytes=stage.rng)
    assert points(stage, "P02") == {
        "茶类": "4",
        "三只茶样品质由高到低排序": "20",
        "茶名(1)": "0",
        "茶名(2)": "2",
        "批次(2)": "1",
    }


def test_wrong_fields_are_named_beside_them_and_nothing_is_lost(stage: Stage, desk: Desk) -> None:
    sheet, before = stage.card("P01"), kinds(stage)
    answer = send(desk, sheet, filled(ranking="B A A", class_given="purple"))
    assert answer.status_code == 422
    page = words(answer.text)
    assert "2 格不对，没有保存" in page
    assert "“三只茶样品质由高到低排序”不能是“B A A”。可以是：A B C 的一种排列" in page
    assert answer.text.count('aria-invalid="true"') == 2
    assert 'value="B A A"' in answer.text
    assert 'value="六安瓜片"' in answer.text
    assert kinds(stage) == before


def test_an_unfinished_card_is_saved_but_not_signed(stage: Stage, desk: Desk) -> None:
    sheet = stage.card("P01")
    answer = send(desk, sheet, {**filled(ranking=""), "do": "sign"})
    page = words(desk.get(answer.headers["location"]).text)
    assert "已保存，但还不能签名" in page
    assert "还有 1 项没有填：三只茶样品质由高到低排序" in page
    assert "sign" not in kinds(stage)[-3:]
    assert len(stage.marks("name_given")) == 1


def test_a_card_keyed_elsewhere_meanwhile_is_not_overwritten(stage: Stage, desk: Desk) -> None:
    sheet = stage.card("P01")
    send(desk, sheet, filled())
    answer = desk.post(f"{CARDS}/{sheet}", {**filled(name_given="毛峰"), "version": "0"})
    assert answer.status_code == 409
    assert 'value="毛峰"' in answer.text
    assert list(stage.marks("name_given").values()) == ["六安瓜片"]


def test_a_correction_needs_a_reason(stage: Stage, desk: Desk) -> None:
    answer = send(desk, stage.card("P01"), {**filled(), "reason": " "})
    assert "请写明理由" in words(answer.text)
    assert stage.marks("name_given") == {}


def test_a_code_opens_its_card(stage: Stage, desk: Desk) -> None:
    assert desk.get(CARDS, code="p03").headers["location"] == f"{CARDS}/{stage.card('P03')}"
    assert "没有编号“P77”的答题卡" in words(desk.get(CARDS, code="P77").text)


def test_only_cards_of_a_clerks_panel_can_be_keyed_here(stage: Stage, desk: Desk) -> None:
    other = next(one.sheet for one in stage.read(judging.progress, EVENT) if one.name == "terms")
    assert desk.get(f"{CARDS}/{other}").status_code == 404
    assert desk.post(f"{CARDS}/{other}", filled()).status_code == 404
    assert desk.get(f"{CARDS}/nothing").status_code == 404


def test_the_desk_leads_the_clerk_there(desk: Desk) -> None:
    home, event = desk.get("/desk").text, desk.get(f"/desk/events/{EVENT}").text
    for page in (home, event):
        assert f'href="{THEORY}"' in page
        assert f'href="{CARDS}"' in page
    assert "3/3 名选手还没有理论成绩" in words(home)
    confirm(desk, GOOD)
    assert THEORY not in desk.get("/desk").text


@pytest.mark.parametrize("role", ["organiser", "chief", "encryptor", "supervisor"])
def test_nobody_else_comes_in(stage: Stage, role: str) -> None:
    before = kinds(stage)
    sheet = stage.card("P01")
    with stage.desk(role) as desk:
        for path in (THEORY, CARDS, f"{CARDS}/{sheet}"):
            assert desk.get(path).status_code == 403, path
        assert check(desk, GOOD).status_code == 403
        assert confirm(desk, GOOD).status_code == 403
        assert desk.post(f"{CARDS}/{sheet}", {**filled(), "version": "0"}).status_code == 403
        assert f'href="{THEORY}"' not in desk.get(f"/desk/events/{EVENT}").text
    assert "mark" not in kinds(stage)[len(before) :]
