"""What each page shows, as values: one dataclass a page. Templates see nothing else, so what is not here cannot leak.

Texts are anything `words.pick` takes (a rules Text, {"zh", "en"}). Numbers that were computed are text, as the rules round
them; None is "not there yet", never 0. Codes stand for entries while names are sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Text = Mapping[str, str]
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
class Home:
    """/desk: today's work of the signed-in official, and the games in five numbers."""

    games: str
    at: str
    events: int
    marking: int
    received: int
    expected: int
    notices: int
    finals: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Events:
    """/desk/events and /: all events by chain, filtered by what the address says."""

    games: str
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
class Blocker:
    """Why a gate stays shut: what, and where to go to clear it."""

    text: Text
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the matrix: a seat marking one sheet of one module."""

    seat: str
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one sheet of one module, side by side."""

    module: Text
    sheet: Text
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One sheet in the matrix. state: none (no sheet is asked for), empty, draft, complete, signed, locked, checked, clash, absent."""

    state: str
    marked: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One entry by code: its sheets, and its status (dns, dnf, dsq, void, withdrawn) or ""."""

    code: str
    status: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One tablet: its seat, when it last spoke, how many marks it still holds unsent."""

    id: str
    seat: str
    judge: str
    last_seen: str | None
    silent: bool
    unsent: int
    revoked: bool


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


@dataclass(frozen=True, slots=True)
class EventLive:
    """The part of an event's page that follows the marks. `standings` is None for officials who may not see totals yet."""

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


@dataclass(frozen=True, slots=True)
class Gate:
    """A page with one act behind conditions: lock, decode, notice, final, certificates."""

    id: str
    name: Text
    blockers: tuple[Blocker, ...]
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One line of a public result. name and unit are None where the public may not see them."""

    rank: int | None
    tied: bool
    name: str | None
    unit: str | None
    code: str | None
    status: str
    total: str | None
    award: Text | None


@dataclass(frozen=True, slots=True)
class PublicResult:
    """/results/{event}: progress only, a notice, or a final release; `revision` counts final releases."""

    id: str
    name: Text
    chain: Text
    games: str
    kind: Literal["progress", "notice", "final"]
    finished: int
    entries: int
    revision: int
    at: str | None
    window_closes: str | None
    phone: str
    note: str
    rows: tuple[PublicRow, ...]
    hidden: int
    q: str = ""


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """/c/{code}. status: valid, reissued, corrected, revoked, unknown, sample. name is masked until `matched`."""

    code: str
    status: str
    name: str = ""
    matched: bool | None = None
    issuers: tuple[str, ...] = ()
    games: str = ""
    event: Text | None = None
    award: Text | None = None
    number: str = ""
    issued_on: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One row of the big screen."""

    rank: int | None
    code: str
    name: str | None
    unit: str | None
    total: str | None
    award: Text | None
    status: str
    marked: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """/board/{event}: progress by codes before the notice, the ranking after. `pages` hold eight to ten rows each."""

    id: str
    name: Text
    games: str
    mode: Literal["progress", "ranking"]
    final: bool
    finished: int
    entries: int
    pages: tuple[tuple[BoardRow, ...], ...]
