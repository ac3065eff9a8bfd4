"""One event after one mark: 40 entries, 7 seats, 40 items. `python -m tests.benchmarks.one_event FILE TIMES` prints JSON.

Before every reading a mark is recorded through the act that a clerk's desk uses, so that the ledger's head has moved and
nothing may be kept; the clock runs only for the standings, from asking the store to the last award.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from competition import store
from competition.judging.clashes import change
from competition.scoring import Result
from competition.store.sheets import Sheet, SheetNow, load
from tests.benchmarks.engine import peak_mb
from tests.benchmarks.ours import Ours, live

EVENT = "seven_judges"
ENTRIES = 40
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def rescored(path: Path, times: int) -> dict[str, Any]:
    """Milliseconds of each re-scoring."""
    ours = Ours(path)
    clock = []
    for n in range(times + 5):
        with store.writing(ours.engine) as conn:
            _mark(conn, n)
        with store.reading(ours.engine) as conn:
            started = time.perf_counter()
            result = live.standings(conn, EVENT)
            clock.append((time.perf_counter() - started) * 1000)
        _seen(result)
    return {"clock": clock[5:], "peak": peak_mb()}


def _mark(conn: Connection, n: int) -> None:
    """One judge changes one item of one sheet."""
    query = select(Sheet).where(Sheet.event_id == EVENT, Sheet.marks != "{}").order_by(Sheet.id)
    sheets = conn.execute(query.offset(n * 7 % 200).limit(1)).all()
    now: SheetNow = load(sheets[0])
    now.state = "draft"
    item = f"craft_{n % 10 + 1}"
    value = str((n * 3) % 11)
    body = {
        "sheet": now.id, "item": item, "value": value, "device": now.marks[item][2], "counter": 1000 + n,
        "seat": "", "judge": "", "supersedes": now.marks[item][1],
    }  # fmt: skip
    change(conn, now, "mark", body, AT)


def _seen(result: Result) -> None:
    first = result.standings[0]
    assert first.rank == 1
    assert first.total is not None
    assert first.award == "first"


if __name__ == "__main__":
    print(json.dumps(rescored(Path(sys.argv[1]), int(sys.argv[2]))))
