"""What the games' tables show at the desk, on the public page and on paper, as values; made from frozen rows and names alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from competition.judging.games_releases import GamesRelease
from competition.publish.tables import Column
from competition.web.gate_views import Blocker
from competition.web.views import Text
from competition.words import Lang, Words, pick


@dataclass(frozen=True, slots=True)
class RankedLine:
    """A unit, or a chain, in a table. sum, average: text as computed, None where the table has none; awards in the table's order."""

    rank: int | None
    tied: bool
    name: Text
    sum: str | None
    average: str | None
    awards: tuple[int, ...]
    entries: int
    events: int
    decided_by: Text | None
    short: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class GamesTableView:
    """A table as it is shown. sum: the word's key of what is added up, "" for none; awards: their names, None for passing alone."""

    id: str
    name: Text
    per: str
    sum: str
    average: bool
    awards: tuple[Text | None, ...]
    rows: tuple[RankedLine, ...]
    open: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class EventCounted:
    """An event in the games' summary; ranked is None while it has no final release."""

    id: str
    name: Text
    chain: Text | None
    entries: int
    ranked: int | None
    awards: tuple[tuple[Text, int], ...]
    document: str


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A row that a revision of the games changes: which table, who, (rank, sum) before and after."""

    table: Text
    name: Text
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """A release of the games in a list."""

    kind: str
    revision: int
    at: str
    window_closes: str | None
    digest: str
    reason: str | None
    missing: int


@dataclass(frozen=True, slots=True)
class GamesDesk:
    """/desk/games/tables. `gate`: the next act, "rules", "notice", "final" or "" when all stands; `missing` has (id, name)."""

    games: Text
    may: frozenset[str]
    filed: tuple[int, str, str] | None
    rules: tuple["RuleLine", ...]
    titles: tuple[tuple[str, Text], ...]
    tables: tuple[GamesTableView, ...]
    missing: tuple[tuple[str, Text], ...]
    warnings: tuple[Text, ...]
    gate: str
    blockers: tuple[Blocker, ...]
    moved: tuple[MovedRow, ...]
    releases: tuple[Published, ...]
    closes: str
    earliest: str
    revision: int
    outputs: tuple["OutputLine", ...]


@dataclass(frozen=True, slots=True)
class OutputLine:
    """The book or the pack: whether it is being made now, is there whole, was ever begun; events done, of how many."""

    what: str
    file: str
    running: bool
    whole: bool
    begun: bool
    done: int
    of: int
    size: str
    digest: str
    failed: Text | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A table's rule for people: what counts and how much, and by what it is ranked."""

    name: Text
    per: str
    count: str
    points: tuple[tuple[str, str], ...]
    best: int | None
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicGames:
    """/tables: the newest release of the games."""

    games: Text
    kind: str
    revision: int
    at: str
    window_closes: str | None
    digest: str
    tables: tuple[GamesTableView, ...]
    events: tuple[EventCounted, ...]
    missing: tuple[Text, ...]


def table_views(rows: Mapping[str, Any], names: Mapping[str, Any]) -> tuple[GamesTableView, ...]:
    """The tables of frozen rows, by name."""
    return tuple(_table(table, names) for table in rows["tables"])


def events_counted(rows: Mapping[str, Any], names: Mapping[str, Any]) -> tuple[EventCounted, ...]:
    """The events of frozen rows, by name."""
    return tuple(
        EventCounted(
            id=event["id"],
            name=names["events"][event["id"]],
            chain=names["chains"].get(event["chain"]),
            entries=event["entries"],
            ranked=event["ranked"],
            awards=tuple((award["name"], award["n"]) for award in event["awards"]),
            document=event["document"] or "",
        )
        for event in rows["events"]
    )


def public_games(release: GamesRelease) -> PublicGames:
    """What the public sees of a release: all of it; no person is in it."""
    names = release.names
    return PublicGames(
        names["games"], release.kind, release.revision, release.at, release.window_closes, release.document_digest,
        table_views(release.rows, names), events_counted(release.rows, names),
        tuple(names["events"][id] for id in release.missing),
    )  # fmt: skip


def published(release: GamesRelease) -> Published:
    """A release as a line of the list."""
    return Published(
        release.kind, release.revision, release.at, release.window_closes, release.document_digest, release.reason,
        len(release.missing),
    )  # fmt: skip


def columns_of(table: GamesTableView, words: Words, lang: Lang) -> list[Column]:
    """The columns of a table as data: key and title."""
    keys = ["rank", "tied", "name"]
    titles = {
        key: words.say(f"games.column.{key}", lang)
        for key in ("rank", "tied", "entries", "events", "decided_by", "short")
    }
    titles["name"] = words.say(f"games.per.{table.per}", lang)
    if table.sum:
        keys.append("sum")
        titles["sum"] = words.say(f"games.column.{table.sum}", lang)
    if table.average:
        keys.append("average")
        titles["average"] = words.say("games.column.average", lang)
    for n, award in enumerate(table.awards):
        keys.append(f"award{n}")
        titles[f"award{n}"] = pick(award, lang) if award else words.say("games.passed", lang)
    keys += ["entries", "events", "decided_by", *(["short"] if any(row.short for row in table.rows) else [])]
    return [Column(key, titles[key]) for key in keys]


def cells_of(table: GamesTableView, words: Words, lang: Lang) -> list[dict[str, str]]:
    """The rows of a table as data, in words."""
    return [
        {
            "rank": "" if row.rank is None else str(row.rank),
            "tied": words.say("public.tied", lang) if row.tied else "",
            "name": pick(row.name, lang),
            "sum": row.sum or "",
            "average": row.average or "",
            **{f"award{n}": str(count) for n, count in enumerate(row.awards)},
            "entries": str(row.entries),
            "events": str(row.events),
            "decided_by": decider(row, words, lang),
            "short": "、".join(pick(name, lang) for name in row.short),
        }
        for row in table.rows
    ]


def decider(row: RankedLine, words: Words, lang: Lang) -> str:
    """Which key decided between equals, in words; "" when the first did."""
    if row.decided_by is None:
        return ""
    key = f"games.column.{pick(row.decided_by, 'en')}"
    return words.say(key, lang) if words.has(key) else pick(row.decided_by, lang)


def _table(table: Mapping[str, Any], names: Mapping[str, Any]) -> GamesTableView:
    called = names["units" if table["per"] == "unit" else "chains"]
    awards = {award["id"]: award["name"] for award in table["awards"]}
    return GamesTableView(
        id=table["id"],
        name=table["name"],
        per=table["per"],
        sum=table["sum"],
        average=table["average"],
        awards=tuple(awards.values()),
        rows=tuple(
            RankedLine(
                rank=row["rank"], tied=row["tied"], name=called[row["who"]], sum=row["sum"], average=row["average"],
                awards=tuple(row["awards"][id] for id in awards), entries=row["entries"], events=row["events"],
                decided_by=_key(row["decided_by"], awards),
                short=tuple(names["events"][id] for id in row["short"]),
            )
            for row in table["rows"]
        ),
        open=tuple(names["events"][id] for id in table["open"]),
    )  # fmt: skip


def _key(key: str, awards: Mapping[str, Text | None]) -> Text | None:
    """A deciding key: an award by its name, else the key itself, which `decider` puts into words."""
    if not key:
        return None
    return awards.get(key) or {"zh": key, "en": key}


def moved_rows(
    moved: Sequence[Any], names: Mapping[str, Any], tables: Sequence[GamesTableView]
) -> tuple[MovedRow, ...]:
    """The differences a revision would make, by name."""
    known = {table.id: table for table in tables}
    found = []
    for one in moved:
        table = known.get(one.table)
        called: Mapping[str, Text] = {**names["units"], **names["chains"]}
        name = called.get(one.who, {"zh": one.who, "en": one.who})
        found.append(MovedRow(table.name if table else {"zh": one.table, "en": one.table}, name, one.before, one.after))
    return tuple(found)
