"""The draw on its page: two halves on one screen or two, one draw, its papers; the layers opened one after another."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from competition import judging
from competition.judging.draws import replay
from tests.judging.conftest import EVENT, NAMES, UNITS
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, PASSWORD, TEAM, WORDS, Sealing, lay_out, served, words

DRAW, SEED = f"{BASE}/draw", f"{BASE}/draw/seed"
BOTH = {
    "encryptor_username": "encryptor", "encryptor_password": PASSWORD, "supervisor_username": "supervisor",
    "supervisor_password": PASSWORD,
}  # fmt: skip


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        yield open_stage


def text_of(pdf: bytes) -> str:
    assert pdf.startswith(b"%PDF")
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(BytesIO(pdf)))


def test_two_people_on_one_screen_then_the_draw(stage: Sealing) -> None:
    first = words(stage.get("encryptor", DRAW).text)
    assert "两半种子都提交后才能抽签" in first
    assert "以 官员encryptor 的身份提交" in first
    given = stage.post("encryptor", SEED, {"role": "encryptor", "words": WORDS["encryptor"]})
    assert "已提交，摘要如下" in words(given.text)
    digest = stage.read(judging.seal_state, EVENT).commitments[0].digest
    assert digest in given.text
    theirs = {"role": "supervisor", "words": WORDS["supervisor"], "username": "supervisor", "password": "wrong"}
    refused = stage.post("encryptor", SEED, theirs)
    assert "用户名或密码不对" in refused.text
    assert WORDS["supervisor"] not in refused.text
    stage.post("encryptor", SEED, theirs | {"password": PASSWORD})
    assert stage.read(judging.seal_state, EVENT).committed == ("encryptor", "supervisor")
    drawn = words(stage.post("encryptor", DRAW, {"layer1": "yes"}).text)
    assert "抽签完成" in drawn
    assert "参赛号 · 评审号" in drawn
    state = stage.read(judging.seal_state, EVENT)
    assert state.layers == (1, 3)
    assert state.digest in drawn
    again = stage.post("encryptor", DRAW, {"layer1": "yes"})
    assert again.status_code == 409
    assert "不能重抽" in again.text


def test_nobody_gives_a_half_that_is_not_theirs(stage: Sealing) -> None:
    for role in ("encryptor", "supervisor"):
        refused = stage.post("chief", SEED, {"role": role, "words": "chief's words"})
        assert refused.status_code == 403
        assert "只有" in refused.text
    stage.post("encryptor", SEED, {"role": "supervisor", "words": WORDS["encryptor"]})
    mine = {"role": "supervisor", "words": "words", "username": "encryptor", "password": PASSWORD}
    assert stage.post("supervisor", SEED, mine).status_code == 403
    assert stage.read(judging.seal_state, EVENT).commitments == ()
    for role in ("chief", "organiser", "supervisor", "clerk"):
        assert stage.post(role, DRAW).status_code == 403
    assert stage.read(judging.seal_state, EVENT).drawn_at is None


def test_the_record_of_the_draw_tells_digests_and_no_code(stage: Sealing) -> None:
    stage.seal()
    said = text_of(stage.get("supervisor", f"{DRAW}/record.pdf").content)
    state = stage.read(judging.seal_state, EVENT)
    flat = said.replace("\r\n", "").replace("\n", "")
    for told in (state.digest, *(half.digest for half in state.commitments), "官员encryptor", "加密员签名", "监督签名"):
        assert told in flat, told
    assert not [one for one in (*NAMES, *UNITS.values(), *WORDS.values(), "P01", "S01") if one in flat]


def test_the_sealed_map_is_the_encryptors_paper(stage: Sealing) -> None:
    stage.seal()
    for role in ("chief", "organiser", "supervisor", "clerk", "announcer", "stranger"):
        assert stage.post(role, f"{DRAW}/map.pdf").status_code == 403
    said = text_of(stage.post("encryptor", f"{DRAW}/map.pdf").content)
    assert "密封件" in said
    for code_line in stage.read(judging.code_map, EVENT, stage.official("encryptor")):
        assert all(code in said for code in code_line.codes)
    assert all(unit in said for unit in UNITS.values())
    assert len(stage.ledger("map-printed")) == 1


def test_layers_open_one_by_one_each_with_its_record(stage: Sealing) -> None:
    stage.mark_everything()
    waits = words(stage.get("encryptor", f"{BASE}/decode").text)
    assert "未锁定" in waits
    stage.do(judging.lock_event, EVENT, stage.official("chief"))
    codes = stage.read(judging.code_map, EVENT, stage.official("encryptor"))
    early = stage.post("encryptor", f"{BASE}/decode", BOTH | {"layer": "1"})
    assert "还没有轮到它" in early.text
    for layer, title in ((3, "评审号"), (2, "工位号"), (1, "参赛号")):
        assert stage.get("chief", f"{BASE}/decode/{layer}/record.pdf").status_code == 409
        page = stage.post("supervisor", f"{BASE}/decode", BOTH | {"layer": str(layer)})
        assert page.status_code == 200
        said = text_of(stage.get("chief", f"{BASE}/decode/{layer}/record.pdf").content)
        assert f"{title}解密记录" in said
        shown = words(page.text)
        for line in codes:
            assert line.codes[layer - 1] in said
            assert line.codes[layer - 1] in shown
        assert all((name in shown) == (layer == 1) for name in NAMES)
        assert (NAMES[0] in said) == (layer == 1)
        assert stage.get("clerk", f"{BASE}/decode/{layer}/record.pdf").status_code == 403
        twice = stage.post("supervisor", f"{BASE}/decode", BOTH | {"layer": str(layer)})
        assert twice.status_code == 409
    record = stage.get("supervisor", f"{DRAW}/record.json")
    assert replay(record.json()) == []
    assert {half["words"] for half in json.loads(record.text)["halves"]} == {"encryptor's half", "supervisor's half"}


def test_once_the_codes_are_open_a_team_is_called_by_its_name_and_its_members(stage: Sealing) -> None:
    stage.seal()
    stage.mark_everything_but_the_draw()
    assert TEAM not in stage.get("chief", f"{BASE}/standings.csv").text
    stage.decode()
    assert f"{TEAM}（{NAMES[0]}）" in stage.get("chief", f"{BASE}/standings.csv").text
    said = text_of(stage.get("supervisor", f"{BASE}/decode/1/record.pdf").content)
    assert f"{TEAM}（{NAMES[0]}）" in "".join(said.split())


def test_the_page_says_what_decided_between_equal_totals(stage: Sealing) -> None:
    """0.2 × 70 + 0.8 × 19.5 = 0.2 × 74 + 0.8 × 18.5 = 29.6: the practical decides."""
    stage.seal()
    stage.mark_everything_but_the_draw((70, 74, 60))
    stage.decode()
    first, second, _ = stage.read(judging.standings, EVENT).standings
    assert (first.total, second.total) == ("29.60", "29.60")
    assert "按实操区分" in words(stage.get("chief", BASE).text)
