"""What the whole games put out: the result book, and the pack with every finally released event, the tables and the register.

Both are read inside one transaction, so that they tell of one moment however long they are drawn; the same store gives the same bytes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from competition import judging, store
from competition.errors import Conflict
from competition.judging.auditing import exported
from competition.judging.certificates import STATUS_NAMES
from competition.judging.games_releases import GamesRelease, games_release, games_shown
from competition.judging.games_rules import the_games
from competition.publish.games_book import Book, BookEvent, BookTable, games_book, games_notice
from competition.publish.packing import Make, packed
from competition.publish.records import record
from competition.publish.tables import Column, csv_table, json_table, xlsx_table
from competition.store.games import Event, JobType
from competition.web import overview, pack_papers, public
from competition.web.games_public import about_of
from competition.web.games_views import GamesTableView, PublicGames, cells_of, columns_of, public_games
from competition.web.pack import Asking, heads_files, release_files
from competition.web.pages import local, moment
from competition.words import pick

Tell = Callable[[int, int], None]
"""How far it is: events done, of how many."""
UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""Characters that no folder on some computer may have in its name."""
NUMBERS = frozenset({"rank", "sum", "average", "entries", "events"})


@dataclass(frozen=True, slots=True)
class _Final:
    """An event with its newest final release."""

    line: judging.EventLine
    number: int | None
    release: judging.Release


def nothing_yet(done: int, of: int) -> None:
    """For whoever doesn't ask how far it is."""


def present(conn: sa.Connection) -> str:
    """A digest of everything that has a say in the book and the pack, but for who has signed in meanwhile."""
    out, games = games_release(conn), the_games(conn)
    heads = [[one.release.id, store.head(conn, one.line.id).hash] for one in _finals(conn)]
    return store.digest_of([games.id, games.name_zh, games.host, out.id if out else None, heads])


def book(conn: sa.Connection, asking: Asking, tell: Tell = nothing_yet) -> bytes:
    """The result book as a PDF. Conflict while no event is finally released."""
    finals = _some_finals(conn)
    return games_book(
        asking.templates,
        _cover(conn, asking, len(finals), _missing(conn, finals), games_release(conn)),
        (_book_event(conn, one, asking) for one in finals),
        lambda done: tell(done, len(finals)),
    )


def notice(conn: sa.Connection, asking: Asking, release: GamesRelease | None = None) -> bytes:
    """A release of the tables on paper, by itself the newest. Conflict before there is a notice."""
    release = release or games_shown(conn)
    if release is None:
        raise Conflict("总榜尚未公示。", "The tables had no notice yet.")
    closes = local(release.window_closes) if release.window_closes else ""
    left_out = [release.names["events"][id]["zh"] for id in release.missing]
    one = _cover(conn, asking, 0, left_out, release)
    return games_notice(asking.templates, one, closes, asking.office, asking.phone)


def _cover(conn: sa.Connection, asking: Asking, events: int, missing: list[str], release: GamesRelease | None) -> Book:
    """What stands before the events: the games, and their tables as released."""
    games = the_games(conn)
    out = public_games(release) if release else None
    return Book(
        games=games.name_zh, host=games.host, kind=out.kind if out else "", revision=out.revision if out else 0,
        at=local(out.at) if out else "", digest=out.digest if out else "", events=events,
        missing=missing, tables=_book_tables(out, asking) if out else (),
    )  # fmt: skip


def games_pack(conn: sa.Connection, asking: Asking, tell: Tell = nothing_yet) -> Iterator[bytes]:
    """The ZIP of the whole games, piece by piece while `conn` stays open. Conflict while no event is finally released."""
    finals = _some_finals(conn)
    latest = max(moment(one.release.at) for one in finals)
    return packed(_files(conn, finals, asking, tell), latest)


def _files(conn: sa.Connection, finals: list[_Final], asking: Asking, tell: Tell) -> Iterator[tuple[str, Make]]:
    release = games_release(conn)
    if release is not None:
        yield from _table_files(public_games(release), asking)
        yield "总榜/总榜.pdf", partial(notice, conn, asking, release)
    yield "目录.csv", partial(csv_table, *_contents(finals))
    for done, one in enumerate(finals):
        tell(done, len(finals))
        folder = f"赛项/{_folder(one)}"
        yield from ((f"{folder}/{name}", make) for name, make in release_files(conn, one.release, asking))
    tell(len(finals), len(finals))
    yield "成绩册.pdf", lambda: book(conn, asking)
    yield from _register(conn, finals, asking)
    yield from heads_files(_setting(conn), exported(conn), asking.templates)


def _table_files(out: PublicGames, asking: Asking) -> Iterator[tuple[str, Make]]:
    """Each table of the games as open data, byte for byte what the public page offers, and as a workbook."""
    for one in out.tables:
        columns, cells = columns_of(one, asking.words, "zh"), cells_of(one, asking.words, "zh")
        name = f"总榜/{UNFIT.sub('_', pick(one.name, 'zh'))}"
        yield f"{name}.csv", partial(csv_table, columns, cells)
        yield f"{name}.json", partial(json_table, columns, cells, about_of(one, out))
        title = pick(one.name, "zh")
        yield f"{name}.xlsx", partial(xlsx_table, columns, cells, title=title, at=moment(out.at))


def _contents(finals: list[_Final]) -> tuple[list[Column], list[dict[str, object]]]:
    """The list of events in the pack: folder, event, which release, its digest."""
    titles = {
        "folder": "文件夹",
        "event": "赛项",
        "chain": "产业链",
        "revision": "正式公布版次",
        "at": "公布时间",
        "digest": "公布内容摘要",
    }
    rows: list[dict[str, object]] = [
        {
            "folder": _folder(one), "event": one.line.name_zh, "chain": one.line.chain_zh or "",
            "revision": one.release.revision, "at": local(one.release.at), "digest": one.release.document_digest,
        }
        for one in finals
    ]  # fmt: skip
    return [Column(key, title) for key, title in titles.items()], rows


def _register(conn: sa.Connection, finals: list[_Final], asking: Asking) -> Iterator[tuple[str, Make]]:
    """The register of all certificates of the games, as a paper to sign and as a table."""
    rows = [
        (
            one.number,
            one.name or "—",
            one.unit or "",
            f"{final.line.name_zh} {one.award_name['zh']}",
            STATUS_NAMES[one.status][0],
        )
        for final in finals
        for one in judging.certificates(conn, final.line.id)
    ]
    keys = ("certificate", "name", "unit", "award", "state")
    columns = [Column(key, asking.words.say(f"paper.record.column.{key}", "zh")) for key in keys]
    yield "存档/证书登记册.csv", partial(csv_table, columns, [dict(zip(keys, row, strict=True)) for row in rows])
    paper = pack_papers.register(_setting(conn), rows)
    yield "存档/证书登记册.pdf", partial(record, asking.templates, paper)


def _setting(conn: sa.Connection) -> pack_papers.Setting:
    """The heads of the games' own records."""
    games, release = the_games(conn), games_release(conn)
    events = [one.line.id for one in _finals(conn)]
    top = store.head(conn, store.HOUSE)
    said = "总榜尚未公布"
    if release is not None:
        kind = "正式公布" if release.kind == "final" else "公示"
        said = f"{kind} 第 {release.revision} 版 {release.document_digest[:16]}"
    last = conn.scalar(sa.select(sa.func.max(store.Ledger.at)).where(store.Ledger.event_id.in_(events))) or ""
    return pack_papers.Setting(
        "", games.name_zh, f"{top.event_id}/{top.origin} {top.n} {top.hash}", local(last, "second"), said
    )  # fmt: skip


def _book_tables(out: PublicGames, asking: Asking) -> tuple[BookTable, ...]:
    return tuple(_book_table(one, asking) for one in out.tables)


def _book_table(one: GamesTableView, asking: Asking) -> BookTable:
    columns = [column for column in columns_of(one, asking.words, "zh") if column.key != "tied"]
    rows = [
        [f"{row[column.key]}{row['tied'] if column.key == 'rank' else ''}" for column in columns]
        for row in cells_of(one, asking.words, "zh")
    ]
    right = frozenset(n for n, column in enumerate(columns) if column.key in NUMBERS or column.key.startswith("award"))
    open_ = "、".join(pick(name, "zh") for name in one.open)
    note = f"{asking.words.say('games.without', 'zh', n=len(one.open))}{open_}" if one.open else ""
    return BookTable(pick(one.name, "zh"), [column.title for column in columns], rows, right, note)


def _book_event(conn: sa.Connection, one: _Final, asking: Asking) -> BookEvent:
    view, release = public.released(conn, overview.Tallies(), one.line.id, release=one.release), one.release
    venue = f" · {view.venue}" if view.venue else ""
    facts = f"正式公布 第 {release.revision} 版 · {local(release.at)}{venue} · {release.document_digest[:16]}"
    return BookEvent(one.line.name_zh, one.line.chain_zh or "", facts, public.rows_of(view, asking.words, "zh"))


def _finals(conn: sa.Connection) -> list[_Final]:
    """Every event with a final release, by the number of its job type."""
    query = sa.select(Event.id, JobType.number).outerjoin(JobType, JobType.id == Event.job_type_id)
    numbers = {event: number for event, number in conn.execute(query)}
    found = [
        _Final(line, numbers.get(line.id), release)
        for line in judging.all_events(conn)
        if (release := judging.release_of(conn, line.id, "final")) is not None
    ]
    return sorted(found, key=lambda one: (one.number or 1000, one.line.id))


def _some_finals(conn: sa.Connection) -> list[_Final]:
    finals = _finals(conn)
    if not finals:
        raise Conflict(
            "还没有任何赛项正式公布，没有可汇编的成绩。",
            "No event was finally released: there is nothing to put together.",
        )
    return finals


def _missing(conn: sa.Connection, finals: list[_Final]) -> list[str]:
    """Events that somebody entered and that have no final release."""
    there = {one.line.id for one in finals}
    entered = set(conn.scalars(sa.select(store.people.Entry.event_id).distinct()))
    return [line.name_zh for line in judging.all_events(conn) if line.id in entered - there]


def _folder(one: _Final) -> str:
    number = f"{one.number:03d}-" if one.number else ""
    return UNFIT.sub("_", f"{number}{one.line.name_zh}-{one.line.id}")
