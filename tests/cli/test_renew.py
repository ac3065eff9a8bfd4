"""Next year's games from this year's: what comes along, what never does, and what is refused."""

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from competition import judging, store
from competition.cli import main
from competition.judging import readiness, slots
from competition.store.games import Games, Unit
from tests.judging.conftest import EVENT, NAMES, Hall, lay_out
from tests.laid_out import LaidOut

NEXT = ("--name", "示例运动会二", "Sample games two", "--year", "2027")


@pytest.fixture
def old(laid_out: LaidOut, tmp_path: Path) -> Path:
    """This year's data folder: people, sheets, two slots of which one has a time."""
    folder = tmp_path / "old"
    folder.mkdir()
    with laid_out.copy(lay_out, folder / "competition.sqlite") as hall:
        first: Hall = hall
        by = first.official("organiser")
        first.do(slots.add_slots, EVENT, "cup", ["1", "2"], 1, first.now, 0, by, rng_bytes=first.rng)
        first.do(slots.describe_event, EVENT, "评茶决赛", "Tea final", by, venue="二号馆")
    return folder


@pytest.fixture
def renew(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(*options: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["competition", "renew", *map(str, options)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out + said.err

    return run


def test_the_programme_comes_along_and_nobody_with_it(
    old: Path, tmp_path: Path, renew: Callable[..., tuple[int, str]]
) -> None:
    before = (old / "competition.sqlite").read_bytes()
    new = tmp_path / "new"
    code, said = renew("--from", old, "--into", new, *NEXT)
    assert code == 0, said
    for line in ("产业链 1", "单位 2", "工种 1", "赛项及规则 1", "场次工位（不含时间） 2", "organiser"):
        assert line in said
    assert (old / "competition.sqlite").read_bytes() == before
    assert (new / "first-login.txt").stat().st_mode & 0o777 == 0o600
    engine = store.open_store(f"sqlite:///{new / 'competition.sqlite'}")
    with store.reading(engine) as conn:
        assert [(row.name_zh, row.year, row.host) for row in conn.execute(select(Games))] == [
            ("示例运动会二", 2027, "示例市")
        ]
        assert len(conn.execute(select(Unit)).all()) == 2
        line = judging.event_line(conn, EVENT)
        assert (line.name_zh, line.name_en, line.venue, line.drawn_at) == ("评茶决赛", "Tea final", "二号馆", None)
        assert [(one.n, one.station, one.opens_at) for one in slots.slots(conn, EVENT)] == [
            (1, "1", None),
            (1, "2", None),
        ]
        assert judging.entries(conn, EVENT) == []
        assert [seat.judge for seat in judging.seats(conn, EVENT)] == [None] * 3
        assert [need.key for need in readiness.readiness(conn)[EVENT] if need.blocks][:2] == ["entries", "seats"]
        assert store.verify(conn, None, store.heads(conn)) == []
    engine.dispose()
    dump = "\n".join(sqlite3.connect(new / "competition.sqlite").iterdump())
    assert [name for name in NAMES if name in dump] == []


def test_a_dry_run_writes_nothing(old: Path, tmp_path: Path, renew: Callable[..., tuple[int, str]]) -> None:
    code, said = renew("--from", old, "--into", tmp_path / "new", *NEXT, "--dry-run")
    assert (code, "赛项及规则 1" in said) == (0, True)
    assert not (tmp_path / "new").exists()


def test_data_that_is_there_is_never_overwritten(
    old: Path, tmp_path: Path, renew: Callable[..., tuple[int, str]]
) -> None:
    before = (old / "competition.sqlite").read_bytes()
    code, said = renew("--from", old, "--into", old, *NEXT)
    assert (code, "请用新目录" in said) == (2, True)
    assert (old / "competition.sqlite").read_bytes() == before
    code, said = renew("--from", tmp_path / "nowhere", "--into", tmp_path / "new", *NEXT)
    assert (code, "--from" in said) == (2, True)
    assert not (tmp_path / "new").exists()


def test_an_event_whose_name_cannot_stand_here_is_named(
    old: Path, tmp_path: Path, renew: Callable[..., tuple[int, str]]
) -> None:
    file = old / "competition.sqlite"
    with sqlite3.connect(file) as conn:
        conn.execute("UPDATE event SET name_zh = ?", ("很长的赛项名称" * 9,))
    code, said = renew("--from", old, "--into", tmp_path / "new", *NEXT)
    assert code != 0
    assert f"很长的赛项名称（{EVENT}）" in said.replace("\n", "")
    with sqlite3.connect(file) as conn:
        conn.execute("UPDATE event SET name_zh = '评茶决赛', name_en = ''")
    code, said = renew("--from", old, "--into", tmp_path / "new", *NEXT)
    assert code == 0, said  # without an English name the Chinese one stands for it
