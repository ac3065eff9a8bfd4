"""Marks and a rule file in, standings out: slow, plain, and written from the rule text alone.

Where the text is silent the reading taken here is marked "silent:" so that a disagreement with the engine is seen for what it is.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .entry import EntryScore
from .rounding import rounded

Rules = Mapping[str, Any]
Mark = tuple[str, str, str, str, str, str]  # entry, module, sheet, seat, item, value text


def oracle(
    rules: Rules, marks: Iterable[Mark], entries: list[dict[str, str]], absences: Iterable[tuple[str, str]] = ()
) -> dict[str, dict[str, Any]]:
    """For each entry: rank, tied, status, total (as the rules round it), award, values by name.

    `rules` is the merged rule file with numbers as int or Decimal; `entries` have entry, status and attributes;
    `absences` are (entry or "*" for all, seat).
    """
    cells: dict[str, dict[tuple[str, str, str, str], str]] = {}
    for entry, module, sheet, seat, item, value in marks:
        cells.setdefault(entry, {})[module, sheet, seat, item] = value
    away = set(absences)
    scores = {}
    for row in entries:
        name = row["entry"]
        absent = {seat for who, seat in away if who in ("*", name)}
        scores[name] = EntryScore(rules, row, cells.get(name, {}), cells.get("*", {}), absent)
    results = {name: _result(rules, score) for name, score in scores.items()}
    _rank(rules, scores, results)
    _award(rules, scores, results)
    return results


def _result(rules: Rules, score: EntryScore) -> dict[str, Any]:
    """What one entry's own marks say. A status hides the total: it is no zero."""
    status = score.status()
    values = {name: score.named(name) for name in score.names()} | score.within()
    total = None if status else rounded(score.total(), rules["total"].get("round"))
    return {
        "rank": None,
        "tied": False,
        "status": status,
        "total": total,
        "award": None,
        "values": values,
    }


def _rank(rules: Rules, scores: dict[str, EntryScore], results: dict[str, dict[str, Any]]) -> None:
    """Equal merit equal rank, the next rank skips (1224). Without a total there is no rank."""
    merits = {n: _merit(rules, scores[n], r) for n, r in results.items() if r["total"] is not None}
    for name, merit in merits.items():
        results[name]["rank"] = 1 + sum(other > merit for other in merits.values())
        results[name]["tied"] = sum(other == merit for other in merits.values()) > 1


def _merit(rules: Rules, score: EntryScore, result: dict[str, Any]) -> list[tuple[bool, Fraction]]:
    """The keys in order, more is better. silent: a key that is not known ranks below every known one."""
    merit = []
    for key in rules["ranking"]["keys"]:
        if key["by"] == "total":
            value = result["total"] if rules["total"]["decide_on"] == "rounded" else score.total()
        else:
            value = score.named(key["by"])
        if value is None:
            merit.append((False, Fraction(0)))
        else:
            merit.append((True, value if key["best"] == "high" else -value))
    return merit


def _award(rules: Rules, scores: dict[str, EntryScore], results: dict[str, dict[str, Any]]) -> None:
    """Places by rank, so a tie on a border is taken in whole and uses up the places after it.

    Shares follow one another: each is rounded by itself. silent: a place whose holder fails `needs` is not passed on.
    The first award that fits is the entry's. While any entry without a status has no total nobody gets one.
    """
    if any(result["total"] is None and not result["status"] for result in results.values()):
        return
    ranked = [name for name, result in results.items() if result["rank"] is not None]
    ranges, last = [], 0
    for award in rules.get("awards", []):
        if "places" in award:
            ranges.append((int(award["places"][0]), int(award["places"][1])))
        else:
            field = len(results) if award["of"] == "entered" else len(ranked)
            mode = {"half_up": "half_up", "ceiling": "up", "floor": "down"}[award["rounding"]]
            count = rounded(Fraction(award["share"]) * field / 100, {"places": 0, "mode": mode})
            assert count is not None
            ranges.append((last + 1, last + int(count)))
            last += int(count)
    for name in ranked:
        for award, (first, final) in zip(rules.get("awards", []), ranges, strict=True):
            if not first <= results[name]["rank"] <= final:
                continue
            if "needs" in award and scores[name].condition(award["needs"]) is not True:
                continue
            results[name]["award"] = award["id"]
            break
