"""A total unfolded: each named quantity, the operation that made it, and the marks behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.rules.items import cell_key
from competition.rules.model import Sheet
from competition.rules.nodes import Cell, Named, Node, Rounded
from competition.rules.panels import Method, Panel
from competition.scoring.entries import absent_column
from competition.scoring.fractions import Reader
from competition.scoring.methods import dropped
from competition.scoring.result import Result, number_text

_WORDS = {
    "sum": ("相加", "added"), "mean": ("平均", "mean"), "median": ("中位数", "median"), "best": ("最好的几个", "best"),
    "min": ("最低", "lowest"), "max": ("最高", "highest"), "count": ("计数", "counted"),
    "middle": ("中间几席平均", "mean of the middle"), "closest": ("最接近的几席平均", "mean of the closest"),
}  # fmt: skip


def explain(result: Result, entry: str, lang: str) -> str:
    """Indented lines from the total down to the marks, each value as the engine computed it, each rounding said."""
    standing = result.standing(entry)
    (row,) = result.table.only(entry).rows()
    zh = lang != "en"
    place = "—" if standing.rank is None else str(standing.rank) + ("=" if standing.tied else "")
    lines = [f"{entry}  {'名次' if zh else 'rank'} {place}  {'总分' if zh else 'total'} {standing.total or '—'}"]
    if standing.status:
        lines.append(f"  {'状态' if zh else 'status'} {standing.status}")
    if standing.decided_by:
        lines.append(f"  {'同分，以此项定先后' if zh else 'equal totals, decided by'}: {standing.decided_by[lang]}")
    _Unfolder(result, entry, row, lang, lines).step("total", 1, set())
    return "\n".join(lines)


class _Unfolder:
    def __init__(self, result: Result, entry: str, row: Mapping[str, Any], lang: str, lines: list[str]) -> None:
        self.result, self.entry, self.row, self.lang, self.lines = result, entry, row, lang, lines
        self.reader = Reader(row, dict(result.numbers[entry]))
        self._items = {
            cell_key(sheet, int(seat.rpartition(".")[2]), item.id): item for sheet, seat, item in result.rules.cells()
        }

    def step(self, name: str, depth: int, seen: set[str], note: str = "") -> None:
        """One named quantity and, once each, those it is made of. note: what its panel did with a seat."""
        node = self.result.rules.steps[name]
        value = self.result.standing(self.entry).values.get(name)
        again = name in seen
        inner = node.of if isinstance(node, Named) else node
        sheet = self._seat_of(name)
        how = self._how(inner) + note + (" ↑" if again else "") + ("" if sheet else self._measured(inner))
        self.line(depth, self._title(name), value, how)
        seen.add(name)
        if again:
            return
        if sheet:
            self._marks(*sheet, depth + 1)
            return
        notes = self._struck(inner.of if isinstance(inner, Rounded) else inner)
        for below in _steps_below(inner, self.result.rules.steps):
            self.step(below, depth + 1, seen, notes.get(below, ""))

    def _struck(self, node: Node) -> dict[str, str]:
        """Seats that gave nothing to a panel's value: absent, or dropped as the lowest or highest (of equal ones, the first)."""
        if not isinstance(node, Panel):
            return {}
        zh = self.lang != "en"
        pairs = [
            (arg.name, seat, self.reader.number(arg))
            for arg, seat in zip(node.args, node.seats, strict=True)
            if isinstance(arg, Named)
        ]
        gone = {name for name, seat, _ in pairs if self.row[absent_column(seat)]}
        notes = dict.fromkeys(gone, "（缺席）" if zh else " [absent]")
        there = sorted((value, name) for name, _, value in pairs if name not in gone and value is not None)
        low, high = dropped(self._by(node, len(there)), len(there))
        notes |= dict.fromkeys((name for _, name in there[:low]), "（最低，去掉）" if zh else " [lowest, dropped]")
        last = (name for _, name in there[len(there) - high :])
        return notes | dict.fromkeys(last, "（最高，去掉）" if zh else " [highest, dropped]")

    def _measured(self, node: Node) -> str:
        """The recorded values that an operation reads itself, not through a named quantity."""
        texts = []
        for cell in _cells_below(node, self.result.rules.steps)[:_SHOWN]:
            raw, item = self.row.get(cell.key), self._items.get(cell.key)
            if item is not None:
                worth = (
                    "—"
                    if raw is None
                    else number_text(Fraction(raw, cell.den)) + (item.scale.unit if item.scale else "")
                )
                texts.append(f"{item.name[self.lang]} {worth}")
        return ("" if self.lang != "en" else " ") + self._bracketed(texts) if texts else ""

    def _bracketed(self, texts: list[str]) -> str:
        """Some words beside a number, in the brackets and commas of the language."""
        return f"（{'，'.join(texts)}）" if self.lang != "en" else f"({', '.join(texts)})"

    def line(self, depth: int, title: str, value: str | None, how: str) -> None:
        self.lines.append(f"{'  ' * depth}{title}  {'—' if value is None else value}{'  ' + how if how else ''}")

    def _title(self, name: str) -> str:
        path, _, seat = name.partition("@")
        text = self.result.rules.names.get(path)
        said = text[self.lang] if text else path
        return f"{said} · {'席' if self.lang != 'en' else 'seat'} {seat}" if seat else said

    def _how(self, node: Node) -> str:
        zh = self.lang != "en"
        said = []
        if isinstance(node, Rounded):
            mode = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"}[node.how.mode]
            said.append(
                f"{mode}到 {node.how.places} 位" if zh else f"rounded {node.how.mode} to {node.how.places} places"
            )
            node = node.of
        if isinstance(node, Panel) and len(node.args) > 1:
            said.insert(0, self._method(node))
        return self._bracketed(said) if said else ""

    def _method(self, node: Panel) -> str:
        standing = sum(not self.row[absent_column(seat)] for seat in node.seats)
        how = self._by(node, standing)
        if how.name != "trimmed":
            return _WORDS[how.name][0 if self.lang != "en" else 1]
        return self._trimmed(how, standing)

    @staticmethod
    def _by(node: Panel, standing: int) -> Method:
        return next((method for start, method in node.by_standing if standing >= start), node.how)

    def _trimmed(self, how: Method, standing: int) -> str:
        if standing < how.start:
            return f"{standing} 席，取平均" if self.lang != "en" else f"{standing} seats, mean"
        zh = f"去掉 {how.high} 个最高和 {how.low} 个最低后取平均"
        return zh if self.lang != "en" else f"mean without {how.high} highest and {how.low} lowest"

    def _seat_of(self, name: str) -> tuple[Sheet, int] | None:
        path, at, seat = name.partition("@")
        found = [s for s in self.result.rules.sheets if s.path == path]
        return (found[0], int(seat)) if at and found else None

    def _marks(self, sheet: Sheet, seat: int, depth: int) -> None:
        for item in sheet.items:
            detail = self.result.rules.detail.get(f"{sheet.path}.{item.id}@{seat}")
            if detail is None or not item.scores:
                continue
            points = self.value(detail)
            cell = f"{sheet.path}.{seat}.{item.id}"
            raw = self.row.get(cell)
            unit = item.scale.unit if item.scale else ""
            mark = "" if raw is None else self._bracketed([number_text(Fraction(raw, item.den)) + unit])
            self.line(depth, item.name[self.lang], points, mark or self._measured(detail).lstrip())

    def struck_everywhere(self) -> dict[str, str]:
        """What the panels of all named quantities did with their seats: name -> why it was not counted."""
        notes: dict[str, str] = {}
        for node in self.result.rules.steps.values():
            inner = node.of if isinstance(node, Named) else node
            notes |= self._struck(inner.of if isinstance(inner, Rounded) else inner)
        return {name: note.strip(" []（）") for name, note in notes.items()}

    def value(self, node: Node) -> str | None:
        """A node's number as text, None while it isn't known."""
        value = self.reader.number(node)
        return None if value is None else number_text(value)


def _steps_below(node: Node, steps: object) -> list[str]:
    """The nearest named steps that a node is made of, in order."""
    found: list[str] = []
    for part in node.parts:
        if isinstance(part, Named) and part.name in steps:  # type: ignore[operator]
            found += [] if part.name in found else [part.name]
        else:
            found += [name for name in _steps_below(part, steps) if name not in found]
    return found


_SHOWN = 12
"""At most so many recorded values behind one number: a reader checks them one by one."""


def _cells_below(node: Node, steps: object) -> list[Cell]:
    """The recorded values that a node reads itself, in order; not those of the named steps that it is made of."""
    if isinstance(node, Named) and node.name in steps:  # type: ignore[operator]
        return []
    found = {cell.key: cell for part in node.parts for cell in _cells_below(part, steps)}
    return [node] if isinstance(node, Cell) else list(found.values())


@dataclass(frozen=True, slots=True)
class SeatPoints:
    """What one seat's sheet came to: points by item, their sub-total, and why the panel did not count it ("": it did)."""

    items: Mapping[str, str | None]
    total: str | None
    struck: str
    struck_items: Mapping[str, str]


def seat_points(result: Result, entry: str, sheet: Sheet, seat: int) -> SeatPoints:
    """The points behind one sheet of an entry, as the engine computed them; `struck` in Chinese, as papers say it."""
    (row,) = result.table.only(entry).rows()
    of = _Unfolder(result, entry, row, "zh", [])
    name, struck = f"{sheet.path}@{seat}", of.struck_everywhere()
    details = {item.id: result.rules.detail.get(f"{sheet.path}.{item.id}@{seat}") for item in sheet.items}
    return SeatPoints(
        items={id: of.value(node) for id, node in details.items() if node is not None},
        total=result.standing(entry).values.get(name),
        struck=struck.get(name, ""),
        struck_items={id: why for id in details if (why := struck.get(f"{sheet.path}.{id}@{seat}"))},
    )
