"""A judge at a tablet on plain HTTP: joins, marks a whole barista sheet by touch while the server dies, signs; nothing is lost."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from competition import store
from tests.browser.judge_walk import GIVEN, Venue, engine_of, give, join, sign
from tests.web.judge_stage import JUDGE, NAMES, UNITS, ledger_kinds, marks_in_ledger


def test_a_sheet_marked_while_the_server_dies_is_in_the_ledger(venue: Venue, tablet: Page) -> None:
    join(tablet, venue, "sensory.1")
    assert tablet.evaluate("isSecureContext") is False
    assert tablet.url == f"{venue.url}/judge"
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    items = list(GIVEN)

    for item in items[:5]:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_have_text("已上传")
    venue.kill()
    for item in items[5:12]:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_have_text("离线 · 7 项待上传", timeout=15000)
    give(tablet, "crema", "0")  # a change of mind while offline, and back
    tablet.get_by_role("button", name="撤销").tap()
    venue.start()
    for item in items[12:]:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=30000)

    sign(tablet)
    expect(tablet.locator(".banner")).to_contain_text("您已签名", timeout=20000)
    tablet.goto(f"{venue.url}/judge")
    expect(tablet.locator(".entry-state").first).to_have_text("已签名")
    venue.stop()
    engine = engine_of(venue)
    assert marks_in_ledger(engine, sheet) == GIVEN
    assert ledger_kinds(engine, sheet) == ["mark"] * (len(GIVEN) + 2) + ["sign"]
    with store.reading(engine) as conn:
        assert store.verify(conn, None) == []
    engine.dispose()


def test_a_signature_given_offline_arrives_behind_its_marks(venue: Venue, tablet: Page) -> None:
    join(tablet, venue, "clock.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    tablet.locator(".keyed").tap()
    for digit in "1534":
        tablet.locator(".pad-dock .pad-key", has_text=digit).tap()
    tablet.get_by_role("button", name="完成").tap()
    expect(tablet.locator(".echo")).to_have_text("15:34")
    sign(tablet, pin="000000")
    expect(tablet.locator(".banner")).to_contain_text("口令不对", timeout=15000)
    venue.kill()
    sign(tablet)
    expect(tablet.locator(".banner")).to_contain_text("签名已存本机", timeout=15000)
    venue.start()
    expect(tablet.locator(".banner")).to_contain_text("您已签名", timeout=40000)
    venue.stop()
    engine = engine_of(venue)
    assert marks_in_ledger(engine, sheet) == {"elapsed": "934"}
    assert ledger_kinds(engine, sheet) == ["mark", "sign"]
    engine.dispose()


def test_marks_survive_a_reload_before_they_are_sent(venue: Venue, tablet: Page) -> None:
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    tablet.route("**/api/judge/marks", lambda route: route.abort())
    give(tablet, "espresso_taste")
    expect(tablet.locator("#i-espresso_taste .kept")).to_have_text("已存本机")
    tablet.on("dialog", lambda dialog: dialog.accept())
    tablet.reload()
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4.5")
    tablet.unroute("**/api/judge/marks")
    expect(tablet.locator("#i-espresso_taste .kept")).to_have_text("已上传", timeout=30000)


def test_a_reply_that_is_lost_records_nothing_twice(venue: Venue, tablet: Page) -> None:
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    lost = []

    def lose(route, request) -> None:  # type: ignore[no-untyped-def]
        if len(lost) < 3:
            route.fetch(url=request.url.replace(venue.url, venue.desk_url))
            lost.append(json.loads(request.post_data))
            route.abort()
        else:
            route.continue_()

    tablet.route("**/api/judge/marks", lose)
    for item in list(GIVEN)[:4]:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=30000)
    venue.stop()
    engine = engine_of(venue)
    assert ledger_kinds(engine, sheet) == ["mark"] * 4
    engine.dispose()
    assert len(lost) == 3


def test_a_revoked_tablet_asks_for_a_card_and_keeps_its_marks(open_venue: Venue, tablet: Page) -> None:
    join(tablet, open_venue, "sensory.4")
    tablet.locator(".entry").first.tap()
    refuse = {"status": 401, "json": {"error": {"zh": "这台设备已停用", "en": "revoked"}}}
    tablet.route("**/api/judge/*", lambda route: route.fulfill(**refuse))
    give(tablet, "crema")
    expect(tablet.get_by_role("region", name="这台平板需要重新配对")).to_be_visible(timeout=15000)
    expect(tablet.locator(".chip-state")).to_have_text("需重新配对 · 1 项待上传")
    expect(tablet.locator("#i-crema .echo")).to_have_text("是")


def test_the_sheet_by_keyboard(open_venue: Venue, tablet: Page) -> None:
    join(tablet, open_venue, "sensory.2")
    tablet.locator(".entry").first.tap()
    tablet.locator("#i-crema .value").first.focus()
    keys = tablet.keyboard
    keys.press("1")
    keys.press("Enter")  # to the next blank
    keys.type("2.5")
    keys.press("ArrowDown")
    keys.press("3")
    keys.press("ArrowDown")
    keys.type("4")
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4")
    expect(tablet.locator("#i-espresso_taste_accuracy .item-words")).to_have_text("“比较准确”与“非常准确”之间")
    keys.press("ArrowRight")  # passing over a value does not choose it
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4")
    keys.press("Space")
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4.5")
    keys.press("Control+z")
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4")
    keys.type("0.5")  # not a value of this scale: nothing but the 0 that was typed on the way may not stand either
    tablet.wait_for_timeout(1000)
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4")


@pytest.mark.parametrize("size", [(744, 1133), (1133, 744), (600, 960), (390, 844)])
def test_every_mark_is_big_enough_and_nothing_spills(
    open_venue: Venue, browser: Browser, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=True)
    page = context.new_page()
    join(page, open_venue, "technical.1")
    page.locator(".entry").first.tap()
    page.locator(".item").first.wait_for()
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a.button, a.icon-button, a.chip-state')].map(one => {
          const box = one.getBoundingClientRect();
          const floor = one.matches('.value, .keyed') ? 56 : 48;
          return [one.className, box.width, box.height, floor];
        }).filter(([, w, h, floor]) => w && h && (h < floor || w < (floor === 56 ? 55.5 : 44)))"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_twelve_values_stand_in_one_row(open_venue: Venue, tablet: Page) -> None:
    join(tablet, open_venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    tablet.locator("#i-espresso_taste").wait_for()
    boxes = [value.bounding_box() for value in tablet.locator("#i-espresso_taste .value").all()]
    assert len(boxes) == 12
    assert len({box["y"] for box in boxes if box}) == 1


def test_language_changes_in_the_middle_and_nothing_is_lost(open_venue: Venue, tablet: Page) -> None:
    join(tablet, open_venue, "sensory.3")
    tablet.locator(".entry").first.tap()
    give(tablet, "espresso_taste")
    tablet.get_by_role("link", name="返回").tap()
    tablet.get_by_role("button", name="English").tap()
    expect(tablet.get_by_role("link", name="Uploads")).to_be_visible()
    tablet.locator(".entry").first.tap()
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4.5")
    expect(tablet.locator("#i-espresso_taste .item-words")).to_have_text("between “very good” and “excellent”")
    assert tablet.evaluate("document.documentElement.lang") == "en"


def test_practice_never_reaches_the_server(open_venue: Venue, tablet: Page) -> None:
    calls: list[str] = []
    tablet.on("request", lambda request: "/api/" in request.url and calls.append(request.url))
    tablet.goto(f"{open_venue.url}/judge#/practice")
    tablet.locator("#i-taste .value[data-value='4.5']").tap()
    tablet.locator("#i-score .keyed").tap()
    for key in ("8", "7", ".", "5"):
        tablet.locator(".pad-key", has_text=key).first.tap()
    tablet.locator(".pad-done").get_by_role("button", name="完成").tap()
    expect(tablet.locator("#i-score .echo")).to_have_text("87.5")
    expect(tablet.locator(".chip-state")).to_have_text("练习 · 不上传")
    assert calls == []


def test_no_name_or_unit_reaches_the_tablet(open_venue: Venue, tablet: Page) -> None:
    bodies: list[str] = []
    tablet.on("response", lambda answer: "/assets/" not in answer.url and bodies.append(answer.text()))
    join(tablet, open_venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    tablet.wait_for_timeout(500)
    assert any(JUDGE in body for body in bodies)
    assert not [name for name in (*NAMES, *UNITS.values()) for body in bodies if name in body]
