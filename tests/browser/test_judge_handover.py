"""A tablet that must be replaced hands over what it could not send: as a file and as a run of QR codes."""

import json
from pathlib import Path

import segno
from playwright.sync_api import Page, expect

from competition import judging, store
from competition.judging import handover_package
from tests.browser.judge_walk import GIVEN, Venue, engine_of, give, join, sign
from tests.web.judge_stage import EVENT, PIN, ledger_kinds, marks_in_ledger


def test_unsent_marks_leave_as_a_file_and_as_codes(venue: Venue, tablet: Page, tmp_path: Path) -> None:
    """Row 30: both carry the same marks, no PIN and no strokes; the desk's act takes them once, the returning tablet adds nothing."""
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=15000)
    tablet.context.route("**/api/judge/marks", lambda route: route.abort())
    for item in GIVEN:
        give(tablet, item)
    sign(tablet)
    expect(tablet.locator(".banner")).to_contain_text("签名已存本机", timeout=15000)
    tablet.goto(f"{venue.url}/judge#/outbox")
    with tablet.expect_download() as download:
        tablet.get_by_role("button", name="导出为文件").tap()
    download.value.save_as(tmp_path / "marks.json")
    exported = json.loads((tmp_path / "marks.json").read_text(encoding="utf-8"))
    assert (exported["v"], exported["kind"], exported["event"], exported["seat"]) == (
        1,
        "judge-marks",
        EVENT,
        "sensory.1",
    )
    assert [op["kind"] for op in exported["ops"]] == ["mark"] * len(GIVEN) + ["sign"]
    assert {op["item"]: op["value"] for op in exported["ops"][:-1]} == GIVEN
    assert PIN not in json.dumps(exported)
    assert "strokes" not in exported["ops"][-1]

    texts = scan(tablet)
    assert all(len(text) <= 640 for text in texts)
    scanned = handover_package.read_text("\n".join(reversed(texts)))
    assert (scanned.unfinished, scanned.faults) == ((), ())
    (package,) = scanned.packages
    assert [(mark.id, mark.item, mark.value) for mark in package.marks] == [
        (op["id"], op["item"], op["value"]) for op in exported["ops"][:-1]
    ]
    assert package.signed == (sheet,)

    at = venue.stage.people["chief"], "平板进水"
    venue.kill()
    engine = engine_of(venue)
    with store.Writer(engine) as writer:
        venue.stage.engine, venue.stage.writer = engine, writer
        handed = venue.stage.do(judging.hand_over, EVENT, package, *at)
        assert {line.receipt.outcome for line in handed.lines} == {"accepted"}
    assert marks_in_ledger(engine, sheet) == GIVEN
    engine.dispose()
    tablet.context.unroute("**/api/judge/marks")
    venue.start()  # the old tablet comes back and sends them too, and its signature
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=40000)
    venue.kill()
    engine = engine_of(venue)
    kinds = [kind for kind in ledger_kinds(engine, sheet) if kind != "hand-over"]
    assert kinds == ["mark"] * len(GIVEN) + ["sign"]
    engine.dispose()


MODULES = """async canvas => {
  const ink = canvas.getContext("2d"), dark = (x, y) => ink.getImageData(x, y, 1, 1).data[0] < 128;
  let quiet = 0;
  while (!dark(quiet, quiet)) quiet += 1;
  const scale = quiet / 4, size = canvas.width / scale - 8;
  const rows = (get) => Array.from({length: size}, (_, y) => Array.from({length: size}, (_, x) => get(x, y) ? 1 : 0));
  const { default: qrcode } = await import("/assets/vendor/qrcode-generator.js");
  const made = (text) => { const code = qrcode(0, "L"); code.addData(text, "Byte"); code.make(); return code; };
  const meant = made(canvas.dataset.text), full = made("JM1:".padEnd(644, "x"));
  const most = full.getModuleCount();
  return [rows((x, y) => dark(Math.floor((x + 4.5) * scale), Math.floor((y + 4.5) * scale))), rows((x, y) => meant.isDark(y, x)),
    Array.from({length: most}, (_, y) => Array.from({length: most}, (_, x) => full.isDark(y, x) ? 1 : 0))];
}"""
"""What the canvas shows, module by module inside a quiet zone of four; what it should; and a code without filling bytes."""


def drawn_elsewhere() -> list[list[list[int]]]:
    """The full code as another program draws it, with each of the eight masks; programs differ in what they fill up with."""
    text = "JM1:".ljust(644, "x")
    return [
        [list(row) for row in segno.make_qr(text, error="L", mode="byte", boost_error=False, mask=mask).matrix]
        for mask in range(8)
    ]


def scan(page: Page) -> list[str]:
    """Every code of the run, as a scanner reads it off the screen: by button, then back by itself."""
    page.get_by_role("button", name="显示二维码").tap()
    shown = page.locator("canvas.qr")
    page.get_by_role("button", name="暂停").tap()
    count = int(str(page.locator(".qr-count").text_content()).rstrip(" 张").split("/")[1])
    assert count > 1
    texts = []
    for n in range(1, count + 1):
        expect(page.locator(".qr-count")).to_have_text(f"第 {n} / {count} 张")
        texts.append(str(shown.get_attribute("data-text")))
        on_screen, meant, full = shown.evaluate(MODULES)
        assert on_screen == meant
        assert full in drawn_elsewhere()
        page.get_by_role("button", name="下一张").tap()
    page.get_by_role("button", name="自动播放").tap()
    expect(page.locator(".qr-count")).to_have_text(f"第 2 / {count} 张", timeout=6000)
    page.keyboard.press("Escape")
    return texts
