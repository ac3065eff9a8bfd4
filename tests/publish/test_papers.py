"""Papers for the venue, and QR codes wherever they are shown."""

from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from competition.publish import qr
from competition.publish.papers import SeatCard, SheetHead, score_sheets, seat_cards
from competition.rules import load, sheet_form

from .conftest import ROOT, embedded_fonts, page_texts

TEMPLATES = ROOT / "templates"
GAMES = "2026年示例市职工技能运动会"


def forms() -> list[Any]:
    """Sheets that come with the program, as few as show every control and every sample once."""
    shown: set[str] = set()
    found = []
    for event in ("barista", "tea_taster", "drink_mixologist"):
        rules = load(ROOT / "scoring_rules" / event).rules
        assert rules
        for module in rules.modules:
            for sheet in module.sheets:
                form = sheet_form(rules, module.id, sheet.id)
                controls = {item["control"] for section in form["sections"] for item in section["items"]}
                if controls - shown:
                    found.append(pytest.param(form, id=f"{event}-{module.id}-{sheet.id}"))
                shown |= controls
    return found


def test_seat_cards_pair_a_tablet() -> None:
    cards = [SeatCard("咖啡师", f"sensory.{n}", "感官裁判组", "李𬴊", f"http://192.168.1.20:8000/join/token{n}", f"{n:06}")
             for n in range(1, 10)]  # fmt: skip
    pdf = seat_cards(TEMPLATES, GAMES, cards)
    pages = list(pypdfium2.PdfDocument(pdf))
    read = [{code.text for code in zxingcpp.read_barcodes(page.render(scale=2).to_pil())} for page in pages]
    assert [len(codes) for codes in read] == [8, 1]
    assert set.union(*read) == {card.address for card in cards}
    text = "".join(page_texts(pdf))
    assert all(said in text for card in cards for said in (card.seat, card.pin, card.judge))
    assert all(inside for _, inside in embedded_fonts(pdf))


@pytest.mark.parametrize("form", forms())
def test_a_blank_sheet_has_every_item_in_the_screens_order(form: dict[str, Any]) -> None:
    head = SheetHead(GAMES, "示例赛项", "abcdef0123456789", "B07", "sensory.1")
    text = "".join(page_texts(score_sheets(TEMPLATES, form, [head])))
    at = text.index("满分")
    for section in form["sections"]:
        for part in (section, *section["items"]):
            at = text.index("".join(part["name"]["zh"].split()), at)
    assert "B07" in text
    assert "abcdef012345" in text


def test_each_sheet_counts_its_own_pages_and_signs_beside_marks() -> None:
    items = [{"id": f"i{n}", "name": {"zh": f"项目{n}号", "en": ""}, "help": None, "control": "steps", "required": True,
              "max": "2", "values": [{"value": str(v), "points": v, "label": None} for v in range(3)]}
             for n in range(1, 29)]  # fmt: skip
    form = {"name": {"zh": "评分表", "en": ""}, "max": "56", "sections": [{"id": "s", "name": {"zh": "一", "en": ""},
            "max": "56", "items": items}]}  # fmt: skip
    heads = [SheetHead(GAMES, "赛项", "a" * 64, code, "s.1") for code in ("B07", "B08")]
    texts = page_texts(score_sheets(TEMPLATES, form, heads))
    assert [text.count("B07") > 0 for text in texts] == [True] * (len(texts) // 2) + [False] * (len(texts) // 2)
    assert f"1/{len(texts) // 2}" in texts[len(texts) // 2]
    signed = [text for text in texts if "裁判签名" in text]
    assert len(signed) == 2
    assert all("项目28号" in text for text in signed)


def test_qr_for_pages_has_no_style_attribute_and_reads_back() -> None:
    drawn = qr.svg("https://v.example.cn/c/7K3M9QX2TB")
    assert b"style" not in drawn
    assert b"viewBox" in drawn
    assert b"<script" not in drawn


def test_qr_for_a_terminal_reads_back() -> None:
    text = "http://192.168.1.20:8000/"
    rows = [row for row in _plain(qr.terminal(text)).splitlines() if row]
    picture = Image.new("1", (len(rows[0]), 2 * len(rows)), 0)
    for y, row in enumerate(rows):
        for x, sign in enumerate(row):
            picture.putpixel((x, 2 * y), sign in "█▀")
            picture.putpixel((x, 2 * y + 1), sign in "█▄")
    assert [code.text for code in zxingcpp.read_barcodes(_enlarged(picture))] == [text]


def test_qr_for_print_reads_back_for_many_codes() -> None:
    for n in range(60):
        text = f"https://v.example.cn/c/{n:010}"
        rows = qr.modules(text)
        picture = Image.new("1", (len(rows), len(rows)), 1)
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                picture.putpixel((x, y), not dark)
        assert [code.text for code in zxingcpp.read_barcodes(_enlarged(picture))] == [text]


def _plain(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _enlarged(picture: Image.Image) -> Image.Image:
    big = picture.convert("L").resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)
    out = BytesIO()
    big.save(out, "png")
    return Image.open(out)
