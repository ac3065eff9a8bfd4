"""Appeals at the desk: entered by the clerk, answered by the supervisor, in the way of the final release, unseen by who judges."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from competition import judging
from tests.judging.conftest import EVENT, NAMES
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, ROLES, Sealing, lay_out, served, words

WORDS = "植入申诉：第三泡的水温不对"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        stage.seal()
        stage.mark_everything_but_the_draw()
        stage.decode()
        stage.do(judging.publish_notice, EVENT, stage.official("organiser"), closes_at=stage.now + timedelta(minutes=5))
        yield open_stage


def test_an_appeal_from_the_paper_to_the_final_release(stage: Sealing) -> None:
    empty = words(stage.get("clerk", f"{BASE}/appeals").text)
    assert "没有申诉" in empty
    refused = stage.post("clerk", f"{BASE}/appeals", {"code": "Z9", "said": WORDS})
    assert refused.status_code == 404
    assert WORDS in refused.text  # what was typed is still there
    assert "待答复" in words(stage.post("clerk", f"{BASE}/appeals", {"code": "P01", "said": WORDS}).text)
    stage.at(minutes=10)
    assert "1 件申诉没有办结" in words(stage.get("organiser", f"{BASE}/final").text)
    assert f"{BASE}/appeals" in stage.get("organiser", f"{BASE}/final").text
    assert "申诉中" in words(stage.get("chief", BASE).text)
    assert "1 件申诉等您答复" in words(stage.get("supervisor", "/desk").text)
    answer = {"n": "1", "do": "dismissed", "reason": "温度计记录无误"}
    assert stage.post("clerk", f"{BASE}/appeals/answer", answer).status_code == 403
    assert "驳回" in words(stage.post("supervisor", f"{BASE}/appeals/answer", answer).text)
    assert "温度计记录无误" in words(stage.get("organiser", f"{BASE}/appeals").text)
    assert "没有办结" not in words(stage.get("organiser", f"{BASE}/final").text)
    assert "申诉中" not in words(stage.get("chief", BASE).text)
    assert stage.findings() == []


def test_nobody_who_judges_or_seals_and_no_public_page_reads_it(stage: Sealing) -> None:
    stage.post("clerk", f"{BASE}/appeals", {"code": "P01", "said": WORDS})
    readers = [role for role in ROLES if stage.get(role, f"{BASE}/appeals").status_code == 200]
    assert sorted(readers) == ["clerk", "organiser", "supervisor"]
    for role in ROLES:
        pages = [f"{BASE}", "/desk", f"{BASE}/final", f"/results/{EVENT}", f"/results/{EVENT}.json"]
        assert [page for page in pages if WORDS in stage.get(role, page).text] == []


def test_a_revision_shows_who_moves_before_it_is_made(stage: Sealing) -> None:
    """An upheld appeal takes the first place away: the organiser sees what changes, then gives the reason."""
    stage.at(minutes=10)
    stage.post("organiser", f"{BASE}/final", {"sure": "yes"})
    first = stage.read(judging.release_of, EVENT, "final").rows[0]
    assert "名次、总分和奖项都没有变动" in words(stage.get("organiser", f"{BASE}/final").text)
    stage.ruled("status", "申诉成立", entry=first.entry, status="dsq")
    stage.do(judging.publish_notice, EVENT, stage.official("organiser"), closes_at=stage.now + timedelta(minutes=5))
    stage.at(minutes=10)
    page = words(stage.get("organiser", f"{BASE}/final").text)
    assert page.count("发布更正") == 1
    assert "3 人有变动" in page
    assert f"植入一队（{NAMES[0]}） 1 · 33.60 · 一等奖 取消资格 · —" in page
    done = stage.post("organiser", f"{BASE}/final", {"sure": "yes", "reason": "申诉成立"})
    assert stage.read(judging.release_of, EVENT, "final").revision == 2, words(done.text)
