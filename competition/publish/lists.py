"""Lists that go with a batch: the cover list says which page is whose; the proof list shows each name large, for the unit to sign."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from competition.publish.certificate import CertificateData
from competition.publish.design import Design
from competition.publish.papers import CHAINS, paper
from competition.publish.typefaces import FontName

NAMES: dict[str, tuple[FontName, ...]] = {
    "names": (FontName("LXGW WenKai"), FontName("Noto Serif CJK SC"))  # as the certificates print them
}

COVER_FILES = "cover_list.html", "paper.css", "words.toml"  # in templates/paper: what the cover list is drawn from


def cover_list(templates: Path, design: Design, certificates: Sequence[CertificateData], chunk: int) -> bytes:
    """A line for each certificate in the order given, with its page in the batch, its file, and a place to sign on receipt."""
    rows = [(n, (n - 1) // chunk + 1, one) for n, one in enumerate(certificates, start=1)]
    return paper(
        templates, "cover_list.html", games=certificates[0].games, title=design.wording["title"], rows=rows, chunk=chunk
    )


def proof_list(templates: Path, design: Design, certificates: Sequence[CertificateData]) -> bytes:
    """Each unit's names at 24 points in the certificates' own hand, to be checked and signed before anything is printed.

    A unit begins a new page, so that each gets its own sheet and no other's people.
    """
    ordered = sorted(certificates, key=lambda one: (one.unit, one.event, one.place is None, one.place or 0, one.number))
    units = [(unit, list(some)) for unit, some in groupby(ordered, key=lambda one: one.unit)]
    return paper(
        templates, "proof_list.html", chains=CHAINS | NAMES, games=certificates[0].games, title=design.wording["title"],
        units=units,
    )  # fmt: skip
