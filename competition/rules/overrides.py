"""[overrides."stage.sensory.impression"]: a few keys of a base's sheet, section or item replaced, the rest inherited.

The same sheet with one changed weight is another contest (total impression × 4 at the world event, × 2 in national ones of 2026,
score-sheets.md 2.1); repeating the whole sheet would hide the one difference.
"""

from typing import Any

from competition.rules.table import Faults


def override(data: dict[str, Any], faults: Faults) -> None:
    """Apply and remove the file's overrides, in place. A name that doesn't exist is a fault."""
    given = data.pop("overrides", {})
    if not isinstance(given, dict):
        faults.add(("overrides",), "overrides 应是一个表。", "overrides should be a table.")
        return
    for name, keys in given.items():
        target = _target(data, str(name).split("."))
        if target is None or not isinstance(keys, dict):
            zh = f"找不到 {name}。请写 模块.评分表、模块.评分表.分节 或 模块.评分表.评分项。"
            en = f"{name} isn't there. Write module.sheet, module.sheet.section or module.sheet.item."
            faults.add(("overrides", name), zh, en)
        else:
            target.update(keys)


def _target(data: dict[str, Any], keys: list[str]) -> dict[str, Any] | None:
    """The table that a dotted name means: a sheet, or a section or item of it. Sections go before items of the same id."""
    if len(keys) not in (2, 3):
        return None
    sheet = data.get("modules", {}).get(keys[0], {}).get("sheets", {}).get(keys[1])
    if not isinstance(sheet, dict) or len(keys) == 2:
        return sheet if isinstance(sheet, dict) else None
    sections = [s for s in sheet.get("sections", []) if isinstance(s, dict)]
    items = [i for s in sections for i in s.get("items", []) if isinstance(i, dict)]
    return next((each for each in [*sections, *items] if each.get("id") == keys[2]), None)
