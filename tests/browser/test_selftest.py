"""The self-test behind a seat card: a plain verdict and what to do, on a fit tablet, an unfit one, and one too old to run it."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.judge_walk import PORTRAIT, Venue, give, join
from tests.web.judge_stage import CARDS

Open = Callable[..., Page]
CARD = CARDS["technical.1"][-1]  # looked at only: no test here joins with it


@pytest.fixture
def opened(browser: Browser, open_venue: Venue) -> Iterator[Open]:
    """A seat card's page on a tablet on which `script` ran first."""
    contexts = []

    def card(script: str = "", touch: bool = True, **options: object) -> Page:
        context = browser.new_context(viewport=PORTRAIT, has_touch=touch, locale="zh-CN", **options)  # type: ignore[arg-type]
        contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto(f"{open_venue.url}/join/{CARD}")
        return page

    yield card
    for context in contexts:
        context.close()


def lines(page: Page) -> dict[str, bool]:
    """Every line of the test: name -> fine."""
    page.locator(".verdict").wait_for()
    found = page.locator("details .tests li").evaluate_all("all => all.map(one => [one.dataset.test, one.className])")
    return {name: state == "fine" for name, state in found}


def test_a_fit_tablet_on_plain_http_is_in_basic_mode(opened: Open) -> None:
    page = opened()
    assert lines(page) == {
        "browser": True, "store": True, "strict": True, "fetch": True, "chance": True, "touch": True, "draw": True,
        "width": True, "clock": True, "secure": False,
    }  # fmt: skip
    expect(page.locator(".verdict")).to_have_text("可以用于评分（基础模式）：断网时请不要关闭或刷新此页面。")
    expect(page.locator(".to-do")).to_have_count(0)


def test_a_tablet_that_cannot_store_is_unfit_and_says_what_to_do(opened: Open) -> None:
    page = opened("IDBFactory.prototype.open = () => { throw new DOMException('no', 'InvalidStateError'); }")
    expect(page.locator(".verdict")).to_have_text("这台平板不能用于评分，请换一台。")
    expect(page.locator(".to-do [data-test=store]")).to_contain_text("请退出无痕模式")


def test_what_should_be_known_is_told_without_forbidding(opened: Open) -> None:
    page = opened(
        """delete IDBTransaction.prototype.durability;
        Object.defineProperty(navigator, "storage", { value: {
          estimate: async () => ({ usage: 90e6, quota: 100e6 }), getDirectory: async () => { throw new Error("private"); } } });
        const now = Date.now; Date.now = () => now() - 3 * 3600e3;""",
        touch=False,
    )
    expect(page.locator(".verdict")).to_contain_text("可以用于评分")
    told = page.locator(".to-do li")
    expect(told).to_have_count(5)
    text = " ".join(told.all_text_contents())
    for words in ("无痕窗口", "只剩 10 MB", "可用鼠标和键盘", "相差 180 分钟", "突然断电"):
        assert words in text


def test_a_server_that_does_not_answer_is_told(opened: Open, open_venue: Venue, browser: Browser) -> None:
    context = browser.new_context(viewport=PORTRAIT, has_touch=True)
    page = context.new_page()
    page.route("**/api/judge/ping", lambda route: route.abort())
    page.goto(f"{open_venue.url}/join/{CARD}")
    expect(page.locator(".to-do [data-test=fetch]")).to_contain_text("没有应答")
    context.close()


@pytest.mark.parametrize(
    "missing", ["delete Array.prototype.at", "delete window.CSSLayerBlockRule", "delete window.ResizeObserver"]
)
def test_a_browser_below_the_floor_is_told_so(opened: Open, missing: str) -> None:
    page = opened(missing)
    told = page.locator("#too-old:visible, .to-do [data-test=browser]")
    expect(told).to_contain_text("Safari（iPadOS）15.4")
    expect(page.locator(".verdict")).to_have_text("这台平板不能用于评分，请换一台。")


def test_a_browser_without_modules_sees_the_verdict(browser: Browser, open_venue: Venue) -> None:
    """As on iOS 9 or Chrome 44: the module is never run, only the plain script is."""
    context = browser.new_context(viewport=PORTRAIT)
    context.add_init_script("delete HTMLScriptElement.prototype.noModule")
    context.route(
        re.compile(r"/judge/(app|join|offline)\.js"), lambda route: route.fulfill(body="", content_type="text/plain")
    )
    page = context.new_page()
    for path in ("/judge", f"/join/{CARD}"):
        page.goto(f"{open_venue.url}{path}")
        expect(page.locator("#too-old")).to_be_visible()
    context.close()


def test_a_program_that_does_not_start_is_said(browser: Browser, open_venue: Venue) -> None:
    context = browser.new_context(viewport=PORTRAIT)
    context.route("**/judge/pin.js", lambda route: route.fulfill(body="syntax error(", content_type="text/javascript"))
    page = context.new_page()
    for path in ("/judge", f"/join/{CARD}"):
        page.goto(f"{open_venue.url}{path}")
        expect(page.locator("#not-started")).to_be_visible()
    context.close()


def test_without_scripts_the_page_says_so(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    expect(page.locator("noscript .note.danger")).to_contain_text("JavaScript")


def test_everything_the_tablet_fetches_is_in_the_list_that_is_kept(open_venue: Venue, tablet: Page) -> None:
    asked: set[str] = set()
    join(tablet, open_venue, "sensory.2")
    tablet.on("request", lambda request: asked.add(request.url.removeprefix(open_venue.url)))
    told = tablet.request.get(f"{open_venue.desk_url}/judge/sw.js").text()
    kept = set(json.loads(re.findall(r"const PROGRAM = (.*);", told)[0])["files"])
    tablet.reload()
    tablet.locator(".entry").first.tap()
    give(tablet, "espresso_taste")
    tablet.goto(f"{open_venue.url}/judge#/outbox")
    tablet.goto(f"{open_venue.url}/judge#/practice")
    tablet.locator("#i-taste").wait_for()
    assets = {path for path in asked if path.startswith("/assets/")}
    assert assets - kept == set()
    assert {path for path in kept - assets if not path.endswith("icon.svg")} == set()
