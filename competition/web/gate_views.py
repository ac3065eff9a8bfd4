"""What the gates and the seats show, as values: one dataclass a page."""

from dataclasses import dataclass

from competition.web.views import DeviceLine, Text


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a gate stays shut: what, and where to go to clear it."""

    text: Text
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate in the organiser's list."""

    number: str
    code: str
    name: str
    unit: str
    award: Text
    status: str
    awarded: bool


@dataclass(frozen=True, slots=True)
class MovedLine:
    """Somebody whose place, total or award a revision changes; a status stands where there is no place."""

    name: str
    before: tuple[str, str | None, Text | None]
    after: tuple[str, str | None, Text | None]


@dataclass(frozen=True, slots=True)
class Gate:
    """A page with one act behind conditions: lock, decode, notice, final, certificates. Facts are (words `fact.*`, value).

    undo: how many sheets taking the lock back would leave signed, and how many open.
    kinds, units: of certificates that can be issued, and who took part (id, name).
    pack: the kind of the release whose pack can be had here, "" for none.
    """

    id: str
    name: Text
    blockers: tuple[Blocker, ...]
    facts: tuple[tuple[str, str], ...] = ()
    may: frozenset[str] = frozenset()
    undo: tuple[int, int] | None = None
    closes: str = ""
    earliest: str = ""
    revision: int = 0
    issuer: str = ""
    sample: bool = True
    certificates: tuple[Issued, ...] = ()
    kinds: tuple[str, ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    pack: str = ""
    moved: tuple[MovedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat: its judge, its tablets that may still write (`twins` of them heard of just now, if several), and whether the
    chief marked it absent."""

    label: str
    said: Text
    judge: str | None
    trainee: bool
    devices: tuple[DeviceLine, ...]
    absent: bool
    twins: int = 0


@dataclass(frozen=True, slots=True)
class Seats:
    """/desk/events/{id}/seats. two: an absence takes two people by now."""

    id: str
    name: Text
    seats: tuple[SeatLine, ...]
    may: frozenset[str]
    two: bool


@dataclass(frozen=True, slots=True)
class SeatCard:
    """One seat's card, shown once. `qr` is the address of its image; `pin` None when the judge keeps the old one."""

    seat: Text
    judge: str | None
    address: str
    pin: str | None
    qr: str


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards just made. `plain` when the address on them works on this computer only; `replaced` are the tablets that
    the card revoked, as they were last heard of."""

    id: str
    name: Text
    games: Text
    cards: tuple[SeatCard, ...]
    base: str
    plain: bool
    replaced: tuple[DeviceLine, ...] = ()
    may: frozenset[str] = frozenset()
