"""Seats that are further apart than the rules allow: reported, never changed."""

from collections.abc import Mapping
from fractions import Fraction

import polars as pl

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.items import cell_key
from competition.rules.model import Sheet
from competition.scoring.exact import Exact, absent_column, column
from competition.scoring.result import number_text


def far_apart(rules: Rules, frame: pl.DataFrame, columns: Mapping[str, Exact]) -> list[Finding]:
    """A finding per entry and sheet (or item) whose highest and lowest seat differ by more than the limit."""
    findings = []
    for sheet in rules.sheets:
        if sheet.spread is None or sheet.panel.seats < 2:
            continue
        for what, names, den in _groups(sheet, columns):
            for entry, gap in _gaps(sheet, frame, names, den):
                if gap > sheet.spread.limit:
                    limit, wide = number_text(sheet.spread.limit), number_text(gap)
                    findings.append(
                        Finding(
                            f"entry {entry}, {sheet.path}{what}",
                            f"各席相差 {wide}，超过 {limit}，请复议。",
                            f"Seats differ by {wide}, more than {limit}; talk it over.",
                            "warning",
                        )
                    )
    return findings


def _groups(sheet: Sheet, columns: Mapping[str, Exact]) -> list[tuple[str, list[str], int]]:
    seats = range(1, sheet.panel.seats + 1)
    assert sheet.spread is not None
    if sheet.spread.by == "sheet":
        return [("", [column(f"{sheet.path}@{n}") for n in seats], columns[f"{sheet.path}@1"].den)]
    return [
        (f" {item.id}", [cell_key(sheet, n, item.id) for n in seats], item.scale.den)
        for item in sheet.items
        if item.scale is not None and item.scale.numeric and item.scores
    ]


def _gaps(sheet: Sheet, frame: pl.DataFrame, names: list[str], den: int) -> list[tuple[str, Fraction]]:
    there = [
        pl.when(~pl.col(absent_column(seat))).then(pl.col(name))
        for name, seat in zip(names, sheet.panel.labels, strict=True)
    ]
    # Only the seats that have marked are compared: min and max skip the others on purpose.
    gaps = frame.select("entry", (pl.max_horizontal(there) - pl.min_horizontal(there)).alias("gap")).drop_nulls()
    return [(entry, Fraction(gap, den)) for entry, gap in gaps.iter_rows()]
