"""Tables across job types: units and chains by award points, by sums of totals, or by medals (rules.md 7.4 and 15).

A person is ranked within a job type; a unit earns from the standings of all of them. An entry counts once for its unit, be it
a person, a pair or a team. An event without final standings counts nothing yet, and the table says which those are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.games import PASSED, GamesFile, GamesTable
from competition.scoring.methods import places
from competition.scoring.result import Result, Standing, number_text

Entry = tuple[str, str]
"""An event (the id of its job type) and an entry of it."""

Keys = tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A unit's, or a chain's, place in a table.

    rank: 1224; None where the table's rule leaves the unit without a place. decided_by: the key that put it before or after
    rows that are equal in the first. sum: what its counting entries add up to, average: that per event entered; None where
    the table has none. awards: how many of each award (or `passed`) its counting entries have. entries, events: what it
    entered, of the events that are final; by_event: the sum of each. short: events with fewer of its entries than the table
    asks for. open: its events without final standings.
    """

    who: str
    rank: int | None
    tied: bool
    decided_by: str
    sum: Fraction | None
    average: Fraction | None
    awards: Mapping[str, int]
    entries: int
    events: int
    by_event: Mapping[str, Fraction]
    short: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def sum_text(self) -> str:
        """The sum as decimal text; "" where the table adds nothing."""
        return "" if self.sum is None else number_text(self.sum)

    @property
    def average_text(self) -> str:
        """The average as decimal text; "" where there is none."""
        return "" if self.average is None else number_text(self.average)


@dataclass(frozen=True, slots=True)
class TableResult:
    """A table in order: ranked rows, then those without a place. open: events with entries but no final standings."""

    table: GamesTable
    rows: tuple[TableRow, ...]
    open: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def partial(self) -> bool:
        """Whether events are still open, so that places may change."""
        return bool(self.open)


@dataclass(frozen=True, slots=True)
class _Worth:
    """What one entry brings its unit: a number (0 in a medal table), and the award it is counted under, "" for none."""

    number: Fraction
    award: str


@dataclass(slots=True)
class _Tally:
    """What a unit, or a chain, has: the counting entries of each event that is final, and how many it entered."""

    counting: dict[str, list[_Worth]] = field(default_factory=dict)
    entries: int = 0
    short: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def tables(games: GamesFile, results: Mapping[str, Result], units: Mapping[Entry, str]) -> tuple[TableResult, ...]:
    """The games' tables from the events' results, by job type. units: the unit of every entry ("" for none).

    An event is open while an entry of it has no total (or no word on whether it passed), while its result has errors, or
    while it has entries and no result.
    """
    entered: dict[str, list[str]] = {}
    for event, entry in units:
        entered.setdefault(event, []).append(entry)
    for event, result in results.items():
        entered[event] = [standing.entry for standing in result.standings]
    order = [job.id for job in games.job_types if entered.get(job.id)]
    final = {event: results[event] for event in order if event in results and _is_final(results[event])}
    owners = {
        "unit": {(event, entry): units.get((event, entry), "") for event in order for entry in entered[event]},
        "chain": {(job.id, entry): job.chain for job in games.job_types for entry in entered.get(job.id, ())},
    }
    return tuple(_table(each, games, final, owners[each.per]) for each in games.tables)


def _is_final(result: Result) -> bool:
    return not any(finding.severity == "error" for finding in result.findings) and all(
        standing.status or (standing.total is not None and (result.rules.passed is None or standing.passed is not None))
        for standing in result.standings
    )


def _table(table: GamesTable, games: GamesFile, final: Mapping[str, Result], owner: Mapping[Entry, str]) -> TableResult:
    opened = tuple(dict.fromkeys(event for event, _ in owner if event not in final))
    rules = {event: result.rules for event, result in final.items()}
    findings = (*_unaddable(table, final), *_unmatched(table, rules), *_partial(table, opened))
    if any(finding.severity == "error" for finding in findings):
        return TableResult(table, (), opened, findings)
    tallies = _tallies(table, games, final, owner)
    rows = [_row(table, who, tally) for who, tally in tallies.items()]
    if table.listed == "with_points":
        rows = [row for row in rows if any(row.awards.values() if row.sum is None else (row.sum > 0,))]
    return TableResult(table, tuple(_ranked(table, rows)), opened, findings)


def _tallies(
    table: GamesTable, games: GamesFile, final: Mapping[str, Result], owner: Mapping[Entry, str]
) -> Mapping[str, _Tally]:
    """Every unit, or chain, of the games in the order declared. Entries of nobody there count for nobody."""
    tallies = {each.id: _Tally() for each in (games.units if table.per == "unit" else games.chains)}
    groups: dict[tuple[str, str], list[str]] = {}
    for (event, entry), who in owner.items():
        if who in tallies:
            groups.setdefault((who, event), []).append(entry)
    for (who, event), entries in groups.items():
        if event in final:
            _count(table, tallies[who], event, final[event], set(entries))
        else:
            tallies[who].open.append(event)
    return tallies


def _count(table: GamesTable, tally: _Tally, event: str, result: Result, entries: set[str]) -> None:
    """Add a unit's entries of an event: the best of them, if there are enough."""
    theirs = [standing for standing in result.standings if standing.entry in entries]
    tally.entries += len(theirs)
    tally.counting[event] = []
    if sum(standing.total is not None for standing in theirs) < table.least:
        tally.short.append(event)
        return
    worths = [worth for standing in theirs if (worth := _worth(table, standing, result)) is not None]
    last = len(table.awards)
    order = {award: n for n, award in enumerate(table.awards)}
    worths.sort(key=lambda worth: (-worth.number, order.get(worth.award, last)))
    tally.counting[event] = worths[: table.best]


def _worth(table: GamesTable, standing: Standing, result: Result) -> _Worth | None:
    """What an entry brings; None if nothing. One with a status brings nothing, whatever it had reached."""
    if standing.status:
        return None
    award = standing.award or (PASSED if standing.passed else "")
    known = award if award in table.awards else ""
    if table.count == "scores":
        total = result.numbers[standing.entry]["total"]
        return None if total is None else _Worth(total, known)
    return _Worth(table.points.get(known, Fraction(0)), known) if known else None


def _row(table: GamesTable, who: str, tally: _Tally) -> TableRow:
    counted = [worth for worths in tally.counting.values() for worth in worths]
    total = sum((worth.number for worth in counted), Fraction(0)) if table.sum else None
    events = len(tally.counting)
    return TableRow(
        who, None, False, "", total, total / events if table.average and total is not None and events else None,
        {award: sum(worth.award == award for worth in counted) for award in table.awards}, tally.entries, events,
        {event: sum((worth.number for worth in worths), Fraction(0)) for event, worths in tally.counting.items()},
        tuple(tally.short), tuple(tally.open),
    )  # fmt: skip


def _ranked(table: GamesTable, rows: Sequence[TableRow]) -> Iterator[TableRow]:
    """The rows in order of their places; equal ones, and those without a place at the end, in the order declared."""
    keyed = [(_keys(table, row), row) for row in rows if not (table.short == "unranked" and row.short)]
    keyed.sort(key=lambda pair: pair[0])
    ranks = places([keys for keys, _ in keyed])
    levels = sorted({keys for keys, _ in keyed})
    for rank, (keys, row) in zip(ranks, keyed, strict=True):
        n = levels.index(keys)
        tied = ranks.count(rank) > 1
        yield replace(row, rank=int(rank), tied=tied, decided_by=_decider(table, keys, levels[max(0, n - 1) : n + 2]))
    yield from (row for row in rows if table.short == "unranked" and row.short)


def _keys(table: GamesTable, row: TableRow) -> Keys:
    """Ascending sort keys, better first; an average of nothing is last."""
    facts: dict[str, Fraction | int | None] = {
        **row.awards, "entries": row.entries, "events": row.events, "average": row.average, table.sum: row.sum
    }  # fmt: skip
    values = [(facts[key.by], key.best) for key in table.keys]
    return tuple(
        (1, Fraction(0)) if value is None else (0, Fraction(-value if best == "high" else value))
        for value, best in values
    )


def _decider(table: GamesTable, own: Keys, beside: Sequence[Keys]) -> str:
    """The last key that was needed to part a row from those just before and after it that are equal in the first."""
    needed = 0
    for other in beside:
        if other[0] == own[0] and other != own:
            needed = max(needed, next(n for n, pair in enumerate(zip(own, other, strict=True)) if pair[0] != pair[1]))
    return table.keys[needed].by if needed else ""


def check_units(games: GamesFile, results: Mapping[str, Result], units: Mapping[Entry, str]) -> Iterator[Finding]:
    """Entries that count for no unit: those that name one that the games don't have, and those that name none."""
    known = {unit.id for unit in games.units}
    for event, result in results.items():
        alone = []
        for standing in result.standings:
            unit = units.get((event, standing.entry), "")
            if not unit:
                alone.append(standing.entry)
            elif unit not in known:
                zh = f"没有单位 {unit}，请核对 games.toml 的 units。"
                yield Finding(
                    f"{event}/{standing.entry}", zh, f"There is no unit {unit}: check the units of games.toml."
                )
        if alone:
            said = ", ".join(alone)
            zh = f"这些参赛没有单位，不计入单位榜：{said}。"
            yield Finding(event, zh, f"These entries have no unit and count for none: {said}.", "warning")


def _partial(table: GamesTable, opened: Sequence[str]) -> Iterator[Finding]:
    if opened:
        said = ", ".join(opened)
        zh = f"榜还不完整，{len(opened)} 个赛项没有最终名次，暂不计入：{said}。"
        en = f"This table is partial: {len(opened)} events have no final standings and count nothing yet: {said}."
        yield Finding(f"table {table.id}", zh, en, "warning")


def _unaddable(table: GamesTable, final: Mapping[str, Result]) -> Iterator[Finding]:
    """Totals of which the lowest is best (times, faults) can't be added to others."""
    for event, result in final.items():
        first = result.rules.keys[0] if result.rules.keys else None
        if table.count == "scores" and first and (first.by, first.best) == ("total", "low"):
            zh = "这个赛项的总分以低为好，不能与其他赛项相加；请让这张榜改用 award_points 或 medals。"
            en = "The lowest total is best here, so it can't be added to others; let the table count award_points or medals."
            yield Finding(f"table {table.id}, event {event}", zh, en)


def check_tables(games: GamesFile, rules: Mapping[str, Rules]) -> Iterator[Finding]:
    """What the games' tables and the rules of their events don't say alike; rules by job type, as many as are known."""
    for table in games.tables:
        yield from _unmatched(table, rules)


def _unmatched(table: GamesTable, rules: Mapping[str, Rules]) -> Iterator[Finding]:
    """Awards that the table and the events' rules don't both have: often a misspelling, never a silent zero."""
    given = dict.fromkeys(award.id for each in rules.values() for award in each.awards)
    for award in table.awards:
        if rules and award != PASSED and award not in given:
            zh, en = f"没有赛项设奖项 {award}，请核对拼写。", f"No event gives an award {award}; check its spelling."
            yield Finding(f"table {table.id}", zh, en, "warning")
    for award in given:
        if table.count == "award_points" and award not in table.points:
            zh = f"奖项 {award} 没有写分值，不计分；若本来如此，请写 {award} = 0。"
            en = f"The award {award} has no points here and counts nothing; if that is meant, write {award} = 0."
            yield Finding(f"table {table.id}", zh, en, "warning")
    silent = [event for event, each in rules.items() if each.passed is None]
    if PASSED in table.points and silent:
        said = ", ".join(silent)
        zh = f"这些赛项的规则没有 [pass]，没有人得 {PASSED} 的分：{said}。"
        en = f"The rules of these events have no [pass], so nobody earns the points of {PASSED} there: {said}."
        yield Finding(f"table {table.id}", zh, en, "warning")
