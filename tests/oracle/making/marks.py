"""Strategies for what happens at the event: entries, marks, sealed keys, inputs, absences."""

from collections.abc import Iterator

from hypothesis import strategies as st

from tests.oracle.field import Mark

from .drawing import Draw, Table, chance
from .sheets import Made

STATUSES = ("", "", "", "", "", "", "", "dns", "dnf", "dsq", "void", "withdrawn")
TINTS = ("red", "red", "red", "blue", "blue", "")
Row = dict[str, str]


def entries(draw: Draw, data: Table, wide: bool) -> list[Row]:
    """One row each, in any order of merit; the officials' columns where there is something to say in them."""
    rows = []
    decided = wide and draw(st.booleans())
    for n in range(draw(st.integers(1, 6 if wide else 4))):
        row = {"entry": f"e{n + 1}", "status": draw(st.sampled_from(STATUSES)), "tint": draw(st.sampled_from(TINTS))}
        row["heat"] = draw(st.sampled_from(("1", "1", "2", "二", "")))
        if "rounds" in data:
            row["admitted"] = draw(st.sampled_from(("", "", "", "", *data["rounds"])))
        if wide:
            row["decision"] = draw(st.sampled_from(("1", "2", "3", ""))) if decided else ""
        rows.append(row)
    return rows


def marks(draw: Draw, made: list[Made], rows: list[Row]) -> list[Mark]:
    """Every cell takes the next of a few drawn numbers: short lists give ties and extremes, long ones variety."""
    numbers = draw(st.lists(st.integers(0, 19), min_size=1, max_size=40))
    twins = draw(st.booleans())  # entries with the very same marks
    found: list[Mark] = []
    at = 0
    for row in rows:
        at = 0 if twins else at
        for module, sheet, seat, item, values in _cells(made):
            found.append((row["entry"], module, sheet, seat, item, values[numbers[at % len(numbers)] % len(values)]))
            at += 1
    if twins and found and len(rows) > 1:  # but for a mark or two
        for n in draw(st.lists(st.integers(0, len(found) - 1), max_size=3)):
            found[n] = (*found[n][:5], _values(made, found[n])[numbers[-1] % len(_values(made, found[n]))])
    missing = set(draw(st.lists(st.integers(0, len(found) - 1), max_size=3))) if found and chance(draw, 2) else set()
    found = [mark for n, mark in enumerate(found) if n not in missing]
    keys = [key for key in _keys(made) if not chance(draw, 12)]
    found += [("*", m, s, "key", item, texts[numbers[0] % len(texts)]) for m, s, item, texts in keys]
    if not chance(draw, 6):
        found.append(("*", "event", "inputs", "input", "cut", draw(st.sampled_from(("0", "1", "2.5", "60", "100")))))
    return found


def absences(draw: Draw, data: Table, rows: list[Row]) -> list[tuple[str, str]]:
    seats = [f"{panel}.{n + 1}" for panel, rule in data["panels"].items() for n in range(rule["seats"])]
    who = ["*", *[row["entry"] for row in rows]]
    if not chance(draw, 3):
        return []
    return list(draw(st.lists(st.tuples(st.sampled_from(who), st.sampled_from(seats)), max_size=3, unique=True)))


def _cells(made: list[Made]) -> Iterator[tuple[str, str, str, str, list[str]]]:
    for sheet in made:
        for n in range(sheet.seats):
            for item, samples in sheet.items():
                for sample in samples if item.values else []:
                    label = f"{item.id}@{sample}" if sample else item.id
                    yield sheet.module, sheet.sheet, f"{sheet.panel}.{n + 1}", label, item.values


def _values(made: list[Made], mark: Mark) -> list[str]:
    """The texts that this mark might have been."""
    (sheet,) = [sheet for sheet in made if (sheet.module, sheet.sheet) == mark[1:3]]
    (item,) = [item for item, _ in sheet.items() if item.id == mark[4].partition("@")[0]]
    return item.values


def _keys(made: list[Made]) -> Iterator[tuple[str, str, str, list[str]]]:
    for sheet in made:
        for item, samples in sheet.items():
            for sample in samples if item.keys else []:
                yield sheet.module, sheet.sheet, f"{item.id}@{sample}" if sample else item.id, item.keys
