"""Objections at the desk: the supervisor raises one, about a line of the timeline or a state of things; the chief answers it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError, NotAllowed
from competition.judging.objections import Objection, answer_objection, object_to, objections
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.views import Text

READERS = frozenset({"supervisor", "chief", "organiser"})


class RaiseForm(msgspec.Struct):
    """What is objected to, and the line of the timeline it is about ("" none)."""

    said: str = ""
    line: str = ""


class AnswerForm(msgspec.Struct):
    """Which objection, and the chief's answer."""

    n: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Objections:
    """/desk/events/{id}/objections."""

    id: str
    name: Text
    lines: tuple[Objection, ...]
    may_raise: bool
    may_answer: bool
    filled: RaiseForm


@get("/objections", sync_to_thread=True)
def objections_page(request: Asked, event_id: FromPath[str], line: FromQuery[str] = "") -> Response[str]:
    """Every objection with its answer; with `line` a form about that line."""
    return _page(request, event_id, filled=RaiseForm(line=line[:9]))


@post("/objections", sync_to_thread=True, status_code=200)
def raised(request: Asked, event_id: FromPath[str], data: Form[RaiseForm]) -> Response[Any]:
    """Put an objection on record."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> Any:
        judging.permit(conn, by, "object", event_id)
        return object_to(conn, event_id, data.said, by, at, _number(data.line) if data.line else None)

    return gates.through(request, event_id, "objections", act, lambda refusal: _page(request, event_id, refusal, data))


@post("/objections/answer", sync_to_thread=True, status_code=200)
def answered(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Response[Any]:
    """The chief's answer."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, "answer_objection", event_id)
        answer_objection(conn, event_id, _number(data.n), data.answer, by, at)

    return gates.through(request, event_id, "objections", act, lambda refusal: _page(request, event_id, refusal))


def _number(said: str) -> int:
    if not (said.isascii() and said.isdecimal()):
        raise MarkError("没有指明是哪一条。", "It isn't said which one.")
    return int(said)


def _page(
    request: Asked, event_id: str, problem: CompetitionError | None = None, filled: RaiseForm | None = None
) -> Response[str]:
    def look(conn: sa.Connection) -> Objections:
        roles = at_event(conn, person(request), event_id)
        if not roles & READERS:
            raise NotAllowed(
                "异议由监督仲裁、裁判长和组委会处理。", "Objections are for supervisors, chief judges and organisers."
            )
        return Objections(
            id=event_id,
            name=gates.event_name(conn, event_id),
            lines=tuple(objections(conn, event_id)),
            may_raise=judging.may(roles, "object"),
            may_answer=judging.may(roles, "answer_objection"),
            filled=filled or RaiseForm(),
        )

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(
        request, "timeline/objections.html", status=status, view=read(request, look), problem=problem, done=done
    )


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[objections_page, raised, answered],
        guards=[encrypted, signed_in],
    )
]
