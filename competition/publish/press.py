"""The press: art once per class, texts on cut-down fonts, both laid over each other, the same bytes every time.

Art (frame, title, watermark) is drawn by WeasyPrint once per class of award and kept as one PDF form; texts are laid
out by WeasyPrint without any art; QR codes are filled rectangles. Measured: redrawing the art on every page would
be half of the time, and cutting the system's fonts anew for each document a fifth.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

import pikepdf

from competition.publish import qr
from competition.publish.composing import Composition
from competition.publish.design import Box, Design
from competition.publish.drawing import draw, template
from competition.publish.typefaces import Setting, batch_fonts, setting

POINTS_PER_MM = 72 / 25.4
CHUNK = 200  # pages laid out at once: more takes memory, fewer repeats the fonts

ArtClass = tuple[str, bool]  # class of award, sample


def press(design: Design, pages: Sequence[tuple[Composition, str, bool]], title: str) -> bytes:
    """One PDF, a page for each (composition, class of award, sample)."""
    pdf = pikepdf.new()
    art: dict[ArtClass, Any] = {}
    for start in range(0, len(pages), CHUNK):
        chunk = pages[start : start + CHUNK]
        with pikepdf.open(BytesIO(_text_pages(design, [composition for composition, _, _ in chunk]))) as texts:
            first = len(pdf.pages)
            pdf.pages.extend(texts.pages)
        for page, (composition, *kind) in zip(pdf.pages[first:], chunk, strict=True):
            under = art.setdefault(tuple(kind), None) or _art(pdf, design, kind[0], kind[1])
            art[tuple(kind)] = under
            _lay(pdf, page, under, _qr_operators(design, composition.qr))
    pdf.docinfo["/Title"] = title
    pdf.Root.Lang = "zh-CN"
    out = BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=False)
    return out.getvalue()


def _lay(pdf: pikepdf.Pdf, page: pikepdf.Page, art: Any, over: bytes) -> None:
    """Art below, QR above. The page gets resources of its own: pages of one document share theirs."""
    resources = pikepdf.Dictionary(page.obj.Resources)
    resources.XObject = pikepdf.Dictionary(resources.get("/XObject", {}))
    resources.XObject["/Art"] = art
    page.obj.Resources = resources
    page.contents_add(pdf.make_stream(b"q /Art Do Q q\n"), prepend=True)
    page.contents_add(pdf.make_stream(b"\nQ " + over))
    page.contents_coalesce()


def _art(pdf: pikepdf.Pdf, design: Design, award_class: str, sample: bool) -> Any:
    say = design.wording
    fixed = [(say["title"], "strong"), (say["title_en"], "text"), (say["sample"], "strong"), (say["sample_note"], "text")]
    settings = {text: setting(text, design.faces[face]) for text, face in fixed}
    html = template(design.page).render(
        layer="art", design=design, say=say, award_class=award_class, sample=sample, set={k: v.css for k, v in settings.items()}
    )
    with pikepdf.open(BytesIO(_drawn(design, html, settings.items()))) as drawn:
        return pdf.copy_foreign(drawn.pages[0].as_form_xobject())


def _text_pages(design: Design, compositions: Sequence[Composition]) -> bytes:
    say = design.wording
    labels = {say[key]: setting(say[key], design.faces["text"]) for key in ("closing", "number_label", "scan")}
    html = template(design.page).render(
        layer="text", design=design, say=say, pages=compositions, set={text: chosen.css for text, chosen in labels.items()}
    )
    strings = [(text.text, text.setting) for composition in compositions for _, text in composition.texts()]
    return _drawn(design, html, [*labels.items(), *strings])


def _drawn(design: Design, html: str, strings: Iterable[tuple[str, Setting]]) -> bytes:
    page = f"@page {{ size: {design.width}mm {design.height}mm; margin: 0 }}"
    return draw(html, "\n".join((batch_fonts(strings), page, design.style)), design.folder)


def _qr_operators(design: Design, address: str | None) -> bytes:
    """The code on a white ground as PDF rectangles, one for each run of dark modules."""
    if address is None:
        return b""
    box, rows = design.boxes["qr"], qr.modules(address)
    return b"".join((b"q ", _matrix(design, box, len(rows)), b" 1 g 0 0 ", b"%d %d re f 0 g\n" % (len(rows), len(rows)),
                     b"\n".join(_runs(rows)), b" f Q\n"))  # fmt: skip


def _matrix(design: Design, box: Box, count: int) -> bytes:
    """From modules, y upwards, to the page's points."""
    module = box.w / count * POINTS_PER_MM
    x, y = box.x * POINTS_PER_MM, (design.height - box.y - box.h) * POINTS_PER_MM
    return f"{module:.5f} 0 0 {module:.5f} {x:.4f} {y:.4f} cm".encode()


def _runs(rows: Sequence[Sequence[bool]]) -> Iterator[bytes]:
    for n, row in enumerate(rows):
        at = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield b"%d %d %d 1 re" % (at, len(rows) - 1 - n, length)
            at += length
