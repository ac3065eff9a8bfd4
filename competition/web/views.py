"""What each page shows, as values: one dataclass a page. Templates see nothing else, so what is not here cannot leak.

Texts are anything `words.pick` takes (a rules Text, {"zh", "en"}). Numbers that were computed are text, as the rules round
them; None is "not there yet", never 0. Codes stand for entries while names are sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from competition import rules
from competition.judging import Sent

Text = Mapping[str, str] | rules.Text
Stage = Literal["setup", "marking", "locked", "decoded", "notice", "final"]
STAGES: tuple[Stage, ...] = ("setup", "marking", "locked", "decoded", "notice", "final")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event in a list. `received` counts signed and locked sheets out of `expected`; `finished` counts entries all of
    whose sheets are signed; `clashes` sheets wait for the chief. `next` names the next step (words `next.*`)."""

    id: str
    name: Text
    chain: str
    stage: Stage
    entries: int
    finished: int
    expected: int
    received: int
    locked: int
    clashes: int
    next: str
    window_closes: str | None = None


@dataclass(frozen=True, slots=True)
class ChainOfEvents:
    """One industry chain and its events that match the filter."""

    id: str
    name: Text
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """Something for this official to do now. `key` names the words `task.<key>`; n and of fill them."""

    key: str
    kind: Literal["danger", "warn", "info", "ok"]
    event: Text
    href: str
    n: int = 0
    of: int = 0
    until: str | None = None


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks of one kind, most urgent kinds first. `folded`: too many to be listed one under the other."""

    key: str
    kind: Literal["danger", "warn", "info", "ok"]
    tasks: tuple[Task, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Home:
    """/desk: today's work of the signed-in official, and the games in five numbers. `not_begun` events wait beyond the list."""

    games: Text
    at: str
    events: int
    marking: int
    received: int
    expected: int
    notices: int
    finals: int
    groups: tuple[TaskGroup, ...]
    not_begun: int


@dataclass(frozen=True, slots=True)
class Events:
    """/desk/events and /: all events by chain, filtered by what the address says."""

    games: Text
    q: str
    chain: str
    stage: str
    chain_choices: tuple[Choice, ...]
    stage_choices: tuple[Stage, ...]
    chains: tuple[ChainOfEvents, ...]
    events: int
    shown: int


@dataclass(frozen=True, slots=True)
class Step:
    """One gate on an event's way from setup to final release: done, now or later."""

    key: str
    state: Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the matrix: a seat marking one sheet of one module, said as its panel and number."""

    seat: Text
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one sheet of one module, side by side."""

    module: Text
    sheet: Text
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One sheet in the matrix. state: none (no sheet is asked for), empty, draft, complete, keyed, signed,
    locked, checked, clash, absent. `flags` counts the items its judge put down as 待定."""

    state: str
    marked: int = 0
    of: int = 0
    flags: int = 0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One entry by code: its sheets, and its status (dns, dnf, dsq, void, withdrawn) or ""."""

    code: str
    status: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One tablet: its seat, when it last spoke, how many marks it still holds unsent.

    `twin`: another live tablet sits in the same seat. `open`: the code of the entry whose sheet is open on it. `battery` in
    percent. `clock`: ("ahead" or "behind", seconds) when it is off by so much that people should know. `behind`: it runs
    another version of the program than is served now. None is "not known".
    """

    id: str
    seat: Text
    judge: str
    last_seen: str | None
    silent: bool
    unsent: int
    revoked: bool
    twin: bool = False
    open: str | None = None
    battery: int | None = None
    clock: tuple[str, int] | None = None
    behind: bool = False


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A judge's request to correct a signed sheet: which items (none: the whole sheet), why, since when. No value."""

    id: str
    sheet: str
    code: str
    title: Text
    seat: Text
    state: str
    items: tuple[tuple[str, Text], ...]
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class OpenCorrection:
    """A correction that the chief has opened, and until when."""

    sheet: str
    code: str
    title: Text
    seat: Text
    until: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sheet with clashing or late marks that the chief decides on the entry's page: the items, and how many. No value."""

    kind: Literal["clash", "late"]
    sheet: str
    code: str
    title: Text
    seat: Text
    items: tuple[Text, ...]
    n: int


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """Seats far apart for one entry: on which item (None: the whole sheet), by how much, which seats to look at.

    values: (seat, mark or total) once every sheet compared is locked, else None. asked: judges were asked to look again.
    """

    id: str
    seen: str
    code: str
    title: Text
    item: Text | None
    gap: str
    limit: str
    seats: tuple[tuple[str, Text, bool], ...]
    values: tuple[tuple[Text, str], ...] | None
    asked: str | None


@dataclass(frozen=True, slots=True)
class StandingLine:
    """One entry's standing by code (name and unit only after decoding). Numbers are text, computed by scoring alone."""

    code: str
    rank: int | None
    tied: bool
    status: str
    total: str | None
    parts: tuple[str | None, ...]
    missing: int
    decided_by: Text | None
    award: Text | None
    name: str | None = None
    unit: str | None = None
    appealed: bool = False


@dataclass(frozen=True, slots=True)
class EventLive:
    """The part of an event's page that follows the marks. `standings` is None for officials who may not see totals yet, `requests` for
    those who neither answer nor witness them. `strip`: judges see their own earlier marks; `minutes`: how long a correction is open
    unless the chief says otherwise; `slots`: of modules whose slots are opened live, those open, and how many wait and are closed."""

    id: str
    at: str
    received: int
    expected: int
    locked: int
    clashes: int
    finished: int
    entries: int
    groups: tuple[Group, ...]
    rows: tuple[MatrixRow, ...]
    devices: tuple[DeviceLine, ...]
    part_names: tuple[Text, ...]
    standings: tuple[StandingLine, ...] | None
    sealed: bool
    findings: tuple[Text, ...] = ()
    requests: tuple[RequestLine, ...] | None = None
    corrections: tuple[OpenCorrection, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    spreads: tuple[SpreadLine, ...] = ()
    messages: tuple[Sent, ...] = ()
    slots: tuple[tuple[Text, tuple[int, ...], int, int], ...] = ()
    strip: bool = True
    minutes: int = 15
    may: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EventPage:
    """/desk/events/{id}. `primary` is the one next step open to this official (key of `do.*`, address), or None."""

    id: str
    name: Text
    chain: Text
    edition: str
    template: bool
    stage: Stage
    steps: tuple[Step, ...]
    primary: tuple[str, str] | None
    may: frozenset[str]
    sealed: bool
    live: EventLive
    notices: tuple[Text, ...] = field(default=())
