"""Two clerks key an answer card of sixty questions with the keyboard alone; they differ in one, settle it, and it is signed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from competition import judging, rules, store
from competition.judging import Official
from tests.browser.judge_walk import engine_of
from tests.laid_out import Dice
from tests.rule_text import HEAD
from tests.serving import Server, free_port
from tests.web.clerk_stage import NAMES, PASSWORD, Stage

EVENT = "exam"
LAPTOP = {"width": 1366, "height": 768}
QUESTIONS = 60
KEY = "".join("ABCD"[n * 7 % 4] for n in range(QUESTIONS))


def exam() -> str:
    """A rule file with one answer card: sixty questions, each A to D."""
    items = "\n".join(
        f'  {{ id = "q{n}", name = {{ zh = "第 {n} 题", en = "Question {n}" }}, scale = "abcd", key = {{ points = 1 }}, max = 1 }},'
        for n in range(1, QUESTIONS + 1)
    )
    return f"""{HEAD}
[panels.clerk]
name = {{ zh = "录分员", en = "Clerk" }}
seats = 1
kind = "clerk"
[panels.taste]
name = {{ zh = "感官裁判", en = "Sensory judges" }}
seats = 2
kind = "judge"
[scales.abcd]
type = "choice"
options = ["A", "B", "C", "D"]
[modules.m]
part = "practical"
name = {{ zh = "理论笔试", en = "Written paper" }}
[modules.m.sheets.s]
panel = "clerk"
name = {{ zh = "答题卡", en = "Answer card" }}
max = {QUESTIONS}
combine = {{ method = "agreed", least = 1, absent = "refuse" }}
[[modules.m.sheets.s.sections]]
id = "all"
name = {{ zh = "单项选择", en = "Choices" }}
max = {QUESTIONS}
items = [
{items}
]
[modules.t]
part = "practical"
name = {{ zh = "品评", en = "Tasting" }}
[modules.t.sheets.s]
panel = "taste"
name = {{ zh = "评分表", en = "Sheet" }}
max = 20
combine = {{ method = "mean", least = 1, absent = "exclude", round = {{ places = 2, mode = "half_up" }} }}
[[modules.t.sheets.s.sections]]
id = "all"
name = {{ zh = "感官", en = "Senses" }}
max = 20
items = [
  {{ id = "aroma", name = {{ zh = "香气", en = "Aroma" }}, scale = "points", max = 10, step = 0.5 }},
  {{ id = "taste", name = {{ zh = "滋味", en = "Taste" }}, scale = "points", max = 10, step = 0.5 }},
]
"""


class Hall(Server):
    """A written paper of three contestants, its cards on the clerks' desk."""

    def lay_out(self, folder: Path) -> "Hall":
        (folder / EVENT).mkdir()
        (folder / EVENT / "rules.toml").write_text(exam(), encoding="utf-8")
        loaded = rules.load(folder / EVENT)
        assert loaded.rules is not None, loaded.findings
        self.var.mkdir(mode=0o700, parents=True)
        engine = engine_of(self)
        store.migrate(engine)
        with store.Writer(engine) as writer:
            self._events(Stage(engine, writer, self.var, rng=Dice("exam")), loaded.rules)
        engine.dispose()
        return self

    def _events(self, stage: Stage, law: rules.Rules) -> None:
        first = stage.do(judging.create_official, "organiser", "组委会甲", PASSWORD, None, rng_bytes=stage.rng)
        stage.do(judging.grant, first.id, "organiser", None, None)
        people: dict[str, Official] = {}
        for name, role in (
            ("clerk", "clerk"),
            ("checker", "clerk"),
            ("encryptor", "encryptor"),
            ("supervisor", "supervisor"),
        ):
            people[name] = stage.do(judging.create_official, name, f"官员{name}", PASSWORD, first, rng_bytes=stage.rng)
            stage.do(judging.grant, people[name].id, role, None, first)
        stage.do(judging.add_games, "g2026", ("示例运动会", "Sample games"), "示例市总工会", 2026, first)
        stage.do(judging.add_unit, "u", "g2026", ("示例单位", "Sample unit"), first)
        stage.do(judging.open_event, EVENT, "g2026", law, first, rng_bytes=stage.rng)
        for name in NAMES:
            person = stage.do(judging.add_person, name, "u", first, rng_bytes=stage.rng)
            stage.do(judging.add_entry, EVENT, [person], "u", {}, first, rng_bytes=stage.rng)
        for role in ("encryptor", "supervisor"):
            stage.do(judging.commit_seed, EVENT, f"half of {role}", people[role], rng_bytes=stage.rng)
        stage.do(judging.draw_codes, EVENT, people["encryptor"])
        stage.do(judging.assign_sheets, EVENT, first, rng_bytes=stage.rng)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    running = Hall(tmp_path / "var", free_port(), ("--no-sample",)).lay_out(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def laptops(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Laptops handed out during a test; an error in a script fails it."""
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


def desk(hall: Hall, browser: Browser, laptops: list[BrowserContext], username: str, **more: bool) -> Page:
    """A clerk signed in on a laptop."""
    laptops.append(browser.new_context(viewport=LAPTOP, locale="zh-CN", **more))  # type: ignore[arg-type]
    page = laptops[-1].new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{hall.desk_url}/login")
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/desk")
    return page


def open_card(page: Page, hall: Hall, code: str) -> None:
    """By its code, typed into the box that has the focus."""
    page.goto(f"{hall.desk_url}/desk/events/{EVENT}/cards")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("h1 .code")).to_have_text(code)


def key(page: Page, answers: str) -> None:
    """Letter, Enter, letter, Enter; the focus ends on the button."""
    expect(page.locator('[id="item.q1"]')).to_be_focused()
    for answer in answers:
        page.keyboard.type(answer)
        page.keyboard.press("Enter")
    expect(page.locator("button.primary[name=do]")).to_be_focused()


def test_two_clerks_key_a_card_and_settle_one_difference(
    hall: Hall, browser: Browser, laptops: list[BrowserContext]
) -> None:
    clerk, checker = (desk(hall, browser, laptops, name) for name in ("clerk", "checker"))
    open_card(clerk, hall, "P01")
    expect(clerk.locator(".still")).to_have_text("本张还剩 60 项")
    expect(clerk.locator(".field:focus-within .whose")).to_have_text("P01")
    expect(clerk.locator(".field:focus-within .whose")).to_be_visible()
    key(clerk, KEY[:5] + "Ｄ" + KEY[6:].lower())  # one answer on a full-width keyboard, the rest in small letters
    expect(clerk.locator('[id="item.q6"]')).to_have_value("D")
    expect(clerk.locator(".still")).to_have_text("本张已填满")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("h1 .code")).to_have_text("P02")  # the next one, and the one before is named
    expect(clerk.locator(".note.ok")).to_contain_text("P01 已保存，待另一位录分员核对")
    expect(clerk.locator(".left")).to_contain_text("您录的待他人核对 1")

    checker.reload()
    expect(checker.locator(".tasks")).to_contain_text("1 张别人录的卡表等您核对")
    open_card(checker, hall, "P01")
    assert checker.locator('[id="item.q1"]').input_value() == ""
    wrong = KEY[11]
    key(checker, KEY[:5] + "D" + KEY[6:11] + ("A" if wrong != "A" else "B") + KEY[12:])
    checker.keyboard.press("Enter")
    expect(checker.locator(".note.warn")).to_contain_text("有 1 处与第一次录入不同，其余 59 项一致")
    expect(checker.locator(".pair-said")).to_contain_text(f"第一人： {wrong}")
    expect(checker.locator('[id="item.q12"]')).to_be_focused()
    checker.keyboard.type(wrong)
    checker.keyboard.press("Enter")
    expect(checker.locator("#reason")).to_be_focused()
    checker.keyboard.type("纸面上第 12 题看错")
    checker.keyboard.press("Enter")
    checker.keyboard.press("Enter")
    expect(checker.locator(".note.ok")).to_contain_text("差异已核定，已签名")

    hall.stop()
    engine = engine_of(hall)
    with store.reading(engine) as conn:
        (signed,) = [now for now in store.sheets.event_sheets(conn, EVENT).values() if now.state == "signed"]
        law = store.thawed(conn, EVENT)
        keyed = "".join(signed.marks[item.id][0] for item in law.sheet("m", "s").items)
        assert keyed == KEY[:5] + "D" + KEY[6:]
        kinds = list(
            conn.exec_driver_sql("SELECT kind FROM ledger WHERE kind <> 'sign-in' ORDER BY seq DESC LIMIT 3").scalars()
        )
        assert kinds == ["sign", "confirm-keyed", "key-again"]  # the first was right: no new mark
        assert store.verify(conn, None) == []
    engine.dispose()


def test_enter_stops_at_the_button_and_nothing_goes_round(
    hall: Hall, browser: Browser, laptops: list[BrowserContext]
) -> None:
    page = desk(hall, browser, laptops, "clerk")
    open_card(page, hall, "P03")
    page.locator('[id="item.q60"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("button.primary[name=do]")).to_be_focused()
    page.locator('[id="item.q1"]').focus()
    page.keyboard.press("Shift+Enter")
    expect(page.locator('[id="item.q1"]')).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator('[id="item.q2"]')).to_be_focused()
    key_from = page.locator('[id="item.q2"]')
    key_from.fill("E")
    page.locator("button.primary[name=do]").press("Enter")
    expect(page.locator(".note.danger")).to_contain_text("1 格不对，没有保存")
    expect(key_from).to_be_focused()  # the wrong one, still as it was typed
    expect(key_from).to_have_value("E")


def test_lists_can_be_read_without_a_script(hall: Hall, browser: Browser, laptops: list[BrowserContext]) -> None:
    page = desk(hall, browser, laptops, "clerk", java_script_enabled=False)
    page.goto(f"{hall.desk_url}/desk/events/{EVENT}/cards")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator(".left")).to_contain_text("待录 3")
    page.locator("tbody a").first.click()
    page.locator('[id="item.q1"]').fill("A")
    page.locator("button.primary[name=do]").click()
    expect(page.locator(".note.warn")).to_contain_text("已保存，还没有录完")
    expect(page.locator('[id="item.q1"]')).to_have_value("A")
