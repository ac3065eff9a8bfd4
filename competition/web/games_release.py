"""The games' tables at the desk: their rules, what they come to now, the notice with its window, the final release, its revisions."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, Finding, MarkError
from competition.judging import games_releases as acts
from competition.judging.games_rules import FILE, MOST_CHARACTERS, file_games_rules, games_rules, the_games
from competition.judging.games_tables import Computed, computed, frozen_names, frozen_rows
from competition.judging.permissions import MAY
from competition.rules.games import GamesTable
from competition.scoring.result import number_text
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.games_making import outputs_of
from competition.web.games_views import GamesDesk, RuleLine, decider, moved_rows, published, table_views
from competition.web.gate_views import Blocker
from competition.web.gates import in_venue_time
from competition.web.pages import language, local_input, moment, page, venue_moment
from competition.web.release import WINDOW, working_days_after
from competition.web.views import Text

HERE = "/desk/games/tables"
BODY_LIMIT = 4 * MOST_CHARACTERS + 100_000
OURS = ("games_rules", "games_notice", "games_final", "games_pack", "titles")


class NoticeForm(msgspec.Struct):
    """When the window closes (venue time without a zone); partial: the events in `shown` count nothing yet, and that is meant."""

    closes: str
    sure: str
    partial: str = ""
    shown: str = ""


class FinalForm(msgspec.Struct):
    """Sure, and for a later revision why."""

    sure: str
    reason: str = ""


@get("/tables", sync_to_thread=True)
def desk_page(request: Asked) -> Response[str]:
    """The tables as they are now, and the next gate."""
    return _page(request)


@post("/tables/rules", status_code=200, request_max_body_size=BODY_LIMIT)
async def file_rules(request: Asked) -> Response[Any]:
    """File a games.toml: one that is brought, or the one that came with the program."""
    form = await request.form()
    file = form.get("file")
    raw = await file.read() if isinstance(file, UploadFile) else b""
    said = {key: str(form.get(key) or "").strip() for key in ("do", "reason")}
    return await asyncio.to_thread(_file, request, raw, said)


@post("/tables/notice", sync_to_thread=True, status_code=200)
def notice(request: Asked, data: Form[NoticeForm]) -> Response[Any]:
    """Freeze the tables and make them public until the window closes."""
    by, without = person(request).official, data.shown.split() if data.partial == "yes" else ()
    return _through(
        request,
        "notice",
        lambda conn, at: acts.publish_games_notice(conn, by, venue_moment(data.closes), at, without),
    )


@post("/tables/final", sync_to_thread=True, status_code=200)
def final(request: Asked, data: Form[FinalForm]) -> Response[Any]:
    """Release the tables, numbered revision by revision."""
    by = person(request).official
    return _through(request, "final", lambda conn, at: acts.publish_games_final(conn, by, at, data.reason or None))


def _file(request: Asked, raw: bytes, said: dict[str, str]) -> Response[Any]:
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, "games_rules", None)
        file_games_rules(conn, _text(request, raw, said["do"]), by, at, said["reason"])

    return _through(request, "rules", act)


def _text(request: Asked, raw: bytes, do: str) -> str:
    if do == "shipped":
        root: Path = request.app.state.settings.root
        return (root / "scoring_rules" / FILE).read_text(encoding="utf-8")
    if not raw:
        raise MarkError("还没有选择 games.toml 文件，或文件是空的。", "No games.toml was chosen, or it is empty.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise MarkError("这不是 UTF-8 文本文件。", "This is no text file in UTF-8.") from None


def _through(request: Asked, what: str, act: Callable[[sa.Connection, datetime], Any]) -> Response[Any]:
    try:
        write(request, act)
    except CompetitionError as refusal:
        return _page(request, refusal)
    return Redirect(f"{HERE}?done={what}", status_code=303)


def _page(request: Asked, problem: CompetitionError | None = None) -> Response[str]:
    at = request.app.state.clock()

    def look(conn: sa.Connection) -> GamesDesk:
        judging.permit(conn, person(request).official, "games_pack", None)
        return _desk(conn, request, at)

    view = read(request, look)
    done = request.query_params.get("done", "") if problem is None else ""
    status = problem.status if problem else 200
    words, lang = request.app.state.words, language(request)
    headers = {"Refresh": "2"} if any(one.running for one in view.outputs) else {}
    return page(
        request, "games/tables.html", status=status, headers=headers, view=view, problem=problem, done=done,
        decider=lambda row: decider(row, words, lang),
    )  # fmt: skip


def _desk(conn: sa.Connection, request: Asked, at: datetime) -> GamesDesk:
    games, by = the_games(conn), person(request).official
    filed = games_rules(conn, games.id)
    held = judging.roles(conn, by, None)
    known = frozen_names(conn, games)
    now = computed(conn, games, filed.across) if filed else None
    tables = table_views(frozen_rows(now), known) if now else ()
    gate, found = _next_gate(conn, now, at)
    last = acts.games_release(conn, "final")
    return GamesDesk(
        games=known["games"],
        may=frozenset(act for act in OURS if held & set(MAY[act])),
        filed=(filed.n, filed.digest, filed.filed_at) if filed else None,
        rules=tuple(_rule(table) for table in filed.across.tables) if filed else (),
        titles=tuple((title.id, _both(title.name)) for title in filed.across.titles) if filed else (),
        tables=tables,
        missing=tuple((id, known["events"][id]) for id in now.missing) if now else (),
        warnings=tuple(_said(one) for one in _noticed(now)),
        gate=gate,
        blockers=tuple(_blocker(one) for one in found),
        moved=moved_rows(acts.games_revised(conn, now), known, tables) if now and last else (),
        releases=tuple(published(one) for one in reversed(acts.games_releases(conn))),
        closes=local_input(working_days_after(moment(at), WINDOW)),
        earliest=local_input(at),
        revision=last.revision if last else 0,
        outputs=outputs_of(conn, request),
    )


def _next_gate(conn: sa.Connection, now: Computed | None, at: datetime) -> tuple[str, list[Finding]]:
    """The next act and what is in its way: rules, then a notice whenever the newest one no longer stands, then the final release."""
    if now is None:
        return "rules", []
    told, final = acts.games_release(conn, "notice"), acts.games_release(conn, "final")
    rows = frozen_rows(now)
    if final is not None and final.rows == rows:
        return "", []
    if told is None or told.rows != rows:
        return "notice", acts.games_blockers(conn, now, at, without=now.missing)
    return "final", acts.games_blockers(conn, now, at, kind="final", without=told.missing)


def _noticed(now: Computed | None) -> list[Finding]:
    """Warnings of the tables; that events are missing is said by name elsewhere."""
    if now is None:
        return []
    every = [*now.findings, *(one for table in now.tables for one in table.findings)]
    return [one for one in every if one.severity == "warning" and "partial" not in one.en]


def _blocker(one: Finding) -> Blocker:
    event = one.where.removeprefix("appeals ")
    page_of = "/appeals" if one.where.startswith("appeals ") else "/final"
    href = None if one.where in ("rules", "notice") else f"/desk/events/{event}{page_of}"
    return Blocker({"zh": in_venue_time(one.zh), "en": in_venue_time(one.en)}, href)


def _rule(table: GamesTable) -> RuleLine:
    points = tuple((award, number_text(worth)) for award, worth in table.points.items())
    return RuleLine(_both(table.name), table.per, table.count, points, table.best, tuple(key.by for key in table.keys))


def _said(one: Finding) -> Text:
    return {"zh": one.zh, "en": one.en}


def _both(text: Any) -> Text:
    return {"zh": text.zh, "en": text.en}


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/games",
        route_handlers=[desk_page, file_rules, notice, final],
        guards=[encrypted, signed_in],
    )
]
