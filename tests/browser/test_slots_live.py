"""A slot opened and closed at the desk while a judge marks it: the tablet hears of it, and a mark it still held is kept (row 24)."""

from playwright.sync_api import Browser, Page, expect

from competition import judging, store
from tests.browser.judge_walk import GIVEN, PORTRAIT, Venue, engine_of, give, join
from tests.web.judge_stage import EVENT

FIRST, SECOND = list(GIVEN)[:2]


def desk(browser: Browser, venue: Venue) -> Page:
    """The organiser's laptop, on the event's slots."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    page.goto(f"{venue.desk_url}/login")
    page.fill("#username", "organiser")
    page.fill("#password", "long password")
    page.click("main button[type=submit]")
    page.goto(f"{venue.desk_url}/desk/events/{EVENT}/slots")
    return page


def test_a_judge_marks_while_the_slot_is_open_and_loses_nothing_when_it_closes(venue: Venue, browser: Browser) -> None:
    office = desk(browser, venue)
    expect(office.locator("main")).to_contain_text("不限场次，都可打分")
    office.get_by_role("button", name="开放 1").click()
    expect(office.locator("tbody tr")).to_contain_text(["开放中", "待开放", "待开放"])
    tablet = browser.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN").new_page()  # type: ignore[arg-type]
    join(tablet, venue, "sensory.1")
    expect(tablet.locator("a.entry", has_text="工位 6")).to_contain_text("本场未开放")
    tablet.locator("a.entry", has_text="工位 5").tap()
    give(tablet, FIRST)
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=20000)

    tablet.context.set_offline(True)  # out of reach: the next mark stays on the tablet
    give(tablet, SECOND)
    office.get_by_role("link", name="关闭… 1").click()
    expect(office.locator("#closing")).to_contain_text("1/15 评分中")
    office.get_by_role("button", name="关闭第 1 场").click()
    expect(office.locator("tbody tr").first).to_contain_text("已关闭")
    tablet.context.set_offline(False)
    expect(tablet.locator(f"#i-{SECOND} .ask")).to_contain_text("此分数已保存，没有丢失", timeout=30000)
    expect(tablet.locator(".banner")).to_contain_text("裁判长已关闭这一场", timeout=20000)
    expect(tablet.locator(f"#i-{SECOND} .value").first).to_be_disabled()
    expect(tablet.locator(".bottom .tally")).to_contain_text("本场已关闭")

    engine = engine_of(venue)
    with store.reading(engine) as conn:
        kept = judging.late_marks(conn, EVENT)
    engine.dispose()
    assert [(one.item, one.seat) for one in kept] == [(SECOND, "sensory.1")]
    office.reload()
    expect(office.locator("tbody tr").first).to_contain_text("1 个迟到分数待裁定")
    office.get_by_role("button", name="撤销这一步").click()
    expect(office.locator("tbody tr").first).to_contain_text("开放中")
    expect(tablet.locator(f"#i-{SECOND} .value").first).to_be_enabled(timeout=20000)
