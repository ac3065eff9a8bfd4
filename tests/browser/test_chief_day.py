"""A chief's day in a browser: the board of all events, a spread, a clash and a request, each settled to its end."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from competition import judging
from competition.judging import Device
from competition.settings import Settings
from competition.web.app import create_app
from tests.laid_out import LaidOut
from tests.serving import listening
from tests.web.board_stage import ASKED, EVENT, Board, lay_out
from tests.web.venue import PASSWORD, ROOT


@pytest.fixture
def served(laid_out: LaidOut, tmp_path: Path) -> Iterator[tuple[Board, str]]:
    """The board's application on a loopback port, and its address."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as venue:
        app = create_app(Settings(ROOT, tmp_path), venue.engine, venue.writer, venue.clock)
        with listening(app) as address:
            yield Board(venue, app), address


@pytest.fixture
def chief(browser: Browser, served: tuple[Board, str]) -> Iterator[Page]:
    """The chief's laptop, on the day's board."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{served[1]}/login?next=/desk/board")
    page.get_by_label("用户名").fill("chief")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    yield page
    context.close()


def fill(board: Board, device: Device, aroma: str) -> str:
    """P03 filled in by one seat; answers the sheet."""
    sheet: str = board.sheets(device)[2]["id"]
    for item, value in (("aroma", aroma), ("taste", "6"), ("variety", "x")):
        assert board.send(device, board.venue.op(sheet, item, value)) == ["accepted"]
    return sheet


def test_a_chief_settles_a_spread_a_clash_and_a_request(served: tuple[Board, str], chief: Page) -> None:
    board, _ = served
    first, second = board.tablet("taste.1"), board.tablet("taste.2")
    expect(chief.locator(f"#room-{EVENT}")).to_contain_text("正常")
    free = fill(board, first, "2.5")
    fill(board, second, "7")
    board.ask(first, board.sheets(first)[0]["id"], "aroma")
    room = chief.locator(f"#room-{EVENT}")
    expect(room).to_contain_text("更正申请 1")  # the board moved by itself
    expect(room).to_contain_text("分差 1")
    room.get_by_role("link", name=re.compile("分差")).click()
    spread = chief.locator("#queue-lines > li[id^=spread-]")
    expect(spread).to_contain_text("分差 4.5")
    expect(spread).not_to_contain_text("2.5")
    spread.get_by_text("请再核对", exact=True).click()
    spread.get_by_label("感官裁判 2").uncheck()
    spread.locator("[id^=again-why]").fill("与另一席相差太大")
    spread.get_by_role("button", name="发给平板").click()
    expect(spread).to_contain_text("已请再核对")
    assert [board.sheets(device)[2]["recheck"] is not None for device in (first, second)] == [True, False]
    # The judge keeps it; the chief writes down that the talk left the marks as they are.
    spread.get_by_text("记录复议结果").click()
    spread.get_by_label("维持原分").check()
    spread.locator("[id^=kept-why]").fill("两席说明理由后维持")
    spread.get_by_role("button", name="记录", exact=True).click()
    expect(spread).to_have_count(0)

    request = chief.locator(f"#ask-{ASKED}")
    request.get_by_text("同意更正…").click()
    request.locator("[id^=yes-why]").fill("杯号贴错")
    request.get_by_role("button", name="开放更正").click()
    expect(request).to_have_count(0)
    assert board.sheets(first)[0]["reopened"]["items"] == ["aroma"]

    twin = board.tablet("taste.1")
    assert board.send(twin, board.venue.op(free, "taste", "3.5")) == ["clash"]
    clash = chief.locator(f"#clash-{free}")
    expect(clash).to_contain_text("滋味")
    clash.get_by_role("link", name="去裁定").click()
    chief.get_by_label("6", exact=True).check()
    chief.locator(".clash-box").get_by_label("原因（必填，记入操作记录）").fill("以先记的为准")
    chief.get_by_role("button", name="裁定", exact=True).click()
    expect(chief.locator(".clash-box")).to_have_count(0)
    assert board.sheets(first)[2]["marks"]["taste"][0] == "6"
    kinds = {one.outcome for alarm in board.venue.read(judging.alarms, EVENT) if (one := alarm.review)}
    assert kinds <= {"kept"}
