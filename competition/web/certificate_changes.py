"""Reissue, correction and revocation at the desk: the organiser sees the effect and asks, the supervisor sees it again and confirms."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, NotAllowed
from competition.judging.certificates import AWARDED
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.views import Text

KINDS = ("reissue", "correct", "revoke")


class AskForm(msgspec.Struct):
    """Which certificate, what is to be done, why, and for a revocation the decision's number."""

    number: str
    kind: str
    reason: str
    reference: str = ""


class ConfirmForm(msgspec.Struct):
    """Which request."""

    change: str
    sure: str


class RefuseForm(msgspec.Struct):
    """Which request, and why not."""

    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate as the page names it; award and place are what it prints."""

    number: str
    name: str
    unit: str
    award: Text
    place: int | None
    status: str
    copy: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do: to which paper, and what the new one would say (None: no new one)."""

    kind: str
    paper: Paper
    award: Text | None
    place: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits, or was settled; with its effect while it waits."""

    change: judging.Change
    effect: Effect


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """/desk/events/{id}/certificates/changes. `choice`: what the organiser looks at before asking."""

    id: str
    name: Text
    revision: int
    asks: bool
    settles: bool
    touched: tuple[Effect, ...]
    waiting: tuple[Waiting, ...]
    settled: tuple[Waiting, ...]
    papers: tuple[Paper, ...]
    choice: Effect | None = None


@get("/certificates/changes", sync_to_thread=True)
def changes(
    request: Asked, event_id: FromPath[str], number: FromQuery[str] = "", kind: FromQuery[str] = ""
) -> Response[str]:
    """What a revision touches, what waits, and the effect of what the organiser chose."""
    return _page(request, event_id, number, kind)


@post("/certificates/ask", sync_to_thread=True, status_code=200)
def ask(request: Asked, event_id: FromPath[str], data: Form[AskForm]) -> Response[Any]:
    """Ask for a change; nothing happens yet."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.event_line(conn, event_id)
        _of_this_event(conn, event_id, data.number)
        judging.ask_change(conn, data.number, data.kind, by, data.reason, at, secrets.token_bytes, data.reference)

    return _through(request, event_id, act, data.number, data.kind)


@post("/certificates/confirm", sync_to_thread=True, status_code=200)
def confirm(request: Asked, event_id: FromPath[str], data: Form[ConfirmForm]) -> Response[Any]:
    """Do what was asked."""
    by = person(request).official
    return _through(
        request,
        event_id,
        lambda conn, at: judging.confirm_change(conn, event_id, data.change, by, at, secrets.token_bytes),
    )


@post("/certificates/refuse", sync_to_thread=True, status_code=200)
def refuse(request: Asked, event_id: FromPath[str], data: Form[RefuseForm]) -> Response[Any]:
    """Refuse what was asked, and say why."""
    by = person(request).official
    return _through(
        request, event_id, lambda conn, at: judging.refuse_change(conn, event_id, data.change, by, data.reason, at)
    )


def _through(
    request: Asked, event_id: str, act: Callable[[sa.Connection, datetime], Any], number: str = "", kind: str = ""
) -> Response[Any]:
    try:
        write(request, act)
    except CompetitionError as refusal:
        return _page(request, event_id, number, kind, refusal)
    return Redirect(f"/desk/events/{event_id}/certificates/changes?done=1", status_code=303)


def _page(
    request: Asked, event_id: str, number: str, kind: str, problem: CompetitionError | None = None
) -> Response[str]:
    view = read(request, lambda conn: _view(conn, request, event_id, number, kind))
    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "certificates/changes.html", status=status, view=view, problem=problem, done=done)


def _view(conn: sa.Connection, request: Asked, event_id: str, number: str, kind: str) -> ChangesPage:
    roles = at_event(conn, person(request), event_id)
    if not roles & {"organiser", "supervisor"}:
        raise NotAllowed(
            "证书的补发、更正和撤销由组委会申请、监督确认。",
            "Changing certificates is for the organiser, who asks, and the supervisor, who confirms.",
        )
    release = judging.release_of(conn, event_id, "final")
    every = {one.number: one for one in judging.certificates(conn, event_id)}
    known = judging.certificate_changes(conn, event_id)
    open_now = {one.number for one in known if one.settled is None}
    lines = [Waiting(one, _effect(conn, release, every[one.number], one.kind)) for one in known]
    asked = every.get(number.strip().upper())
    choice = _effect(conn, release, asked, kind) if asked and kind in KINDS and "organiser" in roles else None
    return ChangesPage(
        id=event_id,
        name=gates.event_name(conn, event_id),
        revision=release.revision if release else 0,
        asks="organiser" in roles,
        settles="supervisor" in roles,
        touched=tuple(
            _effect(conn, release, one.certificate, one.kind)
            for one in judging.touched(conn, event_id)
            if one.certificate.number not in open_now
        ),
        waiting=tuple(one for one in lines if one.change.settled is None),
        settled=tuple(one for one in lines if one.change.settled is not None),
        papers=tuple(_paper(one) for one in every.values() if one.status == "valid" and one.number not in open_now),
        choice=choice,
    )


def _effect(conn: sa.Connection, release: judging.Release | None, one: judging.Certificate, kind: str) -> Effect:
    """What the paper made by the change would print, from the newest final release."""
    row = next((row for row in release.rows if row.entry == one.entry), None) if release else None
    if kind == "correct" and one.kind in AWARDED and row is not None and row.award_name:
        return Effect(kind, _paper(one), row.award_name, row.rank)
    if kind == "reissue" or (kind == "correct" and one.kind not in AWARDED):
        return Effect(kind, _paper(one), one.award_name, one.place)
    return Effect(kind, _paper(one), None, None)


def _paper(one: judging.Certificate) -> Paper:
    return Paper(one.number, one.name or "—", one.unit or "", one.award_name, one.place, one.status, one.copy)


def _of_this_event(conn: sa.Connection, event_id: str, number: str) -> None:
    if judging.certificate_for(conn, number).event_id != event_id:
        raise NotAllowed("这张证书不属于本赛项。", "This certificate is of another event.")


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[changes, ask, confirm, refuse], guards=[encrypted, signed_in])
]
