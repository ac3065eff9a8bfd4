"""横评 and the wrong-target guard: one item across all codes, and no marks on a contestant that was not meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.judge_walk import Venue, engine_of, give, join
from tests.web.judge_stage import marks_in_ledger


def test_one_item_is_marked_across_all_codes(venue: Venue, tablet: Page) -> None:
    """Row 17: the same marks by the other pivot, the code in every row, undo across sheets, next and previous item."""
    join(tablet, venue, "sensory.1")
    codes = tablet.locator(".entry-code").all_text_contents()
    sheets = [str(link.get_attribute("href")).rsplit("/", 1)[1] for link in tablet.locator("a.entry").all()]
    tablet.get_by_role("link", name="横评").tap()
    tablet.locator(".sweep-pick").select_option(label="1.4 味觉体验")
    rows = tablet.locator(".item")
    expect(rows).to_have_count(3)
    assert tablet.locator(".item-code").all_text_contents() == codes
    for row, value in zip(rows.all(), ("4", "4.5", "2"), strict=True):
        row.locator(f".value[data-value='{value}']").tap()
        expect(row.locator(".echo")).to_have_text(value)
    expect(tablet.locator(".tally")).to_contain_text("已评 3/3")
    tablet.get_by_role("button", name="撤销").tap()
    expect(rows.nth(2).locator(".echo")).to_have_text("—")
    tablet.get_by_role("button", name="撤销").tap()
    expect(rows.nth(1).locator(".echo")).to_have_text("—")
    rows.nth(1).locator(".value").first.focus()
    tablet.keyboard.type("3")
    expect(rows.nth(1).locator(".echo")).to_have_text("3")
    tablet.get_by_role("button", name="下一项").tap()
    expect(tablet.locator(".sweep-head h2")).to_have_text("1.5 触感体验")
    expect(tablet.locator(".echo").first).to_have_text("—")
    tablet.get_by_role("button", name="上一项").tap()
    tablet.locator(".item-code").first.tap()  # to that sheet, at that item
    expect(tablet.locator(".top .code")).to_have_text(codes[0])
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4")
    expect(tablet.locator("#i-espresso_taste")).to_be_in_viewport()
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=15000)
    venue.stop()
    engine = engine_of(venue)
    found = [marks_in_ledger(engine, sheet) for sheet in sheets]
    engine.dispose()
    assert found == [{"espresso_taste": "4"}, {"espresso_taste": "3"}, {"espresso_taste": None}]


def test_a_sheet_elsewhere_asks_for_its_code_once(open_venue: Venue, tablet: Page) -> None:
    """Row 2, spec 3.4: another slot while one is being marked; full-width and lower case are the same code."""
    join(tablet, open_venue, "sensory.2")
    tablet.locator(".entry").first.tap()
    expect(tablet.locator(".target")).to_have_count(0)  # where the judge is: nothing to ask
    give(tablet, "espresso_taste")
    tablet.get_by_role("link", name="返回").tap()
    second = tablet.locator(".entry").nth(1)
    code = str(second.locator(".entry-code").text_content())
    second.tap()
    page = tablet.locator(".target")
    expect(page).to_contain_text("它不在您正在评的场次")
    expect(page).to_contain_text("工位 5 · 场次 1")
    expect(tablet.locator(".item")).to_have_count(0)
    tablet.locator("#target-code").fill("P77")
    tablet.get_by_role("button", name="核对无误，打开").tap()
    expect(page.get_by_role("alert")).to_contain_text("“P77”不是这张评分表的编号")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code.lower())
    tablet.locator("#target-code").fill(f" {wide} ")
    tablet.get_by_role("button", name="核对无误，打开").tap()
    expect(tablet.locator(".top .code")).to_have_text(code)
    expect(tablet.locator(".item").first).to_be_visible()
    tablet.get_by_role("link", name="返回").tap()
    second.tap()
    expect(tablet.locator(".item").first).to_be_visible()  # asked once per sheet


def test_a_slot_that_has_not_begun_asks_and_stays_shut_in_the_sweep(open_venue: Venue, tablet: Page) -> None:
    """Spec 3.4: by the server's clock, not the tablet's."""
    opens = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+00:00", "Z")

    def later(route: Route) -> None:
        answered = route.fetch(url=route.request.url.replace("venue.test", "127.0.0.1"))
        body: dict[str, Any] = answered.json()
        for line in body["sheets"]:
            line["opens_at"] = opens
        route.fulfill(response=answered, json=body)

    tablet.route("**/api/judge/session", later)
    join(tablet, open_venue, "sensory.3")
    tablet.get_by_role("link", name="横评").tap()
    expect(tablet.locator(".item.waits")).to_have_count(3)
    expect(tablet.locator(".value")).to_have_count(0)
    tablet.locator(".item-code").first.tap()
    expect(tablet.locator(".target")).to_contain_text("它的场次还没有开始")
