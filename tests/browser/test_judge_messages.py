"""What the desk says to tablets: it waits for one that was cut off, covers nothing, and is gone once it was read."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from competition import judging, store
from tests.browser.judge_walk import GIVEN, Venue, engine_of, give, join, while_down
from tests.web.judge_stage import EVENT

TEXT = "请各席先签完当前评分表再休息"


def test_a_message_waits_for_the_tablet_and_covers_nothing(venue: Venue, tablet: Page) -> None:
    join(tablet, venue, "sensory.1")
    chief = venue.stage.people["chief"]
    venue.stage.now = datetime.now(UTC)
    while_down(venue, judging.send_message, EVENT, TEXT, chief, rng_bytes=venue.stage.rng)
    note = tablet.locator(".notices .note", has_text=TEXT)
    expect(note).to_be_visible(timeout=30000)
    tablet.locator(".entry").first.tap()
    expect(note).to_be_visible()
    item = "espresso_taste"
    give(tablet, item)  # nothing lies over what is being marked
    expect(tablet.locator(f"#i-{item} .echo")).to_have_text(GIVEN[item])
    note.get_by_role("button", name="知道了").tap()
    expect(note).to_have_count(0)
    engine = engine_of(venue)
    for _ in range(300):  # the next sign of life says so
        with store.reading(engine) as conn:
            (sent,) = judging.sent_messages(conn, EVENT)
        if sent.seen:
            break
        tablet.wait_for_timeout(100)
    engine.dispose()
    assert (sent.seen, sent.of) == (1, 1)
