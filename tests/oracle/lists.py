"""Tables beside the standings: of entries, or of the values of an attribute."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .across import better
from .entry import EntryScore
from .field import Field
from .placing import Better, Merits, places
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
    merits = {score.id: _merit(rule, values[score.id], _keys(rule, score)) for score in members}
    return _rows(values, {name: merit for name, merit in merits.items() if values[name] is not None})


def _per(rule: Rule, members: list[EntryScore], values: dict[str, Fraction | None]) -> Rows:
    """One row for each value of the attribute: its members' values, the best `take` of them, added or their mean.

    While a member has no value yet the row has none. Its keys are put together by the same method over the same members.
    """
    groups: dict[str, list[EntryScore]] = {}
    for score in members:
        name = score.attribute(rule["per"])
        if name is not None:
            groups.setdefault(name, []).append(score)
    worked: dict[str, Fraction | None] = {}
    merits = {}
    for name, group in groups.items():
        if any(values[score.id] is None for score in group):
            worked[name] = None
            continue
        best = sorted(group, key=lambda score: _merit(rule, values[score.id], _keys(rule, score)), reverse=True)
        best = best[: int(rule.get("take", len(group)))]
        worked[name] = _together(rule, [values[score.id] for score in best])
        columns = zip(*[_keys(rule, score) for score in best], strict=True)
        if len(group) >= int(rule.get("least", 1)):
            merits[name] = _merit(rule, worked[name], [_together(rule, list(column)) for column in columns])
    return _rows(worked, merits)


def _keys(rule: Rule, score: EntryScore) -> list[Fraction | None]:
    return [score.named(key["by"]) for key in rule.get("keys", [])]


def _merit(rule: Rule, value: Fraction | None, keys: list[Fraction | None]) -> Better:
    bests = [key["best"] for key in rule.get("keys", [])]
    return [better(value, rule["best"]), *[better(key, best) for key, best in zip(keys, bests, strict=True)]]


def _together(rule: Rule, values: list[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not known:
        return None
    return sum(known, Fraction(0)) if rule["method"] == "sum" else mean(known)


def _rows(values: Mapping[str, Fraction | None], merits: Merits) -> Rows:
    numbers = places(merits, "1224")
    return {name: {"rank": numbers.get(name), "value": value} for name, value in values.items()}
