"""The clerk's desk: theory marks from a table, answer cards keyed by code. Names and units are on none of its pages."""

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
from competition.web import answer_card, theory
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.clerk_views import CardList, CardPage, TheoryPage
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


@get("/cards", sync_to_thread=True)
def cards(request: Asked, event_id: FromPath[str], code: FromQuery[str] = "") -> Response[Any]:
    """Every answer card by code; asked for one code that has one card, straight to it."""

    def look(conn: sa.Connection) -> CardList:
        judging.event_line(conn, event_id)
        judging.require(conn, person(request).official, "clerk", event_id)
        return answer_card.card_list(conn, event_id, code)

    view = read(request, look)
    found = [cell.sheet for row in view.rows for cell in row.cells if cell] if code else []
    if len(found) == 1:
        return Redirect(f"/desk/events/{event_id}/cards/{found[0]}", status_code=303)
    return page(request, "desk/answer_cards.html", view=view, code=code)


@get("/cards/{sheet_id:str}", sync_to_thread=True)
def card(request: Asked, event_id: FromPath[str], sheet_id: FromPath[str], done: FromQuery[str] = "") -> Response[str]:
    """One answer card."""
    view = read(request, lambda conn: _card(conn, request, event_id, sheet_id))
    return page(request, "desk/answer_card.html", view=view, problem=None, done=done, reason=None)


@post("/cards/{sheet_id:str}", sync_to_thread=True, status_code=200)
def key_card(
    request: Asked, event_id: FromPath[str], sheet_id: FromPath[str], data: Form[dict[str, str]]
) -> Response[Any]:
    """Record what was keyed; sign when asked to. Nothing is recorded while one field is wrong; all stays in the form."""
    by, reason = person(request).official, data.get("reason", "")

    def look(conn: sa.Connection) -> Any:
        _card(conn, request, event_id, sheet_id)
        return answer_card.read_form(conn, event_id, sheet_id, data)

    typed, values, faults = read(request, look)
    problem: CompetitionError | None = None
    if faults:
        problem = MarkError(
            f"有 {len(faults)} 格不对，没有保存；您填的都在下面。",
            f"{len(faults)} fields are wrong; nothing was saved, all is below.",
        )
    else:
        version, sign = data.get("version", ""), data.get("do") == "sign"
        try:
            done = write(
                request,
                lambda conn, at: answer_card.save(conn, event_id, sheet_id, values, version, sign, by, reason, at),
            )
            return Redirect(f"/desk/events/{event_id}/cards/{sheet_id}?done={done}", status_code=303)
        except CompetitionError as refusal:
            problem = refusal
    view = read(request, lambda conn: answer_card.card_page(conn, event_id, sheet_id, typed, faults))
    return page(
        request, "desk/answer_card.html", status=problem.status, view=view, problem=problem, done="", reason=reason
    )


def _theory(
    conn: sa.Connection, request: Asked, event_id: str, sheet: str, text: str = "", reason: str = ""
) -> TheoryPage:
    judging.event_line(conn, event_id)
    judging.require(conn, person(request).official, "clerk", event_id)
    return theory.page(conn, event_id, sheet, text, reason)


def _card(conn: sa.Connection, request: Asked, event_id: str, sheet_id: str) -> CardPage:
    judging.event_line(conn, event_id)
    judging.require(conn, person(request).official, "clerk", event_id)
    return answer_card.card_page(conn, event_id, sheet_id)


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
        route_handlers=[theory_page, theory_sent, cards, card, key_card],
        guards=[encrypted, signed_in],
    )
]
