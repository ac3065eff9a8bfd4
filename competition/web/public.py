"""The public pages: all events with their progress, a result once its notice is out, its open data.

They show a release and nothing else: never current marks. Only the awarded are named; a result that earned no award stands
without a name, and statuses are words, never 0.
"""

from typing import Any

import sqlalchemy as sa
from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import NotFound
from competition.judging.games_releases import tables_out
from competition.judging.running import drawn_modules
from competition.publish.names import called
from competition.publish.tables import Column, csv_table, json_table
from competition.web import overview
from competition.web.auth import Asked, read
from competition.web.pages import language, page
from competition.web.public_views import PublicResult, PublicRow
from competition.web.views import Stage
from competition.words import Lang, Words, pick

STAGES: tuple[Stage, ...] = ("setup", "marking", "notice", "final")
BRIEFLY = "public, max-age=10"  # 4,000 finalists refresh at once; ten seconds late is not late


@get("/", sync_to_thread=True)
def home(
    request: Asked, q: FromQuery[str] = "", chain: FromQuery[str] = "", stage: FromQuery[str] = ""
) -> Response[str]:
    """All events by chain, progress only before the notice; the address keeps the filter."""
    state = request.app.state
    view = read(
        request,
        lambda conn: overview.filtered(
            conn, state.tallies, state.clock(), q=q, chain=chain, stage=stage, stages=STAGES
        ),
    )
    tables = read(request, tables_out)
    return page(request, "public/home.html", view=view, games=view.games, tables=tables)


@get("/results/{event_id:str}", sync_to_thread=True)
def result(request: Asked, event_id: FromPath[str], q: FromQuery[str] = "") -> Response[str]:
    """Progress, the notice, or the final release of one event."""
    view = read(request, lambda conn: released(conn, request.app.state.tallies, event_id, q))
    return page(request, "public/result.html", view=view, games=view.games)


@get("/results/{event_id:str}/results.csv", sync_to_thread=True)
def result_csv(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """The release as a spreadsheet, the awarded named."""
    view, words, lang = _open_data(request, event_id)
    columns = [Column(key, title) for key, title in columns_of(words, lang)]
    content = csv_table(columns, rows_of(view, words, lang))
    return Response(content, media_type="text/csv", headers={"Cache-Control": BRIEFLY})


@get("/results/{event_id:str}/results.json", sync_to_thread=True)
def result_json(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """The release as data, the awarded named."""
    view, words, lang = _open_data(request, event_id)
    about = {"event": view.id, "kind": view.kind, "revision": view.revision, "released_at": view.at}
    columns = [Column(key, title) for key, title in columns_of(words, lang)]
    content = json_table(columns, rows_of(view, words, lang), about)
    return Response(content, media_type="application/json", headers={"Cache-Control": BRIEFLY})


def released(
    conn: sa.Connection, tallies: overview.Tallies, event_id: str, q: str = "", release: judging.Release | None = None
) -> PublicResult:
    """What the public may know of an event now, or of a release of it. A notice after the final release shows, or nobody could object."""
    known = judging.event_line(conn, event_id)
    tally = tallies.of(conn, event_id)
    final = judging.release_of(conn, event_id, "final")
    if release is None:
        release = next(iter(judging.releases(conn, event_id)[::-1]), None)
    drawn = drawn_modules(conn, event_id)
    rows = tuple(_row(row) for row in release.rows) if release else ()
    wanted = tuple(row for row in rows if _matches(row, q.strip().casefold()))
    return PublicResult(
        id=event_id,
        name={"zh": known.name_zh, "en": known.name_en},
        chain={"zh": known.chain_zh or known.games_zh, "en": known.chain_en or known.games_en},
        games={"zh": known.games_zh, "en": known.games_en},
        venue=known.venue,
        kind="progress" if release is None else "notice" if release.kind == "notice" else "final",
        finished=tally.finished,
        entries=tally.entries,
        revision=release.revision if release else 0,
        at=release.at if release else None,
        window_closes=release.window_closes if release else None,
        phone="",
        rows=wanted,
        hidden=sum(row.name is None for row in rows),
        orders=tuple(
            (one.id, {"zh": one.name.zh, "en": one.name.en})
            for one in store.thawed(conn, event_id).modules
            if one.id in drawn
        ),
        q=q,
        over=final.revision if final and release and release.kind == "notice" and release.at > final.at else 0,
    )


def _row(row: Any) -> PublicRow:
    """One row as the public sees it: whoever earned no award is not named (DESIGN, law 12)."""
    named = bool(row.award)
    return PublicRow(
        rank=row.rank,
        tied=row.tied,
        name=called(row.names, row.team) if named else None,
        unit=row.unit if named else None,
        status=row.status,
        total=row.total,
        award=row.award_name if named else None,
    )


def _matches(row: PublicRow, q: str) -> bool:
    return q in f"{row.name or ''} {row.unit or ''}".casefold()


def _open_data(request: Asked, event_id: str) -> tuple[PublicResult, Words, Lang]:
    view = read(request, lambda conn: released(conn, request.app.state.tallies, event_id))
    if view.kind == "progress":
        raise NotFound("成绩尚未公示，公示后这里提供数据。", "There is no notice yet; the data appears with it.")
    return view, request.app.state.words, language(request)


def columns_of(words: Words, lang: Lang) -> list[tuple[str, str]]:
    """The columns of the open data: key and title."""
    keys = ("standings.rank", "standings.name", "public.unit", "standings.total", "public.award", "standings.state")
    return [(key.rpartition(".")[2], words.say(key, lang)) for key in keys]


def rows_of(view: PublicResult, words: Words, lang: Lang) -> list[dict[str, str]]:
    """A release's rows as the public may have them, in words."""
    return [
        {
            "rank": "" if row.rank is None else str(row.rank),
            "name": row.name or "",
            "unit": row.unit or "",
            "total": "" if row.status else row.total or "",
            "award": pick(row.award, lang) if row.award else "",
            "state": words.say(f"status.{row.status}", lang) if row.status else "",
        }
        for row in view.rows
    ]


routes: list[ControllerRouterHandler] = [home, result, result_csv, result_json]
