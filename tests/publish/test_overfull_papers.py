"""Papers with the longest texts there are: nothing over anything else, nothing cut off, and signatures beside what is signed."""

from itertools import combinations

import pypdfium2
import zxingcpp

from competition.publish.badges import Badge, badges
from competition.publish.papers import SeatCard, seat_cards
from competition.publish.records import Record, record
from competition.publish.slips import LoginSlip, login_slips

from .conftest import ROOT, embedded_fonts, page_texts

TEMPLATES = ROOT / "templates"
GAMES = "2026年示例市职工技能运动会"
EVENT = "互联网营销师（直播销售员）与农产品电商综合应用"
NAME, UNIT = "阿卜杜克热木·买买提依明·吐尔逊尼亚孜", "示例市绿色食品与现代饮品产业链发展集团股份有限公司第一分公司"
TEAM = f"{NAME}、阿卜杜克热木·买买提依明、欧阳若琳、司马长风、上官云溪、张明远、李若溪、王子涵"


def fits(pdf: bytes, *said: str) -> None:
    """Every string is on the page whole, and no line of text touches another."""
    (text,) = page_texts(pdf)
    assert [one for one in said if "".join(one.split()) not in text] == []
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = [page.get_rect(n) for n in range(page.count_rects())]
    for one, other in combinations(boxes, 2):
        left, bottom = max(one[0], other[0]), max(one[1], other[1])
        right, top = min(one[2], other[2]), min(one[3], other[3])
        assert right - left < 1 or top - bottom < 1, (page.get_text_bounded(*one), page.get_text_bounded(*other))
    assert all(inside for _, inside in embedded_fonts(pdf))


def test_a_long_seat_card_keeps_its_pin() -> None:
    panel, seat = "技术与卫生安全综合裁判组（第二赛场）", "technical_and_hygiene.12"
    card = SeatCard(EVENT, seat, panel, NAME, f"https://competition.example-union.gov.cn/join/{'ab' * 20}", "482913")
    fits(seat_cards(TEMPLATES, GAMES, [card] * 8), EVENT, panel, seat, NAME, "482 913")


def test_a_long_slip_keeps_its_password() -> None:
    slip = LoginSlip(NAME, "abudukeremu.maimaitiyiming.tuerxunniyazi", UNIT, "wxyz-2345-6789-abcd")
    address = "https://competition.example-union.gov.cn:8443/login"
    pdf = login_slips(TEMPLATES, GAMES, address, "2026-11-25 18:00", [slip] * 8)
    fits(pdf, NAME, UNIT, slip.username, slip.password, address)


def test_a_long_badge_names_everybody_and_its_bars_read() -> None:
    pdf = badges(TEMPLATES, GAMES, EVENT, [Badge((NAME, TEAM)[n % 2], UNIT, f"00{n}7") for n in range(1, 9)])
    fits(pdf, EVENT, NAME, TEAM, UNIT, "0017", "0087")
    read = zxingcpp.read_barcodes(pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil())
    assert {code.text for code in read} == {f"00{n}7" for n in range(1, 9)}


def test_signatures_never_stand_alone() -> None:
    """Where the rows fill the page and the signatures no longer fit, the last row goes along."""
    rows = 28
    one = Record("certificates", GAMES, EVENT, [("release", "1")], ("certificate", "name"),
                 [(f"SL-{n}", NAME) for n in range(rows)], ("organiser", "time"), "head", "now")  # fmt: skip
    signed = [text for text in page_texts(record(TEMPLATES, one)) if "组委会签名" in text]
    assert len(signed) == 1
    assert f"SL-{rows - 1}" in signed[0]


def test_a_record_without_rows_says_so() -> None:
    one = Record("corrections", GAMES, EVENT, [("changes", "0")], ("no", "time"), [], ("chief",), "head", "now")
    (text,) = page_texts(record(TEMPLATES, one))
    assert "无记录" in text
    assert "裁判长签名" in text
