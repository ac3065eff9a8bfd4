"""The desk's first page: what waits for this official today, the most urgent kind of task first."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from competition import judging, store
from competition.judging.objections import unanswered
from competition.web import clerk_work, games_work, overview, sealing_work
from competition.web.auth import Person
from competition.web.views import EventLine, Home, Task, TaskGroup

# What each next step is called, who does it and where (words `task.*`, `do.*`).
NEXT: dict[str, tuple[str, frozenset[str], str]] = {
    "setup": ("setup", frozenset({"organiser"}), "setup"),
    "clash": ("", frozenset({"chief"}), ""),
    "lock": ("lock", frozenset({"chief"}), "lock"),
    "decode": ("decode", frozenset({"encryptor", "supervisor"}), "decode"),
    "notice": ("notice", frozenset({"organiser"}), "notice"),
    "renotice": ("renotice", frozenset({"organiser"}), "notice"),
    "final": ("final", frozenset({"organiser"}), "final"),
    "revise": ("revise", frozenset({"organiser"}), "final"),
    "certificates": ("certificates", frozenset({"organiser"}), "certificates"),
}
URGENT = (
    "asked",
    "correction",
    "amend",
    "appeals",
    "objection",
    "recheck",
    "clash",
    "interests",
    "late",
    "renotice",
    "revise",
    "final",
    "games_final",
    "games_notice",
    "decode",
    "notice",
    "lock",
    "theory_check",
    "cards_check",
    "theory",
    "cards",
    "changes",
    "draw",
    "half",
    "checkin",
    "marking",
    "waiting",
    "certificates",
    "setup",
)
FEW = 4  # so many events that have not begun are listed one by one; more are one line
MANY = 6  # tasks of one kind; more of them are folded under one line
KIND = {
    "clash": "danger",
    "asked": "danger",
    "renotice": "danger",
    "marking": "info",
    "waiting": "info",
    "certificates": "ok",
}


def home_view(conn: sa.Connection, tallies: overview.Tallies, who: Person, at: datetime) -> Home:
    """Today's work of one official over all events."""
    known = judging.all_events(conn)
    lines = overview.lines(conn, known, tallies, at)
    tasks = [task for one in lines if (task := _task(one, judging.roles(conn, who.official, one.id)))]
    tasks += [task for one in lines for task in _waiting(conn, tallies, who, one)]
    tasks += [task for one in lines for task in _corrections(conn, tallies, who, one)]
    tasks += _changes(conn, who, lines)
    tasks += _amendments(conn, who, lines)
    tasks += _appeals(conn, who, lines)
    tasks += _objections(conn, who, lines)
    tasks += _rechecks(conn, who, lines)
    tasks += clerk_work.tasks(conn, who.official)
    tasks += sealing_work.tasks(conn, who.official, known, lines)
    tasks += games_work.tasks(conn, who.official, known, lines, at)
    tasks.sort(key=lambda task: URGENT.index(task.key))
    waiting = [task for task in tasks if task.key == "setup"]
    if len(waiting) > FEW:
        tasks = [task for task in tasks if task.key != "setup"]
    return Home(
        games=overview.games_of(known),
        at=store.stamp(at),
        events=len(lines),
        marking=sum(one.stage == "marking" for one in lines),
        received=sum(one.received for one in lines),
        expected=sum(one.expected for one in lines),
        notices=sum(one.stage == "notice" for one in lines),
        finals=sum(one.stage == "final" for one in lines),
        groups=tuple(_grouped(tasks)),
        not_begun=len(waiting) if len(waiting) > FEW else 0,
    )


def _grouped(tasks: Iterable[Task]) -> Iterator[TaskGroup]:
    """Tasks in their order, those of one kind together."""
    for key, same in groupby(tasks, lambda task: task.key):
        some = tuple(same)
        yield TaskGroup(key, some[0].kind, some, len(some) > MANY)


def _task(one: EventLine, roles: frozenset[str]) -> Task | None:
    """What this event asks of somebody with these roles today; following along counts for chiefs and organisers."""
    key = one.next
    _, doers, where = NEXT.get(key, ("", frozenset({"chief", "organiser"}), ""))
    if not roles & doers:
        return None
    href = f"/desk/events/{one.id}/{where}".rstrip("/")
    n, of = (one.clashes, one.expected) if key == "clash" else (one.received, one.expected)
    return Task(key, KIND.get(key, "warn"), one.name, href, n, of, one.window_closes)  # type: ignore[arg-type]


def _waiting(conn: sa.Connection, tallies: overview.Tallies, who: Person, one: EventLine) -> list[Task]:
    """Requests to correct and late marks: the chief of the event answers them."""
    tally = tallies.of(conn, one.id)
    counts = [(key, n) for key, n in (("asked", tally.asked), ("late", tally.late)) if n]
    if not counts or "chief" not in judging.roles(conn, who.official, one.id):
        return []
    href = f"/desk/events/{one.id}#queue"
    return [Task(key, KIND.get(key, "warn"), one.name, href, n) for key, n in counts]  # type: ignore[arg-type]


def _corrections(conn: sa.Connection, tallies: overview.Tallies, who: Person, one: EventLine) -> list[Task]:
    """Corrections of locked marks that the clerk or the supervisor of the event confirms."""
    n = tallies.of(conn, one.id).correcting
    if not n or not judging.may(judging.roles(conn, who.official, one.id), "confirm_correction"):
        return []
    return [Task("correction", "danger", one.name, f"/desk/events/{one.id}/corrections", n)]


def _changes(conn: sa.Connection, who: Person, lines: Iterable[EventLine]) -> list[Task]:
    """Requests to change certificates: the supervisor of the event confirms or refuses them."""
    asked = judging.waiting_changes(conn)
    return [
        Task("changes", "warn", one.name, f"/desk/events/{one.id}/certificates/changes", asked[one.id])
        for one in lines
        if one.id in asked and "supervisor" in judging.roles(conn, who.official, one.id)
    ]


def _amendments(conn: sa.Connection, who: Person, lines: Iterable[EventLine]) -> list[Task]:
    """Editions that are asked for after the first mark: the chief of the event answers."""
    asked = judging.events_asking(conn)
    return [
        Task("amend", "warn", one.name, f"/desk/events/{one.id}/rules")
        for one in lines
        if one.id in asked and judging.may(judging.roles(conn, who.official, one.id), "amend")
    ]


def _appeals(conn: sa.Connection, who: Person, lines: Iterable[EventLine]) -> list[Task]:
    """Appeals that the supervisor of the event has not answered, or not seen put right."""
    waiting = judging.waiting_appeals(conn)
    return [
        Task("appeals", "danger", one.name, f"/desk/events/{one.id}/appeals", waiting[one.id])
        for one in lines
        if one.id in waiting and judging.may(judging.roles(conn, who.official, one.id), "hear")
    ]


def _rechecks(conn: sa.Connection, who: Person, lines: Iterable[EventLine]) -> list[Task]:
    """Sheets of a re-check that nobody has compared yet: a supervisor or a clerk does, until the final release."""
    left = judging.left_to_check(conn)
    return [
        Task("recheck", "warn", one.name, f"/desk/events/{one.id}/recheck", left[one.id])
        for one in lines
        if one.id in left and judging.may(judging.roles(conn, who.official, one.id), "check_sheet")
    ]


def _objections(conn: sa.Connection, who: Person, lines: Iterable[EventLine]) -> list[Task]:
    """Objections of the supervisor that the chief of the event has not answered."""
    left = unanswered(conn)
    return [
        Task("objection", "danger", one.name, f"/desk/events/{one.id}/objections", left[one.id])
        for one in lines
        if one.id in left and judging.may(judging.roles(conn, who.official, one.id), "answer_objection")
    ]
