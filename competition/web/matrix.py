"""One event as it is being marked: the progress matrix, tablets and standings, all by code, for pages that follow it live.

What somebody may see is decided here, from their roles: while codes are sealed nobody sees names; the encryptor, who can
tell whose code it is, sees no totals until the names are open; before locking nobody reads a single mark (DESIGN, law 7).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from competition import judging, rules, store
from competition.judging import permissions, reading
from competition.judging.slot_gates import opened
from competition.publish.names import called
from competition.web import queues
from competition.web.overview import Tallies
from competition.web.said import module_name, seat_said
from competition.web.tablets import device_lines
from competition.web.views import (
    Cell,
    Column,
    EventLive,
    Group,
    MatrixRow,
    StandingLine,
)
from competition.words import Lang, Words, pick

POWERS: Mapping[str, tuple[str, ...]] = {
    "seats": ("seats",), "slots": ("slot_gates",), "statistics": ("statistics",),
    "tablets": ("tablets", "replace_tablet"), "handover": ("hand_over",),
    "checkin": ("check_in", "close_check_in"), "absence": ("absence",), "status": ("status",), "settle": ("clash",),
    "strip": ("strip",), "unlock": ("unlock",), "review": ("review",), "broadcast": ("broadcast",), "correct": ("correct",),
    "corrections": ("correct", "confirm_correction"), "lock": ("lock",), "notice": ("notice",), "final": ("final",),
    "certificates": ("certificates",), "appeals": ("lodge",), "recheck": ("check_sheet",), "pack": ("pack",),
    "timeline": ("timeline",), "objections": ("object", "answer_objection"),
}  # fmt: skip
"""What a page offers -> the acts behind it."""
LIVE_ACTS = frozenset(
    {"unlock", "strip", "review", "broadcast"}
)  # what the moving part of the page itself has forms for

Absences = frozenset[tuple[str, str]]


def live(
    conn: sa.Connection, tallies: Tallies, event_id: str, roles: frozenset[str], at: datetime, app: str = ""
) -> EventLive:
    """The moving part of an event's page, as these roles may see it. `app` is the tablets' program as it is served now."""
    known = judging.event_line(conn, event_id)
    law = store.thawed(conn, event_id)
    tally = tallies.of(conn, event_id)
    sheets = judging.progress(conn, event_id)
    entries = judging.entries(conn, event_id)
    codes = codes_of(entries, sheets)
    away = absences(conn, event_id)
    groups = _groups(law, sheets, away)
    sealed = known.decoded_at is None
    totals = may_see_totals(roles) or not sealed
    return EventLive(
        id=event_id,
        at=store.stamp(at),
        received=tally.received,
        expected=tally.expected,
        locked=tally.locked,
        clashes=tally.clashes,
        finished=tally.finished,
        entries=tally.entries,
        groups=tuple(group for group, _ in groups),
        rows=_rows(groups, sheets, entries, codes, away),
        devices=device_lines(
            law, judging.devices(conn, event_id), at, {one.sheet: codes[one.entry] for one in sheets}, app
        ),
        requests=queues.requests(law, sheets, codes) if queues.may_watch(roles) else None,
        corrections=queues.corrections(law, sheets, codes) if queues.may_watch(roles) else (),
        troubles=queues.troubles(conn, event_id, law, sheets, codes) if queues.may_watch(roles) else (),
        spreads=queues.spreads(conn, event_id, law, codes) if queues.may_watch(roles) else (),
        messages=tuple(judging.sent_messages(conn, event_id)) if "broadcast" in powers(roles) else (),
        slots=tuple((module_name(law, one), *told) for one, told in sorted(opened(conn, event_id).items())),
        strip=judging.strip_shown(conn, event_id),
        minutes=judging.USUAL,
        may=powers(roles) & LIVE_ACTS,
        part_names=tuple(part.name for part in law.parts),
        standings=_standings(conn, event_id, law, codes, sealed)
        if totals and tally.started
        else ()
        if totals
        else None,
        sealed=sealed,
    )


def may_see_totals(roles: frozenset[str]) -> bool:
    """Whether these roles may see totals by code while names are sealed: not whoever can tell whose code it is."""
    return bool(roles & {"organiser", "chief", "supervisor"}) and "encryptor" not in roles


def powers(roles: frozenset[str]) -> frozenset[str]:
    """What these roles may do on an event's pages; the acts themselves check again."""
    may = {power for power, acts in POWERS.items() if any(permissions.may(roles, act) for act in acts)}
    may |= roles & {"encryptor", "supervisor"}
    if may_see_totals(roles):
        may.add("csv")
    return frozenset(may)


def codes_of(entries: Iterable[judging.EntryLine], sheets: Iterable[judging.Progress]) -> dict[str, str]:
    """Entry id to what stands for it: its 评审号，or the first six of its random id before the draw."""
    drawn = {sheet.entry: sheet.code for sheet in sheets if sheet.code}
    return {entry.id: drawn.get(entry.id) or (entry.codes[-1] if entry.codes else entry.id[:6]) for entry in entries}


def absences(conn: sa.Connection, event_id: str) -> Absences:
    """(seat, entry or "*") of every absence on record."""
    return frozenset((seat, entry) for entry, seat in reading.absences(conn, event_id))


def table(view: EventLive, words: Words, lang: Lang) -> tuple[list[tuple[str, str]], list[dict[str, str]]]:
    """The standings as columns (key, title) and rows for a spreadsheet."""
    parts = [(f"part{n}", pick(name, lang)) for n, name in enumerate(view.part_names)]
    named = (
        []
        if view.sealed
        else [("name", words.say("standings.name", lang)), ("unit", words.say("certificates.unit", lang))]
    )
    columns = [
        ("rank", words.say("standings.rank", lang)),
        ("code", words.say("standings.code", lang)),
        *named,
        *parts,
        ("total", words.say("standings.total", lang)),
        ("award", words.say("certificates.award", lang)),
        ("status", words.say("standings.state", lang)),
    ]
    rows = [
        {
            "rank": str(one.rank or ""),
            "code": one.code,
            "name": one.name or "",
            "unit": one.unit or "",
            **{f"part{n}": points or "" for n, points in enumerate(one.parts)},
            "total": one.total or "",
            "award": pick(one.award, lang) if one.award else "",
            "status": words.say(f"status.{one.status}", lang) if one.status else "",
        }
        for one in view.standings or ()
    ]
    return columns, rows


def _groups(
    law: rules.Rules, sheets: Iterable[judging.Progress], away: Absences
) -> list[tuple[Group, tuple[tuple[str, str, str], ...]]]:
    """Columns in the rules' order, each group with its (module, sheet, seat) keys."""
    used: dict[tuple[str, str], set[str]] = {}
    for sheet in sheets:
        used.setdefault((sheet.module, sheet.name), set()).add(sheet.seat)
    found = []
    for form in law.sheets:
        seats = sorted(used.get((form.module, form.id), ()), key=_seat_order)
        if seats:
            columns = tuple(Column(seat_said(law, seat), (seat, "*") in away) for seat in seats)
            keys = tuple((form.module, form.id, seat) for seat in seats)
            found.append((Group(module_name(law, form.module), form.name, columns), keys))
    return found


def _rows(
    groups: Iterable[tuple[Group, tuple[tuple[str, str, str], ...]]],
    sheets: Iterable[judging.Progress],
    entries: Iterable[judging.EntryLine],
    codes: Mapping[str, str],
    away: Absences,
) -> tuple[MatrixRow, ...]:
    keys = [key for _, group in groups for key in group]
    cells = {(sheet.entry, sheet.module, sheet.name, sheet.seat): cell(sheet, away) for sheet in sheets}
    none = Cell("none")
    rows = [
        MatrixRow(codes[entry.id], entry.status, tuple(cells.get((entry.id, *key), none) for key in keys))
        for entry in entries
    ]
    return tuple(sorted(rows, key=lambda row: row.code))  # by code: the order of import would tell whose it is


def cell(sheet: judging.Progress, away: Absences) -> Cell:
    """One sheet as a cell: clash before absence before the sheet's own state; keyed while the second person is missing."""
    state = sheet.state
    if sheet.clash:
        state = "clash"
    elif state in ("draft", "complete") and away & {(sheet.seat, "*"), (sheet.seat, sheet.entry)}:
        state = "absent"
    elif state == "draft" and not sheet.marked:
        state = "empty"
    elif state == "complete" and sheet.keyers:
        state = "keyed"
    return Cell(state, sheet.marked, sheet.required, sheet.flags)


def _standings(
    conn: sa.Connection, event_id: str, law: rules.Rules, codes: Mapping[str, str], sealed: bool
) -> tuple[StandingLine, ...]:
    awards = {award.id: award.name for award in law.awards}
    appealed = judging.appealed(conn, event_id)
    people = {} if sealed else {one.id: one for one in judging.entries(conn, event_id, names=True)}
    return tuple(
        StandingLine(
            code=codes[one.entry],
            rank=one.rank,
            tied=one.tied,
            status=one.status,
            total=one.total,
            parts=tuple(one.values.get(part.id) for part in law.parts),
            missing=one.missing,
            decided_by=one.decided_by,
            award=awards.get(one.award) if one.award else None,
            name=called(people[one.entry].names, people[one.entry].team) if one.entry in people else None,
            unit=people[one.entry].unit if one.entry in people else None,
            appealed=one.entry in appealed,
        )
        for one in judging.standings(conn, event_id).standings
    )


def _seat_order(label: str) -> tuple[str, int]:
    panel, _, n = label.rpartition(".")
    return panel, int(n) if n.isdigit() else 0
