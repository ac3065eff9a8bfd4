"""Decoding: the encryptor and the supervisor turn codes back into names together, in one form, when all is locked."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, signed_in
from competition.web.gate_views import Blocker, Gate
from competition.web.pages import local


class CoSign(msgspec.Struct):
    """Both officials' own user names and passwords."""

    encryptor_username: str
    encryptor_password: str
    supervisor_username: str
    supervisor_password: str


@get("/decode", sync_to_thread=True)
def decode_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The co-signing form, or what still stands before it."""
    return _page(request, event_id)


@post("/decode", sync_to_thread=True, status_code=200)
def decode(request: Asked, event_id: FromPath[str], data: Form[CoSign]) -> Response[Any]:
    """Both passwords, then the decoding, in one transaction. A wrong password is counted against its owner."""

    def act(conn: sa.Connection, at: datetime) -> None:
        encryptor = judging.check_password(conn, data.encryptor_username.strip(), data.encryptor_password, at)
        supervisor = judging.check_password(conn, data.supervisor_username.strip(), data.supervisor_password, at)
        judging.decode_event(conn, event_id, encryptor, supervisor, at)

    return gates.through(request, event_id, "decode", act, lambda refusal: _page(request, event_id, refusal))


def _page(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    def build(conn: sa.Connection, gate: Gate) -> Gate:
        seal = judging.seal_state(conn, event_id)
        facts = [("drawn_at", local(seal.drawn_at) if seal.drawn_at else "—")]
        blockers = gates.unlocked(conn, event_id, signed_is_enough=False)
        if seal.decoded_at:
            facts.append(("decoded_at", local(seal.decoded_at)))
            blockers = (Blocker({"zh": "已经解码，不需要再做。", "en": "Already decoded; nothing to do."}, None),)
        return replace(gate, blockers=blockers, facts=tuple(facts))

    return gates.gate_page(request, event_id, "decode", build, problem=problem)


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[decode_page, decode], guards=[encrypted, signed_in])
]
