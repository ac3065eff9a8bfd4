"""What the gate pages share: one act behind conditions. The page lists what still blocks it, with links; the act checks again."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response
from litestar.response import Redirect

from competition import judging, store
from competition.errors import CompetitionError, Finding
from competition.web import matrix
from competition.web.auth import Asked, person, read, write
from competition.web.desk import at_event
from competition.web.gate_views import Blocker, Gate
from competition.web.pages import local, page
from competition.web.said import seat_said, sheet_title
from competition.web.views import Text
from competition.words import pick

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


class Sure(msgspec.Struct):
    """The box that says: I have checked."""

    sure: str


def gate_page(
    request: Asked,
    event_id: str,
    kind: str,
    build: Callable[[sa.Connection, Gate], Gate],
    *,
    template: str = "desk/gate.html",
    problem: CompetitionError | None = None,
) -> Response[str]:
    """The page of one gate. `build` adds its blockers and facts; after a refusal `problem` says what was refused."""

    def look(conn: sa.Connection) -> Gate:
        roles = at_event(conn, person(request), event_id)
        return build(conn, Gate(event_id, event_name(conn, event_id), (), may=matrix.powers(roles)))

    view = read(request, look)
    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, template, status=status, view=view, kind=kind, problem=problem, done=done)


def through(
    request: Asked,
    event_id: str,
    kind: str,
    act: Callable[[sa.Connection, datetime], Any],
    refuse: Callable[[CompetitionError], Response[str]],
) -> Response[Any]:
    """Do the act and come back to its page, or say there why not."""
    try:
        write(request, act)
    except CompetitionError as refusal:
        return refuse(refusal)
    return Redirect(f"/desk/events/{event_id}/{kind}?done=1", status_code=303)


def event_name(conn: sa.Connection, event_id: str) -> Text:
    """An event's name."""
    known = judging.event_line(conn, event_id)
    return {"zh": known.name_zh, "en": known.name_en}


def from_findings(findings: Iterable[Finding], event_id: str) -> tuple[Blocker, ...]:
    """What a check found, as blockers; each leads to where it is cleared (a time only passes), told in venue time."""
    return tuple(
        Blocker(
            {"zh": in_venue_time(one.zh), "en": in_venue_time(one.en)},
            None if STAMP.search(one.zh) else _where(one.where, event_id),
        )
        for one in findings
    )


def unlocked(conn: sa.Connection, event_id: str, *, signed_is_enough: bool) -> tuple[Blocker, ...]:
    """Who is missing, seat by seat, and which marks clash: what stands before locking (or, locked, before decoding)."""
    law, away = store.thawed(conn, event_id), matrix.absences(conn, event_id)
    sheets, entries = judging.progress(conn, event_id), judging.entries(conn, event_id)
    codes = matrix.codes_of(entries, sheets)
    competing = {entry.id for entry in entries if not entry.status}
    enough = {"signed", "locked", "checked"} if signed_is_enough else {"locked", "checked"}
    clashing: list[judging.Progress] = []
    waiting: dict[tuple[str, str, str], list[str]] = {}
    for sheet in sheets:
        if sheet.entry not in competing or away & {(sheet.seat, "*"), (sheet.seat, sheet.entry)}:
            continue
        if sheet.clash:
            clashing.append(sheet)
        elif sheet.state not in enough:
            waiting.setdefault((sheet.seat, sheet.module, sheet.name), []).append(codes[sheet.entry])
    found = [
        Blocker(
            {
                "zh": f"{codes[one.entry]} · {said(law, one.seat, 'zh')}：有冲突的打分，等待裁决",
                "en": f"{codes[one.entry]} · {said(law, one.seat, 'en')}: clashing marks to settle",
            },
            f"/desk/events/{event_id}/entries/{codes[one.entry]}",
        )
        for one in clashing
    ]
    for (seat, module, name), missing in sorted(waiting.items()):
        title = sheet_title(law, module, name)
        which = "、".join(sorted(missing)[:8]) + ("…" if len(missing) > 8 else "")
        word_zh, word_en = ("未签名", "not signed") if signed_is_enough else ("未锁定", "not locked")
        found.append(
            Blocker(
                {
                    "zh": f"{said(law, seat, 'zh')}《{_pick(title, 'zh')}》还有 {len(missing)} 张{word_zh}：{which}",
                    "en": f"{said(law, seat, 'en')}, {_pick(title, 'en')}: {len(missing)} {word_en} ({which})",
                },
                f"/desk/events/{event_id}#matrix",
            )
        )
    return tuple(found)


def said(law: Any, seat: str, lang: str) -> str:
    """A seat in words."""
    return _pick(seat_said(law, seat), lang)


def _where(where: str, event_id: str) -> str | None:
    page = {
        "sheets": "/lock",
        "seal": "/decode",
        "standings": "#standings",
        "notice": "/notice",
        "appeals": "/appeals",
        "objections": "/objections",
        "recheck": "/recheck",
    }.get(where, "")
    return f"/desk/events/{event_id}{page}"


def in_venue_time(text: str) -> str:
    """A text of findings with its times as the venue has them."""
    return STAMP.sub(lambda found: local(found.group()), text)


def _pick(text: Any, lang: str) -> str:
    return pick(text, "en" if lang == "en" else "zh")


def one(zh: str, en: str, href: str | None = None) -> Blocker:
    """A single blocker."""
    return Blocker({"zh": zh, "en": en}, href)
