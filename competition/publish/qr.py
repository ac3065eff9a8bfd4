"""QR codes: as SVG for pages, as text for a terminal, as rows of dark modules for print."""

from io import BytesIO, StringIO

import segno

from competition.publish.qr_batch import Rows, rows_of

QUIET = 4  # modules of white on each side


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


def modules(text: str) -> Rows:
    """Rows of dark modules (a byte each), quiet zone included. An address alone at level Q: a creased or stamped certificate still reads.

    With a proof behind it (see `proofs`) at level M, the digits in a segment of their own: level Q would make the modules of a
    25 mm code smaller than 0.4 mm.
    """
    address, mark, digits = text.partition("#")
    proven = digits.isascii() and digits.isdecimal()
    rows = rows_of(f"{address}{mark}", digits, "m") if proven else rows_of(text, "", "q")
    edge, above = bytes(QUIET), (bytes(len(rows) + 2 * QUIET),) * QUIET
    return (*above, *(edge + row + edge for row in rows), *above)
