"""The games as a tree: chains, job types and events, with what each event still needs before it can start."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromQuery
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import NotAllowed
from competition.judging import readiness
from competition.judging.readiness import Need
from competition.judging.slots import SETTERS
from competition.store.games import Event, JobType, Unit
from competition.web import overview
from competition.web.auth import Asked, encrypted, person, read, signed_in
from competition.web.pages import page
from competition.web.views import Choice, Stage, Text


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One event of the tree: how far it has come and what it still needs."""

    id: str
    name: Text
    number: int | None
    chain: str
    stage: Stage
    entries: int
    needs: tuple[Need, ...]
    ready: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """/desk/games. `missing`: how many events lack each thing; `chains` in order, each with its events as filtered."""

    games: Text
    events: int
    ready: int
    shown: int
    units: int
    missing: tuple[tuple[str, int], ...]
    chain_choices: tuple[Choice, ...]
    chain: str
    need: str
    chains: tuple[tuple[Text, tuple[TreeLine, ...]], ...]
    may: bool


@get("/games", sync_to_thread=True)
def tree(request: Asked, chain: FromQuery[str] = "", need: FromQuery[str] = "") -> Response[str]:
    """The games: chains, job types and events, each with what it still needs."""
    state = request.app.state
    who = person(request)
    if not who.anywhere & set(SETTERS):
        raise NotAllowed("筹备页面对组委会和裁判长开放。", "Setting up is for organisers and chief judges.")
    view = read(
        request,
        lambda conn: _tree(conn, state.tallies, state.clock(), chain, need, "organiser" in who.anywhere),
    )
    return page(request, "setup/games.html", view=view)


def _tree(conn: sa.Connection, tallies: overview.Tallies, at: datetime, chain: str, need: str, may: bool) -> Tree:
    known = judging.all_events(conn)
    found = readiness.readiness(conn)
    query = sa.select(Event.id, JobType.number).outerjoin(JobType, JobType.id == Event.job_type_id)
    numbers = {event: number for event, number in conn.execute(query)}
    everything = [
        TreeLine(
            id=line.id, name=line.name, number=numbers.get(line.id), chain=line.chain, stage=line.stage,
            entries=line.entries, needs=found[line.id], ready=readiness.ready(found[line.id]),
        )
        for line in overview.lines(conn, known, tallies, at)
    ]  # fmt: skip
    names = {one.chain_zh: {"zh": one.chain_zh, "en": one.chain_en or one.chain_zh} for one in known if one.chain_zh}
    chain, need = chain if chain in names else "", need if need in (*readiness.NEEDS, "ready") else ""
    everything.sort(key=lambda one: (one.number or 1000, one.id))
    wanted = [one for one in everything if chain in ("", one.chain) and _lacks(one, need)]
    other: Text = {"zh": "其他赛项", "en": "Other events"}
    groups = [*names, *sorted({one.chain for one in wanted} - names.keys())]
    return Tree(
        games=overview.games_of(known),
        events=len(everything),
        ready=sum(one.ready for one in everything),
        shown=len(wanted),
        units=conn.scalar(sa.select(sa.func.count()).select_from(Unit)) or 0,
        missing=tuple((key, sum(_lacks(one, key) for one in everything)) for key in readiness.NEEDS),
        chain_choices=tuple(Choice(id, name) for id, name in names.items()),
        chain=chain,
        need=need,
        chains=tuple(
            (names.get(id, other), lines) for id in groups if (lines := tuple(one for one in wanted if one.chain == id))
        ),
        may=may,
    )


def _lacks(line: TreeLine, need: str) -> bool:
    """Whether an event is shown under a filter: "" all, "ready" those that can start, else those that lack this."""
    if need in ("", "ready"):
        return not need or line.ready
    return any(one.key == need and not one.met for one in line.needs)


routes: list[ControllerRouterHandler] = [Router("/desk", route_handlers=[tree], guards=[encrypted, signed_in])]
