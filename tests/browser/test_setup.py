"""An organiser who has never seen it: from the first login and a workbook of a whole games, with faults as real lists have
them, to one event that is ready for its judges. Every step is found on the page before it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from competition import store
from competition.judging import readiness
from tests.browser.intake_walk import LAPTOP, LONG, found_games, import_the_games
from tests.browser.judge_walk import PORTRAIT, engine_of
from tests.serving import Server

ROOT = Path(__file__).parents[2]
EVENT = "baker"
NAME = "糕点面包烘焙工"
PASSWORD = "一串很长的口令 2026"
STATIONS = "1 2 3 4 5 6 7 8"
STAFF = {"encryptor": "jiami", "supervisor": "jiandu", "clerk": "lu"}


class Desks:
    """A laptop for each official, each with its own cookies; `open` by role once they are in."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.open: dict[str, Page] = {}
        self.event = f"{server.desk_url}/desk/events/{EVENT}"

    def sign_in(self, username: str, password: str, after: str = "/desk") -> Page:
        page = self.browser.new_context(viewport=LAPTOP, locale="zh-CN").new_page()
        page.set_default_timeout(LONG)
        page.goto(f"{self.server.desk_url}/login?next={after}")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.click("main [type=submit]")
        page.wait_for_url(f"**{after}")
        return page


@pytest.fixture
def desks(browser: Browser, server: Server) -> Iterator[Desks]:
    """Laptops of officials; all closed in the end."""
    before = set(browser.contexts)
    yield Desks(browser, server)
    for context in set(browser.contexts) - before:
        context.close()


def test_from_an_empty_house_to_an_event_ready_for_its_judges(desks: Desks, server: Server, tmp_path: Path) -> None:
    organiser = desks.sign_in(*server.login("organiser"))
    organiser.get_by_role("link", name="导入登记").first.click()
    found_games(organiser, "示例市第一届职工技术运动会")
    import_the_games(organiser, tmp_path)
    find_the_event(organiser)
    bring_its_rules(organiser, tmp_path)
    make_slots(organiser)
    give_passwords(organiser, desks)
    settle_who_judges(organiser, desks)
    card, pin = print_cards(organiser, desks)
    check_in(desks)
    draw_codes(desks)
    lay_out_sheets(organiser, desks)
    a_judge_starts(desks, server, card, pin)
    engine = engine_of(server)
    with store.reading(engine) as conn:
        assert readiness.ready(readiness.readiness(conn, EVENT)[EVENT])
        assert store.verify(conn, None) == []
    engine.dispose()


def find_the_event(page: Page) -> None:
    """The tree counts all of it; the event says what it lacks, and the first thing is a link."""
    page.get_by_role("link", name="筹备").first.click()
    expect(page.locator("dl.figures")).to_contain_text(
        re.compile(r"产业链\s*9.*赛项\s*108.*可以开赛\s*0/108", re.DOTALL)
    )
    assert len(page.content()) < 250_000
    page.locator("summary", has=page.get_by_role("heading", name="绿色食品")).click()
    row = page.locator("table.tree tr", has_text=NAME)
    expect(row).to_contain_text("编号抽签")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert lacking(page) == ["回避处理", "编号抽签", "评分表"]


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
    modules = forms.count()
    for number in range(modules):
        form = page.locator("form[action$='/setup/slots']").nth(number)
        form.get_by_label("第一场时间").fill(f"2026-12-0{5 + number}T08:00")
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


def give_passwords(organiser: Page, desks: Desks) -> None:
    """One-time passwords for those at the desks; each comes in with it and sets one of their own before anything else."""
    for role, username in STAFF.items():
        organiser.get_by_role("link", name="工作人员").click()
        organiser.locator("#role").select_option(role)
        organiser.get_by_role("button", name="筛选").click()
        organiser.locator("tr", has_text=username).get_by_role("checkbox").check()
        organiser.get_by_role("button", name="发放并显示在屏幕上").click()
        once = organiser.locator(".seat-card .pin").inner_text()
        page = desks.sign_in(username, once, "/desk/password")
        page.fill("#old", once)
        page.fill("#new", PASSWORD)
        page.get_by_role("button", name="修改密码").click()
        expect(page.locator(".note.ok")).to_contain_text("密码已修改")
        desks.open[role] = page


def settle_who_judges(organiser: Page, desks: Desks) -> None:
    """Judges of contestants' own units are seen by the encryptor alone: one has to leave the seat, the others stay, each with
    a reason. The organiser sees an empty seat, not why, and puts somebody there."""
    keeper = desks.open["encryptor"]
    keeper.goto(f"{desks.event}/judges")
    waiting = keeper.locator("#interests + p + div tbody tr", has=keeper.get_by_role("button", name="请裁判离席"))
    expect(waiting.nth(1)).to_be_visible()
    seat = waiting.first.get_by_role("rowheader").inner_text()
    waiting.first.get_by_role("button", name="请裁判离席").click()
    keeper.wait_for_url("**?done=1")
    while left := waiting.count():
        waiting.first.locator("summary").click()
        waiting.first.locator("[name=reason]").fill("赛前一年已调离该单位")
        waiting.first.get_by_role("button", name="写明理由并保留").click()
        expect(waiting).to_have_count(left - 1)
    organiser.get_by_role("link", name="工作人员").click()
    organiser.locator("summary", has_text="登记一位工作人员").click()
    organiser.fill("#new-name", "候补甲")
    organiser.fill("#new-username", "houbu1")
    organiser.get_by_role("button", name="登记", exact=True).click()
    organiser.locator("#role").select_option("judge")
    organiser.locator("#event").select_option(EVENT)
    organiser.get_by_role("button", name="授予").click()
    expect(organiser.locator(".note.ok")).to_contain_text("已保存")
    organiser.goto(f"{desks.event}/setup")
    assert lacking(organiser) == ["裁判席", "编号抽签", "评分表"]
    organiser.locator(".needs li", has_text="裁判席").get_by_role("link").click()
    assert not [word for word in ("回避", "调离") if word in organiser.content()]
    row = organiser.locator("table").first.get_by_role("row", name=seat)
    expect(row).to_contain_text("空缺")
    expect(organiser.get_by_text("空缺")).to_have_count(1)  # the seat that theory is imported to wants nobody
    row.locator("summary").click()
    row.get_by_label("由谁接替").select_option("候补甲")
    row.locator("[name=reason]").fill("临时替补")
    row.get_by_role("button", name="登记替补").click()
    expect(organiser.locator("table").first.get_by_role("row", name=seat)).to_contain_text("候补甲")


def print_cards(page: Page, desks: Desks) -> tuple[str, str]:
    """A card for each seat, shown once; answers the address and the PIN of the first that marks by senses."""
    page.goto(f"{desks.event}/setup")
    page.locator(".needs li", has_text="平板").get_by_role("link").click()
    page.get_by_role("button", name="生成全部席位卡片").click()
    cards = page.locator(".seat-card")
    expect(cards.first).to_be_visible()
    assert cards.count() == len(set(cards.locator(".code").all_inner_texts())) > 1
    card = cards.first
    return card.locator(".code").inner_text(), card.locator(".pin").inner_text().replace(" ", "")


def check_in(desks: Desks) -> None:
    """The clerk opens check-in and types the number on a badge, once with a slip of the finger."""
    page = desks.open["clerk"]
    page.goto(f"{desks.event}/checkin")
    page.get_by_role("button", name="开始检录").click()
    rows = page.locator("table.lines tbody tr")
    assert rows.count() > 30
    number = rows.first.locator(".num").first.inner_text()
    page.locator("#number").fill(number[:-1] + str((int(number[-1]) + 1) % 10))
    page.get_by_role("button", name="登记到场").click()
    expect(page.locator(".note.danger")).to_be_visible()
    page.locator("#number").fill(number)
    page.get_by_role("button", name="登记到场").click()
    expect(page.locator(".scanned")).to_contain_text("已到")
    expect(page.locator(".scanned-name")).to_have_text(rows.first.get_by_role("rowheader").inner_text())


def draw_codes(desks: Desks) -> None:
    """Encryptor and supervisor each lay down a half, the supervisor on the same screen; then one draw."""
    page = desks.open["encryptor"]
    page.goto(f"{desks.event}/draw")
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


def lay_out_sheets(page: Page, desks: Desks) -> None:
    """The last step; then the event is ready, on its page and in the tree."""
    page.goto(f"{desks.event}/setup")
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
