"""Records for signing in ink: what was drawn, opened or checked in, when and by whom, with the end of the ledger's chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from competition.publish.papers import paper


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `kind`, `facts`, `columns` and `signs` name words `paper.record.*`; values and rows are printed as they are.

    head: the end of the event's chain in the ledger, so that the paper holds the ledger to what it said.
    stamp: what `printed_at` is, the moment of printing or (`as_of`) the moment up to which the record goes.
    sealed: printed only to be put into an envelope; the page says so.
    """

    kind: str
    games: str
    event: str
    facts: Sequence[tuple[str, str]]
    columns: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    signs: Sequence[str]
    head: str
    printed_at: str
    sealed: bool = False
    stamp: str = "printed"


def record(templates: Path, one: Record) -> bytes:
    """An A4 page, or as many as the rows take: head, facts, table, and a line to sign on for each."""
    return paper(templates, "record.html", record=one)
