"""axe-core looks at every page and state a judge meets: nothing may be found. Row 71; WCAG 2.2 AA."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.judge_walk import PORTRAIT, Venue, give, join, sign

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(params=["zh-CN", "en"], ids=["zh", "en"])
def judge(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tablet in one of the two languages; English also with the largest type and high contrast."""
    context = browser.new_context(viewport=PORTRAIT, has_touch=True, locale=request.param, reduced_motion="reduce")  # type: ignore[arg-type]
    if request.param == "en":
        context.add_init_script("localStorage.setItem('judge.prefs', JSON.stringify({size: 'xl', contrast: true}))")
        context.add_cookies([{"name": "lang", "value": "en", "url": "http://venue.test/"}])
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """What axe finds, each with its place."""
    page.wait_for_timeout(150)  # a colour that is still changing is no fault
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]
    ]


def test_nothing_is_found_on_the_way_to_a_signature(venue: Venue, judge: Page) -> None:
    judge.goto(f"{venue.url}/join/{next(venue.cards['technical.1'])}")
    judge.locator(".verdict").wait_for()
    seen = {"join": faults(judge)}
    join_in(judge, venue)
    seen["list"] = faults(judge)
    judge.goto(f"{venue.url}/judge#/practice")
    judge.locator(".item").first.wait_for()
    seen["practice: every control"] = faults(judge)
    judge.locator(".keyed").first.tap()
    seen["keypad"] = faults(judge)
    judge.keyboard.press("Escape")
    judge.goto(f"{venue.url}/judge#/outbox")
    seen["outbox"] = faults(judge)
    judge.goto(f"{venue.url}/judge#/")
    judge.locator("a.entry").first.tap()
    judge.locator(".item").first.wait_for()
    seen["blank sheet"] = faults(judge)
    give(judge, "espresso_taste")
    judge.locator("#i-espresso_taste .flag").tap()
    judge.locator("#i-milk_taste_accuracy .value[data-value='0']").tap()
    judge.locator("#i-espresso_taste .icon-button").last.tap()
    seen["marks, a doubt, a question, a menu"] = faults(judge)
    judge.keyboard.press("Shift+?")
    seen["keyboard help"] = faults(judge)
    judge.keyboard.press("Escape")
    judge.goto(judge.url.split("/at/")[0] + "/review")
    judge.locator(".review").wait_for()
    seen["review with open matters"] = faults(judge)
    judge.goto(f"{venue.url}/judge#/")
    judge.locator('a[href*="sweep"]').first.tap()
    judge.locator(".sweep-head").wait_for()
    seen["sweep"] = faults(judge)
    venue.kill()
    judge.evaluate("location.hash = '#/outbox'")
    judge.locator(".chip-state").wait_for()
    seen["without a server"] = faults(judge)
    assert {state: found for state, found in seen.items() if found} == {}
    judge.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [one.split(":")[0] for one in faults(judge)] == ["button-name"]  # axe does look


def test_nothing_is_found_on_a_signed_sheet(venue: Venue, tablet: Page) -> None:
    join(tablet, venue, "clock.1")
    tablet.locator(".entry").first.tap()
    tablet.locator(".keyed").tap()
    for digit in "1534":
        tablet.locator(".pad-dock .pad-key", has_text=digit).tap()
    tablet.get_by_role("button", name="完成").tap()
    tablet.get_by_role("link", name="核对并签名").tap()
    tablet.get_by_role("img", name="签名区，请在此签名").wait_for()
    assert faults(tablet) == []
    tablet.get_by_role("link", name="返回").tap()
    sign(tablet)
    expect(tablet.locator(".banner")).to_contain_text("您已签名", timeout=20000)
    assert faults(tablet) == []


def join_in(page: Page, venue: Venue) -> None:
    """Into the first tasting seat, whatever the language."""
    page.goto(f"{venue.url}/join/{next(venue.cards['sensory.1'])}")
    page.locator(".verdict").wait_for()
    for digit in "482913":
        page.locator(".pin .pad-key", has_text=digit).tap()
    page.wait_for_url("**/judge")
    page.locator("a.entry").first.wait_for()
