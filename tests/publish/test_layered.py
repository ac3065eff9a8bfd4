"""The stamped way and the layered way give the same picture, on every design, shortest to longest."""

from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from competition.publish.certificates import sheets_of
from competition.publish.design import Design, designs
from competition.publish.press import press
from competition.publish.samples import load_samples

from .conftest import ROOT
from .layered import layered

DESIGNS = designs(ROOT / "certificates")
DOTS = 200  # an inch: at 100 a text whose place falls on half a dot is set a dot aside by one way and not by the other
EDGE = 96  # of 255: how far the grey of a stroke's edge may differ where a glyph falls a hundredth of a dot elsewhere
SMUDGE = 3  # dots: a darker difference wider than this both ways is a fault, one that is thinner an edge


@pytest.mark.parametrize("name", sorted(DESIGNS))
def test_both_ways_agree_dot_for_dot(name: str) -> None:
    design, samples = DESIGNS[name], load_samples(DESIGNS[name].folder)
    by_length = sorted(
        samples.certificates, key=lambda one: len(f"{one.name}{one.unit}{one.event}{one.issuers}{one.members}")
    )
    chosen = (by_length[0], by_length[-1]) if name == "award" else by_length[-1:]  # the others rest on its page
    sheets = sheets_of(design, chosen, samples.public_address)
    ways = [pypdfium2.PdfDocument(way(design, sheets, "x")) for way in (press, layered)]
    assert [len(way) for way in ways] == [len(sheets)] * 2
    for pages in zip(*ways, strict=True):
        apart = difference(*pages)
        assert apart.filter(ImageFilter.MinFilter(SMUDGE)).getextrema()[1] <= EDGE
        assert dark(without_qr(apart, design)) <= apart.width * apart.height / 10_000


def test_a_text_a_millimetre_or_a_module_aside_would_be_noticed() -> None:
    """The comparison itself: what it must not let pass."""
    design, samples = DESIGNS["award"], load_samples(DESIGNS["award"].folder)
    (sheet,) = sheets_of(design, samples.certificates[:1], samples.public_address)
    moved = replace(sheet, runs=(replace(sheet.runs[0], x=sheet.runs[0].x + 1), *sheet.runs[1:]))
    apart = difference(*(pypdfium2.PdfDocument(press(design, [one], "x"))[0] for one in (sheet, moved)))
    assert dark(without_qr(apart, design)) > apart.width * apart.height / 10_000
    other = replace(sheet, qr=f"{sheet.qr}A")
    apart = difference(*(pypdfium2.PdfDocument(press(design, [one], "x"))[0] for one in (sheet, other)))
    assert apart.filter(ImageFilter.MinFilter(SMUDGE)).getextrema()[1] > EDGE


def difference(one: pypdfium2.PdfPage, other: pypdfium2.PdfPage) -> Image.Image:
    """How far two pages are apart, dot by dot."""
    first, second = (page.render(scale=DOTS / 72, grayscale=True).to_pil().convert("L") for page in (one, other))
    assert first.size == second.size
    return ImageChops.difference(first, second)


def without_qr(apart: Image.Image, design: Design) -> Image.Image:
    """The QR aside: its modules meet between dots, so that their edges may be a grey or another. The smudge looks at it."""
    box = design.boxes["qr"]
    left, top, right, bottom = (round(mm / 25.4 * DOTS) for mm in (box.x, box.y, box.x + box.w, box.y + box.h))
    rest = apart.copy()
    rest.paste(0, (left - 1, top - 1, right + 1, bottom + 1))
    return rest


def dark(apart: Image.Image) -> int:
    """How many dots are further apart than an edge may be."""
    return sum(apart.histogram()[EDGE + 1 :])
