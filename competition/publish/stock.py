"""Pre-printed stock (套打): paper that already carries the art. Only what differs is printed, moved to where one tray's paper really lies.

A printer feeds each tray's paper a little beside where it should. `calibration_page` is printed once from the tray; what a person
then measures on it gives the `Tray` (`measured`), and every field moves by just as much. Print it at 实际大小 100 %, never fitted.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from competition.errors import MarkError
from competition.publish.drawing import draw, template
from competition.publish.papers import CHAINS
from competition.publish.typefaces import Setting, batch_fonts

LINE = 20  # mm from the left and the top edge to the first two lines
SPAN = (200, 150)  # mm from these to the second two, on A4 landscape
WIDEST = 100  # tenths of a millimetre: a bigger offset is a wrong measurement or a fitted page, not a printer's feed
STRETCH = Fraction(2, 100)


@dataclass(frozen=True, slots=True)
class Tray:
    """Where one tray of one printer puts things. `right` and `down` in tenths of a millimetre, negative to the left and up.

    across and along: by how much the printed page is to be stretched, 1 for a true one.
    """

    printer: str
    tray: str
    right: int = 0
    down: int = 0
    across: Fraction = Fraction(1)
    along: Fraction = Fraction(1)

    def moved(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes, in mm from the paper's top left corner."""
        return x * float(self.across) + self.right / 10, y * float(self.along) + self.down / 10


def measured(
    printer: str, tray: str, left: Decimal, top: Decimal, across: Decimal | None = None, along: Decimal | None = None
) -> Tray:
    """The tray's correction from what was measured on its calibration page, in mm.

    left, top: from the paper's edge to the first line. across, along: between each pair of lines, if they were measured.
    Refused when it can't be a printer's feed: then the page was fitted or the wrong line was measured.
    """
    stretch_x = _stretch("横向", "across", SPAN[0], across)
    stretch_y = _stretch("纵向", "along", SPAN[1], along)
    right = _tenths("左边", "left", left, stretch_x)
    down = _tenths("上边", "top", top, stretch_y)
    return Tray(printer, tray, right, down, stretch_x, stretch_y)


def calibration_page(words: tuple[str, ...], width: float = 297, height: float = 210) -> bytes:
    """Four lines and what to do with them, `words` a line each. The first two stand 20 mm from the left and the top edge."""
    chain = Setting(CHAINS["sans"])
    lines = [
        _rule(LINE, 0, 0, height),
        _rule(0, LINE, width, 0),
        _rule(LINE + SPAN[0], 0, 0, height),
        _rule(0, LINE + SPAN[1], width, 0),
    ]
    html = template(
        "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>{{ words[0] }}</title><body>"
        '{% for line in lines %}<i style="{{ line }}"></i>{% endfor %}'
        "<div>{% for word in words %}<p>{{ word }}</p>{% endfor %}</div></body></html>"
    )
    style = (
        f"@page {{ size: {width}mm {height}mm; margin: 0 }} body {{ margin: 0 }} i {{ position: absolute; background: #000 }} "
        f"div {{ position: absolute; left: 40mm; top: 32mm; width: 160mm; font: 11.5pt/1.6 {chain.css} }} p {{ margin: 0 0 3mm }}"
    )
    fonts = batch_fonts([("".join(words), chain)])
    return draw(html.render(words=words, lines=lines), f"{fonts}\n{style}", Path(__file__).parent)


def _rule(x: float, y: float, w: float, h: float) -> str:
    """A line 0.2 mm thick whose middle is where it is said to be."""
    if w == 0:
        return f"left: {x - 0.1:g}mm; top: {y:g}mm; width: .2mm; height: {h:g}mm"
    return f"left: {x:g}mm; top: {y - 0.1:g}mm; width: {w:g}mm; height: .2mm"


def _stretch(zh: str, en: str, meant: int, seen: Decimal | None) -> Fraction:
    if seen is None:
        return Fraction(1)
    stretch = Fraction(meant) / Fraction(seen) if seen > 0 else Fraction(0)
    if abs(stretch - 1) > STRETCH:
        raise MarkError(
            f"{zh}量得 {seen} mm，应约 {meant} mm：请按“实际大小 100%”重打校准页再量。",
            f"{seen} mm {en}, about {meant} mm expected: print the calibration page at actual size, 100 %, and measure again.",
        )
    return stretch


def _tenths(zh: str, en: str, seen: Decimal, stretch: Fraction) -> int:
    """By how many tenths of a millimetre things must move so that the line would stand at 20 mm."""
    away = round((LINE - Fraction(seen)) * 10 + (1 - stretch) * LINE * 10)
    if abs(away) > WIDEST:
        raise MarkError(
            f"{zh}量得 {seen} mm，偏差超过 1 厘米：请核对量的是第一条线，并按“实际大小 100%”打印。",
            f"{seen} mm from the {en}, more than 1 cm away: measure to the first line, and print at actual size, 100 %.",
        )
    return away
