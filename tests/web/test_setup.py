"""Setting up at the desk: the tree, an event's page, slots, sealed keys, laying out; and who may do which."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from competition import judging
from competition.judging import slots
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, SECRETS, Sealing, lay_out, served, words

KEY = {"module": "cup", "sheet": "senses", "=variety": "植入答案龙井"}


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        yield open_stage


def test_the_tree_says_what_is_missing_and_filters(stage: Sealing) -> None:
    page = words(stage.get("organiser", "/desk/games").text)
    for said in ("绿色食品", "42 评茶（示例） 3", "标准答案", "编号抽签", "1 / 1 个赛项"):
        assert said in page
    assert "裁判席 0/2" not in page  # both judges sit
    assert "评茶（示例）" in words(stage.get("chief", "/desk/games", params={"need": "keys"}).text)
    assert "没有符合条件的赛项" in words(stage.get("organiser", "/desk/games", params={"need": "ready"}).text)
    assert "评茶（示例）" in words(stage.get("organiser", "/desk/games", params={"need": "no-such"}).text)


@pytest.mark.parametrize("role", ["clerk", "encryptor", "supervisor", "announcer", "stranger"])
def test_the_tree_is_for_those_who_set_up(stage: Sealing, role: str) -> None:
    answer = stage.get(role, "/desk/games")
    assert answer.status_code == 403
    assert "筹备页面对组委会和裁判长开放" in answer.text


def test_slots_are_added_moved_and_taken_away(stage: Sealing) -> None:
    form = {"module": "cup", "first": "2026-11-23T09:00", "count": "2", "minutes": "20", "stations": "1，2 3"}
    answer = stage.post("organiser", f"{BASE}/setup/slots", form)
    assert "已完成并记录" in answer.text
    assert "2026-11-23 09:20" in answer.text  # venue time, not the server's
    assert next(one.opens_at for one in stage.read(slots.slots, EVENT)) == "2026-11-23T01:00:00.000Z"
    page = words(stage.post("chief", f"{BASE}/setup/postpone", {"module": "cup", "n": "2", "minutes": "30"}).text)
    assert "2026-11-23 09:50" in page
    stage.post("organiser", f"{BASE}/setup/drop", {"module": "cup", "n": "2"})
    assert {one.n for one in stage.read(slots.slots, EVENT)} == {1}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("count", "许多", "“许多”不是整数"),
        ("first", "tomorrow", "格式不对，请用日期时间框"),
        ("stations", "1 1", "不能重复"),
        ("module", "nowhere", "规则里没有这个模块"),
    ],
)
def test_a_bad_slot_form_says_why_and_keeps_what_was_typed(stage: Sealing, field: str, value: str, said: str) -> None:
    form = {"module": "cup", "first": "2026-11-23T09:00", "count": "2", "minutes": "20", "stations": "台一"}
    answer = stage.post("organiser", f"{BASE}/setup/slots", form | {field: value})
    assert answer.status_code == (404 if field == "module" else 422)
    assert said in answer.text
    if field != "module":
        assert f'value="{"许多" if field == "count" else "2"}"' in answer.text
    assert stage.read(slots.slots, EVENT) == []


def test_a_key_is_sealed_and_never_shown_again(stage: Sealing) -> None:
    page = words(stage.get("encryptor", f"{BASE}/keys").text)
    assert "还缺" in page
    refused = stage.post("supervisor", f"{BASE}/keys", KEY | {"=variety": " "})
    assert refused.status_code == 422
    assert "还有 1 项没有填" in refused.text
    answer = stage.post("supervisor", f"{BASE}/keys", KEY)
    assert "已封存。" in answer.text
    for role in ("organiser", "chief", "encryptor", "supervisor"):
        for path in ("/desk/games", f"{BASE}/setup", f"{BASE}/keys", BASE):
            assert "植入答案" not in stage.get(role, path).text
    assert "植入答案" not in "".join(stage.ledger())
    for role in ("organiser", "chief", "clerk", "announcer"):
        assert stage.get(role, f"{BASE}/keys").status_code == 403
        assert stage.post(role, f"{BASE}/keys", KEY).status_code == 403
    assert len(stage.ledger("sample-key")) == 1


def test_the_last_step_opens_the_event(stage: Sealing) -> None:
    early = stage.post("organiser", f"{BASE}/setup/open")
    assert early.status_code == 409
    assert "还缺：标准答案 0/1、编号抽签 0/1" in early.text
    stage.post("supervisor", f"{BASE}/keys", KEY)
    stage.seal()
    page = words(stage.get("organiser", f"{BASE}/setup").text)
    assert "准备就绪，裁判可以开始打分" in page
    assert "评分表已分配 9" in page
    assert "可以开赛 1 /1" in words(stage.get("organiser", "/desk/games").text)


def test_nothing_on_these_pages_names_anybody(stage: Sealing) -> None:
    stage.seal()
    for role in ("organiser", "chief", "clerk", "encryptor", "supervisor"):
        for path in ("/desk/games", f"{BASE}/setup", f"{BASE}/keys"):
            text = stage.get(role, path).text
            assert [secret for secret in SECRETS if secret in text] == []


def test_an_event_gets_another_name(stage: Sealing) -> None:
    answer = stage.post(
        "organiser", f"{BASE}/setup/name", {"zh": "评茶总决赛", "en": "Tea grand final", "venue": "二号馆"}
    )
    assert "评茶总决赛" in answer.text
    assert "赛场：二号馆" in words(stage.get("chief", f"/results/{EVENT}").text)
    assert stage.post("chief", f"{BASE}/setup/name", {"zh": "甲", "en": "A"}).status_code == 403
    assert stage.read(judging.event_line, EVENT).name_zh == "评茶总决赛"


def test_slots_that_ran_past_midnight_are_pointed_at(stage: Sealing) -> None:
    form = {"module": "cup", "first": "2026-11-23T15:00", "count": "2", "minutes": "240", "stations": "1"}
    assert "夜间" not in stage.post("organiser", f"{BASE}/setup/slots", form).text
    assert "夜间" in stage.post("organiser", f"{BASE}/setup/slots", form | {"first": "2026-11-23T22:00"}).text
