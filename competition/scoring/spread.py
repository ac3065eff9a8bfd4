"""Seats that are further apart than the rules allow: reported, and held or given to a third by the rules' own steps."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import polars as pl

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.items import cell_key
from competition.rules.model import Sheet
from competition.scoring.exact import absent_column
from competition.scoring.ranking import Row
from competition.scoring.result import number_text

_SAYS = {
    "report": ("请复议", "talk it over"),
    "hold": ("请复议并重新打分，在此之前没有成绩", "talk it over and mark again; until then there is no value"),
    "third": ("由候补裁判打分", "the reserve judge marks"),
}


def far_apart(rules: Rules, frame: pl.DataFrame, rows: Sequence[Row]) -> list[Finding]:
    """A finding per entry and sheet (or item) whose highest and lowest seat differ by more than the limit."""
    findings = []
    for sheet in rules.sheets:
        if sheet.spread is None or sheet.panel.seats < 2:
            continue
        gaps = _by_sheet(sheet, frame, rows) if sheet.spread.by == "sheet" else _by_item(sheet, frame)
        for entry, what, gap in gaps:
            if gap > sheet.spread.limit:
                limit, wide = number_text(sheet.spread.limit), number_text(gap)
                zh, en = _SAYS[sheet.spread.then]
                where = f"entry {entry}, {sheet.path}{what}"
                says = f"各席相差 {wide}，超过 {limit}，{zh}。", f"Seats differ by {wide}, more than {limit}; {en}."
                findings.append(Finding(where, *says, "warning"))
    return findings


def _seats(sheet: Sheet) -> list[tuple[int, str]]:
    """The seats that are compared: all, or all but the reserve."""
    seats = list(enumerate(sheet.panel.labels, 1))
    return seats[:-1] if sheet.spread and sheet.spread.then == "third" else seats


def _by_sheet(sheet: Sheet, frame: pl.DataFrame, rows: Sequence[Row]) -> Iterator[tuple[str, str, Fraction]]:
    gone = {seat: dict(frame.select("entry", absent_column(seat)).iter_rows()) for _, seat in _seats(sheet)}
    for row in rows:
        there = [row.numbers[f"{sheet.path}@{n}"] for n, seat in _seats(sheet) if not gone[seat][row.entry]]
        known = [value for value in there if value is not None]
        if known:
            yield row.entry, "", max(known) - min(known)


def _by_item(sheet: Sheet, frame: pl.DataFrame) -> Iterator[tuple[str, str, Fraction]]:
    for item in sheet.items:
        if item.scale is None or not item.scale.numeric or not item.scores:
            continue
        there = [
            pl.when(~pl.col(absent_column(seat))).then(pl.col(cell_key(sheet, n, item.id))) for n, seat in _seats(sheet)
        ]
        # Only the seats that have marked are compared: min and max skip the others on purpose.
        gaps = frame.select("entry", (pl.max_horizontal(there) - pl.min_horizontal(there)).alias("gap")).drop_nulls()
        for entry, gap in gaps.iter_rows():
            yield entry, f" {item.id}", Fraction(gap, item.den)
