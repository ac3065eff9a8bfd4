"""What the intake pages show, as values. Identity numbers and telephones come covered but for their last four."""

from collections.abc import Mapping
from dataclasses import dataclass

from competition.judging.intake import IntakeLine
from competition.registers import Fault
from competition.web.views import Text

PAGE = 100
"""Rows on one page: 4,000 would be eight megabytes of HTML."""
SHOWS = ("faults", "changed", "new", "gone", "same")


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """One register on the first page: how many rows are on record."""

    id: str
    name: Text
    count: int


@dataclass(frozen=True, slots=True)
class IntakeHome:
    """The first page: what is on record, what was imported lately, and `games`, the games all this belongs to (None: none yet)."""

    games: Text | None
    registers: tuple[RegisterCount, ...]
    imports: tuple[IntakeLine, ...]
    names: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class CountLine:
    """One register of the file: how many rows of each change."""

    id: str
    name: Text
    sheet: str
    counts: Mapping[str, int]
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class CellChange:
    """A field before and after; equal when nothing changes."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One row: its line in the file (0: it is not there) and its fields."""

    line: int
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Pager:
    """Which page of how many, and of how many rows."""

    page: int
    pages: int
    rows: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A file as it was checked. `digest` is what a confirmation confirms."""

    id: str
    file_name: str
    digest: str
    counts: tuple[CountLine, ...]
    errors: int
    warnings: int
    faulty_rows: int
    mended: int
    show: str
    register: str
    faults: tuple[Fault, ...]
    columns: tuple[Text, ...]
    lines: tuple[DiffLine, ...]
    pager: Pager

    def total(self, change: str) -> int:
        """Rows of all registers with this change."""
        return sum(line.counts[change] for line in self.counts)

    @property
    def does_something(self) -> bool:
        """Whether confirming would write or remove anything."""
        return any(self.total(change) for change in ("new", "changed", "gone"))
