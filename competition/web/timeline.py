"""The timeline of an event at the supervisor's desk: every act in words, by entry, seat, tablet or kind; as a page and as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.judging.timeline import Act, timeline
from competition.publish.tables import Column, csv_table
from competition.web import gates, matrix
from competition.web.auth import Asked, encrypted, person, read, signed_in
from competition.web.desk import at_event, download
from competition.web.pages import language, local, page
from competition.web.said import seat_said, sheet_title
from competition.web.views import Text
from competition.words import pick

A_PAGE = 200
GROUPS: Mapping[str, frozenset[str]] = {
    "marks": frozenset({"mark", "key-again", "confirm-keyed", "correct", "settle", "late", "late-decision"}),
    "signatures": frozenset({"sign", "check", "lock", "close", "unlock", "undo-lock"}),
    "rulings": frozenset(
        {"ask-unlock", "refuse-unlock", "extend-unlock", "ask-correction", "refuse-correction", "ask-ruling", "refuse-ruling",
         "absence", "absence-ended", "status", "input", "admit", "order", "spread-review", "substitute", "strip", "recheck",
         "recheck-wrong", "appeal", "appeal-heard", "appeal-done"}
    ),
    "tablets": frozenset({"pairing", "join", "join-refused", "revoke-device", "hand-over", "message", "message-ended"}),
    "gates": frozenset(
        {"seed", "draw", "open-layer", "decode", "notice", "final", "certificates", "certificate-asked",
         "certificate-confirmed", "certificate-refused", "freeze"}
    ),
}  # fmt: skip
"""What can be picked out together; the rest is shown with everything."""
COLUMNS = {
    "n": "timeline.n", "at": "timeline.at", "act": "timeline.act", "code": "standings.code", "where": "timeline.about",
    "item": "timeline.item", "before": "timeline.original", "after": "timeline.after", "by": "timeline.who",
    "second": "timeline.second", "device": "timeline.tablet", "why": "timeline.why",
}  # fmt: skip
"""The columns of the CSV and the words above them."""


@dataclass(frozen=True, slots=True)
class Line:
    """An act as it is shown; `trail.<kind>` is what it is called. device: the first letters of its id."""

    n: int
    at: str
    kind: str
    code: str
    where: Text
    item: Text | None
    changed: tuple[str, str] | None
    by: str
    second: str
    device: str
    device_id: str
    sheets: int
    reason: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """/desk/events/{id}/timeline. found: how many lines the filter leaves, of `total`; `next` is the number of the next page, 0 if none."""

    id: str
    name: Text
    lines: tuple[Line, ...]
    found: int
    total: int
    number: int
    next: int
    code: str
    seat: str
    what: str
    device: str
    objects: bool
    codes: tuple[str, ...]
    seats: tuple[tuple[str, Text], ...]


@get("/timeline", sync_to_thread=True)
def timeline_page(
    request: Asked, event_id: FromPath[str], code: FromQuery[str] = "", seat: FromQuery[str] = "", what: FromQuery[str] = "",
    device: FromQuery[str] = "", number: FromQuery[int] = 1,
) -> Response[str]:  # fmt: skip
    """The newest lines first, two hundred on a page. Unknown filter values mean no filter."""

    def look(conn: sa.Connection) -> TimelinePage:
        every, codes, law = _every(conn, request, event_id)
        known = tuple(sorted(set(codes.values())))
        seats = tuple(sorted({act.seat for act in every if act.seat}))
        wanted = _picked(every, codes, code if code in known else "", seat if seat in seats else "", what, device)
        start = (max(number, 1) - 1) * A_PAGE
        some = wanted[::-1][start : start + A_PAGE]
        return TimelinePage(
            id=event_id,
            name=gates.event_name(conn, event_id),
            lines=tuple(_line(law, act, codes) for act in some),
            found=len(wanted),
            total=len(every),
            number=max(number, 1),
            next=max(number, 1) + 1 if start + A_PAGE < len(wanted) else 0,
            code=code if code in known else "",
            seat=seat if seat in seats else "",
            what=what if what in GROUPS else "",
            device=device,
            objects=judging.may(judging.roles(conn, person(request).official, event_id), "object"),
            codes=known,
            seats=tuple((label, seat_said(law, label)) for label in seats),
        )

    return page(request, "timeline/timeline.html", view=read(request, look), groups=tuple(GROUPS))


@get("/timeline.csv", sync_to_thread=True)
def timeline_csv(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """Every line, oldest first."""
    lang, words = language(request), request.app.state.words

    def look(conn: sa.Connection) -> list[Line]:
        every, codes, law = _every(conn, request, event_id)
        return [_line(law, act, codes) for act in every]

    columns = [Column(key, words.say(word, lang)) for key, word in COLUMNS.items()]
    rows = [
        {
            "n": one.n, "at": local(one.at, "second"), "code": one.code, "where": pick(one.where, lang),
            "act": words.say(f"trail.{one.kind}", lang) if words.has(f"trail.{one.kind}") else one.kind,
            "item": pick(one.item, lang) if one.item else "", "before": one.changed[0] if one.changed else "",
            "after": one.changed[1] if one.changed else "", "by": one.by, "second": one.second, "device": one.device_id, "why": one.reason,
        }
        for one in read(request, look)
    ]  # fmt: skip
    return download(csv_table(columns, rows), "text/csv; charset=utf-8", f"timeline-{event_id}.csv")


def _every(conn: sa.Connection, request: Asked, event_id: str) -> tuple[list[Act], dict[str, str], rules.Rules]:
    at_event(conn, person(request), event_id)
    every = timeline(conn, event_id, person(request).official)
    codes = matrix.codes_of(judging.entries(conn, event_id), judging.progress(conn, event_id))
    return every, codes, store.thawed(conn, event_id)


def _picked(every: Sequence[Act], codes: Mapping[str, str], code: str, seat: str, what: str, device: str) -> list[Act]:
    kinds = GROUPS.get(what)
    return [
        act
        for act in every
        if (not code or codes.get(act.entry) == code)
        and seat in ("", act.seat)
        and device in ("", act.device)
        and (kinds is None or act.kind in kinds)
    ]


def _line(law: rules.Rules, act: Act, codes: Mapping[str, str]) -> Line:
    seat = seat_said(law, act.seat) if act.seat else {"zh": "", "en": ""}
    item = None
    where = seat
    if act.sheet:
        form = law.sheet(act.module, act.sheet)
        title = sheet_title(law, act.module, act.sheet)
        where = {"zh": f"{title['zh']} · {seat['zh']}", "en": f"{title['en']} · {seat['en']}"}
        found = next((one for one in form.items if one.id == act.item), None)
        item = {"zh": found.name.zh, "en": found.name.en} if found else None
    changed = (act.changed[0] or "—", act.changed[1] or "—") if act.changed else None
    return Line(
        act.n, act.at, act.kind, codes.get(act.entry, ""), where, item, changed, act.by, act.second,
        act.device[:8], act.device, act.sheets, act.reason,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[timeline_page, timeline_csv], guards=[encrypted, signed_in])
]
