"""Whole small rule files that keep to the rule language, and marks for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from . import endings
from .items import Draw, chance
from .oracle import Mark
from .sheets import Made, Maker
from .writing import written


@dataclass
class Case:
    """One rule file with marks: what both sides are given."""

    data: dict[str, Any]
    marks: list[Mark]
    entries: list[dict[str, str]]
    absences: list[tuple[str, str]]

    @property
    def text(self) -> str:
        return written(self.data)

    def __repr__(self) -> str:
        return f"\n{self.text}\nmarks = {self.marks}\nentries = {self.entries}\nabsences = {self.absences}"


@st.composite
def cases(draw: Draw, monotone: bool = False) -> Case:
    """A rule file and marks. `monotone`: only rules under which a higher mark can't hurt."""
    maker = Maker(draw, monotone)
    data = maker.rules()
    if found := endings.quantities(draw, maker.made):
        data["quantities"] = found
    if not monotone and (vetoes := endings.vetoes(draw, maker.made)):
        data["vetoes"] = vetoes
    names = [*data["parts"], *data["modules"], *data.get("quantities", {})]
    data["total"] = endings.total(draw, list(data["parts"]))
    data["ranking"] = endings.ranking(draw, names)
    if awards := endings.awards(draw, names):
        data["awards"] = awards
    entries = _entries(draw, data)
    absences = _absences(draw, data, entries)
    marks = [
        mark for mark in _marks(draw, maker.made, entries) if not {(mark[0], mark[3]), ("*", mark[3])} & set(absences)
    ]
    return Case(data, marks, entries, absences)


def _entries(draw: Draw, data: dict[str, Any]) -> list[dict[str, str]]:
    entries = []
    for n in range(draw(st.integers(1, 4))):
        entry = {"entry": f"e{n + 1}", "status": draw(st.sampled_from(endings.STATUSES))}
        if "attributes" in data:
            entry["tint"] = draw(st.sampled_from(["red", "blue"]))
        entries.append(entry)
    return entries


def _marks(draw: Draw, made: list[Made], entries: list[dict[str, str]]) -> list[Mark]:
    """Every cell takes the next of a few drawn numbers: short lists give ties and extremes, long ones variety."""
    numbers = draw(st.lists(st.integers(0, 19), min_size=1, max_size=40))
    twins = draw(st.booleans())  # entries with the very same marks
    marks: list[Mark] = []
    at = 0
    for entry in entries:
        at = 0 if twins else at
        for module, sheet, seat, item, values in _cells(made):
            marks.append((entry["entry"], module, sheet, seat, item, values[numbers[at % len(numbers)] % len(values)]))
            at += 1
    missing = set(draw(st.lists(st.integers(0, len(marks) - 1), max_size=3))) if marks else set()
    marks = [mark for n, mark in enumerate(marks) if n not in missing]
    keys = [(m, s, item, values) for m, s, item, values in _keys(made) if not chance(draw, 12)]
    return marks + [("*", m, s, "key", item, values[numbers[0] % len(values)]) for m, s, item, values in keys]


def _cells(made: list[Made]) -> Iterator[tuple[str, str, str, str, list[str]]]:
    for sheet in made:
        for n in range(sheet.seats):
            for item, samples in sheet.items():
                for sample in samples if item.values else []:
                    label = f"{item.id}@{sample}" if sample else item.id
                    yield sheet.module, sheet.sheet, f"{sheet.panel}.{n + 1}", label, item.values


def _keys(made: list[Made]) -> Iterator[tuple[str, str, str, list[str]]]:
    for sheet in made:
        for item, samples in sheet.items():
            for sample in samples if item.sealed else []:
                yield sheet.module, sheet.sheet, f"{item.id}@{sample}" if sample else item.id, item.values


def _absences(draw: Draw, data: dict[str, Any], entries: list[dict[str, str]]) -> list[tuple[str, str]]:
    seats = [f"{panel}.{n + 1}" for panel, rule in data["panels"].items() for n in range(rule["seats"])]
    who = ["*", *[entry["entry"] for entry in entries]]
    if not chance(draw, 3):
        return []
    return draw(st.lists(st.tuples(st.sampled_from(who), st.sampled_from(seats)), max_size=3, unique=True))
