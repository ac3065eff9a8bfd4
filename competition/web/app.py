"""The web application, put together: routes of each audience, what they share, and the headers on everything.

`create_app` takes all it needs as arguments; the command line builds it, and so do the tests.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from litestar import Litestar, Request, Response, get
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from competition import store, words
from competition.settings import Settings
from competition.web import (
    appeals,
    audit,
    auth,
    board,
    certificate_changes,
    checkin,
    chief,
    clerk,
    copies,
    corrections,
    day_board,
    decisions,
    designs,
    desk,
    draws,
    files,
    games_making,
    games_press,
    games_public,
    games_release,
    games_tree,
    handover,
    intake,
    judge,
    judge_statistics,
    judges,
    keys,
    nominations,
    objections,
    offline,
    pack,
    password,
    people,
    permissions,
    printing_desk,
    programme,
    public,
    recheck,
    refusals,
    registers,
    rehearsal,
    release,
    rule_file,
    rulings,
    running,
    safety,
    seal,
    seats,
    setup,
    slot_gates,
    station_cards,
    theory_desk,
    timeline,
    trays,
    verify,
)
from competition.web.headers import with_headers
from competition.web.live import Hub
from competition.web.overview import Tallies
from competition.web.pages import Pages


def create_app(
    settings: Settings, engine: sa.Engine, writer: "store.Writer", clock: Callable[[], datetime]
) -> Litestar:
    """The application of one server: one database, one writer, one clock (aware, UTC)."""
    practice = rehearsal.of(engine)
    state = {**_shown(settings.root, practice), **connected(settings, engine, writer, clock)}
    return Litestar(
        route_handlers=routes(),
        state=State(state),
        guards=[auth.same_origin],
        exception_handlers={
            auth.SignInFirst: auth.ask_to_sign_in,
            auth.OwnPasswordFirst: auth.ask_for_own_password,
            auth.PlainConnection: auth.say_plain,
            **refusals.handlers,
        },
        before_send=[with_headers],
        after_request=rehearsal.marked if practice else None,
        compression_config=CompressionConfig(backend="gzip", exclude=[r"/live$"]),
        openapi_config=None,
        logging_config=None,
    )


def connected(
    settings: Settings, engine: sa.Engine, writer: "store.Writer", clock: Callable[[], datetime]
) -> dict[str, Any]:
    """What stands behind the routes: the one database, and those who are told of its changes."""
    hub = Hub()
    tallies = Tallies()
    writer.on_commit(tallies.drop)  # first: whoever is told to look again must count again
    writer.on_commit(hub.touch)
    return {
        "settings": settings, "engine": engine, "writer": writer, "clock": clock, "hub": hub, "tallies": tallies,
        "run": secrets.token_hex(8),
        "orders": day_board.Orders(), "presses": printing_desk.Presses(), "games_press": games_press.Press(),
    }  # fmt: skip


def _shown(root: Path, practice: str | None) -> dict[str, Any]:
    """What stands before the reader: words, files and pages; from the program's folder alone."""
    catalogue = words.sound(root)
    assets = files.read()
    pages = Pages(root, catalogue, assets, practice)
    program = offline.read(assets, lambda app, modules: _shell(pages, app, modules))
    return {"words": catalogue, "files": assets, "pages": pages, "program": program, "rehearsal": practice}


def routes() -> list[ControllerRouterHandler]:
    """Every audience's routes."""
    audiences = (
        auth,
        desk,
        day_board,
        games_tree,
        games_release,
        games_making,
        nominations,
        objections,
        setup,
        slot_gates,
        station_cards,
        rule_file,
        keys,
        seats,
        chief,
        corrections,
        rulings,
        decisions,
        clerk,
        theory_desk,
        timeline,
        draws,
        checkin,
        running,
        safety,
        appeals,
        audit,
        judges,
        judge_statistics,
        intake,
        programme,
        handover,
        seal,
        release,
        pack,
        certificate_changes,
        designs,
        printing_desk,
        trays,
        password,
        people,
        permissions,
        public,
        games_public,
        recheck,
        verify,
        copies,
        board,
        judge,
        offline,
        files,
    )
    return [health, *(route for audience in audiences for route in audience.routes)]


def _shell(pages: Pages, app: str, modules: tuple[str, ...]) -> str:
    """The tablet's page, as its version is counted over it."""
    return pages.html(
        "judge/tablet.html", "zh", {"words": judge.shell_words(pages.words), "app": app, "modules": modules}
    )


@get("/health", sync_to_thread=True)
def health(request: Request[Any, Any, State]) -> Response[dict[str, Any]]:
    """Alive, and on which version: for the person at the server and for a monitor."""

    def look(conn: sa.Connection) -> dict[str, Any]:
        return {
            "ok": True,
            "version": version("competition"),
            "schema": registers.schema_revision(conn),
            "ledger": registers.ledger_length(conn),
        }

    return Response(auth.read(request, look), headers={"Cache-Control": "no-store"})
