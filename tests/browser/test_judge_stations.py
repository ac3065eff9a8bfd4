"""Two judges in the same slot at neighbouring stations: marks never mix, and the neighbour's code is not on the sheet (rows 2, 8)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.judge_walk import GIVEN, PORTRAIT, Venue, engine_of, give, join
from tests.serving import free_port
from tests.web.judge_stage import marks_in_ledger

ITEMS = list(GIVEN)[:6]


class OneSlot(Venue):
    """Stations 5 and 6 are at work in the same slot."""

    slots = (1, 1, 2)


@pytest.fixture
def one_slot(tmp_path: Path) -> Iterator[Venue]:
    """The venue, running."""
    running = OneSlot(tmp_path / "var", free_port(), ("--no-sample",)).lay_out()
    running.start()
    yield running
    running.stop()


def at(page: Page, station: str) -> Locator:
    """The line of a station in the list of sheets."""
    return page.locator("a.entry", has_text=f"工位 {station}")


def test_neighbours_in_one_slot_do_not_mix(one_slot: Venue, browser: Browser) -> None:
    pages: dict[str, Page] = {}
    sheets: dict[str, str] = {}
    codes: dict[str, str] = {}
    for seat, station in (("sensory.1", "5"), ("sensory.2", "6")):
        context = browser.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN")  # type: ignore[arg-type]
        page = pages[station] = context.new_page()
        join(page, one_slot, seat)
        at(page, station).tap()
        page.locator(".item").first.wait_for()
        sheets[station] = page.url.rsplit("/", 1)[1]
        codes[station] = page.locator(".top .code").inner_text()
    five, six = pages["5"], pages["6"]
    assert len(set(codes.values())) == 2
    for item in ITEMS:  # in turn, another value at each station
        give(five, item, "1")
        give(six, item, "0")
    for station, other in (("5", "6"), ("6", "5")):
        page = pages[station]
        expect(page.locator(".chip-state")).to_have_text("已上传", timeout=20000)
        expect(page.locator(".top .place")).to_contain_text(f"工位 {station} · 场次 1")
        assert codes[station] in page.locator("body").inner_text()
        assert codes[other] not in page.locator("body").inner_text()

    five.locator(".top .icon-button").first.tap()  # a slip of the finger: the neighbour's line
    at(five, "6").tap()
    expect(five.locator(".target-why")).to_contain_text(f"{codes['5']} · 工位 5 · 场次 1")
    five.locator("#target-code").fill(codes["5"])
    five.locator(".target-acts button").tap()
    expect(five.locator(".sign-fault")).to_contain_text(codes["5"])
    expect(five.locator(".item")).to_have_count(0)
    five.goto(f"{one_slot.url}/judge#/sheet/{sheets['6']}")  # the other judge's sheet is not on this tablet at all
    expect(five.locator(".note.warn")).to_be_visible()
    expect(five.locator(".item")).to_have_count(0)
    assert codes["6"] not in five.locator("body").inner_text()
    for page in pages.values():
        page.context.close()
    one_slot.stop()
    engine = engine_of(one_slot)
    assert marks_in_ledger(engine, sheets["5"]) == dict.fromkeys(ITEMS, "1")
    assert marks_in_ledger(engine, sheets["6"]) == dict.fromkeys(ITEMS, "0")
    engine.dispose()
