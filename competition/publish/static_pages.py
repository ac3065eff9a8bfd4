"""Verification as plain files: one small page for each certificate, that any web server carries when ours is long gone.

`c/CODE/index.html` says what the live page says, in both languages, with the name masked and no list anywhere. A full name is not compared
offline: whatever a page could compare it with, a stranger could guess from, at leisure (a city's contestants are a short list). Files whose
bytes are the same are not touched, so that a copy to a CDN moves only what changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from competition.words import Words

SIGNS = {"valid": "✓", "reissued": "↻", "corrected": "▲", "revoked": "✕", "sample": "✕"}


@dataclass(frozen=True, slots=True)
class PageOf:
    """What one page says. name: masked already. nth: how often it was reissued."""

    code: str
    status: str
    nth: int
    name: str
    games: dict[str, str]
    event: dict[str, str]
    job: dict[str, str]
    award: dict[str, str]
    issuer: str
    issued_on: str
    number: str


@dataclass(frozen=True, slots=True)
class Written:
    """How many files were written anew, and how many were as they should be."""

    changed: int
    same: int


def write_pages(
    folder: Path, pages: Iterable[PageOf], templates: Path, words: Words, address: str, as_of: str, keys: str
) -> Written:
    """Lay the pages into `folder`; nothing in it is removed (a certificate never vanishes).

    as_of: the day of the newest change, printed on the start page only, so that one change doesn't rewrite 4,000 pages.
    """
    jinja = Environment(
        loader=FileSystemLoader(templates / "certificates"), undefined=StrictUndefined, autoescape=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    shared = {"texts": words.texts, "signs": SIGNS, "address": address}
    one = jinja.get_template("static_page.html")
    done = _Folder(folder)
    for page in pages:
        done.put(f"c/{page.code}/index.html", one.render(page=page, **shared))
    done.put("c/index.html", jinja.get_template("static_start.html").render(as_of=as_of, **shared))
    done.put("c/page.css", (templates / "certificates" / "static.css").read_text(encoding="utf-8"))
    done.put("c/keys.txt", keys)
    done.put("robots.txt", "User-agent: *\nDisallow: /\n")
    done.put("404.html", jinja.get_template("static_unknown.html").render(**shared))
    return Written(done.changed, done.same)


class _Folder:
    """Writes what differs, each file whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.changed = self.same = 0

    def put(self, name: str, text: str) -> None:
        """One file."""
        file, content = self.folder / name, text.encode()
        if file.exists() and file.read_bytes() == content:
            self.same += 1
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_bytes(content)
        fresh.replace(file)
        self.changed += 1
