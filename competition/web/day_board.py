"""The board of the running day: every event of an official in one table, what needs a person first, followed live.

Counts only: no name, no mark, no code. The order is fixed when the page is opened, so that no line moves under a finger.
"""

import secrets
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Stream
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.judging.permissions import may
from competition.judging.watch import Tablets, tablets
from competition.web import overview, queues
from competition.web.auth import Asked, Form, Person, encrypted, person, read, signed_in, write
from competition.web.desk import DESK_ROLES, stream
from competition.web.live import EVERY
from competition.web.pages import language, page
from competition.web.views import EventLine, Text

PAUSE = 2.0
"""Seconds between two pictures of the board: a hundred rooms change all the time, and a person reads slower than that."""
ORDERS = 64
"""So many orders of lines are remembered for pages that are open."""


@dataclass(frozen=True, slots=True)
class Room:
    """One event on the board. `spreads` is None for officials who don't watch the queues."""

    event: EventLine
    venue: str
    late: int
    asked: int
    late_marks: int
    spreads: int | None
    tablets: Tablets

    @property
    def needs(self) -> int:
        """How many things wait for a person to decide or to look after."""
        waiting = self.event.clashes + self.asked + self.late_marks + (self.spreads or 0)
        return waiting + self.tablets.silent + bool(self.late)


@dataclass(frozen=True, slots=True)
class DayBoard:
    """/desk/board: the rooms in their order, and the sums over all of them. `messages`: those for the tablets of all events,
    None for officials who can't send them."""

    games: Text
    at: str
    order: str
    rooms: tuple[Room, ...]
    received: int
    expected: int
    late: int
    waiting: int
    silent: int
    unsent: int
    needing: int
    messages: tuple[judging.Sent, ...] | None = None


class MessageForm(msgspec.Struct):
    """A message's words; or the id of one to take back."""

    text: str = ""
    id: str = ""


class Orders:
    """The order of lines of pages that are open, by a name that their address carries."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def keep(self, ids: Sequence[str]) -> str:
        """The name of this order."""
        name = store.digest_of(list(ids))[:16]
        self._kept[name] = tuple(ids)
        self._kept.move_to_end(name)
        while len(self._kept) > ORDERS:
            self._kept.popitem(last=False)
        return name

    def places(self, name: str) -> Mapping[str, int]:
        """Event -> its place; empty for a name that is forgotten."""
        return {id: place for place, id in enumerate(self._kept.get(name, ()))}


@get("/board", sync_to_thread=True)
def board(request: Asked) -> Response[str]:
    """The board; what needs a person stands first."""
    state = request.app.state
    view = read(request, lambda conn: see(conn, state.tallies, state.orders, person(request), state.clock()))
    return page(request, "desk/board.html", view=view)


@get("/board/live", sync_to_thread=True)
def live(request: Asked, order: FromQuery[str] = "") -> Stream:
    """What the board follows, in the order of the page that asks."""
    state, lang, who = request.app.state, language(request), person(request)

    def render() -> str:
        with store.reading(state.engine) as conn:
            view = see(conn, state.tallies, state.orders, who, state.clock(), order)
        html: str = state.pages.html("desk/board_live.html", lang, {"view": view})
        return html

    return stream(state.hub.watch(f"day:{who.official.id}:{lang}:{order}", EVERY, render, PAUSE))


@post("/board/messages", sync_to_thread=True)
def send(request: Asked, data: Form[MessageForm]) -> Redirect:
    """Show a message on the tablets of all events."""
    by = person(request).official
    write(request, lambda conn, at: judging.send_message(conn, None, data.text, by, at, secrets.token_bytes))
    return Redirect("/desk/board#messages", status_code=303)


@post("/board/messages/end", sync_to_thread=True)
def end(request: Asked, data: Form[MessageForm]) -> Redirect:
    """Take one back from all of them."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, "broadcast", None)
        judging.end_message(conn, data.id, by, at)

    write(request, act)
    return Redirect("/desk/board#messages", status_code=303)


def see(
    conn: sa.Connection, tallies: overview.Tallies, orders: Orders, who: Person, at: datetime, order: str = ""
) -> DayBoard:
    """The board as it is at `at`: with an order that is known the lines stand as in it, new ones below."""
    known = judging.events_for(conn, who.official)
    duties = {one.id: judging.roles(conn, who.official, one.id) for one in known}
    mine = [one for one in known if duties[one.id] & set(DESK_ROLES)]
    heard = tablets(conn, at)
    rooms = [_room(conn, one, duties[one.id], tallies.of(conn, one.id), heard, at) for one in mine]
    places = orders.places(order)
    rooms.sort(key=lambda room: (places.get(room.event.id, len(places)), *_urgency(room)))
    return DayBoard(
        games=overview.games_of(known),
        at=store.stamp(at),
        order=order or orders.keep([room.event.id for room in rooms]),
        rooms=tuple(rooms),
        received=sum(room.event.received for room in rooms),
        expected=sum(room.event.expected for room in rooms),
        late=sum(room.late for room in rooms),
        waiting=sum(room.event.clashes + room.asked + room.late_marks + (room.spreads or 0) for room in rooms),
        silent=sum(room.tablets.silent for room in rooms),
        unsent=sum(room.tablets.unsent for room in rooms),
        needing=sum(room.needs > 0 for room in rooms),
        messages=tuple(judging.sent_messages(conn, None))
        if may(judging.roles(conn, who.official, None), "broadcast")
        else None,
    )


def _room(
    conn: sa.Connection,
    event: judging.EventLine,
    roles: frozenset[str],
    tally: overview.Tally,
    heard: Mapping[str, Tablets],
    at: datetime,
) -> Room:
    line = overview.line(event, tally, at)
    marking = line.stage == "marking"
    watched = queues.may_watch(roles) and tally.started
    return Room(
        event=line,
        venue=event.venue,
        late=bisect_right(tally.due, store.stamp(at)) if marking or line.stage == "setup" else 0,
        asked=tally.asked,
        late_marks=tally.late,
        spreads=sum(one.open for one in judging.alarms(conn, event.id)) if watched else None,
        tablets=heard.get(event.id, Tablets()) if marking else Tablets(),
    )


def _urgency(room: Room) -> tuple[bool, int, bool, str]:
    """First what waits for a decision, then what is silent or late, then what runs, then the others."""
    decide = room.event.clashes + room.asked + room.late_marks
    return (not room.needs, -decide * 1000 - room.needs, room.event.stage != "marking", room.event.id)


routes: list[ControllerRouterHandler] = [
    Router("/desk", route_handlers=[board, live, send, end], guards=[encrypted, signed_in])
]
