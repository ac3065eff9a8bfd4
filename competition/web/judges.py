"""Who sits where: substitutes by name and time; and, for the encryptor alone, judges who share a unit with an entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import CompetitionError
from competition.judging import interests
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.said import seat_said
from competition.web.views import Text


class SubstituteForm(msgspec.Struct):
    """A seat, who takes it, and why."""

    seat: str = ""
    official: str = ""
    reason: str = ""


class InterestForm(msgspec.Struct):
    """A seat, and whether the judge is kept (with a reason) or taken out."""

    seat: str = ""
    do: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JudgesPage:
    """/desk/events/{id}/judges. `interests` is None for everybody but the encryptor."""

    id: str
    name: Text
    may: bool
    seats: tuple[tuple[str, Text, str | None], ...]
    candidates: tuple[tuple[str, str], ...]
    said: dict[str, Text]
    seatings: tuple[interests.Seating, ...]
    interests: tuple[interests.InterestLine, ...] | None


@get("/judges", sync_to_thread=True)
def judges_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The seats, their judges, and who sat there before."""
    return _page(request, event_id)


@post("/judges", sync_to_thread=True, status_code=200)
def take_seat(request: Asked, event_id: FromPath[str], data: Form[SubstituteForm]) -> Response[Any]:
    """A substitute."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        interests.substitute(conn, event_id, data.seat, data.official, by, data.reason, at)

    return gates.through(request, event_id, "judges", act, lambda refusal: _page(request, event_id, refusal))


@post("/judges/interest", sync_to_thread=True, status_code=200)
def settle_interest(request: Asked, event_id: FromPath[str], data: Form[InterestForm]) -> Response[Any]:
    """The encryptor keeps a judge, or takes the judge out of the seat."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        if data.do == "keep":
            interests.keep_judge(conn, event_id, data.seat, by, data.reason, at)
        else:
            interests.recuse_judge(conn, event_id, data.seat, by, at)

    return gates.through(request, event_id, "judges", act, lambda refusal: _page(request, event_id, refusal))


def _page(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    def look(conn: sa.Connection) -> JudgesPage:
        who = person(request)
        roles = at_event(conn, who, event_id)
        law = store.thawed(conn, event_id)
        imported = {panel.id for panel in law.panels if panel.kind == "import"}  # filled from a file, nobody sits there
        seats = [one for one in judging.seats(conn, event_id) if one.panel not in imported]
        said = {one.label: seat_said(law, one.label) for one in judging.seats(conn, event_id)}
        return JudgesPage(
            id=event_id,
            name=gates.event_name(conn, event_id),
            may=bool(roles & {"organiser", "chief"}),
            seats=tuple((one.label, said[one.label], one.judge) for one in seats),
            candidates=tuple(interests.candidates(conn, event_id)),
            said=said,
            seatings=tuple(interests.seatings(conn, event_id)),
            interests=tuple(interests.interests(conn, event_id, who.official)) if "encryptor" in roles else None,
        )

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "desk/judges.html", status=status, view=read(request, look), problem=problem, done=done)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[judges_page, take_seat, settle_interest],
        guards=[encrypted, signed_in],
    )
]
