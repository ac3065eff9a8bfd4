"""The re-check at the desk: by code, for supervisor and chief, in the way of the final release while sheets are left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from competition import judging
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, SECRETS, Sealing, lay_out, served, words

PAGE = f"{BASE}/recheck"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        stage.seal()
        stage.mark_everything_but_the_draw()
        yield open_stage


def test_from_the_draw_to_the_last_sheet(stage: Sealing) -> None:
    refused = stage.post("supervisor", PAGE, {"words": "开奖号 0423"})
    assert (refused.status_code, "还有 9 张评分表未锁定" in refused.text) == (409, True)
    stage.do(judging.lock_event, EVENT, stage.official("chief"))
    assert "由监督抽取名单" in words(stage.get("chief", PAGE).text)
    page = stage.post("supervisor", PAGE, {"words": "开奖号 0423"}).text
    assert "0/9" in words(page)
    assert "香气 8" in words(page)
    assert [secret for secret in SECRETS if secret in page] == []
    first, second, *rest = [line.sheet.id for line in stage.read(judging.recheck, EVENT).lines]
    wrong = {"sheet": first, "do": "wrong", "reason": "纸上是 7"}
    assert "有误，待裁判长更正 纸上是 7" in words(stage.post("supervisor", f"{PAGE}/found", wrong).text)
    assert "错误超过 5%" in words(stage.get("chief", PAGE).text)
    stage.do(judging.unlock_sheet, first, stage.official("chief"), "复核发现")
    assert stage.post("supervisor", f"{PAGE}/found", {"sheet": first, "do": "right"}).status_code == 409
    assert "更正中" in words(stage.get("supervisor", PAGE).text)
    for sheet in (second, *rest):
        stage.post("supervisor", f"{PAGE}/found", {"sheet": sheet, "do": "right"})
    assert "8/9" in words(stage.get("supervisor", PAGE).text)
    assert "抽查复核还有 1 张没有核完" in words(stage.get("organiser", f"{BASE}/final").text)


def test_it_is_for_supervisor_clerk_and_chief(stage: Sealing) -> None:
    for role in ("organiser", "encryptor", "announcer"):
        assert stage.get(role, PAGE).status_code == 403
