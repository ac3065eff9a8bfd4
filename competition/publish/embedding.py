"""A font inside a PDF: cut down to the characters used, written by glyph numbers, read back as characters (ISO 32000-1, 9.7 and 9.10).

WeasyPrint embeds fonts only with the pages it sets: a specimen page took four fifths of the time of a file of one certificate.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
import uharfbuzz as hb
from pikepdf import Array, Dictionary, Name, String

from competition.publish.typefaces import FontName, cut_down, glyph_numbers

SYMBOLIC = 4  # the flag of a font whose characters are its own numbers
STEM = 80  # nobody draws by it: the outlines are inside
CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
{}
endcmap CMapName currentdict /CMap defineresource pop end end"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """`font`: what a page's resources name. `glyphs`: what a page's text writes for each character, four hexadecimal digits."""

    font: Any
    glyphs: Mapping[str, str]


def embedded(pdf: pikepdf.Pdf, name: FontName, characters: str) -> Embedded:
    """The font with just these characters, in this PDF. The same characters give the same bytes."""
    data = cut_down(name, characters)
    face = hb.Face(data)
    font, numbers = hb.Font(face), glyph_numbers(data, characters)
    tag = "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
    called = Name(f"/{tag}+{name.css}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=called, Flags=SYMBOLIC, ItalicAngle=0, StemV=STEM, **_heights(face, font)
    )
    below = Dictionary(
        Type=Name.Font, BaseFont=called, W=_widths(face, font), FontDescriptor=pdf.make_indirect(descriptor),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
    )  # fmt: skip
    _put_outlines(pdf, data, descriptor, below)
    above = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=called, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(below)]), ToUnicode=pdf.make_stream(_read_back(numbers)),
    )  # fmt: skip
    written = {character: f"{number:04x}" for character, number in numbers.items()}
    return Embedded(pdf.make_indirect(above), written)


def _put_outlines(pdf: pikepdf.Pdf, data: bytes, descriptor: Dictionary, below: Dictionary) -> None:
    """PostScript outlines as the bare CFF table, which every viewer since PDF 1.3 reads; TrueType ones as the whole font."""
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(data), lazy=True) as font:
        outlines = font.reader["CFF "] if "CFF " in font else None
    if outlines is not None:
        below.Subtype = Name.CIDFontType0
        descriptor.FontFile3 = pdf.make_stream(outlines, Subtype=Name.CIDFontType0C)
    else:
        below.Subtype, below.CIDToGIDMap = Name.CIDFontType2, Name.Identity
        descriptor.FontFile2 = pdf.make_stream(data, Length1=len(data))


def _heights(face: hb.Face, font: hb.Font) -> dict[str, Any]:
    """In thousandths of the type size. The box is the em's: as wide as a Chinese character."""
    extents = font.get_font_extents("ltr")
    up, down = (round(1000 * height / face.upem) for height in (extents.ascender, extents.descender))
    return {"Ascent": up, "Descent": down, "CapHeight": up, "FontBBox": Array([0, down, 1000, up])}


def _widths(face: hb.Face, font: hb.Font) -> Array:
    """Of every glyph from number 0 on, in thousandths of the type size."""
    said = [round(1000 * font.get_glyph_h_advance(number) / face.upem) for number in range(face.glyph_count)]
    return Array([0, Array(said)])


def _read_back(numbers: Mapping[str, int]) -> bytes:
    """Which character each glyph is, for who copies or searches; a hundred to a block, as the format wants it."""
    pairs = [f"<{number:04x}> <{character.encode('utf-16-be').hex()}>" for character, number in numbers.items()]
    return CMAP.format("\n".join(_blocks(pairs))).encode()


def _blocks(pairs: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        yield f"{len(block)} beginbfchar\n{' '.join(block)}\nendbfchar"
