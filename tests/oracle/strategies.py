"""Whole small rule files that keep to the rule language, and marks for them."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from .making import endings, marks, wide
from .making.body import Maker
from .making.drawing import D, Draw, Table, chance, one_of
from .making.formulas import Known
from .oracle import Mark
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
def cases(draw: Draw, monotone: bool = False, field: bool = True) -> Case:
    """A rule file and marks. `monotone`: only rules under which a higher mark can't hurt, and nothing across the field.

    `field`: entries may depend on each other (across, rounds, numbering, the chief's decision).
    """
    field = field and not monotone
    maker = Maker(draw, monotone, field)
    data = maker.rules()
    _finish(draw, maker, data, field)
    rows = marks.entries(draw, data, field)
    away = marks.absences(draw, data, rows)
    gone = set(away)
    given = [m for m in marks.marks(draw, maker.made, rows) if not {(m[0], m[3]), ("*", m[3])} & gone]
    if not monotone and chance(draw, 4):
        _override(draw, data)
    return Case(data, given, rows, away)


def _finish(draw: Draw, maker: Maker, data: Table, field: bool) -> None:
    """All that follows from the sheets. Names are used only after they are made: nothing goes round in a circle."""
    overtimes = [f"{m}.{over['id']}" for m, rule in data["modules"].items() for over in rule.get("overtime", [])]
    known = Known(maker.made, list(data["parts"]), list(data["modules"]), overtimes)
    later = {module for module, rule in data["modules"].items() if isinstance(rule.get("round"), str)}
    if not maker.monotone and (vetoes := endings.vetoes(draw, maker.made, later)):
        data["vetoes"] = vetoes
    first = Known(
        [s for s in maker.made if s.module not in later], [], [m for m in known.modules if m not in later], []
    )
    before = first if maker.rounds else known  # what the rounds start from knows nothing of later ones
    wide.quantities(draw, before, data, "q")
    if field and chance(draw, 2):
        wide.across(draw, before, data, "a")
        wide.quantities(draw, before, data, "r")
    if maker.rounds:
        known.names, known.reports = list(before.names), list(before.reports)
        wide.rounds(draw, before, data, maker.rounds)
        known.names += [name for name in before.names if name not in known.names]
        if chance(draw, 2):
            wide.across(draw, known, data, "b")
            wide.quantities(draw, known, data, "s")
    data["total"] = endings.total(draw, known, maker.rounds)
    known.names.append("total")
    if field and chance(draw, 3):
        wide.across(draw, known, data, "t")
    data["ranking"] = endings.ranking(draw, known, field)
    if field and chance(draw, 4):
        data["pass"] = endings.passing(draw, known)
    if field and chance(draw, 6):
        endings.worldskills(draw, known, data)
    elif awards := endings.awards(draw, known):
        data["awards"] = awards
    if field and chance(draw, 3):
        data["lists"] = endings.lists(draw, known)


def _override(draw: Draw, data: Table) -> None:
    """The file says something else of one item's weight, and overrides it."""
    places = [
        (f"{module}.{sheet}.{item['id']}", item)
        for module, rule in data["modules"].items()
        for sheet, content in rule["sheets"].items()
        for section in content["sections"]
        for item in section["items"]
        if isinstance(item.get("weight"), D)
    ]
    if places:
        place, item = one_of(draw, *places)
        data["overrides"] = {place: {"weight": item["weight"]}}
        item["weight"] = 7
