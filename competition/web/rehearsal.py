"""What a rehearsal's server adds to all it hands out: 演练 across every page of paper, and in every file's name."""

from functools import cache
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from litestar import Response

from competition import store
from competition.judging.rehearsal import rehearsal_of
from competition.publish.papers import watermark


def of(engine: sa.Engine) -> str | None:
    """The rehearsal that the store is; None for the real one."""
    with store.reading(engine) as conn:
        return rehearsal_of(conn)


async def marked(response: Response[Any]) -> Response[Any]:
    """The answer, marked where it can be kept: a paper on every page, a file by its name."""
    disposition = response.headers.get("Content-Disposition", "")
    if 'filename="' in disposition:
        response.headers["Content-Disposition"] = disposition.replace('filename="', 'filename="rehearsal-')
    if isinstance(response.content, bytes) and response.content.startswith(b"%PDF"):
        response.content = stamped(response.content)
    return response


def stamped(pdf: bytes) -> bytes:
    """The paper with 演练 across each of its pages."""
    import pikepdf  # late: only papers of a rehearsal need it

    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as paper, pikepdf.open(BytesIO(_mark())) as mark:
        for page in paper.pages:
            page.add_overlay(mark.pages[0], pikepdf.Rectangle(*map(float, page.mediabox)))
        paper.save(out)
    return out.getvalue()


@cache
def _mark() -> bytes:
    return watermark("演练 REHEARSAL")
