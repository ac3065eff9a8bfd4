"""The clerk's desk: answer cards and paper sheets by code, keyed by one and confirmed by another. No names, no units."""

from typing import Any

import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError
from competition.web import answer_card
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.card_list import card_list
from competition.web.clerk_views import CardList, CardPage
from competition.web.pages import page


@get("/cards", sync_to_thread=True)
def cards(
    request: Asked, event_id: FromPath[str], code: FromQuery[str] = "", seat: FromQuery[str] = ""
) -> Response[Any]:
    """Every answer card by code, or the paper sheets of one seat; asked for one code that has one card, straight to it."""

    def look(conn: sa.Connection) -> CardList:
        _clerk(conn, request, event_id)
        return card_list(conn, event_id, person(request).official, seat, code)

    view = read(request, look)
    found = [cell.sheet for row in view.rows for cell in row.cells if cell] if code else []
    if len(found) == 1:
        return Redirect(f"/desk/events/{event_id}/cards/{found[0]}", status_code=303)
    return page(request, "desk/answer_cards.html", view=view, code=code)


@get("/cards/{sheet_id:str}", sync_to_thread=True)
def card(
    request: Asked, event_id: FromPath[str], sheet_id: FromPath[str], done: FromQuery[str] = "",
    last: FromQuery[str] = "", how: FromQuery[str] = "",
) -> Response[str]:  # fmt: skip
    """One card or paper sheet; after `done` it says so, of the sheet before (`last`, its code) when this is the next."""
    view = read(request, lambda conn: _card(conn, request, event_id, sheet_id, how=how))
    return page(request, "desk/answer_card.html", view=view, problem=None, done=done, last=last, reason=None)


@post("/cards/{sheet_id:str}", sync_to_thread=True, status_code=200)
def key_card(
    request: Asked, event_id: FromPath[str], sheet_id: FromPath[str], data: Form[dict[str, str]]
) -> Response[Any]:
    """Record what was keyed, or confirm it. Nothing is recorded while one field is wrong; all stays in the form."""
    by = person(request).official
    how = "compare" if data.get("do") == "seen" else ""

    def look(conn: sa.Connection) -> Any:
        return _card(conn, request, event_id, sheet_id), answer_card.read_form(conn, event_id, sheet_id, data)

    before, (typed, values, faults) = read(request, look)
    problem: CompetitionError
    if faults:
        problem = MarkError(
            f"有 {len(faults)} 格不对，没有保存；您填的都在下面。",
            f"{len(faults)} fields are wrong; nothing was saved, all is below.",
        )
    else:
        try:
            done, after = write(
                request, lambda conn, at: answer_card.carry_out(conn, event_id, sheet_id, values, data, by, at)
            )
            last = "" if after == sheet_id else f"&last={before.code}"
            return Redirect(f"/desk/events/{event_id}/cards/{after}?done={done}{last}", status_code=303)
        except CompetitionError as refusal:
            problem = refusal
    view = read(request, lambda conn: _card(conn, request, event_id, sheet_id, typed, faults, how))
    return page(
        request, "desk/answer_card.html", status=problem.status, view=view, problem=problem, done="", last="",
        reason=data.get("reason"),
    )  # fmt: skip


def _card(
    conn: sa.Connection, request: Asked, event_id: str, sheet_id: str, typed: dict[str, str] | None = None,
    faults: dict[str, CompetitionError] | None = None, how: str = "",
) -> CardPage:  # fmt: skip
    _clerk(conn, request, event_id)
    return answer_card.card_page(conn, event_id, sheet_id, person(request).official, typed, faults, how)


def _clerk(conn: sa.Connection, request: Asked, event_id: str) -> None:
    judging.event_line(conn, event_id)
    judging.permit(conn, person(request).official, "enter", event_id)


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[cards, card, key_card], guards=[encrypted, signed_in])
]
