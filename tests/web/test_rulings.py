"""Rulings after locking at the desk: the effect on ranks before the reason, the second person's page, and what each role reads."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from competition import judging
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, Sealing, served, words
from tests.web.seal_stage import lay_out as lay_out_sealing

WHY = "植入理由：赛后查实"


def lay_out(engine, writer) -> Sealing:  # type: ignore[no-untyped-def]
    stage = lay_out_sealing(engine, writer)
    stage.seal()
    stage.mark_everything_but_the_draw()
    stage.decode()
    return stage


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    """Everything marked, locked and decoded."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        yield open_stage


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form that asks."""
    form = page[page.index('id="preview"') :]
    return {name: html.unescape(value) for name, value in re.findall(r'hidden" name="(\w+)" value="([^"]*)"', form)}


def test_a_disqualification_after_locking_is_previewed_asked_for_and_confirmed(stage: Sealing) -> None:
    codes = {one.entry: one.code for one in stage.read(judging.progress, EVENT)}
    first = codes[stage.entries[0]]
    entry_page = stage.get("chief", f"{BASE}/entries/{first}").text
    assert f'method="get" action="{BASE}/rulings"' in entry_page
    alone = stage.post("chief", f"{BASE}/status", {"code": str(first), "status": "dsq", "reason": WHY})
    assert (alone.status_code, "由第二个人确认" in words(alone.text)) == (409, True)
    shown = stage.get("chief", f"{BASE}/rulings?kind=status&code={first}&status=dsq&reason={WHY}").text
    assert "参赛状态" in words(shown)
    assert re.search(rf"{first} \S+ → — 1 → — ", words(shown)), words(shown)
    asked = stage.post("chief", f"{BASE}/rulings", fields(shown) | {"reason": WHY})
    assert "等第二人确认；成绩还没有变" in words(asked.text)
    assert [one.rank for one in stage.read(judging.standings, EVENT).standings][:1] == [1]
    for role, sees in (("supervisor", True), ("clerk", False)):
        page = words(stage.get(role, f"{BASE}/corrections").text)
        assert "取消资格" in page
        assert WHY in page
        assert ("1 → —" in page) == sees
    assert "1" in words(stage.get("supervisor", "/desk").text)
    assert "1 项锁定后的裁定等待第二人确认" in words(stage.get("organiser", f"{BASE}/notice").text)
    page = stage.get("supervisor", f"{BASE}/corrections").text
    form = dict(re.findall(r'hidden" name="(request|seen)" value="([^"]*)"', page))
    mine = stage.post("chief", f"{BASE}/rulings/confirm", form)
    assert mine.status_code == 403
    done = words(stage.post("supervisor", f"{BASE}/rulings/confirm", form).text)
    assert "裁定已生效" in done
    assert "官员chief / 官员supervisor" in done
    assert stage.read(judging.standings, EVENT).standing(stage.entries[0]).status == "dsq"
    assert stage.findings() == []


def test_nobody_else_reads_what_is_asked_for(stage: Sealing) -> None:
    code = next(one.code for one in stage.read(judging.progress, EVENT) if one.entry == stage.entries[0])
    shown = stage.get("chief", f"{BASE}/rulings?kind=status&code={code}&status=void").text
    stage.post("chief", f"{BASE}/rulings", fields(shown) | {"reason": WHY})
    for role in ("clerk", "supervisor", "announcer"):  # every role: tests/web/test_permissions.py
        assert stage.get(role, f"{BASE}/rulings?kind=status&code={code}&status=void").status_code == 403
    for role, path in (("announcer", BASE), ("", f"/results/{EVENT}"), ("", f"/board/{EVENT}")):
        assert WHY not in stage.get(role, path).text
