"""Subtotals, totals and printed maxima of a workbook against what its items add up to."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from competition.rules.drafting.scheme import Aspect, Scheme, Unit


class Totals:
    """Adds up one worksheet as it is read. Deductions add nothing; a sum with an unknown in it is not checked."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.here: list[Aspect] = []
        self.since: list[Aspect] = []
        self.late: list[tuple[Unit, str | None, str, Decimal]] = []

    def add(self, aspect: Aspect) -> None:
        """An item was read."""
        self.here.append(aspect)
        self.since.append(aspect)

    def printed(self, unit: Unit, group: str | None, where: str, number: Decimal | None) -> None:
        """A heading prints the points of its module (group None) or group, whose items are still to come."""
        if number is not None:
            self.late.append((unit, group, where, number))

    def said(self, unit: Unit, group: str, label: str, where: str, number: Decimal) -> None:
        """A row says a subtotal or a total. It is in order if it is the sum of anything the row can mean."""
        subtotal = bool(re.search("小计|sub", label.casefold()))
        part = [aspect for each in self.scheme.units if each.part == unit.part for aspect in each.aspects]
        whole: list[Sequence[Aspect]] = [self.here, unit.aspects, part, self.scheme.aspects]
        sums: list[Sequence[Aspect]] = (
            [self.since, _of_group(unit, group), unit.aspects] if subtotal else [*whole, self.since]
        )
        self.since = []
        if not any(known(aspects) and total(aspects) == number for aspects in sums) and known(sums[0]):
            self._differs(where, label, number, total(sums[0]))

    def finish(self) -> None:
        """All items are there: the printed maxima can be compared."""
        for unit, group, where, number in self.late:
            aspects = unit.aspects if group is None else _of_group(unit, group)
            if known(aspects) and total(aspects) != number:
                self._differs(where, unit.name if group is None else group, number, total(aspects))

    def _differs(self, where: str, label: str, number: Decimal, added: Decimal) -> None:
        zh = f"{label} 写的是 {number:f}，各项相加是 {added:f}。请改其一。"
        self.scheme.error(where, zh, f"{label} says {number:f}, the items add up to {added:f}. Change one of them.")


def total(aspects: Iterable[Aspect]) -> Decimal:
    """The maximum of some items."""
    return sum((aspect.most for aspect in aspects), Decimal(0)).normalize()


def known(aspects: Iterable[Aspect]) -> bool:
    """Whether every item's points are known; a deduction needs none."""
    return all(aspect.points is not None or aspect.kind == "deducted" for aspect in aspects)


def _of_group(unit: Unit, group: str) -> list[Aspect]:
    return [aspect for each in unit.groups if each.name == group for aspect in each.aspects]
