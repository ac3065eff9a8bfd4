"""Reading a table of a rule file with all its faults at once: each getter notes a Finding and goes on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from competition.errors import Finding
from competition.rules.model import Text
from competition.rules.nearest import instead, nearest
from competition.rules.source import Source, Where

_ID = re.compile(r"[a-z][a-z0-9_]*")


class Faults:
    """Collects findings and knows in which file, on which line, a path stands (event's file first, then its bases)."""

    def __init__(self, sources: Sequence[Source], tidy: bool = True) -> None:
        """tidy: whether what can never matter is a fault; never for a frozen edition, which must stay readable."""
        self.sources = sources
        self.tidy = tidy
        self.found: list[Finding] = []
        self.data: Any = {}
        self._moved: dict[Where, Where] = {}

    def add(self, path: Where, zh: str, en: str, severity: Any = "error") -> Finding:
        """Note a fault at `path`, once: a formula that is read for every seat has one fault, not many."""
        finding = Finding(self.where(path), zh, en, severity)
        if finding not in self.found:
            self.found.append(finding)
        return finding

    def where(self, path: Where) -> str:
        """The line of a path; in a base, with the event's file through which it was read."""
        path = self._moved.get(path, path)
        source = next((source for source in self.sources if path in source.lines), None)
        if source is None:
            # Not written anywhere (a missing key): the nearest table above it, in the file that goes deepest.
            source = max(
                self.sources, key=lambda s: max((n for n in range(len(path) + 1) if path[:n] in s.lines), default=0)
            )
        through = "" if source is self.sources[0] else f"{self.sources[0].name} ← "
        return f"{through}{source.at(path)}"

    def moved(self, path: Where, written: Where) -> None:
        """What stands at `path` was written elsewhere (an override)."""
        self._moved[path] = written

    def wrote(self, path: Where) -> bool:
        """Whether something is written at this path."""
        return self.value(path) is not None

    def value(self, path: Where) -> Any:
        """What is written at this path, bases and overrides merged; None if nothing is."""
        here = self.data
        for key in path:
            try:
                here = here[key]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def shown(self, path: Where) -> str:
        """A path as a person reads it: elements of a list by their id, where they have one."""
        words = []
        for end, key in enumerate(path, 1):
            here = self.value(path[:end]) if isinstance(key, int) else None
            words.append(here["id"] if isinstance(here, dict) and isinstance(here.get("id"), str) else str(key))
        return ".".join(words)

    @property
    def any(self) -> bool:
        return any(f.severity == "error" for f in self.found)

    def in_order(self) -> tuple[Finding, ...]:
        """What was found, file by file from the top."""
        files = [source.name for source in self.sources]
        return tuple(sorted(self.found, key=lambda finding: _place(finding.where.rpartition(" ")[2], files)))


class Table:
    """One table of the file: typed getters that note what is missing, mistyped or unknown."""

    def __init__(self, data: Any, path: Where, faults: Faults, hollow: bool = False) -> None:
        """hollow: the table itself is missing, which is said; what it would hold is not asked for."""
        self.path = path
        self.faults = faults
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.seen: set[str] = set()
        self._asked: set[str] = set()
        self._missing: dict[str, Finding] = {}
        self._hollow = hollow
        if not path:
            faults.data = self.data
        if not isinstance(data, dict):
            self._hollow = True
            self.fault(None, "这里应是一个表，请写成 { … } 或 […]。", "A table is expected here; write { … } or […].")

    def fault(self, key: str | None, zh: str, en: str, severity: Any = "error") -> Finding:
        """Note a fault at `key` of this table (None: at the table)."""
        path = (*self.path, key) if key else self.path
        if key:
            self.seen.add(key)
        shown = self.faults.shown(path)
        before = f"{shown}：", f"{shown}: "
        return self.faults.add(path, f"{before[0]}{zh}" if shown else zh, f"{before[1]}{en}" if shown else en, severity)

    def unknown(self, key: str, zh: str, en: str, name: Any, known: Iterable[str]) -> None:
        """Note that `name` (zh, en: what it would be, "量表", "scale") is not among the known ones, and what to write."""
        do_zh, do_en = instead(str(name), known)
        self.fault(key, f"没有{zh} {name}。{do_zh}", f"There is no {en} {name}. {do_en}")

    def has(self, key: str) -> bool:
        self._asked.add(key)
        return key in self.data

    def get(self, key: str, needed: bool = False) -> Any:
        """The raw value; notes a fault when it is needed and absent."""
        self.seen.add(key)
        if needed and key not in self.data and not self._hollow and key not in self._missing:
            self._missing[key] = self.fault(key, f"缺少 {key}，请补上。", f"{key} is missing; add it.")
        return self.data.get(key)

    def string(self, key: str, choices: Sequence[str] = (), default: str | None = None) -> str:
        value = self.get(key, needed=default is None)
        if value is None:
            return default if default is not None else (choices[0] if choices else "")
        if not isinstance(value, str) or (choices and value not in choices):
            zh, en = (" | ".join(choices),) * 2 if choices else ("加引号的文字", "text in quotes")
            self.fault(key, f"“{_said(value)}”不可用，应为 {zh}。", f'"{_said(value)}" won\'t do; use {en}.')
            return default or (choices[0] if choices else "")
        return value

    def kind(self, key: str, choices: Sequence[str]) -> str:
        """A word that decides which other keys there are: while it is wrong, the rest of the table isn't judged."""
        word = self.string(key, choices)
        if self.data.get(key) not in choices:
            self.let_go()
        return word

    def let_go(self) -> None:
        """The table is at fault as a whole: neither missing nor unknown keys are told of it."""
        self._hollow = True
        self.seen.update(self.data)

    def number(self, key: str, default: Fraction | int | None = None, low: int | None = None) -> Fraction:
        value = self.get(key, needed=default is None)
        if value is None:
            return Fraction(default or 0)
        if not is_number(value):
            said = _said(value)
            self.fault(
                key, f"“{said}”不是数，请写一个数，不加引号。", f'"{said}" is not a number; write one, without quotes.'
            )
            return Fraction(default or 0)
        if low is not None and value < low:
            self.fault(key, f"{value} 太小，至少为 {low}。", f"{value} is too small; at least {low}.")
        return Fraction(value)

    def optional(self, key: str) -> Fraction | None:
        return self.number(key) if self.has(key) else None

    def whole(self, key: str, default: int | None = None, low: int | None = None, high: int | None = None) -> int:
        value = self.number(key, default, low)
        if high is not None and value > high:
            self.fault(key, f"{value} 太大，至多为 {high}。", f"{value} is too large; at most {high}.")
            return high
        if value.denominator != 1:
            said = _said(self.data.get(key))
            self.fault(key, f"{said} 应是整数，请改。", f"{said} should be a whole number; change it.")
        return int(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(key, "应为 true 或 false，不加引号。", "Use true or false, without quotes.")
            return default
        return value

    def numbers(self, key: str, needed: bool = False) -> tuple[Fraction, ...]:
        """A list of numbers; empty if there is none."""
        values = self.listed(key, needed)
        if not all(is_number(value) for value in values):
            self.fault(key, "应是一列数：[1, 2.5]。", "Write a list of numbers: [1, 2.5].")
            return ()
        return tuple(Fraction(value) for value in values)

    def strings(self, key: str, needed: bool = False) -> tuple[str, ...]:
        """A list of texts; empty if there is none."""
        values = self.listed(key, needed)
        if not all(isinstance(value, str) for value in values):
            self.fault(key, '应是一列加引号的文字：["a", "b"]。', 'Write a list of texts in quotes: ["a", "b"].')
            return ()
        return tuple(values)

    def listed(self, key: str, needed: bool = False) -> list[Any]:
        """A list of anything; empty if there is none."""
        value = self.get(key, needed)
        if value is not None and not isinstance(value, list):
            self.fault(key, "应是一个列表：[ … ]。", "Write a list: [ … ].")
        return value if isinstance(value, list) else []

    def text(self, key: str, default: Text | None = None) -> Text:
        """A text in both languages: { zh = "…", en = "…" }."""
        value = self.get(key, needed=default is None)
        if value is None:
            return default or Text(key, key)
        return self._text(value, key)

    def texts(self, key: str) -> tuple[Text, ...]:
        return tuple(self._text(value, key) for value in self.listed(key))

    def _text(self, value: Any, key: str) -> Text:
        if isinstance(value, dict) and set(value) == {"zh", "en"} and all(isinstance(v, str) for v in value.values()):
            return Text(value["zh"], value["en"])
        lacks = [lang for lang in ("zh", "en") if isinstance(value, dict) and lang not in value]
        zh, en = (f"缺少 {lacks[0]}；", f"{lacks[0]} is missing; write ") if len(lacks) == 1 else ("", "Write ")
        self.fault(key, f'{zh}应写成 {{ zh = "…", en = "…" }}。', f'{en}{{ zh = "…", en = "…" }}.')
        return Text(key, key)

    def table(self, key: str, needed: bool = False) -> "Table":
        value = self.get(key, needed)
        hollow = value is None and (needed or self._hollow)
        return Table({} if value is None else value, (*self.path, key), self.faults, hollow)

    def named(self, key: str, needed: bool = False) -> Iterator[tuple[str, "Table"]]:
        """The tables inside table `key`, by their ids."""
        group = self.table(key, needed)
        for name in group.data:
            if not _ID.fullmatch(name):
                group._bad_name(name)
            yield name, Table(group.data[name], (*group.path, name), self.faults)

    def rows(self, key: str, needed: bool = False) -> Iterator["Table"]:
        """The tables of array `key`."""
        value = self.get(key, needed)
        if value is not None and not isinstance(value, list):
            self.fault(
                key, "应是一列表：写成 [[…]] 或 [ {…}, {…} ]。", "Write a list of tables: [[…]] or [ {…}, {…} ]."
            )
            return
        for index, each in enumerate(value or []):
            yield Table(each, (*self.path, key, index), self.faults)

    def ident(self, key: str = "id") -> str:
        value = self.string(key)
        if value and not _ID.fullmatch(value):
            self._bad_name(key)
        return value

    def _bad_name(self, key: str) -> None:
        self.fault(
            key, "名字请用小写字母开头的 a-z、0-9、_。", "Write names with a-z, 0-9 and _ only, starting with a letter."
        )

    def done(self) -> None:
        """Every key that nobody asked for is unknown: a misspelt rule must not be a silent one."""
        for key in self.data:
            if key in self.seen:
                continue
            meant = nearest(key, (self.seen | self._asked) - set(self.data))
            if meant is None:
                self.fault(key, "没有这个写法，请查拼写。", "There is no such key; check its spelling.")
                continue
            if meant in self._missing:
                # Misspelt, not missing: one fault, one finding.
                self.faults.found.remove(self._missing.pop(meant))
            zh, en = (
                f"没有这个写法，是不是 {meant}？请改正。",
                f"There is no such key. Did you mean {meant}? Correct it.",
            )
            self.fault(key, zh, en)


def _place(where: str, files: Sequence[str]) -> tuple[int, int]:
    name, _, line = where.rpartition(":")
    return (files.index(name) if name in files else len(files), int(line) if line.isdecimal() else 0)


def is_number(value: Any) -> bool:
    """A number as TOML has them here: whole or an exact decimal."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _said(value: Any) -> str:
    """A value as the author wrote it, shortened."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
