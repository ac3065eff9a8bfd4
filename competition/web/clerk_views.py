"""What the clerk's pages show, as values: codes, marks this desk keyed, and what is wrong; never a name, a unit or a point."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from competition.web.views import Cell, Text

Change = Literal["new", "changed", "same"]
"""What an import does to a line: records it, corrects it, or nothing."""

Work = Literal["key", "check", "settle", "others", "tablet", "clash", "done"]
"""What a sheet waits for, as one clerk sees it: keying, this clerk's check, this clerk's word on differences, another
clerk's check, the judge's signature on the tablet, the chief's decision, nothing."""

Mode = Literal["key", "again", "compare", "settle", "read"]
"""How a sheet's page is used: keyed, keyed a second time blind, compared, its differences settled, only read."""


@dataclass(frozen=True, slots=True)
class CellFinding:
    """What is wrong in one cell of the table. A warning does not stop the import."""

    line: int
    column: Text
    text: Text
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class TheoryCell:
    """One mark of one code: what is there and what the table says; None where there is none."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class TheoryLine:
    """One line of the table that can stand. `status` is the entry's (dns …) or ""."""

    line: int
    code: str
    status: str
    change: Change
    cells: tuple[TheoryCell, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A dry run. `rows` (entry id -> item -> value) never leaves the server; `digest` tells whether it is still the same.
    `kind` is the kind of codes it uses, 0 to 2."""

    columns: tuple[Text, ...]
    lines: tuple[TheoryLine, ...]
    findings: tuple[CellFinding, ...]
    missing: tuple[str, ...]
    digest: str
    rows: Mapping[str, Mapping[str, str]]
    kind: int

    @property
    def errors(self) -> int:
        """How many cells stop the import."""
        return sum(one.severity == "error" for one in self.findings)

    def count(self, change: Change) -> int:
        """How many lines change in this way."""
        return sum(one.change == change for one in self.lines)

    @property
    def does_something(self) -> bool:
        """Whether carrying it out would change anything."""
        return any(one.change != "same" for one in self.lines)


@dataclass(frozen=True, slots=True)
class TheoryPage:
    """/desk/events/{id}/theory. `sheets`: ("module/sheet", title) to choose from; `missing` codes have no mark yet."""

    id: str
    name: Text
    sheets: tuple[tuple[str, Text], ...]
    sheet: str
    header: Text
    drawn: bool
    entries: int
    missing: tuple[str, ...]
    text: str = ""
    reason: str = ""
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class ListCheck:
    """/desk/events/{id}/theory/check: a list that waits for its second person. `rows`: (code, values); `sheets`: id to
    version as shown; `sums`: (item id, name) of the columns whose sum is read off the paper; `keyed` of one's own wait for
    another. `count` and `typed` are what was entered before a refusal."""

    id: str
    name: Text
    title: Text
    sheet: str
    columns: tuple[Text, ...]
    rows: tuple[tuple[str, tuple[str | None, ...]], ...]
    sheets: Mapping[str, int]
    sums: tuple[tuple[str, Text], ...]
    mine: int
    lists: tuple[tuple[str, Text, int], ...]
    count: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of some sheets, for one clerk; `signed` out of `of`."""

    key: int
    check: int
    others: int
    signed: int
    of: int


@dataclass(frozen=True, slots=True)
class CardCell:
    """One answer card or paper sheet in the list; `sheet` is the address of its page."""

    sheet: str
    cell: Cell
    work: Work


@dataclass(frozen=True, slots=True)
class CardRow:
    """The cards of one code, None where none is asked for."""

    code: str
    status: str
    cells: tuple[CardCell | None, ...]


@dataclass(frozen=True, slots=True)
class CardList:
    """/desk/events/{id}/cards: answer cards, or the paper sheets of one `seat` out of `seats` (label, name)."""

    id: str
    name: Text
    seat: str
    seats: tuple[tuple[str, Text], ...]
    answer_cards: bool
    columns: tuple[Text, ...]
    rows: tuple[CardRow, ...]
    left: Left


@dataclass(frozen=True, slots=True)
class Field:
    """One item of a card: its input, what stands or was typed in it, what is legal, what is wrong.

    `plain` inputs take half-width characters only. `held`: a tablet has marked it; its value is not shown. `pair`: what the
    first and the second person keyed, where they differ."""

    id: str
    label: Text
    input: Literal["yesno", "choice", "text"]
    value: str
    options: tuple[tuple[str, Text], ...]
    hint: Text | None
    unit: str
    required: bool
    length: int
    plain: bool
    fault: Text | None
    held: bool = False
    pair: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Items side by side: those of one sample, or ("") those without one."""

    sample: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class CardSection:
    """A heading of the card with its items, in the sheet's order."""

    name: Text
    groups: tuple[FieldGroup, ...]


@dataclass(frozen=True, slots=True)
class CardPage:
    """/desk/events/{id}/cards/{sheet}. `version` tells whether somebody else keyed meanwhile; `next` is the next sheet of
    this kind that waits for the same work, in the order of the codes and never round again; `earlier` ones lie before.
    `agreed` items need no settling; `of` items can be keyed."""

    id: str
    name: Text
    sheet: str
    title: Text
    seat: str
    code: str
    status: str
    cell: Cell
    work: Work
    mode: Mode
    version: int
    sections: tuple[CardSection, ...]
    missing: tuple[Text, ...]
    of: int
    agreed: int
    next: tuple[str, str] | None
    earlier: int
    left: Left
    answer_card: bool
