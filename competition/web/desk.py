"""The desk's own pages: today's work, all events, one event that follows the marks, one entry, how a result was computed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import NotAllowed
from competition.publish.tables import Column as TableColumn
from competition.publish.tables import csv_table
from competition.web import clerk_work, matrix, overview, queues
from competition.web import entry as entries
from competition.web.auth import Asked, Person, encrypted, person, read, signed_in
from competition.web.entry_views import EntryPage, Explanation
from competition.web.home import NEXT, home_view
from competition.web.judge import app_version
from competition.web.pages import language, page
from competition.web.safety import safety_of
from competition.web.views import STAGES, EventPage, Stage, Step

DESK_ROLES = ("organiser", "chief", "clerk", "encryptor", "supervisor", "announcer")
STEPS = ("marking", "locked", "decoded", "notice", "final", "certificates")
REACHED: dict[Stage, int] = {"setup": 0, "marking": 0, "locked": 1, "decoded": 2, "notice": 3, "final": 5}


@get("/", sync_to_thread=True)
def home(request: Asked) -> Response[str]:
    """Today's work of this official."""
    at = request.app.state.clock()
    view = read(request, lambda conn: home_view(conn, request.app.state.tallies, person(request), at))
    mine = read(request, lambda conn: judging.roles(conn, person(request).official, None))
    copies = safety_of(request.app.state, at) if "organiser" in mine else None
    return page(request, "desk/home.html", view=view, copies=copies, house=mine)


@get("/events", sync_to_thread=True)
def events(
    request: Asked, q: FromQuery[str] = "", chain: FromQuery[str] = "", stage: FromQuery[str] = ""
) -> Response[str]:
    """All events by chain; the filter is in the address."""
    state = request.app.state
    view = read(
        request,
        lambda conn: overview.filtered(
            conn, state.tallies, state.clock(), q=q, chain=chain, stage=stage, stages=STAGES
        ),
    )
    return page(request, "desk/events.html", view=view)


@get("/events/{event_id:str}", sync_to_thread=True)
def event(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """One event: where it stands, what comes next, and the marks as they come in."""
    at = request.app.state.clock()
    state = request.app.state
    view = read(request, lambda conn: _event(conn, state.tallies, person(request), event_id, at, app_version(state)))
    return page(request, "desk/event.html", view=view)


@get("/events/{event_id:str}/live", sync_to_thread=True)
def live(request: Asked, event_id: FromPath[str]) -> Stream:
    """The moving part of the event's page as server-sent events, one rendering shared by all who may see the same."""
    state, lang = request.app.state, language(request)
    roles = read(request, lambda conn: at_event(conn, person(request), event_id))

    def render() -> str:
        with store.reading(state.engine) as conn:
            view = matrix.live(conn, state.tallies, event_id, roles, state.clock(), app_version(state))
        html: str = state.pages.html("desk/event_live.html", lang, {"live": view})
        return html

    return stream(state.hub.watch(topic(event_id, lang, roles), event_id, render))


@get("/events/{event_id:str}/entries/{code:str}", sync_to_thread=True)
def entry(request: Asked, event_id: FromPath[str], code: FromPath[str]) -> Response[str]:
    """One entry by code: its sheets, who is missing, what is in clash; never a value."""

    def look(conn: sa.Connection) -> EntryPage:
        roles = at_event(conn, person(request), event_id)
        return entries.entry_page(conn, event_id, code, roles)

    return page(request, "desk/entry.html", view=read(request, look))


@get("/events/{event_id:str}/explain/{code:str}", sync_to_thread=True)
def explain(request: Asked, event_id: FromPath[str], code: FromPath[str]) -> Response[str]:
    """How an entry's result was computed, once its sheets are locked (before that nobody reads single marks)."""
    lang = language(request)

    def look(conn: sa.Connection) -> Explanation:
        totals_allowed(at_event(conn, person(request), event_id))
        return entries.explanation(conn, event_id, code, lang)

    return page(request, "desk/explain.html", view=read(request, look))


@get("/events/{event_id:str}/standings.csv", sync_to_thread=True)
def standings_csv(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """Standings for a spreadsheet: by code while sealed, with names after decoding."""
    lang = language(request)
    words = request.app.state.words

    def look(conn: sa.Connection) -> bytes:
        roles = at_event(conn, person(request), event_id)
        totals_allowed(roles)
        view = matrix.live(conn, request.app.state.tallies, event_id, roles, request.app.state.clock())
        columns, rows = matrix.table(view, words, lang)
        return csv_table([TableColumn(key, title) for key, title in columns], rows)

    return download(read(request, look), "text/csv", f"{event_id}-standings.csv")


def topic(event_id: str, lang: str, roles: frozenset[str]) -> str:
    """The name of a stream: the same only for roles that may see the very same."""
    seen = (matrix.may_see_totals(roles), queues.may_watch(roles), *sorted(matrix.powers(roles) & matrix.LIVE_ACTS))
    return f"desk:{event_id}:{lang}:{':'.join(map(str, seen))}"


def at_event(conn: sa.Connection, who: Person, event_id: str) -> frozenset[str]:
    """This official's roles in an event; NotAllowed with none of a desk's, NotFound when there is no such event."""
    judging.event_line(conn, event_id)
    roles = judging.roles(conn, who.official, event_id)
    if not roles & set(DESK_ROLES):
        raise NotAllowed(
            "您没有这个赛项的职责。如有需要，请组委会授权。",
            "You have no duty in this event. Ask the organiser for a role if you should.",
        )
    return roles


def download(content: bytes, media_type: str, name: str) -> Response[bytes]:
    """A file to keep; its name never says whose it is."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def stream(messages: Any) -> Stream:
    """Server-sent events, already encoded."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(messages, media_type="text/event-stream", headers=headers)


def totals_allowed(roles: frozenset[str]) -> None:
    """NotAllowed for roles that may not see totals, who holds the code map among them."""
    if not matrix.may_see_totals(roles):
        raise NotAllowed("成绩在锁定和解码之后对您开放。", "Totals open to you after locking and decoding.")


def _event(
    conn: sa.Connection, tallies: overview.Tallies, who: Person, event_id: str, at: datetime, app: str
) -> EventPage:
    roles = at_event(conn, who, event_id)
    known = judging.event_line(conn, event_id)
    line = overview.line(known, tallies.of(conn, event_id), at)
    rules = store.thawed(conn, event_id)
    do, doers, where = NEXT.get(line.next, ("", frozenset(), ""))
    primary = (do, f"/desk/events/{event_id}/{where}") if do and roles & doers else None
    return EventPage(
        id=event_id,
        name=line.name,
        chain={"zh": known.chain_zh or "赛项", "en": known.chain_en or "Event"},
        edition=rules.edition,
        template=rules.template,
        stage=line.stage,
        steps=_steps(line.stage),
        primary=primary,
        may=matrix.powers(roles) | clerk_work.desks(rules, roles),
        sealed=known.decoded_at is None,
        live=matrix.live(conn, tallies, event_id, roles, at, app),
    )


def _steps(stage: Stage) -> tuple[Step, ...]:
    reached = REACHED[stage]
    return tuple(
        Step(key, "done" if place < reached else "now" if place == reached else "later")
        for place, key in enumerate(STEPS)
    )


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk",
        route_handlers=[home, events, event, live, entry, explain, standings_csv],
        guards=[encrypted, signed_in],
    )
]
