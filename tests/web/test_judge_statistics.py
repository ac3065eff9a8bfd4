"""Judges' figures: after locking only, for chief and supervisor, by code, saying "too few" of three entries."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from competition import judging
from competition.judging import amending
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, SECRETS, Sealing, served, words
from tests.web.test_rulings import lay_out

PAGE = f"{BASE}/judges/statistics"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    """Everything marked, locked and decoded."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        yield open_stage


def test_three_entries_are_too_few_to_say_anything_of_a_judge(stage: Sealing) -> None:
    sheet = next(now for now in stage.sheets("taste.2") if now.entry_id == stage.entries[2])
    chief = stage.official("chief")
    seen = stage.read(amending.preview_correction, sheet.id, "taste", "8", chief).seen
    id = stage.do(amending.ask_correction, sheet.id, "taste", "8", seen, chief, "抄录有误")
    stage.do(amending.confirm_correction, sheet.id, id, seen, stage.official("supervisor"))
    shown = stage.get("chief", PAGE).text
    rows = [words(row) for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", shown, re.S)]
    # 2 points of a weight more on one entry of three, seen from either seat
    gap = stage.read(judging.standings, EVENT).numbers[stage.entries[2]]
    more = gap["cup.senses@2"] - gap["cup.senses@1"]
    assert more
    third = f"{float(more / 3):+.2f}"
    code = next(one.code for one in stage.read(judging.progress, EVENT) if one.entry == stage.entries[2])
    assert [len(rows), rows[0].count("太少"), rows[1].count("太少")] == [2, 2, 2]
    assert f"官员judge2 3 {third} 太少 高于其他席 1 次，低于 0 次" in rows[1]
    assert f"{code} {float(more):+.2f}" in rows[1]
    assert rows[1].rstrip().endswith(" 1")
    assert rows[0].rstrip().endswith(" 0")
    assert "一贯" not in words(shown.split("<details")[0])
    assert [one for one in SECRETS if one in shown] == []


def test_nothing_before_locking_and_nothing_for_others(stage: Sealing) -> None:
    for role in ("organiser", "clerk", "encryptor", "announcer"):
        assert stage.get(role, PAGE).status_code == 403
    assert "裁判统计" in words(stage.get("supervisor", PAGE).text)
    assert PAGE in stage.get("chief", BASE).text


def test_before_locking_the_page_tells_nothing(laid_out: LaidOut, tmp_path: Path) -> None:
    from tests.web.seal_stage import lay_out as lay_out_sealing

    with laid_out.copy(lay_out_sealing, tmp_path / "c.sqlite") as hall, served(hall, tmp_path) as stage:
        stage.seal()
        device = stage.tablet()
        stage.fill(device, stage.sheets("taste.1")[0].id)
        answer = stage.get("chief", PAGE)
        assert (answer.status_code, "全部锁定后才能看" in words(answer.text)) == (409, True)
        assert PAGE not in stage.get("chief", BASE).text
