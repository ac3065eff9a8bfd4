"""The layered way, for checking the stamped one: WeasyPrint sets the texts, on pages of their own that are laid over the art.

It takes the same runs as the press and shares none of its operators, fonts' embedding or QR, so that a fault in those shows as a
difference between two pictures.
"""

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO

import pikepdf
from PIL import Image

from competition.publish import qr
from competition.publish.design import Design
from competition.publish.drawing import draw, template
from competition.publish.press import Sheet, art_page
from competition.publish.typefaces import batch_fonts

# A line box without height whose strut ends on the baseline: the text's baseline is exactly `top + strut`, whatever the font's metrics.
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{{ title }}</title>
{% for sheet, code in sheets %}<section>
{% for run in sheet.runs %}<p style="left: {{ run.x }}mm; font: {{ run.size }}pt/0 {{ run.setting.css }}; color: {{ run.colour }}; \
letter-spacing: {{ run.spacing }}pt"><i style="height: {{ run.baseline }}mm"></i>{{ run.text }}</p>{% endfor %}
{% if code %}<img src="{{ code }}" alt="" style="left: {{ box.x }}mm; top: {{ box.y }}mm; \
width: {{ box.w }}mm; height: {{ box.h }}mm">{% endif %}
</section>{% endfor %}</html>"""
STYLE = """body { margin: 0 } section { position: relative; width: 100%; height: 100%; break-after: page }
section:last-child { break-after: auto }
img { image-rendering: pixelated }
p, img { position: absolute; margin: 0; top: 0; width: 100%; white-space: pre; font-kerning: none }
i { display: inline-block; width: 0 }"""


def layered(design: Design, sheets: Sequence[Sheet], title: str) -> bytes:
    """The same pages as `press`, by the other way."""
    texts = [(run.text, run.setting) for sheet in sheets for run in sheet.runs]
    page = f"@page {{ size: {design.width}mm {design.height}mm; margin: 0 }} html, body {{ height: {design.height}mm }}"
    shown = [(sheet, _code(sheet.qr) if sheet.qr else "") for sheet in sheets]
    html = template(PAGE).render(sheets=shown, title=title, box=design.boxes["qr"])
    over = draw(html, "\n".join((batch_fonts(texts), page, STYLE)), design.folder)
    with pikepdf.open(BytesIO(over)) as pdf:
        arts: dict[tuple[str, bool, bool], pikepdf.Object] = {}
        for sheet, text in zip(sheets, pdf.pages, strict=True):
            kind = (sheet.award_class, sheet.sample, sheet.qr is not None)
            if kind not in arts:
                drawn = art_page(design, kind[0], sample=kind[1], addressed=kind[2])
                with pikepdf.open(BytesIO(drawn)) as opened:
                    arts[kind] = pdf.copy_foreign(opened.pages[0].as_form_xobject())
            name = text.add_resource(arts[kind], pikepdf.Name.XObject, pikepdf.Name("/Art"))
            text.contents_add(f"q {name} Do Q".encode(), prepend=True)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _code(text: str) -> str:
    """The QR as a picture of one dot a module, the quiet zone included. WeasyPrint takes half a page's time for an SVG of it."""
    rows = qr.modules(text)
    dots = bytes(0 if dark else 255 for row in rows for dark in row)
    out = BytesIO()
    Image.frombytes("L", (len(rows[0]), len(rows)), dots).save(out, "PNG")
    return f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"
