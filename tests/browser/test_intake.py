"""An organiser who has never seen it brings the workbook of a whole games, with faults as real lists have them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from competition.cli.sample.workbook import FAULTS, sample_workbook
from tests.serving import Server

ROOT = Path(__file__).parents[2]
LAPTOP = {"width": 1366, "height": 768}
LONG = 90_000  # milliseconds: 4,000 people on a machine that does other things too


@pytest.fixture
def page(browser: Browser, server: Server, organiser_login: tuple[str, str]) -> Page:
    """The organiser at the desk of an empty house."""
    opened = browser.new_context(viewport=LAPTOP, accept_downloads=True).new_page()
    opened.set_default_timeout(LONG)
    opened.goto(f"{server.desk_url}/login?next=/desk/intake")
    for field, text in zip(("username", "password"), organiser_login, strict=True):
        opened.fill(f"[name={field}]", text)
    opened.click("main [type=submit]")
    return opened


def found_games(page: Page, name: str) -> None:
    for field, text in (("name", name), ("host", "示例市总工会"), ("year", "2026")):
        page.fill(f"[name={field}]", text)
    page.get_by_role("button", name="建立").click()


def bring(page: Page, file: Path) -> None:
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="检查文件").click()
    page.wait_for_url(re.compile(r"/desk/intake/[0-9a-f]{32}"))


def test_from_a_workbook_with_faults_to_an_event_ready_for_its_judges(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "示例运动会.xlsx"
    file.write_bytes(sample_workbook(ROOT, datetime(2026, 11, 1, tzinfo=UTC), faults=True))

    # The empty house asks for one thing first.
    found_games(page, "示例市第一届职工技术运动会")
    expect(page.get_by_text("还没有导入过")).to_be_visible()

    # Every planted fault is found, with its cell, and nothing is written.
    bring(page, file)
    said = page.locator("table.faults").inner_text()
    columns = {"person": "A", "name": "B", "identity": "C", "phone": "D", "unit": "E", "event": "F", "consent": "I"}
    for fault in FAULTS:
        cell = f"选手!{columns[fault.field]}{fault.row}"
        assert cell in said, fault
        line = next(line for line in said.splitlines() if line.startswith(f"{cell}\t"))
        assert fault.said in line
        assert ("✕" if fault.said else "▲") in line
    wrong = sum(bool(fault.said) for fault in FAULTS)
    expect(page.get_by_text(f"有 {wrong} 处错误，改好之前不能导入。")).to_be_visible()
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)

    # One is mended on the page, the others are left out.
    mended = page.get_by_role("row", name="选手!F208")
    mended.get_by_role("textbox").fill("糕点面包烘焙工")
    mended.get_by_role("button", name="改", exact=True).click()
    expect(page.get_by_text(f"有 {wrong - 1} 处错误")).to_be_visible()
    page.get_by_role("button", name=f"略去有错的 {wrong - 1} 行").click()
    expect(page.get_by_text("没有错误，可以导入。")).to_be_visible()

    # What will change is looked at page by page; a page is never 4,000 rows.
    people = 4000 - (wrong - 1)
    page.get_by_role("link", name=str(people), exact=True).click()
    expect(page.get_by_text(f"第 1/40 页，1–100 行，共 {people} 行")).to_be_visible()
    assert page.locator("table.diff-rows tbody tr").count() == 100
    assert len(page.content()) < 120_000
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_text("第 2/40 页")).to_be_visible()

    # Confirmed, it is on record; brought again, nothing is left to do but the rows that were left out.
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_url(re.compile(r"done="))
    expect(page.get_by_role("row", name=re.compile("^选手 "))).to_contain_text(str(people))
    expect(page.get_by_role("row", name=re.compile("^工种 "))).to_contain_text("108")
    expect(page.get_by_text("＋742")).to_be_visible()

    # The event has its entries and a judge in every seat: ready for the seats' cards.
    page.goto(f"{page.url.split('/desk')[0]}/desk/events/baker/seats")
    rows = page.locator("table.lines tbody tr")
    assert rows.count() > 0
    expect(page.get_by_text("未指定")).to_have_count(0)
    page.get_by_role("button", name="生成全部席位卡片").click()
    expect(page.locator(".seat-card").first).to_be_visible()


def test_an_export_is_edited_and_brought_back(page: Page, tmp_path: Path) -> None:
    """Without the script of the page, too: the form works as it stands."""
    found_games(page, "示例运动会")
    csv = tmp_path / "单位.csv"
    csv.write_bytes("代码,单位名称\r\nu1,示例一厂\r\nu2,示例二厂\r\n".encode("gbk"))
    bring(page, csv)
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_url(re.compile(r"done="))
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全部登记").click()
    saved = tmp_path / "out.xlsx"
    download.value.save_as(saved)
    bring(page, saved)
    expect(page.get_by_text("与已登记的完全相同")).to_be_visible()
    page.goto(page.url.split("/desk")[0] + "/desk/intake")
    page.locator("summary").click()
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销，登记恢复到导入之前。")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^单位 "))).to_contain_text("0")
