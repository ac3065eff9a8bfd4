"""The clerk's desk: theory marks from a table, checked cell by cell, and confirmed by a second person; no name anywhere."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from competition import judging
from tests.laid_out import LaidOut
from tests.registers.books import book as workbook
from tests.web.clerk_stage import EVENT, NAMES, SECRETS, Desk, Stage, lay_out, words

THEORY = f"/desk/events/{EVENT}/theory"
CHECK = f"{THEORY}/check"
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


def second(desk: Desk, lines: str, total: str) -> Any:
    """The second person enters what the paper list says."""
    shown = desk.get(CHECK).text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    return desk.post(CHECK, {**hidden, "lines": lines, "sum.mark": total})


def test_an_import_is_shown_first_and_then_changes_the_standings(stage: Stage, desk: Desk) -> None:
    before = stage.kinds()
    dry = words(check(desk, GOOD).text)
    assert "检查通过，还没有写入" in dry
    assert "新增 3" in dry
    assert stage.kinds() == before
    done = confirm(desk, GOOD)
    assert done.headers["location"].endswith("done=3")
    assert "已导入 3 项成绩，待另一位录分员核对" in words(desk.get(done.headers["location"]).text)
    assert stage.marks("mark") == {"S01": "86.5", "S02": "70", "S03": "91"}
    assert stage.kinds()[len(before) :] == ["freeze", "mark", "mark", "mark"]
    with stage.desk("checker") as checker:
        second(checker, "3", "247.5")
    assert stage.kinds()[len(before) + 4 :] == ["confirm-keyed", "sign", "sign", "sign"]
    theory = {one.entry: one.values["theory"] for one in stage.read(judging.standings, EVENT).standings}
    assert {stage.codes()[entry][0]: value for entry, value in theory.items()} == {
        "S01": "86.5",
        "S02": "70",
        "S03": "91",
    }


def test_the_same_table_again_has_nothing_to_import(stage: Stage, desk: Desk) -> None:
    confirm(desk, GOOD)
    after = stage.kinds()
    page = words(check(desk, GOOD).text)
    assert "与现有成绩完全相同" in page
    assert "确认导入" not in page
    confirm(desk, GOOD)
    assert stage.kinds() == after


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
    before = stage.kinds()
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
    assert stage.kinds() == before
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


def test_a_workbook_is_read_by_its_first_sheet(desk: Desk, tmp_path: Path) -> None:
    raw = workbook(tmp_path, {"成绩": [("编号", "成绩"), ("S01", 86), ("S02", 70.5)], "别的": [("x", "y")]})
    assert box(upload(desk, raw)) == "编号,成绩\nS01,86\nS02,70.5\n"


def test_a_workbook_is_refused_by_what_it_is(desk: Desk) -> None:
    assert "不是可读的 .xlsx 工作簿" in words(upload(desk, b"PK\x03\x04 and so on").text)
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
    with stage.desk("checker") as checker:
        second(checker, "3", "247.5")
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


def test_the_second_person_sees_the_list_and_no_sum(stage: Stage, desk: Desk) -> None:
    confirm(desk, GOOD)
    own = words(desk.get(CHECK).text)
    assert "您导入的 3 名选手，等另一位录分员核对" in own
    assert "86.5" not in own
    with stage.desk("checker") as checker:
        page = words(checker.get(CHECK).text)
        assert "S01 86.5 S02 70 S03 91" in page
        assert "247.5" not in page
        assert not [code for code in ("P01", "P02", "P03") if code in page]
        assert "3 名选手的理论成绩等您核对" in words(checker.get("/desk").text)
        done = second(checker, "3", " 247.50 ")
        assert "3 名选手的成绩已核对并签名" in words(checker.get(done.headers["location"]).text)
        assert CHECK not in checker.get("/desk").text


@pytest.mark.parametrize(
    ("lines", "total", "said"),
    [
        ("2", "247.5", "行数（您读到 2）"),
        ("3", "247", "卷面总分合计（您读到 247）"),
        ("３", "247.5", "全角字符，请改成半角“3”"),
        ("3", "a lot", "“a lot”不是数"),
    ],
)
def test_a_list_that_does_not_agree_stays_unsigned(stage: Stage, desk: Desk, lines: str, total: str, said: str) -> None:
    confirm(desk, GOOD)
    before = stage.kinds()
    with stage.desk("checker") as checker:
        answer = second(checker, lines, total)
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert f'value="{total}"' in answer.text
        assert total == "247.5" or "247.5" not in answer.text
    assert stage.kinds() == before


def test_a_list_by_another_code_is_shown_by_that_code(stage: Stage, desk: Desk) -> None:
    confirm(desk, GOOD.replace("S0", "P0"))
    with stage.desk("checker") as checker:
        page = words(checker.get(CHECK).text)
    assert "P01 86.5 P02 70 P03 91" in page
    assert "S01" not in page


@pytest.mark.parametrize("role", ["organiser", "chief", "encryptor", "supervisor", "clerk"])
def test_nobody_else_confirms_the_list(stage: Stage, desk: Desk, role: str) -> None:
    confirm(desk, GOOD)
    before = stage.kinds()
    with stage.desk("checker") as checker:
        shown = checker.get(CHECK).text
    sent = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', shown)) | {
        "lines": "3",
        "sum.mark": "247.5",
    }
    with stage.desk(role) as other:
        assert other.post(CHECK, sent).status_code == 403
        assert other.get(CHECK).status_code == (200 if role == "clerk" else 403)
    assert stage.kinds() == before


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
    before = stage.kinds()
    with stage.desk(role) as desk:
        assert desk.get(THEORY).status_code == 403
        assert check(desk, GOOD).status_code == 403
        assert confirm(desk, GOOD).status_code == 403
        assert f'href="{THEORY}"' not in desk.get(f"/desk/events/{EVENT}").text
    assert "mark" not in stage.kinds()[len(before) :]
