"""Fonts: which one has every character of a string, how wide the string is, and a small font of just its characters.

Found by family and style through fontconfig; read once per process. Advances only: a batch's fonts are cut down
without kerning or ligatures, so that the measured width is the printed width.
"""

import subprocess
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from struct import pack

import uharfbuzz as hb

from competition.errors import CompetitionError

INVISIBLE_TABLES = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG")
PACKAGES = "fonts-noto-cjk fonts-lxgw-wenkai"


@dataclass(frozen=True, slots=True)
class FontName:
    """A font by what it is called, as in `Noto Serif CJK SC`, `Bold`."""

    family: str
    style: str = "Regular"

    @property
    def css(self) -> str:
        """The family its cut-down copy goes by in a batch's style sheet."""
        return f"batch {self.family} {self.style}".replace(" ", "-").lower()


@dataclass(frozen=True, slots=True)
class Setting:
    """How a string is set: `fonts` in order of use (one unless no font has every character) and what none has."""

    fonts: tuple[FontName, ...]
    missing: tuple[str, ...] = ()

    @property
    def css(self) -> str:
        return ", ".join(f"'{font.css}'" for font in self.fonts)


def setting(text: str, chain: Sequence[FontName]) -> Setting:
    """The first font of the chain that has all of `text`; two kinds of hand in one name look like a mistake."""
    wanted = {ord(character) for character in text}
    for font in chain:
        if wanted <= _opened(font).characters:
            return Setting((font,))
    covered = frozenset().union(*(_opened(font).characters for font in chain))
    return Setting(tuple(chain), tuple(dict.fromkeys(c for c in text if ord(c) not in covered)))


def width(text: str, chosen: Setting) -> float:
    """Width in ems: multiply by the type size."""
    return sum(map(advances(chosen.fonts).__getitem__, text))


def segments(text: str, chosen: Setting) -> list[tuple[FontName, str]]:
    """The string cut where its font changes; one piece unless no font has all of it. What no font has is left out."""
    if len(chosen.fonts) == 1 and not chosen.missing:
        return [(chosen.fonts[0], text)] if text else []
    cut: list[tuple[FontName, str]] = []
    for character in text:
        font = _font_for(ord(character), chosen)
        if font is not None and cut and cut[-1][0] == font:
            cut[-1] = (font, cut[-1][1] + character)
        elif font is not None:
            cut.append((font, character))
    return cut


def characters_by_font(strings: Iterable[tuple[str, Setting]]) -> dict[FontName, str]:
    """Which font sets which characters, both in a fixed order."""
    used: dict[FontName, set[str]] = {}
    for text, chosen in strings:
        for font, piece in segments(text, chosen):
            used.setdefault(font, set()).update(piece)
    return {font: "".join(sorted(used[font])) for font in sorted(used, key=lambda font: font.css)}


def batch_fonts(strings: Iterable[tuple[str, Setting]]) -> str:
    """The @font-face rules, fonts inside, for exactly the characters of these strings. Same strings, same text."""
    return "\n".join(font_face(font, cut_down(font, used)) for font, used in characters_by_font(strings).items())


@dataclass(frozen=True, slots=True)
class _Opened:
    face: hb.Face
    font: hb.Font
    characters: frozenset[int]
    path: str
    index: int


@cache
def _opened(name: FontName) -> _Opened:
    path, index = _located(name)
    face = hb.Face(hb.Blob.from_file_path(path), index)
    return _Opened(face, hb.Font(face), frozenset(face.unicodes), path, index)


def file_of(font: FontName) -> str:
    """The file the font is in."""
    return _opened(font).path


def _located(name: FontName) -> tuple[str, int]:
    pattern = f":family={name.family}:style={name.style}"
    listed = subprocess.run(  # the one look outside: where this machine keeps its fonts
        ["fc-list", "-f", "%{index}\t%{style}\t%{file}\n", pattern], capture_output=True, text=True, check=False
    ).stdout
    # A pattern matches "Light,Regular" for Regular too; the first style listed is the font's own.
    found = [line.split("\t") for line in sorted(listed.splitlines())]
    for index, styles, path in found:
        if styles.split(",")[0] == name.style:
            return path, int(index)
    raise CompetitionError(
        f"没有找到字体 {name.family} {name.style}：请安装 {PACKAGES}。",
        f"Font {name.family} {name.style} is not installed: install {PACKAGES}.",
    )


def _font_for(character: int, chosen: Setting) -> FontName | None:
    return next((font for font in chosen.fonts if character in _opened(font).characters), None)


class _Advances(dict[str, float]):
    """How wide each character is in ems; asked of the fonts once. A batch asks two hundred times a page."""

    def __init__(self, fonts: tuple[FontName, ...]) -> None:
        super().__init__()
        self.setting = Setting(fonts)

    def __missing__(self, character: str) -> float:
        font = _font_for(ord(character), self.setting)
        # About as wide as the missing character; the certificate is refused anyway.
        self[character] = found = 1.0 if font is None else _font_advance(font, character)
        return found


@cache
def advances(fonts: tuple[FontName, ...]) -> Mapping[str, float]:
    """The widths of a setting's characters, in ems."""
    return _Advances(fonts)


def _font_advance(font: FontName, character: str) -> float:
    opened = _opened(font)
    glyph = opened.font.get_nominal_glyph(ord(character))
    return float(opened.font.get_glyph_h_advance(glyph or 0)) / float(opened.face.upem)


def font_face(name: FontName, font: bytes) -> str:
    """The rule that gives a style sheet the font's bytes under `name.css`."""
    return f"@font-face {{ font-family: '{name.css}'; src: url(data:font/otf;base64,{b64encode(font).decode()}) }}"


@lru_cache(maxsize=32)
def cut_down(name: FontName, characters: str) -> bytes:
    """The font with these characters only and compact glyph numbers. Kept: the art's fonts are the same for every file of one person."""
    opened = _opened(name)
    points = sorted({0x20, *map(ord, characters)})
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(points)
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in INVISIBLE_TABLES)
    try:
        return _renumbered(bytes(hb.subset(opened.face, wanted).blob.data))
    except RuntimeError:  # harfbuzz built without its subsetter: slower, same outcome
        return cut_down_slowly(name, points)


def cut_down_slowly(name: FontName, points: Iterable[int]) -> bytes:
    """The same by fontTools."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    opened = _opened(name)
    with TTFont(opened.path, fontNumber=opened.index, lazy=True) as font:
        subsetter = Subsetter(Options(drop_tables=list(INVISIBLE_TABLES), layout_features=[]))
        subsetter.populate(unicodes=points)
        subsetter.subset(font)
        out = BytesIO()
        font.save(out)
    return _renumbered(out.getvalue())


def _renumbered(font: bytes) -> bytes:
    """The font with its characters' identifiers (CIDs) equal to its glyphs' numbers, where it has such identifiers.

    A PDF selects a glyph of a CID-keyed CFF font by its CID (ISO 32000-1, 9.7.4.2), and WeasyPrint writes the glyph's number. Cut down,
    Noto keeps the CIDs it had: some viewers look at the number, but Ghostscript, MuPDF and a print shop's RIP show an empty box.
    """
    from fontTools.ttLib import TTFont

    with TTFont(BytesIO(font), lazy=True) as opened:
        said = opened["CFF "].cff.topDictIndex[0].rawDict if "CFF " in opened else {}
        if "ROS" not in said:
            return font
        start = opened.reader.tables["CFF "].offset + said["charset"]
        others = opened["maxp"].numGlyphs - 1
    # The shortest charset there is, so that it fits where the old one was (CFF specification, Adobe 5176, section 13).
    one, few = pack(">BH", 0, 1), pack(">BHB", 1, 1, (others - 1) & 0xFF)
    charset = one if others == 1 else few if others <= 256 else pack(">BHH", 2, 1, others - 1)
    return font[:start] + charset + font[start + len(charset) :]


def glyph_numbers(font: bytes, characters: str) -> dict[str, int]:
    """Which glyph of a cut-down font draws which character."""
    opened = hb.Font(hb.Face(font))
    return {character: opened.get_nominal_glyph(ord(character)) or 0 for character in characters}
