"""An event's rule file at the desk: from the library, from a file, or written here; checked line by line, explained,
compared with the one in force, tried on the marks there are, printed as blank sheets, and put in force."""

import asyncio
import secrets
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.errors import CompetitionError, Conflict, Finding, MarkError, NotAllowed
from competition.judging.slots import SETTERS
from competition.publish.papers import SheetHead, score_sheets
from competition.rules.drafting.text import draft_text
from competition.rules.from_workbook import read_scheme
from competition.web import matrix
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event, download
from competition.web.pages import language, page
from competition.web.rule_views import Brought, RulesPage, rules_view
from competition.web.said import seat_said
from competition.web.views import Text

LIMIT = 400_000
"""Characters of a rule file, bytes of a workbook times ten; the longest of the house has 40,000."""
BODY_LIMIT = 10 * LIMIT


HERE: Text = {"zh": "本页所写", "en": "written here"}


class TextForm(msgspec.Struct):
    """A rule file's text, the digest the page showed, and why."""

    text: str = ""
    seen: str = ""
    reason: str = ""


class AnswerForm(msgspec.Struct):
    """What the chief judge says to an edition that was asked for: the digest the page showed, adopt or decline, and why not."""

    seen: str = ""
    do: str = ""
    reason: str = ""


@get("/rules", sync_to_thread=True)
def rules_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The rules in force, in words, and three ways to bring others."""
    return _page(request, event_id)


@get("/rules/{folder:str}", sync_to_thread=True)
def from_library(request: Asked, event_id: FromPath[str], folder: FromPath[str]) -> Response[str]:
    """A rule file of the house, checked and ready to be changed or put in force."""
    root = request.app.state.settings.root / "scoring_rules"
    if folder not in judging.Library(root).names():
        raise MarkError(f"规则库里没有“{folder}”。", f"The library has no “{folder}”.")
    text = (root / folder / "rules.toml").read_text(encoding="utf-8")
    return _page(request, event_id, text, {"zh": f"规则库 {folder}", "en": f"library, {folder}"})


@post("/rules/bring", status_code=200, request_max_body_size=BODY_LIMIT)
async def bring(request: Asked, event_id: FromPath[str]) -> Response[Any]:
    """A file from this computer: TOML as it is, a marking-scheme workbook as a draft."""
    form = await request.form()
    file = form.get("file")
    raw = await file.read() if isinstance(file, UploadFile) else b""
    name = Path(file.filename or "").name if isinstance(file, UploadFile) else ""
    return await asyncio.to_thread(_brought, request, event_id, raw, name)


@post("/rules", sync_to_thread=True, status_code=200, request_max_body_size=BODY_LIMIT)
def check(request: Asked, event_id: FromPath[str], data: Form[TextForm]) -> Response[str]:
    """Check what stands in the box."""
    return _page(request, event_id, data.text)


@post("/rules/adopt", sync_to_thread=True, status_code=200, request_max_body_size=BODY_LIMIT)
def adopt(request: Asked, event_id: FromPath[str], data: Form[TextForm]) -> Response[Any]:
    """Put in force exactly what was checked; after the first mark, ask the chief judge to."""
    by = person(request).official
    loaded = _read(request, data.text)

    def act(conn: sa.Connection, at: datetime) -> None:
        judging.permit(conn, by, "rules", event_id)
        if loaded.rules is None or loaded.rules.digest != data.seen:
            raise Conflict(
                "检查之后内容有改动，没有启用。请先再检查一次。",
                "It was changed after the check. Check it again first.",
            )
        if judging.frozen_at(conn, event_id):
            judging.ask_edition(conn, event_id, loaded.rules, by, at, data.reason)
        else:
            judging.adopt_edition(conn, event_id, loaded.rules, by, at, data.reason, secrets.token_bytes)

    try:
        write(request, act)
    except CompetitionError as refusal:
        return _page(request, event_id, data.text, problem=refusal)
    return Redirect(f"/desk/events/{event_id}/rules?done=1", status_code=303)


@post("/rules/answer", sync_to_thread=True, status_code=200)
def answer(request: Asked, event_id: FromPath[str], data: Form[AnswerForm]) -> Response[Any]:
    """The chief judge puts in force what was asked for, or declines."""
    by = person(request).official

    def act(conn: sa.Connection, at: datetime) -> None:
        if data.do == "adopt":
            judging.put_in_force(conn, event_id, data.seen, by, at)
        else:
            judging.decline_edition(conn, event_id, data.seen, by, at, data.reason)

    try:
        write(request, act)
    except CompetitionError as refusal:
        return _page(request, event_id, problem=refusal)
    return Redirect(f"/desk/events/{event_id}/rules?done=1", status_code=303)


@get("/rules.pdf", sync_to_thread=True)
def blank_sheet(
    request: Asked, event_id: FromPath[str], module: FromQuery[str], sheet: FromQuery[str], all: FromQuery[str] = ""
) -> Response[bytes]:
    """A blank score sheet as the tablet shows it; `all`: one for every code and seat, for a day on paper."""

    def look(conn: sa.Connection) -> tuple[rules.Rules, list[SheetHead]]:
        at_event(conn, person(request), event_id)
        law, known = store.thawed(conn, event_id), judging.event_line(conn, event_id)
        form = law.sheet(module, sheet)
        codes = sorted(matrix.codes_of(judging.entries(conn, event_id), ()).values()) if all else [""]
        judges = {one.label: one.judge or "" for one in judging.seats(conn, event_id)}
        heads = [
            SheetHead(
                known.games_zh, known.name_zh, law.digest, code, seat_said(law, label)["zh"], judges.get(label, "")
            )
            for label in (form.panel.labels if all else form.panel.labels[:1])
            for code in codes
        ]
        return law, heads if all else [SheetHead(known.games_zh, known.name_zh, law.digest, "", "")]

    law, heads = read(request, look)
    content = score_sheets(request.app.state.settings.root / "templates", rules.sheet_form(law, module, sheet), heads)
    return download(content, "application/pdf", f"{event_id}-{module}-{sheet}-blank.pdf")


@post("/rules/blank.pdf", sync_to_thread=True, status_code=200, request_max_body_size=BODY_LIMIT)
def blank_of_text(request: Asked, event_id: FromPath[str], data: Form[dict[str, str]]) -> Response[bytes]:
    """A blank sheet of rules that are not in force yet."""
    known = read(request, lambda conn: (_setter(conn, request, event_id), judging.event_line(conn, event_id))[1])
    loaded = _read(request, data.get("text", ""))
    if loaded.rules is None:
        raise MarkError("规则还有错误，先改好再看样表。", "The rules have errors: mend them before printing a sheet.")
    module, _, sheet = data.get("sheet", "").partition("/")
    form = rules.sheet_form(loaded.rules, module, sheet)
    head = SheetHead(known.games_zh, loaded.rules.name.zh, loaded.rules.digest, "", "")
    content = score_sheets(request.app.state.settings.root / "templates", form, [head])
    return download(content, "application/pdf", f"{event_id}-{module}-{sheet}-draft.pdf")


def _brought(request: Asked, event_id: str, raw: bytes, name: str) -> Response[str]:
    origin: Text = {"zh": name, "en": name}
    try:
        if not raw or len(raw) > LIMIT:
            raise MarkError(
                f"没有选文件，或文件超过 {LIMIT // 1000} kB。", f"No file was chosen, or it is over {LIMIT // 1000} kB."
            )
        if name.lower().endswith(".xlsx"):
            text, noticed = _draft(raw, name)
            return _page(request, event_id, text, origin, noticed=noticed)
        return _page(request, event_id, raw.decode("utf-8-sig"), origin)
    except UnicodeDecodeError:
        refusal: CompetitionError = MarkError(
            "规则文件须是 UTF-8 文本（.toml）或评分表（.xlsx）。",
            "A rule file is UTF-8 text (.toml) or a workbook (.xlsx).",
        )
    except CompetitionError as fault:
        refusal = fault
    return _page(request, event_id, problem=refusal)


def _draft(raw: bytes, name: str) -> tuple[str, tuple[Finding, ...]]:
    """A draft from a marking-scheme workbook, and every doubt with its cell."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / (name or "scheme.xlsx")
        file.write_bytes(raw)
        scheme = read_scheme(file)
    if not scheme.units:
        first = scheme.findings[0] if scheme.findings else None
        raise MarkError(
            f"这份工作簿里没有找到评分项。{first.zh if first else ''}",
            f"No items were found in this workbook. {first.en if first else ''}",
        )
    return draft_text(scheme, "draft"), tuple(scheme.findings)


def _read(request: Asked, text: str) -> rules.Loaded:
    if len(text) > LIMIT:
        raise MarkError("规则文件太长。", "The rule file is too long.")
    return rules.load_text(text.replace("\r\n", "\n"), request.app.state.settings.root / "scoring_rules" / "bases")


def _setter(conn: sa.Connection, request: Asked, event_id: str) -> frozenset[str]:
    roles = at_event(conn, person(request), event_id)
    if not roles & set(SETTERS):
        raise NotAllowed("规则文件由组委会和裁判长查看、更换。", "Rule files are for organisers and chief judges.")
    return roles


def _page(
    request: Asked,
    event_id: str,
    text: str = "",
    origin: Text = HERE,
    problem: CompetitionError | None = None,
    noticed: tuple[Finding, ...] = (),
) -> Response[str]:
    lang = language(request)
    loaded = _read(request, text) if text else rules.Loaded(None, ())
    brought = Brought(text, origin, loaded.rules, (*noticed, *loaded.findings))

    def look(conn: sa.Connection) -> RulesPage:
        roles = _setter(conn, request, event_id)
        library = judging.Library(request.app.state.settings.root / "scoring_rules").names()
        return rules_view(conn, event_id, roles, lang, library, brought)

    view = read(request, look)
    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "setup/rules.html", status=status, view=view, problem=problem, done=done)


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[rules_page, from_library, bring, check, adopt, answer, blank_sheet, blank_of_text],
        guards=[encrypted, signed_in],
    )
]
