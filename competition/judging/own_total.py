"""A seat's own sheet, added up by the server for the judge who is about to sign it (DESIGN law 5).

Only this sheet's marks are given to the calculator, as if nobody else had marked: what depends on another seat, a key or
an expert stays unknown, so that the answer tells nothing but the judge's own arithmetic.
"""

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, select

from competition import scoring
from competition.errors import NotFound
from competition.judging.devices import Device
from competition.judging.reading import said
from competition.rules import sheet_form
from competition.scoring.frames import MARKS
from competition.store import sheets, thawed
from competition.store.people import Entry


@dataclass(frozen=True, slots=True)
class OwnTotal:
    """points: over the form's denominator, None where they rest on more than this sheet. marks: item -> the mark added up."""

    points: int | None
    marks: dict[str, str]


def own_total(conn: Connection, device: Device, sheet_id: str) -> OwnTotal:
    """The seat's points on one of its sheets. NotFound for a sheet that is not this seat's."""
    now = sheets.read_sheets(conn, [sheet_id]).get(sheet_id)
    if now is None or now.seat_id != device.seat_id or now.event_id != device.event_id:
        raise NotFound("这张评分表不属于本裁判席。", "This sheet is not this seat's.")
    rules = thawed(conn, now.event_id)
    given = {item: cell for item, cell in now.marks.items() if cell[0] is not None and item not in now.clash}
    rows = [(now.entry_id, now.module, now.sheet, device.seat, item, cell[0]) for item, cell in given.items()]
    text = conn.scalar(select(Entry.attributes).where(Entry.id == now.entry_id)) or "{}"
    entry = {"entry": [now.entry_id], "status": [""], **said(rules, [text])}
    entries = pl.DataFrame(entry, schema=dict.fromkeys(entry, pl.String))
    result = scoring.score(rules, pl.DataFrame(rows, schema=MARKS, orient="row"), entries)
    n = device.seat.rpartition(".")[2]
    worth = result.numbers[now.entry_id].get(f"{now.module}.{now.sheet}@{n}")
    scaled = None if worth is None else worth * sheet_form(rules, now.module, now.sheet)["denominator"]
    whole = scaled.numerator if scaled is not None and scaled.denominator == 1 else None
    return OwnTotal(whole, {item: cell[1] for item, cell in given.items()})
