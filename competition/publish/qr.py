"""QR codes: as SVG for pages, as text for a terminal, as rows of dark modules for print."""

from io import BytesIO, StringIO

import segno
from segno import consts


def svg(text: str) -> bytes:
    """A whole SVG with a quiet zone of four modules and no fixed size: a CSS class sizes it."""
    out = BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, omitsize=True, border=4, dark="#000", light="#fff",
                                        svgclass="qr", lineclass=None, nl=False)  # fmt: skip
    return out.getvalue()


def terminal(text: str) -> str:
    """Half-height blocks, dark on light, for `make run`."""
    out = StringIO()
    segno.make_qr(text, error="l").terminal(out, border=2, compact=True)
    return out.getvalue()


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of dark modules, quiet zone included. An address alone at error level Q: a creased or stamped certificate still reads.

    With a proof behind it (see `proofs`) at level M, the digits in a segment of their own: level Q would make the modules of a
    25 mm code smaller than 0.4 mm. The mask is fixed: choosing the best of eight costs five times the time, and readers take any.
    """
    address, mark, digits = text.partition("#")
    if digits.isascii() and digits.isdecimal():
        parts = [(f"{address}{mark}", consts.MODE_BYTE), (digits, consts.MODE_NUMERIC)]
        code = segno.make_qr(parts, error="m", boost_error=False, mask=2)  # type: ignore[arg-type]  # takes parts, see its encoder
    else:
        code = segno.make_qr(text, error="q", boost_error=False, mask=2)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix_iter(border=4))
