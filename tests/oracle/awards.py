"""Awards: places or shares of the standings, with their conditions; or WorldSkills medals."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .field import Field
from .ranking import Results
from .rounding import half_up, rounded
from .worldskills import medals

Rule = Mapping[str, Any]


def award(field: Field, results: Results) -> None:
    """Each entry's award is the first that fits.

    While any entry without a status has no total, or where only who passes is ranked it isn't known whether it did, nobody
    gets one. silent: a place whose holder fails `needs`, or an award
    that too few entered for, is not passed on.
    """
    if any(not result["status"] and _in_doubt(field, result) for result in results.values()):
        return
    ranked = {name: result for name, result in results.items() if result["rank"] is not None}
    if "worldskills" in field.rules:
        for name, medal in _medals(field, ranked).items():
            results[name]["award"] = medal
        return
    awards = field.rules.get("awards", [])
    ranges = _ranges(awards, entered=len(results), ranked=len(ranked))
    for name, result in ranked.items():
        for rule, places in zip(awards, ranges, strict=True):
            if places[0] <= result["rank"] <= places[1] and _fits(field, rule, results, name, places):
                results[name]["award"] = rule["id"]
                break


def _in_doubt(field: Field, result: Mapping[str, Any]) -> bool:
    only_passed = field.rules.get("pass", {}).get("ranked") == "passed"
    return result["total"] is None or (only_passed and result["passed"] is None)


def _medals(field: Field, ranked: Results) -> dict[str, str]:
    rule = field.rules["worldskills"]
    marks = {name: field.scores[name].named(rule["of"]) for name in ranked}
    return medals({name: mark for name, mark in marks.items() if mark is not None}, str(rule["edition"]))


def _ranges(awards: list[Rule], entered: int, ranked: int) -> list[tuple[int, int]]:
    """From place, to place. Shares follow one another."""
    ranges, counts = [], iter(quota([rule for rule in awards if "share" in rule], entered, ranked))
    last = 0
    for rule in awards:
        if "places" in rule:
            ranges.append((int(rule["places"][0]), int(rule["places"][1])))
        else:
            count = next(counts)
            ranges.append((last + 1, last + count))
            last += count
    return ranges


def quota(awards: list[Rule], entered: int, ranked: int) -> list[int]:
    """How many places each share comes to; cumulative: the sum of shares so far half up, minus what went before."""
    counts: list[int] = []
    so_far = Fraction(0)
    for rule in awards:
        exact = Fraction(rule["share"]) * (entered if rule["of"] == "entered" else ranked) / 100
        so_far += exact
        if rule["rounding"] == "cumulative":
            counts.append(int(half_up(so_far, 0)) - sum(counts))
        else:
            mode = {"half_up": "half_up", "ceiling": "up", "floor": "down"}[rule["rounding"]]
            counts.append(int(rounded(exact, {"places": 0, "mode": mode}) or 0))
    return counts


def _fits(field: Field, rule: Rule, results: Results, name: str, places: tuple[int, int]) -> bool:
    """Enough entered, the condition holds, and no tie runs over the border where the rule leaves such a tie out."""
    if len(results) < int(rule.get("least", 0)):
        return False
    if "needs" in rule and field.scores[name].evaluate(rule["needs"]) is not True:
        return False
    return rule.get("ties", "extend") == "extend" or not _over_border(results, name, *places)


def _over_border(results: Results, name: str, first: int, last: int) -> bool:
    """More entries hold these ranks than there are places, and this one holds the last such rank."""
    ranks = [r["rank"] for r in results.values() if r["rank"] is not None and first <= r["rank"] <= last]
    return len(ranks) > last - first + 1 and bool(results[name]["rank"] == max(ranks))
