"""What can go wrong in a judge's day. Each mishap takes a Day and the items the judge marks through it, and leaves the tablet
on its sheet with the server running; the test then looks whether anything was lost, doubled or said wrongly."""

from typing import Any

from playwright.sync_api import Page, Route, expect

from competition import judging, store
from tests.browser.judge_day import MARKS, SEAT, Day
from tests.browser.judge_walk import FULL_DISK, GIVEN, confirm, engine_of, give, held, join, while_down
from tests.web.judge_stage import EVENT, PIN

HALF_A_MINUTE = 30_000  # ms


def reload(day: Day, items: list[str]) -> None:
    """The page is loaded anew with marks that have not left."""
    day.cut()
    day.give(*items[:2])
    day.waiting(2)
    day.page.reload()
    day.waiting(2)
    day.mend()
    day.give(*items[2:])


def closed_tab(day: Day, items: list[str]) -> None:
    """The tab is closed with marks that have not left, and opened again."""
    day.cut()
    day.give(*items[:2])
    day.waiting(2)
    day.reopened()
    day.waiting(2)
    day.mend()
    day.give(*items[2:])


def closed_tab_without_a_server(day: Day, items: list[str]) -> None:
    """HTTPS only: closed and opened again while the server is dead; the tablet opens with everything and can be marked on."""
    day.venue.kill()
    day.give(*items[:2])
    day.waiting(2)
    day.reopened()
    day.waiting(2)
    day.give(items[2])
    day.waiting(3)
    day.venue.start()
    day.give(*items[3:])


def killed_in_the_middle_of_a_tap(day: Day, items: list[str]) -> None:
    """The server dies while a finger is down, and again between writing a mark and saying so."""
    key = day.page.locator(f"#i-{items[0]} .value[data-value='{GIVEN[items[0]]}']")
    key.scroll_into_view_if_needed()
    key.hover()
    day.page.mouse.down()
    day.venue.kill()
    day.page.mouse.up()
    confirm(day.page, items[0])
    day.noted(items[0])
    day.waiting(1)
    day.venue.start()
    expect(day.page.locator(".chip-state")).to_have_text("已上传", timeout=40000)
    died = []

    def dies(route: Route) -> None:
        if died:
            return route.continue_()
        died.append(route.request.post_data_json)
        day.deliver(route.request)
        day.venue.kill()
        return route.abort()

    day.context.route(MARKS, dies)
    day.give(*items[1:])
    day.waiting(len(items) - 1)
    assert len(died[0]["marks"]) >= 1
    day.venue.start()
    expect(day.page.locator(".chip-state")).to_have_text("已上传", timeout=40000)
    day.context.unroute(MARKS)


def half_a_minute_offline(day: Day, items: list[str]) -> None:
    """Wi-Fi is gone for 30 s of the tablet's time (its clock is in the test's hand)."""
    day.context.set_offline(True)
    day.give(*items[:2])
    day.waiting(2)
    day.page.clock.run_for(HALF_A_MINUTE)
    day.waiting(2)
    day.give(items[2])
    day.waiting(3)
    day.context.set_offline(False)
    day.give(*items[3:])


def clock_two_hours_slow(day: Day, items: list[str]) -> None:
    """The tablet's clock was wrong before it joined: the judge is told, and the marks are in order."""
    expect(day.page.locator(".notices")).to_contain_text("本机时钟慢 2 小时", timeout=20000)
    day.give(*items)
    expect(day.page.locator(".chip-state")).to_have_text("已上传", timeout=20000)
    assert [item for _, item, _ in day.ledger()][-len(items) :] == items


def replies_lost(day: Day, items: list[str]) -> None:
    """The server wrote the marks; twice the tablet does not hear of it."""
    lost = []

    def lose(route: Route) -> None:
        if len(lost) == 2:
            return route.continue_()
        day.deliver(route.request)
        lost.append(route.request.post_data_json)
        return route.abort()

    day.context.route(MARKS, lose)
    day.give(*items)
    expect(day.page.locator(".chip-state")).to_have_text("已上传", timeout=40000)
    day.context.unroute(MARKS)
    assert len(lost) == 2


def revoked_and_a_new_card(day: Day, items: list[str]) -> None:
    """The tablet is taken out of its seat with a mark on it; with a new card it goes on where it was."""
    day.cut()
    day.give(items[0])
    day.waiting(1)
    engine = engine_of(day.venue)
    with store.reading(engine) as conn:
        (device,) = [one for one in judging.devices(conn, EVENT) if one.seat == SEAT and one.revoked_at is None]
    engine.dispose()
    while_down(day.venue, judging.revoke_device, device.id, day.venue.stage.people["organiser"], "以为丢了")
    day.mend()
    asked = day.page.get_by_role("region", name="这台平板需要重新配对")
    expect(asked).to_be_visible(timeout=40000)
    expect(day.page.locator(".chip-state")).to_have_text("需重新配对 · 1 项待上传")
    assert held(day.page) == 1
    asked.locator("#card").fill(f"{day.venue.url}/join/{next(day.venue.cards[SEAT])}")
    for digit in PIN:
        asked.locator(".pad-key", has_text=digit).tap()
    asked.get_by_role("button", name="进入评分").tap()
    expect(asked).to_have_count(0, timeout=20000)
    day.give(*items[1:])


def two_tabs(day: Day, items: list[str]) -> None:
    """The judge has the sheet open twice and marks in both."""
    other = day.context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(day.page.url)
    other.locator(".item").first.wait_for()
    day.give(items[0])
    day.give(items[1], page=other)
    day.page.bring_to_front()
    day.give(*items[2:])
    day.settled(other)
    other.close()


def two_tablets(day: Day, items: list[str]) -> None:
    """Two tablets in the seat give one item different marks; both keep both until the chief decides."""
    assert day.context.browser is not None
    assert day.page.viewport_size is not None
    second = day.context.browser.new_context(viewport=day.page.viewport_size, has_touch=True, locale="zh-CN")
    other = second.new_page()
    day.watch(second)
    join(other, day.venue, SEAT)
    day.open(other)
    item = next(one for one in items if day.page.locator(f"#i-{one} .value").count() > 3)
    rival = "3" if GIVEN[item] != "3" else "2"
    for context in (day.context, second):
        day.cut(context)
    give(day.page, item, rival)
    day.noted(item, rival)
    day.give(item, page=other)
    for context in (day.context, second):
        day.mend(context)
    both = (day.page, other)
    for page in both:
        clash = page.locator(f"#i-{item} p.ask.danger")
        expect(clash).to_contain_text("两个分数", timeout=40000)
        for value in (rival, GIVEN[item]):
            expect(clash).to_contain_text(value)
    _settle(day, item)
    for page in both:
        expect(page.locator(f"#i-{item} p.ask.danger")).to_have_count(0, timeout=40000)
        _read(page)
    day.settled(other)
    second.close()
    day.give(*[one for one in items if one != item])


def _settle(day: Day, item: str) -> None:
    """The chief lets the mark stand that the judge meant."""
    engine = engine_of(day.venue)
    with store.reading(engine) as conn:
        rivals: Any = judging.clashes(conn, EVENT)[day.sheet, item]
    engine.dispose()
    (meant,) = [one.id for one in rivals if one.value == GIVEN[item]]
    chief = day.venue.stage.people["chief"]
    while_down(day.venue, judging.settle_clash, day.sheet, item, meant, chief, "裁判当面确认")


def _read(page: Page) -> None:
    """The judge has read what the server said about a mark."""
    said = page.locator(".item .ask.danger").get_by_role("button", name="知道了")
    while said.count():
        said.first.tap()


def a_full_disk(day: Day, items: list[str]) -> None:
    """The tablet has no room: it says that the mark is not kept, sends it all the same, and keeps the next when there is room."""
    day.page.evaluate(FULL_DISK)
    day.cut()
    day.page.evaluate("sessionStorage.full = 1")
    day.give(items[0])
    expect(day.page.locator(f"#i-{items[0]} .kept")).to_have_text("没有存上")
    expect(day.page.locator(".chip-state")).to_have_text("1 项没有存上")
    expect(day.page.locator(".alarm")).to_contain_text("不要关闭或刷新")
    day.mend()
    expect(day.page.locator(f"#i-{items[0]} .kept")).to_have_text("已上传", timeout=20000)
    expect(day.page.locator(".alarm")).to_have_count(0, timeout=20000)
    day.page.evaluate("delete sessionStorage.full")
    day.give(*items[1:])
