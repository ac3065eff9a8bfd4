"""A new games from last year's (沿用上届): chains, units, job types, events with their rules, stations and slots. Nobody and no mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from competition.errors import Conflict, MarkError, NotFound
from competition.judging.acts import RngBytes
from competition.judging.games_rules import file_games_rules, rules_text
from competition.judging.officials import Official
from competition.judging.setup import Name, add_chain, add_games, add_job_type, add_slot, add_unit, open_event
from competition.judging.slots import LONGEST_NAME, describe_event
from competition.rules.model import Rules
from competition.store import thawed
from competition.store.games import Chain, Event, Games, JobType, Slot, Unit


@dataclass(frozen=True, slots=True)
class EventCopied:
    """One event: its rules as they were in force, its names, its venue, and (module, slot, station) of its places, without times."""

    id: str
    name: Name
    venue: str
    rules: Rules
    places: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """What one games hands on to the next. chains, units: (id, name); jobs: (id, number, name, chain id). tables: the text of the
    games' own rules, "" where none are filed."""

    name: Name
    host: str
    year: int
    chains: tuple[tuple[str, Name], ...]
    units: tuple[tuple[str, Name], ...]
    jobs: tuple[tuple[str, int, Name, str | None], ...]
    events: tuple[EventCopied, ...]
    tables: str = ""


def programme_of(conn: Connection) -> Programme:
    """The programme on record. NotFound when there is no games."""
    games = conn.execute(select(Games).order_by(Games.year.desc())).first()
    if games is None:
        raise NotFound("上届的数据里没有运动会。", "There is no games in last year's data.")
    return Programme(
        (games.name_zh, games.name_en),
        games.host,
        games.year,
        tuple((row.id, (row.name_zh, row.name_en)) for row in conn.execute(select(Chain).order_by(Chain.id))),
        tuple((row.id, (row.name_zh, row.name_en)) for row in conn.execute(select(Unit).order_by(Unit.id))),
        tuple(
            (row.id, row.number, (row.name_zh, row.name_en), row.chain_id)
            for row in conn.execute(select(JobType).order_by(JobType.number))
        ),
        tuple(
            EventCopied(row.id, (row.name_zh, row.name_en), row.venue, thawed(conn, row.id), _places(conn, row.id))
            for row in conn.execute(select(Event).order_by(Event.id))
        ),
        rules_text(conn),
    )


def take_over(
    conn: Connection, old: Programme, id: str, name: Name, host: str, year: int, by: Official, at: datetime,
    rng_bytes: RngBytes,
) -> None:  # fmt: skip
    """Start a games with an old programme. Conflict when this store has one already: two games never share a file."""
    if conn.execute(select(Games.id)).first() is not None:
        raise Conflict(
            "这里已经有运动会。沿用上届只用于新的数据目录。",
            "There is a games here already. Take over into a new folder.",
        )
    names_fit(old)
    add_games(conn, id, name, host, year, by, at)
    for chain, said in old.chains:
        add_chain(conn, chain, id, said, by, at)
    for unit, said in old.units:
        add_unit(conn, unit, id, said, by, at)
    for job, number, said, in_chain in old.jobs:
        add_job_type(conn, job, number, said, in_chain, by, at)
    for event in old.events:
        open_event(conn, event.id, id, event.rules, by, at, rng_bytes)
        if event.venue or event.name != (event.rules.name.zh, event.rules.name.en):
            zh, en = event.name
            describe_event(conn, event.id, zh, en or zh, by, at, event.venue)
        for module, n, station in event.places:
            add_slot(conn, event.id, module, n, station, None, by, at, rng_bytes)
    if old.tables:
        file_games_rules(conn, old.tables, by, at)


def names_fit(old: Programme) -> None:
    """MarkError naming every event whose name, or venue, is one that nobody could have entered here (an old file, an old rule file)."""
    wrong = [
        f"{event.name[0] or event.name[1] or event.id}（{event.id}）"
        for event in old.events
        if not event.name[0].strip() or max(len(text) for text in (*event.name, event.venue)) > LONGEST_NAME
    ]
    if wrong:
        shown = "；".join(wrong[:20]) + ("…" if len(wrong) > 20 else "")
        raise MarkError(
            f"这些赛项没有中文名称，或名称、赛场超过 {LONGEST_NAME} 个字：{shown}。请在上届的赛项设置里改好再沿用。",
            f"These events have no Chinese name, or a name or venue over {LONGEST_NAME} characters: {shown}. "
            "Mend them in last year's setup, then take over.",
        )


def counts(old: Programme) -> Sequence[tuple[Name, int]]:
    """What comes along, in numbers."""
    return (
        (("产业链", "chains"), len(old.chains)),
        (("单位", "units"), len(old.units)),
        (("工种", "job types"), len(old.jobs)),
        (("赛项及规则", "events with their rules"), len(old.events)),
        (("场次工位（不含时间）", "slots and stations, without times"), sum(len(one.places) for one in old.events)),
    )


def _places(conn: Connection, event_id: str) -> tuple[tuple[str, int, str], ...]:
    rows = conn.execute(select(Slot).where(Slot.event_id == event_id).order_by(Slot.module, Slot.n, Slot.station))
    return tuple((row.module, row.n, row.station) for row in rows)
