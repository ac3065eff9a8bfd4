"""Two tabs, a real keyboard, and a small window: the same marks, one sender, nothing hidden under the bars."""

from playwright.sync_api import Page, expect

from tests.browser.judge_walk import PORTRAIT, Venue, engine_of, give, join
from tests.web.judge_stage import ledger_kinds, marks_in_ledger

HIDDEN = """() => {
  const one = document.activeElement.getBoundingClientRect(), top = document.querySelector(".top").getBoundingClientRect();
  const foot = document.querySelector(".bottom").getBoundingClientRect();
  const fixed = getComputedStyle(document.querySelector(".bottom")).position === "fixed";
  return fixed && (one.top < top.bottom - 1 || one.bottom > foot.top + 1) ? document.activeElement.outerHTML.slice(0, 90) : "";
}"""


def test_two_tabs_show_the_same_and_one_sends(venue: Venue, tablet: Page) -> None:
    """Acceptance: marks, notes and flags of either tab stand in both; the ledger has each mark once; leaving is guarded."""
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    other = tablet.context.new_page()
    other.goto(tablet.url)
    give(tablet, "espresso_taste")
    expect(other.locator("#i-espresso_taste .echo")).to_have_text("4.5")
    give(other, "espresso_taste", "3")
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("3")
    give(tablet, "espresso_tactile")
    give(other, "milk_visual")
    tablet.locator("#i-milk_visual .flag").tap()
    expect(other.locator("#i-milk_visual .flag")).to_have_attribute("aria-pressed", "true")
    for page in (tablet, other):
        expect(page.locator(".chip-state")).to_have_text("已上传", timeout=20000)
        expect(page.locator("#i-espresso_tactile .echo")).to_have_text("5")
    tablet.context.route("**/api/judge/marks", lambda route: route.abort())
    give(other, "milk_taste")
    expect(tablet.locator("#i-milk_taste .kept")).to_have_text("已存本机")
    asked: list[str] = []
    tablet.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tablet.reload()
    assert asked == ["beforeunload"]
    tablet.context.unroute("**/api/judge/marks")
    expect(tablet.locator("#i-milk_taste .kept")).to_have_text("已上传", timeout=30000)
    venue.stop()
    engine = engine_of(venue)
    assert marks_in_ledger(engine, sheet) == {
        "espresso_taste": "3", "espresso_tactile": "5", "milk_visual": "2", "milk_taste": "3.5",
    }  # fmt: skip
    assert ledger_kinds(engine, sheet) == ["mark"] * 5
    engine.dispose()


def test_the_keyboard_explains_itself_and_single_keys_can_be_switched_off(open_venue: Venue, tablet: Page) -> None:
    """Rows 16, 71: ? opens the help; with single keys off neither ? nor a digit does anything, arrows and Space still do."""
    join(tablet, open_venue, "sensory.2")
    tablet.locator(".entry").first.tap()
    tablet.locator("#i-espresso_taste .value").first.focus()
    tablet.keyboard.press("?")
    help_sheet = tablet.get_by_role("dialog", name="键盘说明")
    expect(help_sheet).to_contain_text("撤销上一次修改")
    tablet.keyboard.press("Escape")
    expect(tablet.locator("#i-espresso_taste .value").first).to_be_focused()
    tablet.keyboard.type("2")
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("2")
    tablet.get_by_role("link", name="返回").tap()
    tablet.get_by_role("button", name="单键快捷键").tap()
    expect(tablet.get_by_role("button", name="单键快捷键")).to_have_attribute("aria-pressed", "false")
    tablet.locator(".entry").first.tap()
    tablet.locator("#i-espresso_taste .value").nth(1).focus()
    tablet.keyboard.press("?")
    tablet.keyboard.type("5")
    tablet.wait_for_timeout(900)
    expect(tablet.get_by_role("dialog")).to_have_count(0)
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("2")
    tablet.keyboard.press("ArrowRight")
    tablet.keyboard.press("Space")
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("1.5")


def test_focus_is_never_under_the_bars(open_venue: Venue, tablet: Page) -> None:
    """Acceptance 12 (WCAG 2.4.11): by Tab down and up the sheet, with the watch open and the largest text."""
    join(tablet, open_venue, "sensory.3")
    tablet.get_by_role("button", name="特大").tap()
    tablet.locator(".entry").first.tap()
    tablet.locator(".timer-toggle").tap()
    tablet.locator("#i-crema .item-open").focus()
    under = []
    for key in ["Tab"] * 40 + ["Shift+Tab"] * 40:
        tablet.keyboard.press(key)
        if tablet.evaluate("document.activeElement.closest('.sheet-body') !== null"):
            under.append(tablet.evaluate(HIDDEN))
    assert len(under) > 60
    assert [one for one in under if one] == []


def test_a_narrow_window_reflows_and_keeps_identity_in_view(open_venue: Venue, tablet: Page) -> None:
    """Acceptance 12 (WCAG 1.4.10), row 2: 320 px, and both tablet sizes at 200 %; nothing spills, nothing can be pulled to reload."""
    join(tablet, open_venue, "sensory.4")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url
    for page in ("", "/review"):
        tablet.goto(sheet + page)
        tablet.locator(".top .code").wait_for()
        for width, height in ((320, 640), (PORTRAIT["width"] // 2, PORTRAIT["height"] // 2), (566, 372), (390, 844)):
            tablet.set_viewport_size({"width": width, "height": height})
            assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page, width)
            bar = tablet.locator(".top")
            for part in (".code", ".place strong", ".place .quiet"):
                assert bar.locator(part).is_visible(), (part, width)
            cut = "one => one.scrollWidth > one.clientWidth + 1"
            assert not bar.locator(".place .quiet").evaluate(cut), (page, width)
    assert tablet.evaluate("getComputedStyle(document.documentElement).overscrollBehaviorY") == "none"
    for address in ("#/sweep/stage/sensory", "#/outbox", "#/"):
        tablet.goto(f"{open_venue.url}/judge{address}")
        tablet.locator("main").wait_for()
        tablet.set_viewport_size({"width": 320, "height": 640})
        assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
