"""From the seat card to the signature without touching the screen (tablets-and-screens.md 9, test 12; rows 16, 71)."""

import re

from playwright.sync_api import Page, expect

from tests.browser.judge_walk import GIVEN, Venue, engine_of
from tests.web.judge_stage import PIN, ledger_kinds, marks_in_ledger

LAPTOP = {"width": 1280, "height": 720}
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const top = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  const bar = document.querySelector(".bottom, .pad-dock"), foot = bar && getComputedStyle(bar).position === "fixed" && !bar.contains(one)
    ? bar.getBoundingClientRect().top : innerHeight;
  const inBar = one.closest(".top, .bottom, dialog, .skip"); // these lie above the bars
  return { what: one.outerHTML.slice(0, 120), ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: inBar ? box.top >= 0 && box.bottom <= innerHeight + 1 : box.top >= top - 1 && box.bottom <= foot + 1 };
}"""


class Keys:
    """A keyboard; after every key the focus must be on something, ringed, and clear of the bars."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            now = self.page.evaluate(FOCUS)
            assert (now["ring"], now["seen"]) == (True, True), (key, now)

    def tab_to(self, selector: str) -> None:
        """Tab on until the focus is there; nobody should need more than eighty."""
        for _ in range(80):
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"no way to {selector} by Tab")


def test_a_whole_sheet_by_keyboard(venue: Venue, tablet: Page) -> None:
    tablet.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    tablet.emulate_media(reduced_motion="reduce")  # a ring is looked for where the page stands, not on its way there
    keys = Keys(tablet)
    tablet.goto(f"{venue.url}/join/{next(venue.cards['sensory.1'])}")
    tablet.locator(".verdict").wait_for()
    keys.tab_to(".pin-input")
    tablet.keyboard.type(PIN)
    tablet.wait_for_url("**/judge")
    tablet.locator(".entry").first.wait_for()
    keys.tab_to("a.entry")
    tablet.keyboard.press("Enter")
    tablet.locator(".item").first.wait_for()
    sheet = tablet.url.rsplit("/", 1)[1]

    keys.tab_to(".item [role=radio]")
    items = list(GIVEN)
    for item in items:
        expect(tablet.locator(f"#i-{item} [role=radio]:focus")).to_have_count(1)
        tablet.keyboard.type(GIVEN[item])
        keys.press("Enter")  # what was typed counts, and on to the next blank
        expect(tablet.locator(f"#i-{item} [aria-checked=true]")).to_have_attribute("data-value", GIVEN[item])
    expect(tablet.locator(".tally")).to_contain_text(f"{len(GIVEN)}/{len(GIVEN)}")
    expect(tablet.locator(".bottom .primary")).to_be_focused()
    tablet.keyboard.press("Enter")
    tablet.locator(".review").wait_for()
    left = tablet.locator(".matters li").count()
    assert left >= 2
    keys.tab_to(".matters button")
    for n in range(left, 0, -1):  # zeros and maxima are confirmed here, in one list; the focus stays in it
        keys.press("Enter")
        expect(tablet.locator(".matters li")).to_have_count(n - 1)
    expect(tablet.locator(".signing")).to_be_visible()
    expect(tablet.locator(".way input").first).to_be_focused()
    keys.press("ArrowDown")
    expect(tablet.get_by_role("radio", name=re.compile("PIN"))).to_be_checked()
    keys.tab_to(".pin-input")
    tablet.keyboard.type(PIN)
    keys.tab_to(".sign-button")
    tablet.keyboard.press("Enter")
    expect(tablet.locator(".banner")).to_contain_text("您已签名", timeout=20000)
    venue.stop()
    engine = engine_of(venue)
    assert marks_in_ledger(engine, sheet) == GIVEN
    assert ledger_kinds(engine, sheet) == ["mark"] * len(GIVEN) + ["sign"]
    engine.dispose()
