"""The design and its samples, printed once for all tests that only look."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

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
    """Every font of the file and whether its outlines are inside."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                found.append(
                    (str(thing.FontName), any(key in thing for key in ("/FontFile", "/FontFile2", "/FontFile3")))
                )
    return found
