"""What a judge's tablet costs: taps and seconds for a 40-item sheet, a tap until it is stored, the page on a slow tablet, bytes.

`make bench-tablet` (the test environment, with a browser). Prints its page and writes it to TABLET.md; exits with 1 if a limit is
missed. The limits are issue 4's. Headless Chromium on this machine is no tablet: the processor is slowed four times, as DevTools
does for a middling one, where a limit says so; the disk and the touch screen are this machine's.
"""

import argparse
import datetime
import gzip
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

from tests.benchmarks.tablet_stage import ITEMS, SEAT, FortyItems
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.judge_walk import PORTRAIT, join, sign
from tests.serving import free_port

HERE = Path(__file__).parent
SLOWER = 4
STORED, USABLE, WEIGHT = 16, 1000, 150_000  # ms, ms, bytes
ROUNDS = 15
PACE = 250  # ms from one mark kept to the next tap: quicker than a hand that reads
# From the click that marks until the row says 已存本机 (or is on the server already): what a judge can know about it.
TAP = """([item, value]) => new Promise((resolve) => {
  const row = document.getElementById(`i-${item}`), kept = row.querySelector(".kept");
  const saving = kept.textContent, began = performance.now();
  let on = false;
  const watch = new MutationObserver(() => {
    on ||= row.querySelector(`.value[data-value="${value}"]`).getAttribute("aria-checked") === "true";
    if (on && /已存本机|已上传/.test(kept.textContent)) { watch.disconnect(); resolve(performance.now() - began); }
  });
  watch.observe(row, { subtree: true, childList: true, characterData: true, attributes: true });
  row.querySelector(`.value[data-value="${value}"]`).click();
})"""
# From navigation until the first sheet in the list can be tapped: two frames after it is there.
READY = """() => new Promise((resolve) => {
  const look = () => document.querySelector("a.entry")
    ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now()))) : setTimeout(look, 4);
  look();
})"""


def main() -> None:
    """Measure, print, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--no-results", action="store_true", help="don't write TABLET.md")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        venue = FortyItems(Path(folder) / "var", free_port(), ("--no-sample",)).lay_out()
        venue.start()
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            lines = [*by_hand(chromium, venue), *stored(chromium, venue), *page(chromium, venue)]
        finally:
            chromium.close()
            venue.stop()
    text = written(lines)
    print(text)
    if not asked.no_results:
        (HERE / "TABLET.md").write_text(text, encoding="utf-8")
    if any(met is False for *_, met in lines):
        sys.exit(1)


Line = tuple[str, str, str, bool | None]
"""What was measured, the figure, the limit in words, whether it is met (None: no limit)."""


@contextmanager
def tablet(chromium: Browser, venue: FortyItems, slower: int = 1) -> Iterator[tuple[Page, CDPSession]]:
    """A tablet in the seat, on its list of sheets, its processor slowed."""
    context = chromium.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN")
    page = context.new_page()
    join(page, venue, SEAT)
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    yield page, devtools
    context.close()


def by_hand(chromium: Browser, venue: FortyItems) -> list[Line]:
    """A script's finger on all forty items and the review: as many taps as a judge needs, no thinking time."""
    with tablet(chromium, venue) as (page, _):
        page.locator(".entry").first.tap()
        page.locator(".item").first.wait_for()
        taps, asked, began = 1, 0, time.perf_counter()
        for n, item in enumerate(ITEMS):
            page.locator(f"#i-{item} .value[data-value='{value(n)}']").tap()
            ask = page.locator(f"#i-{item} .ask .button")
            if ask.count():
                ask.tap()
                asked += 1
            taps += 1
        seconds = time.perf_counter() - began
        expect(page.locator(".tally")).to_contain_text(f"{len(ITEMS)}/{len(ITEMS)}")
        sign(page)
        expect(page.locator(".banner")).to_contain_text("您已签名", timeout=20000)
    signing = 1 + 6 + 1  # review, PIN, submit; the signature itself is one stroke more
    return [
        ("taps for a 40-item sheet", f"{taps + asked}", "", None),
        ("… of them to confirm a zero, a maximum or a far mark", f"{asked}", "", None),
        ("taps to review and sign, beside the signature", f"{signing}", "", None),
        ("seconds for the 40 items by script (each tap waits until the row is still)", f"{seconds:.1f}", "", None),
    ]


def value(n: int) -> str:
    """Marks around a judge's usual 3 to 5, and once a zero."""
    return "0" if n == 20 else ("3.5", "4", "4.5", "3", "5")[n % 5]


def stored(chromium: Browser, venue: FortyItems) -> list[Line]:
    """Taps on the second sheet, each awaited; at full speed (the limit) and on a slowed processor."""
    lines: list[Line] = []
    for slower in (1, SLOWER):
        with tablet(chromium, venue, slower) as (page, _):
            page.goto(f"{venue.url}/judge#/")
            page.locator(".entry").nth(1).tap()
            page.locator(".item").first.wait_for()
            times = []
            for turn in range(5):
                for n, item in enumerate(ITEMS):
                    times.append(page.evaluate(TAP, [item, ("3", "3.5", "4", "4.5", "5")[(n + turn) % 5]]))
                    page.wait_for_timeout(PACE)
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        name = f"tap to stored on the device, {len(times)} taps" + (
            f", processor slowed {slower}×" if slower > 1 else ""
        )
        limit = (f"p95 ≤ {STORED} ms", p95 <= STORED) if slower == 1 else ("", None)
        lines.append((name, f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, max {max(times):.1f} ms", *limit))
    return lines


def page(chromium: Browser, venue: FortyItems) -> list[Line]:
    """The tablet's page with an empty cache: time to the first sheet on a slow processor, and everything it fetches."""
    with tablet(chromium, venue, SLOWER) as (shown, devtools):
        devtools.send("Network.enable")
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        sent = [0, 0]

        def done(event: dict[str, Any]) -> None:
            sent[0] += int(event["encodedDataLength"])
            sent[1] += 1

        devtools.on("Network.loadingFinished", done)
        times = []
        for _ in range(ROUNDS):
            sent[:] = [0, 0]
            shown.reload(wait_until="commit")
            times.append(shown.evaluate(READY))
            shown.wait_for_timeout(300)
        weight, requests = sent
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": False})
        again = []
        for _ in range(ROUNDS):
            shown.reload(wait_until="commit")
            again.append(shown.evaluate(READY))
        session = shown.request.get(f"{venue.desk_url}/judge").body()
    median = statistics.median(times)
    return [
        (f"page usable, processor slowed {SLOWER}×, nothing cached", f"median {median:.0f} ms, {min(times):.0f}–{max(times):.0f}",
         f"≤ {USABLE} ms", median <= USABLE),
        (f"page usable, processor slowed {SLOWER}×, program cached", f"median {statistics.median(again):.0f} ms", "", None),
        (f"bytes on the air for the page in all, {requests} requests, session of 40 items included", f"{weight:,}",
         f"≤ {WEIGHT:,}", weight <= WEIGHT),
        ("… of it the shell with its words, compressed", f"{len(gzip.compress(session, 6)):,}", "", None),
    ]  # fmt: skip


def written(lines: list[Line]) -> str:
    """The page."""
    load = os.getloadavg()[0]
    met = {True: "yes", False: "**no**", None: ""}
    rows = [f"| {what} | {figure} | {limit} | {met[fine]} |" for what, figure, limit, fine in lines]
    return "\n".join([
        "# Results of `make bench-tablet`", "",
        f"Measured on {datetime.datetime.now(datetime.UTC):%d %B %Y}: {os.cpu_count()} processors, {platform.system()} "
        f"{platform.machine()}, headless Chromium over plain HTTP; load {load:.1f} at the end, this run included.",
        "What is measured and how stands in tablet.py beside this file.", "",
        "| measured | figure | limit | met |", "|---|---|---|---|", *rows, "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
