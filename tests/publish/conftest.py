"""The design and its samples, printed once for all tests that only look."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont

from competition.publish.certificates import batch
from competition.publish.design import Design, load_design
from competition.publish.samples import Samples, load_samples

ROOT = Path(__file__).parents[2]
AWARD = ROOT / "certificates" / "award"


@pytest.fixture(scope="session")
def design() -> Design:
    return load_design(AWARD)


@pytest.fixture(scope="session")
def samples() -> Samples:
    return load_samples(AWARD)


@pytest.fixture(scope="session")
def printed(design: Design, samples: Samples) -> bytes:
    """The design's own samples: shortest, typical, longest, rare."""
    return batch(design, samples.certificates, samples.public_address)


def page_texts(pdf: bytes) -> list[str]:
    """The text layer of each page without white space: letter-spaced type reads as separate words."""
    return ["".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf)]


def embedded_fonts(pdf: bytes) -> list[tuple[str, bool]]:
    """Every font of the file and whether its outlines are inside, each where a strict viewer looks for it.

    Ghostscript, MuPDF, Acrobat and a print shop's RIP find a glyph of a CID-keyed CFF font by its CID (ISO 32000-1, 9.7.4.2), while
    Poppler and PDFium, which the other tests look with, take what the page says for the glyph's number.
    """
    found = []
    with pikepdf.open(BytesIO(pdf)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                inside = any(key in thing for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                strict = "/FontFile3" not in thing or _numbered(thing.FontFile3.read_bytes())
                found.append((str(thing.FontName), inside and strict))
    return found


def _numbered(font: bytes) -> bool:
    """Whether each CID is its glyph's number, where the font has CIDs. `font`: an OpenType font or its CFF table alone."""
    if font.startswith(b"OTTO"):
        font = TTFont(BytesIO(font)).reader["CFF "]
    table = CFFFontSet()
    table.decompile(BytesIO(font), None)
    order = table[0].charset
    return not hasattr(table[0], "ROS") or order[1:] == [f"cid{number:05d}" for number in range(1, len(order))]
