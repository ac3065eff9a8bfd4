"""HTTPS with the venue's own authority: refused without it; with it the tablet opens while the server is dead, and an update of
the program loses no mark (tablets-and-screens.md 9, tests 1 and 5)."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from competition import store
from tests.browser.judge_walk import GIVEN, Venue, engine_of, give, held, join, kept, sign
from tests.serving import VENUE
from tests.web.judge_stage import ledger_kinds, marks_in_ledger

ROOT = Path(__file__).parents[2]


def test_without_the_authority_the_page_is_refused(secure_venue: Venue, tablet: Page) -> None:
    refused = tablet.context.new_page()  # its error page still loads when goto has returned
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        refused.goto(f"{secure_venue.url}/judge")
    tablet.goto(f"http://{VENUE}:{secure_venue.options[-1]}/")
    expect(tablet.locator("#trusted-no")).to_be_visible()
    tablet.wait_for_timeout(1500)
    expect(tablet.locator("#trusted-yes")).to_be_hidden()


def test_the_trust_page_notices_that_the_device_trusts(secure_venue: Venue, secure_tablet: Page) -> None:
    secure_tablet.goto(f"http://{VENUE}:{secure_venue.options[-1]}/")
    expect(secure_tablet.locator("#trusted-yes")).to_be_visible()
    expect(secure_tablet.locator("#trusted-no")).to_be_hidden()
    expect(secure_tablet.locator("#clock-off")).to_be_hidden()
    secure_tablet.get_by_role("link", name="打开服务器").tap()
    expect(secure_tablet).to_have_url(f"{secure_venue.url}/")


def test_a_sheet_is_marked_and_signed_with_a_reload_while_the_server_is_dead(
    secure_venue: Venue, secure_tablet: Page
) -> None:
    tablet = secure_tablet
    join(tablet, secure_venue, "sensory.1")
    assert tablet.evaluate("isSecureContext") is True
    kept(tablet)
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    items = list(GIVEN)
    for item in items[:4]:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_have_text("已上传")

    secure_venue.kill()
    for item in items[4:9]:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_have_text("离线 · 5 项待上传", timeout=15000)
    tablet.on("dialog", lambda dialog: dialog.accept())
    tablet.reload()
    for item in items[:9]:
        expect(tablet.locator(f"#i-{item} .kept")).to_have_count(1)
    expect(tablet.locator(".tally")).to_contain_text("9")
    assert held(tablet) == 5
    for item in items[9:]:
        give(tablet, item)
    secure_venue.start()
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=40000)
    sign(tablet)
    expect(tablet.locator(".banner")).to_contain_text("您已签名", timeout=20000)

    secure_venue.stop()
    engine = engine_of(secure_venue)
    assert marks_in_ledger(engine, sheet) == GIVEN
    assert ledger_kinds(engine, sheet) == ["mark"] * len(GIVEN) + ["sign"]
    with store.reading(engine) as conn:
        assert store.verify(conn, None) == []
    engine.dispose()


def test_a_program_that_could_not_be_fetched_is_fetched_again(secure_venue: Venue, secure_tablet: Page) -> None:
    """Bad Wi-Fi when the judge sits down must not leave the tablet unprotected for the rest of the day."""
    tablet = secure_tablet
    tablet.clock.install()
    tablet.add_init_script(
        """const register = ServiceWorkerContainer.prototype.register;
        let lost = 2;
        ServiceWorkerContainer.prototype.register = function (...given) {
          return lost-- > 0 ? Promise.reject(new TypeError("Failed to fetch")) : register.apply(this, given);
        };"""
    )
    join(tablet, secure_venue, "sensory.1")
    expect(tablet.locator(".entry").first).to_be_visible()
    assert tablet.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    tablet.clock.run_for(21000)
    kept(tablet)
    secure_venue.kill()
    tablet.reload()
    expect(tablet.locator(".entry").first).to_be_visible()


def test_an_update_keeps_the_outbox(
    secure_venue: Venue, secure_tablet: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = secure_tablet
    join(tablet, secure_venue, "sensory.1")
    kept(tablet)
    before = tablet.evaluate("document.documentElement.dataset.app")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    tablet.context.route("**/api/judge/marks", lambda route: route.abort())
    for item in list(GIVEN)[:3]:
        give(tablet, item)
    assert held(tablet) == 3

    monkeypatch.setenv("COMPETITION_ROOT", str(other_program(tmp_path / "root")))
    secure_venue.restart()
    tablet.locator(".notices .button").tap(timeout=40000)
    expect(tablet.locator("html")).not_to_have_attribute("data-app", before, timeout=40000)
    expect(tablet.get_by_role("link", name="核对后签名（新版）")).to_be_visible()
    assert held(tablet) == 3
    expect(tablet.locator("#i-espresso_taste_accuracy .echo")).to_have_text(GIVEN["espresso_taste_accuracy"])
    kept(tablet)
    assert tablet.evaluate("caches.keys()") == [f"judge-{tablet.evaluate('document.documentElement.dataset.app')}"]

    tablet.context.unroute("**/api/judge/marks")
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=40000)
    assert held(tablet) == 0
    secure_venue.stop()
    engine = engine_of(secure_venue)
    assert marks_in_ledger(engine, sheet) == {item: GIVEN[item] for item in list(GIVEN)[:3]}
    assert ledger_kinds(engine, sheet) == ["mark"] * 3
    engine.dispose()


def test_over_plain_http_nothing_is_kept_and_nothing_is_missing(open_venue: Venue, tablet: Page) -> None:
    asked: list[str] = []
    tablet.on("request", lambda request: asked.append(request.url))
    join(tablet, open_venue, "sensory.1")
    expect(tablet.locator(".entry").first).to_be_visible()
    assert tablet.evaluate("'serviceWorker' in navigator") is False
    assert [url for url in asked if "sw.js" in url] == []


def other_program(root: Path) -> Path:
    """The same house with one word of the tablet changed: another version of its program."""
    root.mkdir()
    for name in ("scoring_rules", "certificates"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "templates", root / "templates")
    words = root / "templates" / "judge" / "words.toml"
    text = words.read_text(encoding="utf-8")
    assert 'zh = "核对并签名"' in text
    words.write_text(text.replace('zh = "核对并签名"', 'zh = "核对后签名（新版）"'), encoding="utf-8")
    return root
