"""Reading a table of a rule file with all its faults at once: each getter notes a Finding and goes on."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from competition.errors import Finding
from competition.rules.model import Text
from competition.rules.source import Source, Where

_ID = re.compile(r"[a-z][a-z0-9_]*")


class Faults:
    """Collects findings and knows in which file, on which line, a path stands (event's file first, then its bases)."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        self.found: list[Finding] = []

    def add(self, path: Where, zh: str, en: str, severity: Any = "error") -> None:
        """Note a fault at `path`."""
        for source in self.sources:
            if path in source.lines:
                self._note(source, path, zh, en, severity)
                return
        # Not written anywhere (a missing key): the nearest table above it, in the file that goes deepest.
        best = max(self.sources, key=lambda s: max((n for n in range(len(path) + 1) if path[:n] in s.lines), default=0))
        self._note(best, path, zh, en, severity)

    def _note(self, source: Source, path: Where, zh: str, en: str, severity: Any) -> None:
        """A fault in a base also names the event's file through which it was read."""
        through = "" if source is self.sources[0] else f"{self.sources[0].name} ← "
        self.found.append(Finding(f"{through}{source.at(path)}", zh, en, severity))

    @property
    def any(self) -> bool:
        return any(f.severity == "error" for f in self.found)


class Table:
    """One table of the file: typed getters that note what is missing, mistyped or unknown."""

    def __init__(self, data: Any, path: Where, faults: Faults) -> None:
        self.path = path
        self.faults = faults
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.seen: set[str] = set()
        if not isinstance(data, dict):
            self.fault(None, "这里应是一个表。", "A table is expected here.")

    def fault(self, key: str | None, zh: str, en: str) -> None:
        """Note a fault at `key` of this table (None: at the table)."""
        shown = ".".join(str(k) for k in (*self.path, *([key] if key else [])))
        self.faults.add((*self.path, key) if key else self.path, f"{shown}:{zh}", f"{shown}: {en}")

    def has(self, key: str) -> bool:
        return key in self.data

    def get(self, key: str, needed: bool = False) -> Any:
        """The raw value; notes a fault when it is needed and absent."""
        self.seen.add(key)
        if needed and key not in self.data:
            self.fault(key, f"缺少 {key}，请补上。", f"{key} is missing; add it.")
        return self.data.get(key)

    def string(self, key: str, choices: Sequence[str] = (), default: str | None = None) -> str:
        value = self.get(key, needed=default is None)
        if value is None:
            return default if default is not None else (choices[0] if choices else "")
        if not isinstance(value, str) or (choices and value not in choices):
            say = " | ".join(choices) or "text"
            self.fault(key, f"“{value}”不可用，应为 {say}。", f'"{value}" won\'t do; use {say}.')
            return default or (choices[0] if choices else "")
        return value

    def number(self, key: str, default: Fraction | int | None = None, low: int | None = None) -> Fraction:
        value = self.get(key, needed=default is None)
        if value is None:
            return Fraction(default or 0)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.fault(key, f"“{value}”不是数。", f'"{value}" is not a number.')
            return Fraction(default or 0)
        if low is not None and value < low:
            self.fault(key, f"{value} 太小，至少为 {low}。", f"{value} is too small; at least {low}.")
        return Fraction(value)

    def optional(self, key: str) -> Fraction | None:
        return self.number(key) if self.has(key) else None

    def whole(self, key: str, default: int | None = None, low: int | None = None) -> int:
        value = self.number(key, default, low)
        if value.denominator != 1:
            self.fault(key, f"{float(value)} 应是整数。", f"{float(value)} should be a whole number.")
        return int(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(key, "应为 true 或 false。", "Use true or false.")
            return default
        return value

    def text(self, key: str, default: Text | None = None) -> Text:
        """A text in both languages: { zh = "…", en = "…" }."""
        value = self.get(key, needed=default is None)
        if value is None:
            return default or Text(key, key)
        return self._text(value, key)

    def texts(self, key: str) -> tuple[Text, ...]:
        return tuple(self._text(value, key) for value in self.get(key) or [])

    def _text(self, value: Any, key: str) -> Text:
        if isinstance(value, dict) and set(value) == {"zh", "en"} and all(isinstance(v, str) for v in value.values()):
            return Text(value["zh"], value["en"])
        self.fault(key, '应写成 { zh = "…", en = "…" }。', 'Write { zh = "…", en = "…" }.')
        return Text(key, key)

    def table(self, key: str, needed: bool = False) -> "Table":
        value = self.get(key, needed)
        return Table({} if value is None else value, (*self.path, key), self.faults)

    def named(self, key: str, needed: bool = False) -> Iterator[tuple[str, "Table"]]:
        """The tables inside table `key`, by their ids."""
        group = self.table(key, needed)
        for name in group.data:
            if not _ID.fullmatch(name):
                group.fault(
                    name, "名字用小写字母开头的 a-z、0-9、_。", "Names are a-z, 0-9 and _, starting with a letter."
                )
            yield name, Table(group.data[name], (*group.path, name), self.faults)

    def rows(self, key: str, needed: bool = False) -> Iterator["Table"]:
        """The tables of array `key`."""
        value = self.get(key, needed)
        if value is not None and not isinstance(value, list):
            self.fault(
                key, "应是一列表:[[…]] 或 [ {…}, {…} ]。", "A list of tables is expected: [[…]] or [ {…}, {…} ]."
            )
            return
        for index, each in enumerate(value or []):
            yield Table(each, (*self.path, key, index), self.faults)

    def ident(self, key: str = "id") -> str:
        value = self.string(key)
        if value and not _ID.fullmatch(value):
            self.fault(key, "名字用小写字母开头的 a-z、0-9、_。", "Names are a-z, 0-9 and _, starting with a letter.")
        return value

    def done(self) -> None:
        """Every key that nobody asked for is unknown: a misspelt rule must not be a silent one."""
        for key in self.data:
            if key not in self.seen:
                self.fault(key, "没有这个写法，请查拼写。", "There is no such key; check its spelling.")
