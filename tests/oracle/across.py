"""Quantities across the field: each form on a plain group of entries, values in fractions.

A group is entry -> value, everything in it known. The answer is entry -> value; None where the form gives none.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .majority import by_majority
from .placing import Better, best_n, places, taken
from .rounding import rounded
from .standard import scale_500, scale_700, standard
from .working import mean, median

Rule = Mapping[str, Any]
Values = Mapping[str, Any]  # fractions; of majority rows of them
Worked = dict[str, Fraction | None]


def worked_out(rule: Rule, group: Values, keys: Callable[[str], Better]) -> Worked:
    """One group by `how`; `keys` gives the further keys of an entry for "top". Not for "factor", which sees all groups."""
    how = rule["how"]
    if how in _ONE_FOR_ALL:
        value = _ONE_FOR_ALL[how](list(group.values()))
        return dict.fromkeys(group, value)
    if how == "top":
        merits = {entry: [better(value, rule["best"]), *keys(entry)] for entry, value in group.items()}
        chosen = best_n(merits, int(rule["n"]), rule["ties"])
        return {entry: None if chose is None else Fraction(chose) for entry, chose in chosen.items()}
    return dict(_EACH[how](rule, group))


def better(value: Fraction | None, best: str) -> tuple[bool, Fraction]:
    """Larger is better. silent: what is not known lies behind everything known."""
    if value is None:
        return (False, Fraction(0))
    return (True, value if best == "high" else -value)


def factors(rule: Rule, groups: Mapping[str, Values]) -> dict[str, Fraction | None]:
    """R / A for every group: A its own (trimmed) mean, R the mean of those means, or the (trimmed) mean of all pooled."""
    means = {name: _trimmed_mean(list(group.values()), rule) for name, group in groups.items()}
    known = [value for value in means.values() if value]
    pool = [value for group in groups.values() for value in group.values()]
    if not known or len(known) < len(means):  # a group is empty after trimming, or its mean is 0: nothing to divide by
        return dict.fromkeys(groups)
    reference = _trimmed_mean(pool, rule) if rule["method"] == "pooled" else mean(known)
    return {
        name: None if own is None or reference is None else rounded(reference / own, rule.get("round"))
        for name, own in means.items()
    }


def _trimmed_mean(values: list[Fraction], rule: Rule) -> Fraction | None:
    """Without that many lowest and highest; with nothing left there is no mean."""
    low, high = (int(n) for n in rule.get("trim", [0, 0]))
    left = sorted(values)[low : len(values) - high]
    return mean(left) if left else None


def _rank(rule: Rule, group: Values) -> Worked:
    merits = {entry: [better(value, rule["best"])] for entry, value in group.items()}
    return dict(places(merits, rule.get("numbering", "1224")))


def _points(rule: Rule, group: Values) -> Worked:
    """Points by place. Tied: the higher place's, the mean of the places they take up, the lowest place's, or none."""
    merits = {entry: [better(value, rule["best"])] for entry, value in group.items()}
    table = [Fraction(points) for points in rule["points"]]
    worth = lambda place: table[place - 1] if place <= len(table) else Fraction(rule.get("rest", 0))  # noqa: E731
    ways = {"higher": lambda row: row[0], "average": mean, "lower": lambda row: row[-1]}
    ways["refuse"] = lambda row: row[0] if len(row) == 1 else None
    which = ways[rule["ties"]]
    return {entry: which([worth(place) for place in taken(merits, entry)]) for entry in group}


def _rival(_rule: Rule, group: Values) -> Worked:
    """The other's value in a group of exactly two."""
    if len(group) != 2:
        return dict.fromkeys(group)
    (one, first), (two, second) = group.items()
    return {one: second, two: first}


def _majority(_rule: Rule, group: Values) -> Worked:
    return dict(by_majority({entry: list(row.values) for entry, row in group.items()}))


def _standard(rule: Rule, group: Values) -> Worked:
    values = list(group.values())
    centre, spread, decimals = Fraction(rule["centre"]), Fraction(rule["spread"]), int(rule["places"])
    return {entry: standard(values, value, centre, spread, decimals) for entry, value in group.items()}


def _worldskills(scale: Callable[[list[Fraction], Fraction], Fraction | None]) -> Callable[[Rule, Values], Worked]:
    def scaled(rule: Rule, group: Values) -> Worked:
        values = list(group.values())
        if len(values) < int(rule.get("least", 1)):
            return dict.fromkeys(group)
        return {entry: _clamped(scale(values, value), rule) for entry, value in group.items()}

    return scaled


def _clamped(value: Fraction | None, rule: Rule) -> Fraction | None:
    if value is None or "clamp" not in rule:
        return value
    low, high = (Fraction(edge) for edge in rule["clamp"])
    return min(max(value, low), high)


_ONE_FOR_ALL: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "sum": lambda values: sum(values, Fraction(0)),
    "mean": mean,
    "median": median,
    "min": min,
    "max": max,
    "count": lambda values: Fraction(len(values)),
}
_EACH: dict[str, Callable[[Rule, Values], Worked]] = {
    "rank": _rank,
    "points": _points,
    "rival": _rival,
    "majority": _majority,
    "standard": _standard,
    "scale_500": _worldskills(scale_500),
    "scale_700": _worldskills(scale_700),
}
