"""Tables beside the standings: of entries, or of the values of an attribute."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .across import better
from .entry import EntryScore
from .field import Field
from .placing import Merits, places
from .working import mean

Rule = Mapping[str, Any]
Rows = dict[str, dict[str, Any]]  # entry or attribute value -> rank, value


def lists(field: Field) -> dict[str, Rows]:
    return {rule["id"]: _list(field, rule) for rule in field.rules.get("lists", [])}


def _list(field: Field, rule: Rule) -> Rows:
    """Who is in the field and meets `needs`, 1224; without a value: no rank."""
    members = [score for score in field.members() if "needs" not in rule or score.evaluate(rule["needs"]) is True]
    values = {score.id: score.number(rule["of"]) for score in members}
    if "per" in rule:
        return _per(rule, members, values)
    keys = rule.get("keys", [])
    merits = {
        score.id: [better(values[score.id], rule["best"]), *[better(score.named(k["by"]), k["best"]) for k in keys]]
        for score in members
        if values[score.id] is not None
    }
    return _rows(values, merits)


def _per(rule: Rule, members: list[EntryScore], values: dict[str, Fraction | None]) -> Rows:
    """One row for each value of the attribute: its members' values, the best `take` of them, added or their mean."""
    groups: dict[str, list[Fraction]] = {}
    for score in members:
        name, value = score.attribute(rule["per"]), values[score.id]
        if name is not None:
            groups.setdefault(name, []).extend([] if value is None else [value])
    worked: dict[str, Fraction | None] = {}
    for name, group in groups.items():
        best = sorted(group, reverse=rule["best"] == "high")[: int(rule.get("take", len(group)))]
        enough = len(group) >= int(rule.get("least", 1)) and best
        worked[name] = (sum(best, Fraction(0)) if rule["method"] == "sum" else mean(best)) if enough else None
    return _rows(worked, {name: [better(value, rule["best"])] for name, value in worked.items() if value is not None})


def _rows(values: Mapping[str, Fraction | None], merits: Merits) -> Rows:
    numbers = places(merits, "1224")
    return {name: {"rank": numbers.get(name), "value": value} for name, value in values.items()}
