"""Certificates as printed: their text, fonts, QR, frame and bytes, and what is refused before printing."""

from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from competition.errors import CompetitionError
from competition.publish.addresses import certificate_address
from competition.publish.certificate import CertificateData, chinese_date
from competition.publish.certificates import NotPrintable, batch, batch_in_process, preflight, preview
from competition.publish.composing import compose
from competition.publish.design import Design
from competition.publish.placing import place
from competition.publish.samples import Samples
from competition.publish.typefaces import setting

from .conftest import embedded_fonts, page_texts

RARE = "㛃䶮𠮷𬴊𫄨𬍛𣲗𬭚𬬻𬭛𬭩𬊈𬘡𬘭𬘯𫘧𫘜𫖮𫍯𬤇𬣙𬳵𬳽𫓧𬸚𫚖𬶮𬱖𬜯𬯎"
"""Characters of names that GB 2312 lacks; most are in the third part of 通用规范汉字表, beyond the Basic Multilingual Plane."""
FRAME = 22.0  # mm from the paper's edge to where the frame ends


def test_every_page_says_what_its_data_says(printed: bytes, samples: Samples) -> None:
    texts = page_texts(printed)
    assert len(texts) == len(samples.certificates)
    for text, data in zip(texts, samples.certificates, strict=True):
        for said in (data.name, data.unit, data.event, data.award, data.games, data.number, data.code, *data.issuers):
            assert said in text
        assert chinese_date(data.issued_on) in text
        assert "荣誉证书" in text
        assert "特发此证，以资鼓励。" in text
        assert data.place is None or f"第{data.place}名" in text


def test_every_character_of_the_rare_names_list_prints(design: Design, samples: Samples) -> None:
    """Each set whole by the first font of its chain, drawn, and read back; so are all characters of GB 2312."""
    common = "".join(
        bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
    )
    assert len(common) == 6763
    for chain in design.faces.values():
        assert [setting(text, chain).fonts for text in (common, RARE)] == [chain[:1]] * 2
    names = [RARE[at : at + 10] for at in range(0, len(RARE), 10)]
    first = samples.certificates[0]
    some = [replace(first, number=f"R-{n}", code=f"000000000{n}", name=name) for n, name in enumerate(names)]
    texts = page_texts(batch(design, some, samples.public_address))
    assert [name in text for name, text in zip(names, texts, strict=True)] == [True] * 3


def test_rare_characters_are_drawn_and_can_be_searched(printed: bytes) -> None:
    assert "㛃𬴊䶮𠮷" in page_texts(printed)[2]
    assert "𫄨𬍛𣲗" in page_texts(printed)[2]


def test_no_page_carries_another_persons_name(printed: bytes, samples: Samples) -> None:
    for n, text in enumerate(page_texts(printed)):
        assert not [data.name for m, data in enumerate(samples.certificates) if m != n and data.name + "（" in text]


def test_all_fonts_are_embedded(printed: bytes) -> None:
    fonts = embedded_fonts(printed)
    assert {name.split("+")[1] for name, _ in fonts} >= {"batch-lxgw-wenkai-regular", "batch-noto-serif-cjk-sc-regular"}
    assert all(inside for _, inside in fonts)


def test_the_qr_reads_back_from_the_picture(printed: bytes, samples: Samples) -> None:
    for page, data in zip(pypdfium2.PdfDocument(printed), samples.certificates, strict=True):
        found = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
        assert [code.text for code in found] == [certificate_address(samples.public_address, data.code)]


def test_the_same_batch_has_the_same_bytes_here_and_in_a_worker(
    design: Design, samples: Samples, printed: bytes
) -> None:
    assert batch_in_process(design, samples.certificates, samples.public_address) == printed


def test_samples_are_marked_and_real_ones_are_not(design: Design, samples: Samples, printed: bytes) -> None:
    assert all("样张，无效" in text for text in page_texts(printed))
    real = replace(samples.certificates[0], sample=False)
    assert "样张" not in page_texts(batch(design, [real], samples.public_address))[0]


def test_a_preview_is_a_sample_whatever_it_is_told(design: Design, samples: Samples) -> None:
    pdf = preview(design, replace(samples.certificates[0], sample=False))
    assert "样张，无效" in page_texts(pdf)[0]
    assert not zxingcpp.read_barcodes(pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil())


def test_nothing_leaves_the_frame_or_meets_anything_else(printed: bytes) -> None:
    for page in pypdfium2.PdfDocument(printed):
        width, height = page.get_size()
        edge = FRAME * 72 / 25.4
        text = page.get_textpage()
        for n in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(n)
            assert edge <= left
            assert right <= width - edge
            assert edge <= bottom
            assert top <= height - edge


def test_long_texts_stay_in_their_boxes_and_off_the_qr(design: Design, samples: Samples) -> None:
    """Measured by the same font advances that are printed."""
    qr, right_edge = design.boxes["qr"], design.boxes["issuers"].x + design.boxes["issuers"].w
    for data in samples.certificates:
        page = compose(design, data, samples.public_address)
        assert all(text.fits for _, text in page.texts())
        for run in place(design, page):
            assert run.x + run.width <= right_edge
            assert run.baseline < qr.y or run.x >= qr.x + qr.w


def test_the_seals_area_is_free_of_everything_but_issuers_and_date(design: Design, samples: Samples) -> None:
    area = design.boxes["issuers"]
    for data in samples.certificates:
        page = compose(design, data, samples.public_address)
        meant = {page.date.text, *(line for issuer in page.issuers for line in issuer.lines)}
        inside = [run for run in place(design, page) if run.baseline > area.y and run.x + run.width > area.x]
        assert {run.text for run in inside} == meant


def test_the_award_is_printed_in_the_middle(design: Design, samples: Samples) -> None:
    for data in samples.certificates:
        runs = [run for run in place(design, compose(design, data, None)) if run.colour == "#b4161b"]
        left, right = runs[0].x, runs[-1].x + runs[-1].width
        assert (left + right) / 2 == pytest.approx(design.width / 2, abs=0.1)


def test_a_character_without_a_glyph_stops_the_batch_and_is_named(design: Design, samples: Samples) -> None:
    wrong = replace(samples.certificates[0], name="王\U000e0041\U0002fa1e", unit="示例\U0003fffd厂")
    with pytest.raises(NotPrintable) as refused:
        batch(design, [*samples.certificates[1:], wrong], samples.public_address)
    said = [(finding.where, finding.zh) for finding in refused.value.findings if finding.severity == "error"]
    assert all(wrong.number in where for where, _ in said)
    assert [point in "".join(zh for _, zh in said) for point in ("U+E0041", "U+3FFFD")] == [True, True]
    assert "姓名" in said[0][1]
    assert "单位" in said[-1][1]


def test_all_faults_are_reported_at_once(design: Design, samples: Samples) -> None:
    first = samples.certificates[0]
    faulty = [
        first,
        replace(first, name="", issuers=()),
        replace(first, number="A-2", code="lowercase0", event="很长的赛项名称" * 12),
        replace(first, number="A-3", code="7K3M9QX2TC", name="长" * 40, issuers=("甲", "乙", "丙", "丁")),
    ]
    said = "\n".join(f"{finding.severity} {finding.where} {finding.zh}" for finding in preflight(design, faulty, None))
    for expected in ("证书编号出现了 2 次", "查验码出现了 2 次", "缺少姓名", "缺少颁发单位", "lowercase0", "正文", "太长",
                     "颁发单位超过 3 个"):  # fmt: skip
        assert expected in said
    assert f"error A-3 {'长' * 40}" in said


def test_two_people_of_one_name_are_a_warning_not_a_refusal(design: Design, samples: Samples) -> None:
    first = samples.certificates[0]
    found = preflight(design, [first, replace(first, number="A-2", code="7K3M9QX2TC")], samples.public_address)
    assert [finding.severity for finding in found] == ["warning"]


def test_a_real_certificate_needs_a_public_address_and_a_sample_does_not(design: Design, samples: Samples) -> None:
    sample = samples.certificates[0]
    real = replace(sample, sample=False)
    for address in (None, "http://v.example.cn", "https://192.168.1.20", "https://judge.local"):
        with pytest.raises(NotPrintable, match=r"address|cannot be printed"):
            batch(design, [real], address)
    assert not preflight(design, [sample], "http://192.168.1.20:8000")
    assert not preflight(design, [sample], None)


def test_a_refusal_comes_back_whole_from_the_worker(design: Design, samples: Samples) -> None:
    with pytest.raises(NotPrintable) as refused:
        batch_in_process(design, [replace(samples.certificates[0], name="")], samples.public_address)
    assert isinstance(refused.value, CompetitionError)
    assert refused.value.findings[0].where.startswith(samples.certificates[0].number)


def test_an_empty_batch_is_refused(design: Design) -> None:
    with pytest.raises(NotPrintable, match="Nothing to print"):
        batch(design, [], "https://v.example.cn")


def test_the_data_carries_no_more_than_is_printed() -> None:
    assert set(CertificateData.__dataclass_fields__) == {
        "number", "code", "name", "unit", "event", "award", "place", "games", "issuers", "issued_on", "sample", "proof", "members",
    }  # fmt: skip
