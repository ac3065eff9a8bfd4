"""Fitting a string into its place: full size, 90 %, 80 %, then more lines; never outside its box.

Lines are broken here and not by the page engine, so that a check before printing and the printed page agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from competition.publish.typefaces import FontName, Setting, setting, width

STEPS = (1.0, 0.9, 0.8)
MM_PER_POINT = 25.4 / 72
NEVER_FIRST = "，。、；：？！）》〉」』】〕”’·…—％%)]},.;:?!"
NEVER_LAST = "（《〈「『【〔“‘([{"


@dataclass(frozen=True, slots=True)
class Field:
    """Where a kind of string goes. `size` in points, `width` in mm, `leading` (a line's height) in mm, `indent` and `spacing` in
    characters.

    `keep` characters stay together at the end: a line with one lonely character looks like a mistake.
    A label is shrunk before it takes a second line; a `flowing` paragraph takes its lines before it is shrunk.
    """

    face: str
    size: float
    width: float
    lines: int = 1
    indent: float = 0
    spacing: float = 0
    leading: float = 0
    colour: str = "#000000"
    keep: int = 4
    flowing: bool = False


@dataclass(frozen=True, slots=True)
class Fitted:
    """A string ready to print: its size in points, its lines, its fonts; `fits` is False when it is too long."""

    text: str
    size: float
    lines: tuple[str, ...]
    setting: Setting
    fits: bool = True

    @property
    def width(self) -> float:
        """Width of the longest line in mm, without spacing and indent."""
        return max(width(line, self.setting) for line in self.lines) * self.size * MM_PER_POINT


def fit(text: str, field: Field, chain: Sequence[FontName]) -> Fitted:
    """`text` at the first size that needs one line, else at the first that needs no more than the field's lines."""
    chosen = setting(text, chain)
    for lines in (field.lines,) if field.flowing else range(1, field.lines + 1):
        for step in STEPS:
            size = field.size * step
            broken = break_lines(text, chosen, field.width / (size * MM_PER_POINT), field)
            if len(broken) <= lines:
                return Fitted(text, size, broken, chosen)
    smallest = field.size * STEPS[-1]
    return Fitted(text, smallest, (text,), chosen, fits=False)


def break_lines(text: str, chosen: Setting, ems: float, field: Field) -> tuple[str, ...]:
    """Lines no wider than `ems`, the first shorter by the indent, broken where Chinese and Latin text may be."""
    lines: list[str] = []
    rest = text
    while rest:
        room = ems - (0 if lines else field.indent)
        end = _longest(rest, chosen, room, field.spacing)
        if end < len(rest):
            end = _allowed_break(rest, end, field.keep)
        lines.append(rest[:end].strip(" "))
        rest = rest[end:].lstrip(" ")
    return tuple(lines) or ("",)


def _longest(text: str, chosen: Setting, ems: float, spacing: float) -> int:
    used = 0.0
    for n, character in enumerate(text):
        used += width(character, chosen) + spacing
        if used > ems + 1e-6:
            return max(n, 1)
    return len(text)


def _allowed_break(text: str, end: int, keep: int) -> int:
    """The last allowed place at or before `end`; `end` itself when there is none."""
    latest = min(end, len(text) - keep)
    return next((at for at in range(latest, 0, -1) if _may_break(text[at - 1], text[at])), end)


def _may_break(before: str, after: str) -> bool:
    if before in NEVER_LAST or after in NEVER_FIRST:
        return False
    return not (_in_word(before) and _in_word(after))


def _in_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "-_.'")
