"""Nomination lists (称号推荐名单): who the games' rules put forward for a title, from final releases alone, for the organiser's desk.

Names and units are those of the release, one line a person; what nobody can tell from the marks is said beside the name. No identity
number is on the list: whoever grants a title asks for papers of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from competition.errors import Conflict, NotFound
from competition.judging.games_rules import games_rules, the_games
from competition.judging.games_tables import Computed, computed
from competition.judging.officials import Official, permit
from competition.judging.releases import release_of
from competition.rules.titles import Title
from competition.scoring.titles import PASS, Entrant, nominees
from competition.store.games import Event
from competition.store.people import Entry, EntryMember


@dataclass(frozen=True, slots=True)
class NominationLine:
    """One person put forward. open: conditions to be looked into (zh); revision: of the event's final release it rests on."""

    event: str
    event_name: Mapping[str, str]
    rank: int | None
    tied: bool
    name: str
    team: str | None
    unit: str
    total: str
    award: str
    open: tuple[str, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class Nominations:
    """The list of one title; missing: events without a final release, which may add to it."""

    title: Title
    lines: tuple[NominationLine, ...]
    events: int
    missing: tuple[str, ...]


def nominations(conn: Connection, title_id: str, by: Official) -> Nominations:
    """The list of a title as the final releases make it now. NotFound for a title that the games' rules don't have."""
    permit(conn, by, "titles", None)
    games = the_games(conn)
    filed = games_rules(conn, games.id)
    if filed is None:
        raise Conflict("还没有采用总榜规则。请先采用。", "No rules of the games are filed. File them first.")
    title = next((one for one in filed.across.titles if one.id == title_id), None)
    if title is None:
        raise NotFound("没有这个称号的推荐名单。", "There is no list for such a title.")
    now = computed(conn, games, filed.across)
    return Nominations(title, tuple(_lines(conn, title, now)), len(now.results), now.missing)


def _lines(conn: Connection, title: Title, now: Computed) -> list[NominationLine]:
    jobs = {row.id: row.job_type_id for row in conn.execute(select(Event.id, Event.job_type_id))}
    names = {row.id: {"zh": row.name_zh, "en": row.name_en} for row in conn.execute(select(Event))}
    found = []
    released = {id: release for id in now.results if (release := release_of(conn, id, "final")) is not None}
    rows = {id: {row.entry: row for row in release.rows} for id, release in released.items()}
    for one in nominees([title], now.results, {id: _entrants(conn, id) for id in now.results}, jobs):
        row, rules = rows[one.event][one.entry], now.results[one.event].rules
        called = {attribute.id: attribute.name.zh for attribute in rules.attributes}
        unclear = tuple("是否合格" if name == PASS else called.get(name, name) for name in one.open)
        found += [
            NominationLine(
                one.event, names[one.event], one.rank, one.tied, person, row.team, row.unit or "", row.total or "",
                row.award_name["zh"] if row.award_name else "", unclear, released[one.event].revision,
            )
            for person in row.names or ("—",)
        ]  # fmt: skip
    return found


def _entrants(conn: Connection, event_id: str) -> dict[str, Entrant]:
    people = select(EntryMember.entry_id, func.count().label("people")).group_by(EntryMember.entry_id).subquery()
    query = (
        select(Entry.id, Entry.attributes, people.c.people)
        .outerjoin(people, people.c.entry_id == Entry.id)
        .where(Entry.event_id == event_id)
    )
    return {id: Entrant(count or 1, json.loads(attributes)) for id, attributes, count in conn.execute(query)}
