"""The chief's page in a browser: a request arrives by itself, what is being typed stays, and the answer reaches the tablet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from competition import judging
from competition.judging import AskOp, Pulse
from competition.settings import Settings
from competition.web.app import create_app
from tests.laid_out import LaidOut
from tests.serving import listening
from tests.web.board_stage import ASKED, EVENT, PAGE, Board, lay_out
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
    """The chief's laptop, on the event's page."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{served[1]}/login?next={PAGE}")
    page.get_by_label("用户名").fill("chief")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(f"{served[1]}{PAGE}")
    yield page
    context.close()


def test_a_request_arrives_and_is_answered_while_others_come_in(served: tuple[Board, str], chief: Page) -> None:
    board, _ = served
    device = board.tablet()
    first, second, _ = (one["id"] for one in board.sheets(device))
    expect(chief.locator("#queue-none")).to_be_visible()
    board.ask(device, first, "aroma", "taste")
    line = chief.locator(f"#ask-{ASKED}")
    expect(line).to_contain_text("把 P02 看成了 P01")
    line.get_by_text("同意更正…").click()
    line.get_by_label("香气").uncheck()
    line.get_by_label("开放多少分钟").fill("20")
    line.get_by_label("原因").press_sequentially("杯号")
    receipt = board.venue.do(judging.ask_unlock, device, AskOp("b" * 32, second, [], "漏看一项"))
    assert receipt.outcome == "accepted"
    expect(chief.locator("#queue-lines > li")).to_have_count(2)
    line.get_by_label("原因").press_sequentially("贴错")  # the field still has the focus and its text
    expect(line.get_by_label("原因")).to_have_value("杯号贴错")
    expect(line.get_by_label("香气")).not_to_be_checked()
    line.get_by_role("button", name="开放更正").click()
    expect(line).to_have_count(0)
    expect(chief.locator(f"#open-{first}")).to_contain_text("正在更正")
    told = next(one for one in board.sheets(device) if one["id"] == first)
    assert told["reopened"]["items"] == ["taste"]
    other = chief.locator(f"#ask-{'b' * 32}")
    other.get_by_text("不同意…").click()
    other.get_by_label("不同意的理由").fill("照片与分数相符")
    other.get_by_role("button", name="答复不同意").click()
    expect(chief.locator("#queue-lines > li")).to_have_count(1)  # the correction that is open
    told = next(one for one in board.sheets(device) if one["id"] == second)
    assert told["refused"]["reason"] == "照片与分数相符"


def test_a_tablets_trouble_shows_by_itself(served: tuple[Board, str], chief: Page) -> None:
    board, _ = served
    device = board.tablet()
    line = chief.locator(f"#device-{device.id}")
    board.venue.do(judging.heartbeat, device, Pulse(unsent=7, battery=9, clock_ms=7_200_000))
    expect(line).to_contain_text("未上传 7")
    expect(line).to_contain_text("电量 9%")
    expect(line).to_contain_text("时钟快 120 分钟")
    assert board.venue.read(judging.event_line, EVENT).locked is False
