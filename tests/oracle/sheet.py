"""One sheet of one entry: its seats' marks after vetoes, and the seats put together as the sheet says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .marking import Around, Marking, limited
from .panel import method_for, together
from .working import Row, Value

Zero = Callable[[str], bool | None]  # is a target ("", section, item) of this sheet zeroed? None: not known yet
NOTHING = Fraction(0)
_ALONE = {"method": "agreed", "least": 1, "absent": "exclude"}  # a sheet of one seat needs no combining


@dataclass(frozen=True)
class Counting:
    """The seats that count: their names, how many of theirs are absent by record, and whether the panel stands."""

    seats: tuple[str, ...]
    absent: int
    stands: bool


class Sheet:
    """The marks of every seat on one sheet for one entry. `applies`: None where the entry's attribute is not known."""

    def __init__(
        self, around: Around, module: str, name: str, absent: set[str], applies: Callable[[], bool | None], zero: Zero
    ) -> None:
        self.marking, self.applies, self.zero = Marking(around, module, name), applies, zero
        self.rule: Mapping[str, Any] = around.rules["modules"][module]["sheets"][name]
        self.how: Mapping[str, Any] = self.rule.get("combine", _ALONE)
        self.spread: Mapping[str, Any] = self.rule.get("spread", {})
        panel = self.rule["panel"]
        self.seats = [f"{panel}.{n}" for n in range(1, int(around.rules["panels"][panel]["seats"]) + 1)]
        self.present = [seat for seat in self.seats if seat not in absent]
        self.joined = self._joined  # one object, so that rows of this sheet are known by it

    def of_seat(self, seat: str) -> Fraction | None:
        """All that one seat gave; an absent seat has no values, whatever was recorded."""
        return self._points(seat, "") if seat in self.present else None

    def combined(self, what: str = "") -> Fraction | None:
        """The whole sheet, a section, an item or item.value by the sheet's own method. Worth 0 where it does not apply."""
        applies = self.applies()
        if not applies:
            return None if applies is None else NOTHING
        counting = self._counting()
        if counting is None or not counting.stands:
            return None
        if self._held() is not False or method_for(self.how, len(counting.seats)) is None:
            return None
        if not what and self._zeroed("") is True:
            return NOTHING
        if self.how.get("by", "sheet") == "item" and not what.endswith(".value"):
            rows = [[self._cell(seat, *cell) for seat in counting.seats] for cell in self.marking.cells(what)]
        else:
            rows = [[self._of(seat, what) for seat in counting.seats]]
        return added([None if None in row else together(self.how, _all(row), counting.absent) for row in rows])

    def _joined(self, values: list[Fraction | None]) -> Fraction | None:
        """A computed row, one value per counting seat, by the sheet's own method. Worth 0 where the sheet does not apply."""
        applies, counting = self.applies(), self._counting()
        if not applies:
            return None if applies is None else NOTHING
        if counting is None or not counting.stands or self._held() is not False or None in values:
            return None
        return together(self.how, [Fraction(value) for value in values if value is not None], counting.absent)

    def row(self, what: str) -> Value:
        """The points of every counting seat for a section or item, or its raw values; one plain value of one seat.

        Of a panel that does not stand nothing is known, vetoes or not. Where the sheet does not apply its points are 0;
        its values are what was recorded all the same.
        """
        what = self.marking.asked(what)
        samples = len(self.marking.cells(what.removesuffix(".value"))) if self.marking.is_item(what) else 1
        single = len(self.seats) == 1 and samples == 1
        applies, counting = what.endswith(".value") or self.applies(), self._counting()
        if applies is False:
            seats = counting.seats if counting is not None and counting.stands else self.seats
            return NOTHING if single else Row((NOTHING,) * (len(seats) * samples), combine=self.joined)
        if counting is None or not counting.stands:
            return None if single else Row((), stands=False, combine=self.joined)
        values = tuple(value for seat in counting.seats for value in self._values(seat, what))
        values = values if applies else (None,) * len(values)
        return values[0] if single else Row(values, combine=self.joined)

    def _counting(self) -> Counting | None:
        """None while it is not known which seats count."""
        panel, seats = self.seats, self.present
        if self.spread.get("then") == "third":
            others = [seat for seat in self.present if seat != self.seats[-1]]
            applies = self.applies()
            totals = [self.of_seat(seat) if applies else NOTHING for seat in others]
            if applies is None or None in totals:
                return None
            if not self._apart(totals):
                panel, seats = self.seats[:-1], others
        absent = len(panel) - len(seats)
        refused = self.how["absent"] == "refuse" and absent > 0
        return Counting(tuple(seats), absent, not refused and len(seats) >= int(self.how["least"]))

    def _held(self) -> bool | None:
        """Standing seats are too far apart, and the rule holds the sheet back. None: not all have marked yet."""
        if self.spread.get("then") != "hold":
            return False
        if self.spread.get("by", "sheet") == "sheet":
            rows = [[self.of_seat(seat) for seat in self.present]]
        else:
            rows = [[self.marking.number(seat, *cell) for seat in self.present] for cell in self.marking.recorded()]
        if any(self._apart(row) for row in rows):
            return True
        return None if any(None in row for row in rows) else False

    def _apart(self, values: list[Fraction | None]) -> bool:
        known = [value for value in values if value is not None]
        return len(known) > 1 and max(known) - min(known) > self._limit()

    def _limit(self) -> Fraction:
        limit = self.spread["limit"]
        if isinstance(limit, str):
            return Fraction(limit.removesuffix("%")) / 100 * Fraction(self.rule["max"])
        return Fraction(limit)

    def _values(self, seat: str, what: str) -> list[Fraction | None]:
        """Of an item or item.value one for each of its samples; else one."""
        if not self.marking.is_item(what):
            return [self._points(seat, what)]
        give = self.marking.number if what.endswith(".value") else self._cell
        return [give(seat, *cell) for cell in self.marking.cells(what.removesuffix(".value"))]

    def _of(self, seat: str, what: str) -> Fraction | None:
        """One number for the seat: its values or points of `what`, added over the samples."""
        return added(self._values(seat, what)) if what.endswith(".value") else self._points(seat, what)

    def _points(self, seat: str, what: str) -> Fraction | None:
        """A seat's points of an item (all its samples), a section within its limits, or all sections."""
        if what.partition("@")[0] in self.marking.items:
            return added([self._cell(seat, *cell) for cell in self.marking.cells(what)])
        sections = [section for section in self.rule["sections"] if what in ("", section["id"])]
        return added([self._section(seat, section) for section in sections])

    def _section(self, seat: str, section: Mapping[str, Any]) -> Fraction | None:
        return limited(added([self._cell(seat, *cell) for cell in self.marking.cells(section["id"])]), section)

    def _cell(self, seat: str, item: str, sample: str) -> Fraction | None:
        """One item's points after the vetoes: a known one zeroes it, one in doubt leaves it unknown. What is worth nothing
        itself has no points that a veto could touch.
        """
        if not self.marking.scores(item):
            return NOTHING
        zeroed = self._zeroed(item, f"{item}@{sample}", self.marking.items[item][0]["id"], "")
        if zeroed is not False:
            return NOTHING if zeroed else None
        return self.marking.earned(seat, item, sample)

    def _zeroed(self, *targets: str) -> bool | None:
        found = [self.zero(target) for target in dict.fromkeys(targets)]
        return True if True in found else None if None in found else False


def added(values: list[Fraction | None]) -> Fraction | None:
    return None if None in values else sum(_all(values), NOTHING)


def _all(values: list[Fraction | None]) -> list[Fraction]:
    return [value for value in values if value is not None]
