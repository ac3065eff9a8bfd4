"""Rule text in: TOML to plain values, exact decimals, and the line of every key.

`tomllib` keeps no positions, so tree-sitter reads the same text beside it and remembers where each key stands.
A path is a tuple of keys and list indexes: ("modules", "stage", "overtime", 0, "cap").
"""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from competition.errors import Finding

Key = str | int
Where = tuple[Key, ...]

_TOML = Language(tree_sitter_toml.language())


@dataclass(frozen=True, slots=True)
class Source:
    """One text: its parsed values and the line (from 1) of every path in it."""

    name: str
    data: dict[str, Any]
    lines: dict[Where, int]

    def at(self, path: Where) -> str:
        """`file:line` of the nearest known place at or above `path`."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return f"{self.name}:{self.lines[path[:end]]}"
        return f"{self.name}:1"


def read_source(path: Path, shown_as: str) -> Source | Finding:
    """Read a TOML file; a Finding if it can't be read or isn't TOML."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        return Finding(shown_as, f"读不了这个文件：{fault}。", f"This file can't be read: {fault}.")
    return parse_source(text, shown_as)


def parse_source(text: str, shown_as: str) -> Source | Finding:
    """Parse TOML text. Numbers with a point become `Decimal`, never a binary float."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        return Finding(
            shown_as, f"不是合法的 TOML:{fault}。请在所示位置改正。", f"Not TOML: {fault}. Mend the place shown."
        )
    return Source(shown_as, data, _lines(text))


def _lines(text: str) -> dict[Where, int]:
    root = Parser(_TOML).parse(text.encode()).root_node
    lines: dict[Where, int] = {}
    counts: dict[Where, int] = {}
    for child in root.named_children:
        if child.type == "pair":
            _pair(child, (), lines)
        elif child.type == "table":
            _table(child, _indexed(_keys(child.named_children[0]), counts), lines)
        elif child.type == "table_array_element":
            keys = _keys(child.named_children[0])
            base = _indexed(keys[:-1], counts) + keys[-1:]
            counts[base] = counts.get(base, -1) + 1
            _table(child, (*base, counts[base]), lines)
    return lines


def _indexed(keys: Where, counts: dict[Where, int]) -> Where:
    """`[a.b]` below `[[a]]` belongs to the newest element of a."""
    path: Where = ()
    for key in keys:
        path = (*path, key)
        if path in counts:
            path = (*path, counts[path])
    return path


def _table(node: Node, path: Where, lines: dict[Where, int]) -> None:
    lines.setdefault(path, node.start_point.row + 1)
    for child in node.named_children[1:]:
        if child.type == "pair":
            _pair(child, path, lines)


def _pair(node: Node, path: Where, lines: dict[Where, int]) -> None:
    key, value = node.named_children[0], node.named_children[1]
    for part in _keys(key):
        path = (*path, part)
        lines.setdefault(path, node.start_point.row + 1)
    _value(value, path, lines)


def _value(node: Node, path: Where, lines: dict[Where, int]) -> None:
    if node.type == "inline_table":
        for child in node.named_children:
            if child.type == "pair":
                _pair(child, path, lines)
    elif node.type == "array":
        elements = [child for child in node.named_children if child.type != "comment"]
        for index, child in enumerate(elements):
            lines.setdefault((*path, index), child.start_point.row + 1)
            _value(child, (*path, index), lines)


def _keys(node: Node) -> Where:
    if node.type == "dotted_key":
        return tuple(key for child in node.named_children for key in _keys(child))
    text = (node.text or b"").decode()
    return (text[1:-1] if node.type == "quoted_key" else text,)
