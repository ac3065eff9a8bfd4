"""The result book of the whole games: cover, contents, the games' tables, then every event, one after the other.

It is drawn in parts of a few events, so that memory follows the part and not the games; pages are numbered through, the contents name them,
and a reader's bookmarks lead to them. The same book twice gives the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import pikepdf

from competition.publish.papers import paper

AT_ONCE = 12
"""So many events are laid out together."""
MANY_COLUMNS = 9
"""A table of more columns stands on a page turned on its side."""


@dataclass(frozen=True, slots=True)
class BookTable:
    """A table of units or chains: titles and cells as text. right: the columns of numbers. note: what is not counted in it."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int]
    note: str = ""


@dataclass(frozen=True, slots=True)
class BookEvent:
    """An event as the public has it. rows: rank, name, unit, total, award, state; facts: what stands above them."""

    name: str
    chain: str
    facts: str
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Book:
    """The cover and what comes before the events. digest: of the games' release, "" while there is none. Times are venue time."""

    games: str
    host: str
    kind: str
    revision: int
    at: str
    digest: str
    events: int
    missing: Sequence[str]
    tables: Sequence[BookTable]


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where something begins: its title, the chain above it, its page from 1."""

    title: str
    chain: str
    page: int


def games_book(
    templates: Path, book: Book, events: Iterable[BookEvent], tell: Callable[[int], None] = lambda done: None
) -> bytes:
    """The book as a PDF. tell: how many events are drawn so far."""
    parts: list[bytes] = []
    marks: list[_Mark] = []
    pages = 0
    if book.tables:
        drawn = _part(templates, book, 1, tables=book.tables)
        marks += [_Mark(title, "", page + 1) for title, page in _starts(drawn)]
        parts.append(drawn)
        pages += _count(drawn)
    done = 0
    for some in _some(events):
        drawn = _part(templates, book, pages + 1, events=some)
        starts = [page for _, page in _starts(drawn)]
        marks += [_Mark(one.name, one.chain, pages + page + 1) for one, page in zip(some, starts, strict=True)]
        parts.append(drawn)
        pages += _count(drawn)
        done += len(some)
        tell(done)
    front = paper(templates, "games_book.html", book=book, marks=marks)
    return _joined([front, *parts], marks, book.games)


def games_notice(templates: Path, book: Book, closes: str = "", office: str = "", phone: str = "") -> bytes:
    """The tables alone: a notice that ends at `closes`, with who takes objections (empty prints as a line), or the final release."""
    return paper(templates, "games_notice.html", book=book, closes=closes, office=office, phone=phone)


def _part(
    templates: Path, book: Book, start: int, tables: Sequence[BookTable] = (), events: Sequence[BookEvent] = ()
) -> bytes:
    return paper(
        templates, "games_book_part.html", book=book, start=start, tables=tables, events=events, many=MANY_COLUMNS
    )  # fmt: skip


def _some(events: Iterable[BookEvent]) -> Iterator[list[BookEvent]]:
    rest = iter(events)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _starts(pdf: bytes) -> list[tuple[str, int]]:
    """Each heading of a part and its page from 0, as its bookmarks say."""
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_outline() as outline:
        index: dict[Any, int] = {page.objgen: n for n, page in enumerate(opened.pages)}
        destinations: list[tuple[str, Any]] = [(str(item.title), item.destination) for item in outline.root]
        return [(title, index[to[0].objgen]) for title, to in destinations]


def _count(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def _joined(parts: Sequence[bytes], marks: Sequence[_Mark], title: str) -> bytes:
    """One PDF with bookmarks: the parts' own were for finding pages and don't survive the joining."""
    out, kept = BytesIO(), []
    with pikepdf.new() as whole:
        for part in parts:
            kept.append(pikepdf.open(BytesIO(part)))
            whole.pages.extend(kept[-1].pages)
        front = len(kept[0].pages)
        with whole.open_outline() as outline:
            outline.root += [pikepdf.OutlineItem(mark.title, front + mark.page - 1) for mark in marks]
        labels = [0, pikepdf.Dictionary(S=pikepdf.Name("/r")), front, pikepdf.Dictionary(S=pikepdf.Name("/D"))]
        whole.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(labels))
        whole.docinfo["/Title"] = title
        whole.Root.Lang = pikepdf.String("zh-CN")
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for one in kept:
        one.close()
    return out.getvalue()
