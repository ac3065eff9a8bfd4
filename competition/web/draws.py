"""The draw of codes: two halves of a seed, each typed by its own official on this screen or another, then one draw."""

import json
import secrets
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, NotAllowed
from competition.web import gates, matrix
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event, download
from competition.web.pages import local, page
from competition.web.seal import READERS
from competition.web.seal_papers import draw_paper, map_paper
from competition.web.seal_views import DrawPage, HalfView


class SeedForm(msgspec.Struct):
    """One half of the seed. With a user name it is somebody else's than this desk's, on the same screen."""

    role: str
    words: str
    username: str = ""
    password: str = ""


class LayersForm(msgspec.Struct):
    """Which layers are drawn below 评审号."""

    layer1: str = ""
    layer2: str = ""


@get("/draw", sync_to_thread=True)
def draw_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """How far the draw is."""
    return _page(request, event_id)


@post("/draw/seed", sync_to_thread=True, status_code=200)
def give_seed(request: Asked, event_id: FromPath[str], data: Form[SeedForm]) -> Response[Any]:
    """Lay down one half. Only its digest comes back, now and until everything is decoded."""
    mine = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        role = data.role if data.role in ("encryptor", "supervisor") else "encryptor"
        name = data.username.strip()
        by = judging.check_password(conn, name, data.password, at) if name else mine
        judging.commit_seed(conn, event_id, data.words, by, at, secrets.token_bytes, role)

    return gates.through(request, event_id, "draw", act, lambda refusal: _page(request, event_id, refusal))


@post("/draw", sync_to_thread=True, status_code=200)
def draw(request: Asked, event_id: FromPath[str], data: Form[LayersForm]) -> Response[Any]:
    """Draw the codes."""
    by = person(request).official
    layers = [n for n, wanted in ((1, data.layer1), (2, data.layer2), (3, "yes")) if wanted]

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.draw_codes(conn, event_id, by, at, layers)

    return gates.through(request, event_id, "draw", act, lambda refusal: _page(request, event_id, refusal))


@get("/draw/record.pdf", sync_to_thread=True)
def draw_pdf(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """The record of the draw, to be signed in ink: digests and no codes."""
    at = request.app.state.clock()

    def look(conn: sa.Connection) -> bytes:
        at_event(conn, person(request), event_id)
        return draw_paper(conn, request.app.state.settings.root / "templates", event_id, at)

    return download(read(request, look), "application/pdf", f"{event_id}-draw.pdf")


@get("/draw/record.json", sync_to_thread=True)
def draw_json(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """The record `competition draw replay` reads, once everything is decoded."""

    def look(conn: sa.Connection) -> bytes:
        if not at_event(conn, person(request), event_id) & READERS:
            raise NotAllowed("抽签记录由组委会、裁判长、加密员和监督导出。", "This record is not for your role.")
        told = judging.draw_record(conn, event_id)
        return json.dumps(told, ensure_ascii=False, indent=1).encode()

    return download(read(request, look), "application/json", f"{event_id}-draw.json")


@post("/draw/map.pdf", sync_to_thread=True, status_code=200)
def print_map(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """The code map with names, for the sealed envelope. The encryptor alone; each printing is recorded."""
    by, at = person(request).official, request.app.state.clock()
    drawn = write(request, lambda conn, at: judging.named_map(conn, event_id, by, at))
    templates = request.app.state.settings.root / "templates"
    content = read(request, lambda conn: map_paper(conn, templates, event_id, drawn, at))
    return download(content, "application/pdf", f"{event_id}-map.pdf")


def _page(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    def look(conn: sa.Connection) -> DrawPage:
        roles = at_event(conn, person(request), event_id)
        seal = judging.seal_state(conn, event_id)
        given = {half.role: half for half in seal.commitments}
        return DrawPage(
            id=event_id,
            name=gates.event_name(conn, event_id),
            may=matrix.powers(roles),
            entries=len(judging.entries(conn, event_id)),
            halves=tuple(_half(role, given.get(role), roles) for role in ("encryptor", "supervisor")),
            drawn_at=local(seal.drawn_at) if seal.drawn_at else "",
            decoded=seal.decoded_at is not None,
            digest=seal.digest or "",
            layers=seal.layers,
        )

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "desk/draw.html", status=status, view=read(request, look), problem=problem, done=done)


def _half(role: str, given: judging.Commitment | None, roles: frozenset[str]) -> HalfView:
    if given is None:
        return HalfView(role, None, "", "", role in roles)
    return HalfView(role, given.digest, given.by, local(given.at), role in roles)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[draw_page, draw, give_seed, draw_pdf, draw_json, print_map],
        guards=[encrypted, signed_in],
    )
]
