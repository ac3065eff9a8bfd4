"""The check-in desk: scan or type a number, see who it is, mark the arrival; late and absent; badges and the printed roll."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unicodedata import normalize

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import CompetitionError, NotAllowed
from competition.judging import checkin
from competition.publish.badges import Badge, badges
from competition.publish.names import called
from competition.publish.records import Record, record
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event, download
from competition.web.pages import local, local_input, page, venue_moment
from competition.web.views import Text

AN_HOUR = timedelta(hours=1)
"""What the form proposes as the length of check-in: with "now" the first to come would be late."""


class NumberForm(msgspec.Struct):
    """A number, and why it is taken back."""

    number: str = ""
    reason: str = ""


class UntilForm(msgspec.Struct):
    """When check-in ends, in venue time."""

    until: str = ""


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """/desk/events/{id}/checkin. `last`: the line just scanned. The chief has counts and no lines."""

    id: str
    name: Text
    named: bool
    chief: bool
    roll: checkin.Roll
    came: int
    of: int
    closed: bool
    until_input: str
    last: checkin.RollLine | None

    @property
    def late(self) -> int:
        """How many came after the end."""
        return sum(line.late for line in self.roll.lines)


@get("/checkin", sync_to_thread=True)
def check_in_page(request: Asked, event_id: FromPath[str], last: FromQuery[str] = "") -> Response[str]:
    """The desk's page; for the chief the counts, and the closing."""
    return _page(request, event_id, last=last)


@post("/checkin", sync_to_thread=True, status_code=200)
def arrive(request: Asked, event_id: FromPath[str], data: Form[NumberForm]) -> Response[Any]:
    """A number was scanned or typed."""
    number = "".join(normalize("NFKC", data.number).split())  # full-width digits of a Chinese keyboard
    by = person(request).official
    return _done(
        request, event_id, lambda conn, at: checkin.check_in(conn, event_id, number, by, at), f"?last={number[:20]}"
    )


@post("/checkin/open", sync_to_thread=True, status_code=200)
def start(request: Asked, event_id: FromPath[str], data: Form[UntilForm]) -> Response[Any]:
    """Numbers for everybody, and when check-in ends."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> int:
        return checkin.open_check_in(conn, event_id, venue_moment(data.until), by, at)

    return _done(request, event_id, act)


@post("/checkin/undo", sync_to_thread=True, status_code=200)
def undo(request: Asked, event_id: FromPath[str], data: Form[NumberForm]) -> Response[Any]:
    """A wrong number was scanned."""
    by = person(request).official
    return _done(
        request, event_id, lambda conn, at: checkin.undo_check_in(conn, event_id, data.number, by, data.reason, at)
    )


@post("/checkin/close", sync_to_thread=True, status_code=200)
def close(request: Asked, event_id: FromPath[str], data: Form[gates.Sure]) -> Response[Any]:
    """The chief ends check-in; whoever has not come did not start."""
    by = person(request).official
    return _done(request, event_id, lambda conn, at: checkin.close_check_in(conn, event_id, by, at))


@get("/checkin/roll.pdf", sync_to_thread=True)
def roll_pdf(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """The roll, to be signed."""
    templates, now = request.app.state.settings.root / "templates", request.app.state.clock()

    def look(conn: sa.Connection) -> bytes:
        known, top = judging.event_line(conn, event_id), store.head(conn, event_id)
        roll = checkin.roll(conn, event_id, person(request).official)
        rows = [(one.number, called(one.names, one.team), one.unit, _came(one), "") for one in roll.lines]
        came = [one for one in roll.lines if one.at]
        facts = [
            ("until", local(roll.until) if roll.until else "—"),
            ("came", f"{len(came)} / {len(roll.lines)}"),
            ("late", str(sum(one.late for one in came))),
            ("absent", str(len(roll.lines) - len(came))),
        ]
        columns = ("number", "name", "unit", "came", "ink")
        head = f"{top.event_id}/{top.origin} {top.n} {top.hash}"
        return record(
            templates,
            Record("roll", known.games_zh, known.name_zh, facts, columns, rows, ("clerk", "chief", "time"), head,
                   local(now, "second")),
        )  # fmt: skip

    return download(read(request, look), "application/pdf", f"{event_id}-checkin.pdf")


@get("/checkin/badges.pdf", sync_to_thread=True)
def badges_pdf(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """Badges with barcodes for everybody who has a number."""
    templates = request.app.state.settings.root / "templates"

    def look(conn: sa.Connection) -> bytes:
        known = judging.event_line(conn, event_id)
        roll = checkin.roll(conn, event_id, person(request).official)
        every = [Badge(called(one.names, one.team), one.unit, one.number) for one in roll.lines]
        return badges(templates, known.games_zh, known.name_zh, every)

    return download(read(request, look), "application/pdf", f"{event_id}-badges.pdf")


def _came(line: checkin.RollLine) -> str:
    if line.at is None:
        return "未到"
    return local(line.at, "clock") + ("（迟到）" if line.late else "")


def _done(request: Asked, event_id: str, act: Any, after: str = "") -> Response[Any]:
    try:
        write(request, act)
    except CompetitionError as refusal:
        return _page(request, event_id, refusal)
    return Redirect(f"/desk/events/{event_id}/checkin{after}", status_code=303)


def _page(request: Asked, event_id: str, problem: CompetitionError | None = None, last: str = "") -> Response[str]:
    def look(conn: sa.Connection) -> CheckInPage:
        roles = at_event(conn, person(request), event_id)
        named, chief = bool(roles & set(checkin.DESK)), "chief" in roles
        if not named and not chief:
            raise NotAllowed("检录由录分员、组委会和裁判长办理。", "Check-in is for the clerk, organiser and chief.")
        roll = checkin.roll(conn, event_id, person(request).official) if named else checkin.Roll(())
        came, of, closed = checkin.came(conn, event_id)
        return CheckInPage(
            id=event_id,
            name=gates.event_name(conn, event_id),
            named=named,
            chief=chief,
            roll=roll,
            came=came,
            of=of,
            closed=closed,
            until_input=local_input(roll.until or request.app.state.clock() + AN_HOUR),
            last=next((one for one in roll.lines if one.number == last), None),
        )

    status = problem.status if problem else 200
    return page(request, "desk/checkin.html", status=status, view=read(request, look), problem=problem)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[check_in_page, arrive, start, undo, close, roll_pdf, badges_pdf],
        guards=[encrypted, signed_in],
    )
]
