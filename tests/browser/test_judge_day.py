"""A judge's whole day under bad luck, on every size of tablet, over plain HTTP and over HTTPS (tablets-and-screens.md 4; 9, tests
1–5, 11). Every mishap happens in both schemes and in two sizes; not every one in every size, which would take ten minutes.

HTTP   744 × 1133  reload; server killed in a tap; two tablets
HTTP   1133 × 744  clock two hours slow; 30 s offline; closed tab; replies lost
HTTP   390 × 844   revoked and a new card; full disk; two tabs
HTTPS  744 × 1133  closed tab, opened without a server; replies lost; revoked and a new card
HTTPS  1133 × 744  two tabs; full disk; two tablets
HTTPS  390 × 844   clock two hours slow; 30 s offline; reload; server killed in a tap
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from competition import store
from tests.browser import judge_mishaps as mishaps
from tests.browser.judge_day import Day
from tests.browser.judge_walk import GIVEN, Venue, engine_of, sign
from tests.web.judge_stage import ledger_kinds

Mishap = Callable[[Day, list[str]], None]
PORTRAIT, LANDSCAPE, PHONE = (744, 1133), (1133, 744), (390, 844)
CLOCK = [mishaps.clock_two_hours_slow, mishaps.half_a_minute_offline]
DAYS: dict[str, tuple[str, tuple[int, int], list[Mishap]]] = {
    "http-portrait": ("http", PORTRAIT, [mishaps.reload, mishaps.killed_in_the_middle_of_a_tap, mishaps.two_tablets]),
    "http-landscape": ("http", LANDSCAPE, [*CLOCK, mishaps.closed_tab, mishaps.replies_lost]),
    "http-phone": ("http", PHONE, [mishaps.revoked_and_a_new_card, mishaps.a_full_disk, mishaps.two_tabs]),
    "https-portrait": (
        "https", PORTRAIT, [mishaps.closed_tab_without_a_server, mishaps.replies_lost, mishaps.revoked_and_a_new_card]
    ),
    "https-landscape": ("https", LANDSCAPE, [mishaps.two_tabs, mishaps.a_full_disk, mishaps.two_tablets]),
    "https-phone": ("https", PHONE, [*CLOCK, mishaps.reload, mishaps.killed_in_the_middle_of_a_tap]),
}  # fmt: skip


@pytest.mark.parametrize("name", DAYS)
def test_a_day_of_bad_luck_loses_and_doubles_nothing(name: str, request: pytest.FixtureRequest) -> None:
    scheme, (width, height), some = DAYS[name]
    venue: Venue = request.getfixturevalue("venue" if scheme == "http" else "secure_venue")
    chromium: Browser = request.getfixturevalue("browser" if scheme == "http" else "trusting")
    context = chromium.new_context(viewport={"width": width, "height": height}, has_touch=True, locale="zh-CN")
    if mishaps.clock_two_hours_slow in some:
        context.clock.install(time=datetime.now(UTC) - timedelta(hours=2))
    day = Day(venue, context, context.new_page())
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    day.begin()
    assert day.page.evaluate("[location.hostname, isSecureContext]") == ["venue.test", scheme == "https"]

    for mishap, items in zip(some, shares(list(GIVEN), len(some)), strict=True):
        mishap(day, items)
        day.settled()

    sign(day.page)
    expect(day.page.locator(".banner")).to_contain_text("您已签名", timeout=20000)
    day.page.goto(f"{venue.url}/judge")
    expect(day.page.locator(".entry-state").first).to_have_text("已签名")
    context.close()
    assert faults == []
    venue.stop()
    proved(day)


def shares(items: list[str], n: int) -> list[list[str]]:
    """The sheet's items, an equal share for each mishap, the rest for the last."""
    size = len(items) // n
    return [items[size * i : None if i == n - 1 else size * (i + 1)] for i in range(n)]


def proved(day: Day) -> None:
    """The evidence on its own: the sheet as the judge meant it, every tap once, signed once, nothing altered."""
    engine = engine_of(day.venue)
    kinds = ledger_kinds(engine, day.sheet)
    assert (kinds.count("mark"), kinds.count("sign"), kinds[-1]) == (len(day.taps), 1, "sign")
    with store.reading(engine) as conn:
        now = store.sheets.read_sheets(conn, [day.sheet])[day.sheet]
        assert store.verify(conn, None) == []
    engine.dispose()
    assert day.stands == GIVEN
    assert {item: cell[0] for item, cell in now.marks.items()} == GIVEN
