"""One SQLite file with a whole programme: the 108 job types under their own rule files, every sheet marked.

Made with the store's own tables (its migrations, its compact column), but filled row by row without its writer and
without ledger lines: what is measured reads sheets, entries, seats, keys and absences, and nothing of the ledger.
"""

import json
import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from competition import store
from competition.rules import Rules, load
from competition.scoring.compact import encode
from competition.store import games, people
from competition.store.sheets import Sheet
from tests.benchmarks.invented import Marker, written_sheets

ROOT = Path(__file__).parents[2]
RULES = ROOT / "scoring_rules"
AT = "2026-11-22T08:30:00.000Z"
DNS, ABSENT = 0.015, 0.01
"""Shares of entries that did not start, and of entries that one judge of a panel of three or more did not see."""

_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    """What a file holds."""

    events: int
    entries: int
    sheets: int
    marks: int


def job_types() -> list[Rules]:
    """The 108 rule files in the order of games.toml. Raises AssertionError for one that is not legal."""
    listed = tomllib.loads((RULES / "games.toml").read_text(encoding="utf-8"))
    return [rules_of(each["rules"]) for each in listed["job_types"]]


def rules_of(folder: str) -> Rules:
    """The rules in a folder of scoring_rules."""
    loaded = load(RULES / folder)
    assert loaded.rules is not None, [str(finding) for finding in loaded.findings]
    return loaded.rules


def cells(rules: Rules) -> float:
    """So many marks an entry has; of those that need not be there about half are."""
    marked = [item for _, _, item in rules.cells() if item.scale is not None and item.scale.type != "note"]
    return sum(1 if item.blank is None else 0.5 for item in marked)


def entries_for(field: list[Rules], marks: int) -> int:
    """So many entries in every event give about so many marks in all."""
    return math.ceil(marks / sum(cells(rules) for rules in field) / (1 - DNS - ABSENT))


def make(path: Path, field: list[Rules], entries: int, seed: int = 108) -> Size:
    """Write the file with so many entries in every event."""
    random = Random(seed)
    path.unlink(missing_ok=True)
    engine = store.open_store(f"sqlite:///{path}")
    store.migrate(engine)
    size = Size(len(field), 0, 0, 0)
    with store.writing(engine) as conn:
        conn.execute(insert(games.Games).values(id="g", name_zh="示例", name_en="Sample", host="示例市", year=2026))
        for rules in field:
            made = _event(conn, rules, entries, random)
            size = Size(size.events, size.entries + entries, size.sheets + made.sheets, size.marks + made.marks)
    engine.dispose()
    return size


def _event(conn: Connection, rules: Rules, entries: int, random: Random) -> Size:
    event = rules.id
    conn.execute(
        insert(games.Event).values(
            id=event, games_id="g", name_zh=rules.name.zh, name_en=rules.name.en, edition_digest=rules.digest
        )
    )
    conn.execute(
        insert(games.Edition).values(
            event_id=event, digest=rules.digest, n=1, canonical=rules.canonical, filed_at=AT, frozen_at=AT
        )
    )
    seats = {
        label: {"id": _id(random), "event_id": event, "panel": panel.id, "n": n, "trainee": False}
        for panel in rules.panels
        for n, label in enumerate(panel.labels, 1)
    }
    conn.execute(insert(games.Seat), list(seats.values()))
    marker = Marker(rules, random)
    keys = [
        {"id": _id(random), "event_id": event, "module": sheet.module, "sheet": sheet.id, "salt": "", "digest": "",
         "answers": json.dumps(marker.keys[sheet.path], ensure_ascii=False), "at": AT}
        for sheet in rules.sheets
        if marker.keys[sheet.path]
    ]  # fmt: skip
    if keys:
        conn.execute(insert(games.SampleKey), keys)
    people_rows = [_entry(rules, random) for _ in range(entries)]
    conn.execute(insert(people.Entry), people_rows)
    started = [row["id"] for row in people_rows if not row["status"]]
    away = _absences(rules, started, random)
    if away:
        conn.execute(
            insert(games.Absence),
            [
                {"seat_id": seats[seat]["id"], "entry_id": entry, "event_id": event, "reason": "", "at": AT}
                for entry, seat in away.items()
            ],
        )
    ids = {label: str(seat["id"]) for label, seat in seats.items()}
    return _sheets(conn, rules, marker, ids, [row["id"] for row in people_rows], set(started), away, random)


def _entry(rules: Rules, random: Random) -> dict[str, Any]:
    attributes = {each.id: random.choice(list(each.values)) for each in rules.attributes}
    status = "dns" if random.random() < DNS else ""
    return {"id": _id(random), "event_id": rules.id, "status": status, "attributes": json.dumps(attributes),
            "created_at": AT}  # fmt: skip


def _absences(rules: Rules, started: list[str], random: Random) -> dict[str, str]:
    """entry -> the one seat that is recorded as absent for it, of a panel whose sheets all let a seat be absent."""
    strict = {body["panel"] for _, body in written_sheets(rules) if body["combine"]["absent"] == "refuse"}
    may = [panel for panel in rules.panels if panel.seats >= 3 and panel.id not in strict]
    if not may:
        return {}
    return {entry: random.choice(random.choice(may).labels) for entry in started if random.random() < ABSENT}


def _sheets(
    conn: Connection, rules: Rules, marker: Marker, seats: dict[str, str], entries: list[str], started: set[str],
    away: dict[str, str], random: Random,
) -> Size:  # fmt: skip
    count = marks = 0

    def rows() -> Iterator[tuple[str, ...]]:
        nonlocal count, marks
        for sheet in rules.sheets:
            seen: dict[str, dict[str, int]] = {entry: {} for entry in entries}
            for label in sheet.panel.labels:
                for entry in entries:
                    here = entry in started and away.get(entry) != label
                    given = marker.sheet(sheet, seen[entry]) if here else {}
                    count, marks = count + 1, marks + len(given)
                    yield (
                        _id(random), rules.id, entry, sheet.module, sheet.id, seats[label],
                        "locked" if given else "draft", _marks(given, seats[label]), encode(sheet, given),
                    )  # fmt: skip

    statement = (
        f"INSERT INTO {Sheet.__tablename__} (id, event_id, entry_id, module, sheet, seat_id, state, version, marks, "
        "others, clash, late, current) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, '{}', '{}', '[]', ?)"
    )
    batch = []
    for row in rows():
        batch.append(row)
        if len(batch) == _ROWS:
            conn.exec_driver_sql(statement, batch)
            batch = []
    if batch:
        conn.exec_driver_sql(statement, batch)
    return Size(1, len(entries), count, marks)


def _marks(given: dict[str, str], seat: str) -> str:
    """The column that acts read: as long as the real one, with the id, device and counter of every mark."""
    cells = (f'"{item}":["{value}","{seat}","{seat}",{n}]' for n, (item, value) in enumerate(sorted(given.items())))
    return f"{{{','.join(cells)}}}"


def _id(random: Random) -> str:
    return f"{random.getrandbits(128):032x}"
