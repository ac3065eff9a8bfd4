"""axe-core looks at every page and state a judge meets: nothing may be found. Row 71; WCAG 2.2 AA."""

from playwright.sync_api import Page

from tests.browser.judge_walk import Venue, give, join_in
from tests.browser.looked_at import faults
from tests.web.judge_stage import PIN


def test_nothing_is_found_on_the_way_to_a_signature(venue: Venue, judge: Page) -> None:
    judge.goto(f"{venue.url}/join/{next(venue.cards['technical.1'])}")
    judge.locator(".verdict").wait_for()
    seen = {"join": faults(judge)}
    join_in(judge, venue, "sensory.1")
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


def test_nothing_is_found_at_the_signature_and_after_it(open_venue: Venue, judge: Page) -> None:
    join_in(judge, open_venue, "clock.1")
    judge.locator("a.entry:not(.ok)").first.tap()
    judge.locator(".keyed").tap()
    for digit in "1534":
        judge.locator(".pad-dock .pad-key", has_text=digit).tap()
    judge.locator(".pad-done button").first.tap()
    judge.locator(".bottom a.button").tap()
    judge.locator(".sign-button").tap()
    judge.locator(".signing .sign-fault:not(:empty)").wait_for()
    seen = {"signature": faults(judge)}
    judge.locator(".way input").last.check()
    for digit in PIN:
        judge.locator(".pin .pad-key", has_text=digit).tap()
    judge.locator(".sign-button").tap()
    judge.locator(".banner .note.ok").wait_for(timeout=20000)
    seen["signed"] = faults(judge)
    assert {state: found for state, found in seen.items() if found} == {}
