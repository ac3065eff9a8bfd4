"""The big screen: progress by codes before the notice, the ranking after. It is sent what is public and nothing more."""

import sqlalchemy as sa
from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.web import matrix, overview
from competition.web.auth import Asked, read
from competition.web.desk import stream
from competition.web.pages import language, page
from competition.web.public import released
from competition.web.public_views import Board, BoardRow

ROWS = 9  # eight to ten rows a page can be read at ten metres; tablets-and-screens.md 5.2


@get("/board/{event_id:str}", sync_to_thread=True)
def board(request: Asked, event_id: FromPath[str], theme: FromQuery[str] = "dark") -> Response[str]:
    """The page a screen opens: `?theme=light` for projectors."""
    view = read(request, lambda conn: see(conn, request.app.state.tallies, event_id))
    return page(request, "board/board.html", view=view, theme="light" if theme == "light" else "dark")


@get("/board/{event_id:str}/live", sync_to_thread=True)
def live(request: Asked, event_id: FromPath[str]) -> Stream:
    """What the screen follows."""
    state, lang = request.app.state, language(request)
    read(request, lambda conn: judging.event_line(conn, event_id))

    def render() -> str:
        with store.reading(state.engine) as conn:
            view = see(conn, state.tallies, event_id)
        html: str = state.pages.html("board/board_live.html", lang, {"view": view})
        return html

    return stream(state.hub.watch(f"board:{event_id}:{lang}", event_id, render))


def see(conn: sa.Connection, tallies: overview.Tallies, event_id: str) -> Board:
    """The screen's content now."""
    result = released(conn, tallies, event_id)
    if result.kind == "progress":
        rows = _progress(conn, event_id)
    else:
        # Whoever earned no award is not named in public; a row without a name says nothing on a wall.
        named = [row for row in result.rows if row.name is not None]
        rows = [BoardRow(row.rank, "", row.name, row.unit, row.total, row.award, row.status) for row in named]
    return Board(
        id=event_id,
        name=result.name,
        games=result.games,
        mode="progress" if result.kind == "progress" else "ranking",
        final=result.kind == "final",
        finished=result.finished,
        entries=result.entries,
        pages=tuple(tuple(rows[at : at + ROWS]) for at in range(0, len(rows), ROWS)),
    )


def _progress(conn: sa.Connection, event_id: str) -> list[BoardRow]:
    """Sheets signed of sheets expected, by code."""
    sheets, entries = judging.progress(conn, event_id), judging.entries(conn, event_id)
    codes = matrix.codes_of(entries, sheets)
    rows = []
    for entry in entries:
        own = [sheet for sheet in sheets if sheet.entry == entry.id]
        done = sum(sheet.state in overview.RECEIVED for sheet in own)
        rows.append(BoardRow(None, codes[entry.id], None, None, None, None, entry.status, done, len(own)))
    return sorted(rows, key=lambda row: row.code)


routes: list[ControllerRouterHandler] = [board, live]
