"""The seats' numbers put together: the methods of a panel, on plain lists of fractions."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .bands import in_band
from .rounding import rounded
from .working import mean, median, top

Rule = Mapping[str, Any]
Numbers = list[Fraction]


def together(how: Rule, standing: Numbers, absent: int) -> Fraction | None:
    """What the standing seats' numbers come to, with `absent` seats missing by record; times, then round, come last.

    silent: the row of by_standing is chosen by the seats that really stand; with absent = "mean" the method itself sees
    a full panel.
    """
    method = method_for(how, len(standing))
    if method is None or not standing:
        return None
    values = standing + [mean(standing)] * absent if how["absent"] == "mean" else standing
    value = _METHODS[method["method"]](method, values)
    return rounded(value * Fraction(how.get("times", 1)), how.get("round"))


def method_for(how: Rule, standing: int) -> Rule | None:
    """The combine table itself, or the row of by_standing with the largest `from` not above the standing seats."""
    if "by_standing" not in how:
        return how
    rows = [row for row in how["by_standing"] if int(row["from"]) <= standing]
    row = max(rows, key=lambda row: int(row["from"]), default=None)
    return row and {**row, "always": True}


def _trimmed(how: Rule, values: Numbers) -> Fraction:
    """Without the `low` lowest and the `high` highest, from a panel of `from` on (in a row of by_standing: always)."""
    if "always" not in how and len(values) < int(how["from"]):
        return mean(values)
    return mean(sorted(values)[int(how["low"]) : len(values) - int(how["high"])])


def _middle(how: Rule, values: Numbers) -> Fraction:
    """Mean of the k in the middle (k + 1 where k does not fit); too far apart under `gaps`: mean of all."""
    k = int(how["k"])
    if len(values) < k:
        return mean(values)
    drop = (len(values) - k) // 2
    counted = sorted(values)[drop : len(values) - drop]
    if "gaps" in how:
        gap = Fraction(in_band(how["gaps"], mean(counted))["gap"])
        if max(counted) - min(counted) > gap:
            return mean(values)
    return mean(counted)


def _closest(how: Rule, values: Numbers) -> Fraction:
    """Mean of the k neighbours with the least range; of equal ranges the lower or the higher group."""
    k = int(how["k"])
    if len(values) < k:
        return mean(values)
    ordered = sorted(values)
    groups = [ordered[n : n + k] for n in range(len(ordered) - k + 1)]
    if how["tie"] == "higher":
        groups.reverse()
    return mean(min(groups, key=lambda group: group[-1] - group[0]))


def _agreed(_how: Rule, values: Numbers) -> Fraction:
    (value,) = values
    return value


_METHODS = {
    "sum": lambda _how, values: sum(values, Fraction(0)),
    "mean": lambda _how, values: mean(values),
    "trimmed": _trimmed,
    "median": lambda _how, values: median(values),
    "agreed": _agreed,
    "best": lambda how, values: top(values, int(how["k"])),
    "min": lambda _how, values: min(values),
    "max": lambda _how, values: max(values),
    "middle": _middle,
    "closest": _closest,
}
