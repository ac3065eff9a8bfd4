"""[overrides."stage.sensory.impression"]: a few keys of a base's sheet, section or item replaced, the rest inherited.

The same sheet with one changed weight is another contest (total impression × 4 at the world event, × 2 in national ones of 2026,
score-sheets.md 2.1); repeating the whole sheet would hide the one difference.
"""

from typing import Any

from competition.rules.source import Where
from competition.rules.table import Faults


def override(data: dict[str, Any], faults: Faults) -> None:
    """Apply and remove the file's overrides, in place. A name that doesn't exist is a fault."""
    given = data.pop("overrides", {})
    if not isinstance(given, dict):
        zh, en = 'overrides 应是一个表，请写成 [overrides."…"]。', 'A table is expected; write [overrides."…"].'
        faults.add(("overrides",), zh, en)
        return
    for name, keys in given.items():
        path = _place(data, str(name).split("."))
        if path is None or not isinstance(keys, dict):
            zh = f"找不到 {name}。请写 模块.评分表、模块.评分表.分节 或 模块.评分表.评分项。"
            en = f"{name} isn't there. Write module.sheet, module.sheet.section or module.sheet.item."
            faults.add(("overrides", name), zh, en)
            continue
        target = _at(data, path)
        for key, value in keys.items():
            target[key] = value
            faults.moved((*path, key), ("overrides", name, key))


def _place(data: dict[str, Any], keys: list[str]) -> Where | None:
    """Where a dotted name stands: a sheet, or a section or item of it. Sections go before items of the same id."""
    if len(keys) not in (2, 3):
        return None
    sheet: Where = ("modules", keys[0], "sheets", keys[1])
    if not isinstance(_at(data, sheet), dict) or len(keys) == 2:
        return sheet if isinstance(_at(data, sheet), dict) else None
    sections = _elements(data, (*sheet, "sections"))
    items = [item for section in sections for item in _elements(data, (*section, "items"))]
    return next((path for path in (*sections, *items) if _at(data, path).get("id") == keys[2]), None)


def _elements(data: Any, path: Where) -> list[Where]:
    """The places of the tables in a list."""
    rows = _at(data, path)
    return [(*path, n) for n, row in enumerate(rows) if isinstance(row, dict)] if isinstance(rows, list) else []


def _at(data: Any, path: Where) -> Any:
    """What stands at a place; None if nothing does."""
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data
