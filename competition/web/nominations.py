"""Nomination lists at the desk: one title as CSV, workbook or PDF, for the organiser alone."""

from typing import Any

import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import store
from competition.errors import NotFound
from competition.judging.games_rules import GamesLine, the_games
from competition.judging.nominations import NominationLine, Nominations, nominations
from competition.publish.records import Record, record
from competition.publish.tables import Column, csv_table, xlsx_table
from competition.web.auth import Asked, encrypted, person, read, signed_in
from competition.web.desk import download
from competition.web.pages import local, moment

COLUMNS = ("no", "event", "rank", "name", "unit", "total", "award", "check")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/titles/{title:str}/{file:str}", sync_to_thread=True)
def nomination_list(request: Asked, title: FromPath[str], file: FromPath[str]) -> Response[bytes]:
    """The list of a title: `list.csv`, `list.xlsx` or `list.pdf`."""
    at, state = request.app.state.clock(), request.app.state

    def look(conn: sa.Connection) -> tuple[Nominations, GamesLine, store.Head]:
        found = nominations(conn, title, person(request).official)
        return found, the_games(conn), store.head(conn, store.HOUSE)

    found, games, head = read(request, look)
    columns = [Column(key, state.words.say(f"paper.record.column.{key}", "zh")) for key in COLUMNS]
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in cells_of(found)]
    if file == "list.csv":
        return download(csv_table(columns, rows), "text/csv", f"{title}.csv")
    if file == "list.xlsx":
        made = xlsx_table(columns, rows, title=found.title.name.zh, at=moment(at))
        return download(made, XLSX, f"{title}.xlsx")
    if file == "list.pdf":
        one = paper_of(found, games, f"*/{head.origin} {head.n} {head.hash}", local(at, "second"))
        return download(record(state.settings.root / "templates", one), "application/pdf", f"{title}.pdf")
    raise NotFound("没有这种文件。", "There is no such file.")


def cells_of(found: Nominations) -> list[tuple[str, ...]]:
    """The rows of a list as text."""
    return [
        (str(n), one.event_name["zh"], _rank(one), _name(one), one.unit, one.total, one.award, "、".join(one.open))
        for n, one in enumerate(found.lines, start=1)
    ]


def paper_of(found: Nominations, games: GamesLine, head: str, at: str) -> Record:
    """The list as a paper to be signed."""
    facts: list[tuple[str, Any]] = [("nominated", str(len(found.lines))), ("final_events", str(found.events))]
    if found.missing:
        facts.append(("missing_events", str(len(found.missing))))
    return Record(
        kind="titles", games=games.name_zh, event=found.title.name.zh, facts=facts, columns=COLUMNS, rows=cells_of(found),
        signs=("organiser", "time"), head=head, printed_at=at,
    )  # fmt: skip


def _rank(one: NominationLine) -> str:
    return "" if one.rank is None else f"{one.rank}{'（并列）' if one.tied else ''}"


def _name(one: NominationLine) -> str:
    return f"{one.name}（{one.team}）" if one.team else one.name


routes: list[ControllerRouterHandler] = [
    Router("/desk/games", route_handlers=[nomination_list], guards=[encrypted, signed_in])
]
