"""How the peers read the file: the three queries that give everything, as fast as Python's sqlite3 hands them over."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

Rows = list[tuple[str, str, int, int, str, str]]
"""What a peer answers: event, entry, place or 0, total in hundredths or 0, status, award or ""."""


@dataclass(frozen=True, slots=True)
class File:
    """What was read.

    piles: (event, module, sheet, seat's number, entries, compact lists), the last two joined by line feeds.
    entries: (event, entry, status, attributes as JSON). keys: (event, module, sheet, item, right answer).
    """

    piles: list[tuple[str, str, str, int, str, str]]
    entries: list[tuple[str, str, str, str]]
    keys: list[tuple[str, str, str, str, str]]


def read(path: Path) -> File:
    """Read the whole file. Sheets of absent seats are empty lists, so absences need not be asked for."""
    conn = sqlite3.connect(path)
    piles = conn.execute(
        "SELECT event_id, module, sheet, (SELECT n FROM seat WHERE seat.id = seat_id), "
        "group_concat(entry_id, char(10)), group_concat(current, char(10)) "
        "FROM sheet GROUP BY event_id, module, sheet, seat_id"
    ).fetchall()
    entries = conn.execute("SELECT event_id, id, status, attributes FROM entry").fetchall()
    keys = [
        (event, module, sheet, item, value)
        for event, module, sheet, answers in conn.execute("SELECT event_id, module, sheet, answers FROM sample_key")
        for item, value in json.loads(answers).items()
    ]
    conn.close()
    return File(piles, entries, keys)
