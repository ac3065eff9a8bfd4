"""The desk that takes a failed tablet's unsent marks: its exported file, or its QR codes as a handheld scanner types them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import CompetitionError, MarkError
from competition.judging.handover_package import Fault, Unfinished
from competition.web import matrix
from competition.web.auth import Asked, encrypted, person, read, signed_in, write
from competition.web.pages import page
from competition.web.said import seat_said, sheet_title
from competition.web.views import Text

BODY_LIMIT = 6_000_000  # bytes: far more than a judge's day
ROLES = ("clerk", "chief")


@dataclass(frozen=True, slots=True)
class HandedMark:
    """One mark that was handed over: whose sheet by code, which item, and what became of it (words `handed.*`)."""

    code: str
    sheet: Text
    item: Text
    outcome: str
    reason: Text | None


@dataclass(frozen=True, slots=True)
class HandedPackage:
    """One tablet's package: its seat and judge, its marks, and the codes of sheets to be signed anew."""

    seat: Text
    judge: str
    marks: tuple[HandedMark, ...]
    signed: tuple[str, ...]

    def count(self, outcome: str) -> int:
        """How many marks came to this."""
        return sum(one.outcome == outcome for one in self.marks)


@dataclass(frozen=True, slots=True)
class HandOver:
    """/desk/events/{id}/handover. `text` stays in the box while parts are missing."""

    id: str
    name: Text
    text: str = ""
    reason: str = ""
    taken: tuple[HandedPackage, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()
    faults: tuple[Fault, ...] = ()


@get("/handover", sync_to_thread=True)
def handover_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """Where a tablet's marks are handed over."""
    return page(request, "desk/handover.html", view=_view(request, event_id), problem=None)


@post("/handover", status_code=200, request_max_body_size=BODY_LIMIT)
async def handover_sent(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """Take what is whole; say what is missing, and what became of each mark."""
    form = await request.form()
    file = form.get("file")
    raw = await file.read() if isinstance(file, UploadFile) else b""
    text, reason = str(form.get("text") or ""), str(form.get("reason") or "")
    return await asyncio.to_thread(_answer, request, event_id, raw, text, reason)


def _answer(request: Asked, event_id: str, raw: bytes, text: str, reason: str) -> Response[str]:
    by = person(request).official
    _view(request, event_id)  # refuses whoever may not, before anything is read
    scanned = judging.Scanned((), (), ())
    try:
        scanned = _scanned(raw, text)
        found = write(
            request,
            lambda conn, at: [judging.hand_over(conn, event_id, one, by, reason, at) for one in scanned.packages],
        )
    except CompetitionError as problem:
        view = _view(request, event_id, text, reason, scanned)
        return page(request, "desk/handover.html", status=problem.status, view=view, problem=problem)
    kept = text if scanned.unfinished or scanned.faults else ""
    view = _view(request, event_id, kept, reason if kept else "", scanned, found)
    return page(request, "desk/handover.html", view=view, problem=None)


def _scanned(raw: bytes, text: str) -> judging.Scanned:
    """What the file or else the box holds; a file may hold scanned lines too."""
    if raw.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"JM1:"):
        return judging.read_text(raw.decode("ascii", "replace"))
    if raw:
        return judging.Scanned((judging.read_package(raw),), (), ())
    if not text.strip():
        raise MarkError(
            "还没有内容。请选平板导出的文件，或在框里扫平板上的二维码。",
            "There is nothing yet. Choose the file the tablet exported, or scan its QR codes into the box.",
        )
    return judging.read_text(text)


def _view(
    request: Asked,
    event_id: str,
    text: str = "",
    reason: str = "",
    scanned: judging.Scanned | None = None,
    found: Sequence[judging.Handed] = (),
) -> HandOver:
    def look(conn: sa.Connection) -> HandOver:
        known = judging.event_line(conn, event_id)
        judging.permit(conn, person(request).official, "hand_over", event_id)
        return HandOver(
            id=event_id,
            name={"zh": known.name_zh, "en": known.name_en},
            text=text,
            reason=reason,
            taken=_taken(conn, event_id, found),
            unfinished=scanned.unfinished if scanned else (),
            faults=scanned.faults if scanned else (),
        )

    return read(request, look)


def _taken(conn: sa.Connection, event_id: str, found: Sequence[judging.Handed]) -> tuple[HandedPackage, ...]:
    if not found:
        return ()
    law, progress = store.thawed(conn, event_id), judging.progress(conn, event_id)
    codes = matrix.codes_of(judging.entries(conn, event_id), progress)
    sheets = {one.sheet: one for one in progress}

    def line(one: judging.HandedLine) -> HandedMark:
        sheet, reason = sheets.get(one.sheet), one.receipt.reason
        names = {item.id: item.name for item in law.sheet(sheet.module, sheet.name).items} if sheet else {}
        return HandedMark(
            code=codes[sheet.entry] if sheet else "—",
            sheet=sheet_title(law, sheet.module, sheet.name) if sheet else {"zh": "—", "en": "—"},
            item=names.get(one.item, {"zh": one.item[:40], "en": one.item[:40]}),
            outcome=one.receipt.outcome,
            reason=None if reason is None else {"zh": reason.zh, "en": reason.en},
        )

    return tuple(
        HandedPackage(
            seat=seat_said(law, one.seat),
            judge=one.judge or "",
            marks=tuple(sorted(map(line, one.lines), key=lambda mark: mark.code)),
            signed=tuple(sorted(codes[sheets[sheet].entry] for sheet in one.signed if sheet in sheets)),
        )
        for one in found
    )


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[handover_page, handover_sent], guards=[encrypted, signed_in])
]
