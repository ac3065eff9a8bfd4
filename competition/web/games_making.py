"""What the games put out, at the desk: the book and the pack made and fetched, the tables as a paper to pin up."""

from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import File, Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import NotFound
from competition.judging.games_releases import log_made
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import download
from competition.web.games_outputs import notice as tables_on_paper
from competition.web.games_outputs import present
from competition.web.games_press import OUTPUTS, Made, Order, folder_of, made
from competition.web.games_views import OutputLine
from competition.web.pack import LONGEST, Asking
from competition.web.views import Text


class MakeForm(msgspec.Struct):
    """What to make (a key of `OUTPUTS`), and whether to make or to stop."""

    what: str = "book"
    do: str = "make"


@post("/tables/make", sync_to_thread=True, status_code=200)
def make(request: Asked, data: Form[MakeForm]) -> Response[Any]:
    """Make the book or the pack in a process of its own, or stop making it."""
    by, state = person(request).official, request.app.state
    what = data.what if data.what in OUTPUTS else "book"

    def look(conn: sa.Connection) -> str:
        judging.permit(conn, by, "games_pack", None)
        return present(conn)

    digest = read(request, look)
    folder = folder_of(state.settings.var, digest)
    if data.do == "stop":
        state.games_press.stop(folder, what)
    else:
        write(request, lambda conn, at: log_made(conn, by, at, what, digest))
        url = state.engine.url.render_as_string(hide_password=False)
        state.games_press.start(Order(what, url, state.settings.root, folder, state.settings.public_address))
    return Redirect("/desk/games/tables", status_code=303)


@get("/files/{file:str}", sync_to_thread=True)
def output(request: Asked, file: FromPath[str]) -> File:
    """The book or the pack, if what was made is of the games as they are now."""

    def look(conn: sa.Connection) -> str:
        judging.permit(conn, person(request).official, "games_pack", None)
        return present(conn)

    place = folder_of(request.app.state.settings.var, read(request, look)) / file
    if file not in OUTPUTS.values() or not place.is_file():
        raise NotFound(
            "没有这个文件：可能还没有做好，或成绩已有变动。",
            "There is no such file: not made yet, or the results have moved on.",
        )
    kind = "application/pdf" if file.endswith(".pdf") else "application/zip"
    return File(place, filename=file, media_type=kind, headers={"Cache-Control": "no-store"})


@get("/tables.pdf", sync_to_thread=True)
def tables_pdf(request: Asked, office: FromQuery[str] = "", phone: FromQuery[str] = "") -> Response[bytes]:
    """The newest release of the tables on paper; a notice with who takes objections."""
    state = request.app.state
    asking = Asking(
        state.settings.root / "templates", state.words, None, office.strip()[:LONGEST], phone.strip()[:LONGEST]
    )

    def look(conn: sa.Connection) -> bytes:
        judging.permit(conn, person(request).official, "games_pack", None)
        return tables_on_paper(conn, asking)

    return download(read(request, look), "application/pdf", "games-tables.pdf")


def outputs_of(conn: sa.Connection, request: Asked) -> tuple[OutputLine, ...]:
    """The book and the pack of the games as they are now, and how far they are."""
    state = request.app.state
    folder = folder_of(state.settings.var, present(conn))
    found = []
    for what, file in OUTPUTS.items():
        how = made(folder, what) or Made()
        failed: Text | None = {"zh": how.failed[0], "en": how.failed[1]} if how.failed else None
        running, begun = state.games_press.running(folder, what), made(folder, what) is not None
        found.append(
            OutputLine(what, file, running, how.whole, begun, how.done, how.of, _size(how.size), how.digest, failed)
        )
    return tuple(found)


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} kB"


routes: list[ControllerRouterHandler] = [
    Router("/desk/games", route_handlers=[make, output, tables_pdf], guards=[encrypted, signed_in])
]
