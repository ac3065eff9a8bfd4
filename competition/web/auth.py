"""Who is at the desk: sign in, sign out, and the guards in front of every desk page.

A session is a random cookie (HttpOnly, SameSite=Lax; over HTTPS also Secure and bound to this host by its name) of which the
store keeps only the digest. Every
POST that a browser could be tricked into must come from our own pages: its Origin must be this server. JSON bodies give no
protection, because Litestar decodes them whatever their content type (stack.md section 6).
"""

import asyncio
import ipaddress
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
import sqlalchemy as sa
from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler
from litestar.params import Body
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import CompetitionError, NotAllowed
from competition.judging import accounts
from competition.web import registers
from competition.web.pages import page
from competition.words import Lang, Words

COOKIE = "desk"
# A name of its own: a Secure cookie called "desk" would keep a browser from signing in again after a fall back to plain HTTP.
SECURE_COOKIE = "__Host-desk"
CHANGE = "/desk/password"
SESSION = timedelta(hours=14)  # an event day; tablets-and-screens.md 6.2
EXEMPT = ("/api/judge/", "/c/")  # a bearer token guards the tablets; comparing a name changes nothing

Asked = Request[Any, Any, State]
T = TypeVar("T")


class SignInFirst(Exception):
    """Nobody is signed in on this browser."""


class OwnPasswordFirst(Exception):
    """Who is signed in holds a password that the organiser has seen; nothing is done with it but choosing another."""


class PlainConnection(Exception):
    """A desk was asked for over unencrypted HTTP from another machine."""


@dataclass(frozen=True, slots=True)
class Person:
    """The official at the desk. `anywhere` are the roles held in any event, for the header and the home page."""

    official: judging.Official
    anywhere: frozenset[str]
    words: Words

    @property
    def name(self) -> str:
        """The official's own name."""
        return self.official.name

    @property
    def username(self) -> str:
        """What they sign in with."""
        return self.official.username

    def roles_said(self, lang: Lang) -> str:
        """The roles in words, in the order the house lists them."""
        held = [role for role in judging.ROLES if role in self.anywhere]
        return ("、" if lang == "zh" else ", ").join(self.words.say(f"role.{role}", lang) for role in held)


class SignIn(msgspec.Struct):
    """The form of /login."""

    username: str = ""
    password: str = ""
    next: str = "/desk"


Form = Annotated[T, Body(media_type=RequestEncodingType.URL_ENCODED)]


def read(request: Asked, look: Callable[[sa.Connection], T]) -> T:
    """`look` on a read connection of its own."""
    with store.reading(request.app.state.engine) as conn:
        return look(conn)


def write(request: Asked, act: Callable[[sa.Connection, datetime], T]) -> T:
    """`act(conn, at)` through the one writer; returns once it is on disk."""
    at = request.app.state.clock()
    done: T = request.app.state.writer.do(lambda conn: act(conn, at))
    return done


def same_origin(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard on everything: a changing request comes from a page of this very server, or it is refused."""
    if connection.scope["method"] in ("GET", "HEAD", "OPTIONS") or connection.url.path.startswith(EXEMPT):  # type: ignore[typeddict-item]
        return
    origin = urlsplit(connection.headers.get("origin", ""))
    site = connection.headers.get("sec-fetch-site", "same-origin")
    if not origin.netloc or origin.netloc != connection.headers.get("host", "") or site != "same-origin":
        raise NotAllowed(
            "这次提交不是从本系统的页面发出的，没有执行。请从工作台页面重新操作。",
            "This did not come from a page of this system and was not done. Do it again from the desk's own page.",
        )


def encrypted(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard on the desks: HTTPS, or this very machine, or a recorded override."""
    if connection.scope["scheme"] in ("https", "wss") or connection.app.state.settings.allow_plain_desks:
        return
    if not _loopback(connection.client.host if connection.client else ""):
        raise PlainConnection


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard on the desks: sets `request.scope["user"]` to the Person, or asks them to sign in, or for a password of their own."""
    found, first = await asyncio.to_thread(_person, connection)
    connection.scope["user"] = found
    if first and connection.url.path != CHANGE:
        raise OwnPasswordFirst


def person(request: Asked) -> Person:
    """The official at the desk, behind the `signed_in` guard."""
    known: Person = request.scope["user"]
    return known


def session_cookie(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The browser's session; "" without one."""
    return connection.cookies.get(_cookie_name(connection), "")


@get("/login", guards=[encrypted], sync_to_thread=False)
def login_page(request: Asked) -> Response[str]:
    """The form to sign in; `?next=` says where to go afterwards."""
    return _form(request, request.query_params.get("next", "/desk"))


@post("/login", guards=[encrypted], sync_to_thread=True, status_code=200)
def login(request: Asked, data: Form[SignIn]) -> Response[Any]:
    """Sign in: a new session each time, so that no cookie set beforehand gains rights."""
    username = data.username.strip()
    cookie = secrets.token_urlsafe(32)

    def enter(conn: sa.Connection, at: datetime) -> judging.Official:
        official = judging.check_password(conn, username, data.password, at, one_time=True)
        judging.start_session(conn, official, cookie, at, at + SESSION)
        return official

    try:
        write(request, enter)
    except CompetitionError as refusal:
        return _form(request, data.next, username, refusal)
    kept = _cookie(request, cookie, int(SESSION.total_seconds()))
    return Redirect(_inside(data.next), status_code=303, cookies=[kept])


@post("/logout", sync_to_thread=True, status_code=303)
def logout(request: Asked) -> Redirect:
    """End the session on the server, then forget the cookie."""
    cookie = session_cookie(request)
    if cookie:
        write(request, lambda conn, at: judging.end_session(conn, cookie, at))
    return Redirect("/login", status_code=303, cookies=[_cookie(request, "", 0)])


def ask_to_sign_in(request: Request[Any, Any, Any], _: SignInFirst) -> Response[Any]:
    """To the form, and back here afterwards; a POST comes back to the home page, nothing was done."""
    wanted = request.url.path if request.method == "GET" else "/desk"
    return Redirect(f"/login?next={quote(wanted)}", status_code=303)


def ask_for_own_password(request: Request[Any, Any, Any], _: OwnPasswordFirst) -> Response[Any]:
    """To the page where a one-time password is changed; nothing was done."""
    return Redirect(CHANGE, status_code=303)


def say_plain(request: Request[Any, Any, Any], _: PlainConnection) -> Response[Any]:
    """Why the desk stays shut, and three ways on."""
    port = request.app.state.settings.port
    return page(request, "desk/plain.html", status=403, loopback=f"http://127.0.0.1:{port}/desk")


def _form(request: Asked, after: str, username: str = "", problem: CompetitionError | None = None) -> Response[str]:
    status = problem.status if problem else 200
    return page(request, "desk/login.html", status=status, next=_inside(after), username=username, problem=problem)


def _person(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[Person, bool]:
    cookie = session_cookie(connection)
    if not cookie:
        raise SignInFirst
    state = connection.app.state
    with store.reading(state.engine) as conn:
        try:
            official = judging.official_for(conn, cookie, state.clock())
        except NotAllowed:
            raise SignInFirst from None
        known = Person(official, registers.roles_anywhere(conn, official), state.words)
        return known, accounts.must_change(conn, official)


def _cookie_name(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    return SECURE_COOKIE if connection.scope["scheme"] == "https" else COOKIE


def _cookie(request: Asked, value: str, seconds: int) -> Cookie:
    return Cookie(
        key=_cookie_name(request), value=value, httponly=True, samesite="lax", path="/", max_age=seconds,
        secure=request.url.scheme == "https",
    )  # fmt: skip


def _inside(address: str) -> str:
    """Only a path of this server: nobody is sent elsewhere after signing in."""
    return address if address.startswith("/desk") and "//" not in address and "\\" not in address else "/desk"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


routes: list[ControllerRouterHandler] = [login_page, login, logout]
