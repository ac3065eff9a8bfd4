"""Two controls that need a hand: the bands over the keypad, and an order that is dragged, tapped or typed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.judge_walk import Venue


@pytest.fixture
def practice(open_venue: Venue, tablet: Page) -> Page:
    """The practice sheet, where every control is."""
    tablet.goto(f"{open_venue.url}/judge#/practice")
    tablet.locator("#i-order").wait_for()
    return tablet


def keyed(page: Page, text: str) -> None:
    for key in text:
        page.locator(".pad-key", has_text=key).first.tap()


def band(page: Page) -> Locator:
    return page.locator(".pad-dock .bands li[aria-current]")


def order(page: Page) -> str:
    return " ".join(page.locator("#i-order .order-list strong").all_text_contents())


def placed(page: Page) -> None:
    for sample in "ABC":
        page.locator("#i-order .order-rest .value", has_text=sample).tap()
    expect(page.locator("#i-order .echo")).to_have_text("A B C")
    assert order(page) == "A B C"


def dragged(page: Page, sample: str, by: int) -> None:
    """One finger on the grip of a sample, so many pixels up or down, in small steps."""
    x, y = page.evaluate(
        """(grip) => {
          const element = document.querySelector(grip);
          element.scrollIntoView({ block: "center" });
          const box = element.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        }""",
        f"#i-order li[data-value={sample}] .grip",
    )
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        points = [{"x": x, "y": y + by * step / 10}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_bands_say_where_a_number_lies_and_set_nothing(practice: Page) -> None:
    practice.locator("#i-score .keyed").tap()
    expect(band(practice)).to_have_count(0)
    keyed(practice, "8")
    expect(band(practice)).to_have_text("不合格 0–59")
    keyed(practice, "9")
    expect(band(practice)).to_have_text("良 80–89")
    practice.locator(".bands li", has_text="优").tap()
    expect(practice.locator(".pad-display")).to_have_text("89")
    practice.locator(".pad-done").get_by_role("button", name="完成").tap()
    expect(practice.locator("#i-score .keyed")).to_contain_text("89 良 80–89")


def test_an_order_is_dragged_with_one_finger_and_the_page_stays(practice: Page) -> None:
    placed(practice)
    before = practice.evaluate("scrollY")
    dragged(practice, "C", -140)
    assert order(practice) == "C A B"
    dragged(practice, "C", 70)
    assert order(practice) == "A C B"
    dragged(practice, "A", 6)  # a finger that trembles moves nothing
    assert order(practice) == "A C B"
    expect(practice.locator("#i-order [role=status]")).to_have_text("C 现在第 2 位")
    expect(practice.locator("#i-order .echo")).to_have_text("A C B")
    assert abs(practice.evaluate("scrollY") - before) < 200
    practice.reload()
    practice.locator("#i-order li").first.wait_for()
    assert order(practice) == "A C B"


def test_an_order_is_moved_by_keys_and_the_hand_stays_on_its_row(practice: Page) -> None:
    placed(practice)
    practice.get_by_role("button", name="C 上移").focus()
    practice.keyboard.press("Enter")
    assert order(practice) == "A C B"
    assert practice.evaluate("document.activeElement.getAttribute('aria-label')") == "C 上移"
    practice.keyboard.press("Enter")
    assert order(practice) == "C A B"
    assert practice.evaluate("document.activeElement.getAttribute('aria-label')") == "C 下移"  # it is at the top now


@pytest.fixture
def phone(browser: Browser, open_venue: Venue) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{open_venue.url}/judge#/practice")
    page.locator("#i-order").wait_for()
    yield page
    context.close()


def test_both_fit_a_phone_with_room_for_a_finger(phone: Page) -> None:
    placed(phone)
    for row in phone.locator("#i-order li").all():
        box = row.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
        for target in row.locator(".grip, button").all():
            size = target.bounding_box()
            assert size is not None
            assert min(size["width"], size["height"]) >= 48
    dragged(phone, "A", 70)
    assert order(phone) == "B A C"
