"""Badges for check-in: name, unit, event, and a number as a barcode. No code of the draw stands on them."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from competition.publish import barcode
from competition.publish.papers import CARDS_ON_A_PAGE, paper


@dataclass(frozen=True, slots=True)
class Badge:
    """One entry's badge; `number` has an even number of digits."""

    names: str
    unit: str
    number: str


def badges(templates: Path, games: str, event: str, every: Sequence[Badge]) -> bytes:
    """A4 sheets of eight badges with lines to cut along."""
    pages = [every[at : at + CARDS_ON_A_PAGE] for at in range(0, len(every), CARDS_ON_A_PAGE)]
    return paper(templates, "badges.html", games=games, event=event, pages=pages, code=_image)


def _image(number: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(barcode.svg(number)).decode()
