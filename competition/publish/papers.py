"""Papers for the venue: seat cards that pair a tablet, and blank score sheets for the day the network fails."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from competition.publish import qr
from competition.publish.drawing import draw, template
from competition.publish.typefaces import FontName, Setting, batch_fonts
from competition.words import Words, load

CHAINS = {
    "sans": (FontName("Noto Sans CJK SC"), FontName("LXGW WenKai")),
    "bold": (FontName("Noto Sans CJK SC", "Bold"), FontName("LXGW WenKai", "Bold")),
}
CARDS_ON_A_PAGE = 8


@dataclass(frozen=True, slots=True)
class SeatCard:
    """One seat's card. `address` is what the QR says (`https://…/join/<token>`); `pin` is six digits."""

    event: str
    seat: str
    panel: str
    judge: str
    address: str
    pin: str


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The head of one blank score sheet: a code and never a name. What is empty prints as a line to write on.

    edition: the digest of the rules the sheet belongs to.
    """

    games: str
    event: str
    edition: str
    code: str
    seat: str
    judge: str = ""
    slot: str = ""
    station: str = ""


def seat_cards(templates: Path, games: str, cards: Sequence[SeatCard]) -> bytes:
    """A4 sheets of eight cards with lines to cut along, in the order given."""
    pages = [cards[n : n + CARDS_ON_A_PAGE] for n in range(0, len(cards), CARDS_ON_A_PAGE)]
    return paper(templates, "seat_cards.html", games=games, pages=pages, qr=qr_image)


def score_sheets(templates: Path, form: Mapping[str, Any], heads: Sequence[SheetHead]) -> bytes:
    """A blank sheet for each head: the items of `sheet_form` with the screen's numbers, in the screen's order."""
    one = paper(templates, "score_sheet.html", form=form, heads=heads[:1], total=1)
    total = page_count(one)
    if total == len(heads) == 1:
        return one
    return paper(templates, "score_sheet.html", form=form, heads=heads, total=total)


def paper(templates: Path, page: str, chains: Mapping[str, tuple[FontName, ...]] | None = None, **values: Any) -> bytes:
    """The PDF of a page of `templates/paper`, with the glyphs its words need. In it `say.zh(key)` and `say.en(key)` speak.

    chains: the fonts its style sheet knows as `var(--…)`; `CHAINS` when a page needs no others.
    """
    chains = chains or CHAINS
    folder, words = templates / "paper", _catalogue(templates.parent)
    html = template((folder / page).read_text("utf-8")).render(say=_Saying(words), **values)
    text = "".join(sorted(set(re.sub(r"<[^>]*>", "", html)) | set("0123456789/ ")))
    strings = [(text, Setting(chain)) for chain in chains.values()]
    families = "".join(f":root {{ --{role}: {Setting(chain).css} }}\n" for role, chain in chains.items())
    style = (folder / "paper.css").read_text("utf-8")
    return draw(html, "\n".join((batch_fonts(strings), families, style)), folder)


@cache
def _catalogue(root: Path) -> Words:
    """Read once in a process: the catalogue takes longer to read than a page to draw."""
    return load(root)


def watermark(text: str) -> bytes:
    """A page with nothing but these words across it, to be laid over others."""
    strings = [(text, Setting(CHAINS["bold"]))]
    style = (
        "@page { size: A4; margin: 0 } body { margin: 0; height: 297mm; display: flex; align-items: center; "
        f"justify-content: center }} p {{ font: 60pt {Setting(CHAINS['bold']).css}; color: rgb(151 21 58 / 16%); "
        "transform: rotate(-38deg); white-space: nowrap }"
    )
    html = template("<!doctype html><html lang=zh-CN><meta charset=utf-8><body><p>{{ text }}</p></body></html>")
    return draw(html.render(text=text), f"{batch_fonts(strings)}\n{style}", Path(__file__).parent)


@dataclass(frozen=True, slots=True)
class _Saying:
    """Words for the template: `say.zh("pin")`, `say.en("pin")`."""

    words: Words

    def zh(self, key: str, **values: object) -> str:
        return self.words.say(f"paper.{key}", "zh", **values)

    def en(self, key: str, **values: object) -> str:
        return self.words.say(f"paper.{key}", "en", **values)


def qr_image(text: str) -> str:
    """A QR code as an address for an image."""
    return "data:image/svg+xml;base64," + b64encode(qr.svg(text)).decode()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    from io import BytesIO

    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)
