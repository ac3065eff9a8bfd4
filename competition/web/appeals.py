"""The register of appeals at the desk: lodged by whoever receives the paper, answered by the supervisor."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError, NotAllowed
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.views import Text


class LodgeForm(msgspec.Struct):
    """Whom the appeal is about, by code ("" the event), and what it says."""

    code: str = ""
    said: str = ""


class AnswerForm(msgspec.Struct):
    """Which appeal, what becomes of it (dismissed, upheld, done), and the words of it."""

    n: str = ""
    do: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Appeals:
    """/desk/events/{id}/appeals. `closes`: until when appeals are heard, None before there is a notice."""

    id: str
    name: Text
    lines: tuple[judging.AppealLine, ...]
    closes: str | None
    may_hear: bool
    filled: LodgeForm


@get("/appeals", sync_to_thread=True)
def appeals_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """Every appeal with what became of it."""
    return _page(request, event_id)


@post("/appeals", sync_to_thread=True, status_code=200)
def lodge(request: Asked, event_id: FromPath[str], data: Form[LodgeForm]) -> Response[Any]:
    """Enter an appeal as it was handed in."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> Any:
        return judging.lodge(conn, event_id, data.code, data.said, by, at, secrets.token_bytes)

    return gates.through(request, event_id, "appeals", act, lambda refusal: _page(request, event_id, refusal, data))


@post("/appeals/answer", sync_to_thread=True, status_code=200)
def answer(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Response[Any]:
    """The supervisor's ruling, or that it was put right."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, "hear", event_id)
        if not data.n.isdecimal():
            raise MarkError("没有指明是哪一件申诉。", "It isn't said which appeal.")
        if data.do == "done":
            judging.put_right(conn, event_id, int(data.n), by, data.reason, at)
        else:
            judging.hear(conn, event_id, int(data.n), data.do == "upheld", by, data.reason, at)

    return gates.through(request, event_id, "appeals", act, lambda refusal: _page(request, event_id, refusal))


def _page(
    request: Asked, event_id: str, problem: CompetitionError | None = None, filled: LodgeForm | None = None
) -> Response[str]:
    def look(conn: sa.Connection) -> Appeals:
        roles = at_event(conn, person(request), event_id)
        if not judging.may(roles, "lodge"):  # an appeal names people: nobody who judges reads it
            raise NotAllowed(
                "申诉登记由录分员、组委会和监督仲裁处理。", "Appeals are for clerks, organisers and supervisors."
            )
        notice = judging.release_of(conn, event_id, "notice")
        return Appeals(
            id=event_id,
            name=gates.event_name(conn, event_id),
            lines=tuple(judging.appeals(conn, event_id)),
            closes=notice.window_closes if notice else None,
            may_hear=judging.may(roles, "hear"),
            filled=filled or LodgeForm(),
        )

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "desk/appeals.html", status=status, view=read(request, look), problem=problem, done=done)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[appeals_page, lodge, answer],
        guards=[encrypted, signed_in],
    )
]
