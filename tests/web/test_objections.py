"""An objection of the supervisor: on record, at the chief's desk, in the way of the final release until it is answered."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from competition import judging
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, ROLES, SECRETS, Sealing, lay_out, served, words

PAGE = f"{BASE}/objections"
SAID = "技术席 2 的口令写在桌上"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        stage.seal()
        stage.mark_everything_but_the_draw()
        stage.decode()
        stage.do(judging.publish_notice, EVENT, stage.official("organiser"), closes_at=stage.now + timedelta(minutes=5))
        stage.at(minutes=10)
        yield open_stage


def test_it_is_answered_by_the_chief_before_the_final_release(stage: Sealing) -> None:
    assert "没有异议" in words(stage.get("supervisor", PAGE).text)
    assert "件异议没有答复" not in words(stage.get("organiser", f"{BASE}/final").text)
    assert "没有第 99 条" in words(
        stage.post("supervisor", PAGE, {"said": SAID, "line": "99999"}).text.replace("99999", "99")
    )
    kept = stage.post("supervisor", PAGE, {"said": "x", "line": "3"})
    assert (kept.status_code, 'value="3"' in kept.text) == (422, True)
    shown = words(stage.post("supervisor", PAGE, {"said": SAID, "line": "3"}).text)
    assert f"1 操作记录第 3 条 {SAID} 官员supervisor" in shown
    assert "待裁判长答复" in shown
    assert "1 件异议没有答复" in words(stage.get("organiser", f"{BASE}/final").text)
    assert PAGE in stage.get("organiser", f"{BASE}/final").text
    assert stage.post("organiser", f"{BASE}/final", {"sure": "yes"}).status_code == 409
    assert "监督有 1 件异议等您答复" in words(stage.get("chief", "/desk").text)
    answer = {"n": "1", "answer": "口令已更换，无人使用过"}
    assert stage.post("supervisor", f"{PAGE}/answer", answer).status_code == 403
    assert "口令已更换" in words(stage.post("chief", f"{PAGE}/answer", answer).text)
    assert stage.post("chief", f"{PAGE}/answer", answer).status_code == 409
    assert "件异议没有答复" not in words(stage.get("organiser", f"{BASE}/final").text)
    assert "异议等您答复" not in words(stage.get("chief", "/desk").text)
    (line,) = stage.ledger("objection")
    assert (json.loads(line)["said"], json.loads(line)["line"]) == (SAID, 3)
    assert stage.findings() == []


def test_supervisor_chief_and_organiser_read_it(stage: Sealing) -> None:
    stage.post("supervisor", PAGE, {"said": SAID})
    readers = [role for role in ROLES if stage.get(role, PAGE).status_code == 200]
    assert sorted(readers) == ["chief", "organiser", "supervisor"]
    assert [secret for secret in SECRETS if secret in stage.get("chief", PAGE).text] == []
    for role in ("", "clerk", "stranger"):
        assert SAID not in stage.get(role, f"/results/{EVENT}").text
