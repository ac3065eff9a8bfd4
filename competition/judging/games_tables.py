"""The games' tables as the final releases make them: what they rest on, and the rows they come to.

Only events that were finally released count, each with the result of its newest final release. What the tables rest on (which release
of which event, for which unit each entry counts) is a value of its own, so that a release of the games can be recomputed from it.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select

from competition.errors import Finding
from competition.judging.games_rules import GamesLine
from competition.judging.releases import Release, release_of, still_stands
from competition.judging.standings import standings
from competition.judging.verification import result_at
from competition.rules.games import PASSED, Across, GamesFile, JobType, Named
from competition.rules.model import Text
from competition.scoring import Result
from competition.scoring.result import number_text
from competition.scoring.tables import TableResult, check_units
from competition.scoring.tables import tables as compute
from competition.store import games as programme
from competition.store import head
from competition.store.people import Entry

Basis = Mapping[str, Any]
"""{"chains", "units": ids in order; "events": [{"id", "chain", "release", "document", "entries": {entry: unit}}]}; release is None
for an event that counts nothing yet. Events that nobody entered are not in it."""

KEPT = 256
_lock = Lock()
_results: OrderedDict[tuple[str, str, str], tuple[Result, bool]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Computed:
    """The tables, what they rest on, the events' results behind them, and what was noticed."""

    basis: Basis
    results: Mapping[str, Result]
    tables: tuple[TableResult, ...]
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Events with entries and no final release."""
        return tuple(event["id"] for event in self.basis["events"] if event["release"] is None)


def basis_of(conn: Connection, games: GamesLine) -> Basis:
    """What the tables rest on now."""
    events = select(programme.Event.id, programme.JobType.chain_id).outerjoin(
        programme.JobType, programme.JobType.id == programme.Event.job_type_id
    )
    entered: dict[str, dict[str, str]] = {}
    for row in conn.execute(select(Entry.event_id, Entry.id, Entry.unit_id).order_by(Entry.id)):
        entered.setdefault(row.event_id, {})[row.id] = row.unit_id or ""
    order = events.order_by(programme.JobType.number.is_(None), programme.JobType.number, programme.Event.id)
    found = []
    for id, chain in conn.execute(order.where(programme.Event.games_id == games.id)):
        if id in entered:
            final = release_of(conn, id, "final")
            said = (
                {"release": final.id, "document": final.document_digest}
                if final
                else {"release": None, "document": None}
            )
            found.append({"id": id, "chain": chain or "", **said, "entries": entered[id]})
    return {"chains": _ids(conn, programme.Chain), "units": _ids(conn, programme.Unit), "events": found}


def computed(conn: Connection, games: GamesLine, across: Across) -> Computed:
    """The tables as they would be released now."""
    basis = basis_of(conn, games)
    results = {}
    for event in basis["events"]:
        final = release_of(conn, event["id"], "final")
        if final is not None:
            results[event["id"]] = final_result(conn, final)
    return compute_on(basis, across, results)


def compute_on(basis: Basis, across: Across, results: Mapping[str, Result]) -> Computed:
    """The tables on a basis; results by event, of those that have a release in it."""
    file = GamesFile(
        "games", Text("", ""), 0, "", False, _named(basis["chains"]), _named(basis["units"]),
        tuple(JobType(event["id"], n, Text("", ""), event["chain"], "") for n, event in enumerate(basis["events"], 1)),
        across.tables,
    )  # fmt: skip
    units = {(event["id"], entry): unit for event in basis["events"] for entry, unit in event["entries"].items()}
    by_unit = any(table.per == "unit" for table in across.tables)
    return Computed(
        basis, results, compute(file, results, units), tuple(check_units(file, results, units)) if by_unit else ()
    )


def final_result(conn: Connection, release: Release) -> Result:
    """The result behind a final release: the present one while the release still stands, else the marks as they were then."""
    return _behind(conn, release)[0]


def outdated(conn: Connection, release: Release) -> bool:
    """Whether the event's standings have moved on since its release."""
    return not _behind(conn, release)[1]


def _behind(conn: Connection, release: Release) -> tuple[Result, bool]:
    """The result of a release, and whether it is the present one too; kept until the event's chain moves on."""
    key = release.id, release.document_digest, head(conn, release.event_id).hash
    with _lock:
        if key in _results:
            _results.move_to_end(key)
            return _results[key]
    stands = still_stands(conn, release)
    found = (standings(conn, release.event_id) if stands else result_at(conn, release)), stands
    with _lock:
        _results[key] = found
        while len(_results) > KEPT:
            _results.popitem(last=False)
    return found


def frozen_rows(of: Computed) -> dict[str, Any]:
    """The rows that a release of the games freezes: ids and numbers only."""
    return {
        "tables": [_table(one, of.results) for one in of.tables],
        "events": [_event(event, of.results.get(event["id"])) for event in of.basis["events"]],
    }


def frozen_names(conn: Connection, games: GamesLine) -> dict[str, Any]:
    """What units, chains and events are called, by id."""
    called = {
        what: {row.id: {"zh": row.name_zh, "en": row.name_en} for row in conn.execute(select(table).order_by(table.id))}
        for what, table in (("units", programme.Unit), ("chains", programme.Chain), ("events", programme.Event))
    }
    return {"games": {"zh": games.name_zh, "en": games.name_en}, "host": games.host, **called}


def _table(one: TableResult, results: Mapping[str, Result]) -> dict[str, Any]:
    table = one.table
    return {
        "id": table.id, "name": _both(table.name), "per": table.per, "count": table.count, "sum": table.sum,
        "average": table.average, "least": table.least,
        "awards": [{"id": award, "name": _award_name(award, results)} for award in table.awards],
        "open": list(one.open),
        "rows": [
            {
                "who": row.who, "rank": row.rank, "tied": row.tied, "decided_by": row.decided_by,
                "sum": row.sum_text if table.sum else None, "average": row.average_text if table.average else None,
                "awards": dict(row.awards), "entries": row.entries, "events": row.events, "short": list(row.short),
                "by_event": {event: number_text(n) for event, n in row.by_event.items()}, "open": list(row.open),
            }
            for row in one.rows
        ],
    }  # fmt: skip


def _event(event: Mapping[str, Any], result: Result | None) -> dict[str, Any]:
    """An event in the summary: how many entered, were ranked, and earned which award; None where it isn't final."""
    said = {"id": event["id"], "chain": event["chain"], "document": event["document"], "entries": len(event["entries"])}
    if result is None:
        return {**said, "ranked": None, "awards": []}
    awards = [
        {"id": award.id, "name": _both(award.name), "n": sum(one.award == award.id for one in result.standings)}
        for award in result.rules.awards
    ]
    return {**said, "ranked": sum(one.rank is not None for one in result.standings), "awards": awards}


def _award_name(award: str, results: Mapping[str, Result]) -> dict[str, str] | None:
    """What the events call an award, its id where none of them gives it; None for passing without one."""
    if award == PASSED:
        return None
    names = (_both(one.name) for each in results.values() for one in each.rules.awards if one.id == award)
    return next(names, {"zh": award, "en": award})


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _ids(conn: Connection, table: Any) -> list[str]:
    return list(conn.scalars(select(table.id).order_by(table.id)))


def _named(ids: Sequence[str]) -> tuple[Named, ...]:
    return tuple(Named(id, Text(id, id), id) for id in ids)
