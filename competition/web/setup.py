"""One event being set up: what it still needs, its slots and stations, its names, laying out its sheets."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.errors import CompetitionError, MarkError
from competition.judging import readiness, slots
from competition.judging.readiness import Need
from competition.judging.slots import SETTERS, SlotLine
from competition.web import gates, overview
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event
from competition.web.keys import KEEPERS
from competition.web.pages import VENUE_TIME, page, venue_moment
from competition.web.views import Stage, Text

WHERE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "rules": ("rules", SETTERS), "entries": ("/desk/intake", ("organiser",)), "slots": ("setup#slots", SETTERS),
    "seats": ("judges", SETTERS), "interests": ("judges", ("encryptor",)),
    "keys": ("keys", KEEPERS), "codes": ("draw", KEEPERS),
    "sheets": ("setup#open", SETTERS),
    "tablets": ("seats", SETTERS),
}  # fmt: skip
"""The page of an event on which each need is met, and who may open it."""


@dataclass(frozen=True, slots=True)
class ModuleSlots:
    """A module with its places: stations across, slots down."""

    id: str
    name: Text
    minutes: int | None
    stations: tuple[str, ...]
    rows: tuple[tuple[int, str | None, Mapping[str, SlotLine], bool], ...]
    places: int
    round: Text | None
    at_night: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """/desk/events/{id}/setup."""

    id: str
    name: Text
    venue: str
    stage: Stage
    edition: str
    needs: tuple[Need, ...]
    ready: bool
    entries: int
    modules: tuple[ModuleSlots, ...]
    may: bool
    organiser: bool
    filled: Mapping[str, str]
    where: Mapping[str, str]


class SlotsForm(msgspec.Struct):
    """Slots to make: where, how many, from when, how far apart."""

    module: str = ""
    stations: str = ""
    count: str = ""
    first: str = ""
    minutes: str = ""


class MoveForm(msgspec.Struct):
    """A module's slots from one number on, and by how much they move."""

    module: str = ""
    n: str = ""
    minutes: str = ""
    reason: str = ""


class NameForm(msgspec.Struct):
    """An event's names, and where it takes place."""

    zh: str = ""
    en: str = ""
    venue: str = ""


@get("/setup", sync_to_thread=True)
def setup_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """An event being set up: what it needs, its modules with slots and stations, laying out its sheets."""
    return _page(request, event_id)


@post("/setup/slots", sync_to_thread=True, status_code=200)
def make_slots(request: Asked, event_id: FromPath[str], data: Form[SlotsForm]) -> Response[Any]:
    """More slots for a module."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        first = venue_moment(data.first) if data.first else None
        minutes = _number(data.minutes) if data.minutes else 0
        stations = data.stations.replace("，", " ").replace("、", " ").replace(",", " ").split()
        slots.add_slots(
            conn, event_id, data.module, stations, _number(data.count), first, minutes, by, at, secrets.token_bytes
        )

    filled = {key: str(value) for key, value in msgspec.structs.asdict(data).items()}
    return _through(request, event_id, act, filled)


@post("/setup/postpone", sync_to_thread=True, status_code=200)
def postpone(request: Asked, event_id: FromPath[str], data: Form[MoveForm]) -> Response[Any]:
    """Later, or earlier, from one slot on."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        slots.postpone(conn, event_id, data.module, _number(data.n), _number(data.minutes), by, data.reason, at)

    return _through(request, event_id, act)


@post("/setup/drop", sync_to_thread=True, status_code=200)
def drop(request: Asked, event_id: FromPath[str], data: Form[MoveForm]) -> Response[Any]:
    """A slot nobody has a place in goes away."""
    by = person(request).official
    return _through(
        request, event_id, lambda conn, at: slots.drop_slots(conn, event_id, data.module, _number(data.n), by, at)
    )


@post("/setup/name", sync_to_thread=True, status_code=200)
def rename(request: Asked, event_id: FromPath[str], data: Form[NameForm]) -> Response[Any]:
    """Other names for the event, and its venue."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        slots.describe_event(conn, event_id, data.zh, data.en, by, at, data.venue)

    return _through(request, event_id, act)


@post("/setup/open", sync_to_thread=True, status_code=200)
def lay_out(request: Asked, event_id: FromPath[str]) -> Response[Any]:
    """Lay out the sheets: the event is ready for its judges."""
    by = person(request).official
    return _through(request, event_id, lambda conn, at: slots.lay_out(conn, event_id, by, at, secrets.token_bytes))


def _page(
    request: Asked, event_id: str, problem: CompetitionError | None = None, filled: Mapping[str, str] | None = None
) -> Response[str]:
    state = request.app.state

    def look(conn: sa.Connection) -> Setup:
        roles = at_event(conn, person(request), event_id)
        law = store.thawed(conn, event_id)
        known = judging.event_line(conn, event_id)
        line = overview.line(known, state.tallies.of(conn, event_id), state.clock())
        needs = readiness.readiness(conn, event_id)[event_id]
        return Setup(
            id=event_id,
            name=line.name,
            venue=known.venue,
            stage=line.stage,
            edition=law.edition,
            needs=needs,
            ready=readiness.ready(needs),
            entries=line.entries,
            modules=_modules(law, slots.slots(conn, event_id)),
            may=bool(roles & set(SETTERS)),
            organiser="organiser" in roles,
            filled=filled or {},
            where={
                key: href if href.startswith("/") else f"/desk/events/{event_id}/{href}"
                for key, (href, who) in WHERE.items()
                if roles & set(who)
            },
        )

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "setup/event.html", status=status, view=read(request, look), problem=problem, done=done)


def _modules(law: rules.Rules, places: list[SlotLine]) -> tuple[ModuleSlots, ...]:
    names = {one.id: one.name for one in law.rounds}
    found = []
    for module in law.modules:
        if all(sheet.panel.kind == "import" for sheet in module.sheets):
            continue
        here = [one for one in places if one.module == module.id]
        rows = []
        for n in sorted({one.n for one in here}):
            line = {one.station: one for one in here if one.n == n}
            opens = next(iter(line.values())).opens_at
            rows.append((n, opens, line, not any(one.taken for one in line.values())))
        stations = sorted({one.station for one in here}, key=slots.station_order)
        found.append(
            ModuleSlots(
                module.id, {"zh": module.name.zh, "en": module.name.en}, module.minutes, tuple(stations), tuple(rows),
                len(here), names.get(module.round), any(_at_night(one.opens_at) for one in here),
            )
        )  # fmt: skip
    return tuple(found)


def _at_night(opens_at: str | None) -> bool:
    """Whether a slot opens between ten in the evening and six: a row of slots that ran past midnight, most likely."""
    return opens_at is not None and not 6 <= datetime.fromisoformat(opens_at).astimezone(VENUE_TIME).hour < 22


def _through(
    request: Asked,
    event_id: str,
    act: Callable[[sa.Connection, datetime], Any],
    filled: Mapping[str, str] | None = None,
) -> Response[Any]:
    return gates.through(request, event_id, "setup", act, lambda refusal: _page(request, event_id, refusal, filled))


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise MarkError(f"“{text}”不是整数，请重新填写。", f"“{text}” is no whole number. Enter it again.") from None


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[setup_page, make_slots, postpone, drop, rename, lay_out],
        guards=[encrypted, signed_in],
    ),
]
