"""Registers out and in again at the desk. (The workbook of a whole games, with faults, is brought in test_setup.)"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.intake_walk import LAPTOP, LONG, bring, found_games
from tests.serving import Server


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
