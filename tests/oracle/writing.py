"""TOML written for generated rule files."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def written(data: Mapping[str, Any]) -> str:
    """A rule file's text: a header for each table of tables, its content on one line a key."""
    lines = [f"{key} = {_inline(value)}" for key, value in data.items() if not _is_table(value)]
    for key, value in data.items():
        if isinstance(value, list) and _is_table(value):
            for row in value:
                lines += ["", f"[[{key}]]", *[f"{name} = {_inline(content)}" for name, content in row.items()]]
        elif isinstance(value, Mapping) and all(isinstance(content, Mapping) for content in value.values()):
            for name, content in value.items():
                lines += ["", f"[{key}.{_bare(name)}]", *[f"{k} = {_inline(v)}" for k, v in content.items()]]
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
