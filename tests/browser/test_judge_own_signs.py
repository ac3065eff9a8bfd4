"""What a judge keeps beside the marks: notes, doubts, earlier marks, standards; and what is asked before a signature."""

from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.judge_walk import GIVEN, PORTRAIT, Venue, engine_of, give, join
from tests.web.judge_stage import ledger_kinds

EARLIER = ("4", "4.5", "3")
"""What the judge gave for `espresso_taste` on three signed sheets that a test adds to the session."""


def test_notes_are_kept_while_writing_and_come_back(venue: Venue, tablet: Page) -> None:
    """Rows 11, 21: a note per item and a scratch area per sheet, kept 400 ms after the last key and when the page goes."""
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    tablet.locator("#i-espresso_taste .pen").tap()
    tablet.keyboard.type("杯沿有渍")
    tablet.locator(".scratch summary").tap()
    tablet.locator("#scratch").fill("第二杯更好")
    tablet.wait_for_timeout(700)
    tablet.reload()
    expect(tablet.locator("#n-espresso_taste")).to_have_value("杯沿有渍")
    expect(tablet.locator(".scratch-first")).to_have_text("第二杯更好")
    tablet.locator("#n-espresso_taste").press("End")
    tablet.keyboard.type("，已换")
    tablet.goto("about:blank")  # at once: before the pause is over
    tablet.goto(f"{venue.url}/judge")
    tablet.locator(".entry").first.tap()
    expect(tablet.locator("#n-espresso_taste")).to_have_value("杯沿有渍，已换")
    assert "渍" not in venue.log.read_text(encoding="utf-8")


def test_a_doubt_blocks_the_signature_until_it_is_settled(venue: Venue, tablet: Page) -> None:
    """Rows 4, 9, 11: one list before the signature; a flag and a zero are settled right there."""
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    for item in GIVEN:
        if item != "milk_taste_accuracy":
            give(tablet, item)
    tablet.locator("#i-espresso_taste .flag").tap()
    tablet.locator("#i-milk_taste_accuracy .value[data-value='0']").tap()
    expect(tablet.locator("#i-milk_taste_accuracy .ask")).to_contain_text("确认 0 分？")
    tablet.get_by_role("link", name="核对并签名").tap()
    matters = tablet.locator(".matters li")
    expect(matters).to_have_count(2)
    expect(matters.nth(0)).to_contain_text("待定：1.4 味觉体验 4.5")
    expect(matters.nth(1)).to_contain_text("2.2 味觉描述的准确性: 确认 0 分？")
    expect(tablet.locator(".signing")).to_be_hidden()
    matters.nth(0).get_by_role("button", name="就按这个分").tap()
    expect(matters).to_have_count(1)
    matters.get_by_role("button", name="确认 0").tap()
    expect(matters).to_have_count(0)
    signing = tablet.locator(".signing")
    expect(signing).to_be_visible()
    for text in ("P0", "工位 5", "场次 1", "现场制作与服务", "林示例"):
        expect(signing).to_contain_text(text)
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=15000)
    venue.stop()
    engine = engine_of(venue)
    assert ledger_kinds(engine, sheet) == ["mark"] * len(GIVEN)  # confirming is no mark
    engine.dispose()


def with_earlier_sheets(seat: dict[str, Any]) -> Any:
    """Answer the session with three more sheets of the same kind, signed, and with `seat` laid over the seat's own line."""

    def answer(route: Route) -> None:
        answered = route.fetch(url=route.request.url.replace("venue.test", "127.0.0.1"))
        body = answered.json()
        line = body["sheets"][0]
        more = [
            {**line, "id": f"{n:032x}", "code": f"P1{n}", "slot": 9, "state": "signed", "clash": [],
             "marks": {"espresso_taste": [value, f"{n:032x}"]}}
            for n, value in enumerate(EARLIER)
        ]  # fmt: skip
        body["sheets"] += more
        body["seat"] |= seat
        route.fulfill(response=answered, json=body)

    return answer


def test_earlier_marks_and_a_mark_far_from_them(open_venue: Venue, tablet: Page) -> None:
    """Rows 18, 9: own earlier marks in the row; more than two steps from their median (4) is asked about, and comes first in review."""
    tablet.route("**/api/judge/session", with_earlier_sheets({}))
    join(tablet, open_venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    expect(tablet.locator("#i-espresso_taste .strip")).to_have_text("本场已评 4  4.5  3")
    expect(tablet.locator("#i-espresso_tactile .strip")).to_be_empty()
    ask = tablet.locator("#i-espresso_taste .ask")
    tablet.locator("#i-espresso_taste .value[data-value='3']").tap()  # two steps: 3, 3.5, 4
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("3")
    expect(ask).to_have_count(0)
    tablet.locator("#i-espresso_taste .value[data-value='2.5']").tap()
    expect(ask).to_contain_text("与您本场的中位数 4 相差较多，确认 2.5？")
    ask.get_by_role("button", name="确认 2.5").tap()
    expect(ask).to_have_count(0)
    tablet.locator("#i-crema .value[data-value='1']").tap()
    tablet.get_by_role("link", name="核对并签名").tap()
    first = tablet.locator(".review-list section").first
    expect(first.locator("h2")).to_have_text("先看这些：与您本场的中位数差得最多")
    expect(first.locator(".review-row")).to_have_count(1)
    expect(first.locator(".review-row")).to_contain_text("您的中位数 4")


def test_the_chief_can_switch_the_strip_off(open_venue: Venue, tablet: Page) -> None:
    """Row 18."""
    tablet.route("**/api/judge/session", with_earlier_sheets({"strip": False}))
    join(tablet, open_venue, "sensory.2")
    tablet.locator(".entry").first.tap()
    expect(tablet.locator("#i-espresso_taste .item-facts")).to_contain_text("满分")
    expect(tablet.locator("#i-espresso_taste .strip")).to_be_empty()


def test_standards_open_beside_the_sheet(open_venue: Venue, browser: Browser, tablet: Page) -> None:
    """Rows 2, 7: a tap on the item's text; a side sheet in portrait, the rail in landscape; the code stays in view."""
    join(tablet, open_venue, "sensory.3")
    tablet.locator(".entry").first.tap()
    tablet.locator("#i-espresso_taste .item-open").tap()
    side = tablet.get_by_role("dialog", name="1.4 味觉体验")
    expect(side.locator("dt")).to_have_text(["0", "1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5", "5", "5.5", "6"])
    expect(side).to_contain_text("卓越")
    tablet.keyboard.press("Escape")
    expect(side).to_have_count(0)
    assert "#/sheet/" in tablet.url
    tablet.set_viewport_size({"width": PORTRAIT["height"], "height": PORTRAIT["width"]})
    tablet.locator("#i-espresso_taste .item-open").tap()
    expect(tablet.locator(".rail-standard")).to_contain_text("1.4 味觉体验")
    expect(tablet.get_by_role("dialog")).to_have_count(0)
    tablet.locator("#i-espresso_tactile .value[data-value='3']").tap()
    expect(tablet.locator(".rail-standard .standard-name")).to_have_text("1.5 触感体验")  # it follows the hand
    expect(tablet.locator(".top .code")).to_be_in_viewport()
    expect(tablet.locator(".top .place")).to_contain_text("现场制作与服务 · 感官评分表")


def test_the_server_adds_up_what_is_about_to_be_signed(open_venue: Venue, tablet: Page) -> None:
    """Row 8, law 5: the review shows the server's own sum; without the server it says so, and signing never waits for it."""
    join(tablet, open_venue, "sensory.4")
    tablet.locator(".entry").first.tap()
    give(tablet, "crema")
    review = tablet.get_by_role("link", name="核对并签名")
    review.tap()
    said = tablet.locator(".own-total")
    expect(said).to_have_text("填完后由服务器核算")
    tablet.go_back()
    for item in GIVEN:
        give(tablet, item)
    review.tap()
    expect(tablet.locator(".review-total")).to_contain_text("3 项待服务器计算")  # the head judge may still void them
    expect(said).to_have_text("服务器核算 116.5")
    tablet.go_back()
    tablet.context.set_offline(True)
    give(tablet, "details", "2")
    review.tap()
    expect(said).to_have_text("待服务器核算")
    expect(tablet.get_by_role("button", name="签名提交")).to_be_enabled()
    tablet.context.set_offline(False)
    expect(said).to_have_text("服务器核算 114.5")
