"""`games.toml`: one edition of the whole programme; its chains, units and job types, and which rule file each follows.

[games] id, name, year, host, sample        [[chains]] id, name        [[units]] id, name, short
[[job_types]] id, name, chain, rules        [[tables]] units or chains ranked across job types, see `GamesTable`
[[titles]] who is put forward for a title, see `competition.rules.titles`
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from competition.errors import Finding
from competition.rules.model import RankKey, Text
from competition.rules.read_tables import read_keys
from competition.rules.source import Source, parse_source, read_source
from competition.rules.table import Faults, Table
from competition.rules.titles import Title, read_titles

PASSED = "passed"
"""What an entry counts as that passed without an award; beside the award ids of a table's points."""

FACTS = ("entries", "events")
"""What every table may rank by: how many entries a unit had, and in how many events."""

_SUMS = {"award_points": ("points", "average"), "scores": ("total", "average"), "medals": ()}
"""What a table adds up, by its count, and what it may rank by therefore."""


@dataclass(frozen=True, slots=True)
class Named:
    """A chain or a unit."""

    id: str
    name: Text
    short: str


@dataclass(frozen=True, slots=True)
class JobType:
    """An occupation that an event tests, in its chain, with the folder of its rule file."""

    id: str
    number: int
    name: Text
    chain: str
    rules: str


@dataclass(frozen=True, slots=True)
class GamesTable:
    """How units, or chains, are ranked across job types.

    per: "unit" | "chain". count: "award_points" (what an entry's award, or passing, is worth: `points`), "scores" (sum of
    totals), "medals" (numbers of `awards`, the first of them first). best: so many entries of an event count, the best ones.
    least: with fewer entries that have a total, an event counts nothing ("nothing") or leaves the unit without a place
    ("unranked"), as `short` says. average: the sum per event entered is shown too. listed: "all" | "with_points".
    keys: what decides, in order; units equal in all of them share a place (1224).
    """

    id: str
    name: Text
    per: str
    count: str
    points: Mapping[str, Fraction]
    awards: tuple[str, ...]
    best: int | None
    least: int
    short: str
    average: bool
    listed: str
    keys: tuple[RankKey, ...]

    @property
    def sum(self) -> str:
        """The name of what is added up, as keys and columns call it; "" for a medal table, which adds nothing."""
        return next(iter(_SUMS[self.count]), "")


@dataclass(frozen=True, slots=True)
class GamesFile:
    """One edition of the whole programme as declared."""

    id: str
    name: Text
    year: int
    host: str
    sample: bool
    chains: tuple[Named, ...]
    units: tuple[Named, ...]
    job_types: tuple[JobType, ...]
    tables: tuple[GamesTable, ...]
    titles: tuple[Title, ...] = ()


def load_games(path: Path) -> tuple[GamesFile | None, tuple[Finding, ...]]:
    """Read games.toml; rule folders are looked for beside it. None if any finding is an error."""
    source = read_source(path, path.name)
    if isinstance(source, Finding):
        return None, (source,)
    faults = Faults([source])
    top = Table(source.data, (), faults)
    head = top.table("games", needed=True)
    chains = _named(top, "chains")
    jobs = _job_types(top, path.parent, {chain.id for chain in chains})
    made = GamesFile(
        head.ident(), head.text("name"), head.whole("year"), head.string("host"), head.flag("sample", False), chains,
        _named(top, "units"), jobs, _tables(top), read_titles(top, frozenset(job.id for job in jobs)),
    )  # fmt: skip
    head.done()
    top.done()
    return (None if faults.any else made), tuple(faults.found)


@dataclass(frozen=True, slots=True)
class Across:
    """What a games.toml says across its events: the tables of units and chains, and the titles."""

    tables: tuple[GamesTable, ...]
    titles: tuple[Title, ...]


def read_across(text: str, shown_as: str) -> tuple[Across | None, tuple[Finding, ...]]:
    """The tables and titles in the text of a games.toml; chains, units and job types are whatever the games have on record.

    None when anything in it is an error, or when it has neither.
    """
    source = parse_source(text, shown_as)
    if not isinstance(source, Source):
        return None, (source,)
    faults = Faults([source])
    top = Table(source.data, (), faults)
    made = Across(_tables(top), read_titles(top))
    if not (made.tables or made.titles):
        zh, en = "里面没有 [[tables]]，也没有 [[titles]]。", "There is neither [[tables]] nor [[titles]] in it."
        top.fault(None, zh, en)
    return (None if faults.any else made), tuple(faults.found)


def _named(top: Table, key: str) -> tuple[Named, ...]:
    rows = []
    for row in top.rows(key, needed=True):
        name = row.text("name")
        rows.append(Named(row.ident(), name, row.string("short", default=name.zh)))
        row.done()
    _once(top, key, [row.id for row in rows])
    return tuple(rows)


def _job_types(top: Table, folder: Path, chains: set[str]) -> tuple[JobType, ...]:
    rows = []
    for number, row in enumerate(top.rows("job_types", needed=True), 1):
        made = JobType(row.ident(), number, row.text("name"), row.string("chain"), row.string("rules"))
        if made.chain not in chains:
            row.fault("chain", f"没有产业链 {made.chain}。", f"There is no chain {made.chain}.")
        if not (folder / made.rules / "rules.toml").is_file():
            row.fault("rules", f"没有规则文件 {made.rules}/rules.toml。", f"There is no {made.rules}/rules.toml.")
        row.done()
        rows.append(made)
    _once(top, "job_types", [row.id for row in rows])
    return tuple(rows)


def _tables(top: Table) -> tuple[GamesTable, ...]:
    made = tuple(_games_table(row) for row in top.rows("tables"))
    _once(top, "tables", [table.id for table in made])
    return made


def _games_table(row: Table) -> GamesTable:
    """One table. How ties end is never a default: `keys` must be written, except where medals say it themselves."""
    count = row.string("count", tuple(_SUMS))
    points = _points(row) if count == "award_points" else {}
    awards = tuple(points) or _awards(row, needed=count == "medals")
    least = row.whole("least", low=2) if row.has("least") else 0
    made = GamesTable(
        row.ident(), row.text("name"), row.string("per", ("unit", "chain")), count, points, awards,
        row.whole("best", low=1) if row.has("best") else None, least,
        row.string("short", ("nothing", "unranked")) if least else "", row.flag("average", False),
        row.string("listed", ("all", "with_points")), _keys(row, count, awards),
    )  # fmt: skip
    if "average" in {key.by for key in made.keys} and not made.average:
        row.fault("keys", "按 average 排名，请写 average = true。", "It ranks by average; write average = true.")
    if made.average and count == "medals":
        row.fault("average", "奖牌榜不加总，没有平均。", "A medal table adds nothing up, so it has no average.")
    if made.best is not None and made.best < least:
        row.fault("best", f"best 少于 least（{least}）。", f"best is less than least ({least}).")
    row.done()
    return made


def _points(row: Table) -> dict[str, Fraction]:
    table = row.table("points", needed=True)
    return {award: table.number(award, low=0) for award in list(table.data)}


def _awards(row: Table, needed: bool) -> tuple[str, ...]:
    value = row.get("awards", needed)
    if value is None:
        return ()
    if not isinstance(value, list) or not value or not all(isinstance(award, str) for award in value):
        row.fault("awards", '应写奖项 id:["gold", …]。', 'Write the ids of awards: ["gold", …].')
        return ()
    return tuple(dict.fromkeys(value))


def _keys(row: Table, count: str, awards: tuple[str, ...]) -> tuple[RankKey, ...]:
    if count == "medals" and not row.has("keys"):
        return tuple(RankKey(award, "high") for award in awards)
    written = read_keys(row, needed=True)
    if row.data.get("keys") == []:
        row.fault("keys", "请写明按什么排名。", "Say what it ranks by.")
    legal = " | ".join([*_SUMS[count], *FACTS, *awards])
    for key in written:
        if key.by not in legal.split(" | ") and (awards or count == "scores"):
            zh, en = f"不能按 {key.by} 排名，可用：{legal}。", f"It can't rank by {key.by}; use {legal}."
            Table({}, key.path, row.faults).fault("by", zh, en)
    return tuple(RankKey(key.by, key.best) for key in written)


def _once(top: Table, key: str, ids: list[str]) -> None:
    for twice in {i for i in ids if ids.count(i) > 1}:
        top.fault(key, f"{twice} 出现了两次。", f"{twice} appears twice.")
