"""From the last locked sheet to a result that stands, each person at their own desk: the clerk re-checks, the supervisor witnesses the
decoding and hears an appeal that changes a rank, the organiser goes on to revision 2 with a certificate corrected."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from competition import judging
from competition.settings import Settings
from competition.web.app import create_app
from tests.judging.conftest import EVENT, NAMES
from tests.laid_out import LaidOut
from tests.serving import listening
from tests.web.seal_stage import BASE, PASSWORD, ROOT, Sealing, lay_out

LAPTOP = {"width": 1366, "height": 768}
VENUE_TIME = ZoneInfo("Asia/Shanghai")


@dataclass
class House:
    """The event, its address, and a laptop for each official."""

    stage: Sealing
    address: str
    browser: Browser
    laptops: dict[str, tuple[BrowserContext, Page]] = field(default_factory=dict)

    def desk(self, role: str, path: str = "/desk") -> Page:
        """This official's laptop at a page; "" is the public."""
        if role not in self.laptops:
            context = self.browser.new_context(viewport=LAPTOP, locale="zh-CN")  # type: ignore[arg-type]
            page = context.new_page()
            self.laptops[role] = context, page
            if role:
                page.goto(f"{self.address}/login")
                page.get_by_label("用户名").fill(role)
                page.get_by_label("密码").fill(PASSWORD)
                page.get_by_role("button", name="登录").click()
                page.wait_for_url("**/desk")
        page = self.laptops[role][1]
        page.goto(f"{self.address}{path}")
        return page

    def task(self, role: str, said: str) -> Page:
        """From today's work to what it asks for."""
        page = self.desk(role)
        page.locator(".tasks li", has_text=said).get_by_role("link").last.click()
        page.wait_for_load_state()
        return page

    def noticed(self, said: str) -> None:
        """The organiser is asked to, and opens a window of an hour."""
        page = self.task("organiser", said)
        closes = (self.stage.at() + timedelta(hours=1)).astimezone(VENUE_TIME)
        page.locator("#closes").fill(closes.strftime("%Y-%m-%dT%H:%M"))
        page.locator("#sure").check()
        page.get_by_role("button", name="发布公示").click()
        expect(page.locator(".note.ok")).to_be_visible()


@pytest.fixture
def house(laid_out: LaidOut, tmp_path: Path, browser: Browser) -> Iterator[House]:
    """Every sheet marked, signed and locked; nothing decoded."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage:
        stage.seal()
        stage.mark_everything_but_the_draw()
        stage.do(judging.lock_event, EVENT, stage.official("chief"))
        settings = Settings(ROOT, tmp_path, public_address="https://v.example.org")
        with listening(create_app(settings, stage.engine, stage.writer, stage.at)) as address:
            made = House(stage, address, browser)
            yield made
            for context, _ in made.laptops.values():
                context.close()


def test_from_the_last_locked_sheet_to_a_revision(house: House) -> None:
    the_clerk_rechecks(house)
    the_supervisor_witnesses_the_decoding(house)
    first = house.stage.read(judging.standings, EVENT).standings[0].entry
    house.noticed("可以发布公示")
    the_supervisor_hears_an_appeal(house, first)
    the_first_final_release(house)
    the_organiser_revises(house, first)
    assert house.stage.findings() == []


def the_clerk_rechecks(house: House) -> None:
    """One sheet is wrong: the chief corrects it with the clerk as second person, and it is compared again."""
    supervisor = house.desk("supervisor", f"{BASE}/recheck")
    supervisor.get_by_label("当众说出的抽查用语").fill("开奖号 0423")
    supervisor.get_by_role("button", name="抽取名单").click()
    clerk = house.task("clerk", "抽查复核还有 9 张")
    row = clerk.locator("tbody tr", has_text="感官").first
    code, sheet = row.locator("th").inner_text(), row.locator("input[name=sheet]").first.get_attribute("value")
    row.locator("summary").click()
    expect(row).to_contain_text("香气")
    row.get_by_label("哪里不一致").fill("纸上香气是 6.5")
    row.get_by_role("button", name="报裁判长").click()
    expect(clerk.locator("tbody tr", has_text="纸上香气是 6.5")).to_contain_text("有误，待裁判长更正")
    expect(clerk.locator("main")).to_contain_text("错误超过 5%")

    chief = house.desk("chief", f"{BASE}/entries/{code}")
    chief.locator(f"a[href$='/corrections/{sheet}']").click()
    chief.locator("#item").select_option("aroma")
    chief.locator("#value").fill("6.5")
    chief.get_by_role("button", name="先看影响").click()
    chief.locator("#preview #reason").fill("抽查复核发现录入有误")
    chief.locator("#preview button").click()
    expect(chief.locator(".note.ok")).to_be_visible()
    clerk = house.task("clerk", "更正等第二人确认")
    clerk.locator("form[action$='/corrections/confirm'] button").click()
    expect(clerk.locator("main")).to_contain_text("→ 6.5")

    clerk = house.desk("clerk", f"{BASE}/recheck")
    row = clerk.locator(f"tbody tr:has(input[value='{sheet}'])")
    row.locator("summary").click()
    row.get_by_role("button", name="与原始记录一致").click()
    expect(clerk.locator("main")).to_contain_text("1/9")
    for line in house.stage.read(judging.recheck, EVENT).lines:
        if not line.right:  # theory sheets are the clerk's own, which another compares
            house.stage.do(judging.compared, line.sheet.id, None, house.stage.official("supervisor"))
    expect(house.desk("clerk", f"{BASE}/recheck").locator(".note.ok")).to_contain_text("抽查复核全部完成")


def the_supervisor_witnesses_the_decoding(house: House) -> None:
    """Layer by layer, the supervisor beside the encryptor; then the names are there."""
    keeper = house.desk("encryptor", f"{BASE}/decode")
    for _ in range(3):
        expect(keeper.locator("main")).not_to_contain_text(NAMES[0])
        for role in ("encryptor", "supervisor"):
            keeper.locator(f"#{role}-username").fill(role)
            keeper.locator(f"#{role}-password").fill(PASSWORD)
        keeper.locator("form.card button[type=submit]").click()
        expect(keeper.locator(".note.ok")).to_be_visible()
    expect(house.desk("supervisor", f"{BASE}/decode").locator("main")).to_contain_text(NAMES[0])


def the_supervisor_hears_an_appeal(house: House, first: str) -> None:
    """The clerk enters it, the supervisor upholds it, the chief rules, the supervisor confirms: the first place changes hands."""
    code = next(line.code for line in house.stage.read(judging.progress, EVENT) if line.entry == first)
    clerk = house.desk("clerk", f"{BASE}/appeals")
    clerk.locator("#code").fill(code)
    clerk.locator("#said").fill("比赛中使用了自带的茶样")
    clerk.get_by_role("button", name="登记").click()
    supervisor = house.task("supervisor", "件申诉等您")
    row = supervisor.locator("tbody tr", has_text="自带的茶样")
    row.locator("summary", has_text="成立").click()
    row.locator("input[id^=upheld]").fill("录像可见")
    row.locator("form:has(input[id^=upheld]) button").click()
    chief = house.desk("chief", f"{BASE}/entries/{code}")
    chief.locator("#new-status").select_option("dsq")
    chief.locator("#status-reason").fill("申诉成立")
    chief.get_by_role("button", name="先看影响").click()
    chief.locator("#preview button").click()
    supervisor = house.task("supervisor", "更正等第二人确认")
    ruling = supervisor.locator("[id^=ruling-]")
    expect(ruling.locator(".effect tbody tr").nth(1)).to_contain_text("2 → 1")
    ruling.locator("form[action$='/rulings/confirm'] button").click()
    expect(supervisor.locator(".note.ok")).to_be_visible()
    supervisor = house.task("supervisor", "件申诉等您")
    supervisor.locator("summary", has_text="确认已更正").click()
    supervisor.locator("input[id^=done]").fill("名次已更正")
    supervisor.locator("form:has(input[id^=done]) button").click()
    expect(supervisor.locator("main")).to_contain_text("名次已更正")


def the_first_final_release(house: House) -> None:
    """Noticed again, since it changed; final after the window; the certificates made."""
    organiser = house.desk("organiser", f"{BASE}/final")
    expect(organiser.locator(".blockers")).to_be_visible()  # the notice shows what no longer stands
    house.noticed("请重新公示")
    organiser = house.desk("organiser", f"{BASE}/final")
    expect(organiser.locator(".blockers")).to_contain_text("公示期")
    house.stage.at(hours=2)
    made_final(house)
    public = house.desk("", f"/results/{EVENT}")
    expect(public.locator(".ribbon")).to_contain_text("正式公布")
    organiser = house.task("organiser", "证书")
    organiser.locator("#issuer").fill("SLS")
    organiser.locator("#sample").uncheck()
    organiser.locator("form.card button.primary[type=submit]").click()
    expect(organiser.locator("main")).to_contain_text("有效")


def made_final(house: House, reason: str = "") -> None:
    """The organiser makes what was noticed final; a revision with its reason."""
    organiser = house.task("organiser", "可以发布更正" if reason else "可以正式公布")
    if reason:
        organiser.locator("#reason").fill(reason)
    organiser.locator("#sure").check()
    organiser.get_by_role("button", name="发布更正" if reason else "正式公布").click()
    expect(organiser.locator(".note.ok")).to_be_visible()


def the_organiser_revises(house: House, first: str) -> None:
    """The disqualification falls: noticed, revised with its reason, the certificate it touches corrected by two."""
    house.stage.ruled("status", "上级仲裁撤销", entry=first, status="")
    house.noticed("请重新公示")
    house.stage.at(hours=2)
    page = house.desk("organiser", f"{BASE}/final")
    expect(page.locator("main")).to_contain_text("人有变动")
    made_final(house, "上级仲裁撤销取消资格")
    old = house.stage.read(judging.certificates, EVENT)[0]
    organiser = house.task("organiser", "证书")
    organiser.get_by_role("link", name=re.compile("更正")).first.click()
    touched = organiser.locator("section[aria-labelledby=touched] tbody tr", has_text=old.number)
    touched.get_by_role("link").click()
    organiser.locator("#reason").fill("第 2 次公布名次变动")
    organiser.locator("section[aria-labelledby=choice] button.primary").click()
    supervisor = house.task("supervisor", "证书")
    supervisor.locator("[id^=sure-]").check()
    supervisor.locator("form[action$='/certificates/confirm'] button").click()
    expect(supervisor.locator(".note.ok")).to_be_visible()

    public = house.desk("", f"/results/{EVENT}")
    expect(public.locator(".ribbon")).to_contain_text(re.compile("修订号\\s*2.*更正，以本版为准", re.DOTALL))
    expect(public.locator(".ranking tbody tr").first).to_contain_text(NAMES[0])
    public = house.desk("", f"/c/{old.code}")
    expect(public.locator("main")).to_contain_text("已更正")
