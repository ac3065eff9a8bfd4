"""What the clerk's pages show, as values: codes, marks this desk keyed, and what is wrong; never a name, a unit or a point."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from competition.web.views import Cell, Text

Change = Literal["new", "changed", "same", "sign"]
"""What an import does to a line: records it, corrects it, nothing, or only signs what was there already."""


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
    """A dry run. `rows` (entry id -> item -> value) never leaves the server; `digest` tells whether it is still the same."""

    columns: tuple[Text, ...]
    lines: tuple[TheoryLine, ...]
    findings: tuple[CellFinding, ...]
    missing: tuple[str, ...]
    digest: str
    rows: Mapping[str, Mapping[str, str]]

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
class CardCell:
    """One answer card in the list; `sheet` is the address of its page."""

    sheet: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class CardRow:
    """The cards of one code, None where none is asked for."""

    code: str
    status: str
    cells: tuple[CardCell | None, ...]


@dataclass(frozen=True, slots=True)
class CardList:
    """/desk/events/{id}/cards."""

    id: str
    name: Text
    columns: tuple[Text, ...]
    rows: tuple[CardRow, ...]
    signed: int
    expected: int


@dataclass(frozen=True, slots=True)
class Field:
    """One item of a card: its input (yesno, choice, text), what stands or was typed in it, what is legal, what is wrong."""

    id: str
    label: Text
    input: Literal["yesno", "choice", "text"]
    value: str
    options: tuple[tuple[str, Text], ...]
    hint: Text | None
    unit: str
    required: bool
    length: int
    fault: Text | None


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
    """/desk/events/{id}/cards/{sheet}. `version` tells whether somebody else keyed meanwhile; `next` is the next open card."""

    id: str
    name: Text
    sheet: str
    title: Text
    code: str
    status: str
    cell: Cell
    version: int
    open: bool
    sections: tuple[CardSection, ...]
    missing: tuple[Text, ...]
    next: tuple[str, str] | None
