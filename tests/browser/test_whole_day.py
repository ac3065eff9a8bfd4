"""One contest day in a real browser: tablet, dying server, live standings, lock, decode, notice, final release, certificate."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from competition import judging, store
from competition.rules import Item
from tests.browser.judge_walk import GIVEN, PORTRAIT, Venue, engine_of, give, join, sign
from tests.serving import free_port
from tests.web.judge_stage import EVENT, JUDGE, NAMES, UNITS, Stage, lay_out, ledger_kinds, marks_in_ledger

PASSWORD = "a long password"
VENUE_TIME = ZoneInfo("Asia/Shanghai")
LAPTOP = {"width": 1366, "height": 768}


class Day(Venue):
    """A venue where every sheet but one is keyed by a clerk and confirmed by a second; the last is waiting for its judge."""

    def lay_out(self) -> "Day":
        self.var.mkdir(mode=0o700, parents=True)
        engine = engine_of(self)
        store.migrate(engine)
        with store.Writer(engine) as writer:
            stage = lay_out(engine, writer)
            self.cards = {"sensory.1": iter(["card-sensory.1-0"])}
            self._people(stage)
            self.code = self._mark_all_but_one(stage)
        engine.dispose()
        return self

    def _people(self, stage: Stage) -> None:
        first = stage.people["organiser"]
        for role in ("organiser", "chief", "encryptor", "supervisor", "clerk", "checker"):
            person = stage.do(
                judging.create_official, f"the-{role}", f"官员{role}", PASSWORD, first, rng_bytes=stage.rng
            )
            stage.do(judging.grant, person.id, "clerk" if role == "checker" else role, EVENT, first)
            stage.people[role] = person

    def _mark_all_but_one(self, stage: Stage) -> str:
        with store.reading(stage.engine) as conn:
            rules = store.thawed(conn, EVENT)
            lines = judging.progress(conn, EVENT)
        left = min(line.code or "" for line in lines)
        codes = sorted({line.code or "" for line in lines})
        for line in lines:
            if (line.code, line.seat) == (left, "sensory.1"):
                continue
            items = rules.sheet(line.module, line.name).items
            values = {item.id: value(item, codes.index(line.code or "")) for item in items if item.required}
            stage.do(judging.key_marks, line.sheet, values, stage.people["clerk"], "按纸质表录入")
            assert stage.do(judging.confirm_again, line.sheet, values, stage.people["checker"]) == ()
        return left


def value(item: Item, n: int) -> str:
    """A legal value, lower for the second entry than for the third, with no fault and no overtime."""
    scale = item.scale
    assert scale is not None
    if scale.type == "time":
        return "880" if item.id == "elapsed" else "25"
    if scale.type == "measure" or item.id.startswith("no_") or not item.scores:
        return "0"
    legal = [v for v in scale.values if v.denominator == 1] or [Fraction(1)]
    return str(legal[-1 - n % 2] if len(legal) > 2 else legal[-1])


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    """The contest day, to be killed and started again."""
    running = Day(tmp_path / "var", free_port(), ("--no-sample",))
    running.lay_out()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def desks(browser: Browser) -> Iterator[dict[str, Page]]:
    """A laptop per official, each with its own cookies."""
    contexts: list[BrowserContext] = []

    class Desks(dict[str, Page]):
        def __missing__(self, role: str) -> Page:
            contexts.append(browser.new_context(viewport=LAPTOP, locale="zh-CN", accept_downloads=True))
            self[role] = contexts[-1].new_page()
            return self[role]

    yield Desks()
    for context in contexts:
        context.close()


def test_one_contest_day(day: Day, browser: Browser, desks: dict[str, Page], tmp_path: Path) -> None:
    organiser = desk(day, desks, "organiser")
    organiser.goto(f"{day.desk_url}/desk/events/{EVENT}")
    row = organiser.locator("#standings tbody tr", has_text=day.code)
    expect(row).to_contain_text("15")  # fifteen marks missing, no total
    public = desks["public"]
    public.goto(f"{day.desk_url}/results/{EVENT}")
    expect(public.locator(".figure")).to_have_text("2/3")
    assert "总分" not in public.content()

    sheet = mark_while_the_server_dies(day, browser)

    # The organiser's page was never reloaded: it followed the marks across the server's death.
    expected = standing_totals(day)
    expect(row).to_contain_text(expected[day.code], timeout=30000)
    through_the_gates(day, desks)
    public.reload()
    expect(public.locator(".ribbon")).to_contain_text("正式公布")
    shown = [
        cells.all_inner_texts() for cells in (r.locator("td, th") for r in public.locator(".ranking tbody tr").all())
    ]
    assert [line[3] for line in shown] == sorted(expected.values(), key=Fraction, reverse=True)
    assert shown[0][0] == "1"
    check_certificates(day, desks, tmp_path, shown[0][1].split("\n")[0])

    day.stop()
    engine = engine_of(day)
    assert marks_in_ledger(engine, sheet) == GIVEN
    assert ledger_kinds(engine, sheet)[: len(GIVEN) + 1] == ["mark"] * len(GIVEN) + ["sign"]
    with store.reading(engine) as conn:
        assert store.verify(conn, None) == []
    engine.dispose()


def desk(day: Day, desks: dict[str, Page], role: str) -> Page:
    """An official signed in at the loopback address."""
    page = desks[role]
    page.goto(f"{day.desk_url}/login")
    page.locator("#username").fill(f"the-{role}")
    page.locator("#password").fill(PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url("**/desk")
    return page


def mark_while_the_server_dies(day: Day, browser: Browser) -> str:
    """The judge's part, at a host name that is no secure context. Answers the sheet's id."""
    context = browser.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN")
    tablet = context.new_page()
    join(tablet, day, "sensory.1")
    assert tablet.evaluate("isSecureContext") is False
    expect(tablet.locator("body")).to_contain_text(JUDGE)
    tablet.locator(".entry", has_text=day.code).tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    items = list(GIVEN)
    for item in items[:6]:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_have_text("已上传")
    day.kill()
    for item in items[6:]:
        give(tablet, item)
    expect(tablet.locator(".chip-state")).to_contain_text("9 项待上传", timeout=15000)
    day.start()
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=30000)
    sign(tablet)
    expect(tablet.locator(".banner")).to_contain_text("您已签名", timeout=20000)
    seen = tablet.content()
    assert not [name for name in (*NAMES, *UNITS.values()) if name in seen]
    context.close()
    return sheet


def standing_totals(day: Day) -> dict[str, str]:
    """Totals by code as the engine gives them, read from the file the server writes."""
    engine = engine_of(day)
    with store.reading(engine) as conn:
        codes = {line.entry: line.code for line in judging.progress(conn, EVENT)}
        totals = {codes[s.entry] or "": s.total or "" for s in judging.standings(conn, EVENT).standings}
    engine.dispose()
    return totals


def through_the_gates(day: Day, desks: dict[str, Page]) -> None:
    """Chief locks, encryptor and supervisor decode, organiser notices and, after the window, makes it final."""
    event = f"{day.desk_url}/desk/events/{EVENT}"
    chief = desk(day, desks, "chief")
    chief.goto(f"{event}/lock")
    press(chief)
    keeper = desk(day, desks, "encryptor")
    for layer in ("评审号", "工位号", "参赛号"):
        keeper.goto(f"{event}/decode")
        expect(keeper.locator(".ladder .is-next")).to_contain_text(layer)
        for role in ("encryptor", "supervisor"):
            keeper.locator(f"#{role}-username").fill(f"the-{role}")
            keeper.locator(f"#{role}-password").fill(PASSWORD)
        press(keeper, sure=False)
    organiser = desks["organiser"]
    organiser.goto(f"{event}/notice")
    closes = datetime.now(VENUE_TIME).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if closes - datetime.now(VENUE_TIME) < timedelta(seconds=5):
        closes += timedelta(minutes=1)
    organiser.locator("#closes").fill(closes.strftime("%Y-%m-%dT%H:%M"))
    press(organiser)
    public = desks["public"]
    public.reload()
    expect(public.locator(".ribbon.notice")).to_be_visible()
    organiser.goto(f"{event}/final")
    expect(organiser.locator(".blockers")).to_contain_text("公示期")
    time.sleep(max(0.0, (closes - datetime.now(VENUE_TIME)).total_seconds()) + 1)
    organiser.reload()
    press(organiser)


def press(page: Page, *, sure: bool = True) -> None:
    """Tick the box that says I have checked, and do it; the page then says that it is done."""
    if sure:
        page.locator("#sure").check()
    page.locator("form.card button.primary[type=submit]").click()
    page.wait_for_url("**?done=1")
    expect(page.locator(".note.ok")).to_be_visible()


def check_certificates(day: Day, desks: dict[str, Page], tmp_path: Path, winner: str) -> None:
    """The awarded are printed, on record; the name is in its text layer and its QR leads to a page that says 样张，无效."""
    organiser, public = desks["organiser"], desks["public"]
    organiser.goto(f"{day.desk_url}/desk/events/{EVENT}/certificates")
    organiser.locator("#issuer").fill("SLS")
    expect(organiser.locator("#sample")).to_be_checked()
    organiser.locator("form.card button.primary[type=submit]").click()
    organiser.goto(f"{day.desk_url}/desk/events/{EVENT}/certificates/print")
    organiser.locator("form[method=post] button.primary").click()
    made = organiser.locator("a[href*='/batches/'][href*='/0001-']")
    expect(made).to_be_visible(timeout=120000)  # the page renews itself
    with organiser.expect_download(timeout=120000) as download:
        made.click()
    file = tmp_path / "certificates.pdf"
    download.value.save_as(file)
    document = pypdfium2.PdfDocument(file)
    width, height = document[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (297, 210)
    texts = [page.get_textpage().get_text_range() for page in document]
    assert winner in texts[0]
    assert "第1名" in texts[0]
    picture = document[0].render(scale=2).to_pil()
    codes = zxingcpp.read_barcodes(picture)
    address = codes[0].text
    assert "/c/" in address
    public.goto(day.desk_url + address[address.index("/c/") :])
    expect(public.locator("main")).to_contain_text("样张")
    assert winner not in public.content()  # masked until the visitor enters the full name
