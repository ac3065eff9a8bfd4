"""QR codes: as SVG for pages, as text for a terminal, as rows of dark modules for print."""

from io import BytesIO, StringIO

import segno


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
    """Rows of dark modules, quiet zone included, at error level Q: a creased or stamped certificate still reads.

    The mask is fixed: choosing the best of eight costs five times the time, and readers take any.
    """
    code = segno.make_qr(text, error="q", boost_error=False, mask=2)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix_iter(border=4))
