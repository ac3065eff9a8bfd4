"""The organiser's page of officials: who is registered with which duties, one-time passwords, accounts shut and opened."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError, NotFound
from competition.judging import accounts
from competition.publish.slips import LoginSlip, login_slips
from competition.web import overview
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import download
from competition.web.pages import local, page
from competition.web.people_views import PeoplePage, PersonPage, Slip, Slips, found, without_password
from competition.web.seats import tablet_base

ADDRESS = "/desk/people"


class NewOfficial(msgspec.Struct):
    """Somebody to register by hand."""

    username: str = ""
    name: str = ""


class Chosen(msgspec.Struct):
    """Who gets a one-time password: those ticked, or everybody the filter shows who has none; on screen or on paper."""

    official: list[str] | str = ""
    all: str = ""
    q: str = ""
    role: str = ""
    event: str = ""
    paper: str = ""


class DutyForm(msgspec.Struct):
    """A role given or taken, in one event or ("") in all."""

    do: str = ""
    role: str = ""
    event: str = ""


class AccountForm(msgspec.Struct):
    """An account shut, with a reason, or opened."""

    do: str = ""
    reason: str = ""


@get("/", sync_to_thread=True)
def people_page(
    request: Asked, q: FromQuery[str] = "", role: FromQuery[str] = "", event: FromQuery[str] = "",
    account: FromQuery[str] = "",
) -> Response[str]:  # fmt: skip
    """Everybody registered; the filter is in the address."""
    return _people(request, q, role, event, account)


@post("/", sync_to_thread=True, status_code=303)
def register(request: Asked, data: Form[NewOfficial]) -> Response[Any]:
    """Register an official by hand. They get duties and a password next."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> str:
        username, name = data.username.strip(), data.name.strip()
        if not username or not name:
            raise MarkError("请填写用户名和姓名。", "Give a user name and a name.")
        return judging.create_official(conn, username, name, None, by, at, secrets.token_bytes).id

    try:
        made = write(request, act)
    except CompetitionError as refusal:
        return _people(request, problem=refusal)
    return Redirect(f"{ADDRESS}/{made}", status_code=303)


@post("/passwords", sync_to_thread=True, status_code=200)
def passwords(request: Asked, data: Form[Chosen]) -> Response[Any]:
    """One-time passwords, shown this once: on screen, or as slips to cut and hand out."""
    by, at = person(request).official, request.app.state.clock()
    known = {one.id: one for one in read(request, lambda conn: accounts.accounts(conn, by, at))}
    if data.all:
        wanted = [one.id for one in without_password(found(known.values(), data.q, data.role, data.event, ""))]
    else:
        wanted = [data.official] if isinstance(data.official, str) else data.official
    try:
        made = _given(request, [id for id in dict.fromkeys(wanted) if id])
    except CompetitionError as refusal:
        return _people(request, data.q, data.role, data.event, problem=refusal)
    slips = tuple(Slip(known[id].name, known[id].username, known[id].unit, password) for id, password in made)
    until = local(at + accounts.GOOD_FOR)
    games = read(request, lambda conn: overview.games_of(judging.all_events(conn)))
    address = f"{tablet_base(request)}/login"
    if not data.paper:
        return page(request, "people/slips.html", view=Slips(games, address, until, slips))
    settings = request.app.state.settings
    lines = [LoginSlip(one.name, one.username, one.unit, one.password) for one in slips]
    return download(
        login_slips(settings.root / "templates", games["zh"], address, until, lines), "application/pdf", "first-logins.pdf"
    )  # fmt: skip


@get("/{official_id:str}", sync_to_thread=True)
def person_page(request: Asked, official_id: FromPath[str]) -> Response[str]:
    """One official: duties, account."""
    return _person(request, official_id)


@post("/{official_id:str}/duty", sync_to_thread=True, status_code=303)
def duty(request: Asked, official_id: FromPath[str], data: Form[DutyForm]) -> Response[Any]:
    """Give or take a role."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        event = data.event or None
        if event is not None:
            judging.event_line(conn, event)
        if data.do == "take":
            judging.ungrant(conn, official_id, data.role, event, by, at)
        else:
            judging.grant(conn, official_id, data.role, event, by, at)

    return _through(request, official_id, act)


@post("/{official_id:str}/account", sync_to_thread=True, status_code=303)
def account(request: Asked, official_id: FromPath[str], data: Form[AccountForm]) -> Response[Any]:
    """Shut the account, or open it again."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        if data.do == "enable":
            accounts.enable_account(conn, official_id, by, at)
        else:
            accounts.disable_account(conn, official_id, by, data.reason, at)

    return _through(request, official_id, act)


def _given(request: Asked, wanted: Sequence[str]) -> list[tuple[str, str]]:
    """(official, password) of each. One act each, so that hashing many passwords never holds up the marks behind them."""
    if not wanted:
        raise MarkError(
            "还没有选人：请先勾选，或改用“给所有无密码的人”。",
            "Nobody is chosen. Tick somebody, or use “everybody without a password”.",
        )
    by = person(request).official
    made = []
    for id in wanted:
        password = accounts.one_time_password(secrets.token_bytes)
        write(request, lambda conn, at, id=id, password=password: accounts.give_password(conn, id, password, by, at))  # type: ignore[misc]
        made.append((id, password))
    return made


def _through(request: Asked, official_id: str, act: Any) -> Response[Any]:
    try:
        write(request, act)
    except CompetitionError as refusal:
        return _person(request, official_id, refusal)
    return Redirect(f"{ADDRESS}/{official_id}?done=1", status_code=303)


def _people(
    request: Asked, q: str = "", role: str = "", event: str = "", state: str = "",
    problem: CompetitionError | None = None,
) -> Response[str]:  # fmt: skip
    by, at = person(request).official, request.app.state.clock()

    def look(conn: sa.Connection) -> PeoplePage:
        every = accounts.accounts(conn, by, at)
        return PeoplePage.of(every, judging.all_events(conn), q, role, event, state)

    status = problem.status if problem else 200
    return page(request, "people/people.html", status=status, view=read(request, look), problem=problem)


def _person(request: Asked, official_id: str, problem: CompetitionError | None = None) -> Response[str]:
    by, at = person(request).official, request.app.state.clock()

    def look(conn: sa.Connection) -> PersonPage:
        for one in accounts.accounts(conn, by, at):
            if one.id == official_id:
                return PersonPage.of(one, judging.all_events(conn), mine=one.id == by.id)
        raise NotFound("没有登记这位工作人员，请从名单进入。", "There is no such official. Start from the list.")

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "people/person.html", status=status, view=read(request, look), problem=problem, done=done)


routes: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[people_page, register, passwords, person_page, duty, account],
        guards=[encrypted, signed_in],
    )
]
