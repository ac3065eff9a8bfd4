"""Certificate designs at the desk: each tried with the event's own longest names and rarest characters, one chosen and remembered."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, NotFound
from competition.judging.designs import bearers_of, choose_design, design_of, designs_for
from competition.publish.certificate import CertificateData
from competition.publish.certificates import batch_in_process
from competition.publish.composing import compose
from competition.publish.design import KINDS, Design
from competition.publish.extremes import Extreme, Squeezed, extremes, squeezed
from competition.publish.preflight import preflight
from competition.publish.samples import load_samples
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event
from competition.web.headers import FRAMED, POLICY
from competition.web.pages import moment, page
from competition.web.seats import tablet_base
from competition.web.views import Text


class DesignForm(msgspec.Struct):
    """The design to remember for one kind of certificate."""

    kind: str
    design: str


@dataclass(frozen=True, slots=True)
class DesignsPage:
    """/desk/events/{id}/certificates/designs. chosen: the name in force, "" when it is not there any more."""

    id: str
    name: Text
    kind: str
    kinds: tuple[str, ...]
    designs: tuple[tuple[str, Text], ...]
    chosen: str
    shown: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A design with the bearers it was tried with; `own`: they are the event's, else the design's own samples."""

    design: Design
    certificates: tuple[CertificateData, ...]
    address: str | None
    extremes: tuple[Extreme, ...]

    @property
    def own(self) -> bool:
        """Whether the event has anybody to try it with."""
        return bool(self.extremes)


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """/desk/events/{id}/certificates/preview, in the frame beside the form."""

    id: str
    kind: str
    design: str
    name: Text
    own: bool
    tried: tuple[Extreme, ...]
    faults: tuple[Text, ...]
    warnings: tuple[Text, ...]
    squeezed: tuple[Squeezed, ...]


@get("/certificates/designs", sync_to_thread=True)
def designs_page(
    request: Asked, event_id: FromPath[str], kind: FromQuery[str] = "award", design: FromQuery[str] = ""
) -> Response[str]:
    """The designs for one kind of certificate, with a look at one beside the form."""
    return _page(request, event_id, kind, design)


@post("/certificates/designs", sync_to_thread=True, status_code=200)
def choose(request: Asked, event_id: FromPath[str], data: Form[DesignForm]) -> Response[Any]:
    """Remember the design: whatever is printed from now on is printed on it."""
    by, folder = person(request).official, _folder(request)
    try:
        write(request, lambda conn, at: choose_design(conn, event_id, by, at, data.kind, data.design, folder))
    except CompetitionError as refusal:
        return _page(request, event_id, data.kind, data.design, refusal)
    return Redirect(f"/desk/events/{event_id}/certificates/designs?kind={data.kind}&done=1", status_code=303)


@get("/certificates/preview", sync_to_thread=True)
def preview(
    request: Asked, event_id: FromPath[str], kind: FromQuery[str] = "award", design: FromQuery[str] = ""
) -> Response[str]:
    """What came of trying the design: the faults, what was made smaller, and the pages themselves."""
    tried = read(request, lambda conn: _tried(conn, request, event_id, kind, design))
    found = preflight(tried.design, tried.certificates, tried.address)
    view = PreviewPage(
        id=event_id,
        kind=kind,
        design=tried.design.folder.name,
        name=dict(tried.design.name),
        own=tried.own,
        tried=tried.extremes,
        faults=tuple({"zh": one.zh, "en": one.en} for one in found if one.severity == "error"),
        warnings=tuple({"zh": one.zh, "en": one.en} for one in found if one.severity != "error"),
        squeezed=tuple(
            dict.fromkeys(
                small
                for one in tried.certificates
                for small in squeezed(tried.design, compose(tried.design, one, tried.address))
            )
        ),
    )
    framed = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return page(request, "certificates/preview.html", view=view, headers={"Content-Security-Policy": framed})


@get("/certificates/preview.pdf")
async def preview_pdf(
    request: Asked, event_id: FromPath[str], kind: FromQuery[str] = "award", design: FromQuery[str] = ""
) -> Response[bytes]:
    """The pages; every one says 样张, and its QR leads to no certificate. Refused with the findings when it can't be drawn."""
    tried = await asyncio.to_thread(read, request, lambda conn: _tried(conn, request, event_id, kind, design))
    made = await asyncio.to_thread(batch_in_process, tried.design, tried.certificates, tried.address)
    headers = {
        "Content-Disposition": f'inline; filename="{tried.design.folder.name}.pdf"',
        "Cache-Control": "no-store",
        "Content-Security-Policy": FRAMED,
    }
    return Response(made, media_type="application/pdf", headers=headers)


def _folder(request: Asked) -> Path:
    root: Path = request.app.state.settings.root
    return root / "certificates"


def _page(
    request: Asked, event_id: str, kind: str, shown: str, problem: CompetitionError | None = None
) -> Response[str]:
    def look(conn: sa.Connection) -> DesignsPage:
        _may(conn, request, event_id)
        known = designs_for(conn, event_id, _folder(request), kind)
        try:
            chosen = design_of(conn, event_id, _folder(request), kind).folder.name
        except NotFound:
            chosen = ""
        name = shown if shown in known else chosen or next(iter(known), "")
        named = tuple((id, dict(one.name)) for id, one in known.items())
        return DesignsPage(event_id, gates.event_name(conn, event_id), kind, KINDS, named, chosen, name)

    view = read(request, look)
    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "certificates/designs.html", status=status, view=view, problem=problem, done=done)


def _may(conn: sa.Connection, request: Asked, event_id: str) -> None:
    at_event(conn, person(request), event_id)
    judging.permit(conn, person(request).official, "design", event_id)


def _tried(conn: sa.Connection, request: Asked, event_id: str, kind: str, name: str) -> Tried:
    _may(conn, request, event_id)
    known = designs_for(conn, event_id, _folder(request), kind)
    if name not in known:
        raise NotFound(f"没有可用的设计 {name}。", f"There is no design {name} for these certificates.")
    design, today = known[name], moment(request.app.state.clock()).date()
    address = request.app.state.settings.public_address or tablet_base(request)
    event = bearers_of(conn, event_id, kind)
    some = extremes(design, event.bearers)
    if not some:
        samples = load_samples(design.folder)
        return Tried(design, samples.certificates, samples.public_address, ())
    certificates = tuple(
        CertificateData(
            number=f"SAMPLE-{today.year}-{event.job:03d}-0-{n:04d}-0",
            code=f"{n:010d}",
            name=one.name,
            unit=one.unit,
            event=event.event,
            award=event.award,
            place=n if kind in ("award", "team") else None,
            games=event.games,
            issuers=(event.host,),
            issued_on=today,
            sample=True,
            members=one.members,
        )
        for n, one in enumerate(some, 1)
    )
    return Tried(design, certificates, address, some)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[designs_page, choose, preview, preview_pdf],
        guards=[encrypted, signed_in],
    )
]
