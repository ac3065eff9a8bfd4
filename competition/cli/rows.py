"""CSV files as rows that know their line, and the rows of each event where a file speaks of several."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from competition.errors import CompetitionError, Finding

Row = dict[str, str]
Lines = Sequence[tuple[str, Row]]
"""Rows, each with its place ("MARKS.csv:7")."""


def lines_of(path: Path, needed: Sequence[str]) -> Lines:
    """Every row that holds anything, its cells stripped. Raises CompetitionError when a needed column is missing."""
    rows = csv.DictReader(_text(path).splitlines())
    header = [name.strip() for name in rows.fieldnames or ()]
    if missing := [name for name in needed if name not in header]:
        lacking = ", ".join(missing)
        raise CompetitionError(
            f"{path} 第一行缺少列：{lacking}", f"{path}: the first line lacks the columns {lacking}; see README.md"
        )
    rows.fieldnames = header
    found = [(f"{path}:{rows.line_num}", {name: (row[name] or "").strip() for name in header}) for row in rows]
    return [(where, row) for where, row in found if any(row.values())]


def of_one(lines: Lines, names: Sequence[str]) -> tuple[Lines, list[Finding]]:
    """The rows of one event where a file may hold several: those whose `event` is empty or one of its names."""
    mine = [(where, row) for where, row in lines if row.get("event", "") in ("", *names)]
    if len(mine) == len(lines):
        return mine, []
    file = lines[0][0].rpartition(":")[0]
    others = len(lines) - len(mine)
    zh, en = f"有 {others} 行属于其他赛项，没有用", f"{others} rows belong to other events and were not used"
    return mine, [Finding(file, zh, en, "warning")]


def by_event(lines: Lines, names: Mapping[str, str]) -> tuple[dict[str, Lines], list[Finding]]:
    """The rows of every event. names: what an event may be called, with its id; any other name is a finding."""
    events: dict[str, list[tuple[str, Row]]] = {}
    found = []
    for where, row in lines:
        event = names.get(row["event"])
        if event is None:
            zh = f"没有赛项“{row['event']}”，请用工种的 id 或名称"
            found.append(Finding(where, zh, f'there is no event "{row["event"]}": use the id or name of a job type'))
        else:
            events.setdefault(event, []).append((where, row))
    return dict(events), found


def _text(path: Path) -> str:
    """The file as text: UTF-8, or what Chinese Excel saves as CSV."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
