"""How each judge of a panel marked beside the others (rules.md 19.1): for review after locking, never to change a result.

Every difference is a judge's own total less the mean of the OTHERS': a mean that holds the judge's own mark hides part of it. All
numbers are exact; what is said of a judge in words waits until there are marks enough (`FEW`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

FEW = 8
"""Below so many entries nothing is said of a judge: one odd performance would say it (tablets-and-screens.md 6.5)."""

Scores = Mapping[str, Mapping[str, Fraction]]
"""Entry -> judge -> what the judge's sheet is worth."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One judge beside the others. entries: those somebody else marked too.

    severity: the mean difference, above zero is generous; off: the mean distance, whichever way; most: the entry with the largest
    distance, and the difference; above, below: entries on which the judge was higher or lower than the others' mean; low, high: the
    judge's own totals; agrees of pairs: pairs of entries that the others tell apart, and those of them in the same order.
    """

    entries: int
    severity: Fraction
    off: Fraction
    most: tuple[str, Fraction]
    above: int
    below: int
    low: Fraction
    high: Fraction
    narrow: bool
    agrees: int
    pairs: int

    @property
    def few(self) -> bool:
        """Too few entries to say anything of the judge."""
        return self.entries < FEW

    @property
    def leans(self) -> str:
        """ "high" or "low" where that can hardly be chance (sign test, one in twenty), else ""."""
        n, k = self.above + self.below, max(self.above, self.below)
        chance = 2 * sum(comb(n, wins) for wins in range(k, n + 1))
        if self.few or chance * 20 > 2**n:
            return ""
        return "high" if self.above > self.below else "low"


def figures(scores: Scores) -> dict[str, Figures]:
    """Each judge's figures; a judge who shares no entry with another has none."""
    apart: dict[str, dict[str, tuple[Fraction, Fraction]]] = {}
    for entry, given in scores.items():
        for judge, own in given.items():
            others = [value for other, value in given.items() if other != judge]
            if others:
                apart.setdefault(judge, {})[entry] = own, mean(others)
    return {judge: _figures(judge, pairs, scores) for judge, pairs in sorted(apart.items())}


def agreement(scores: Scores) -> Fraction | None:
    """Kendall's W of the judges who marked every entry that all of them marked: 1, all orders alike; 0, none. None below two of
    either, or where all marks are equal."""
    judges = sorted({judge for given in scores.values() for judge in given})
    whole = [given for given in scores.values() if len(given) == len(judges)]
    m, n = len(judges), len(whole)
    if m < 2 or n < 2:
        return None
    ranked = [_ranks([given[judge] for given in whole]) for judge in judges]
    sums = [sum((ranks[i] for ranks, _ in ranked), Fraction()) for i in range(n)]
    middle = mean(sums)
    spread = sum(((one - middle) ** 2 for one in sums), Fraction())
    most = m * m * (n**3 - n) - m * sum(ties for _, ties in ranked)
    return 12 * spread / most if most else None


def flat(marks: Mapping[str, Mapping[str, Iterable[str]]]) -> tuple[str, ...]:
    """Items (item -> entry -> marks) on which everybody got the same mark from every judge: they tell nobody apart."""
    found = []
    for item, by_entry in marks.items():
        given = [value for values in by_entry.values() for value in values]
        if len(by_entry) > 1 and len(given) >= FEW and len(set(given)) == 1:
            found.append(item)
    return tuple(found)


def mean(values: Sequence[Fraction]) -> Fraction:
    """The exact mean."""
    return sum(values, Fraction()) / len(values)


def _figures(judge: str, pairs: Mapping[str, tuple[Fraction, Fraction]], scores: Scores) -> Figures:
    differences = {entry: own - others for entry, (own, others) in pairs.items()}
    most = max(differences, key=lambda entry: (abs(differences[entry]), entry))
    own = [one for one, _ in pairs.values()]
    told = [(a, b) for a, b in combinations(pairs.values(), 2) if a[1] != b[1]]
    return Figures(
        entries=len(pairs),
        severity=mean(list(differences.values())),
        off=mean([abs(one) for one in differences.values()]),
        most=(most, differences[most]),
        above=sum(one > 0 for one in differences.values()),
        below=sum(one < 0 for one in differences.values()),
        low=min(own),
        high=max(own),
        narrow=_narrow(judge, own, [scores[entry] for entry in pairs]),
        agrees=sum((a[0] - b[0]) * (a[1] - b[1]) > 0 for a, b in told),
        pairs=len(told),
    )


def _narrow(judge: str, own: Sequence[Fraction], given: Sequence[Mapping[str, Fraction]]) -> bool:
    """Whether a judge's totals lie less than half as far apart as the others' do (standard deviations), on the same entries."""
    others = {name for one in given for name in one if name != judge}
    spread = [_variance([one[name] for one in given if name in one]) for name in others]
    return len(own) >= FEW and 4 * _variance(own) < mean(spread)


def _variance(values: Sequence[Fraction]) -> Fraction:
    middle = mean(values)
    return mean([(one - middle) ** 2 for one in values])


def _ranks(values: Sequence[Fraction]) -> tuple[list[Fraction], int]:
    """Mean ranks, the highest first, and Σ(t³ − t) over groups of equals."""
    order = sorted(values, reverse=True)
    first = {value: order.index(value) + 1 for value in set(values)}
    size = {value: values.count(value) for value in set(values)}
    ranks = [first[value] + Fraction(size[value] - 1, 2) for value in values]
    return ranks, sum(count**3 - count for count in size.values())
