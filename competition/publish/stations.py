"""Station cards (工位卡): the number large enough to be read across the hall, and who is up there when, by the code contestants know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from competition.publish.papers import paper, qr_image

LINES_ON_A_CARD = 24
"""More slots than these go on with a second card of the same station."""


@dataclass(frozen=True, slots=True)
class StationCard:
    """One station of one module. `slots`: number, time as it is shown, code ("" prints as a line to write on).

    address: of the public running order, for the QR; "" without one.
    """

    games: str
    event: str
    module: Mapping[str, str]
    station: str
    slots: Sequence[tuple[int, str, str]]
    venue: str = ""
    address: str = ""


def station_cards(templates: Path, cards: Sequence[StationCard]) -> bytes:
    """A4 pages across, in the order given."""
    return paper(templates, "station_cards.html", cards=cards, lines=LINES_ON_A_CARD, qr=qr_image)
