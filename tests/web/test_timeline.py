"""The supervisor's timeline: every act in words once all is locked, by code, and never a name before decoding."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from competition import judging
from competition.judging.timeline import OPEN_KINDS, timeline
from competition.store import Ledger
from competition.store.schema import HOUSE
from competition.words import load
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, ROOT, SECRETS, Sealing, lay_out, served, words

PAGE = f"{BASE}/timeline"
SOURCE = ROOT / "competition" / "judging"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        stage.seal()
        stage.mark_everything_but_the_draw()
        yield open_stage


def test_it_opens_with_the_last_lock_and_tells_who_changed_what(stage: Sealing) -> None:
    refused = stage.get("supervisor", PAGE)
    assert (refused.status_code, "锁定后才能查看" in refused.text) == (409, True)
    stage.do(judging.lock_event, EVENT, stage.official("chief"))
    first = stage.read(judging.standings, EVENT).standings[0].entry
    code = next(line.code for line in stage.read(judging.progress, EVENT) if line.entry == first)
    stage.ruled("status", "录像可见", entry=first, status="dsq")
    page = stage.get("supervisor", PAGE)
    assert [secret for secret in SECRETS if secret in page.text] == []
    row = next(row for row in page.text.split("<tr>") if "登记参赛状态" in row)
    assert words(row).split()[3:] == ["登记参赛状态", code, "取消资格", "官员supervisor", "/", "官员chief", "录像可见"]
    one = words(stage.get("supervisor", f"{PAGE}?code={code}&what=marks").text)
    assert "香气 8" in one
    assert "签名" not in one.split("打分")[-1]
    ended = stage.get("supervisor", f"{PAGE}?what=rulings&code={code}").text
    assert ended.count('<th scope="row">') == 2  # asked for, and confirmed


def test_every_line_is_there_in_order_and_in_the_file(stage: Sealing) -> None:
    stage.do(judging.lock_event, EVENT, stage.official("chief"))
    acts = stage.read(timeline, EVENT, stage.official("supervisor"))
    assert len(acts) == len([line for line in stage.ledger() if line]) - len(house(stage))
    assert [act.entry for act in acts if act.kind in OPEN_KINDS and act.entry] == []
    marks = [act for act in acts if act.kind == "mark"]
    assert all(act.entry and act.changed and act.seat for act in marks)
    answer = stage.get("supervisor", f"{PAGE}.csv")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == len(acts) + 1
    assert sum(",打分," in row for row in rows) == len(marks)
    assert [secret for secret in SECRETS if secret in answer.text] == []


def house(stage: Sealing) -> list[str]:
    """Lines of the house's own chain: no event's."""
    return stage.read(lambda conn: list(conn.scalars(select(Ledger.body).where(Ledger.event_id == HOUSE))))  # type: ignore[no-any-return]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_line_an_event_has_is_called_something(stage: Sealing, lang: str) -> None:
    catalogue = load(ROOT)
    stage.decode()
    kinds = {act.kind for act in stage.read(timeline, EVENT, stage.official("supervisor"))}
    written = re.compile(r'(?:note|change)\(\s*conn, (?:event_id|now\S*|found\.event_id|event), "([a-z-]+)"')
    kinds |= {kind for file in SOURCE.glob("*.py") for kind in written.findall(file.read_text("utf-8"))}
    assert len(kinds) > 50
    assert [kind for kind in sorted(kinds) if not catalogue.has(f"trail.{kind}")] == []
