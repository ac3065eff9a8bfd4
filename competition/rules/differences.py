"""In what two rule files differ, path by path and in words: which weight, method or key was changed, added or dropped.

What is compared is the canonical data of an edition: bases merged, overrides applied. Rows that have ids are matched by them, so
an item moved within its section is no difference of every item after it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from competition.rules.model import Rules, Text
from competition.rules.read import canonical_text
from competition.rules.schema import RULES
from competition.rules.schema_shapes import Schema, described

Path = tuple[str, ...]

MISSING = object()
"""What one of the files doesn't have at all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the files differ.

    path: keys and ids down to it. where: the names on the way ("实操 / 焊接 / 余高"). what: the key in words. old, new: the
    values as they are written, None where a file has nothing there. wording: a name or note, which decides nothing.
    """

    path: Path
    where: Text
    what: Text
    old: str | None
    new: str | None
    wording: bool


def differences(old: Rules, new: Rules) -> tuple[Difference, ...]:
    """Every place where two rule files differ, in the order of the new one."""
    before, after = (json.loads(rules.canonical, parse_float=Decimal) for rules in (old, new))
    return tuple(_told(path, a, b, before, after) for path, a, b in _walk((), before, after))


def _walk(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, Any, Any]]:
    """(path, old value, new value) of the deepest tables that differ."""
    left, right = _by_key(old), _by_key(new)
    if left is None or right is None or _is_text(old) or _is_text(new):
        if old is MISSING or new is MISSING or canonical_text(old) != canonical_text(new):
            yield path, old, new
        return
    if isinstance(new, list) and [key for key in left if key in right] != [key for key in right if key in left]:
        yield path, list(left), list(right)
    for key in [*right, *(key for key in left if key not in right)]:
        yield from _walk((*path, key), left.get(key, MISSING), right.get(key, MISSING))


def _by_key(value: Any) -> dict[str, Any] | None:
    """A table's values by key, rows by id; None for what is one value (ranking keys are: their order decides)."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        return None
    ids = [row.get("id") for row in value]
    if not all(isinstance(each, str) for each in ids) or len(set(ids)) != len(ids):
        return None
    return dict(zip(ids, value, strict=True))


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"zh", "en"}


def _told(path: Path, old: Any, new: Any, before: Any, after: Any) -> Difference:
    wording = path[0] in ("sources", "notes", "language", "template") or path == ("event", "edition")
    names = max(_names(path, after), _names(path, before), key=len)
    return Difference(
        path, Text(" / ".join(n.zh for n in names), " / ".join(n.en for n in names)), _word(path),
        _shown(old), _shown(new), wording or _is_text(old) or _is_text(new),
    )  # fmt: skip


def _names(path: Path, data: Any) -> list[Text]:
    """The names that the file itself gives to the tables on the way to a path."""
    names = []
    for key in path:
        data = (_by_key(data) or {}).get(key)
        if isinstance(data, dict) and _is_text(data.get("name")):
            names.append(Text(data["name"]["zh"], data["name"]["en"]))
    return names


def _word(path: Path) -> Text:
    """What the key at the end of a path means: the first words of its description in the schema."""
    nodes: list[Schema] = [RULES]
    for key in path:
        nodes = [below for node in nodes for below in _below(node, key)]
    said = next((described(node) for node in nodes if described(node)), None)
    if said is None:
        return Text(path[-1], path[-1])
    zh, en = (re.split("[；，。：;,:|]", text)[0].strip() for text in said)
    return Text(zh, en)


def _below(node: Schema, key: str) -> list[Schema]:
    """The schemas of what stands under a key; a row's id means any row."""
    found = []
    for each in node.get("anyOf", [node]):
        if "items" in each:
            found.append(each["items"])
        elif key in each.get("properties", {}):
            found.append(each["properties"][key])
        elif each.get("additionalProperties"):
            found.append(each["additionalProperties"])
    return found


def _shown(value: Any) -> str | None:
    """A value as an author would write it, on one line; long ones are cut."""
    if value is MISSING:
        return None
    text = _written(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _written(value: Any) -> str:
    if _is_text(value):
        return f"{value['zh']} / {value['en']}"
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: key not in ("id", "by"))
        return "{ " + ", ".join(f"{key} = {_written(value[key])}" for key in keys) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return value if isinstance(value, str) else canonical_text(value)
