"""The running order: drawn from words said aloud, shown to everybody at once, two places swapped after a preview."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import CompetitionError
from competition.judging import moving, running, slots
from competition.store.games import Slot
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event, download
from competition.web.pages import page
from competition.web.views import Text


class WordsForm(msgspec.Struct):
    """The words that were said aloud."""

    words: str = ""


class MoveForm(msgspec.Struct):
    """Which code to which place, why, and the digest of the order the preview showed; to take a move back: its line."""

    code: str = ""
    slot: str = ""
    seen: str = ""
    reason: str = ""
    act: str = ""


class SwapForm(msgspec.Struct):
    """Two codes, why, and the digest of the order the preview showed."""

    first: str = ""
    second: str = ""
    seen: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """/desk/events/{id}/order/{module}, and the public list. `swap`: the two places as a preview, and the order's digest; `clashes`:
    what speaks against it; `move`: an entry's way to another place. `free`: every place, with who has it; `last`: what can be
    taken back."""

    id: str
    name: Text
    module: str
    modules: tuple[tuple[str, Text], ...]
    places: tuple[running.Place, ...]
    words: str
    drawn_at: str
    swaps: int
    venue: str
    may: bool = False
    swap: tuple[running.Place, running.Place] | None = None
    clashes: tuple[moving.Clash, ...] = ()
    move: moving.Move | None = None
    every: tuple[tuple[slots.SlotLine, str | None], ...] = ()
    last: moving.LastMove | None = None
    seen: str = ""
    problem: CompetitionError | None = None


@get("/order", sync_to_thread=True)
def first_order(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The first module's order."""
    return _page(request, event_id, "")


@get("/order/{module:str}", sync_to_thread=True)
def order_page(
    request: Asked,
    event_id: FromPath[str],
    module: FromPath[str],
    first: FromQuery[str] = "",
    second: FromQuery[str] = "",
    code: FromQuery[str] = "",
    slot: FromQuery[str] = "",
) -> Response[str]:
    """A module's order; asked for two codes, what their swap would change; for a code and a place, what the move would."""
    wanted = (code.strip().upper(), slot) if code else None
    return _page(request, event_id, module, (first.strip().upper(), second.strip().upper()), wanted=wanted)


@post("/order/{module:str}", sync_to_thread=True, status_code=200)
def draw_order(request: Asked, event_id: FromPath[str], module: FromPath[str], data: Form[WordsForm]) -> Response[Any]:
    """Draw it."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        running.draw_order(conn, event_id, module, data.words, by, at)

    return gates.through(
        request, event_id, f"order/{module}", act, lambda no: _page(request, event_id, module, None, no)
    )


@post("/order/{module:str}/swap", sync_to_thread=True, status_code=200)
def swap(request: Asked, event_id: FromPath[str], module: FromPath[str], data: Form[SwapForm]) -> Response[Any]:
    """Swap what was previewed."""
    by, codes = person(request).official, (data.first, data.second)

    def act(conn: sa.Connection, at: datetime) -> None:
        running.swap(conn, event_id, module, codes, data.seen, by, data.reason, at)

    return gates.through(
        request, event_id, f"order/{module}", act, lambda no: _page(request, event_id, module, codes, no)
    )


@post("/order/{module:str}/move", sync_to_thread=True, status_code=200)
def move(request: Asked, event_id: FromPath[str], module: FromPath[str], data: Form[MoveForm]) -> Response[Any]:
    """Move what was previewed."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        moving.move(conn, event_id, module, data.code, data.slot, data.seen, by, data.reason, at)

    return gates.through(
        request, event_id, f"order/{module}", act, lambda no: _page(request, event_id, module, None, no)
    )


@post("/order/{module:str}/undo", sync_to_thread=True, status_code=200)
def undo(request: Asked, event_id: FromPath[str], module: FromPath[str], data: Form[MoveForm]) -> Response[Any]:
    """Take the last move or swap back."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        moving.undo_move(conn, event_id, module, data.act, by, at)

    return gates.through(
        request, event_id, f"order/{module}", act, lambda no: _page(request, event_id, module, None, no)
    )


@get("/order/{event_id:str}/{module:str}", sync_to_thread=True)
def public_order(request: Asked, event_id: FromPath[str], module: FromPath[str]) -> Response[str]:
    """For contestants and everybody: when and where, by the code they know themselves by."""

    def look(conn: sa.Connection) -> tuple[OrderPage, Text]:
        known = judging.event_line(conn, event_id)
        return _look(conn, event_id, module), {"zh": known.games_zh, "en": known.games_en}

    view, games = read(request, look)
    return page(request, "public/order.html", view=view, games=games)


@get("/order/{event_id:str}/{module:str}/record.json", sync_to_thread=True)
def public_record(request: Asked, event_id: FromPath[str], module: FromPath[str]) -> Response[bytes]:
    """The record that `competition draw replay` repeats; public from the draw on."""
    told = read(request, lambda conn: running.order_record(conn, event_id, module))
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return download(content, "application/json", f"{event_id}-{module}-order.json")


def _look(conn: sa.Connection, event_id: str, wanted: str) -> OrderPage:
    law = store.thawed(conn, event_id)
    timed = set(conn.scalars(sa.select(Slot.module).where(Slot.event_id == event_id).distinct()))
    modules = tuple((one.id, {"zh": one.name.zh, "en": one.name.en}) for one in law.modules if one.id in timed)
    drawn = running.drawn_modules(conn, event_id)
    module = wanted or next((id for id, _ in modules if id in drawn), modules[0][0] if modules else "")
    try:
        record = running.order_record(conn, event_id, module)
    except CompetitionError:
        record = {"words": "", "drawn_at": "", "swaps": []}
    return OrderPage(
        id=event_id,
        name=gates.event_name(conn, event_id),
        module=module,
        modules=modules,
        places=tuple(running.running_order(conn, event_id, module)),
        words=record["words"],
        drawn_at=record["drawn_at"],
        swaps=len(record["swaps"]),
        venue=judging.event_line(conn, event_id).venue,
        seen=running.order_seen(conn, event_id, module),
    )


def _page(
    request: Asked,
    event_id: str,
    module: str,
    codes: tuple[str, str] | None = None,
    problem: CompetitionError | None = None,
    wanted: tuple[str, str] | None = None,
) -> Response[str]:
    at = request.app.state.clock()

    def look(conn: sa.Connection) -> OrderPage:
        roles = at_event(conn, person(request), event_id)
        view = replace(_look(conn, event_id, module), may=bool(roles & set(running.DRAWERS)), problem=problem)
        if view.may and view.places:
            every = tuple(moving.places(conn, event_id, view.module))
            view = replace(view, every=every, last=moving.last_move(conn, event_id, view.module))
        try:
            if codes and all(codes) and problem is None:
                one, two = running.swapped(conn, event_id, view.module, codes)
                found = moving.clashes(conn, event_id, view.module, one, two, at)
                return replace(view, swap=(one, two), clashes=found)
            if wanted and problem is None:
                way = moving.preview_move(conn, event_id, view.module, *wanted, at)
                return replace(view, move=way, clashes=way.clashes)
        except CompetitionError as refused:
            return replace(view, problem=refused)
        return view

    view = read(request, look)
    done = view.problem is None and request.query_params.get("done") == "1"
    status = view.problem.status if view.problem else 200
    return page(request, "desk/order.html", status=status, view=view, problem=view.problem, done=done)


routes: list[ControllerRouterHandler] = [
    public_order,
    public_record,
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[first_order, order_page, draw_order, swap, move, undo],
        guards=[encrypted, signed_in],
    ),
]
