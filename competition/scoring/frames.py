"""Frames in: one row a mark becomes one row an entry, with an integer column for every cell of the rules.

MARKS (all text): entry, module, sheet, seat, item, value. One row a cell at most (the current mark); item may be
"item@sample". Rows of seat "key" with entry "*" are the sealed key of the samples.
ENTRIES: entry, status ("" or one of STATUSES), and a column for each attribute of the rules.
ABSENCES: entry ("*" for all), seat.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
import polars as pl

from competition.errors import Finding, MarkError
from competition.rules.items import cell_key
from competition.rules.model import Input, Item, Rules
from competition.rules.panels import NEVER_ABSENT
from competition.rules.resolve import ADMITTED
from competition.scoring import answers
from competition.scoring.arrays import Column
from competition.scoring.entries import Wide, absent_column, answered_column, attribute_column, texts

MARKS = {name: pl.String for name in ("entry", "module", "sheet", "seat", "item", "value")}
"""Schema of a frame of marks."""

ABSENCES = {"entry": pl.String, "seat": pl.String}
"""Schema of a frame of absences."""

EVERY = "*"
KEY_SEAT = "key"
INPUT_SEAT = "input"
INPUTS = ("event", "inputs")
"""Marks of entry "*", this module and sheet, and seat "input" are numbers an official gives for the whole event."""

# 10^6 carries every scale's decimals through one lookup of distinct texts; the cell's own denominator follows from it.
_MICRO = 1_000_000


def wide(
    rules: Rules, marks: pl.DataFrame, entries: pl.DataFrame, absences: pl.DataFrame | None
) -> tuple[Wide, list[Finding]]:
    """The wide table: numerators per cell (null where unmarked), attributes, absences. Findings name bad rows."""
    dens, findings = denominators(rules), _strangers(rules, marks, entries)
    marks, twice = _once(marks)
    findings += twice
    ids = entries["entry"].to_list()
    numbers = pl.concat([_numbers(rules, marks, dens), _answered(rules, marks)])
    columns = _columns(numbers, [*dens, *map(answered_column, answered_cells(rules))], ids)
    sealed_rows = marks.filter(pl.col("seat").is_in([KEY_SEAT, INPUT_SEAT]))
    columns |= sealed(sealed_rows.select("module", "sheet", "seat", "item", "value").iter_rows(), dens)
    said = {
        name: entries[name].cast(pl.String).to_list() for name in entries.columns if name not in ("entry", "status")
    }
    gone = [] if absences is None else list(absences.select("entry", "seat").iter_rows())
    status = [each or "" for each in entries["status"].to_list()]
    return Wide(ids, status, said, columns | stated(rules, ids, said, gone)), findings


def stated(
    rules: Rules, ids: Sequence[str], said: Mapping[str, Sequence[str | None]], gone: Iterable[tuple[str, str]]
) -> dict[str, Column]:
    """The columns of attributes and absences. said: what the entries came with; gone: (entry or "*", seat)."""
    columns: dict[str, Column] = {}
    for name in [a.id for a in rules.attributes] + ([ADMITTED] if rules.rounds else []):
        # An empty cell says nothing: it is not a group of its own.
        columns[attribute_column(name)] = texts([value or None for value in said.get(name, [None] * len(ids))])
    seats = [NEVER_ABSENT, *(seat for panel in rules.panels for seat in panel.labels)]
    columns |= {absent_column(seat): (np.False_, None) for seat in seats}
    who: dict[str, set[str]] = {}
    for entry, seat in gone:
        who.setdefault(absent_column(seat), set()).add(entry)
    for column in who.keys() & columns.keys():
        away = who[column]
        columns[column] = (np.True_ if EVERY in away else np.array([entry in away for entry in ids], dtype=bool), None)
    return columns


def _columns(numbers: pl.DataFrame, cells: Iterable[str], ids: Sequence[str]) -> dict[str, Column]:
    """A column per cell from rows of entry, cell, number."""
    columns: dict[str, Column] = dict.fromkeys(cells, (np.int64(0), np.False_))
    at = pl.DataFrame({"entry": ids}, schema={"entry": pl.String}).with_row_index("at")
    rows = numbers.join(at, on="entry").drop_nulls()
    names = rows["cell"].unique(maintain_order=True)
    value: np.ndarray = np.zeros((len(names), len(ids)), dtype=np.int64)
    known: np.ndarray = np.zeros((len(names), len(ids)), dtype=bool)
    places = rows["cell"].cast(pl.Enum(names)).to_physical().to_numpy(), rows["at"].to_numpy()
    value[places], known[places] = rows["number"].to_numpy(), True
    whole = np.asarray(known.all(axis=1)).tolist()
    columns |= {cell: (value[n], None if whole[n] else known[n]) for n, cell in enumerate(names.to_list())}
    return columns


def _once(marks: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Marks without the cells that were given twice: which of the two counts is not ours to guess."""
    cell = ["entry", "module", "sheet", "seat", "item"]
    double = marks.filter(marks.select(cell).is_duplicated())
    findings = [
        Finding("/".join(where), "同一处打了两次分，哪个算数请裁定。", "Marked twice here; decide which one counts.")
        for where in double.select(cell).unique(maintain_order=True).iter_rows()
    ]
    return (marks.filter(~marks.select(cell).is_duplicated()), findings) if findings else (marks, [])


def sealed(rows: Iterable[tuple[str, str, str, str, str]], dens: Mapping[str, int]) -> dict[str, Column]:
    """Experts' numbers from the sealed key and officials' inputs, the same for every entry.

    rows: module, sheet, seat (key or input), item, value.
    """
    columns: dict[str, Column] = {}
    for module, sheet, seat, item, value in rows:
        cell = f"{module}.{sheet}.{item}" if seat == INPUT_SEAT else f"{module}.{sheet}.key.{item}"
        if cell in dens and (number := numerator(value, dens[cell])) is not None:
            columns[cell] = (np.int64(number), None)
    return columns


@lru_cache(maxsize=256)
def denominators(rules: Rules) -> Mapping[str, int]:
    """Every cell with the denominator of its numerators."""
    dens: dict[str, int] = {given.cell: given.scale.den for given in rules.inputs}
    for sheet, seat, item in rules.cells():
        n = int(seat.rpartition(".")[2])
        dens[cell_key(sheet, n, item.id)] = item.den
        if item.expert:
            dens[f"{sheet.path}.key.{item.id}"] = item.den
    return dens


@lru_cache(maxsize=256)
def answered_cells(rules: Rules) -> frozenset[str]:
    """The cells of answers."""
    cells = ((sheet, int(seat.rpartition(".")[2]), item) for sheet, seat, item in rules.cells() if item.answered)
    return frozenset(cell_key(sheet, n, item.id) for sheet, n, item in cells)


def _answered(rules: Rules, marks: pl.DataFrame) -> pl.DataFrame:
    """entry, cell, number: which answers were given, whatever they are worth."""
    given = _with_cells(marks).filter(
        pl.col("cell").is_in(sorted(answered_cells(rules))) & pl.col("value").is_not_null()
    )
    return given.select("entry", pl.format(answered_column("{}"), "cell").alias("cell"), number=pl.lit(0, pl.Int64))


def _with_cells(marks: pl.DataFrame) -> pl.DataFrame:
    seat_n = pl.col("seat").str.split(".").list.last()
    return marks.filter(pl.col("entry") != EVERY).with_columns(
        pl.concat_str(["module", "sheet", seat_n, "item"], separator=".").alias("cell")
    )


def _numbers(rules: Rules, marks: pl.DataFrame, dens: Mapping[str, int]) -> pl.DataFrame:
    """entry, cell, number: the marks as numerators, answers turned into 1/0 or the count of positions right."""
    texts = marks["value"].unique().drop_nulls().to_list()
    micro = {text: number for text in texts if (number := _micro(text)) is not None}
    cells = _with_cells(marks)
    matched = answers.matched(rules, cells, marks.filter(pl.col("seat") == KEY_SEAT))
    den = pl.col("cell").replace_strict(dict(dens), default=None, return_dtype=pl.Int64)
    plain = (
        cells.filter(~pl.col("cell").is_in(matched["cell"].unique().implode()))
        .with_columns(
            (pl.col("value").replace_strict(micro, default=None, return_dtype=pl.Int64) * den // _MICRO).alias("number")
        )
        .filter(pl.col("number").is_not_null())
        .select("entry", "cell", "number")
    )
    return pl.concat([plain, matched])


def numerator(text: str, den: int) -> int | None:
    """A number's numerator over a denominator; None for what is no number."""
    micro = _micro(text)
    return None if micro is None else micro * den // _MICRO


def _micro(text: str) -> int | None:
    try:
        value = Fraction(text) * _MICRO
    except (ValueError, ZeroDivisionError):
        return None
    return value.numerator if value.denominator == 1 else None


def _strangers(rules: Rules, marks: pl.DataFrame, entries: pl.DataFrame) -> list[Finding]:
    """Marks that belong to nothing the rules or the entries know, and values that are not legal."""
    known = set(entries["entry"].to_list()) | {EVERY}
    findings = []
    distinct = marks.select("module", "sheet", "seat", "item", "value").unique(maintain_order=True)
    for module, sheet, seat, item, value in distinct.iter_rows():
        findings += refused(rules, (module, sheet, seat, item), value)
    for entry in marks["entry"].unique(maintain_order=True).to_list():
        if entry not in known:
            findings.append(Finding(f"entry {entry}", "参赛名单里没有这个参赛。", "The entries have no such entry."))
    return findings


def refused(rules: Rules, cell: tuple[str, str, str, str], value: str | None) -> list[Finding]:
    """What is wrong with a value in a cell (module, sheet, seat, item), if anything."""
    items, inputs = _cells(rules)
    if cell[2] == INPUT_SEAT and cell[3] in inputs:
        return _not_given(inputs[cell[3]], value)
    return _illegal(items, cell, value)


@lru_cache(maxsize=256)
def _cells(rules: Rules) -> tuple[dict[tuple[str, str, str, str], Item], dict[str, Input]]:
    """Every cell that a mark or a key may be for, and every input."""
    items: dict[tuple[str, str, str, str], Item] = {}
    for sheet, seat, item in rules.cells():
        items[sheet.module, sheet.id, seat, item.id] = item
        if item.answered or item.expert:
            items[sheet.module, sheet.id, KEY_SEAT, item.id] = item
    return items, {given.id: given for given in rules.inputs}


def _not_given(given: Input, value: str | None) -> list[Finding]:
    try:
        given.scale.parse(value or "", given.name.zh, given.name.en)
    except MarkError as fault:
        return [Finding(f"event/inputs/{given.id}", fault.zh, fault.en)]
    return []


def _illegal(
    items: dict[tuple[str, str, str, str], Item], cell: tuple[str, str, str, str], value: str | None
) -> list[Finding]:
    where = "/".join(cell)
    item = items.get(cell)
    if item is None:
        return [Finding(where, "规则里没有这个评分项或裁判席。", "The rules have no such item or seat.")]
    if value is None or cell[2] == KEY_SEAT:
        return []
    try:
        item.parse(value)
    except MarkError as fault:
        return [Finding(where, fault.zh, fault.en)]
    return []


__all__ = ["ABSENCES", "MARKS", "wide"]
