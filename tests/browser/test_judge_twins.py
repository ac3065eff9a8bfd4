"""One seat, several tablets: both are told, marks of both are kept and shown, a replacement has the judge's notes."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from competition import judging, store
from tests.browser.judge_walk import PORTRAIT, Venue, engine_of, give, join
from tests.web.judge_stage import ledger_kinds


def second(browser: Browser) -> tuple[BrowserContext, Page]:
    """Another tablet: a browser with nothing in it."""
    context = browser.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN")
    return context, context.new_page()


def test_two_tablets_on_one_sheet_are_told_and_both_marks_are_kept(
    venue: Venue, tablet: Page, browser: Browser
) -> None:
    """Acceptance 3: a warning on both, never a lock; the clash shows both values on both tablets until the chief decides."""
    join(tablet, venue, "sensory.1")
    context, other = second(browser)
    join(other, venue, "sensory.1")
    for page in (tablet, other):
        expect(page.locator(".notices")).to_contain_text("本席另有 1 台平板在线", timeout=15000)
        page.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    for page in (tablet, other):
        expect(page.locator(".notices")).to_contain_text("另一台平板也打开着这张评分表", timeout=15000)
    for page in (tablet, other):
        page.route("**/api/judge/marks", lambda route: route.abort())
    give(tablet, "espresso_taste", "4")
    give(other, "espresso_taste", "2.5")
    for page in (tablet, other):
        page.unroute("**/api/judge/marks")
    for page in (tablet, other):
        clash = page.locator("#i-espresso_taste .ask.danger").first
        expect(clash).to_contain_text("两个分数", timeout=30000)
        for value in ("4", "2.5"):
            expect(clash).to_contain_text(value)
        page.get_by_role("link", name="核对并签名").tap()
        expect(page.locator(".matters")).to_contain_text("1 项冲突，等裁判长裁定")
    context.close()
    venue.stop()
    engine = engine_of(venue)
    assert ledger_kinds(engine, sheet) == ["mark", "mark"]
    with store.reading(engine) as conn:
        found: Any = judging.clashes(conn, "barista")
    engine.dispose()
    assert {rival.value for rival in found[sheet, "espresso_taste"]} == {"4", "2.5"}


def test_a_replacement_has_the_notes_and_flags(venue: Venue, tablet: Page, browser: Browser) -> None:
    """Rows 11, 30: 待定, confirmed zeros, notes and scratch come back on a tablet that never saw them; the ledger has none of it."""
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    give(tablet, "milk_taste_accuracy", "0")  # confirmed
    tablet.locator("#i-espresso_taste .flag").tap()
    tablet.locator("#i-espresso_taste .pen").tap()
    with tablet.expect_response(lambda one: "/jottings" in one.url and one.status == 200, timeout=15000):
        tablet.keyboard.type("杯沿有渍")
    tablet.locator(".scratch summary").tap()
    with tablet.expect_response(lambda one: "/jottings" in one.url and one.status == 200, timeout=15000):
        tablet.locator("#scratch").fill("第二杯更好")
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=15000)
    context, other = second(browser)
    join(other, venue, "sensory.1")
    expect(other.locator(".entry-state").first).to_contain_text("待定 1")
    other.locator(".entry").first.tap()
    expect(other.locator("#n-espresso_taste")).to_have_value("杯沿有渍")
    expect(other.locator("#i-espresso_taste .flag")).to_have_attribute("aria-pressed", "true")
    expect(other.locator("#i-milk_taste_accuracy .ask")).to_have_count(0)  # confirmed once, on the other tablet
    expect(other.locator(".scratch-first")).to_have_text("第二杯更好")
    other.locator("#i-espresso_taste .flag").tap()
    expect(other.locator("#i-espresso_taste .flag")).to_have_attribute("aria-pressed", "false")
    context.close()
    venue.stop()
    engine = engine_of(venue)
    assert ledger_kinds(engine, sheet) == ["mark"]
    engine.dispose()
