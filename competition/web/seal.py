"""Decoding: the encryptor and the supervisor open the codes together, layer by layer, when all is locked."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, NotAllowed
from competition.publish.names import called
from competition.web import gates, matrix
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event, download
from competition.web.pages import local, page
from competition.web.seal_papers import layer_record
from competition.web.seal_views import DecodePage, LayerView

READERS = frozenset({"organiser", "chief", "encryptor", "supervisor"})
"""Who reads what an opened layer tells (tablets-and-screens.md 6.1)."""


class CoSign(msgspec.Struct):
    """Both officials' own user names and passwords, and the layer they mean to open."""

    encryptor_username: str
    encryptor_password: str
    supervisor_username: str
    supervisor_password: str
    layer: str


@get("/decode", sync_to_thread=True)
def decode_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The layers, the co-signing form of the next, or what still stands before it."""
    return _page(request, event_id)


@post("/decode", sync_to_thread=True, status_code=200)
def decode(request: Asked, event_id: FromPath[str], data: Form[CoSign]) -> Response[Any]:
    """Both passwords, then one layer is opened, in one transaction. A wrong password is counted against its owner."""
    layer = int(data.layer) if data.layer in ("1", "2", "3") else 0

    def act(conn: sa.Connection, at: datetime) -> None:
        encryptor = judging.check_password(conn, data.encryptor_username.strip(), data.encryptor_password, at)
        supervisor = judging.check_password(conn, data.supervisor_username.strip(), data.supervisor_password, at)
        judging.open_layer(conn, event_id, layer, encryptor, supervisor, at)

    return gates.through(request, event_id, "decode", act, lambda refusal: _page(request, event_id, refusal))


@get("/decode/{layer:int}/record.pdf", sync_to_thread=True)
def opened_record(request: Asked, event_id: FromPath[str], layer: FromPath[int]) -> Response[bytes]:
    """The record of one opened layer, to be signed in ink."""
    at = request.app.state.clock()

    def look(conn: sa.Connection) -> bytes:
        if not at_event(conn, person(request), event_id) & READERS:
            raise NotAllowed("解密记录由组委会、裁判长、加密员和监督查看。", "This record is not for your role.")
        return layer_record(conn, request.app.state.settings.root / "templates", event_id, layer, at)

    return download(read(request, look), "application/pdf", f"{event_id}-decode-{layer}.pdf")


def _page(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    def look(conn: sa.Connection) -> DecodePage:
        roles = at_event(conn, person(request), event_id)
        seal = judging.seal_state(conn, event_id)
        blockers = gates.unlocked(conn, event_id, signed_is_enough=False)
        if seal.drawn_at is None:
            blockers = (
                gates.one("尚未抽签。", "No codes have been drawn.", f"/desk/events/{event_id}/draw"),
                *blockers,
            )
        return DecodePage(
            id=event_id,
            name=gates.event_name(conn, event_id),
            may=matrix.powers(roles),
            blockers=() if seal.decoded_at else blockers,
            layers=_layers(conn, event_id, seal, bool(roles & READERS)),
            next_layer=seal.next_layer,
            drawn_at=local(seal.drawn_at) if seal.drawn_at else "",
            decoded_at=local(seal.decoded_at) if seal.decoded_at else "",
            digest=seal.digest or "",
        )

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "desk/decode.html", status=status, view=read(request, look), problem=problem, done=done)


def _layers(conn: sa.Connection, event_id: str, seal: judging.SealState, readable: bool) -> tuple[LayerView, ...]:
    """The layers from the last drawn to the first; what an opened one tells only for those who may read it."""
    opened = {one.layer: one for one in seal.opened}
    views = []
    for layer in sorted(seal.layers, reverse=True):
        beneath = max((one for one in seal.layers if one < layer), default=0)
        if layer not in opened:
            views.append(LayerView(layer, beneath, "next" if layer == seal.next_layer else "sealed"))
            continue
        act, lines = opened[layer], judging.layer_lines(conn, event_id, layer) if readable else ()
        rows = tuple((one.code, one.beneath or called(one.names, one.team), one.unit or "") for one in lines)
        views.append(LayerView(layer, beneath, "open", local(act.at), (act.encryptor, act.supervisor), rows))
    return tuple(views)


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[decode_page, decode, opened_record],
           guards=[encrypted, signed_in])
]  # fmt: skip
