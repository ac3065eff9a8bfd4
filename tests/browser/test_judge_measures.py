"""Targets measured, and pages read at 320 px and at 200 % (tablets-and-screens.md 3.1–3.2; 9, test 12; WCAG 1.4.4, 1.4.10, 2.5.8)."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.judge_walk import Venue, give, join, join_in

CELL, TARGET = 56, 48  # px
SMALL = """([cell, target]) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].map((one) => {
  const shown = one.matches(".way input, .ask-item input") ? one.closest("label") : one;
  const box = shown.getBoundingClientRect(), style = getComputedStyle(shown);
  const floor = one.matches(".value, .keyed, .count-add, .count-step, .order .icon-button, .pad-key") ? cell : target;
  const hidden = !box.width || !box.height || style.visibility === "hidden" || one.matches(".skip, .pin-input");
  return hidden || (box.width >= floor - 0.5 && box.height >= floor - 0.5) ? null
    : `${one.tagName}.${one.className} "${one.textContent.trim().slice(0, 20)}" ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`;
}).filter(Boolean)"""
# Text is cut if a line of it ends beyond the window or beyond a box that hides what overflows; `…` on purpose is named below.
CUT = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility()) continue;
    if (parent.closest(".sr-only, .skip, .scratch-first, .watermark, script, option")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const line of range.getClientRects()) {
      let [left, right] = [0, innerWidth];
      for (let box = parent; box && box !== document.body; box = box.parentElement)
        if (["hidden", "clip"].includes(getComputedStyle(box).overflowX)) {
          const edge = box.getBoundingClientRect();
          [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
        }
      if (line.left >= left - 1 && line.right <= right + 1) continue;
      found.push(`${parent.className || parent.tagName}: ${text.data.trim().slice(0, 40)}`);
      break;
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push(`sideways: ${document.documentElement.scrollWidth}`);
  return found;
}"""
# What a judge opens, by address; "sheet" is the first sheet.
PLACES = ("", "sheet", "review", "sweep/stage/technical", "outbox", "practice")


def visit(page: Page, venue: Venue, sheet: str, place: str) -> None:
    """Open one of PLACES."""
    address = {"sheet": f"sheet/{sheet}", "review": f"sheet/{sheet}/review"}.get(place, place)
    page.goto(f"{venue.url}/judge#/{address}")
    page.locator("main :is(.entry, .item, .review-row, .button)").first.wait_for()


def test_targets_are_big_enough_at_every_width(open_venue: Venue, tablet: Page) -> None:
    join(tablet, open_venue, "technical.1")
    tablet.locator(".entry").first.tap()
    tablet.locator(".item").first.wait_for()
    sheet = tablet.url.rsplit("/", 1)[1]
    small: dict[str, list[str]] = {}

    def measure(what: str) -> None:
        for width in (600, 744, 800, 820, 1280):
            tablet.set_viewport_size({"width": width, "height": 1000})
            found = tablet.evaluate(SMALL, [CELL, TARGET])
            if found:
                small[f"{what} at {width}"] = sorted(set(found))

    for place in PLACES:
        visit(tablet, open_venue, sheet, place)
        measure(place or "list")
    tablet.locator(".keyed").first.tap()
    measure("keypad")
    tablet.keyboard.press("Escape")
    visit(tablet, open_venue, sheet, "sheet")
    tablet.locator(".item .icon-button").nth(2).tap()
    tablet.locator(".timer-toggle").tap()
    measure("menu of an item and watch")
    tablet.keyboard.press("Shift+?")
    measure("keyboard help")
    tablet.goto(f"{open_venue.url}/join/{next(open_venue.cards['technical.1'])}")
    tablet.locator(".verdict").wait_for()
    measure("seat card")
    assert small == {}
    tablet.evaluate("document.querySelector('.pad-key').style.cssText = 'block-size: 40px; min-block-size: 0'")
    measure("broken")
    assert len(small) == 5  # a key that is too small is seen


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_cut_at_320_px_and_at_twice_the_size(open_venue: Venue, browser: Browser, language: str) -> None:
    """320 px is 1280 at 400 %; 372 × 566 and 566 × 372 are the two tablet sizes at 200 %, here with the largest text too."""
    context = browser.new_context(viewport={"width": 744, "height": 1133}, has_touch=True, locale=language)
    if language == "en":
        context.add_cookies([{"name": "lang", "value": "en", "url": open_venue.url}])
    page = context.new_page()
    join_in(page, open_venue, "sensory.2")
    page.locator("a.entry").first.tap()
    give(page, "espresso_taste")
    sheet = page.url.rsplit("/", 1)[1]
    cut: dict[str, list[str]] = {}
    for place in (*PLACES[:3], "sweep/stage/sensory", *PLACES[4:]):
        visit(page, open_venue, sheet, place)
        for width, height, size in (
            (320, 640, "m"),
            (372, 566, "m"),
            (566, 372, "m"),
            (390, 844, "xl"),
            (744, 1133, "xl"),
        ):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("(size) => (document.documentElement.dataset.size = size)", size)
            found = page.evaluate(CUT)
            if found:
                cut[f"{place or 'list'} at {width}, {size}"] = found
    assert cut == {}
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.querySelectorAll('main *').forEach((one) => (one.style.whiteSpace = 'nowrap'))")
    assert len(page.evaluate(CUT)) >= 1  # lines that run out of the window are seen
    context.close()
