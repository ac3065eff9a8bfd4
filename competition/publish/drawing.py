"""HTML and CSS to PDF by WeasyPrint, closed off from the network. Imported late: it takes two seconds of processor time."""

import re
from base64 import b64decode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jinja2

from competition.errors import CompetitionError

FONT = re.compile("data:font/otf;base64,([A-Za-z0-9+/=]+)")
HELD = "held-font:"


def draw(html: str, style: str, *folders: Path) -> bytes:
    """The PDF of a page. It may load files from these folders (the first that has it) and data within itself, nothing else.

    A missing file is an error.
    """
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    folder = folders[0]
    style, held = _set_aside(style)
    fonts, fetch = FontConfiguration(), _inside(folders, held)
    sheet = weasyprint.CSS(string=style, font_config=fonts, url_fetcher=fetch)
    document = weasyprint.HTML(string=html, base_url=f"{folder.resolve().as_uri()}/", url_fetcher=fetch)
    try:
        return bytes(document.write_pdf(stylesheets=[sheet], font_config=fonts))
    except FatalURLFetchingError as refused:  # not an Exception: it would end a worker
        raise CompetitionError(
            f"{folder.name} 中引用的文件不存在或不在这个文件夹里，没有打印。请改正 page.html 或 style.css。（{refused}）",
            f"{folder.name} refers to a file that is missing or outside its folder; nothing was printed. ({refused})",
        ) from None


@cache
def template(source: str) -> jinja2.Template:
    """A template that escapes what it is given and fails on a name it is not given."""
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True).from_string(source)


def _set_aside(style: str) -> tuple[str, list[bytes]]:
    """A style sheet with the fonts in it replaced by short addresses, and the fonts: reading its CSS letter by letter takes a third of
    the time otherwise."""
    held: list[bytes] = []

    def short(found: re.Match[str]) -> str:
        held.append(b64decode(found[1]))
        return f"{HELD}{len(held) - 1}"

    return FONT.sub(short, style), held


def _inside(folders: tuple[Path, ...], held: Sequence[bytes]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    own, *others = (f"{folder.resolve().as_uri()}/" for folder in folders)

    class Inside(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(HELD):
                return URLFetcherResponse(url, held[int(url.removeprefix(HELD))])
            if url.startswith("data:"):
                return super().fetch(url, headers)
            if not url.startswith(own) or ".." in url:
                raise FatalURLFetchingError(f"outside: {url.rsplit('/', 1)[-1]}")
            inner = url.removeprefix(own)
            for folder, base in zip(folders, (own, *others), strict=True):
                if (folder / unquote(inner)).is_file():
                    return super().fetch(base + inner, headers)
            return super().fetch(url, headers)

    return Inside(fail_on_errors=True)
