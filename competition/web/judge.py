"""The judge's tablet: the page behind a seat card, the tablet's shell, and the few calls it makes.

Uses of `app.state`: `writer` and `engine` (competition.store), `clock` (aware UTC now), `words` (the catalogue). A tablet is
known by the bearer token in its Authorization header, never by a cookie. Nothing here tells whose work a sheet is about.
`run` names this start of the server: a tablet that hears a new one looks whether its confirmed marks are still there, as after
a restore the last minute's may not be.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar, cast

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from markupsafe import Markup
from msgspec import Meta, Struct
from sqlalchemy import Connection

from competition import judging, store
from competition.errors import CompetitionError, NotAllowed
from competition.judging.own_total import own_total
from competition.web.pages import page
from competition.words import Words

T = TypeVar("T")
Asked = Request[Any, Any, State]

BATCH = 100
LARGEST = 2_000_000  # bytes of a body: a long signature is some 100 kB


class JoinIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A seat card's token, its PIN, and the token the tablet made for itself.

    The tablet makes its own token so that a reply lost on poor Wi-Fi costs nothing: sent again, it is let in again.
    """

    token: Annotated[str, Meta(min_length=8, max_length=200)]
    pin: Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
    device_token: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class MarkIn(judging.MarkOp, frozen=True, forbid_unknown_fields=True):
    """One mark, with nothing beside what a mark has."""


class MarksIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Marks in the order they were made."""

    marks: Annotated[list[MarkIn], Meta(max_length=BATCH)]


class SignIn(judging.SignOp, frozen=True, forbid_unknown_fields=True):
    """One signature."""


class PingIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A sign of life: marks the tablet still holds, the sheet that is open, its clock's lead in ms, battery, program, and the
    messages that were acknowledged on it."""

    unsent: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    open: Annotated[str, Meta(max_length=64)] | None = None
    clock_ms: Annotated[int, Meta(ge=-(10**13), le=10**13)] | None = None
    battery: Annotated[int, Meta(ge=0, le=100)] | None = None
    app: Annotated[str, Meta(max_length=40)] | None = None
    seen: Annotated[list[str], Meta(max_length=50)] = []


class AskIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A request to open a signed sheet again, wholly or some items of it."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    sheet: str
    items: Annotated[list[str], Meta(max_length=500)]
    reason: Annotated[str, Meta(min_length=2, max_length=200)]


class JottingIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The judge's own workings on one item; no item: on the whole sheet."""

    sheet: str
    item: str
    flag: bool
    zero: bool
    note: Annotated[str, Meta(max_length=2000)]
    counter: Annotated[int, Meta(ge=0)]


class JottingsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Workings that changed since they were last sent."""

    rows: Annotated[list[JottingIn], Meta(max_length=5 * BATCH)]


class Unpaired(CompetitionError):
    """The tablet is not, or no longer, in a seat. It keeps its marks and asks for a card."""

    status = 401


@get("/join/{token:str}", sync_to_thread=True)
def join_page(request: Asked, token: FromPath[str]) -> Response[str]:
    """What a seat card's QR code opens: which seat it is, the PIN, and whether this tablet is fit for it."""
    at = request.app.state.clock()
    with store.reading(request.app.state.engine) as conn:
        try:
            card = judging.pairing_for(conn, token, at)
        except NotAllowed as refusal:
            return page(request, "judge/card_refused.html", status=refusal.status, message=refusal)
        event = judging.event_line(conn, card.event_id)
        rules = store.thawed(conn, card.event_id)
    panel_id, _, n = card.seat.rpartition(".")
    return page(
        request, "judge/join.html", token=token, server_at=store.stamp(at), words=shell_words(request.app.state.words), judge=card.judge,
        games={"zh": event.games_zh, "en": event.games_en}, event={"zh": card.event_zh, "en": card.event_en},
        panel=next(panel.name for panel in rules.panels if panel.id == panel_id), seat_n=n,
    )  # fmt: skip


@get("/judge", sync_to_thread=True)
def tablet(request: Asked) -> Response[str]:
    """The shell. It holds no data: the tablet fetches its session, or opens the one it kept."""
    program = request.app.state.program
    return page(
        request, "judge/tablet.html", words=shell_words(request.app.state.words), app=program.version,
        modules=program.modules,
    )  # fmt: skip


@post("/join", status_code=200)
async def join(request: Asked, data: JSONBody[JoinIn]) -> Response[dict[str, Any]]:
    """Put the tablet into the card's seat. NotAllowed says why not; wrong PINs are counted."""
    at = request.app.state.clock()

    def enter(conn: Connection) -> judging.Device:
        try:
            return judging.device_for(conn, data.device_token, at)
        except NotAllowed:
            return judging.join(conn, data.token, data.pin, data.device_token, at, secrets.token_bytes)

    device = await request.app.state.writer.submit(enter)
    return _said({"seat": device.seat, "event": device.event_id, "judge": device.judge, "server_at": store.stamp(at)})


@get("/session", sync_to_thread=True)
def session(request: Asked) -> Response[dict[str, Any]]:
    """Everything the tablet needs to go on alone: its forms, its sheets by code, their marks."""
    at = request.app.state.clock()
    with store.reading(request.app.state.engine) as conn:
        body = judging.session(conn, _device(conn, request, at), at)
    return _said({**body, "version": _version(body), "run": request.app.state.run})


@get("/total/{sheet:str}", sync_to_thread=True)
def total(request: Asked, sheet: FromPath[str]) -> Response[dict[str, Any]]:
    """The seat's own points on one of its sheets as the server adds them up, and which marks it has added."""
    at = request.app.state.clock()
    with store.reading(request.app.state.engine) as conn:
        told = own_total(conn, _device(conn, request, at), sheet)
    return _said({"points": told.points, "marks": told.marks})


@post("/marks", status_code=200)
async def marks(request: Asked, data: JSONBody[MarksIn]) -> Response[dict[str, Any]]:
    """Record marks. The answer comes only when they are on disk: one receipt for each, in order."""
    receipts = await _act(request, lambda conn, device, at: judging.record_marks(conn, device, data.marks, at))
    return _said({"receipts": receipts, "server_at": _now(request)})


@post("/sign", status_code=200)
async def sign(request: Asked, data: JSONBody[SignIn]) -> Response[dict[str, Any]]:
    """Sign a sheet as the judge saw it; the receipt says accepted, known or refused."""
    receipt = await _act(request, lambda conn, device, at: judging.sign_sheet(conn, device, data, at))
    return _said({**msgspec.to_builtins(receipt), "server_at": _now(request)})


@post("/ping", status_code=200)
async def ping(request: Asked, data: JSONBody[PingIn]) -> Response[dict[str, Any]]:
    """Note that the tablet is there. `version` moves when its sheets did, so that it fetches the session again.

    `twins` are other live tablets in the seat, `held` the sheets open on them: warnings, never locks.
    """

    def beat(conn: Connection, device: judging.Device, at: datetime) -> None:
        told = msgspec.structs.asdict(data)
        judging.saw_messages(conn, device, told.pop("seen"), at)
        judging.heartbeat(conn, device, judging.Pulse(**told), at)

    def look() -> dict[str, Any]:
        at = request.app.state.clock()
        with store.reading(request.app.state.engine) as conn:
            device = _device(conn, request, at)
            twins, held = judging.twins(conn, device, at)
            told = judging.session(conn, device, at, forms=False)
        return {
            "version": _version(told),
            "twins": twins,
            "held": dict.fromkeys(held, True),
            "strip": told["seat"]["strip"],
        }

    await _act(request, beat)  # only the beat itself: marks wait behind what the writer does
    told = await asyncio.to_thread(look)
    return _said(
        {**told, "run": request.app.state.run, "app": app_version(request.app.state), "server_at": _now(request)}
    )


@post("/ask", status_code=200)
async def ask(request: Asked, data: JSONBody[AskIn]) -> Response[dict[str, Any]]:
    """Ask the chief to open a signed sheet again; the receipt says accepted, known or refused."""
    op = judging.AskOp(data.id, data.sheet, data.items, data.reason)
    receipt = await _act(request, lambda conn, device, at: judging.ask_unlock(conn, device, op, at))
    return _said({**msgspec.to_builtins(receipt), "server_at": _now(request)})


@post("/jottings", status_code=200)
async def jottings(request: Asked, data: JSONBody[JottingsIn]) -> Response[dict[str, Any]]:
    """Keep the judge's own workings, so that a replacement tablet has them; `kept` of them are about this seat's sheets."""
    rows = [judging.JottingRow(*msgspec.structs.astuple(row)) for row in data.rows]
    kept = await _act(request, lambda conn, device, at: judging.keep_jottings(conn, device, rows, at))
    return _said({"kept": kept, "server_at": _now(request)})


@get("/ping", sync_to_thread=False)
def clock(request: Asked) -> Response[dict[str, Any]]:
    """The server's time, for the self-test before a tablet is paired; and its run, for a tablet that missed an answer."""
    return _said({"server_at": _now(request), "run": request.app.state.run})


async def _act(request: Asked, act: Callable[[Connection, judging.Device, datetime], T]) -> T:
    """Do it through the writer as the tablet that asks; whether it still may is looked up in the same transaction."""
    at = request.app.state.clock()
    done = await request.app.state.writer.submit(lambda conn: act(conn, _device(conn, request, at), at))
    return cast(T, done)


def _device(conn: Connection, request: Asked, at: datetime) -> judging.Device:
    """The tablet behind the bearer token. Unpaired (401) if there is none."""
    kind, _, bearer = request.headers.get("authorization", "").partition(" ")
    try:
        return judging.device_for(conn, bearer if kind.lower() == "bearer" else "", at)
    except NotAllowed as refusal:
        raise Unpaired(refusal.zh, refusal.en) from None


_MOVING = ("id", "code", "station", "slot", "opens_at", "gate", "rivals", "asked", "refused", "reopened", "recheck")


def _version(body: dict[str, Any]) -> str:
    """A token that moves when a sheet is assigned, coded, closed, opened, asked for or disputed, not with the judge's marks."""
    closed = ("signed", "locked", "checked")
    lines = [
        [line[key] for key in _MOVING] + [line["state"] if line["state"] in closed else "open"]
        for line in body["sheets"]
    ]
    messages = [one["id"] for one in body["messages"]]
    told = msgspec.json.encode([body["event"]["edition"], body["seat"], lines, messages])
    return hashlib.sha256(told).hexdigest()[:16]


def app_version(state: State) -> str:
    """The version of the tablet's program as it is served now: what a tablet that loaded another is told."""
    version: str = state.program.version
    return version


def shell_words(catalogue: Words) -> Markup:
    """Both languages of this audience as a JSON data block, which runs nothing and so passes the content policy."""
    mine = {key: dict(text) for key, text in catalogue.texts.items() if key.startswith("judge.")}
    return Markup(msgspec.json.encode(mine).decode().replace("<", "\\u003c"))


def _now(request: Asked) -> str:
    return store.stamp(request.app.state.clock())


def _said(body: dict[str, Any]) -> Response[dict[str, Any]]:
    return Response(body, headers={"Cache-Control": "no-store"})


routes: list[ControllerRouterHandler] = [
    join_page,
    tablet,
    Router(
        path="/api/judge",
        route_handlers=[join, session, total, marks, sign, ask, jottings, ping, clock],
        request_max_body_size=LARGEST,
    ),
]
