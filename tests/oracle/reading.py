"""Rule files and their worked cases read from disk."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

from .field import Mark

RULES = Path(__file__).parents[2] / "scoring_rules"


def read_rules(path: Path) -> dict[str, Any]:
    """A rule file with the bases it extends merged below it."""
    data = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    if "extends" not in data:
        return data
    bases = path.parent if path.parent.name == "bases" else path.parent.parent / "bases"
    return _over(read_rules(bases / f"{data['extends']}.toml"), data)


def _over(below: Any, above: Any) -> Any:
    """Tables merge key by key, deep; arrays and plain values of the event's file replace the base's."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: _over(below.get(key), value) for key, value in above.items()}}


def overridden(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The rules with [overrides]: their keys replace those of the sheet, section or item that each names."""
    if "overrides" not in data:
        return data
    whole = deepcopy(dict(data))
    for place, keys in whole.pop("overrides").items():
        module, sheet, *rest = place.split(".")
        _table(whole["modules"][module]["sheets"][sheet], *rest).update(keys)
    return whole


def _table(sheet: dict[str, Any], name: str = "") -> dict[str, Any]:
    """The sheet itself, or its section or item of that id."""
    tables = [sheet] if not name else [t for s in sheet["sections"] for t in (s, *s["items"]) if t["id"] == name]
    (table,) = tables
    return table


def read_cases(folder: Path) -> list[dict[str, Any]]:
    """The worked cases beside a rule file."""
    cases: list[dict[str, Any]] = tomllib.loads((folder / "cases.toml").read_text("utf-8"), parse_float=Decimal)[
        "cases"
    ]
    return cases


def case_input(
    rules: Mapping[str, Any], case: Mapping[str, Any]
) -> tuple[list[Mark], list[dict[str, str]], list[tuple[str, str]]]:
    """Marks, entries and absences of one worked case; "*" stands for every seat of the sheet's panel."""
    marks: list[Mark] = [
        ("*", "event", "inputs", "input", name, str(value)) for name, value in case.get("inputs", {}).items()
    ]
    for place, answers in case.get("key", {}).items():
        module, sheet = place.split(".")
        marks += [("*", module, sheet, "key", item, value) for item, value in answers.items()]
    entries, absences = [], []
    for name, entry in case["entries"].items():
        said = {"admitted": entry.get("admitted", ""), "decision": str(entry.get("decision", ""))}
        entries.append({"entry": name, "status": entry.get("status", ""), **said, **entry.get("attributes", {})})
        absences += [(name, seat) for seat in entry.get("absent", [])]
        for place, given in entry.get("marks", {}).items():
            module, sheet, seat = place.split(".", 2)
            panel = rules["modules"][module]["sheets"][sheet]["panel"]
            count = int(rules["panels"][panel]["seats"])
            seats = [f"{panel}.{n}" for n in range(1, count + 1)] if seat == "*" or seat.endswith(".*") else [seat]
            marks += [(name, module, sheet, one, item, value) for one in seats for item, value in given.items()]
    return marks, entries, absences
