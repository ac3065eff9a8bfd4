"""The tablet itself: a clock that is off, a disk that refuses, a new version, staying awake, the tick, the watch."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.judge_walk import FULL_DISK, Venue, engine_of, give, join
from tests.web.judge_stage import marks_in_ledger

SLOW_CLOCK = """(() => {
  const Real = Date, off = 2 * 3600 * 1000;
  window.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [Real.now() - off])); }
    static now() { return Real.now() - off; }
  };
})()"""
BODY = """(() => {
  window.felt = []; window.locks = 0; window.asked = 0; window.flashed = false;
  new MutationObserver(() => { flashed ||= Boolean(document.body?.classList.contains("time-up")); })
    .observe(document, { subtree: true, attributes: true, attributeFilter: ["class"] });
  navigator.vibrate = (pattern) => felt.push(pattern);
  Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
    asked += 1; if (asked === 1) throw new Error("touch first"); locks += 1; return { released: false };
  } } });
  Object.defineProperty(navigator, "storage", { value: { estimate: async () => ({ usage: 95, quota: 100 }), persist: async () => true } });
})()"""


def test_a_clock_two_hours_slow_is_told_and_changes_nothing(venue: Venue, tablet: Page) -> None:
    """Acceptance 11, row 6: the judge is told, the server's time is shown, marks arrive in order."""
    tablet.add_init_script(SLOW_CLOCK)
    join(tablet, venue, "sensory.1")
    expect(tablet.locator(".notices .note")).to_contain_text("本机时钟慢 2 小时 0 分", timeout=15000)
    expect(tablet.locator(".server-time")).to_contain_text("服务器时间")
    told = str(tablet.locator(".server-time").text_content())[-8:]
    real = tablet.evaluate("new Date(Date.now() + 7200000).toLocaleTimeString('zh-CN', {hour12: false})")
    assert told[:5] == real[:5] or told[3:5] in ("59", "00")  # the same minute, but at its edge
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    expect(tablet.locator(".notices .note")).to_contain_text("时间以服务器为准")
    give(tablet, "espresso_taste")
    give(tablet, "espresso_taste", "3")
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=15000)
    venue.stop()
    engine = engine_of(venue)
    assert marks_in_ledger(engine, sheet) == {"espresso_taste": "3"}
    engine.dispose()


def test_a_disk_that_refuses_is_said_and_the_mark_goes_to_the_server(venue: Venue, tablet: Page) -> None:
    """Row 5, spec 3.6: nothing is shown as kept that isn't; memory, the server and the disk are tried until they take it."""
    tablet.add_init_script(FULL_DISK)
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    give(tablet, "crema")
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=15000)
    tablet.evaluate("sessionStorage.full = 1")
    tablet.route("**/api/judge/marks", lambda route: route.abort())
    give(tablet, "espresso_taste")
    give(tablet, "espresso_tactile")
    expect(tablet.locator("#i-espresso_taste .kept")).to_have_text("没有存上")
    expect(tablet.locator(".chip-state")).to_have_text("2 项没有存上")
    expect(tablet.locator(".alarm")).to_contain_text("2 项没能存进本机！它们只在这个页面里：不要关闭或刷新")
    tablet.unroute("**/api/judge/marks")  # the server is back, the disk is still full
    expect(tablet.locator("#i-espresso_taste .kept")).to_have_text("已上传", timeout=20000)
    expect(tablet.locator(".alarm")).to_have_count(0, timeout=10000)
    give(tablet, "milk_visual")
    expect(tablet.locator("#i-milk_visual .kept")).to_have_text("已上传", timeout=20000)
    tablet.evaluate("delete sessionStorage.full")
    give(tablet, "milk_taste")
    expect(tablet.locator("#i-milk_taste .kept")).to_have_text("已上传", timeout=20000)
    tablet.reload()
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4.5")
    venue.stop()
    engine = engine_of(venue)
    assert marks_in_ledger(engine, sheet) == {
        "crema": "1", "espresso_taste": "4.5", "espresso_tactile": "5", "milk_visual": "2", "milk_taste": "3.5",
    }  # fmt: skip
    engine.dispose()


def test_marks_in_memory_are_stored_once_the_disk_takes_them(open_venue: Venue, tablet: Page) -> None:
    """Spec 3.6: offline with a full disk; when there is room again the marks are really kept, and survive a reload."""
    tablet.add_init_script(FULL_DISK)
    join(tablet, open_venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=15000)
    tablet.route("**/api/judge/marks", lambda route: route.abort())
    tablet.evaluate("sessionStorage.full = 1")
    give(tablet, "espresso_taste")
    expect(tablet.locator(".alarm")).to_be_visible()
    tablet.evaluate("delete sessionStorage.full")
    expect(tablet.locator("#i-espresso_taste .kept")).to_have_text("已存本机", timeout=10000)
    expect(tablet.locator(".alarm")).to_have_count(0)
    tablet.on("dialog", lambda dialog: dialog.accept())
    tablet.reload()
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4.5")


def test_a_new_version_is_offered_and_taken_when_nothing_is_being_kept(open_venue: Venue, tablet: Page) -> None:
    """Acceptance 5: the update is the judge's tap; marks that wait stay."""
    join(tablet, open_venue, "sensory.2")
    tablet.locator(".entry").first.tap()
    beats: list[dict[str, Any]] = []
    tablet.on(
        "request", lambda one: one.url.endswith("/ping") and one.method == "POST" and beats.append(one.post_data_json)
    )
    now = {"status": 200, "json": {"server_at": "2026-11-22T01:00:00.000Z", "version": "", "app": "0" * 12}}
    tablet.route(
        "**/api/judge/ping", lambda route: route.fulfill(**now) if route.request.method == "POST" else route.continue_()
    )
    tablet.route("**/api/judge/marks", lambda route: route.abort())
    notice = tablet.locator(".notices .note", has_text="有新版本")
    expect(notice).to_be_visible(timeout=15000)
    give(tablet, "espresso_taste")
    tablet.evaluate("window.before = true")
    tablet.unroute("**/api/judge/ping")
    notice.get_by_role("button", name="更新").tap()
    tablet.wait_for_function("() => window.before === undefined")
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("4.5")
    expect(tablet.locator("#i-espresso_taste .kept")).to_have_text("已存本机")
    assert beats[-1]["unsent"] >= 0


def test_the_tablet_stays_awake_ticks_and_says_when_it_is_nearly_full(open_venue: Venue, tablet: Page) -> None:
    """Row 19, spec 3.7: the wake lock is asked for again at the next touch; the tick can be switched off."""
    tablet.add_init_script(BODY)
    join(tablet, open_venue, "sensory.3")
    expect(tablet.locator(".notices")).to_contain_text("本机存储快满了")
    assert tablet.evaluate("locks") == 0
    tablet.locator(".entry").first.tap()
    tablet.wait_for_function("() => locks === 1")
    give(tablet, "espresso_taste")
    tablet.wait_for_function("() => felt.length === 1")
    assert tablet.evaluate("felt") == [10]
    tablet.get_by_role("link", name="返回").tap()
    tablet.get_by_role("button", name="打分震动").tap()
    tablet.locator(".entry").first.tap()
    give(tablet, "espresso_tactile")
    expect(tablet.locator("#i-espresso_tactile .kept")).to_have_text("已上传", timeout=15000)
    assert tablet.evaluate("felt") == [10]
    assert tablet.evaluate("locks") == 1


def test_the_watch_informs_and_touches_no_mark(open_venue: Venue, tablet: Page) -> None:
    """Row 12: counts down the rules' 15 minutes, can be put away, flashes and shakes at the end, submits and blocks nothing."""
    tablet.add_init_script(BODY)
    tablet.clock.install()
    join(tablet, open_venue, "technical.1")
    tablet.locator(".entry").first.tap()
    tablet.locator(".timer-toggle").tap()
    panel = tablet.locator(".timer-panel")
    expect(panel).to_contain_text("规定 15 分钟，只作提醒")
    panel.get_by_role("button", name="开始").tap()
    tablet.clock.run_for(60_000)
    expect(panel.locator(".timer-big")).to_have_text("14:00")
    panel.get_by_role("button", name="收起").tap()
    expect(panel).to_be_hidden()
    expect(tablet.locator(".timer-time")).to_have_text("14:00")
    tablet.reload()
    expect(tablet.locator(".timer-time")).to_contain_text("13:5")
    assert tablet.evaluate("flashed") is False
    tablet.evaluate("felt.length = 0")
    tablet.clock.run_for(14 * 60_000 - 5_000)
    tablet.clock.run_for(6_000)
    assert tablet.evaluate("flashed") is True  # for three seconds, which a busy machine may be late for
    expect(tablet.locator(".timer-time")).to_contain_text("+0:")
    expect(tablet.locator("#say")).to_have_text("时间到（15 分钟）")
    assert [300, 150, 300, 150, 600] in tablet.evaluate("felt")
    expect(tablet.locator(".entry-state, .banner .note")).to_have_count(0)
    first = tablet.locator(".value").first
    first.tap()
    expect(first).to_have_attribute("aria-checked", "true")  # after the time as before it
