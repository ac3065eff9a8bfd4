"""What the pages of one entry show, as values: its sheets, and how its result was computed."""

from dataclasses import dataclass

from competition.web.views import Cell, Text


@dataclass(frozen=True, slots=True)
class Clash:
    """An item with rival marks: (mark id, value, when told apart). `rivals` only for the chief, who must choose."""

    item: str
    name: Text
    rivals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LateMark:
    """A mark that came too late and waits for the chief. Its value is not shown."""

    id: str
    name: Text
    at: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sheet of an entry, on the entry's own page."""

    id: str
    title: Text
    seat: Text
    cell: Cell
    clash: tuple[Clash, ...]
    signed_at: str | None
    open: bool = True
    late: tuple[LateMark, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryPage:
    """/desk/events/{id}/entries/{code}: the sheets of one entry and what may be done about them. two: a status takes two people by now."""

    id: str
    name: Text
    code: str
    status: str
    sheets: tuple[SheetLine, ...]
    may: frozenset[str]
    two: bool


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of an explanation: how deep it lies, what it is, its value, how it came about."""

    depth: int
    title: str
    value: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """/desk/events/{id}/explain/{code}: the scoring engine's own words, none while `open` sheets are not locked."""

    id: str
    name: Text
    code: str
    lines: tuple[ExplainedLine, ...] = ()
    open: int = 0
