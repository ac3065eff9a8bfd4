"""Keying from paper at the clerk's desk: answer cards and paper sheets, keyed by one, confirmed by another; no name anywhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from competition import judging, rules, store
from tests.laid_out import LaidOut
from tests.web.clerk_stage import EVENT, KEY, SECRETS, Desk, Stage, lay_out, words

CARDS = f"/desk/events/{EVENT}/cards"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Stage]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite", var=tmp_path) as stage:
        yield stage


@pytest.fixture
def desk(stage: Stage) -> Iterator[Desk]:
    """The first clerk's browser. Whatever a test does, no page it was shown tells a name or a unit."""
    with stage.desk("clerk") as desk:
        yield desk
    assert not [secret for secret in SECRETS for page in desk.shown if secret in page]


@pytest.fixture
def checker(stage: Stage) -> Iterator[Desk]:
    """The second clerk's browser."""
    with stage.desk("checker") as desk:
        yield desk
    assert not [secret for secret in SECRETS for page in desk.shown if secret in page]


def filled(**other: str) -> dict[str, str]:
    """A card's form, fully written."""
    samples = {f"{name}@{n}": str(n) for n in range(1, 11) for name in ("name", "batch")}
    fields = {f"item.{item}": value for item, value in ({**KEY, **samples} | other).items()}
    return {**fields, "reason": "按答题卡录入", "do": "save"}


def again(**other: str) -> dict[str, str]:
    """The same card as the second person keys it."""
    return {key: value for key, value in filled(**other).items() if key != "reason"} | {"do": "again"}


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


def test_a_card_is_keyed_confirmed_and_scored_once_the_key_is_set(stage: Stage, desk: Desk, checker: Desk) -> None:
    sheet = stage.card("P02")
    page = words(desk.get(f"{CARDS}/{sheet}").text)
    for said in ("P02", "茶类", "绿茶", "三只茶样品质由高到低排序", "样品 10", "批次"):
        assert said in page, said
    saved = send(desk, sheet, filled(ranking="bac"))
    assert saved.headers["location"] == f"{CARDS}/{stage.card('P03')}?done=saved&last=P02"
    assert "P02 已保存，待另一位录分员核对" in words(desk.get(saved.headers["location"]).text)
    assert stage.marks("ranking") == {next(codes[0] for codes in stage.codes().values() if codes[2] == "P02"): "B A C"}
    assert "P02 ② 待他人核对" in words(desk.get(CARDS).text)
    mine = words(desk.get(f"{CARDS}/{sheet}").text)
    assert "您录的，等另一位录分员核对" in mine
    assert "待录 2" in mine
    assert "P02 ② 待您核对" in words(checker.get(CARDS).text)
    assert "1 张别人录的卡表等您核对" in words(checker.get("/desk").text)
    blind = checker.get(f"{CARDS}/{sheet}").text
    assert "六安瓜片" not in blind
    assert "B A C" not in re.sub("A B C", "", words(blind))
    done = send(checker, sheet, again(ranking="b a c"))
    assert done.headers["location"] == f"{CARDS}/{sheet}?done=agreed"
    assert "两次录入一致，已签名" in words(checker.get(done.headers["location"]).text)
    assert stage.kinds()[-2:] == ["confirm-keyed", "sign"]
    assert "/cards" not in checker.get("/desk").text.replace(f'href="{CARDS}"', "")
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
    sheet, before = stage.card("P01"), stage.kinds()
    answer = send(desk, sheet, filled(ranking="B A A", class_given="purple"))
    assert answer.status_code == 422
    page = words(answer.text)
    assert "2 格不对，没有保存" in page
    assert "“三只茶样品质由高到低排序”不能是“B A A”。可以是：A B C 的一种排列" in page
    assert answer.text.count('aria-invalid="true"') == 2
    assert 'value="B A A"' in answer.text
    assert 'value="六安瓜片"' in answer.text
    assert stage.kinds() == before


def test_an_unfinished_card_is_saved_and_waits_for_nobody(stage: Stage, desk: Desk, checker: Desk) -> None:
    sheet = stage.card("P01")
    answer = send(desk, sheet, filled(ranking=""))
    assert answer.headers["location"] == f"{CARDS}/{sheet}?done=partly"
    page = words(desk.get(answer.headers["location"]).text)
    assert "已保存，还没有录完" in page
    assert "还有 1 项没有填：三只茶样品质由高到低排序" in page
    assert len(stage.marks("name_given")) == 1
    assert "待您核对 0" in words(checker.get(CARDS).text)
    refused = send(checker, sheet, again())
    assert refused.status_code == 409
    assert "还没有录完，不能核对" in words(refused.text)


def test_differences_are_shown_cell_by_cell_and_settled(stage: Stage, desk: Desk, checker: Desk) -> None:
    sheet = stage.card("P01")
    send(desk, sheet, filled())
    answer = send(checker, sheet, again(name_given="黄山毛峰", **{"batch@3": "1"}))
    assert answer.headers["location"] == f"{CARDS}/{sheet}?done=differs"
    page = checker.get(answer.headers["location"]).text
    said = words(page)
    assert "有 2 处与第一次录入不同，其余 21 项一致" in said
    assert "第一人： 六安瓜片 第二人： 黄山毛峰" in said
    assert "第一人： 3 第二人： 1" in said
    assert re.findall(r'name="item\.([^"]+)"', page) == ["name_given", "batch@3"]
    assert "六安瓜片" not in words(desk.get(CARDS).text)
    assert "差异待您核定" in words(checker.get(CARDS).text)
    half = send(checker, sheet, {"item.name_given": "六安瓜片", "do": "settle", "reason": "看纸面"})
    assert "还有 1 处差异没有核定：批次(3)" in words(half.text)
    assert 'value="六安瓜片"' in half.text
    both = {"item.name_given": "六安瓜片", "item.batch@3": "1", "do": "settle"}
    assert "请写明理由" in words(send(checker, sheet, {**both, "reason": ""}).text)
    assert "sign" not in stage.kinds()
    done = send(checker, sheet, {**both, "reason": "纸面上第 3 只是 1 批"})
    assert done.headers["location"] == f"{CARDS}/{sheet}?done=settled"
    assert "差异已核定，已签名" in words(checker.get(done.headers["location"]).text)
    assert list(stage.marks("name_given").values()) == ["六安瓜片"]
    assert list(stage.marks("batch@3").values()) == ["1"]
    assert stage.kinds()[-3:] == ["mark", "confirm-keyed", "sign"]


def test_the_second_person_may_compare_instead(stage: Stage, desk: Desk, checker: Desk) -> None:
    sheet = stage.card("P01")
    send(desk, sheet, filled())
    page = checker.get(f"{CARDS}/{sheet}", how="compare").text
    assert 'value="六安瓜片" ' in page
    assert page.count(" disabled") > 20
    done = send(checker, sheet, {"do": "seen"})
    assert done.headers["location"].endswith("done=compared")
    assert stage.kinds()[-2:] == ["confirm-keyed", "sign"]


@pytest.mark.parametrize(
    "form", [again(), {"do": "seen"}, {**filled(), "do": "settle"}], ids=["again", "seen", "settle"]
)
def test_whoever_keyed_it_cannot_confirm_it(stage: Stage, desk: Desk, form: dict[str, str]) -> None:
    sheet = stage.card("P01")
    send(desk, sheet, filled())
    before = stage.kinds()
    answer = send(desk, sheet, form)
    assert answer.status_code == 403
    assert "这张表是您录的，要由另一位录分员核对" in words(answer.text)
    assert stage.kinds() == before


def test_full_width_digits_are_refused(stage: Stage, desk: Desk) -> None:
    """The page's own program makes them plain; whatever sends them all the same is told."""
    clock = next(one.sheet for one in stage.read(judging.progress, EVENT) if (one.code, one.name) == ("P01", "clock"))
    answer = send(desk, clock, {"item.time_1": "６00", "reason": "按计时单录入", "do": "save"})
    assert answer.status_code == 422
    assert "“６”是全角字符，请改成半角“600”" in words(answer.text)
    assert 'value="６00"' in answer.text
    assert stage.marks("time_1") == {}


def test_an_answer_written_otherwise_is_no_difference(stage: Stage, desk: Desk, checker: Desk) -> None:
    """What is the same answer to the key is the same answer to the second person."""
    sheet = stage.card("P01")
    send(desk, sheet, filled(name_given="LONG JING"))
    answer = send(checker, sheet, again(name_given="long jing", **{"batch@2": "２"}))
    assert answer.headers["location"].endswith("done=agreed")
    assert list(stage.marks("name_given").values()) == ["LONG JING"]


def test_any_seats_sheet_is_keyed_from_paper_without_showing_the_tablets_marks(
    stage: Stage, desk: Desk, checker: Desk
) -> None:
    law = stage.read(store.thawed, EVENT)
    seat = next(panel.labels[0] for panel in law.panels if panel.kind == "judge")
    sheet = next(one for one in stage.read(judging.progress, EVENT) if (one.code, one.seat) == ("P01", seat))
    items = [item for item in law.sheet(sheet.module, sheet.name).items if item.scale is not None]
    numeric = [item for item in items if item.scale is not None and item.scale.numeric]
    device = stage.tablet(seat)
    value = {item.id: items_value(item) for item in items}
    op = judging.MarkOp("a" * 32, sheet.sheet, numeric[0].id, value[numeric[0].id], 1, law.digest)
    assert [one.outcome for one in stage.do(judging.record_marks, device, [op])] == ["accepted"]
    listed = words(desk.get(CARDS, seat=seat).text)
    assert "P01 ◐ 评分中 1/" in listed
    page = desk.get(f"{CARDS}/{sheet.sheet}").text
    assert words(page).count("平板已打分；空着即保留") == 1
    assert f'name="item.{numeric[0].id}" value="{value[numeric[0].id]}"' not in page
    typed = {f"item.{item}": text for item, text in value.items() if item != numeric[0].id}
    saved = send(desk, sheet.sheet, {**typed, f"item.{numeric[0].id}": "", "reason": "平板没电", "do": "save"})
    assert "done=saved" in saved.headers["location"]
    assert stage.read(store.sheets.read_sheets, [sheet.sheet])[sheet.sheet].marks[numeric[0].id][2] == device.id
    paper = {f"item.{item}": text for item, text in value.items()}
    assert "done=agreed" in send(checker, sheet.sheet, {**paper, "do": "again"}).headers["location"]
    assert stage.kinds()[-2:] == ["confirm-keyed", "sign"]


def items_value(item: rules.Item) -> str:
    """Some legal value."""
    assert item.scale is not None
    if item.scale.values:
        return str(item.scale.values[-1])
    return item.scale.options[0] if item.scale.options else "0" if item.scale.numeric else "无"


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
    assert "没有编号“P77”的卡表" in words(desk.get(CARDS, code="P77").text)


def test_imported_sheets_are_not_keyed_here(stage: Stage, desk: Desk) -> None:
    other = next(one.sheet for one in stage.read(judging.progress, EVENT) if one.name == "paper")
    assert desk.get(f"{CARDS}/{other}").status_code == 404
    assert desk.post(f"{CARDS}/{other}", filled()).status_code == 404
    assert desk.get(f"{CARDS}/nothing").status_code == 404


def test_the_next_card_never_goes_round(stage: Stage, desk: Desk) -> None:
    last = send(desk, stage.card("P03"), filled())
    assert last.headers["location"] == f"{CARDS}/{stage.card('P03')}?done=saved"
    page = words(desk.get(last.headers["location"]).text)
    assert "这一叠后面没有了；前面的编号还有 2 张" in page
    assert "下一张" not in page
    assert "下一张：P02" in words(desk.get(f"{CARDS}/{stage.card('P01')}").text)


@pytest.mark.parametrize("role", ["organiser", "chief", "encryptor", "supervisor"])
def test_nobody_else_comes_in(stage: Stage, role: str) -> None:
    sheet = stage.card("P01")
    before = stage.kinds()
    with stage.desk(role) as other:
        for path in (CARDS, f"{CARDS}/{sheet}"):
            assert other.get(path).status_code == 403, path
        for form in (filled(), again(), {"do": "seen"}, {**filled(), "do": "settle"}):
            assert other.post(f"{CARDS}/{sheet}", {**form, "version": "0"}).status_code == 403
        assert f'href="{CARDS}"' not in other.get(f"/desk/events/{EVENT}").text
    assert stage.kinds() == before
