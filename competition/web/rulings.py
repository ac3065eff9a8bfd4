"""Rulings after locking: the chief sees what a status, an admission, an order, a number or an absence would move and asks; a second
person confirms on the page of corrections."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError
from competition.judging import rulings
from competition.web import entry, gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.corrections import Said
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.ruling_views import RulingLine
from competition.web.views import Text


class AskForm(msgspec.Struct):
    """What is ruled, as the preview showed it, and why. Which fields count depends on the kind."""

    kind: str = ""
    code: str = ""
    status: str = ""
    round: str = ""
    codes: str = ""
    input: str = ""
    value: str = ""
    seat: str = ""
    seen: str = ""
    reason: str = ""


class AnswerForm(msgspec.Struct):
    """Which ruling, as it was seen; a reason to refuse."""

    request: str = ""
    seen: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RulingPage:
    """/desk/events/{id}/rulings: a ruling's effect before it is asked for, and the form's fields to ask for it."""

    id: str
    name: Text
    line: RulingLine | None
    sealed: bool
    fields: Mapping[str, str]
    reason: str
    problem: CompetitionError | None


@get("/rulings", sync_to_thread=True)
def preview(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """What it would move."""
    return _page(request, event_id, msgspec.convert(dict(request.query_params), AskForm))


@post("/rulings", sync_to_thread=True, status_code=200)
def ask(request: Asked, event_id: FromPath[str], data: Form[AskForm]) -> Response[Any]:
    """Ask for what was previewed; nothing changes until a second person confirms."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, rulings.ASKS.get(data.kind, "status"), event_id)
        rulings.ask_ruling(conn, event_id, data.kind, _what(conn, event_id, data), data.seen, by, data.reason, at)

    try:
        write(request, act)
    except CompetitionError as refusal:
        return _page(request, event_id, data, refusal)
    return _back(event_id, "asked")


@post("/rulings/confirm", sync_to_thread=True)
def confirm(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Redirect:
    """The second person lets it stand."""
    by, chance = person(request).official, secrets.token_bytes
    write(request, lambda conn, at: rulings.confirm_ruling(conn, event_id, data.request, data.seen, by, at, chance))
    return _back(event_id, "ruled")


@post("/rulings/refuse", sync_to_thread=True)
def refuse(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Redirect:
    """The second person objects, or whoever asked takes it back."""
    by = person(request).official
    write(request, lambda conn, at: rulings.refuse_ruling(conn, event_id, data.request, by, data.reason, at))
    return _back(event_id, "refused")


def _page(
    request: Asked, event_id: str, asked: AskForm, problem: CompetitionError | None = None
) -> Response[str]:  # fmt: skip
    def look(conn: sa.Connection) -> RulingPage:
        roles, by = at_event(conn, person(request), event_id), person(request).official
        judging.permit(conn, by, rulings.ASKS.get(asked.kind, "status"), event_id)
        said, line, refusal = Said(conn, event_id, roles, by.id), None, problem
        try:
            found = rulings.preview_ruling(conn, event_id, asked.kind, _what(conn, event_id, asked), by)
            line = said.ruling(found)
        except CompetitionError as refused:
            refusal = problem or refused
        fields = {
            key: str(text) for key, text in msgspec.structs.asdict(asked).items() if key not in ("seen", "reason")
        }
        return RulingPage(event_id, gates.event_name(conn, event_id), line, said.sealed, fields, asked.reason, refusal)

    view = read(request, look)
    return page(request, "desk/ruling.html", status=view.problem.status if view.problem else 200, view=view)


def _what(conn: sa.Connection, event_id: str, asked: AskForm) -> dict[str, Any]:
    """The ruling as its act takes it: codes become entries."""

    def entry_id(code: str) -> str:
        return entry.entry_of(conn, event_id, code.strip())[0].id

    if asked.kind == "status":
        return {"entry": entry_id(asked.code), "status": asked.status}
    if asked.kind == "admit":
        return {"entry": entry_id(asked.code), "round": asked.round}
    if asked.kind == "order":
        return {"entries": [entry_id(code) for code in asked.codes.split()]}
    if asked.kind == "input":
        return {"input": asked.input, "value": asked.value}
    if asked.kind in ("absence", "absence-ended"):
        return {"seat": asked.seat, "entry": "*"}
    raise MarkError("没有这种裁定。", "There is no such ruling.")


def _back(event_id: str, done: str) -> Redirect:
    return Redirect(f"/desk/events/{event_id}/corrections?done={done}", status_code=303)


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[preview, ask, confirm, refuse], guards=[encrypted, signed_in])
]
