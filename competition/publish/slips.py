"""Slips that hand an official their one-time password: eight on a sheet, to cut and give to the person alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from competition.publish.papers import CARDS_ON_A_PAGE, paper


@dataclass(frozen=True, slots=True)
class LoginSlip:
    """One official's slip."""

    name: str
    username: str
    unit: str
    password: str


def login_slips(templates: Path, games: str, address: str, until: str, slips: Sequence[LoginSlip]) -> bytes:
    """A4 sheets of eight slips with lines to cut along, in the order given."""
    pages = [slips[n : n + CARDS_ON_A_PAGE] for n in range(0, len(slips), CARDS_ON_A_PAGE)]
    return paper(templates, "login_slips.html", games=games, address=address, until=until, pages=pages)
