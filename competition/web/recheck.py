"""The re-check at the desk: the supervisor draws who is compared; supervisor or clerk says of each sheet whether it agrees with its
evidence."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.errors import CompetitionError, NotAllowed
from competition.judging.recheck import Checked
from competition.rules.scales import Scale
from competition.web import gates, matrix
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event
from competition.web.pages import language, page
from competition.web.said import seat_said, sheet_title
from competition.web.views import Text
from competition.words import pick

ORDER = ("wrong", "waiting", "opened", "right")


class DrawForm(msgspec.Struct):
    """The words that draw who is re-checked."""

    words: str = ""


class FoundForm(msgspec.Struct):
    """A sheet, whether it is right or wrong, and what is wrong with it."""

    sheet: str = ""
    do: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One mark of a sheet as it is read out: the item, and what the judge gave."""

    item: Text
    value: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet on the list, by code. `wrong`: what was found the last time; `state` is one of ORDER. `marks` only while it is locked."""

    id: str
    code: str
    title: Text
    seat: Text
    state: str
    wrong: str | None
    marks: tuple[MarkLine, ...]


@dataclass(frozen=True, slots=True)
class RecheckPage:
    """/desk/events/{id}/recheck. `lines` is None before the draw; `may` compare, `may_draw` draw."""

    id: str
    name: Text
    may: bool
    may_draw: bool
    words: str
    at: str
    everything: bool
    errors: int
    left: int
    lines: tuple[SheetLine, ...] | None


@get("/recheck", sync_to_thread=True)
def recheck_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The list, with each sheet's marks to be read out."""
    return _page(request, event_id)


@post("/recheck", sync_to_thread=True, status_code=200)
def draw(request: Asked, event_id: FromPath[str], data: Form[DrawForm]) -> Response[Any]:
    """Draw who is re-checked."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> Any:
        return judging.draw_recheck(conn, event_id, data.words, by, at)

    return gates.through(request, event_id, "recheck", act, lambda refusal: _page(request, event_id, refusal))


@post("/recheck/found", sync_to_thread=True, status_code=200)
def found(request: Asked, event_id: FromPath[str], data: Form[FoundForm]) -> Response[Any]:
    """A sheet agrees with its evidence, or what is wrong with it."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, "check_sheet", event_id)
        judging.compared(conn, data.sheet, None if data.do == "right" else data.reason, by, at)

    return gates.through(request, event_id, "recheck", act, lambda refusal: _page(request, event_id, refusal))


def _page(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    lang = language(request)

    def look(conn: sa.Connection) -> RecheckPage:
        roles = at_event(conn, person(request), event_id)
        if not roles & {"supervisor", "clerk", "chief"}:
            raise NotAllowed(
                "抽查复核由监督仲裁、录分员和裁判长处理。", "The re-check is for supervisors, clerks and chief judges."
            )
        known = judging.recheck(conn, event_id)
        return RecheckPage(
            id=event_id,
            name=gates.event_name(conn, event_id),
            may=judging.may(roles, "check_sheet"),
            may_draw=judging.may(roles, "draw_recheck"),
            words=known.words if known else "",
            at=known.at if known else "",
            everything=known.everything if known else False,
            errors=known.errors if known else 0,
            left=known.left if known else 0,
            lines=_lines(conn, event_id, known, lang) if known else None,
        )

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "desk/recheck.html", status=status, view=read(request, look), problem=problem, done=done)


def _lines(conn: sa.Connection, event_id: str, known: judging.Recheck, lang: Any) -> tuple[SheetLine, ...]:
    law = store.thawed(conn, event_id)
    codes = matrix.codes_of(judging.entries(conn, event_id), judging.progress(conn, event_id))
    labels = {seat.id: seat.label for seat in judging.seats(conn, event_id)}
    made = [
        SheetLine(
            id=one.sheet.id,
            code=codes[one.sheet.entry_id],
            title=sheet_title(law, one.sheet.module, one.sheet.sheet),
            seat=seat_said(law, labels[one.sheet.seat_id]),
            state=_state(one),
            wrong=one.wrong,
            marks=tuple(_marks(law, one, lang)) if one.sheet.state in ("locked", "checked") else (),
        )
        for one in known.lines
    ]
    return tuple(sorted(made, key=lambda line: (ORDER.index(line.state), line.code)))


def _state(one: Checked) -> str:
    if one.right:
        return "right"
    if one.sheet.state != "locked":
        return "opened"
    return "wrong" if one.wrong else "waiting"


def _marks(law: rules.Rules, one: Checked, lang: Any) -> list[MarkLine]:
    """The sheet's marks in its own order; what nobody marked is a dash."""
    lines = []
    for item in law.sheet(one.sheet.module, one.sheet.sheet).items:
        if item.scale is None:
            continue
        cell = one.sheet.marks.get(item.id)
        value = cell[0] if cell else None
        lines.append(MarkLine({"zh": item.name.zh, "en": item.name.en}, _read_out(item.scale, value, lang)))
    return lines


def _read_out(scale: Scale, value: str | None, lang: Any) -> str:
    """A recorded value as two people read it to each other: with its legend, its unit, a time in minutes too."""
    if value is None:
        return "—"
    if legend := scale.words.get(value):
        return f"{value} {pick({'zh': legend[0], 'en': legend[1]}, lang)}"
    if scale.type == "time":
        minutes, seconds = divmod(Decimal(value), 60)
        return f"{value} s = {minutes}:{seconds:04.1f}" if seconds % 1 else f"{value} s = {minutes}:{int(seconds):02d}"
    return f"{value} {scale.unit}".strip()


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[recheck_page, draw, found],
        guards=[encrypted, signed_in],
    )
]
