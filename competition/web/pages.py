"""A page: a template of `templates/`, filled, in the reader's language. One place sets up Jinja; nothing is undefined in silence."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from competition.errors import MarkError
from competition.web.files import Files
from competition.words import LANGS, Lang, Words, pick

VENUE_TIME = timezone(timedelta(hours=8))  # one time for the whole country; daylight saving is not used
LANGUAGE_COOKIE = "lang"


class Pages:
    """Renders templates with the words, files and formats every page shares; of a rehearsal each says so."""

    def __init__(self, root: Path, words: Words, files: Files, rehearsal: str | None = None) -> None:
        self.words = words
        self.rehearsal = rehearsal
        self.asset = files.url
        self.jinja = _jinja(root / "templates")

    def html(self, name: str, lang: Lang, values: Mapping[str, Any]) -> str:
        """The filled template. In it `say(key, **places)` and `both(text)` speak `lang`."""
        speak = {
            "lang": lang,
            "say": lambda key, /, **places: self.words.say(key, lang, **places),
            "known": self.words.has,
            "both": partial(pick, lang=lang),
            "asset": self.asset,
            "rehearsal": self.rehearsal,
        }
        return self.jinja.get_template(name).render({**speak, **values})


@cache
def _jinja(templates: Path) -> Environment:
    """Jinja over a folder of templates; kept, for compiling them takes longer than filling one."""
    made = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["local"] = local
    made.filters["local_input"] = local_input
    return made


def page(
    request: Request[Any, Any, Any],
    name: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response[str]:
    """The page `name` as a response: HTML, not to be kept by anyone unless `headers` says so.
    `path`, `query` and `official` (None when nobody is signed in) are there for the layout."""
    pages: Pages = request.app.state.pages
    lang = language(request)
    shared = {
        "path": request.url.path,
        "switch": _switch(request, lang),
        "official": request.scope.get("user"),
        "plain_desks": request.app.state.settings.allow_plain_desks,
    }
    html = pages.html(name, lang, {**shared, **values})
    asked = request.query_params.get("lang")
    kept = Cookie(key=LANGUAGE_COOKIE, value=lang, max_age=31536000, samesite="lax", path="/")
    return Response(
        html,
        status_code=status,
        media_type="text/html",
        headers={"Cache-Control": "no-store", "Content-Language": "zh-CN" if lang == "zh" else "en", **(headers or {})},
        cookies=[kept] if asked in LANGS else [],
    )


def language(request: ASGIConnection[Any, Any, Any, Any]) -> Lang:
    """The reader's language: what the address asks for, else what they chose before, else Chinese."""
    for wish in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        for lang in LANGS:
            if wish == lang:
                return lang
    return "zh"


def moment(value: datetime | str) -> datetime:
    """A time from the store (ISO text in UTC, or a datetime) as the venue's wall clock."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(VENUE_TIME)


def venue_moment(text: str) -> datetime:
    """What somebody picked in a field of date and time, on the venue's clock. MarkError names no field: the page shows which."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VENUE_TIME).astimezone(UTC)
    except ValueError:
        raise MarkError(
            "时间没有填，或格式不对，请用日期时间框选择。", "The time is missing or malformed: pick it in the field."
        ) from None


def local(value: datetime | str, style: str = "minute") -> str:
    """Venue time for people: 2025-11-22 18:05; `style` day, minute, second or clock."""
    forms = {"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S", "clock": "%H:%M:%S"}
    return moment(value).strftime(forms[style])


def local_input(value: datetime | str) -> str:
    """Venue time as an <input type=datetime-local> wants it."""
    return moment(value).strftime("%Y-%m-%dT%H:%M")


def _switch(request: Request[Any, Any, Any], lang: Lang) -> str:
    """This page's address in the other language, its filters kept."""
    other = "en" if lang == "zh" else "zh"
    if request.method != "GET":
        return f"?lang={other}"
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return f"?{urlencode([*kept, ('lang', other)])}"
