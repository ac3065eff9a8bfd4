"""Pre-printed stock (套打) at the desk: the calibration page, what was measured on it, and the trays known so far."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError
from competition.judging.printing import log_tray
from competition.publish.stock import Tray, calibration_page, measured
from competition.publish.trays import keep_tray, trays
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event, download
from competition.web.pages import page
from competition.web.views import Text


class TrayForm(msgspec.Struct):
    """What a ruler said, in mm as typed; across and along may stay empty."""

    printer: str
    tray: str
    left: str
    top: str
    across: str = ""
    along: str = ""


@dataclass(frozen=True, slots=True)
class TraysPage:
    """/desk/events/{id}/certificates/trays. asked: what was typed, to be mended after a refusal."""

    id: str
    name: Text
    trays: tuple[Tray, ...]
    asked: TrayForm


@get("/certificates/trays", sync_to_thread=True)
def trays_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The trays known so far, and the form for another."""
    return _page(request, event_id, TrayForm("", "", "", ""))


@post("/certificates/trays", sync_to_thread=True, status_code=200)
def keep(request: Asked, event_id: FromPath[str], data: Form[TrayForm]) -> Response[Any]:
    """Keep what was measured, on record; in place of what was known of this tray."""
    by = person(request).official
    try:
        read(request, lambda conn: _may(conn, request, event_id))
        tray = _measured(data)
        write(request, lambda conn, at: log_tray(conn, event_id, by, at, tray))
        keep_tray(request.app.state.settings.var, tray)
    except MarkError as refusal:
        return _page(request, event_id, data, refusal)
    return Redirect(f"/desk/events/{event_id}/certificates/trays?done=1", status_code=303)


@get("/certificates/trays.pdf", sync_to_thread=True)
def calibration(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """The page to print from a tray and to measure."""
    read(request, lambda conn: _may(conn, request, event_id))
    words = request.app.state.words
    lines = [words.say(f"paper.calibration.{n}", lang) for n in range(1, 5) for lang in ("zh", "en")]
    return download(calibration_page(tuple(lines)), "application/pdf", "calibration.pdf")


def _page(request: Asked, event_id: str, asked: TrayForm, problem: CompetitionError | None = None) -> Response[str]:
    known = tuple(trays(request.app.state.settings.var).values())

    def look(conn: sa.Connection) -> TraysPage:
        _may(conn, request, event_id)
        return TraysPage(event_id, gates.event_name(conn, event_id), known, asked)

    view = read(request, look)
    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "certificates/trays.html", status=status, view=view, problem=problem, done=done)


def _measured(said: TrayForm) -> Tray:
    printer, tray = said.printer.strip(), said.tray.strip()
    if not printer or not tray:
        raise MarkError("请写明打印机和纸盒。", "Name the printer and the tray.")
    left, top = _mm(said.left), _mm(said.top)
    if left is None or top is None:
        raise MarkError("请填写①和②量得的毫米数。", "Enter 1 and 2 in millimetres.")
    return measured(printer, tray, left, top, _mm(said.across), _mm(said.along))


def _mm(text: str) -> Decimal | None:
    """A length as people type it; None for nothing."""
    if not text.strip():
        return None
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise MarkError(f"“{text}”不是毫米数，例如 20.3。", f"“{text}” isn't a number of millimetres, such as 20.3.")
    return found


def _may(conn: sa.Connection, request: Asked, event_id: str) -> None:
    at_event(conn, person(request), event_id)
    judging.permit(conn, person(request).official, "certificates", event_id)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[trays_page, keep, calibration],
        guards=[encrypted, signed_in],
    )
]
