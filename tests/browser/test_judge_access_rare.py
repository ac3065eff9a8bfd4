"""axe-core on what a judge meets when things are not as usual: a wrong sheet, refused marks, a clash, the hand-over, a signed,
locked or reopened sheet, a new card, a full disk. Rows 71–72. Half in Chinese as it stands, half in English with
high contrast and the largest text (see looked_at): the usual states have both."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.judge_walk import FULL_DISK, Venue, give, join_in
from tests.browser.looked_at import faults

SAID = {"zh": "这张评分表不在您的席位", "en": "This sheet is not in your seat"}


@pytest.mark.parametrize("judge", ["en"], indirect=True)
def test_nothing_is_found_where_the_judge_is_stopped(open_venue: Venue, judge: Page) -> None:
    seen: dict[str, list[str]] = {}
    judge.goto(f"{open_venue.url}/join/no-such-card")
    seen["a card that is none"] = faults(judge)
    judge.goto(f"{open_venue.url}/judge")
    judge.locator(".home-more").wait_for()
    seen["not paired"] = faults(judge)
    join_in(judge, open_venue, "sensory.3")
    judge.locator("a.entry").nth(2).tap()
    judge.locator("#target-code").wait_for()
    judge.locator(".target-acts button").tap()
    judge.locator(".sign-fault:not(:empty)").wait_for()
    seen["another contestant than expected"] = faults(judge)
    judge.goto(f"{open_venue.url}/judge#/")
    judge.locator("a.entry").first.tap()
    judge.locator("#i-espresso_taste .item-open").tap()
    judge.locator("dialog.side").wait_for()
    seen["standards of an item"] = faults(judge)
    judge.keyboard.press("Escape")
    refused_and_in_clash(judge)
    seen["refused and clashing marks"] = faults(judge)
    judge.goto(f"{open_venue.url}/judge#/outbox")
    judge.locator(".op-said").first.wait_for()
    seen["outbox with answers"] = faults(judge)
    judge.locator(".handing button").last.tap()
    judge.locator("canvas.qr").wait_for()
    judge.locator(".qr-acts button").nth(1).tap()
    seen["codes for the desk"] = faults(judge)
    judge.keyboard.press("Escape")
    judge.route("**/api/judge/*", lambda route: route.fulfill(status=401, json={"error": SAID}))
    judge.goto(f"{open_venue.url}/judge#/")
    judge.locator(".repair").wait_for(timeout=45000)
    judge.locator(".repair .join-button").tap()
    seen["a new card is needed"] = faults(judge)
    assert {state: found for state, found in seen.items() if found} == {}


def refused_and_in_clash(page: Page) -> None:
    """Two marks that the server answers with a refusal and a clash, and one that stays."""
    outcomes = {"espresso_taste": "refused", "espresso_tactile": "clash"}

    def answer(route: Route) -> None:
        marks: list[dict[str, Any]] = route.request.post_data_json["marks"]
        if any(mark["item"] not in outcomes for mark in marks):
            return route.abort()
        given = [{"id": one["id"], "outcome": outcomes[one["item"]], "reason": SAID} for one in marks]
        return route.fulfill(json={"receipts": given, "server_at": "2026-11-22T01:00:00.000Z"})

    page.route("**/api/judge/marks", answer)
    for n, item in enumerate(outcomes, 1):
        give(page, item)
        page.locator(".item .ask.danger").nth(n - 1).wait_for(timeout=45000)
    give(page, "milk_visual")


@pytest.mark.parametrize("judge", ["zh-CN"], indirect=True)
def test_nothing_is_found_on_closed_sheets(open_venue: Venue, judge: Page) -> None:
    """Signed and refused a correction, locked, reopened for one item; the form to ask; notices; a full disk."""
    judge.route("**/api/judge/session", closed_sheets(open_venue))
    judge.route("**/api/judge/ping", notices(open_venue))
    join_in(judge, open_venue, "sensory.4")
    seen = {"a list of closed sheets": faults(judge)}
    judge.locator("a.entry").first.tap()
    judge.locator(".corrections button").wait_for()
    judge.locator(".notices .note").nth(1).wait_for(timeout=45000)
    seen["signed, correction refused, with notices"] = faults(judge)
    judge.locator(".corrections button").tap()
    judge.locator(".ask-send").tap()
    judge.locator("dialog .sign-fault:not(:empty)").wait_for()
    seen["asking for a correction"] = faults(judge)
    judge.keyboard.press("Escape")
    judge.goto(f"{open_venue.url}/judge#/")
    judge.locator("a.entry").nth(1).tap()
    judge.locator(".banner .note").wait_for()
    seen["locked"] = faults(judge)
    judge.goto(f"{open_venue.url}/judge#/")
    judge.locator("a.entry").nth(2).tap()
    judge.locator(".item.reopened").wait_for()
    seen["reopened for one item"] = faults(judge)
    judge.context.route("**/api/judge/marks", lambda route: route.abort())
    judge.evaluate(FULL_DISK)
    judge.evaluate("sessionStorage.full = 1")
    give(judge, "espresso_taste", "2")
    judge.locator(".alarm").wait_for()
    seen["a mark that is not kept"] = faults(judge)
    assert {state: found for state, found in seen.items() if found} == {}


def closed_sheets(venue: Venue):  # type: ignore[no-untyped-def]
    """The session as it will be after the judge and the chief have been at work."""

    def change(route: Route) -> None:
        answered = route.fetch(url=route.request.url.replace(venue.url, venue.desk_url))
        body = answered.json()
        marks = {"espresso_taste": ["4.5", "0" * 32]}
        signed, locked, reopened = body["sheets"]
        signed |= {"state": "signed", "marks": marks, "refused": {"reason": "请先问同桌裁判", "at": body["server_at"]}}
        locked |= {"state": "locked", "marks": marks}
        until = "2126-11-22T01:00:00.000Z"
        reopened |= {"state": "complete", "marks": marks, "reopened": {"items": ["espresso_taste"], "until": until}}
        route.fulfill(response=answered, json=body)

    return change


def notices(venue: Venue):  # type: ignore[no-untyped-def]
    """A heartbeat that tells of another tablet and a newer program."""

    def change(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        answered = route.fetch(url=route.request.url.replace(venue.url, venue.desk_url))
        return route.fulfill(response=answered, json=answered.json() | {"twins": 1, "app": "0" * 12})

    return change
