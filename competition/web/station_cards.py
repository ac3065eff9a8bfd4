"""Station cards on paper (工位卡), one for each station of a module: who is up there when, by the code contestants know themselves by."""

import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import Conflict
from competition.judging import running, slots
from competition.publish.stations import StationCard, station_cards
from competition.web.auth import Asked, encrypted, person, read, signed_in
from competition.web.desk import at_event, download
from competition.web.pages import local
from competition.web.seats import tablet_base


@get("/order/{module:str}/stations.pdf", sync_to_thread=True)
def stations_pdf(request: Asked, event_id: FromPath[str], module: FromPath[str]) -> Response[bytes]:
    """A card for each station, with its slots; their codes are empty lines while nobody has a place."""
    settings = request.app.state.settings
    address = f"{settings.public_address or tablet_base(request)}/order/{event_id}/{module}"

    def look(conn: sa.Connection) -> list[StationCard]:
        at_event(conn, person(request), event_id)
        return cards(conn, event_id, module, address)

    made = station_cards(settings.root / "templates", read(request, look))
    return download(made, "application/pdf", f"{event_id}-{module}-stations.pdf")


def cards(conn: sa.Connection, event_id: str, module: str, address: str) -> list[StationCard]:
    """The cards of a module in the order of its stations. Conflict when it has none."""
    known, law = judging.event_line(conn, event_id), store.thawed(conn, event_id)
    here = [one for one in slots.slots(conn, event_id) if one.module == module]
    if not here:
        raise Conflict(
            "这个模块还没有工位。请先在“筹备”页排场次和工位。", "This module has no stations yet: make slots first."
        )
    name = next(one.name for one in law.modules if one.id == module)
    up = {one.slot: one.public for one in running.running_order(conn, event_id, module)}
    return [
        StationCard(
            known.games_zh,
            known.name_zh,
            {"zh": name.zh, "en": name.en},
            station,
            [
                (one.n, local(one.opens_at) if one.opens_at else "", up.get(one.id, ""))
                for one in here
                if one.station == station
            ],
            known.venue,
            address,
        )
        for station in sorted({one.station for one in here}, key=slots.station_order)
    ]


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[stations_pdf], guards=[encrypted, signed_in])
]
