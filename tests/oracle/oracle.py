"""Marks and a rule file in, standings and lists out: slow, plain, and written from the rule text alone.

Where the text is silent the reading taken is marked "silent:" so that a disagreement with the engine is seen for what it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .awards import award
from .field import Field, Mark
from .lists import Rows, lists
from .ranking import Results, results
from .reading import overridden

__all__ = ["Answer", "Mark", "oracle"]


@dataclass(frozen=True)
class Answer:
    """For each entry rank, tied, decided, status, total (as the rules round it), award, passed, values; the lists by id."""

    entries: Results
    lists: dict[str, Rows] = field(default_factory=dict)


def oracle(
    rules: Mapping[str, Any],
    marks: Iterable[Mark],
    entries: list[dict[str, str]],
    absences: Iterable[tuple[str, str]] = (),
) -> Answer:
    """`rules` is the merged rule file with numbers as int or Decimal; `entries` have entry, status, attributes, admitted,
    decision; `absences` are (entry or "*" for all, seat).
    """
    everything = Field(overridden(rules), marks, entries, absences)
    found = results(everything)
    award(everything, found)
    return Answer(found, lists(everything))
