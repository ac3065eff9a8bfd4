"""What every walk of an organiser does at the import: the games, a file brought, and the workbook of a whole games with faults."""

import re
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from competition.cli.sample.workbook import FAULTS, sample_workbook

ROOT = Path(__file__).parents[2]
LAPTOP = {"width": 1366, "height": 768}
LONG = 90_000  # milliseconds: 4,000 people on a machine that does other things too


def found_games(page: Page, name: str) -> None:
    """The empty house asks for the games first."""
    for field, text in (("name", name), ("host", "示例市总工会"), ("year", "2026")):
        page.fill(f"[name={field}]", text)
    page.get_by_role("button", name="建立", exact=True).click()
    expect(page.get_by_text("还没有导入过")).to_be_visible()


def bring(page: Page, file: Path) -> None:
    """Upload a file and come to what was found in it."""
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="检查文件").click()
    page.wait_for_url(re.compile(r"/desk/intake/[0-9a-f]{32}"))


def import_the_games(page: Page, folder: Path) -> None:
    """108 job types and 4,000 people; the faults that were planted are mended or left out on the page."""
    file = folder / "示例运动会.xlsx"
    file.write_bytes(sample_workbook(ROOT, datetime(2026, 11, 1, tzinfo=UTC), faults=True))

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
