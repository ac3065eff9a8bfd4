"""Seats that are further apart than the rules allow: reported, and held or given to a third by the rules' own steps."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.items import cell_key
from competition.rules.model import Sheet
from competition.scoring import vectors
from competition.scoring.entries import Wide, absent_column
from competition.scoring.exact import Exact, Lowering, Unfit, aligned, proven
from competition.scoring.ranking import Row
from competition.scoring.result import number_text

_SAYS = {
    "report": ("请复议", "talk it over"),
    "hold": ("请复议并重新打分，在此之前没有成绩", "talk it over and mark again; until then there is no value"),
    "third": ("由候补裁判打分", "the reserve judge marks"),
}


def gaps(rules: Rules, lowering: Lowering) -> dict[tuple[str, str], Exact]:
    """By sheet path and item ("" for the whole sheet): how far the seats that have marked are apart.

    A sheet whose points integers can't carry has none; `far_apart` compares its seats one entry after the other.
    """
    found = {}
    for sheet in rules.sheets:
        if sheet.spread is None or sheet.panel.seats < 2:
            continue
        for item, parts in _compared(sheet, lowering):
            try:
                same, den = aligned(parts)
                there = [
                    vectors.given(~vectors.named(absent_column(seat)), each.expr)
                    for each, (_, seat) in zip(same, _seats(sheet), strict=True)
                ]
                # Only the seats that have marked are compared: lowest and highest skip the others on purpose.
                gap = vectors.highest(there) - vectors.lowest(there)
                found[sheet.path, item] = proven(gap, den, 2 * max(each.bound for each in same))
            except Unfit:
                continue
    return found


def _compared(sheet: Sheet, lowering: Lowering) -> Iterator[tuple[str, list[Exact]]]:
    assert sheet.spread is not None
    if sheet.spread.by == "sheet":
        steps = [lowering.steps.get(f"{sheet.path}@{n}") for n, _ in _seats(sheet)]
        known = [step for step in steps if step is not None]
        if len(known) == len(steps):
            yield "", known
        return
    for item in sheet.items:
        if item.scale is not None and item.scale.numeric and item.scores:
            bound = math.ceil(max(abs(item.scale.low), abs(item.scale.high)) * item.den)
            cells = [vectors.named(cell_key(sheet, n, item.id)) for n, _ in _seats(sheet)]
            yield item.id, [Exact(cell, item.den, bound) for cell in cells]


def far_apart(rules: Rules, dens: dict[tuple[str, str], int], table: Wide, rows: Sequence[Row]) -> list[Finding]:
    """A finding per entry and sheet (or item) whose highest and lowest seat differ by more than the limit.

    dens: the denominators of the table's columns of `gaps`.
    """
    findings = []
    for sheet in rules.sheets:
        if sheet.spread is None or sheet.panel.seats < 2:
            continue
        limit = sheet.spread.limit
        fast = [(item, den) for (path, item), den in dens.items() if path == sheet.path]
        wider = _wider(sheet, limit, fast, table) if fast else _one_by_one(sheet, limit, table, rows)
        for entry, item, gap in wider:
            zh, en = _SAYS[sheet.spread.then]
            where = f"entry {entry}, {sheet.path}{item and ' '}{item}"
            shown, most = number_text(gap), number_text(limit)
            says = f"各席相差 {shown}，超过 {most}，{zh}。", f"Seats differ by {shown}, more than {most}; {en}."
            findings.append(Finding(where, *says, "warning"))
    return findings


def gap_column(path: str, item: str) -> str:
    """The column of the gaps of one sheet or item."""
    return f"gap:{path} {item}"


Gap = tuple[str, str, Fraction]


def _wider(sheet: Sheet, limit: Fraction, gaps: Sequence[tuple[str, int]], table: Wide) -> Iterator[Gap]:
    for item, den in gaps:
        value, known = table.columns[gap_column(sheet.path, item)]
        wide = (value > math.floor(limit * den)) & (True if known is None else known)
        every = np.broadcast_to(value, len(table.entries))
        for n in np.flatnonzero(np.broadcast_to(wide, len(table.entries))).tolist():
            yield table.entries[n], item, Fraction(int(every[n]), den)


def _seats(sheet: Sheet) -> list[tuple[int, str]]:
    """The seats that are compared: all, or all but the reserve."""
    seats = list(enumerate(sheet.panel.labels, 1))
    return seats[:-1] if sheet.spread and sheet.spread.then == "third" else seats


def _one_by_one(sheet: Sheet, limit: Fraction, table: Wide, rows: Sequence[Row]) -> Iterator[Gap]:
    gone = {seat: table.values(absent_column(seat)) for _, seat in _seats(sheet)}
    for at, row in enumerate(rows):
        there = [row.numbers[f"{sheet.path}@{n}"] for n, seat in _seats(sheet) if not gone[seat][at]]
        known = [value for value in there if value is not None]
        if known and max(known) - min(known) > limit:
            yield row.entry, "", max(known) - min(known)
