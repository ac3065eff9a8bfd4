"""Which design an event's certificates are printed on: the organiser's last choice, else the rule file's, else the kind's own."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from competition.errors import Conflict, NotFound
from competition.judging.acts import note
from competition.judging.certificates import AS_A_WHOLE
from competition.judging.officials import Official, permit
from competition.publish.design import Design, designs
from competition.store import thawed
from competition.store.games import Event, Games, JobType, Unit
from competition.store.ledger import Ledger
from competition.store.people import Entry, EntryMember, Person

CHOSEN = "design-chosen"


@dataclass(frozen=True, slots=True)
class Bearers:
    """What an event would print: its own words, its longest award, and whom a kind of certificate can name there.

    bearers: (name, unit, members), in the order of names: no order that could tell a code.
    """

    games: str
    event: str
    host: str
    job: int
    award: str
    bearers: tuple[tuple[str, str, tuple[str, ...]], ...]


def designs_for(conn: Connection, event_id: str, folder: Path, kind: str) -> dict[str, Design]:
    """The designs in `folder` that certify what `kind` says, the event's games' own before everyone's, by name."""
    games = conn.scalar(select(Event.games_id).where(Event.id == event_id)) or ""
    return {name: one for name, one in designs(folder, games).items() if one.kind == kind}


def design_of(conn: Connection, event_id: str, folder: Path, kind: str = "award") -> Design:
    """The design that is in force. NotFound when the one that was chosen or named is not there any more."""
    known = designs_for(conn, event_id, folder, kind)
    name = _chosen(conn, event_id, kind) or (thawed(conn, event_id).design if kind == "award" else "") or kind
    if name not in known:
        raise NotFound(
            f"没有证书设计 {name}（选定或规则文件写明的）：请放回文件夹，或另选一个。",
            f"There is no design {name}, which was chosen or which the rule file names: put it back or choose another.",
        )
    return known[name]


def choose_design(
    conn: Connection, event_id: str, by: Official, at: datetime, kind: str, name: str, folder: Path
) -> None:
    """Remember a design for the event's certificates of one kind. What was printed before stays as it is."""
    permit(conn, by, "design", event_id)
    if name not in designs_for(conn, event_id, folder, kind):
        raise NotFound(
            f"没有可用的设计 {name}，请从列表中选择。", f"There is no design {name} for these: choose one of the list."
        )
    if name == _chosen(conn, event_id, kind):
        raise Conflict("已经选定这个设计。", "This design is chosen already.")
    note(conn, event_id, CHOSEN, by, at, of=kind, design=name)


def bearers_of(conn: Connection, event_id: str, kind: str) -> Bearers:
    """Whom certificates of this kind could name in an event. Names are sealed with codes, not with the register: organisers see it."""
    event = conn.execute(
        select(Event.name_zh, Games.name_zh.label("games"), Games.host, JobType.number)
        .join(Games, Games.id == Event.games_id)
        .outerjoin(JobType, JobType.id == Event.job_type_id)
        .where(Event.id == event_id)
    ).one()
    awards = [one.name.zh for one in thawed(conn, event_id).awards]
    award = AS_A_WHOLE[kind]["zh"] if kind in AS_A_WHOLE else max(awards, key=len, default="")
    named = tuple(sorted(set(_bearers(conn, event_id, kind))))
    return Bearers(event.games, event.name_zh, event.host, event.number or 0, award, named)


def _bearers(conn: Connection, event_id: str, kind: str) -> list[tuple[str, str, tuple[str, ...]]]:
    query = (
        select(Entry.id, Entry.team, Person.name, Unit.name_zh.label("unit"))
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(Entry.event_id == event_id, Person.name.is_not(None))
        .order_by(Entry.id, EntryMember.position)
    )
    rows = conn.execute(query).all()
    if kind == "organising_unit":
        return [(row.unit, "", ()) for row in rows if row.unit]
    if kind != "team":
        return [(row.name, row.unit or "", ()) for row in rows]
    teams: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for row in rows:
        _, _, before = teams.get(row.id, ("", "", ()))
        names = (*before, row.name)
        teams[row.id] = (row.team or "、".join(names), row.unit or "", names)
    return [one for one in teams.values() if len(one[2]) > 1]


def _chosen(conn: Connection, event_id: str, kind: str) -> str:
    """What was chosen last for this kind; "" if nothing ever was."""
    query = select(Ledger.body).where(Ledger.event_id == event_id, Ledger.kind == CHOSEN).order_by(Ledger.seq.desc())
    bodies = (json.loads(body) for body in conn.scalars(query))
    return next((body["design"] for body in bodies if body["of"] == kind), "")
