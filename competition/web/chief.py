"""The chief judge's acts: lock the event, unlock a sheet, answer requests, decide clashes and late marks; absences, statuses."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError
from competition.web import entry, gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.gate_views import Gate
from competition.web.seats import SeatForm


class UnlockForm(msgspec.Struct):
    """Which sheet, of which code, and why."""

    sheet: str
    code: str
    reason: str


class UndoForm(msgspec.Struct):
    """Why."""

    reason: str = ""


class SettleForm(msgspec.Struct):
    """Which mark stands for which item of which sheet, and why."""

    sheet: str
    item: str
    mark: str
    code: str
    reason: str


class AnswerForm(msgspec.Struct):
    """Which request about which sheet, and why; to approve: the items opened (none: the whole sheet) and for how long."""

    sheet: str
    request: str
    reason: str
    items: list[str] | str = ""
    minutes: str = ""


class LateForm(msgspec.Struct):
    """Which late mark of which entry, whether it counts ("yes"), and why."""

    mark: str
    code: str
    accept: str
    reason: str


class SpreadForm(msgspec.Struct):
    """Which alarm, as of which marks; "kept", "changed" or "again" with the seats asked; and why."""

    alarm: str = ""
    seen: str = ""
    outcome: str = ""
    reason: str = ""
    seats: list[str] | str = ""


class MessageForm(msgspec.Struct):
    """A message's words; or the id of one to take back."""

    text: str = ""
    id: str = ""


class StripForm(msgspec.Struct):
    """Whether judges see their own earlier marks: "yes" or anything else."""

    shown: str


class StatusForm(msgspec.Struct):
    """Which entry by code, its new status ("" competes) and why."""

    code: str
    status: str
    reason: str


@get("/lock", sync_to_thread=True)
def lock_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """What stands before locking: who is missing, what clashes."""
    return _lock_page(request, event_id)


@post("/lock", sync_to_thread=True, status_code=200)
def lock(request: Asked, event_id: FromPath[str], data: Form[gates.Sure]) -> Response[Any]:
    """Lock every sheet of the event."""
    by = person(request).official
    return gates.through(
        request,
        event_id,
        "lock",
        lambda conn, at: judging.lock_event(conn, event_id, by, at),
        lambda refusal: _lock_page(request, event_id, refusal),
    )


@post("/lock/undo", sync_to_thread=True, status_code=200)
def undo_lock(request: Asked, event_id: FromPath[str], data: Form[UndoForm]) -> Response[Any]:
    """Take the lock back, with a reason on record."""
    by = person(request).official
    return gates.through(
        request,
        event_id,
        "lock",
        lambda conn, at: judging.undo_lock(conn, event_id, by, data.reason, at),
        lambda refusal: _lock_page(request, event_id, refusal),
    )


@post("/unlock", sync_to_thread=True)
def unlock(request: Asked, event_id: FromPath[str], data: Form[UnlockForm]) -> Redirect:
    """Open one locked sheet again, with a reason on record; its judge signs anew."""
    by = person(request).official
    write(request, lambda conn, at: judging.unlock_sheet(conn, data.sheet, by, data.reason, at))
    return Redirect(f"/desk/events/{event_id}/entries/{data.code}", status_code=303)


@post("/settle", sync_to_thread=True)
def settle(request: Asked, event_id: FromPath[str], data: Form[SettleForm]) -> Redirect:
    """Let one of the clashing marks stand, with a reason on record."""
    by = person(request).official
    write(request, lambda conn, at: judging.settle_clash(conn, data.sheet, data.item, data.mark, by, data.reason, at))
    return Redirect(f"/desk/events/{event_id}/entries/{data.code}", status_code=303)


@post("/requests/approve", sync_to_thread=True)
def approve(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Redirect:
    """Open what a judge asked for, for so many minutes; the judge's tablet hears of it within seconds."""
    by = person(request).official
    items = [data.items] if isinstance(data.items, str) else data.items
    minutes = int(data.minutes) if data.minutes.isdecimal() and len(data.minutes) < 5 else 0
    opened = [item for item in items if item]
    write(
        request,
        lambda conn, at: judging.approve_unlock(conn, data.sheet, data.request, opened, minutes, by, data.reason, at),
    )
    return Redirect(f"/desk/events/{event_id}#queue", status_code=303)


@post("/requests/refuse", sync_to_thread=True)
def refuse(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Redirect:
    """Leave the sheet as it is; the judge reads the reason."""
    by = person(request).official
    write(request, lambda conn, at: judging.refuse_unlock(conn, data.sheet, data.request, by, data.reason, at))
    return Redirect(f"/desk/events/{event_id}#queue", status_code=303)


@post("/requests/extend", sync_to_thread=True)
def extend(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Redirect:
    """More minutes, from now on, for a correction that is open."""
    by = person(request).official
    minutes = int(data.minutes) if data.minutes.isdecimal() and len(data.minutes) < 5 else 0
    write(request, lambda conn, at: judging.extend_unlock(conn, data.sheet, minutes, by, data.reason, at))
    return Redirect(f"/desk/events/{event_id}#queue", status_code=303)


@post("/late", sync_to_thread=True)
def late(request: Asked, event_id: FromPath[str], data: Form[LateForm]) -> Redirect:
    """Let a late mark count or not, with a reason on record."""
    by, accept = person(request).official, data.accept == "yes"

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(
            conn, by, "late", event_id
        )  # before the mark is looked for: whether there is one is not for everybody
        judging.decide_late(conn, data.mark, accept, by, data.reason, at)

    write(request, act)
    return Redirect(f"/desk/events/{event_id}/entries/{data.code}", status_code=303)


@post("/spread", sync_to_thread=True)
def spread(request: Asked, event_id: FromPath[str], data: Form[SpreadForm]) -> Redirect:
    """What came of seats far apart: the marks stand, were changed, or their judges are asked to look again."""
    by = person(request).official
    seats = [data.seats] if isinstance(data.seats, str) else data.seats

    def act(conn: sa.Connection, at: datetime) -> None:
        if data.outcome == "again":
            judging.ask_again(conn, event_id, data.alarm, data.seen, seats, by, data.reason, at)
        else:
            judging.review(conn, event_id, data.alarm, data.seen, data.outcome, by, data.reason, at)

    write(request, act)
    return Redirect(f"/desk/events/{event_id}#queue", status_code=303)


@post("/messages", sync_to_thread=True)
def send(request: Asked, event_id: FromPath[str], data: Form[MessageForm]) -> Redirect:
    """Show a message on the event's tablets."""
    by = person(request).official
    write(request, lambda conn, at: judging.send_message(conn, event_id, data.text, by, at, secrets.token_bytes))
    return Redirect(f"/desk/events/{event_id}#messages", status_code=303)


@post("/messages/end", sync_to_thread=True)
def end(request: Asked, event_id: FromPath[str], data: Form[MessageForm]) -> Redirect:
    """Take a message back."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, "broadcast", event_id)
        judging.end_message(conn, data.id, by, at)

    write(request, act)
    return Redirect(f"/desk/events/{event_id}#messages", status_code=303)


@post("/strip", sync_to_thread=True)
def strip(request: Asked, event_id: FromPath[str], data: Form[StripForm]) -> Redirect:
    """Show judges their own earlier marks for an item, or not."""
    by, shown = person(request).official, data.shown == "yes"
    write(request, lambda conn, at: judging.set_strip(conn, event_id, shown, by, at))
    return Redirect(f"/desk/events/{event_id}#devices", status_code=303)


@post("/absence", sync_to_thread=True)
def absence(request: Asked, event_id: FromPath[str], data: Form[SeatForm]) -> Redirect:
    """Mark a seat absent: what a short panel does then is the rule file's word."""
    by = person(request).official
    write(request, lambda conn, at: judging.record_absence(conn, event_id, data.seat, by, data.reason, at))
    return Redirect(f"/desk/events/{event_id}/seats", status_code=303)


@post("/status", sync_to_thread=True)
def status(request: Asked, event_id: FromPath[str], data: Form[StatusForm]) -> Redirect:
    """Say that an entry did not start, did not finish, withdrew, or is disqualified or void; or competes after all."""
    by = person(request).official
    found, _ = read(request, lambda conn: entry.entry_of(conn, event_id, data.code))
    write(request, lambda conn, at: judging.set_status(conn, found.id, data.status, by, data.reason, at))
    return Redirect(f"/desk/events/{event_id}/entries/{data.code}", status_code=303)


def _lock_page(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    def build(conn: sa.Connection, gate: Gate) -> Gate:
        tally = request.app.state.tallies.of(conn, event_id)
        blockers = gates.unlocked(conn, event_id, signed_is_enough=True)
        facts = (
            ("entries", str(tally.entries)),
            ("sheets", f"{tally.received}/{tally.expected}"),
            ("locked", str(tally.locked)),
        )
        known = judging.event_line(conn, event_id)
        locked = [one.signed_at is not None for one in judging.progress(conn, event_id) if one.state == "locked"]
        undo = known.locked and known.decoded_at is None and "lock" in gate.may and bool(locked)
        return replace(
            gate, blockers=blockers, facts=facts, undo=(sum(locked), len(locked) - sum(locked)) if undo else None
        )

    return gates.gate_page(request, event_id, "lock", build, template="desk/lock.html", problem=problem)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[
            lock_page,
            lock,
            undo_lock,
            unlock,
            settle,
            approve,
            refuse,
            extend,
            late,
            spread,
            send,
            end,
            strip,
            absence,
            status,
        ],
        guards=[encrypted, signed_in],
    )
]
