"""The page of copies, with a keeper that works and one whose stick was pulled out; the drill; the runbook."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine

from competition import judging, store
from competition.judging.rehearsal import rehearsal_of
from competition.settings import Settings
from competition.store.backup import backups
from competition.store.keeper import Keeper
from competition.web.safety import RUNBOOK
from tests.served import served
from tests.web.conftest import HTTPS
from tests.web.test_pages import words
from tests.web.venue import ROOT

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


class Desk:
    """An organiser's browser, the keeper behind it, and the clock of both."""

    def __init__(self, client: TestClient, keeper: Keeper, now: list[datetime], var: Path) -> None:  # type: ignore[type-arg]
        self.client, self.keeper, self.now, self.var = client, keeper, now, var

    def get(self, path: str) -> str:
        return words(self.client.get(path, headers={"cookie": "__Host-desk=in"}).text)

    def post(self, do: str) -> str:
        headers = {"cookie": "__Host-desk=in", "origin": HTTPS}
        answer = self.client.post("/desk/safety", data={"do": do}, headers=headers, follow_redirects=False)
        return answer.headers.get("location") or words(answer.text)


@pytest.fixture
def desk(tmp_path: Path, engine: Engine, writer: store.Writer) -> Iterator[Desk]:
    now = [AT]

    def begin(conn: store.engine.Connection) -> None:
        one = judging.create_official(conn, "organiser", "组委会甲", "long password", None, AT, lambda n: b"1" * n)
        judging.grant(conn, one.id, "organiser", None, None, AT)
        judging.start_session(conn, one, "in", AT, AT + timedelta(days=1))

    writer.do(begin)
    keeper = Keeper(tmp_path / "competition.sqlite", (tmp_path / "backups", tmp_path / "stick"), lambda: now[0])
    with (
        served(Settings(ROOT, tmp_path), engine, writer, lambda: now[0]) as app,
        TestClient(app, base_url=HTTPS) as client,
    ):
        app.state.keeper = keeper
        yield Desk(client, keeper, now, tmp_path)


def test_home_and_page_say_how_old_the_copies_are(desk: Desk) -> None:
    assert "备份已落后或失败 还没有任何副本" in desk.get("/desk")
    desk.keeper.take()
    desk.now[0] += timedelta(minutes=2)
    assert "备份正常 最新一份 2 分钟前，共 2 处" in desk.get("/desk")
    desk.now[0] += timedelta(minutes=2)
    assert "备份已落后或失败 最新一份 4 分钟前" in desk.get("/desk")
    shown = desk.get("/desk/safety")
    assert "本机 备份已落后" in shown
    assert backups(desk.var / "stick")[0].path.name in shown


def test_a_stick_that_was_pulled_out_is_named(desk: Desk) -> None:
    desk.keeper.take()
    for file in (desk.var / "stick").iterdir():
        file.unlink()
    (desk.var / "stick").rmdir()
    assert desk.post("backup") == "/desk/safety?done=backup"
    shown = desk.get("/desk/safety?done=backup")
    assert "本机 0 分钟前" in shown
    assert "另一处 备份已落后" in shown
    assert f"不能备份到 {desk.var / 'stick'}" in shown
    assert not (desk.var / "stick").exists()
    assert [one.name for one in backups(desk.var / "backups")] == ["desk", ""]


def test_a_drill_puts_the_newest_copy_back_as_a_rehearsal(desk: Desk, engine: Engine) -> None:
    assert "还没有任何备份可供演练" in desk.post("drill")
    desk.post("backup")
    assert desk.post("drill") == "/desk/safety?done=drill"
    shown = desk.get("/desk/safety?done=drill")
    assert "恢复演练已完成" in shown
    assert "全部相符 上次 2026-11-22 16:30，" in shown
    other = store.open_store(f"sqlite:///{desk.var / 'drill' / 'competition.sqlite'}")
    with store.reading(other) as conn:
        assert rehearsal_of(conn) is not None
    other.dispose()
    with store.reading(engine) as conn:
        assert rehearsal_of(conn) is None
    assert desk.post("drill") == "/desk/safety?done=drill"  # the last one gives way


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_runbook_has_every_step_in_words(desk: Desk, lang: str) -> None:
    shown = desk.client.get(f"/desk/runbook?lang={lang}", headers={"cookie": "__Host-desk=in"}).text
    assert shown.count("<li>") == sum(RUNBOOK.values())
    assert "runbook." not in shown
