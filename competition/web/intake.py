"""Registers in and out: upload a workbook, see what is wrong cell by cell and what would change, confirm it, take it back."""

import asyncio
import re
import secrets
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, MarkError
from competition.judging import intake
from competition.registers import REGISTERS, write_workbook
from competition.registers.tables import MOST_BYTES, worksheets
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import download
from competition.web.intake_pages import Checks, check_page, export_tables, faulty_rows, home
from competition.web.pages import page

BODY_LIMIT = MOST_BYTES + 100_000  # the file and the form around it; beyond that the body isn't read at all
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class GamesForm(msgspec.Struct):
    """The games all registers belong to."""

    name: str
    host: str
    year: str


class FixForm(msgspec.Struct):
    """A cell mended (`where`, `text`), a row left out (`where` of a row), or (`all`) every faulty row left out."""

    where: str = ""
    text: str = ""
    all: str = ""
    back: str = ""


class UndoForm(msgspec.Struct):
    """The import to take back."""

    id: str


@get("/", sync_to_thread=True)
def first(request: Asked, done: FromQuery[str] = "") -> Response[str]:
    """What is on record, templates, the form to bring a file."""
    return first_page(request, done)


@post("/", status_code=200, request_max_body_size=BODY_LIMIT)
async def bring(request: Asked) -> Response[Any]:
    """Keep the file as a draft, and on to what was found in it."""
    form = await request.form()
    file = form.get("file")
    raw = await file.read() if isinstance(file, UploadFile) else b""
    name = file.filename if isinstance(file, UploadFile) else ""
    return await asyncio.to_thread(_bring, request, raw, name)


@get("/{id:str}", sync_to_thread=True)
def check(
    request: Asked, id: FromPath[str], show: FromQuery[str] = "", register: FromQuery[str] = "", n: FromQuery[int] = 1
) -> Response[Any]:
    """What was found in a draft: its faults, or its rows of one kind of change, page by page."""
    return _check(request, id, show, register, n)


@post("/{id:str}/mend", sync_to_thread=True, status_code=200)
def mend(request: Asked, id: FromPath[str], data: Form[FixForm]) -> Response[Any]:
    """Mend a cell on screen, or leave rows out; then check again."""
    by, checks = person(request).official, _checks(request)

    def faulty(conn: sa.Connection) -> dict[str, str]:
        now = intake.draft(conn, id, by, checks.facts(conn).vault)
        return dict.fromkeys(faulty_rows(checks.plan(conn, now)), "")

    try:
        fixes = read(request, faulty) if data.all else {data.where: data.text}
        write(request, lambda conn, at: intake.mend(conn, id, fixes, by, at, checks.facts(conn).vault))
    except CompetitionError as refusal:
        return _check(request, id, "faults", "", 1, refusal)
    back = data.back if re.fullmatch(r"\?[\w=&]*", data.back) else "?show=faults"
    return Redirect(f"/desk/intake/{id}{back}", status_code=303)


@post("/{id:str}/confirm", sync_to_thread=True, status_code=200)
def confirm(request: Asked, id: FromPath[str], data: Form[dict[str, str]]) -> Response[Any]:
    """Write exactly what was shown. The file is read again beside the writer; only what is on record is compared inside."""
    by, checks = person(request).official, _checks(request)

    def look(conn: sa.Connection) -> intake.Plan:
        return checks.plan(conn, intake.draft(conn, id, by, checks.facts(conn).vault))

    def act(conn: sa.Connection, at: datetime) -> Any:
        facts = checks.facts(conn)
        return intake.confirm(conn, id, plan, data.get("seen", ""), remove, by, at, secrets.token_bytes, facts)

    try:
        plan, remove = read(request, look), _removals(data)
        write(request, act)
    except CompetitionError as refusal:
        return _check(request, id, "", "", 1, refusal)
    return Redirect(f"/desk/intake?done={id}", status_code=303)


@post("/undo", sync_to_thread=True, status_code=200)
def undo(request: Asked, data: Form[UndoForm]) -> Response[Any]:
    """Take the latest import back as a whole."""
    by, checks = person(request).official, _checks(request)
    try:
        write(request, lambda conn, at: intake.undo(conn, data.id, by, at, checks.facts(conn).vault))
    except CompetitionError as refusal:
        return first_page(request, "", refusal)
    return Redirect("/desk/intake?done=undone", status_code=303)


@post("/games", sync_to_thread=True, status_code=200)
def games(request: Asked, data: Form[GamesForm]) -> Response[Any]:
    """Name the games, before anything can belong to them."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        year = int(data.year) if re.fullmatch(r"20\d\d", data.year.strip()) else 0
        if not (data.name.strip() and data.host.strip() and year):
            raise MarkError("请填写名称、主办单位和四位年份。", "Enter the name, the host and a year of four digits.")
        judging.add_games(conn, f"g{year}", (data.name.strip(), ""), data.host.strip(), year, by, at)

    try:
        write(request, act)
    except CompetitionError as refusal:
        return first_page(request, "", refusal)
    return Redirect("/desk/intake", status_code=303)


@get("/export.xlsx", sync_to_thread=True)
def export(request: Asked, register: FromQuery[str] = "") -> Response[bytes]:
    """All registers, or one, as a workbook that can be brought back."""
    return _workbook(request, register, empty=False)


@get("/template.xlsx", sync_to_thread=True)
def template(request: Asked, register: FromQuery[str] = "") -> Response[bytes]:
    """The same without rows."""
    return _workbook(request, register, empty=True)


def _workbook(request: Asked, register: str, *, empty: bool) -> Response[bytes]:
    at = request.app.state.clock()

    rehearsal = request.app.state.get("rehearsal") is not None

    def look(conn: sa.Connection) -> bytes:
        judging.permit(conn, person(request).official, "intake", None)
        tables, choices = export_tables(conn, _checks(request), register)
        return write_workbook([(one, [] if empty else rows) for one, rows in tables], choices, at, rehearsal=rehearsal)

    wanted = register if register in {one.id for one in REGISTERS} else "registers"
    name = ("rehearsal-" if rehearsal else "") + wanted + ("-template" if empty else "") + ".xlsx"
    return download(read(request, look), XLSX, name)


def first_page(request: Asked, done: str, problem: CompetitionError | None = None) -> Response[str]:
    """What is on record, and what was refused."""

    def look(conn: sa.Connection) -> Any:
        judging.permit(conn, person(request).official, "intake", None)
        return home(conn, _checks(request))

    status = problem.status if problem else 200
    return page(request, "desk/intake.html", status=status, view=read(request, look), done=done, problem=problem)


def _bring(request: Asked, raw: bytes, name: str) -> Response[Any]:
    by, checks = person(request).official, _checks(request)

    def act(conn: sa.Connection, at: datetime) -> str:
        vault = checks.facts(conn).vault
        return intake.bring(conn, raw, name, by, at, secrets.token_bytes, vault)

    def try_it(conn: sa.Connection) -> None:
        judging.permit(conn, by, "intake", None)
        if not raw:
            raise MarkError("还没有选择文件，或文件是空的。", "No file was chosen, or it is empty.")
        worksheets(raw, name)  # a file that can't be read at all is refused before it is kept

    try:
        read(request, try_it)
        id = write(request, act)
    except CompetitionError as refusal:
        return first_page(request, "", refusal)
    return Redirect(f"/desk/intake/{id}", status_code=303)


def _check(
    request: Asked, id: str, show: str, register: str, n: int, problem: CompetitionError | None = None
) -> Response[Any]:
    by, checks = person(request).official, _checks(request)

    def look(conn: sa.Connection) -> Any:
        now = intake.draft(conn, id, by, checks.facts(conn).vault)
        return None if now.confirmed_at else check_page(checks.plan(conn, now), now, show, register, n)

    view = read(request, look)
    if view is None:
        return Redirect(f"/desk/intake?done={id}", status_code=303)
    status = problem.status if problem else 200
    return page(request, "desk/intake_check.html", status=status, view=view, problem=problem)


def _removals(data: dict[str, str]) -> dict[str, int]:
    """Rows to remove, by register: the number typed. An empty field keeps them."""
    typed = {one.id: data.get(f"remove-{one.id}", "").strip() for one in REGISTERS}
    if wrong := [text for text in typed.values() if text and not (text.isascii() and text.isdigit())]:
        raise MarkError(
            f"要删除的行数应是数字，您填的是“{wrong[0]}”。", f"Type the number of rows to remove, not “{wrong[0]}”."
        )
    return {id: int(text) for id, text in typed.items() if text}


def _checks(request: Asked) -> Checks:
    """One for the application, made when it is first needed."""
    state = request.app.state
    if "checks" not in state:
        state.checks = Checks(state.settings.var, state.settings.root / "scoring_rules")
    made: Checks = state.checks
    return made


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/intake",
        route_handlers=[first, bring, export, template, undo, games, check, mend, confirm],
        guards=[encrypted, signed_in],
    )
]
