"""Copy from last year at the desk (沿用上届): the programme leaves one games as a file, and begins the next one."""

import asyncio
import re
import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError
from competition.judging.programme_file import MOST_BYTES, programme_text, read_programme
from competition.judging.renewal import programme_of, take_over
from competition.web.auth import Asked, encrypted, person, read, signed_in, write
from competition.web.desk import download
from competition.web.intake import first_page

BODY_LIMIT = MOST_BYTES + 100_000


@get("/games/programme.json", sync_to_thread=True)
def leave(request: Asked) -> Response[bytes]:
    """The programme of this games as a file for the next one: no people, no marks, no times."""

    def look(conn: sa.Connection) -> bytes:
        judging.permit(conn, person(request).official, "games", None)
        return programme_text(programme_of(conn))

    return download(read(request, look), "application/json", "programme.json")


@post("/intake/programme", status_code=200, request_max_body_size=BODY_LIMIT)
async def begin(request: Asked) -> Response[Any]:
    """Begin this games with the programme in a file."""
    form = await request.form()
    file = form.get("file")
    raw = await file.read() if isinstance(file, UploadFile) else b""
    said = {key: str(form.get(key) or "").strip() for key in ("name", "host", "year")}
    return await asyncio.to_thread(_begin, request, raw, said)


def _begin(request: Asked, raw: bytes, said: dict[str, str]) -> Response[Any]:
    by = person(request).official
    try:
        read(request, lambda conn: judging.permit(conn, by, "games", None))
        if not (said["name"] and re.fullmatch(r"20\d\d", said["year"])):
            raise MarkError("请填写本届名称和四位年份。", "Enter this year's name and a year of four digits.")
        old = read_programme(raw)

        def act(conn: sa.Connection, at: datetime) -> None:
            year = int(said["year"])
            take_over(
                conn, old, f"g{year}", (said["name"], ""), said["host"] or old.host, year, by, at, secrets.token_bytes
            )

        write(request, act)
    except CompetitionError as refusal:
        return first_page(request, "", refusal)
    return Redirect("/desk/games", status_code=303)


routes: list[ControllerRouterHandler] = [Router("/desk", route_handlers=[leave, begin], guards=[encrypted, signed_in])]
