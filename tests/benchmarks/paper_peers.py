"""The ways of others to print the same certificates: WeasyPrint page by page, Typst, LibreOffice. Imported by `paper`."""

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from competition.publish import qr
from competition.publish.addresses import short_address
from competition.publish.certificate import CertificateData, chinese_date
from competition.publish.certificates import sheets_of
from competition.publish.design import Design, load_design
from competition.publish.drawing import draw, template
from competition.publish.press import FIXED, Sheet, art_page
from competition.publish.proofs import qr_text
from competition.publish.typefaces import FontName, Setting

AWARD = Path(__file__).parents[2] / "certificates" / "award"
ADDRESS = "https://v.example.cn"
TEXTS = """{% for run in sheet.runs %}<p style="left: {{ run.x }}mm; font: {{ css(run.setting) }}; font-size: {{ run.size }}pt; \
color: {{ run.colour }}; letter-spacing: {{ run.spacing }}pt"><i style="height: {{ run.baseline }}mm"></i>{{ run.text }}</p>\
{% endfor %}<div style="left: {{ box.x }}mm; top: {{ box.y }}mm; width: {{ box.w }}mm">{{ code }}</div>"""
STYLE = """.page p { position: absolute; margin: 0; top: 0; white-space: pre } .page i { display: inline-block; width: 0 }"""


def plain(some: Sequence[CertificateData], out: Path) -> None:
    """WeasyPrint as most programs use it: each certificate a document, the art in it, the fonts as the system has them."""
    design = load_design(AWARD)
    for n, sheet in enumerate(sheets_of(design, some, ADDRESS)):
        (out / f"{n}.pdf").write_bytes(_one_document(design, sheet))


def _one_document(design: Design, sheet: Sheet) -> bytes:
    fixed = {key: _system_font(design.faces[face][0]) for key, face in FIXED.items()}
    art = template(design.page).render(design=design, say=design.wording, award_class=sheet.award_class, sample=sheet.sample,
                                       addressed=True, stock=False, set=fixed)  # fmt: skip
    texts = template(TEXTS).render(sheet=sheet, box=design.boxes["qr"], css=_css, code="CODE")
    html = art.replace("</section>", f"{texts.replace('CODE', _svg(sheet.qr or ''))}</section>")
    page = f"@page {{ size: {design.width}mm {design.height}mm; margin: 0 }}"
    bold = ".title, .sample { font-weight: bold }"
    return draw(html, "\n".join((page, design.style, STYLE, bold)), AWARD)


def _css(setting: Setting) -> str:
    font = setting.fonts[0]
    return f"{'bold ' if font.style == 'Bold' else ''}1pt/0 {_system_font(font)}"


def _system_font(font: FontName) -> str:
    return f"'{font.family}'"


def typst_way(some: Sequence[CertificateData], out: Path) -> None:
    """Typst, one document, its best setting: the art a PDF image, one for each class; the QR an SVG."""
    import typst

    _for_typst(some, out)
    typst.compile(str(out / "certificate.typ"), output=str(out / "all.pdf"))


def typst_singly(some: Sequence[CertificateData], out: Path) -> None:
    """Typst, a file a person, its compiler kept, as its documentation advises."""
    import typst

    _for_typst(some[:1], out)
    compiler = typst.Compiler(str(out / "certificate.typ"))
    for n, one in enumerate(some):
        _for_typst([one], out)
        compiler.compile(output=str(out / f"{n}.pdf"))


def _for_typst(some: Sequence[CertificateData], out: Path) -> None:
    """What Typst reads: its own kind of template, the art of the classes, the data."""
    design = load_design(AWARD)
    (out / "art").mkdir(exist_ok=True)
    for name in {design.class_of(one.award) for one in some}:
        if not (file := out / "art" / f"{name}.pdf").exists():
            file.write_bytes(art_page(design, name, sample=True, addressed=True))
    said = json.dumps([_values(design, one) for one in some], ensure_ascii=False)
    (out / "certificates.json").write_text(said, "utf-8")
    shutil.copy(Path(__file__).with_name("certificate.typ"), out)


def _values(design: Design, one: CertificateData) -> dict[str, object]:
    return {
        "name": one.name, "unit": one.unit, "games": one.games, "event": one.event, "award": one.award, "place": one.place,
        "issuers": one.issuers, "date": chinese_date(one.issued_on), "number": one.number,
        "address": short_address(ADDRESS, one.code), "art": f"art/{design.class_of(one.award)}.pdf",
        "qr": _svg(qr_text(ADDRESS, one.code)),
    }  # fmt: skip


def _svg(text: str) -> str:
    """The QR with the modules that the program prints, as one path."""
    rows = qr.modules(text)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}"><path d="{path}"/></svg>'


def libreoffice(some: Sequence[CertificateData], out: Path) -> None:
    """What a mail merge leaves, a document with a page a person, made into a PDF; the art a picture behind it, without QR."""
    design = load_design(AWARD)
    classes = sorted({design.class_of(one.award) for one in some})
    pictures = {name: _picture(art_page(design, name, sample=True, addressed=True)) for name in classes}
    document = template((Path(__file__).with_name("certificate.fodt")).read_text("utf-8")).render(
        pictures=pictures, some=[(one, design.class_of(one.award), chinese_date(one.issued_on)) for one in some]
    )
    (out / "all.fodt").write_text(document, "utf-8")
    profile = f"-env:UserInstallation={(out / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(out / "all.fodt")]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    if not (out / "all.pdf").exists():
        raise RuntimeError(f"soffice made no PDF (is its Writer installed?): {said.stderr.strip()}")


def _picture(pdf: bytes) -> str:
    """A page as a PNG of 200 dots an inch, in base64."""
    import pypdfium2

    content = BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil().save(content, "png")
    return b64encode(content.getvalue()).decode()
