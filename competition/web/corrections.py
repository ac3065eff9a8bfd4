"""Corrections of locked marks: the chief sees the effect and asks, a second person sees it and confirms; and what was corrected."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import CompetitionError, NotAllowed, NotFound
from competition.judging import amending, rulings
from competition.judging.officials import names_of
from competition.judging.permissions import MAY, may
from competition.rules import Rules
from competition.web import gates, matrix
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.ruling_views import Effect, RulingLine, effects, ruling_line
from competition.web.said import seat_said, sheet_title
from competition.web.views import Text

READERS = frozenset({*MAY["correct"], *MAY["confirm_correction"]})


class AskForm(msgspec.Struct):
    """Which item of which sheet, its new value, the preview it was seen in, and why."""

    sheet: str = ""
    item: str = ""
    value: str = ""
    seen: str = ""
    reason: str = ""


class AnswerForm(msgspec.Struct):
    """Which correction, as it was seen; a reason to refuse."""

    sheet: str = ""
    request: str = ""
    seen: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A correction as people read it. effect is None for officials who see no totals; mine: this official asked for it."""

    sheet: str
    id: str
    seen: str
    code: str
    title: Text
    seat: Text
    item: Text
    was: str | None
    value: str | None
    reason: str
    by: str
    second: str
    at: str
    effect: tuple[Effect, ...] | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """/desk/events/{id}/corrections."""

    id: str
    name: Text
    waiting: tuple[Line, ...]
    done: tuple[Line, ...]
    rulings: tuple[RulingLine, ...]
    ruled: tuple[RulingLine, ...]
    confirms: bool
    sealed: bool


@dataclass(frozen=True, slots=True)
class CorrectPage:
    """/desk/events/{id}/corrections/{sheet}: the sheet's items with their marks; `line`: the preview that was asked for."""

    id: str
    name: Text
    sheet: str
    code: str
    title: Text
    seat: Text
    items: tuple[tuple[str, Text, str | None], ...]
    item: str
    value: str
    sealed: bool
    line: Line | None = None
    problem: CompetitionError | None = None


@get("/corrections", sync_to_thread=True)
def corrections(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """What waits for its second person, and what was corrected."""

    def look(conn: sa.Connection) -> CorrectionsPage:
        roles = at_event(conn, person(request), event_id)
        if not roles & READERS:
            raise NotAllowed("更正由裁判长、录分员和监督处理。", "Corrections are for chief, clerk and supervisor.")
        said = Said(conn, event_id, roles, person(request).official.id)
        return CorrectionsPage(
            event_id,
            gates.event_name(conn, event_id),
            tuple(said.line(one) for one in amending.waiting_corrections(conn, event_id)),
            tuple(said.done(one) for one in amending.corrected(conn, event_id)),
            tuple(said.ruling(one) for one in rulings.waiting_rulings(conn, event_id)),
            tuple(said.ruling(one) for one in rulings.ruled(conn, event_id)),
            may(roles, "confirm_correction"),
            said.sealed,
        )

    view = read(request, look)
    return page(request, "desk/corrections.html", view=view, done=request.query_params.get("done", ""))


@get("/corrections/{sheet_id:str}", sync_to_thread=True)
def correct(
    request: Asked,
    event_id: FromPath[str],
    sheet_id: FromPath[str],
    item: FromQuery[str] = "",
    value: FromQuery[str] = "",
) -> Response[str]:
    """The form for one sheet; asked for an item and a value, what these would change."""

    def look(conn: sa.Connection) -> CorrectPage:
        roles, by = at_event(conn, person(request), event_id), person(request).official
        judging.permit(conn, by, "correct", event_id)
        now, marks = amending.locked_marks(conn, sheet_id, by)
        if now.event_id != event_id:
            raise NotFound("这个赛项没有这张评分表。", "This event has no such sheet.")
        said = Said(conn, event_id, roles, by.id)
        line, problem = None, None
        if item:
            try:
                line = said.line(amending.preview_correction(conn, sheet_id, item, value, by))
            except CompetitionError as refusal:
                problem = refusal
        form = said.law.sheet(now.module, now.sheet)
        return CorrectPage(
            event_id,
            gates.event_name(conn, event_id),
            sheet_id,
            said.codes[now.entry_id],
            sheet_title(said.law, now.module, now.sheet),
            seat_said(said.law, said.seats[sheet_id]),
            tuple((one.id, one.name, marks.get(one.id)) for one in form.items if one.scale is not None),
            item,
            value,
            said.sealed,
            line,
            problem,
        )

    view = read(request, look)
    return page(request, "desk/correct.html", status=view.problem.status if view.problem else 200, view=view)


@post("/corrections", sync_to_thread=True)
def ask(request: Asked, event_id: FromPath[str], data: Form[AskForm]) -> Redirect:
    """Ask for what was previewed; nothing changes until a second person confirms."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        amending.ask_correction(conn, data.sheet, data.item, data.value, data.seen, by, data.reason, at)

    write(request, act)
    return _back(event_id, "asked")


@post("/corrections/confirm", sync_to_thread=True)
def confirm(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Redirect:
    """The second person lets it stand."""
    by = person(request).official
    write(request, lambda conn, at: amending.confirm_correction(conn, data.sheet, data.request, data.seen, by, at))
    return _back(event_id, "confirmed")


@post("/corrections/refuse", sync_to_thread=True)
def refuse(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Redirect:
    """The second person objects, or whoever asked takes it back."""
    by = person(request).official
    write(request, lambda conn, at: amending.refuse_correction(conn, data.sheet, data.request, by, data.reason, at))
    return _back(event_id, "refused")


class Said:
    """How an event's corrections are said to somebody with these roles."""

    def __init__(self, conn: sa.Connection, event_id: str, roles: frozenset[str], who: str) -> None:
        sheets = judging.progress(conn, event_id)
        self.law: Rules = store.thawed(conn, event_id)
        self.codes = matrix.codes_of(judging.entries(conn, event_id), sheets)
        self.seats = {one.sheet: one.seat for one in sheets}
        self.forms = {one.sheet: (one.entry, one.module, one.name) for one in sheets}
        self.names = names_of(conn)
        self.sealed = judging.event_line(conn, event_id).decoded_at is None
        self.totals, self.who = matrix.may_see_totals(roles), who

    def line(self, one: amending.Correction) -> Line:
        return self._line(
            one.sheet, one.item, one.was, one.value, one.reason, one.by, "", one.at, one.id, one.seen,
            self._effect(one.effect),
        )  # fmt: skip

    def ruling(self, one: rulings.Ruling) -> RulingLine:
        return ruling_line(one, self.law, self.codes, self.names, self.who, self._effect(one.effect))

    def _effect(self, moved: tuple[amending.Moved, ...]) -> tuple[Effect, ...] | None:
        return effects(moved, self.codes, self.sealed) if self.totals else None

    def done(self, one: amending.Corrected) -> Line:
        return self._line(one.sheet, one.item, one.was, one.value, one.reason, one.asked_by, one.by, one.at)

    def _line(
        self, sheet: str, item: str, was: str | None, value: str | None, reason: str, by: str, second: str, at: str,
        id: str = "", seen: str = "", effect: tuple[Effect, ...] | None = None,
    ) -> Line:  # fmt: skip
        entry, module, form = self.forms[sheet]
        return Line(
            sheet, id, seen, self.codes[entry], sheet_title(self.law, module, form), seat_said(self.law, self.seats[sheet]),
            self.law.sheet(module, form).item(item).name, was, value, reason, self.names.get(by, by),
            self.names.get(second, second), at, effect, by == self.who,
        )  # fmt: skip


def _back(event_id: str, done: str) -> Redirect:
    return Redirect(f"/desk/events/{event_id}/corrections?done={done}", status_code=303)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[corrections, correct, ask, confirm, refuse],
        guards=[encrypted, signed_in],
    )
]
