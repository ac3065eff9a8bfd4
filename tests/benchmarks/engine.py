"""One engine in a process of its own: `python -m tests.benchmarks.engine NAME FILE RUNS` prints its figures as JSON.

What an engine holds between runs (a server's plans, a peer's tables of the rule files) is prepared before the clock starts.
"""

import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.games_file import job_types
from tests.benchmarks.parameters import tables
from tests.benchmarks.peer_reading import Rows

NAMES = ("ours", "duckdb", "polars", "pandas")
Prepared = tuple[Callable[[], Any], Callable[[Any], Rows]]


def prepared(name: str, path: Path) -> Prepared:
    """What to time, and what makes rows of its answer."""
    if name == "ours":
        from tests.benchmarks.ours import Ours

        ours = Ours(path)
        return ours.run, ours.rows
    peer = _peer(name, tables(job_types()))
    return lambda: peer.run(path), lambda rows: rows


def _peer(name: str, numbers: dict[str, list[dict[str, Any]]]) -> Any:
    if name == "duckdb":
        from tests.benchmarks.peer_duckdb import Duck

        return Duck(numbers)
    if name == "polars":
        from tests.benchmarks.peer_polars import Polars

        return Polars(numbers)
    from tests.benchmarks.peer_pandas import Pandas

    return Pandas(numbers)


def digest(rows: Rows) -> str:
    """What a result is known by: every event's entries with place, total, status and award."""
    return hashlib.sha256(json.dumps(sorted(map(tuple, rows))).encode()).hexdigest()


def peak_mb() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(name: str, path: Path, runs: int) -> dict[str, Any]:
    """Milliseconds of the clock and of all processors for each run, peak memory, and the digest of the rows."""
    started = time.perf_counter()
    run, rows = prepared(name, path)
    before, preparing = peak_mb(), time.perf_counter() - started
    clock, processor = [], []
    answer = None
    for _ in range(runs + 1):
        answer = None  # a server lets go of the old result when it has the new one
        clock.append(time.perf_counter())
        processor.append(time.process_time())
        answer = run()
        clock[-1] = (time.perf_counter() - clock[-1]) * 1000
        processor[-1] = (time.process_time() - processor[-1]) * 1000
    return {
        "engine": name, "first": clock[0], "clock": clock[1:], "processor": processor[1:], "prepare": preparing * 1000,
        "peak": peak_mb(), "more": peak_mb() - before, "digest": digest(rows(answer)), "rows": len(rows(answer)),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
