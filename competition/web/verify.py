"""Certificate verification: /c/{code}, what the QR code on a certificate opens. Status first; the name masked until known."""

import unicodedata
from typing import Any
from urllib.parse import quote

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, NotFound
from competition.publish.names import masked, same_name
from competition.publish.proof_keys import public_text
from competition.web import registers
from competition.web.auth import Asked, Form, read
from competition.web.limits import Limit
from competition.web.pages import local, page
from competition.web.public_views import CertificatePage

LOOKS = Limit(30, 60)  # so many looks a minute from one address: a family's phones, not a list of guessed codes
TRIES = Limit(6, 60)  # so many names a minute


class NameForm(msgspec.Struct):
    """The full name the visitor expects."""

    name: str


class TooMany(CompetitionError):
    """Too many tries from one address."""

    status = 429


@get("/", sync_to_thread=True)
def start(request: Asked, code: FromQuery[str] = "") -> Response[Any]:
    """The form to type a code; a typed code goes to its own page."""
    if code.strip():
        return Redirect(f"/c/{quote(tidy(code), safe='')}", status_code=303)
    return page(request, "public/verify.html", games={"zh": "", "en": ""})


@get("/keys.txt", sync_to_thread=True, media_type="text/plain")
def keys(request: Asked) -> str:
    """The public keys with which certificates check without a network."""
    return public_text(request.app.state.settings.var)


@get("/{code:str}", sync_to_thread=True)
def look(request: Asked, code: FromPath[str]) -> Response[str]:
    """The certificate behind a code, or that there is none."""
    _allow(LOOKS, request)
    return _page(request, tidy(code), None)


@post("/{code:str}", sync_to_thread=True, status_code=200)
def compare(request: Asked, code: FromPath[str], data: Form[NameForm]) -> Response[str]:
    """The same, with the name compared: shown in full when it matches."""
    _allow(TRIES, request)
    return _page(request, tidy(code), data.name)


def _page(request: Asked, code: str, name: str | None) -> Response[str]:
    view = read(request, lambda conn: _view(conn, code, name, request.app.state.settings.public_address or ""))
    games = view.games or {"zh": "", "en": ""}
    status = 404 if view.status == "unknown" else 200
    return page(request, "public/certificate.html", status=status, view=view, games=games)


def _view(conn: sa.Connection, code: str, name: str | None, address: str) -> CertificatePage:
    try:
        one = judging.certificate_for(conn, code)
    except NotFound:
        return CertificatePage(code=code, status="unknown", address=address)
    holder = one.name or ""
    matched = None if name is None else bool(holder) and same_name(name, holder)
    return CertificatePage(
        code=code,  # as it was asked for: a number, which can be counted through, must not lead to the code
        status="sample" if one.sample else one.status,
        name=holder if matched or one.kind == "organising_unit" else masked(holder) if holder else "—",
        matched=matched,
        issuer=registers.host_of(conn, one.event_id),
        games=one.games_name,
        event=one.event_name,
        award=one.award_name,
        number=one.number,
        issued_on=local(one.issued_at, "day"),
        address=address,
        job=one.job_type_name,
        copies=one.copies,
    )


def _allow(limit: Limit, request: Asked) -> None:
    host = request.client.host if request.client else ""
    if not limit.allow(host, request.app.state.clock()):
        raise TooMany("查询太频繁，请一分钟后再试。", "Too many tries. Wait a minute and try again.")


def tidy(code: str) -> str:
    """What people type for a code: spaces and hyphens dropped, letters large, O I L as the digits they look like."""
    plain = unicodedata.normalize("NFKC", code).upper().replace(" ", "")
    bare = plain.replace("-", "")
    return bare.translate(str.maketrans("OIL", "011")) if len(bare) == 10 else plain


# One router: two handlers of one path registered on the application itself are wrapped twice by Litestar 2.25.
routes: list[ControllerRouterHandler] = [Router("/c", route_handlers=[start, keys, look, compare])]
