"""Standings: who is ranked, by which keys, how ties are numbered, and whether a key decided."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .across import better
from .entry import EntryScore
from .field import Field
from .placing import Better, Merits, places, taken
from .rounding import rounded
from .worldskills import positions

Rules = Mapping[str, Any]
Results = dict[str, dict[str, Any]]


def results(field: Field) -> Results:
    """For each entry what it comes to, with its place."""
    rules = field.rules
    found = {name: _alone(rules, score) for name, score in field.scores.items()}
    ranked = [name for name, result in found.items() if _is_ranked(rules, result)]
    if "worldskills" in rules:
        _by_scale(field, found, ranked)
        return found
    merits = {name: _merit(rules, field.scores[name], found[name]) for name in ranked}
    decided = {name: [*merit, *_decision(field, merits, name)] for name, merit in merits.items()}
    numbers = places(decided, rules["ranking"].get("numbering", "1224"))
    for name in ranked:
        found[name] |= {"rank": numbers[name] + _waiting(field, found, name), "tied": len(taken(decided, name)) > 1}
        found[name]["decided"] = _was_decided(rules, decided, name)
    return found


def _alone(rules: Rules, score: EntryScore) -> dict[str, Any]:
    """What one entry's own marks say. A status hides the total: it is no zero."""
    status = score.status()
    return {
        "rank": None,
        "tied": False,
        "decided": False,
        "status": status,
        "total": None if status else rounded(score.total(), rules["total"].get("round")),
        "award": None,
        "passed": score.passed(),
        "values": {name: score.named(name) for name in score.names()} | score.within(),
    }


def _is_ranked(rules: Rules, result: dict[str, Any]) -> bool:
    """With a total; and, where only those who pass are ranked, known to have passed."""
    only_passed = rules.get("pass", {}).get("ranked") == "passed"
    return result["total"] is not None and (result["passed"] is True or not only_passed)


def _merit(rules: Rules, score: EntryScore, result: dict[str, Any]) -> Better:
    """The last round reached, then the keys in order, more is better."""
    merit: Better = [list(rules["rounds"]).index(score.last_round())] if "rounds" in rules else []
    for key in rules["ranking"]["keys"]:
        if key["by"] == "total":
            value = result["total"] if rules["total"]["decide_on"] == "rounded" else score.total()
        else:
            value = score.named(key["by"])
        merit.append(better(value, key["best"]))
    return merit


def _decision(field: Field, merits: Merits, name: str) -> Better:
    """The chief's recorded decision, lower first; it counts only if all of the equal ones have one."""
    equal = [other for other, merit in merits.items() if merit == merits[name]]
    given = {other: field.scores[other].row.get("decision") or "" for other in equal}
    if len(equal) < 2 or not all(given.values()):
        return [Fraction(0)]
    return [-Fraction(given[name])]


def _waiting(field: Field, found: Results, name: str) -> int:
    """How many reached a later round and have no total yet: they take up the places before."""
    if "rounds" not in field.rules:
        return 0
    order = list(field.rules["rounds"])
    at = {other: order.index(score.last_round()) for other, score in field.scores.items()}
    return sum(at[other] > at[name] and r["total"] is None and not r["status"] for other, r in found.items())


def _was_decided(rules: Rules, decided: Merits, name: str) -> bool:
    """A key put it before or after entries equal to it in the round reached and the first key."""
    first = 2 if "rounds" in rules else 1
    mine = decided[name]
    return any(other[:first] == mine[:first] and other != mine for other in decided.values())


def _by_scale(field: Field, found: Results, ranked: list[str]) -> None:
    """Places by WorldSkills marks on a scale, with what counts as equal in that edition."""
    rule = field.rules["worldskills"]
    marks = {name: mark for name in ranked if (mark := field.scores[name].named(rule["of"])) is not None}
    numbers = positions(marks, str(rule["edition"]))
    for name, number in numbers.items():
        found[name] |= {"rank": Fraction(number), "tied": list(numbers.values()).count(number) > 1}
