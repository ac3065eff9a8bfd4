"""Slots opened and closed while the event runs: what each slot waits for, and who isn't done before one is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.errors import CompetitionError, MarkError
from competition.judging import slot_gates
from competition.judging.officials import names_of
from competition.judging.permissions import may
from competition.judging.slot_gates import GateLine, LastAct, Unfinished
from competition.web import gates, matrix
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.said import module_name, seat_said
from competition.web.views import Text


class GateForm(msgspec.Struct):
    """What is done ("open", "close", "free", "undo") with which slot of which module; to undo: the line of the act."""

    do: str = ""
    module: str = ""
    n: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """A sheet that isn't signed, as people call it, and what its tablet said last."""

    code: str
    seat: Text
    form: Text
    marked: int
    of: int
    unsent: int
    silent: bool


@dataclass(frozen=True, slots=True)
class ModuleGates:
    """A module and its slots; run: officials open and close them; last: what can be taken back, and who did it."""

    id: str
    name: Text
    lines: tuple[GateLine, ...]
    run: bool
    last: LastAct | None
    last_by: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The slot somebody is about to close, and whose sheets aren't signed."""

    module: str
    name: Text
    n: int
    owed: tuple[Owed, ...]
    unsent: int
    silent: int


@dataclass(frozen=True, slots=True)
class SlotsPage:
    """/desk/events/{id}/slots."""

    id: str
    name: Text
    modules: tuple[ModuleGates, ...]
    may: bool
    closing: Closing | None


@get("/slots", sync_to_thread=True)
def slots_page(
    request: Asked, event_id: FromPath[str], module: FromQuery[str] = "", close: FromQuery[str] = ""
) -> Response[str]:
    """Every slot with its gate; asked to close one, who isn't done."""
    return _page(request, event_id, (module, close) if close else None)


@post("/slots", sync_to_thread=True, status_code=200)
def set_gate(request: Asked, event_id: FromPath[str], data: Form[GateForm]) -> Response[Any]:
    """Open or close one, leave all to themselves, or take the last act back."""
    by = person(request).official
    one: dict[str, Callable[[sa.Connection, datetime], None]] = {
        "open": lambda conn, at: slot_gates.open_slot(conn, event_id, data.module, _number(data.n), by, at),
        "close": lambda conn, at: slot_gates.close_slot(conn, event_id, data.module, _number(data.n), by, at),
        "free": lambda conn, at: slot_gates.free_slots(conn, event_id, data.module, by, at),
        "undo": lambda conn, at: slot_gates.undo_gate(conn, event_id, data.module, data.act, by, at),
    }

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, "slot_gates", event_id)
        if data.do not in one:
            raise MarkError("请选要做什么：开放、关闭或撤销。", "Say what to do: open, close or take back.")
        one[data.do](conn, at)

    return gates.through(request, event_id, "slots", act, lambda no: _page(request, event_id, None, no))


def _page(
    request: Asked, event_id: str, closing: tuple[str, str] | None, problem: CompetitionError | None = None
) -> Response[str]:
    def look(conn: sa.Connection) -> SlotsPage:
        roles = at_event(conn, person(request), event_id)
        law = store.thawed(conn, event_id)
        names = names_of(conn)
        mine = may(roles, "slot_gates")
        found = []
        for module in law.modules:
            if lines := slot_gates.gates(conn, event_id, module.id):
                last = slot_gates.last_act(conn, event_id, module.id)
                title = {"zh": module.name.zh, "en": module.name.en}
                by = names.get(last.by, last.by) if last else ""
                found.append(ModuleGates(module.id, title, tuple(lines), any(one.gate for one in lines), last, by))
        asked = _closing(request, conn, event_id, law, *closing) if closing and mine else None
        return SlotsPage(event_id, gates.event_name(conn, event_id), tuple(found), mine, asked)

    view = read(request, look)
    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "desk/slots.html", status=status, view=view, problem=problem, done=done)


def _closing(
    request: Asked, conn: sa.Connection, event_id: str, law: rules.Rules, module: str, n: str
) -> Closing:  # fmt: skip
    owed = slot_gates.unfinished(conn, event_id, module, _number(n), request.app.state.clock())
    codes = matrix.codes_of(judging.entries(conn, event_id), judging.progress(conn, event_id))
    heard = {one.seat: one for one in owed}.values()
    title = module_name(law, module)
    return Closing(
        module,
        {"zh": title.zh, "en": title.en},
        _number(n),
        tuple(_owed(law, codes, module, one) for one in owed),
        sum(one.unsent for one in heard),
        sum(one.silent for one in heard),
    )


def _owed(law: rules.Rules, codes: dict[str, str], module: str, one: Unfinished) -> Owed:
    return Owed(
        codes[one.entry], seat_said(law, one.seat), law.sheet(module, one.form).name, one.marked, one.of, one.unsent, one.silent
    )  # fmt: skip


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 4:
        raise MarkError(f"“{text[:20]}”不是场次号。", f"“{text[:20]}” is no slot's number.")
    return int(text)


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[slots_page, set_gate], guards=[encrypted, signed_in])
]
