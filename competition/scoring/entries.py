"""The wide table of one event: an entry a row, and for every cell of the rules a column of numerators.

Columns are as in `vectors`; those of attributes hold texts. The names of columns are made by the functions below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from competition.scoring.arrays import Column


def column(step: str) -> str:
    """The column that holds the numerators of a named step."""
    return f"={step}"


def absent_column(seat: str) -> str:
    """The column that says whether a seat is recorded as absent for an entry."""
    return f"absent:{seat}"


def attribute_column(attribute: str) -> str:
    """The column of an attribute of the entries."""
    return f"attribute:{attribute}"


def answered_column(cell: str) -> str:
    """The column that is known where an answer was given: what it is worth isn't before the key is there."""
    return f"answered:{cell}"


@dataclass(frozen=True, slots=True)
class Wide:
    """entries: their ids in order. status: what is recorded of each. said: the other columns they came with, as text."""

    entries: Sequence[str]
    status: Sequence[str]
    said: Mapping[str, Sequence[str | None]]
    columns: dict[str, Column] = field(repr=False)

    def values(self, name: str) -> list[Any]:
        """One column, None where it isn't known."""
        value, known = self.columns[name]
        every = value.tolist() if value.ndim else [value.item()] * len(self.entries)
        if known is not None:
            for n in np.flatnonzero(~np.broadcast_to(known, len(self.entries))).tolist():
                every[n] = None
        return every

    def rows(self) -> list[dict[str, Any]]:
        """Every entry's values by column."""
        lists = [self.values(name) for name in self.columns]
        return [dict(zip(self.columns, row, strict=True)) for row in zip(*lists, strict=True)] if lists else []

    def only(self, entry: str) -> "Wide":
        """The same table with one entry."""
        n = self.entries.index(entry)
        columns = {name: (_at(value, n), _at(known, n)) for name, (value, known) in self.columns.items()}
        said = {name: [texts[n]] for name, texts in self.said.items()}
        return Wide([entry], [self.status[n]], said, columns)


def texts(values: Sequence[str | None]) -> Column:
    """A column of texts."""
    known = np.array([value is not None for value in values], dtype=bool)
    return np.array(values, dtype=object), None if known.all() else known


def _at(part: Any, n: int) -> Any:
    return part if part is None or np.ndim(part) == 0 else part[n : n + 1]
