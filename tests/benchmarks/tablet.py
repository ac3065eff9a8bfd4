"""`make bench-tablet`: what a judge's tablet costs, measured in the browser; figures to the console and to TABLET.md.

Not a test: figures depend on the machine. A sheet of 40 items is the barista's sensory form, its sheets marked in turn.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, Request, sync_playwright

from tests.browser.judge_walk import GIVEN, PORTRAIT, Venue, give, join
from tests.serving import VENUE, free_port

HERE = Path(__file__).parent
ITEMS = 40
THROTTLE = 4
STORED = """() => {
  window.waits = [];
  const down = new Map();
  addEventListener("click", (event) => {
    const item = event.target.closest(".item")?.dataset.item;
    if (item && event.target.closest(".value")) down.set(item, event.timeStamp);
  }, true);
  new MutationObserver((changes) => {
    for (const change of changes) {
      const kept = change.target.nodeType === 3 ? change.target.parentElement : change.target;
      const item = kept?.closest?.(".item")?.dataset.item;
      if (!kept?.closest?.(".kept") || !down.has(item) || kept.textContent.includes("…")) continue;
      if (!/已存本机|已上传/.test(kept.textContent)) continue;
      window.waits.push(performance.now() - down.get(item));
      down.delete(item);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def main() -> None:
    """Measure and report."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        venue = Venue(Path(folder) / "var", free_port(), ("--no-sample",)).lay_out()
        venue.start()
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", f"--host-resolver-rules=MAP {VENUE} 127.0.0.1"],
        )
        lines = [*_marking(venue, chromium), *_opening(venue, chromium)]
        chromium.close()
        venue.stop()
    text = "\n".join(["# The judge's page, measured", "", "| what | figure | limit |", "|---|---|---|", *lines, ""])
    print(text)
    (HERE / "TABLET.md").write_text(text, encoding="utf-8")


def _page(chromium: Browser) -> Page:
    return chromium.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN").new_page()  # type: ignore[arg-type]


def _marking(venue: Venue, chromium: Browser) -> list[str]:
    """Taps and seconds for 40 items by script, and from each tap to the word that it is stored."""
    page = _page(chromium)
    join(page, venue, "sensory.1")
    page.locator("a.entry").first.tap()
    page.locator(".item").first.wait_for()
    page.evaluate(STORED)
    page.evaluate("window.taps = 0; addEventListener('click', () => window.taps++, true)")
    begun = time.perf_counter()
    values = list(GIVEN.items())
    for n in range(ITEMS):
        item, value = values[n % len(values)]
        other = "1" if value != "1" else "2" if item != "crema" else "0"
        give(page, item, value if n < len(values) else other if n < 2 * len(values) else value)
    seconds = time.perf_counter() - begun
    page.wait_for_timeout(500)
    waits = sorted(page.evaluate("window.waits"))
    p50, p95 = statistics.median(waits), waits[int(len(waits) * 0.95)]
    return [
        f"| 40 items by script: taps (a zero and a maximum are confirmed) | {page.evaluate('window.taps')} | – |",
        f"| 40 items by script: seconds, the driver's own time included | {seconds:.1f} | – |",
        f"| tap to stored on the device, {len(waits)} taps, p50 / p95 | {p50:.1f} / {p95:.1f} ms | p95 < 16 ms |",
    ]


def _opening(venue: Venue, chromium: Browser) -> list[str]:
    """From an empty cache to the list of sheets at 4× throttle, and the bytes on the air."""
    page = _page(chromium)
    join(page, venue, "sensory.2")
    tools: CDPSession = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    sizes: list[float] = []
    tools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"{venue.url}/judge")
    page.locator("a.entry").first.tap()
    page.locator(".item").first.wait_for()
    page.wait_for_timeout(500)
    kilobytes, requests = sum(sizes) / 1000, len(asked)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    usable = []
    for _ in range(5):
        page.goto("about:blank")
        begun = time.perf_counter()
        page.goto(f"{venue.url}/judge", wait_until="commit")
        page.locator("a.entry").first.wait_for()
        usable.append(time.perf_counter() - begun)
    return [
        f"| the page in all, {requests} requests, with one sheet open | {kilobytes:.0f} kB | < 150 kB |",
        f"| usable at {THROTTLE}× CPU throttle, empty cache, median of 5 | {statistics.median(usable):.2f} s | < 1 s |",
    ]


if __name__ == "__main__":
    main()
