"""The desk where theory marks are imported from a table, and where a second person confirms the list."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError
from competition.web import theory, theory_check
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.clerk_views import ListCheck, TheoryPage
from competition.web.pages import page
from competition.web.theory_table import LIMIT, decoded

BODY_LIMIT = 4 * LIMIT  # text and file may both come; beyond that the body isn't read at all


@dataclass(frozen=True, slots=True)
class Sent:
    """The form of the import page. `do` is "check" or "confirm", `seen` the digest of the dry run that was shown."""

    text: str
    sheet: str
    do: str
    seen: str
    reason: str
    problem: CompetitionError | None


@get("/theory", sync_to_thread=True)
def theory_page(
    request: Asked, event_id: FromPath[str], sheet: FromQuery[str] = "", done: FromQuery[int | None] = None
) -> Response[str]:
    """Import theory marks: paste or upload a table."""
    view = read(request, lambda conn: _theory(conn, request, event_id, sheet))
    return page(request, "desk/theory.html", view=view, problem=None, done=done)


@post("/theory", status_code=200, request_max_body_size=BODY_LIMIT)
async def theory_sent(request: Asked, event_id: FromPath[str]) -> Response[Any]:
    """Check the table, or import it as it was checked."""
    sent = await _sent(request)
    return await asyncio.to_thread(_answer, request, event_id, sent)


@get("/theory/check", sync_to_thread=True)
def check_page(
    request: Asked, event_id: FromPath[str], sheet: FromQuery[str] = "", done: FromQuery[int | None] = None
) -> Response[str]:
    """The list that waits for a second person, to be compared with the paper."""
    view = read(request, lambda conn: _check(conn, request, event_id, sheet))
    return page(request, "desk/theory_check.html", view=view, problem=None, done=done)


@post("/theory/check", sync_to_thread=True, status_code=200)
def check_sent(request: Asked, event_id: FromPath[str], data: Form[dict[str, str]]) -> Response[Any]:
    """Confirm and sign the list, if what was read off the paper agrees."""
    by, sheet = person(request).official, data.get("sheet", "")
    try:
        count = write(request, lambda conn, at: theory_check.carry_out(conn, event_id, data, by, at))
        return Redirect(f"/desk/events/{event_id}/theory/check?sheet={sheet}&done={count}", status_code=303)
    except CompetitionError as problem:
        view = read(request, lambda conn: _check(conn, request, event_id, sheet, data))
        return page(request, "desk/theory_check.html", status=problem.status, view=view, problem=problem, done=None)


def _check(
    conn: sa.Connection, request: Asked, event_id: str, sheet: str, sent: dict[str, str] | None = None
) -> ListCheck:
    judging.event_line(conn, event_id)
    judging.permit(conn, person(request).official, "confirm", event_id)
    return theory_check.page(conn, event_id, sheet, person(request).official, sent or {})


def _theory(
    conn: sa.Connection, request: Asked, event_id: str, sheet: str, text: str = "", reason: str = ""
) -> TheoryPage:
    judging.event_line(conn, event_id)
    judging.permit(conn, person(request).official, "enter", event_id)
    return theory.page(conn, event_id, sheet, text, reason)


async def _sent(request: Asked) -> Sent:
    """The form. A file, when one was chosen, stands for the text in the box."""
    try:
        form = await request.form()
    except UnicodeDecodeError:
        raise MarkError("粘贴的内容读不出来。请重新复制。", "The pasted text can't be read. Copy it again.") from None
    text, problem = str(form.get("text") or ""), None
    file = form.get("file")
    if isinstance(file, UploadFile):
        try:
            text = decoded(await file.read())
        except CompetitionError as refusal:
            problem = refusal
    values = {name: str(form.get(name) or "") for name in ("sheet", "do", "seen", "reason")}
    return Sent(text=text.replace("\r\n", "\n"), problem=problem, **values)


def _answer(request: Asked, event_id: str, sent: Sent) -> Response[Any]:
    problem = sent.problem
    by = person(request).official
    if problem is None and sent.do == "confirm":
        try:
            count = write(
                request,
                lambda conn, at: theory.carry_out(
                    conn, event_id, sent.sheet, sent.text, sent.seen, by, sent.reason, at
                ),
            )
            return Redirect(f"/desk/events/{event_id}/theory?sheet={sent.sheet}&done={count}", status_code=303)
        except CompetitionError as refusal:
            problem = refusal
    try:
        text = "" if sent.problem else sent.text
        view = read(request, lambda conn: _theory(conn, request, event_id, sent.sheet, text, sent.reason))
        if not text.strip() and problem is None:
            problem = MarkError(
                "还没有内容。请粘贴表格或选择文件。", "There is nothing yet. Paste the table or choose a file."
            )
    except MarkError as unreadable:
        problem = unreadable
        view = read(request, lambda conn: _theory(conn, request, event_id, sent.sheet))
    view = replace(view, text=sent.text, reason=sent.reason)
    status = problem.status if problem else 200
    return page(request, "desk/theory.html", status=status, view=view, problem=problem, done=None)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[theory_page, theory_sent, check_page, check_sent],
        guards=[encrypted, signed_in],
    )
]
