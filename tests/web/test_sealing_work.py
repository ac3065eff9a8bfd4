"""Today's work of encryptor, supervisor and check-in: the draw's steps one after another, conflicts, arrivals."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from competition import judging
from competition.judging import checkin
from competition.store import people
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, WORDS, Sealing, lay_out, served, words


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        yield open_stage


def home(stage: Sealing, role: str) -> str:
    return words(stage.get(role, "/desk").text)


def test_each_step_of_the_draw_waits_for_its_own_official(stage: Sealing) -> None:
    for role in ("encryptor", "supervisor"):
        assert "抽签还缺您的一半种子" in home(stage, role)
    assert "抽签" not in home(stage, "clerk")
    stage.do(judging.commit_seed, EVENT, WORDS["encryptor"], stage.official("encryptor"), rng_bytes=stage.rng)
    assert "抽签还缺" not in home(stage, "encryptor")
    assert "抽签还缺您的一半种子" in home(stage, "supervisor")
    stage.do(judging.commit_seed, EVENT, WORDS["supervisor"], stage.official("supervisor"), rng_bytes=stage.rng)
    assert "两半种子已交齐" in home(stage, "encryptor")
    assert f'href="{BASE}/draw"' in stage.get("encryptor", "/desk").text
    assert "两半种子已交齐" not in home(stage, "supervisor")
    stage.do(judging.draw_codes, EVENT, stage.official("encryptor"))
    assert "两半种子已交齐" not in home(stage, "encryptor")


def test_a_conflict_of_interest_is_told_the_encryptor_alone(stage: Sealing) -> None:
    seated = next(one.official_id for one in stage.read(judging.seats, EVENT) if one.official_id)
    assert "回避" not in home(stage, "encryptor")
    stage.writer.do(
        lambda conn: conn.execute(update(people.Official).where(people.Official.id == seated).values(unit_id="u-north"))
    )
    assert "个席位的裁判与选手同单位" in home(stage, "encryptor")
    for role in ("organiser", "chief", "clerk", "supervisor", "announcer"):
        assert "回避" not in home(stage, role)


def test_check_in_stands_in_the_clerks_work_while_it_is_open(stage: Sealing) -> None:
    organiser = stage.official("organiser")
    assert "检录正在进行" not in home(stage, "clerk")
    stage.do(checkin.open_check_in, EVENT, stage.now + timedelta(hours=1), organiser)
    assert "检录正在进行" in home(stage, "clerk")
    assert "检录正在进行" not in home(stage, "encryptor")
    stage.do(checkin.close_check_in, EVENT, stage.official("chief"))
    assert "检录正在进行" not in home(stage, "clerk")
