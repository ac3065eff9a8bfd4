"""The organiser's page of copies: where they lie, how old the last is, one now, a drill; and the runbook for everybody.

Uses `app.state.keeper` (competition.store.keeper): it is there while `competition serve` runs. No copy is ever sent to a
browser: it holds the sealed codes (law 7).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from litestar import Response, Router, get, post
from litestar.datastructures import State
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, Conflict
from competition.judging import drill as drills
from competition.judging.officials import permit
from competition.store.backup import Backup, backups
from competition.store.keeper import Keeper, Place
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.pages import page

ADDRESS = "/desk/safety"
SHOWN = 12  # copies of one place
LITTLE = 2 * 1024**3  # bytes; below it a long day may fill the disk

RUNBOOK = {"server": 5, "network": 4, "tablet": 4, "power": 4, "draw": 4, "paper": 4, "erase": 4}
"""What may happen -> how many steps the page of it has (words `runbook.<what>.<n>`)."""


class Asks(msgspec.Struct):
    """A copy now, or a drill."""

    do: str = ""


class PlaceLine(NamedTuple):
    """One folder as the page shows it. minutes: age of the last copy; None without one."""

    folder: str
    minutes: int | None
    late: bool
    full: bool
    free: str
    fault: CompetitionError | None
    copies: tuple[Backup, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    """The copies of a running server; `minutes` is the age of the newest anywhere."""

    places: tuple[PlaceLine, ...]

    @property
    def minutes(self) -> int | None:
        """How old the newest copy of all places is."""
        return min((one.minutes for one in self.places if one.minutes is not None), default=None)

    @property
    def worst(self) -> str:
        """`danger` when a place is behind, `warn` when all lie on one disk or one is nearly full, else `ok`."""
        if any(one.late for one in self.places):
            return "danger"
        return "warn" if len(self.places) < 2 or any(one.full for one in self.places) else "ok"


def safety_of(state: State, at: datetime, copies: bool = False) -> Safety | None:
    """How the copies stand; None where no keeper runs. Listing the `copies` looks at the disks."""
    keeper = keeper_of(state)
    return None if keeper is None else Safety(tuple(_line(place, at, copies) for place in keeper.places()))


def keeper_of(state: State) -> Keeper | None:
    """The keeper of this server's copies."""
    return state.get("keeper")


@get("/safety", sync_to_thread=True)
def safety_page(request: Asked) -> Response[str]:
    """Where the copies lie, and how the last drill went."""
    read(request, lambda conn: permit(conn, person(request).official, "back_up", None))
    return _page(request)


@post("/safety", sync_to_thread=True, status_code=303)
def act(request: Asked, data: Form[Asks]) -> Response[Any]:
    """A copy now, or a drill with the newest copy."""
    by = person(request).official
    try:
        if data.do == "drill":
            _drill(request, by)
        else:
            write(request, lambda conn, at: drills.ask_backup(conn, by, at))
            _running(request).take("desk")
    except CompetitionError as refusal:
        return _page(request, refusal)
    return Redirect(f"{ADDRESS}?done={'drill' if data.do == 'drill' else 'backup'}", status_code=303)


@get("/runbook", sync_to_thread=False)
def runbook(request: Asked) -> Response[str]:
    """What to do when something breaks, to print before the day."""
    return page(request, "safety/runbook.html", runbook=RUNBOOK)


def _drill(request: Asked, by: judging.Official) -> None:
    write(request, lambda conn, at: drills.ask_drill(conn, by, at))
    state = request.app.state
    newest = _newest(_running(request))
    found = drills.drill(newest.path, state.settings.var / "drill", state.clock(), secrets.token_bytes)
    write(request, lambda conn, at: drills.note_drill(conn, newest.path.name, found, by, at))


def _running(request: Asked) -> Keeper:
    keeper = keeper_of(request.app.state)
    if keeper is None:
        raise Conflict(
            "这个进程没有在备份。请用 competition serve 启动。", "Nothing is copied here. Start with competition serve."
        )
    return keeper


def _newest(keeper: Keeper) -> Backup:
    made = [place.last for place in keeper.places() if place.last is not None]
    if not made:
        raise Conflict("还没有任何备份可供演练。请先点“立即备份”。", "There is no copy yet. Press “Back up now” first.")
    return max(made, key=lambda one: one.at)


def _page(request: Asked, problem: CompetitionError | None = None) -> Response[str]:
    state = request.app.state
    status = problem.status if problem else 200
    return page(
        request, "safety/safety.html", status=status, problem=problem, drill=read(request, drills.last_drill),
        view=safety_of(state, state.clock(), copies=True), done="" if problem else request.query_params.get("done", ""),
        folder=str(state.settings.var / "drill"),
    )  # fmt: skip


def _line(place: Place, at: datetime, copies: bool) -> PlaceLine:
    minutes = None if place.current is None else max(0, int((at - place.current).total_seconds() // 60))
    return PlaceLine(
        str(place.folder), minutes, place.late(at), place.free is not None and place.free < LITTLE,
        "—" if place.free is None else f"{place.free / 1e9:.1f} GB", place.fault,
        tuple(backups(place.folder, place.last.mark if place.last else None)[:SHOWN]) if copies else (),
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [
    Router("/desk", route_handlers=[safety_page, act, runbook], guards=[encrypted, signed_in])
]
