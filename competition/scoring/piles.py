"""Marks as the store hands them over: the sheets of one form from one seat in one pile, each a compact list (`compact`).

Nearly always every list is whole and every value legal; then a pile becomes columns without looking at single marks.
Anything else (a mark for nothing, a value that is not legal, two sheets of one entry) goes the way of the text frame
(`frames`), mark by mark, so that both ways notice the same things and give the same numbers.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from competition.errors import Finding, MarkError
from competition.rules import Rules
from competition.rules.items import cell_key
from competition.rules.model import Item, Sheet
from competition.scoring import frames
from competition.scoring.answers import worth
from competition.scoring.arrays import Column
from competition.scoring.compact import decode, places
from competition.scoring.entries import Wide, answered_column
from competition.scoring.frames import ABSENCES, EVERY, KEY_SEAT, MARKS, denominators, refused, sealed, stated

NOTHING = "[]"
_NULL = -(2**63)
"""Stands for null while a pile is numbers only."""


@dataclass(frozen=True, slots=True)
class Pile:
    """The sheets of one form from one seat. entries and lists go together line by line."""

    module: str
    sheet: str
    seat: str
    entries: str
    lists: str


@dataclass(frozen=True, slots=True)
class Given:
    """All that is known of one event.

    entries, status: in the same order; said: their other columns. sealed: module, sheet, seat ("key" or "input"), item,
    value. gone: entry (or "*"), seat.
    """

    piles: Sequence[Pile]
    entries: Sequence[str]
    status: Sequence[str]
    said: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    sealed: Sequence[tuple[str, str, str, str, str]] = ()
    gone: Sequence[tuple[str, str]] = ()

    def marks(self, rules: Rules) -> pl.DataFrame:
        """The same marks as a text frame, one row a mark."""
        forms = {(sheet.module, sheet.id): sheet for sheet in rules.sheets}
        rows = [(EVERY, *row) for row in self.sealed]
        for pile in self.piles:
            form = forms.get((pile.module, pile.sheet))
            for entry, text in zip(pile.entries.split("\n"), pile.lists.split("\n"), strict=True):
                rows += [(entry, pile.module, pile.sheet, pile.seat, *mark) for mark in decode(form, text)]
        return pl.DataFrame(rows, schema=MARKS, orient="row")

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Entries and absences as frames."""
        columns = {"entry": self.entries, "status": self.status, **self.said}
        entries = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        return entries, pl.DataFrame(list(self.gone), schema=ABSENCES, orient="row")


def wide(rules: Rules, given: Given) -> tuple[Wide, list[Finding]]:
    """The wide table of an event and what was noticed; the same as `frames.wide` of the same marks."""
    try:
        columns = _columns(rules, given)
    except _Irregular:
        entries, absences = given.frames()
        return frames.wide(rules, given.marks(rules), entries, absences)
    columns |= stated(rules, given.entries, given.said, given.gone)
    return Wide(given.entries, given.status, given.said, columns), []


class _Irregular(Exception):
    """Something that has to be looked at mark by mark."""


def _columns(rules: Rules, given: Given) -> dict[str, Column]:
    dens = denominators(rules)
    if any(refused(rules, row[:4], row[4]) for row in given.sealed):
        raise _Irregular
    cells = [*dens, *map(answered_column, frames.answered_cells(rules))]
    columns: dict[str, Column] = dict.fromkeys(cells, (np.int64(0), np.False_))
    columns |= sealed(given.sealed, dens)
    keys = {(module, sheet, item): value for module, sheet, seat, item, value in given.sealed if seat == KEY_SEAT}
    order = "\n".join(given.entries)
    done = set()
    for pile in given.piles:
        form = _forms(rules).get((pile.module, pile.sheet))
        if form is None or pile.seat not in form.seats or (form, pile.seat) in done:
            raise _Irregular
        done.add((form, pile.seat))
        made = form.read(pile.lists, keys)
        if pile.entries != order:
            made = _placed(made, pile.entries.split("\n"), given.entries)
        columns.update(zip(form.cells[pile.seat], made, strict=True))
    return columns


def _placed(columns: list[Column], names: Sequence[str], entries: Sequence[str]) -> list[Column]:
    """Columns of the named entries as columns of all entries."""
    at = {entry: n for n, entry in enumerate(entries)}
    if len(set(names)) < len(names) or not at.keys() >= set(names):
        raise _Irregular
    places = np.array([at[name] for name in names])
    placed = []
    for value, known in columns:
        every, there = np.zeros(len(entries), dtype=np.int64), np.zeros(len(entries), dtype=bool)
        every[places], there[places] = value, True if known is None else known
        placed.append((every, None if there.all() else there))
    return placed


class _Form:
    """What is needed to read the lists of one form."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.items = places(sheet)
        self.seats = frozenset(sheet.panel.labels)
        self.cells = {label: self._names(n) for n, label in enumerate(sheet.panel.labels, 1)}
        self._blank = f"[{','.join(['null'] * len(self.items))}]"
        self._legal = [_Legal(item) for item in self.items]
        self.numeric = all(legal.numeric for legal in self._legal)
        numbers = [legal for legal in self._legal if legal.numeric]
        self._low, self._high, self._step = (
            np.array([getattr(each, name) for each in numbers], dtype=np.int64)[:, None]
            for name in ("low", "high", "step")
        )
        self._stepped = bool((self._step != 1).any())
        self._without = [(n, np.array(each.without)) for n, each in enumerate(numbers) if each.without]

    def _names(self, seat: int) -> list[str]:
        """The columns that `read` makes for one seat, in its order."""
        cells = [(item, cell_key(self.sheet, seat, item.id)) for item in self.items]
        return [cell for _, cell in cells] + [answered_column(cell) for item, cell in cells if item.answered]

    def read(self, lists: str, keys: Mapping[tuple[str, str, str], str]) -> list[Column]:
        """A column for each place, over the lines of `lists`; then, for each answer, one that says where it was given."""
        if not self.items:
            if lists.strip("[]\n"):
                raise _Irregular
            return []
        if NOTHING in lists:
            lists = lists.replace(NOTHING, self._blank)
        if '"' not in lists and "{" not in lists:
            return self._checked(_numbers(lists, len(self.items)))
        return self._mixed(lists, keys)

    def _checked(self, numbers: Any) -> list[Column]:
        """Whole columns of numerators, all of them legal."""
        known = numbers != _NULL
        whole = bool(known.all())
        if not self.numeric:
            # An answer is text: a number where one is asked for is refused in `_number`.
            made = [self._number(row, there, n) for n, (row, there) in enumerate(zip(numbers, known, strict=True))]
            return made + [made[n] for n, item in enumerate(self.items) if item.answered]
        inside = numbers if whole else np.where(known, numbers, self._low)
        legal = (inside >= self._low).all() and (inside <= self._high).all()
        if not legal or (self._stepped and ((inside - self._low) % self._step).any()):
            raise _Irregular
        if any(np.isin(inside[n], without).any() for n, without in self._without):
            raise _Irregular
        return [(row, None if whole or there.all() else there) for row, there in zip(numbers, known, strict=True)]

    def _number(self, row: Any, there: Any, n: int) -> Column:
        """One column of a form that also has answers; where an answer is asked for, a number is none."""
        if there.any() and not self._legal[n].holds(row[there]):
            raise _Irregular
        return row, None if there.all() else there

    def _mixed(self, lists: str, keys: Mapping[tuple[str, str, str], str]) -> list[Column]:
        """Columns of a form with answers: each different answer is compared with the key once."""
        rows = json.loads(f"[{lists.replace(chr(10), ',')}]")
        if any(len(row) != len(self.items) for row in rows):
            raise _Irregular
        made: list[Column] = []
        answered: list[Column] = []
        for n, (item, values) in enumerate(zip(self.items, zip(*rows, strict=True), strict=True)):
            if self._legal[n].numeric:
                found = {value: value for value in set(values)}
                if any(not (value is None or type(value) is int) for value in found):
                    raise _Irregular
            else:
                key = keys.get((self.sheet.module, self.sheet.id, item.id))
                found = {value: self._legal[n].answer(value, key) for value in set(values)}
                given = np.array([value is not None for value in values], dtype=bool)
                answered += [(np.zeros(len(values), dtype=np.int64), given)] if item.answered else []
            numbers = [found[value] for value in values]
            known = np.array([number is not None for number in numbers], dtype=bool)
            row = np.array([0 if number is None else number for number in numbers], dtype=np.int64)
            made.append(
                self._number(row, known, n) if self._legal[n].numeric else (row, None if known.all() else known)
            )
        return made + answered


def _numbers(lists: str, width: int) -> Any:
    """Lists of numbers as an array, a row for each place."""
    flat = lists.replace("]\n[", ",")
    if "null" in flat:
        flat = flat.replace("null", str(_NULL))
    numbers = np.fromstring(flat[1:-1], sep=",", dtype=np.int64)
    if len(numbers) != width * (lists.count("\n") + 1):
        raise _Irregular
    return np.ascontiguousarray(numbers.reshape(-1, width).T)


class _Legal:
    """What one item may hold, as numerators or as text."""

    def __init__(self, item: Item) -> None:
        assert item.scale is not None
        scale = item.scale
        self.item = item
        self.numeric = scale.numeric and not item.answered
        self.low, self.high, self.step = (int(each * scale.den) for each in (scale.low, scale.high, scale.step))
        self.without = [int(each * scale.den) for each in scale.without]
        self._seen: set[str] = set()

    def holds(self, numbers: Any) -> bool:
        """Whether all of these numerators are legal."""
        inside = self.numeric and numbers.min() >= self.low and numbers.max() <= self.high
        return bool(
            inside and not ((numbers - self.low) % self.step).any() and not np.isin(numbers, self.without).any()
        )

    def answer(self, value: object, key: str | None) -> int | None:
        """The number an answer is worth against the key; None where there is none."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise _Irregular
        if value not in self._seen:
            try:
                self.item.parse(value)
            except MarkError:
                raise _Irregular from None
            if len(self._seen) < 1000:
                self._seen.add(value)
        if not self.item.answered:
            return frames.numerator(value, self.item.den)
        return None if key is None else worth(self.item, value, key)


@lru_cache(maxsize=256)
def _forms(rules: Rules) -> Mapping[tuple[str, str], _Form]:
    return {(sheet.module, sheet.id): _Form(sheet) for sheet in rules.sheets}


__all__ = ["Given", "Pile", "wide"]
