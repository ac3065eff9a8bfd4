"""Seats and their cards: a one-time QR code and a PIN for each seat, shown once; tablets revoked; a seat marked absent."""

import base64
import ipaddress
import secrets
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.judging.readiness import OFF_TABLET
from competition.judging.standings import needs_second
from competition.publish import qr
from competition.web import matrix
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event
from competition.web.gate_views import Cards, SeatCard, SeatLine, Seats
from competition.web.pages import page
from competition.web.said import seat_said
from competition.web.tablets import device_lines

Made = tuple[str, str, str | None]
"""A card: its seat's label, its token, its PIN (None: the judge keeps the old one)."""


class SeatForm(msgspec.Struct):
    """One seat, and why."""

    seat: str
    reason: str = ""


class ReplaceForm(msgspec.Struct):
    """One seat whose tablet is replaced, why, and whether its judge gets a new PIN."""

    seat: str
    reason: str
    new_pin: str = ""


class DeviceForm(msgspec.Struct):
    """One tablet, and why."""

    device: str
    reason: str


@get("/", sync_to_thread=True)
def seats(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The seats of an event with their judges and tablets."""

    def look(conn: sa.Connection) -> Seats:
        roles = at_event(conn, person(request), event_id)
        law, away = store.thawed(conn, event_id), matrix.absences(conn, event_id)
        known = judging.event_line(conn, event_id)
        at = request.app.state.clock()
        devices = [one for one in judging.devices(conn, event_id) if one.revoked_at is None]

        def line(one: judging.SeatLine) -> SeatLine:
            here = device_lines(law, [each for each in devices if each.seat == one.label], at)
            live = sum(bool(each.last_seen) and not each.silent for each in here)
            return SeatLine(
                label=one.label,
                said=seat_said(law, one.label),
                judge=one.judge,
                trainee=one.trainee,
                devices=here,
                absent=(one.label, "*") in away,
                twins=live if live > 1 else 0,
            )

        return Seats(
            id=event_id,
            name={"zh": known.name_zh, "en": known.name_en},
            seats=tuple(line(one) for one in judging.seats(conn, event_id) if _has_tablet(law, one.panel)),
            may=matrix.powers(roles),
            two=needs_second(conn, event_id),
        )

    return page(request, "desk/seats.html", view=read(request, look))


@post("/card", sync_to_thread=True, status_code=200)
def card(request: Asked, event_id: FromPath[str], data: Form[SeatForm]) -> Response[str]:
    """A new card for one seat; earlier unused cards of the seat stay good until they expire."""
    return _cards(request, event_id, [data.seat])


@post("/cards", sync_to_thread=True, status_code=200)
def cards(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """New cards for all seats that hold a tablet."""

    def look(conn: sa.Connection) -> list[str]:
        law = store.thawed(conn, event_id)
        return [one.label for one in judging.seats(conn, event_id) if _has_tablet(law, one.panel)]

    return _cards(request, event_id, read(request, look))


@post("/replace", sync_to_thread=True, status_code=200)
def replace(request: Asked, event_id: FromPath[str], data: Form[ReplaceForm]) -> Response[str]:
    """Another tablet for a seat, in one act: the old ones are revoked, the new card is shown, and what the old still hold."""
    by, token = person(request).official, secrets.token_urlsafe(24)
    pin = _new_pin() if data.new_pin else None
    old = write(
        request,
        lambda conn, at: judging.replace_tablet(conn, event_id, data.seat, by, data.reason, at, token, pin),
    )
    return _shown(request, event_id, [(data.seat, token, pin)], old)


@post("/revoke", sync_to_thread=True)
def revoke(request: Asked, event_id: FromPath[str], data: Form[DeviceForm]) -> Redirect:
    """Take a tablet out of its seat; what it has sent stays."""
    by = person(request).official
    write(request, lambda conn, at: judging.revoke_device(conn, data.device, by, data.reason, at))
    return Redirect(f"/desk/events/{event_id}/seats", status_code=303)


def tablet_base(request: Asked) -> str:
    """The address that tablets reach: the one this page was opened at, or this machine's on the venue network."""
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    host = urlsplit(here).hostname or ""
    if not _on_this_machine(host) or _on_this_machine(request.app.state.settings.host):
        return here
    settings = request.app.state.settings
    lan = settings.tablet_host or _lan_address()
    return f"{settings.scheme}://{lan}:{settings.port}" if lan else here


def _cards(request: Asked, event_id: str, labels: list[str]) -> Response[str]:
    by = person(request).official
    made: list[Made] = []
    for label in labels:
        token, pin = secrets.token_urlsafe(24), _new_pin()
        # One act a card, so that hashing many PINs never holds up the marks behind them.
        write(request, lambda conn, at, one=(label, token, pin): _pair(conn, event_id, by, at, *one))  # type: ignore[misc]
        made.append((label, token, pin))
    return _shown(request, event_id, made)


def _shown(request: Asked, event_id: str, made: list[Made], old: Sequence[judging.DeviceLine] = ()) -> Response[str]:
    """The cards just made, this once."""
    base = tablet_base(request)

    def look(conn: sa.Connection) -> Cards:
        law = store.thawed(conn, event_id)
        known = judging.event_line(conn, event_id)
        judges = {one.label: one.judge for one in judging.seats(conn, event_id)}
        return Cards(
            id=event_id,
            name={"zh": known.name_zh, "en": known.name_en},
            games={"zh": known.games_zh, "en": known.games_en},
            cards=tuple(
                SeatCard(seat_said(law, label), judges[label], address, pin, _image(address))
                for label, token, pin in made
                for address in [f"{base}/join/{token}"]
            ),
            base=base,
            plain=_on_this_machine(urlsplit(base).hostname or ""),
            replaced=device_lines(law, old, request.app.state.clock()),
            may=matrix.powers(judging.roles(conn, person(request).official, event_id)),
        )

    return page(request, "desk/cards.html", view=read(request, look))


def _new_pin() -> str:
    return f"{secrets.randbelow(10**6):06d}"


def _pair(
    conn: sa.Connection, event_id: str, by: judging.Official, at: object, label: str, token: str, pin: str
) -> None:
    judging.make_pairing(conn, event_id, label, by, at, token, pin)  # type: ignore[arg-type]


def _image(address: str) -> str:
    """The code as an image in the page itself: a one-time address must not stand in a second request and its log."""
    return f"data:image/svg+xml;base64,{base64.b64encode(qr.svg(address)).decode()}"


def _has_tablet(law: rules.Rules, panel: str) -> bool:
    return any(one.id == panel and one.kind not in OFF_TABLET for one in law.panels)


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _lan_address() -> str | None:
    """The address this machine uses on its network. Choosing a route sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # a documentation address (RFC 5737)
        except OSError:
            return None
        found: str = sock.getsockname()[0]
        return found


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}/seats",
        route_handlers=[seats, card, cards, replace, revoke],
        guards=[encrypted, signed_in],
    )
]
