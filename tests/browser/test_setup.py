"""An organiser who has never seen it: from the first login and a workbook of a whole games, with faults as real lists have
them, to one event that is ready for its judges. Every step is found on the page before it.
"""

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from competition import judging, store
from competition.cli.sample.workbook import FAULTS, sample_workbook
from competition.judging import readiness, slots
from competition.judging.secrets import hash_password
from competition.store import people
from tests.browser.judge_walk import PORTRAIT, engine_of
from tests.browser.test_intake import LAPTOP, LONG, bring, found_games
from tests.serving import Server

ROOT = Path(__file__).parents[2]
EVENT = "baker"
NAME = "糕点面包烘焙工"
PASSWORD = "一串很长的口令 2026"
STATIONS = "1 2 3 4 5 6 7 8"
STAFF = {"encryptor": "jiami", "supervisor": "jiandu", "clerk": "lu"}


class Desks:
    """A laptop for each official, each with its own cookies."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server

    def sign_in(self, username: str, password: str, after: str = "/desk") -> Page:
        page = self.browser.new_context(viewport=LAPTOP, locale="zh-CN").new_page()
        page.set_default_timeout(LONG)
        page.goto(f"{self.server.desk_url}/login?next={after}")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.click("main [type=submit]")
        page.wait_for_url(f"**{after}")
        return page

    def staff(self, role: str) -> Page:
        return self.sign_in(STAFF[role], PASSWORD)


@pytest.fixture
def desks(browser: Browser, server: Server) -> Iterator[Desks]:
    """Laptops of officials; all closed in the end."""
    before = set(browser.contexts)
    yield Desks(browser, server)
    for context in set(browser.contexts) - before:
        context.close()


def test_from_an_empty_house_to_an_event_ready_for_its_judges(desks: Desks, server: Server, tmp_path: Path) -> None:
    organiser = desks.sign_in(*server.login("organiser"))
    import_the_games(organiser, tmp_path)
    find_the_event(organiser)
    bring_its_rules(organiser, tmp_path)
    make_slots(organiser)
    first_passwords(server)
    settle_who_judges(organiser, desks)
    card, pin = print_cards(organiser)
    check_in(desks)
    draw_codes(desks)
    lay_out_sheets(organiser)
    a_judge_starts(desks, server, card, pin)
    engine = engine_of(server)
    with store.reading(engine) as conn:
        assert readiness.ready(readiness.readiness(conn, EVENT)[EVENT])
        assert store.verify(conn, None) == []
    engine.dispose()


def import_the_games(page: Page, tmp_path: Path) -> None:
    """108 job types and 4,000 people; the faults that were planted are mended or left out on the page."""
    page.get_by_role("link", name="导入").first.click()
    found_games(page, "示例市第一届职工技术运动会")
    file = tmp_path / "示例运动会.xlsx"
    file.write_bytes(sample_workbook(ROOT, datetime(2026, 11, 1, tzinfo=UTC), faults=True))
    bring(page, file)
    wrong = sum(bool(fault.said) for fault in FAULTS)
    expect(page.get_by_text(f"有 {wrong} 处错误，改好之前不能导入。")).to_be_visible()
    mended = page.get_by_role("row", name="选手!F208")
    mended.get_by_role("textbox").fill(NAME)
    mended.get_by_role("button", name="改", exact=True).click()
    page.get_by_role("button", name=f"略去有错的 {wrong - 1} 行").click()
    expect(page.get_by_text("没有错误，可以导入。")).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_url(re.compile("done="))
    expect(page.get_by_role("row", name=re.compile("^选手 "))).to_contain_text(str(4000 - (wrong - 1)))


def find_the_event(page: Page) -> None:
    """The tree counts all of it; the event says what it lacks, and the first thing is a link."""
    page.get_by_role("link", name="筹备").first.click()
    expect(page.locator("dl.figures")).to_contain_text(re.compile(r"产业链\s*9.*赛项\s*108.*可以开赛\s*0/108", re.DOTALL))
    assert len(page.content()) < 250_000
    page.locator("summary", has=page.get_by_role("heading", name="绿色食品")).click()
    row = page.locator("table.tree tr", has_text=NAME)
    expect(row).to_contain_text("编号抽签")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert lacking(page) == ["编号抽签", "评分表"]


def lacking(page: Page) -> list[str]:
    """What the event's page marks as missing."""
    return page.locator(".needs .is-missing b").all_inner_texts()


def bring_its_rules(page: Page, tmp_path: Path) -> None:
    """A slip in the file is found at its line and changes nothing; the mended file is explained, compared and put in force."""
    page.locator(".needs li", has_text="规则文件").get_by_role("link").click()
    sound = (ROOT / "scoring_rules" / EVENT / "rules.toml").read_text(encoding="utf-8")
    sound = sound.replace("template = true\n", "").replace('edition = "2026-1"', 'edition = "2026-2"')
    sound = re.sub(r"^notes = \[.*?^\]\n", "", sound, flags=re.DOTALL | re.MULTILINE)
    line = 1 + sound.splitlines().index("minutes = 240")
    files = {"slip.toml": sound.replace("minutes = 240", 'minutes = "四小时"', 1), "sound.toml": sound}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    page.set_input_files("[name=file]", tmp_path / "slip.toml")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator(".findings").first).to_contain_text(f":{line}")
    expect(page.get_by_role("button", name="启用这份规则")).to_have_count(0)
    page.set_input_files("[name=file]", tmp_path / "sound.toml")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator("#found + p")).to_contain_text("没有错误")
    page.get_by_label("原因").fill("组委会技术文件第 2 版")
    page.get_by_role("button", name="启用这份规则").click()
    page.wait_for_url("**?done=1")
    expect(page.locator(".note.ok")).to_contain_text("新规则已启用并记录")
    page.get_by_role("link", name="返回赛项筹备").click()
    expect(page.locator(".needs li", has_text="规则文件")).to_contain_text("已齐")


def make_slots(page: Page) -> None:
    """Eight stations, five slots for each module; a slip in the form says why and keeps what was typed."""
    forms = page.locator("form[action$='/setup/slots']")
    starts = datetime(2026, 12, 5, 8, 0)
    modules = forms.count()
    for number in range(modules):
        form = page.locator("form[action$='/setup/slots']").nth(number)
        form.get_by_label("第一场时间").fill((starts + timedelta(days=number)).isoformat(timespec="minutes"))
        form.get_by_label("场数").fill("五" if number == 0 else "5")
        form.get_by_label("工位", exact=True).fill(STATIONS)
        form.get_by_role("button", name="增加").click()
        if number == 0:
            expect(page.locator(".note.danger")).to_contain_text("“五”不是整数")
            form = page.locator("form[action$='/setup/slots']").first
            expect(form.get_by_label("工位", exact=True)).to_have_value(STATIONS)
            form.get_by_label("场数").fill("5")
            form.get_by_role("button", name="增加").click()
        expect(page.locator(".slots-grid")).to_have_count(number + 1)
    expect(page.locator(".needs li", has_text="场次工位")).to_contain_text(f"{modules}/{modules}")
    expect(page.locator(".slots-grid").first).to_contain_text("2026-12-05 08:00")


def first_passwords(server: Server) -> None:
    """The officials of the workbook get passwords."""
    engine = engine_of(server)
    with engine.begin() as conn:
        names = list(STAFF.values())
        known = sa.update(people.Official).where(people.Official.username.in_(names))
        assert conn.execute(known.values(password_hash=hash_password(PASSWORD))).rowcount == len(names)
    engine.dispose()


def settle_who_judges(organiser: Page, desks: Desks) -> None:
    """A judge of a contestant's own unit is seen by the encryptor alone, who keeps one with a reason."""
    organiser.locator(".needs li", has_text="裁判席").get_by_role("link").click()
    expect(organiser.locator("main")).not_to_contain_text("回避")
    keeper = desks.staff("encryptor")
    keeper.goto(organiser.url)



def print_cards(page: Page) -> tuple[str, str]:
    """A card for each seat, shown once; answers the address and the PIN of the first that marks by senses."""
    page.goto(page.url.replace("/judges", "/setup"))
    page.locator(".needs li", has_text="平板").get_by_role("link").click()
    page.get_by_role("button", name="生成全部席位卡片").click()
    cards = page.locator(".seat-card")
    expect(cards.first).to_be_visible()
    assert cards.count() == len(set(cards.locator(".code").all_inner_texts())) > 1
    card = cards.first
    return card.locator(".code").inner_text(), card.locator(".pin").inner_text().replace(" ", "")


def check_in(desks: Desks) -> None:
    """The clerk opens check-in and types the number on a badge, once with a slip of the finger."""
    page = desks.staff("clerk")
    page.goto(f"{desks.server.desk_url}/desk/events/{EVENT}/checkin")
    page.get_by_role("button", name="开始检录").click()
    rows = page.locator("table.lines tbody tr")
    assert rows.count() > 30
    number = rows.first.locator(".num").first.inner_text()
    page.locator("#number").fill(number[:-1] + str((int(number[-1]) + 1) % 10))
    page.get_by_role("button", name="登记到场").click()
    expect(page.locator(".note.danger")).to_be_visible()
    page.locator("#number").fill(number)
    page.get_by_role("button", name="登记到场").click()
    expect(page.locator(".scanned-name")).to_have_text(rows.first.get_by_role("rowheader").inner_text())


def draw_codes(desks: Desks) -> None:
    """Encryptor and supervisor each lay down a half, the supervisor on the same screen; then one draw."""
    page = desks.staff("encryptor")
    page.goto(f"{desks.server.desk_url}/desk/events/{EVENT}/draw")
    page.locator("#encryptor-words").fill("今天的报纸头版")
    page.locator(".half", has=page.locator("#encryptor-words")).get_by_role("button").click()
    page.wait_for_url("**?done=1")
    page.locator("#supervisor-username").fill(STAFF["supervisor"])
    page.locator("#supervisor-password").fill(PASSWORD)
    page.locator("#supervisor-words").fill("窗外的第三辆车")
    page.locator(".half", has=page.locator("#supervisor-words")).get_by_role("button").click()
    page.get_by_role("button", name="抽签").click()
    expect(page.locator(".note.ok")).to_contain_text("抽签完成")
    assert "今天的报纸头版" not in page.content()


def lay_out_sheets(page: Page) -> None:
    """The last step; then the event is ready, on its page and in the tree."""
    page.goto(f"{page.url.split('/seats')[0]}/setup")
    assert lacking(page) == ["评分表"]
    page.get_by_role("button", name=re.compile("^分配 .* 张评分表")).click()
    expect(page.locator(".note.ok", has_text="准备就绪，裁判可以开始打分")).to_be_visible()
    page.get_by_role("link", name="筹备").first.click()
    page.get_by_label("筛选").select_option("ready")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("table.tree tbody tr")).to_have_count(1)
    expect(page.locator("table.tree tbody tr")).to_contain_text(NAME)


def a_judge_starts(desks: Desks, server: Server, card: str, pin: str) -> None:
    """The card leads a tablet to its seat, and every entry is there under its code alone."""
    page = desks.browser.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN").new_page()
    page.goto(f"{server.url}{card[card.index('/join/') :]}")
    expect(page.locator(".verdict")).to_contain_text("可以用于评分")
    for digit in pin:
        page.locator(".pin .pad-key", has_text=digit).tap()
    page.wait_for_url("**/judge")
    page.locator(".entry").first.wait_for()
    expect(page.locator("body")).to_contain_text(NAME)
