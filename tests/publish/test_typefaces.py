"""Fonts cut down to a batch's characters."""

from functools import cache
from io import BytesIO
from typing import Any

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from competition.publish.typefaces import FontName, cut_down, cut_down_slowly, file_of, glyph_numbers

SERIF = FontName("Noto Serif CJK SC")


@cache
def whole() -> tuple[Any, dict[int, str]]:
    font = TTFont(file_of(SERIF), fontNumber=2, lazy=True)  # the third of the collection is the simplified Chinese one
    return font.getGlyphSet(), font.getBestCmap()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 255, 256, 257])
def test_cids_are_glyph_numbers_and_no_outline_is_touched(n: int) -> None:
    """The charset is written over in place: whatever stands behind it must still be there."""
    characters = "".join(chr(0x4E00 + 7 * at) for at in range(n))
    holds(cut_down(SERIF, characters), characters)


def test_so_are_they_without_the_subsetter() -> None:
    holds(cut_down_slowly(SERIF, [0x20, ord("奖")]), "奖")


def holds(cut: bytes, characters: str) -> None:
    font = TTFont(BytesIO(cut))
    order, ours, (theirs, names) = font.getGlyphOrder(), font.getGlyphSet(), whole()
    assert order == [".notdef", *(f"cid{number:05d}" for number in range(1, len(characters) + 2))]
    numbers = glyph_numbers(cut, characters)
    for character in characters[:3] + characters[-3:]:
        one, other = RecordingPen(), RecordingPen()
        ours[order[numbers[character]]].draw(one)
        theirs[names[ord(character)]].draw(other)
        assert one.value == other.value != []
