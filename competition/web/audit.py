"""The audit at the desk: everything compared with the ledger, every release computed again, the heads to be kept elsewhere."""

import json
from dataclasses import dataclass

import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromQuery
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import Finding, NotAllowed
from competition.judging.auditing import audit, exported
from competition.judging.verification import verify_releases
from competition.store.games import Event
from competition.web.auth import Asked, encrypted, person, read, signed_in
from competition.web.desk import download
from competition.web.pages import page


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to. `code` is that of the heads as they are now, to be compared with the signed paper."""

    findings: tuple[Finding, ...]
    chains: int
    releases: int
    code: str


@get("/", sync_to_thread=True)
def audit_page(request: Asked, run: FromQuery[str] = "") -> Response[str]:
    """What the audit does; with `run` its outcome. It only reads, and takes some seconds for a whole games."""
    _allowed(request)
    outcome = read(request, _outcome) if run == "1" else None
    return page(request, "desk/audit.html", outcome=outcome, at=store.stamp(request.app.state.clock()))


@get("/heads.json", sync_to_thread=True)
def heads(request: Asked) -> Response[bytes]:
    """The ends of all chains and the sums of all tables, to be kept on another medium."""
    _allowed(request)
    made = read(request, exported)
    content = json.dumps(made.stored(), ensure_ascii=False, indent=2).encode()
    return download(content, "application/json", f"heads-{made.code}.json")


def _allowed(request: Asked) -> None:
    if not judging.may(person(request).anywhere, "audit"):
        raise NotAllowed("核对账本由监督仲裁和组委会进行。", "The audit is for supervisors and organisers.")


def _outcome(conn: sa.Connection) -> Outcome:
    events = list(conn.scalars(sa.select(Event.id).order_by(Event.id)))
    findings = audit(conn, None) + [one for event in events for one in verify_releases(conn, event)]
    unique = dict.fromkeys((one.where, one.zh, one.en) for one in findings)
    made = exported(conn)
    return Outcome(
        tuple(Finding(*one) for one in unique),
        len(made.heads),
        sum(len(judging.releases(conn, event)) for event in events),
        made.code,
    )


routes: list[ControllerRouterHandler] = [
    Router("/desk/audit", route_handlers=[audit_page, heads], guards=[encrypted, signed_in])
]
