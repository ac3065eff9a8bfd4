"""The stamped way and the layered way give the same picture, on every design, shortest to longest."""

from dataclasses import replace

import pypdfium2
import pytest
from PIL import ImageChops, ImageFilter

from competition.publish.certificates import sheets_of
from competition.publish.design import designs
from competition.publish.press import press
from competition.publish.samples import load_samples

from .conftest import ROOT
from .layered import layered

DESIGNS = designs(ROOT / "certificates")
DOTS = 100  # an inch
EDGE = 96  # of 255: how far the grey of a stroke's edge may differ where a glyph falls a hundredth of a dot elsewhere
SMUDGE = 3  # dots: a darker difference wider than this both ways is a fault, one that is thinner an edge


@pytest.mark.parametrize("name", sorted(DESIGNS))
def test_both_ways_agree_dot_for_dot(name: str) -> None:
    design, samples = DESIGNS[name], load_samples(DESIGNS[name].folder)
    sheets = sheets_of(design, samples.certificates, samples.public_address)
    ways = [pypdfium2.PdfDocument(way(design, sheets, "x")) for way in (press, layered)]
    assert [len(way) for way in ways] == [len(sheets)] * 2
    for pages in zip(*ways, strict=True):
        one, other = (page.render(scale=DOTS / 72, grayscale=True).to_pil().convert("L") for page in pages)
        assert one.size == other.size
        apart = ImageChops.difference(one, other)
        assert apart.filter(ImageFilter.MinFilter(SMUDGE)).getextrema()[1] <= EDGE
        assert sum(apart.histogram()[EDGE + 1 :]) <= one.width * one.height / 10_000


def test_a_text_a_millimetre_aside_would_be_noticed() -> None:
    """The comparison itself: what it must not let pass."""
    design, samples = DESIGNS["award"], load_samples(DESIGNS["award"].folder)
    (sheet,) = sheets_of(design, samples.certificates[:1], samples.public_address)
    moved = replace(sheet, runs=(replace(sheet.runs[0], x=sheet.runs[0].x + 1), *sheet.runs[1:]))
    one, other = (
        pypdfium2.PdfDocument(way(design, [which], "x"))[0]
        .render(scale=DOTS / 72, grayscale=True)
        .to_pil()
        .convert("L")
        for way, which in ((press, sheet), (layered, moved))
    )
    apart = ImageChops.difference(one, other)
    assert sum(apart.histogram()[EDGE + 1 :]) > one.width * one.height / 10_000
