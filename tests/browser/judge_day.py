"""One judge's day as a test watches it: every tap, every receipt that reached a tablet, the tablet's words, and the ledger.

After a mishap `Day.settled` demands the whole truth: every tap is in the ledger exactly once, so is every mark a tablet was told
is accepted, and each tablet shows the marks that stand, says that they are uploaded and holds nothing back.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request as Letter
from urllib.request import urlopen

import msgspec
from playwright.sync_api import BrowserContext, Error, Page, Request, Response, expect
from sqlalchemy import select

from competition import store
from competition.store import Ledger
from tests.browser.judge_walk import GIVEN, Venue, engine_of, give, held, join, kept

SEAT = "sensory.1"
MARKS = "**/api/judge/marks"
SHOWN = """() => Object.fromEntries([...document.querySelectorAll(".item[data-item]")].map((row) => [row.dataset.item,
  [row.querySelector(".value[aria-checked=true]")?.dataset.value ?? null, row.querySelector(".kept").textContent]]))"""


@dataclass
class Day:
    """A judge at a tablet that may break at any moment. `page` changes when the judge opens it anew."""

    venue: Venue
    context: BrowserContext
    page: Page
    sheet: str = ""
    taps: list[tuple[str, str]] = field(default_factory=list)
    stands: dict[str, str] = field(default_factory=dict)
    """What the judge means: the value of each item marked so far."""
    receipts: dict[str, str] = field(default_factory=dict)
    """Mark id -> outcome, as a tablet was told."""

    def begin(self) -> None:
        """Join, and open the first sheet."""
        self.watch(self.context)
        self.page.on("dialog", lambda dialog: dialog.accept())
        join(self.page, self.venue, SEAT)
        if self.venue.scheme == "https":
            kept(self.page)
        self.open(self.page)
        self.sheet = self.page.url.rsplit("/", 1)[1]

    def open(self, page: Page) -> None:
        """From the list to the first sheet."""
        page.locator(".entry").first.tap()
        page.locator(".item").first.wait_for()

    def reopened(self) -> None:
        """The tab was closed; the judge opens the address again."""
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)  # the tablet asks whether to leave; the judge does (begin)
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto(f"{self.venue.url}/judge")
        self.open(self.page)

    def watch(self, context: BrowserContext) -> None:
        """Note every receipt that reaches this tablet."""
        context.on("response", self._heard)

    def _heard(self, response: Response) -> None:
        if not response.url.endswith("/api/judge/marks") or response.status != 200:
            return
        try:
            receipts = response.json()["receipts"]
        except Error:  # the page went before it could read this: nothing was acknowledged to anybody
            return
        self.receipts |= {receipt["id"]: receipt["outcome"] for receipt in receipts}

    def give(self, *items: str, page: Page | None = None) -> None:
        """Tap what the judge gives these items."""
        for item in items:
            give(page or self.page, item)
            self.noted(item)

    def noted(self, item: str, value: str | None = None) -> None:
        """A tap that the test made itself."""
        self.stands[item] = GIVEN[item] if value is None else value
        self.taps.append((item, self.stands[item]))

    def cut(self, context: BrowserContext | None = None) -> None:
        """No mark gets out of the tablet; the rest of the network works."""
        (context or self.context).route(MARKS, lambda route: route.abort())

    def mend(self, context: BrowserContext | None = None) -> None:
        """Marks get out again, and the tablet is told that it is online, as when the Wi-Fi is back."""
        (context or self.context).unroute(MARKS)
        for page in (context or self.context).pages:
            page.evaluate("dispatchEvent(new Event('online'))")

    def waiting(self, n: int) -> None:
        """The tablet says that n marks wait on it, and they are in its database."""
        words = re.compile(rf"离线 · {n} 项待上传|上传中 {n} 项")
        expect(self.page.locator(".chip-state")).to_have_text(words, timeout=20000)
        assert held(self.page) == n
        where = [kept for _, kept in self.page.evaluate(SHOWN).values()]
        assert where.count("已存本机") == n

    def settled(self, *others: Page) -> None:
        """The ledger holds every tap and every acknowledged mark once; these tablets say so."""
        for page in (self.page, *others):
            expect(page.locator(".chip-state")).to_have_text("已上传", timeout=40000)
            shown = page.evaluate(SHOWN)
            assert {item: value for item, (value, _) in shown.items() if value is not None} == self.stands
            assert {kept for item, (_, kept) in shown.items() if item in self.stands} <= {"已上传"}
            assert held(page) == 0
        lines = self.ledger()
        assert Counter((item, value) for _, item, value in lines) == Counter(self.taps)
        written = Counter(id for id, _, _ in lines)
        assert {id: written[id] for id in self.receipts} == dict.fromkeys(self.receipts, 1)
        assert set(self.receipts.values()) <= {"accepted", "known", "clash"}

    def ledger(self) -> list[tuple[str, str, str | None]]:
        """Id, item and value of every mark of the sheet, in order, read beside the running server."""
        engine = engine_of(self.venue)
        with store.reading(engine) as conn:
            rows = conn.execute(select(Ledger.id, Ledger.body).where(Ledger.kind == "mark").order_by(Ledger.seq)).all()
        engine.dispose()
        read: list[tuple[str, dict[str, Any]]] = [(row.id, msgspec.json.decode(row.body)) for row in rows]
        return [(id, body["item"], body["value"]) for id, body in read if body["sheet"] == self.sheet]

    def deliver(self, request: Request) -> None:
        """Bring a tablet's request to the server; the reply stays here."""
        named = ("authorization", "content-type", "accept")
        headers = {name: value for name, value in request.headers.items() if name in named}
        url = request.url.replace(self.venue.url, self.venue.desk_url)
        letter = Letter(url, data=(request.post_data or "").encode(), headers=headers, method=request.method)
        with urlopen(letter, timeout=10, context=self.venue.trust) as answer:
            assert answer.status == 200
