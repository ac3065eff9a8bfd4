"""What an event still needs before its judges can start: one calculation for the tree of the games, the page on which
an event is set up, and the act that lays out its sheets."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, func, select

from competition.judging.interests import undecided
from competition.rules.model import Rules
from competition.store import thawed
from competition.store.devices import Device
from competition.store.games import Event, SampleKey, Seat, Slot
from competition.store.people import Entry
from competition.store.sheets import Sheet

NEEDS = ("rules", "entries", "slots", "seats", "interests", "keys", "codes", "sheets", "tablets")
"""What an event is set up with, in the order in which it is done."""

ADVISED = frozenset({"rules", "slots", "tablets"})
"""Judges can start without: a template of the house counts as rules, a sheet without a slot is open at once, and tablets
join on the day."""

OFF_TABLET = ("clerk", "import")
"""Kinds of panel whose marks come from paper or a file."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing an event is set up with. `have` of `of`; with `of` 0 it isn't asked for."""

    key: str
    have: int
    of: int

    @property
    def met(self) -> bool:
        return self.have >= self.of

    @property
    def blocks(self) -> bool:
        """Judges can't start without it."""
        return not self.met and self.key not in ADVISED


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of an event. places: module -> slots times stations; seats: panel -> (all, seated, with a tablet);
    undecided: a judge of an entry's own unit about whom the encryptor has said nothing; how many is the encryptor's to know."""

    drawn: bool = False
    entries: int = 0
    sheets: int = 0
    places: Mapping[str, int] = field(default_factory=dict)
    seats: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    keys: frozenset[tuple[str, str]] = frozenset()
    undecided: bool = False


def needs(rules: Rules, found: Found) -> tuple[Need, ...]:
    """Each need with how far it is met, in the order of NEEDS."""
    panels = {panel.id for panel in rules.panels if panel.kind not in OFF_TABLET}
    seats = [found.seats.get(panel, (0, 0, 0)) for panel in sorted(panels)]
    keyed = sealed_sheets(rules)
    timed = [module.id for module in rules.modules if any(sheet.panel.kind != "import" for sheet in module.sheets)]
    expected = sum(found.entries * found.seats.get(sheet.panel.id, (0, 0, 0))[0] for sheet in rules.sheets)
    wanted = sum(each for each, _, _ in seats)
    numbers = {
        "rules": (0 if rules.template else 1, 1),
        "entries": (min(found.entries, 1), 1),
        "slots": (sum(found.places.get(module, 0) >= max(found.entries, 1) for module in timed), len(timed)),
        "seats": (sum(seated for _, seated, _ in seats), wanted),
        "interests": (0 if found.undecided else 1, 1),
        "keys": (len(keyed & found.keys), len(keyed)),
        "codes": (int(found.drawn), 1),
        "sheets": (min(found.sheets, expected), max(expected, 1)),
        "tablets": (sum(tablets for _, _, tablets in seats), wanted),
    }
    return tuple(Need(key, *numbers[key]) for key in NEEDS)


def ready(all_needs: Iterable[Need]) -> bool:
    """Whether judges can start."""
    return not any(need.blocks for need in all_needs)


def sealed_sheets(rules: Rules) -> frozenset[tuple[str, str]]:
    """(module, sheet) of the sheets that are compared with a sealed key or experts' marks."""
    return frozenset(
        (sheet.module, sheet.id) for sheet in rules.sheets if any(item.answered or item.expert for item in sheet.items)
    )


def readiness(conn: Connection, event_id: str | None = None) -> dict[str, tuple[Need, ...]]:
    """The needs of one event, or of all."""
    return {event: needs(thawed(conn, event), found) for event, found in _found(conn, event_id).items()}


def _found(conn: Connection, event_id: str | None) -> dict[str, Found]:
    def rows(query: Select[*tuple[Any, ...]], of: Any) -> Iterable[Any]:
        return conn.execute(query if event_id is None else query.where(of == event_id))

    drawn = {row.id: row.drawn_at is not None for row in rows(select(Event.id, Event.drawn_at), Event.id)}
    entries = _counted(rows(select(Entry.event_id, func.count()).group_by(Entry.event_id), Entry.event_id))
    sheets = _counted(rows(select(Sheet.event_id, func.count()).group_by(Sheet.event_id), Sheet.event_id))
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for event, module in rows(select(Slot.event_id, Slot.module), Slot.event_id):
        places[event][module] += 1
    keys = defaultdict(set)
    query = select(SampleKey.event_id, SampleKey.module, SampleKey.sheet).where(SampleKey.replaced_at.is_(None))
    for event, module, sheet in rows(query, SampleKey.event_id):
        keys[event].add((module, sheet))
    live = set(conn.scalars(select(Device.seat_id).where(Device.revoked_at.is_(None))))
    seats: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for seat in rows(select(Seat).where(Seat.trainee.is_(False)), Seat.event_id):
        known = seats[seat.event_id].get(seat.panel, (0, 0, 0))
        more = (1, int(seat.official_id is not None), int(seat.id in live))
        seats[seat.event_id][seat.panel] = (known[0] + more[0], known[1] + more[1], known[2] + more[2])
    open_interests = undecided(conn, event_id)
    return {
        id: Found(
            is_drawn,
            entries.get(id, 0),
            sheets.get(id, 0),
            places[id],
            seats[id],
            frozenset(keys[id]),
            id in open_interests,
        )
        for id, is_drawn in drawn.items()
    }


def _counted(rows: Iterable[Any]) -> dict[str, int]:
    return {event: number for event, number in rows}
