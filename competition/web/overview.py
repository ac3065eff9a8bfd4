"""All events at a glance: how far each one is and what comes next. Counts are kept in memory until the event changes."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from competition import judging, store
from competition.judging.rulings import rulings_waiting
from competition.judging.watch import due
from competition.web.views import ChainOfEvents, Choice, EventLine, Events, Stage, Text

RECEIVED = frozenset({"signed", "locked", "checked"})
CLOSED = frozenset({"locked", "checked"})


@dataclass(frozen=True, slots=True)
class Tally:
    """One event in counts, and whether what it published still stands.

    Entries that do not compete (absent, withdrawn …) are in neither `entries` nor `expected`. `asked` and `late` count requests to correct
    and late marks that wait for the chief, of all sheets. `due`: when each sheet that is still open should have been there, earliest first.
    `correcting`: corrections of locked marks and rulings that wait for a second person. `moved`: the standings are no longer those the
    public sees; `unnoticed`: nor those of the newest notice.
    """

    entries: int
    finished: int
    expected: int
    received: int
    locked: int
    clashes: int
    started: bool
    asked: int = 0
    late: int = 0
    due: tuple[str, ...] = ()
    correcting: int = 0
    moved: bool = False
    unnoticed: bool = False


class Tallies:
    """The tallies of all events, each counted once per change. `drop` is called by the writer after each commit."""

    def __init__(self) -> None:
        self._kept: dict[str, Tally] = {}
        self._changes: dict[str, int] = {}
        self._lock = threading.Lock()

    def drop(self, events: set[str]) -> None:
        """These events have changed: count them again when asked."""
        with self._lock:
            for event in events:
                self._changes[event] = self._changes.get(event, 0) + 1
                self._kept.pop(event, None)

    def of(self, conn: sa.Connection, event: str) -> Tally:
        """The tally of one event, read on `conn` unless it is still good."""
        with self._lock:
            if event in self._kept:
                return self._kept[event]
            before = self._changes.get(event, 0)
        tally = count(judging.progress(conn, event), judging.entries(conn, event))
        asked = tally.correcting + rulings_waiting(conn, event)
        moved, unnoticed = judging.moved_on(conn, event)
        tally = replace(tally, due=due(conn, event), correcting=asked, moved=moved, unnoticed=unnoticed)
        with self._lock:
            if self._changes.get(event, 0) == before:  # a commit meanwhile: `conn` may not have seen it
                self._kept[event] = tally
        return tally


def count(sheets: Iterable[judging.Progress], entries: Iterable[judging.EntryLine]) -> Tally:
    """Counts of one event's sheets."""
    competing = {entry.id for entry in entries if not entry.status}
    everything = list(sheets)
    counted = [sheet for sheet in everything if sheet.entry in competing]
    unfinished = {sheet.entry for sheet in counted if sheet.state not in RECEIVED}
    return Tally(
        entries=len(competing),
        finished=len({sheet.entry for sheet in counted} - unfinished),
        expected=len(counted),
        received=sum(sheet.state in RECEIVED for sheet in counted),
        locked=sum(sheet.state in CLOSED for sheet in counted),
        clashes=sum(bool(sheet.clash) for sheet in counted),
        started=any(sheet.marked for sheet in counted),
        asked=sum(sheet.asked is not None for sheet in everything),
        late=sum(sheet.late for sheet in everything),
        correcting=sum(sheet.correcting for sheet in everything),
    )


def lines(conn: sa.Connection, events: Iterable[judging.EventLine], tallies: Tallies, at: datetime) -> list[EventLine]:
    """Events as lines, in their order."""
    return [line(event, tallies.of(conn, event.id), at) for event in events]


def line(event: judging.EventLine, tally: Tally, at: datetime) -> EventLine:
    """One event as a line."""
    stage = stage_of(event, tally)
    return EventLine(
        id=event.id,
        name={"zh": event.name_zh, "en": event.name_en},
        chain=event.chain_zh or "",
        stage=stage,
        entries=tally.entries,
        finished=tally.finished,
        expected=tally.expected,
        received=tally.received,
        locked=tally.locked,
        clashes=tally.clashes,
        next=_next(stage, tally, event.notice_until, at),
        window_closes=event.notice_until,
    )


def stage_of(event: judging.EventLine, tally: Tally) -> Stage:
    """How far an event has come."""
    if event.final_at:
        return "final"
    if event.notice_until:
        return "notice"
    if event.decoded_at:
        return "decoded"
    if event.locked:
        return "locked"
    return "marking" if tally.started else "setup"


def window_closed(closes: str | None, at: datetime) -> bool:
    """Whether the notice's window is over at `at`."""
    return closes is not None and store.moment(closes) <= at


def filtered(
    conn: sa.Connection, tallies: Tallies, at: datetime, *, q: str, chain: str, stage: str, stages: tuple[Stage, ...]
) -> Events:
    """All events by chain, as the address asks. Unknown filter values mean no filter."""
    known = judging.all_events(conn)
    everything = lines(conn, known, tallies, at)
    names = {one.chain_zh: {"zh": one.chain_zh, "en": one.chain_en or one.chain_zh} for one in known if one.chain_zh}
    chain, stage = chain if chain in names else "", stage if stage in stages else ""
    wanted = [one for one in everything if _matches(one, q.strip().casefold(), chain, stage, stages)]
    groups = [*names, *sorted({one.chain for one in wanted} - names.keys())]
    other = {"zh": "赛项", "en": "Events"} if not names else {"zh": "其他赛项", "en": "Other events"}
    return Events(
        games=games_of(known),
        q=q,
        chain=chain,
        stage=stage,
        chain_choices=tuple(Choice(id, name) for id, name in names.items()),
        stage_choices=stages,
        chains=tuple(
            ChainOfEvents(f"c{n}", names.get(id, other), events)
            for n, id in enumerate(groups)
            if (events := tuple(one for one in wanted if one.chain == id))
        ),
        events=len(everything),
        shown=len(wanted),
    )


def games_of(events: Sequence[judging.EventLine]) -> Text:
    """The name of the games, empty while there is no event."""
    return {"zh": events[0].games_zh, "en": events[0].games_en} if events else {"zh": "", "en": ""}


def _matches(one: EventLine, q: str, chain: str, stage: str, stages: tuple[Stage, ...]) -> bool:
    said = f"{one.name['zh']} {one.name['en']} {one.id}".casefold()
    shown = one.stage if one.stage in stages else "marking"  # the public sees no gate between marking and notice
    return q in said and chain in ("", one.chain) and stage in ("", shown)


def _next(stage: Stage, tally: Tally, closes: str | None, at: datetime) -> str:
    if stage == "marking":
        if tally.clashes:
            return "clash"
        return "lock" if tally.expected and tally.received == tally.expected else "marking"
    if tally.moved and tally.unnoticed:
        return "renotice"
    if stage == "final" and tally.moved:
        return "revise" if window_closed(closes, at) else "waiting"
    if stage == "notice":
        return "final" if window_closed(closes, at) else "waiting"
    return {"setup": "setup", "locked": "decode", "decoded": "notice", "final": "certificates"}[stage]
