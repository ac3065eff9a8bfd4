"""Copy from last year at the desk: the programme leaves one games as a file without anybody in it, and begins the next."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from competition import judging, store
from competition.judging import slots
from competition.judging.games_rules import file_games_rules, rules_text
from competition.judging.renewal import programme_of
from tests.laid_out import LaidOut
from tests.web.clerk_stage import EVENT, NAMES, PASSWORD, Desk, Stage, lay_out, words

RULES = """
[[titles]]
id = "expert"
name = { zh = "技术能手", en = "Expert" }
places = [1, 3]
"""
YEAR = {"name": "示例运动会二", "host": "", "year": "2027"}
EMPTY = "还没有赛项"


@pytest.fixture
def old(laid_out: LaidOut, tmp_path: Path) -> Iterator[Stage]:
    """This year's games, with two stations of which one has a time."""
    with laid_out.copy(lay_out, tmp_path / "old.sqlite", var=tmp_path / "var") as stage:
        by = stage.people["organiser"]
        module = stage.read(store.thawed, EVENT).modules[0].id
        stage.do(slots.add_slots, EVENT, module, ["甲 1", "2"], 1, stage.now, 0, by, rng_bytes=stage.rng)
        stage.do(slots.describe_event, EVENT, "评茶决赛", "Tea final", by, venue="二号馆")
        stage.do(file_games_rules, RULES, by)
        yield stage


@pytest.fixture
def new(laid_out: LaidOut, tmp_path: Path) -> Iterator[Stage]:
    """An empty house: one organiser and a clerk."""
    with laid_out.copy(_begun, tmp_path / "new.sqlite", var=tmp_path / "new") as stage:
        yield stage


def _begun(engine: Any, writer: Any) -> Stage:
    stage = Stage(engine, writer, Path())
    for role in ("organiser", "clerk"):
        by = stage.people.get("organiser")
        one = stage.do(judging.create_official, role, f"官员{role}", PASSWORD, by, rng_bytes=stage.rng)
        stage.do(judging.grant, one.id, role, None, by)
        stage.people[role] = one
    return stage


def bring(desk: Desk, raw: bytes, **changed: str) -> Any:
    return desk.post("/desk/intake/programme", YEAR | changed, files={"file": ("programme.json", raw)})


def test_the_programme_of_one_games_begins_the_next(old: Stage, new: Stage) -> None:
    """Rules, names, venue and stations arrive as they were; nobody, no time and no mark is in the file."""
    with old.desk("organiser") as desk:
        assert "导出筹备文件" in desk.get("/desk/games").text
        answer = desk.get("/desk/games/programme.json")
        assert answer.headers["content-disposition"] == 'attachment; filename="programme.json"'
    said = answer.text
    assert [name for name in (*NAMES, "2026-11-20", *old.codes()) if name in said] == []
    with new.desk("organiser") as desk:
        assert "沿用上届" in words(desk.get("/desk/intake").text)
        brought = bring(desk, answer.content)
        assert (brought.status_code, brought.headers["location"]) == (303, "/desk/games")
        assert "评茶决赛" in words(desk.get("/desk/games").text)
        again = bring(desk, answer.content)
        assert again.status_code == 409
        assert "这里已经有运动会" in words(again.text)
    was, now = old.read(programme_of), new.read(programme_of)
    assert (now.chains, now.units, now.jobs, now.events) == (was.chains, was.units, was.jobs, was.events)
    assert new.read(rules_text) == RULES
    assert (now.name[0], now.host, now.year) == ("示例运动会二", "示例市总工会", 2027)
    assert [one.opens_at for one in new.read(slots.slots, EVENT)] == [None, None]
    assert new.read(judging.entries, EVENT) == []


def _without_units(file: dict[str, Any]) -> None:
    del file["units"]


def _strange(file: dict[str, Any]) -> None:
    file["events"][0]["person"] = "欧阳"


def _two(file: dict[str, Any]) -> None:
    file["units"].append(file["units"][0])


def _path(file: dict[str, Any]) -> None:
    file["events"][0]["id"] = "../welder"


def _rules(file: dict[str, Any]) -> None:
    file["events"][0]["rules"] = "[" * 100_000


def _chain(file: dict[str, Any]) -> None:
    file["jobs"] = [{"id": "j", "zh": "工", "en": "", "number": 1, "chain": "nowhere"}]


@pytest.mark.parametrize("spoil", [_without_units, _strange, _two, _path, _rules, _chain])
def test_a_file_that_is_none_is_refused_and_nothing_begins(
    old: Stage, new: Stage, spoil: Callable[[dict[str, Any]], None]
) -> None:
    with old.desk("organiser") as desk:
        file = json.loads(desk.get("/desk/games/programme.json").content)
    spoil(file)
    with new.desk("organiser") as desk:
        answer = bring(desk, json.dumps(file).encode())
        assert answer.status_code == 422
        assert "这不是筹备文件，或已被改动" in words(answer.text)
        assert bring(desk, b"").status_code == 422
        assert "这是哪一届运动会" in words(desk.get("/desk/intake").text)
    assert "games" not in new.kinds()


def test_an_empty_house_leads_the_organiser_to_the_import_and_tells_others_to_wait(new: Stage) -> None:
    with new.desk("organiser") as desk:
        for path in ("/desk", "/desk/board", "/desk/events", "/desk/games"):
            page = desk.get(path).text
            assert EMPTY in words(page), path
            assert '<a class="button primary" href="/desk/intake">' in page, path
    with new.desk("clerk") as desk:
        for path, wait in (("/desk", "授予职责后"), ("/desk/events", "组委会导入赛项后")):
            page = desk.get(path).text
            assert wait in words(page), path
            assert "/desk/intake" not in page, path
