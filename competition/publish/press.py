"""The press: art once per class of award, texts stamped over it, the same bytes every time.

Art (frame, title, watermark) is drawn by WeasyPrint once per class and kept as one PDF form. A person's texts were
measured and placed before (`placing`) and are written here as text operators on fonts cut down to the batch's
characters (`embedding`), so that text can be copied and searched.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from competition.publish import qr
from competition.publish.design import Design
from competition.publish.drawing import draw, template
from competition.publish.embedding import embedded
from competition.publish.placing import Run
from competition.publish.stock import Tray
from competition.publish.typefaces import (
    FontName,
    batch_fonts,
    characters_by_font,
    segments,
    setting,
)

POINTS_PER_MM = 72 / 25.4
DARK = re.compile(b"\x01+")
FIXED = {"title": "strong", "title_en": "text", "closing": "text", "number_label": "text", "scan": "text",
         "sample": "strong", "sample_note": "text"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page to print: its runs of text, the QR's address, and which art it stands on."""

    runs: tuple[Run, ...]
    qr: str | None
    award_class: str
    sample: bool


@dataclass(frozen=True, slots=True)
class _Font:
    """An embedded font: its name in the pages' resources and the glyph of each character, in four hexadecimal digits."""

    name: str
    glyphs: Mapping[str, str]


def press(
    design: Design, sheets: Sequence[Sheet], title: str, tray: Tray | None = None, first: int | None = None
) -> bytes:
    """One PDF, a page for each sheet. `tray`: on pre-printed stock, without the art. `first`: the number of the first page."""
    pdf = pikepdf.new()
    fonts, font_resources = _fonts(pdf, [run for sheet in sheets for run in sheet.runs])
    resources: dict[tuple[str, bool, bool], Any] = {}
    stock = tray is not None
    at = _Paper(design.height, tray or Tray("", ""), white=not stock)
    size = (design.width * POINTS_PER_MM, design.height * POINTS_PER_MM)
    for sheet in sheets:
        kind = (sheet.award_class, sheet.sample, sheet.qr is not None)
        if kind not in resources:
            art = pikepdf.Dictionary(Art=_art(pdf, design, *kind, stock=stock))
            resources[kind] = pdf.make_indirect(pikepdf.Dictionary(XObject=art, Font=font_resources))
        page = pdf.add_blank_page(page_size=size)
        page.obj.Resources = resources[kind]
        page.obj.Contents = pdf.make_stream(b"\n".join(_operators(design, sheet, fonts, at)))
    pdf.docinfo["/Title"] = title
    pdf.Root.Lang = pikepdf.String("zh-CN")
    if first is not None:
        counted = pikepdf.Dictionary(S=pikepdf.Name.D, St=first)
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, counted]))
    out = BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Paper:
    """Turns mm from the top left corner, moved as the tray asks, into points from the bottom left one."""

    height: float
    tray: Tray
    white: bool

    def point(self, x: float, y: float) -> tuple[float, float]:
        across, down = self.tray.moved(x, y)
        return across * POINTS_PER_MM, (self.height - down) * POINTS_PER_MM


def _art(pdf: pikepdf.Pdf, design: Design, award_class: str, sample: bool, addressed: bool, *, stock: bool) -> Any:
    drawn = art_page(design, award_class, sample=sample, addressed=addressed, stock=stock)
    with pikepdf.open(BytesIO(_packed(drawn))) as opened:
        return pdf.copy_foreign(opened.Root.Art)


@lru_cache(maxsize=16)
def _packed(drawn: bytes) -> bytes:
    """A page as a form in a PDF of its own, compressed: packing the art anew took half the time of a file of fifty."""
    with pikepdf.open(BytesIO(drawn)) as opened, pikepdf.new() as kept:
        kept.Root.Art = kept.copy_foreign(opened.pages[0].as_form_xobject())
        out = BytesIO()
        kept.save(out)
    return out.getvalue()


def art_page(design: Design, award_class: str, *, sample: bool, addressed: bool, stock: bool = False) -> bytes:
    """All that is the same on every certificate of a class, as a PDF of one page."""
    say = design.wording
    settings = {key: setting(say[key], design.faces[face]) for key, face in FIXED.items()}
    html = template(design.page).render(
        design=design, say=say, award_class=award_class, sample=sample, addressed=addressed, stock=stock,
        set={key: chosen.css for key, chosen in settings.items()},
    )  # fmt: skip
    page = f"@page {{ size: {design.width}mm {design.height}mm; margin: 0 }}"
    fonts = batch_fonts((say[key], chosen) for key, chosen in settings.items())
    return _drawn_art(html, "\n".join((fonts, page, design.style)), design.folders, _state(design.art))


@lru_cache(maxsize=16)
def _drawn_art(html: str, style: str, folders: tuple[Path, ...], _art_files: tuple[tuple[str, int], ...]) -> bytes:
    """Kept for the process's life: an event's batch of twenty costs less than its three pieces of art."""
    return draw(html, style, *folders)


def _state(files: tuple[Path, ...]) -> tuple[tuple[str, int], ...]:
    """The art's files and when they changed, so that a designer sees the change."""
    return tuple(sorted((file.name, file.stat().st_mtime_ns) for file in files))


def _fonts(pdf: pikepdf.Pdf, runs: Iterable[Run]) -> tuple[dict[FontName, _Font], Any]:
    """The batch's fonts, embedded, and the resource dictionary that names them."""
    named = pikepdf.Dictionary()
    fonts: dict[FontName, _Font] = {}
    for font, characters in characters_by_font((run.text, run.setting) for run in runs).items():
        inside = embedded(pdf, font, characters)
        name = f"/F{len(fonts)}"
        named[name] = inside.font
        fonts[font] = _Font(name, inside.glyphs)
    return fonts, pdf.make_indirect(named)


def _operators(design: Design, sheet: Sheet, fonts: Mapping[FontName, _Font], at: _Paper) -> Iterator[bytes]:
    yield b"/Art Do"
    for run in sheet.runs:
        yield _text(run, fonts, at)
    if sheet.qr:
        yield from _qr(design, sheet.qr, at)


def _text(run: Run, fonts: Mapping[FontName, _Font], at: _Paper) -> bytes:
    """`BT … ET` for one run; the font changes within it only where no font has all its characters."""
    x, y = at.point(run.x, run.baseline)
    shown = []
    for font, piece in segments(run.text, run.setting):
        glyphs = "".join(map(fonts[font].glyphs.__getitem__, piece))
        shown.append(f"{fonts[font].name} {run.size:.3f} Tf <{glyphs}> Tj")
    return (f"BT {_colour(run.colour)} rg {run.spacing:.3f} Tc {x:.3f} {y:.3f} Td {' '.join(shown)} ET").encode()


@cache
def _colour(said: str) -> str:
    """#rrggbb as three operands."""
    return " ".join(f"{int(said[at : at + 2], 16) / 255:.4f}" for at in (1, 3, 5))


def _qr(design: Design, address: str, at_paper: _Paper) -> Iterator[bytes]:
    """The code on a white ground (pre-printed stock is white), one rectangle for each run of dark modules, y upwards."""
    box, rows = design.boxes["qr"], qr.modules(address)
    module = box.w / len(rows) * POINTS_PER_MM
    x, y = at_paper.point(box.x, box.y + box.h)
    ground = f"1 g 0 0 {len(rows)} {len(rows)} re f " if at_paper.white else ""
    yield f"q {module:.5f} 0 0 {module:.5f} {x:.4f} {y:.4f} cm {ground}0 g".encode()
    for n, row in enumerate(rows):
        for dark in DARK.finditer(row):
            yield _bar(*dark.span(), len(rows) - 1 - n)
    yield b"f Q"


@cache
def _bar(start: int, end: int, y: int) -> bytes:
    """A run of dark modules. Kept: codes of one size have the same few thousand runs, three hundred a page."""
    return b"%d %d %d 1 re" % (start, y, end - start)
