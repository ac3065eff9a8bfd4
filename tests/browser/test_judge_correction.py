"""申请更正: a signed sheet is opened again only for the items asked for, by the chief, for a while; all of it shown to the judge."""

from playwright.sync_api import Page, Route, expect

from competition import judging, store
from competition.judging import corrections
from tests.browser.judge_walk import GIVEN, Venue, engine_of, give, join, sign, while_down
from tests.web.judge_stage import ledger_kinds, marks_in_ledger


def signed_sheet(tablet: Page, venue: Venue) -> str:
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    for item in GIVEN:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=20000)
    sign(tablet)
    expect(tablet.locator(".banner")).to_contain_text("您已签名", timeout=20000)
    return sheet


def ask(tablet: Page, items: tuple[str, ...], reason: str) -> None:
    side = tablet.get_by_role("dialog")
    for item in items:
        side.locator(f"input[value='{item}']").tap()
    side.locator("#ask-reason").fill(reason)
    side.get_by_role("button", name="提交申请").tap()
    expect(side).to_have_count(0)


def test_a_correction_is_asked_for_offline_and_made(venue: Venue, tablet: Page) -> None:
    """Row 10: through the outbox, waiting and reopened shown live; only the items the chief named open; signed anew."""
    sheet = signed_sheet(tablet, venue)
    venue.kill()
    tablet.get_by_role("button", name="申请更正").tap()
    side = tablet.get_by_role("dialog")
    side.get_by_role("button", name="提交申请").tap()
    expect(side.get_by_role("alert")).to_have_text("请至少选一个评分项。")
    ask(tablet, ("espresso_taste", "details"), "手滑点错")
    told = tablet.locator(".corrections")
    expect(told).to_contain_text("更正申请已存本机")
    expect(told).to_contain_text("（手滑点错）")
    tablet.get_by_role("link", name="返回").tap()
    expect(tablet.locator(".entry-state").first).to_have_text("已申请更正")
    tablet.locator(".entry").first.tap()
    venue.start()
    expect(told).to_contain_text("已申请更正，等裁判长处理", timeout=30000)
    expect(tablet.locator("#i-espresso_taste .value").first).to_have_attribute("aria-disabled", "true")

    chief = venue.stage.people["chief"]
    while_down(venue, judging.approve_unlock, sheet, request_of(venue, sheet), ["espresso_taste"], 15, chief, "同意")
    expect(told).to_contain_text("只打开：1.4 味觉体验", timeout=30000)
    expect(told).to_contain_text("还剩 1")
    expect(tablet.locator("#i-details .value").first).to_have_attribute("aria-disabled", "true")
    tablet.locator("#i-details .value[data-value='1']").tap(force=True)
    expect(tablet.locator("#i-details .echo")).to_have_text(GIVEN["details"])
    give(tablet, "espresso_taste", "5")
    expect(tablet.locator("#i-espresso_taste .echo")).to_have_text("5")
    expect(tablet.locator("#i-espresso_taste .kept")).to_have_text("已上传", timeout=20000)
    sign(tablet)
    expect(tablet.locator(".banner")).to_contain_text("您已签名", timeout=20000)
    venue.stop()
    engine = engine_of(venue)
    assert marks_in_ledger(engine, sheet) == GIVEN | {"espresso_taste": "5"}
    kinds = ledger_kinds(engine, sheet)[len(GIVEN) :]
    assert kinds == ["sign", "ask-unlock", "unlock", "mark", "sign"]
    engine.dispose()


def test_a_refusal_is_shown_and_may_be_asked_again(open_venue: Venue, tablet: Page) -> None:
    """Row 10: the chief's reason, on a signed sheet that can be read back."""

    def refused(route: Route) -> None:
        answered = route.fetch(url=route.request.url.replace(open_venue.url, open_venue.desk_url))
        body = answered.json()
        body["sheets"][0] |= {"state": "signed", "refused": {"reason": "请先问同桌裁判", "at": body["server_at"]}}
        route.fulfill(response=answered, json=body)

    tablet.route("**/api/judge/session", refused)
    join(tablet, open_venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    expect(tablet.locator(".corrections .note")).to_contain_text("裁判长没有同意")
    expect(tablet.locator(".corrections .note")).to_contain_text("请先问同桌裁判")
    tablet.get_by_role("button", name="再次申请").tap()
    ask(tablet, ("espresso_taste",), "已核对，确是点错")
    # The sheet is not really signed: the server's refusal is shown with its words, the request can be sent again.
    expect(tablet.locator(".corrections")).to_contain_text("这张评分表没有锁定，直接改分即可", timeout=15000)


def request_of(venue: Venue, sheet: str) -> str:
    """The id of the request that waits, looked up beside the running server."""
    engine = engine_of(venue)
    with store.reading(engine) as conn:
        request = corrections.request_of(store.sheets.read_sheets(conn, [sheet])[sheet])
    engine.dispose()
    assert request is not None
    return request.id
