"""Rule files and their worked cases read from disk, and TOML written for generated ones."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from .oracle import Mark

RULES = Path(__file__).parents[2] / "scoring_rules"


def read_rules(path: Path) -> dict[str, Any]:
    """A rule file with the bases it extends merged below it."""
    return merged(tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))


def merged(data: dict[str, Any]) -> dict[str, Any]:
    """Tables merge key by key, deep; arrays and plain values of the event's file replace the base's."""
    base = data.get("extends")
    return data if base is None else _over(read_rules(RULES / "bases" / f"{base}.toml"), data)


def _over(below: Any, above: Any) -> Any:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: _over(below.get(key), value) for key, value in above.items()}}


def read_cases(event: str) -> list[dict[str, Any]]:
    return tomllib.loads((RULES / event / "cases.toml").read_text("utf-8"), parse_float=Decimal)["cases"]


def case_input(
    rules: Mapping[str, Any], case: Mapping[str, Any]
) -> tuple[list[Mark], list[dict[str, str]], list[tuple[str, str]]]:
    """Marks, entries and absences of one worked case; "*" stands for every seat of the sheet's panel."""
    marks: list[Mark] = []
    for place, answers in case.get("key", {}).items():
        module, sheet = place.split(".")
        marks += [("*", module, sheet, "key", item, value) for item, value in answers.items()]
    entries, absences = [], []
    for name, entry in case["entries"].items():
        entries.append({"entry": name, "status": entry.get("status", ""), **entry.get("attributes", {})})
        absences += [(name, seat) for seat in entry.get("absent", [])]
        for place, given in entry.get("marks", {}).items():
            module, sheet, seat = place.split(".", 2)
            panel = rules["modules"][module]["sheets"][sheet]["panel"]
            count = int(rules["panels"][panel]["seats"])
            seats = [f"{panel}.{n}" for n in range(1, count + 1)] if seat.endswith(".*") else [seat]
            marks += [(name, module, sheet, one, item, value) for one in seats for item, value in given.items()]
    return marks, entries, absences


def written(data: Mapping[str, Any]) -> str:
    """A rule file's text: a header for each table of tables, its content on one line a key."""
    lines = [f"{key} = {_inline(value)}" for key, value in data.items() if not _is_table(value)]
    for key, value in data.items():
        if isinstance(value, list) and _is_table(value):
            for row in value:
                lines += ["", f"[[{key}]]", *[f"{name} = {_inline(content)}" for name, content in row.items()]]
        elif isinstance(value, Mapping) and all(isinstance(content, Mapping) for content in value.values()):
            for name, content in value.items():
                lines += ["", f"[{key}.{name}]", *[f"{k} = {_inline(v)}" for k, v in content.items()]]
        elif isinstance(value, Mapping):
            lines += ["", f"[{key}]", *[f"{name} = {_inline(content)}" for name, content in value.items()]]
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_bare(key)} = {_inline(inner)}" for key, inner in value.items()) + " }"
    return "[" + ", ".join(_inline(inner) for inner in value) + "]"


def _bare(key: str) -> str:
    return key if key.replace("_", "a").isalnum() and key.isascii() and not key[0].isdigit() else f'"{key}"'
