"""The games' tables for everybody: the newest release and nothing else. Units and chains stand in it, no person does."""

import sqlalchemy as sa
from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition.errors import NotFound
from competition.judging.games_releases import games_shown
from competition.publish.tables import csv_table, json_table
from competition.web.auth import Asked, read
from competition.web.games_views import GamesTableView, PublicGames, cells_of, columns_of, decider, public_games
from competition.web.pages import language, page
from competition.web.public import BRIEFLY


@get("/tables", sync_to_thread=True)
def tables(request: Asked) -> Response[str]:
    """Every table of the games, or word that there is no notice yet."""
    view = read(request, released)
    words, lang = request.app.state.words, language(request)
    called = view.games if view else {"zh": "", "en": ""}
    return page(request, "public/tables.html", view=view, games=called, decider=lambda row: decider(row, words, lang))


@get("/tables/{table:str}/table.csv", sync_to_thread=True)
def table_csv(request: Asked, table: FromPath[str]) -> Response[bytes]:
    """A table as a spreadsheet."""
    one, _ = _one(request, table)
    words, lang = request.app.state.words, language(request)
    content = csv_table(columns_of(one, words, lang), cells_of(one, words, lang))
    return Response(content, media_type="text/csv", headers={"Cache-Control": BRIEFLY})


@get("/tables/{table:str}/table.json", sync_to_thread=True)
def table_json(request: Asked, table: FromPath[str]) -> Response[bytes]:
    """A table as data."""
    one, view = _one(request, table)
    words, lang = request.app.state.words, language(request)
    content = json_table(columns_of(one, words, lang), cells_of(one, words, lang), about_of(one, view))
    return Response(content, media_type="application/json", headers={"Cache-Control": BRIEFLY})


def about_of(one: GamesTableView, view: PublicGames) -> dict[str, object]:
    """What stands above a table's data: which release of which table it is."""
    return {
        "table": one.id, "kind": view.kind, "revision": view.revision, "released_at": view.at, "digest": view.digest,
    }  # fmt: skip


def released(conn: sa.Connection) -> PublicGames | None:
    """What the public may know of the tables now; None before the first notice."""
    release = games_shown(conn)
    return public_games(release) if release else None


def _one(request: Asked, table: str) -> tuple[GamesTableView, PublicGames]:
    view = read(request, released)
    one = next((one for one in view.tables if one.id == table), None) if view else None
    if view is None or one is None:
        raise NotFound("没有这张已公布的榜。", "No such table was published.")
    return one, view


routes: list[ControllerRouterHandler] = [tables, table_csv, table_json]
