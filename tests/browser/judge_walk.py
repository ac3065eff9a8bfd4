"""What every walk at a tablet does: a venue with its cards, joining, giving marks, signing; and the ledger to look into."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from competition import store
from competition.settings import FILE
from tests.serving import Server
from tests.web.judge_stage import CARDS, PIN, Stage, lay_out

PORTRAIT = {"width": 744, "height": 1133}
# Every item of the sensory sheet and what the judge gives it; half steps, the top and one meant zero among them.
GIVEN = {
    "crema": "1", "espresso_taste_accuracy": "2.5", "espresso_tactile_accuracy": "3", "espresso_taste": "4.5",
    "espresso_tactile": "5", "milk_visual": "2", "milk_taste_accuracy": "0", "milk_taste": "3.5",
    "signature_taste_accuracy": "1.5", "signature_explained": "6", "signature_taste": "1", "details": "3",
    "presentation": "5.5", "knowledge": "2", "total_impression": "4",
}  # fmt: skip
# A disk that refuses while sessionStorage.full is set. (The quota that DevTools can set lets small records through.)
FULL_DISK = """(() => {
  for (const name of ["add", "put"]) {
    const write = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...given) {
      const request = write.apply(this, given);
      // As a browser does when the quota is used up: the writes are taken, the transaction fails.
      if (sessionStorage.full) queueMicrotask(() => { try { this.transaction.abort(); } catch {} });
      return request;
    };
  }
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (...given) {
    if (this === localStorage && sessionStorage.full) throw new DOMException("full", "QuotaExceededError");
    return set.apply(this, given);
  };
})()"""


class Venue(Server):
    """A server whose barista contest is laid out and waits for its judges, with the cards not yet used."""

    cards: dict[str, Iterator[str]]
    stage: Stage
    """The hands that laid it out; a test may act with them while the server is down, or through `Venue.acting`."""
    slots = (1, 2, 3)
    """When each of the three entries is up; their stations are 5, 6, 7."""

    def lay_out(self) -> "Venue":
        """The contest into an empty var: done once for each choice of slots, copied after that."""
        self.cards = {seat: iter(tokens) for seat, tokens in CARDS.items()}
        self.var.mkdir(mode=0o700, parents=True)
        if self.slots not in _laid_out:
            _laid_out[self.slots] = self._first()
        content, stage = _laid_out[self.slots]
        (self.var / FILE).write_bytes(content)
        self.stage = replace(stage, now=datetime.now(UTC), rng=deepcopy(stage.rng), people=dict(stage.people))
        return self

    def _first(self) -> tuple[bytes, Stage]:
        engine = engine_of(self)
        store.migrate(engine)
        with store.Writer(engine) as writer:
            stage = lay_out(engine, writer, self.slots)
        with engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return (self.var / FILE).read_bytes(), stage


_laid_out: dict[tuple[int, ...], tuple[bytes, Stage]] = {}


def join(page: Page, venue: Venue, seat: str) -> None:
    """Scan the card, key the PIN, and come to the list of sheets."""
    page.goto(f"{venue.url}/join/{next(venue.cards[seat])}")
    expect(page.locator(".verdict")).to_contain_text("可以用于评分")
    for digit in PIN:
        page.locator(".pin .pad-key", has_text=digit).tap()
    page.wait_for_url("**/judge")
    page.locator(".entry").first.wait_for()


def join_in(page: Page, venue: Venue, seat: str) -> None:
    """Into a seat, whatever the tablet's language."""
    page.goto(f"{venue.url}/join/{next(venue.cards[seat])}")
    page.locator(".verdict").wait_for()
    for digit in PIN:
        page.locator(".pin .pad-key", has_text=digit).tap()
    page.wait_for_url("**/judge")
    page.locator("a.entry").first.wait_for()


def give(page: Page, item: str, value: str | None = None) -> None:
    """Tap a value; a zero or a maximum is confirmed where the sheet asks."""
    wanted = GIVEN[item] if value is None else value
    page.locator(f"#i-{item} .value[data-value='{wanted}']").tap()
    confirm(page, item)


def confirm(page: Page, item: str) -> None:
    """Say that a zero or a maximum is meant, if the sheet asks."""
    ask = page.locator(f"#i-{item} .ask .button")
    if ask.count():
        ask.tap()
        expect(ask).to_have_count(0)


def sign(page: Page, pin: str = PIN) -> None:
    """Review, sign by hand, PIN, submit."""
    page.get_by_role("link", name="核对并签名").tap()
    pad = page.get_by_role("img", name="签名区，请在此签名")
    pad.scroll_into_view_if_needed()
    box, screen = pad.bounding_box(), page.viewport_size
    assert box is not None
    assert screen is not None
    assert box["width"] >= min(600, screen["width"] - 88), box
    assert box["height"] >= 200, box
    page.mouse.move(box["x"] + 40, box["y"] + 100)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + 40 + step * (box["width"] - 80) / 30, box["y"] + 100 + (40 if step % 2 else -20))
    page.mouse.up()
    for digit in pin:
        page.locator(".pin .pad-key", has_text=digit).tap()
    page.get_by_role("button", name="签名提交").tap()


def engine_of(venue: Server) -> Engine:
    """The store of a server that is down, or beside one that runs to look into."""
    return store.open_store(f"sqlite:///{venue.var / FILE}")


def while_down(venue: Venue, act: Callable[..., Any], *args: object, **more: object) -> Any:
    """An act of an official while the tablet can't reach the server; then the server is back."""
    venue.kill()
    engine = engine_of(venue)
    with store.Writer(engine) as writer:
        venue.stage.engine, venue.stage.writer = engine, writer
        done = venue.stage.do(act, *args, **more)
    engine.dispose()
    venue.start()
    return done


def kept(page: Page) -> None:
    """Wait until the program is on the tablet: the next load of /judge comes from the service worker."""
    page.evaluate(
        """() => new Promise((resolve, reject) => {
          const late = setTimeout(() => reject(new Error("no service worker within 40 s")), 40000);
          const look = async () => (await navigator.serviceWorker.getRegistration("/judge"))?.active?.state === "activated"
            ? resolve(clearTimeout(late)) : setTimeout(look, 50);
          look();
        })"""
    )


def held(page: Page) -> int:
    """How many unanswered records the tablet's outbox holds, read from its own database."""
    return int(
        page.evaluate(
            """() => new Promise((resolve, reject) => {
              const request = indexedDB.open("judge");
              request.onerror = () => reject(request.error);
              request.onsuccess = () => {
                const all = request.result.transaction("outbox").objectStore("outbox").getAll();
                all.onsuccess = () => (request.result.close(), resolve(all.result.filter((record) => !record.held).length));
              };
            })"""
        )
    )
