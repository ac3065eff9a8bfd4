"""What the chief decides where the rules can't: numbers for the whole event, who goes on to a round, the order of equals."""

import secrets
from dataclasses import dataclass
from itertools import groupby

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.errors import MarkError, NotAllowed
from competition.judging.standings import needs_second
from competition.scoring import Result
from competition.web import entry, matrix
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.views import Text


class InputForm(msgspec.Struct):
    """Which number, its value, and why."""

    input: str
    value: str
    reason: str


class AdmitForm(msgspec.Struct):
    """Which entry by code, to which round ("" as the rules have it), and why."""

    code: str
    round: str
    reason: str


class OrderForm(msgspec.Struct):
    """The codes of equals from first to last, parted by blanks, and why."""

    codes: str
    reason: str


@dataclass(frozen=True, slots=True)
class InputLine:
    """A number the rules ask for and what was given."""

    id: str
    name: Text
    value: str | None
    legal: Text


@dataclass(frozen=True, slots=True)
class Decisions:
    """/desk/events/{id}/decisions. ties: (place, codes) that the rules don't let share a place; None before all is locked. two: a
    decision takes two people by now."""

    id: str
    name: Text
    inputs: tuple[InputLine, ...]
    rounds: tuple[tuple[str, Text], ...]
    codes: tuple[tuple[str, str], ...]
    ties: tuple[tuple[int, tuple[str, ...]], ...] | None
    two: bool


@get("/decisions", sync_to_thread=True)
def decisions(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The event's open decisions, and a form for each."""

    def look(conn: sa.Connection) -> Decisions:
        if "chief" not in at_event(conn, person(request), event_id):
            raise NotAllowed("裁定由裁判长作出。", "Decisions are the chief judge's.")
        law, known = store.thawed(conn, event_id), judging.event_line(conn, event_id)
        codes = matrix.codes_of(judging.entries(conn, event_id), judging.progress(conn, event_id))
        result = judging.standings(conn, event_id)
        return Decisions(
            id=event_id,
            name={"zh": known.name_zh, "en": known.name_en},
            inputs=tuple(_input(each, result) for each in law.inputs),
            rounds=tuple((each.id, {"zh": each.name.zh, "en": each.name.en}) for each in law.rounds[1:]),
            codes=tuple(
                sorted((codes[s.entry], _round(law, result, s.entry)) for s in result.standings if not s.status)
            ),
            ties=_ties(law, result, codes) if known.locked else None,
            two=needs_second(conn, event_id),
        )

    return page(request, "desk/decisions.html", view=read(request, look))


def _input(given: rules.Input, result: Result) -> InputLine:
    zh, en = given.scale.legal
    now = result.input(given.id)
    return InputLine(given.id, {"zh": given.name.zh, "en": given.name.en}, now, {"zh": zh, "en": en})


def _round(law: rules.Rules, result: Result, entry_id: str) -> str:
    """The last round an entry is in, by id."""
    values = result.standing(entry_id).values
    there = [each.id for each in law.rounds if values[f"{each.id}.reached"] == "1"]
    return there[-1] if there else ""


def _ties(law: rules.Rules, result: Result, codes: dict[str, str]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    tied = [s for s in result.standings if s.tied and s.rank is not None and not law.may_share(s.rank)]
    groups = groupby(tied, key=lambda standing: standing.rank or 0)
    return tuple((place, tuple(codes[s.entry] for s in members)) for place, members in groups)


@post("/decisions/input", sync_to_thread=True)
def give_input(request: Asked, event_id: FromPath[str], data: Form[InputForm]) -> Redirect:
    """Give a number for the whole event."""
    by, chance = person(request).official, secrets.token_bytes
    write(
        request,
        lambda conn, at: judging.give_input(conn, event_id, data.input, data.value, by, data.reason, at, chance),
    )
    return _back(event_id)


@post("/decisions/admit", sync_to_thread=True)
def admit(request: Asked, event_id: FromPath[str], data: Form[AdmitForm]) -> Redirect:
    """Say to which round an entry is admitted."""
    by = person(request).official
    found, _ = read(request, lambda conn: entry.entry_of(conn, event_id, data.code.strip()))
    write(request, lambda conn, at: judging.admit(conn, found.id, data.round, by, data.reason, at))
    return _back(event_id)


@post("/decisions/order", sync_to_thread=True)
def decide_order(request: Asked, event_id: FromPath[str], data: Form[OrderForm]) -> Redirect:
    """Put equals in order, first to last."""
    by, given = person(request).official, data.codes.split()
    if len(set(given)) != len(given):
        raise MarkError("同一个编号写了两次，请重新填写。", "A code is written twice. Write them again.")
    ids = [read(request, lambda conn, code=code: entry.entry_of(conn, event_id, code))[0].id for code in given]  # type: ignore[misc]
    write(request, lambda conn, at: judging.decide_order(conn, event_id, ids, by, data.reason, at))
    return _back(event_id)


def _back(event_id: str) -> Redirect:
    return Redirect(f"/desk/events/{event_id}/decisions", status_code=303)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[decisions, give_input, admit, decide_order],
        guards=[encrypted, signed_in],
    )
]
