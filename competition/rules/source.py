"""Rule text in: TOML to plain values, exact decimals, and the line of every key.

`tomllib` keeps no positions, so tree-sitter reads the same text beside it and remembers where each key stands.
A path is a tuple of keys and list indexes: ("modules", "stage", "overtime", 0, "cap").
"""

import re
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

_STOPPED = re.compile(r"(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)

_SYNTAX = {
    "Invalid value": ("这里的值看不懂；文字要加引号", "this value can't be read; put text in quotes"),
    "Invalid statement": ("这一行看不懂", "this line can't be read"),
    "Unterminated string": ("文字少了结束的引号", "a text lacks its closing quote"),
    "Illegal character": ("有不许出现的字符，多半是少了结束的引号", "a character that may not be there, or a closing quote is missing"),
    "Unclosed array": ("列表少了逗号或 ]", "a list lacks a comma or its ]"),
    "Unclosed inline table": ("{ } 里少了逗号或 }", "a { } lacks a comma or its }"),
    "Expected '=' after a key": ("名字后面少了 =", "= is missing after a name"),
    "Expected newline or end of document": ("一行只写一个“名 = 值”", "write one name = value a line"),
    "Expected ']": ("表名少了 ]", "a table's name lacks its ]"),
    "Invalid initial character for a key part": ("名字只能用字母、数字、_ 和 -", "names are letters, digits, _ and -"),
    "Cannot overwrite a value": ("同一个名字写了两次", "the same name is written twice"),
    "Duplicate inline table key": ("同一个名字写了两次", "the same name is written twice"),
    "Cannot declare": ("同一张表写了两次", "the same table is written twice"),
    "Cannot redefine namespace": ("同一张表写了两次", "the same table is written twice"),
    "Cannot mutate immutable namespace": ("用 { } 写完的表不能再添", "a table written as { } can't be added to"),
    "Unescaped": ("文字里的 \\ 要写两次", "a \\ in a text is written twice"),
    "Invalid date or datetime": ("日期写得不对；文字要加引号", "not a date; put text in quotes"),
}  # fmt: skip
"""tomllib's words, by how they begin, as what is wrong in zh and en."""


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
        return _unreadable(str(fault), text, shown_as)
    return Source(shown_as, data, _lines(text))


def _unreadable(says: str, text: str, shown_as: str) -> Finding:
    """Where TOML stopped and why, in the reader's language."""
    stopped = _STOPPED.fullmatch(says)
    what = stopped["what"] if stopped else says
    line = int(stopped["line"]) if stopped and stopped["line"] else len(text.splitlines()) or 1
    at = stopped["column"] if stopped else None
    where = (f"第 {at} 个字符处：", f" at character {at}") if at else ("", "")
    zh, en = next((words for start, words in _SYNTAX.items() if what.startswith(start)), (what, what))
    if wide := _full_width(text.split("\n")[line - 1 : line]):
        zh, en = wide
    return Finding(
        f"{shown_as}:{line}",
        f"不是合法的 TOML，{where[0]}{zh}。请改这一行或它前面没写完的地方。",
        f"Not TOML{where[1]}: {en}. Mend this line, or what was left open before it.",
    )


_WIDE = {
    "“": '"', "”": '"', "＂": '"', "‘": "'", "’": "'", "，": ",", "、": ",", "＝": "=", "：": "=", "［": "[", "］": "]", "【": "[",
    "】": "]", "｛": "{", "｝": "}", "＃": "#", "．": ".", "；": ",", "\u3000": " ",
}  # fmt: skip
"""Signs that a Chinese keyboard gives, and those that TOML wants in their place."""

_TEXTS = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")


def _full_width(lines: list[str]) -> tuple[str, str] | None:
    """Full-width signs outside texts and comments: what to write instead."""
    bare = _TEXTS.sub("", "".join(lines))
    found = dict.fromkeys(sign for sign in bare if sign in _WIDE)
    if not found:
        return None
    halves = [
        (half, " ".join(sign for sign in found if _WIDE[sign] == half)) for half in dict.fromkeys(map(_WIDE.get, found))
    ]
    zh = "，".join(
        "全角空格要改成半角空格" if half == " " else f"{signs} 要改成半角的 {half}" for half, signs in halves
    )
    en = ", ".join("the wide space as a space" if half == " " else f"{signs} as {half}" for half, signs in halves)
    return f"有全角符号，{zh}", f"full-width signs: write {en}"


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
    for end in range(1, len(path) + 1):
        lines.setdefault(path[:end], node.start_point.row + 1)
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
