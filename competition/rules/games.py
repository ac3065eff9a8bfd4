"""`games.toml`: one edition of the whole programme; its chains, units and job types, and which rule file each follows.

[games] id, name, year, host, sample        [[chains]] id, name        [[units]] id, name, short
[[job_types]] id, name, chain, rules        [unit_table] and [chain_table]: points by award, best of each event
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from competition.errors import Finding
from competition.rules.model import Text
from competition.rules.source import read_source
from competition.rules.table import Faults, Table


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
class PointsTable:
    """How units (or chains) are ranked across job types: points by award id, counting the best `best` of an event."""

    points: dict[str, Fraction]
    best: int | None


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
    unit_table: PointsTable
    chain_table: PointsTable


def load_games(path: Path) -> tuple[GamesFile | None, tuple[Finding, ...]]:
    """Read games.toml; rule folders are looked for beside it. None if any finding is an error."""
    source = read_source(path, path.name)
    if isinstance(source, Finding):
        return None, (source,)
    faults = Faults([source])
    top = Table(source.data, (), faults)
    head = top.table("games", needed=True)
    chains = _named(top, "chains")
    made = GamesFile(
        head.ident(), head.text("name"), head.whole("year"), head.string("host"), head.flag("sample", False), chains,
        _named(top, "units"), _job_types(top, path.parent, {chain.id for chain in chains}),
        _points_table(top, "unit_table"), _points_table(top, "chain_table"),
    )  # fmt: skip
    head.done()
    top.done()
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


def _points_table(top: Table, key: str) -> PointsTable:
    table = top.table(key, needed=True)
    points = table.table("points", needed=True)
    best = table.whole("best", low=1) if table.has("best") else None
    made = PointsTable({award: points.number(award) for award in list(points.data)}, best)
    table.done()
    return made


def _once(top: Table, key: str, ids: list[str]) -> None:
    for twice in {i for i in ids if ids.count(i) > 1}:
        top.fault(key, f"{twice} 出现了两次。", f"{twice} appears twice.")
