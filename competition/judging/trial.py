"""A dry run of other rules (DESIGN law 8): the same marks, the standings as they are and as they would be, and who moves."""

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from competition import scoring
from competition.judging.reading import absences, entry_frame, sealed
from competition.judging.setup import seats
from competition.judging.standings import standings
from competition.rules.model import Rules
from competition.scoring import Result
from competition.scoring.comparing import Comparison, compare
from competition.scoring.frames import ABSENCES, EVERY, MARKS
from competition.store import sheets


@dataclass(frozen=True, slots=True)
class Trial:
    """What other rules would make of an event's marks. `unplaced`: marks that they have no place for."""

    old: Result
    new: Result
    moves: Comparison
    marks: int
    unplaced: int


def try_rules(conn: Connection, event_id: str, rules: Rules) -> Trial | None:
    """The dry run; None while nothing is marked. Nothing is written."""
    marks = _marks(conn, event_id)
    if not marks:
        return None
    known = {(sheet.module, sheet.id, seat, item.id) for sheet, seat, item in rules.cells()}
    keys = [(EVERY, *line) for line in sealed(conn, event_id)]
    placed = [line for line in marks if line[1:5] in known]
    new = scoring.score(
        rules,
        pl.DataFrame([*placed, *keys], schema=MARKS, orient="row"),
        entry_frame(conn, event_id, rules),
        absences=pl.DataFrame(absences(conn, event_id), schema=ABSENCES, orient="row"),
    )
    old = standings(conn, event_id)
    return Trial(old, new, compare(old, new), len(marks), len(marks) - len(placed))


def _marks(conn: Connection, event_id: str) -> list[tuple[str, str, str, str, str, str]]:
    """Every current mark of a seat that counts; those that clash are still open."""
    labels = {seat.id: seat.label for seat in seats(conn, event_id) if not seat.trainee}
    return [
        (now.entry_id, now.module, now.sheet, labels[now.seat_id], item, cell[0])
        for now in sheets.event_sheets(conn, event_id).values()
        if now.seat_id in labels
        for item, cell in now.marks.items()
        if item not in now.clash and cell[0] is not None
    ]
