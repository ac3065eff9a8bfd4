"""`make bench`: one file, four engines, one event, one workbook; figures to the console and to RESULTS.md. See README.md."""

import argparse
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from competition.rules import Rules, load
from competition.store.engine import MIGRATIONS
from tests.benchmarks import workbook
from tests.benchmarks.engine import NAMES, digest
from tests.benchmarks.games_file import ROOT, Size, entries_for, job_types, make
from tests.benchmarks.one_event import ENTRIES, EVENT
from tests.benchmarks.ours import Ours
from tests.benchmarks.report import Figures, report

HERE = Path(__file__).parent
Measured = dict[str, Any]


def main() -> None:
    """Make the files that are missing, measure everything in turn, report."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--marks", type=int, default=1_200_000, help="marks in the file (1,200,000)")
    parser.add_argument("--rounds", type=int, default=5, help="every engine in turn, so many times (5)")
    parser.add_argument("--runs", type=int, default=3, help="timed runs of an engine in each round (3)")
    parser.add_argument("--times", type=int, default=200, help="marks on the one event (200)")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench", help="where the files are kept")
    parser.add_argument("--no-results", action="store_true", help="leave RESULTS.md alone")
    options = parser.parse_args()
    load_before = os.getloadavg()[0]
    options.folder.mkdir(parents=True, exist_ok=True)

    field = job_types()
    path, size = _file(options.folder, field, entries_for(field, options.marks))
    _say(f"{size.events} events, {size.entries:,} entries, {size.sheets:,} sheets, {size.marks:,} marks: {path.name}")
    engines = _engines(path, options.rounds, options.runs)
    small = _file(options.folder, field, -(-10_000 // len(field)))
    fewer = _engines(small[0], options.rounds, options.runs, ("ours", "duckdb"))
    one = _one_event(options.folder, options.times)
    book = _workbook(options.folder)
    figures = Figures(_machine(load_before), datetime.now(UTC).date(), size, engines, small[1], fewer, one, book)
    text = report(figures)
    print(text)
    if not options.no_results:
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")


def _file(folder: Path, field: Sequence[Rules], entries: int) -> tuple[Path, Size]:
    """The file for these rules, made if it isn't there. Its name changes with all that it is made from."""
    made_of = [rules.digest for rules in field] + [each.name for each in sorted((MIGRATIONS / "versions").glob("0*"))]
    made_of += [(HERE / name).read_text(encoding="utf-8") for name in ("games_file.py", "invented.py")]
    name = hashlib.sha256(json.dumps([entries, made_of]).encode()).hexdigest()[:12]
    path, note = folder / f"{name}.sqlite", folder / f"{name}.json"
    if not note.exists():
        _say(f"making {path.name} …")
        size = make(path, list(field), entries)
        note.write_text(json.dumps([size.events, size.entries, size.sheets, size.marks]), encoding="utf-8")
    return path, Size(*json.loads(note.read_text(encoding="utf-8")))


def _engines(path: Path, rounds: int, runs: int, names: Sequence[str] = NAMES) -> dict[str, Measured]:
    """Every engine in a process of its own, one after the other, round by round. All must give the same rows."""
    found: dict[str, Measured] = {}
    for n in range(rounds):
        for name in names:
            one = _run("engine", name, str(path), str(runs))
            _say(f"  {n + 1}/{rounds} {name:7} {min(one['clock']):7.0f} ms  {one['peak']:5.0f} MB")
            if name not in found:
                found[name] = one | {"rounds": [min(one["clock"])]}
            else:
                found[name]["rounds"].append(min(one["clock"]))
                found[name]["clock"] += one["clock"]
                found[name]["processor"] += one["processor"]
                found[name]["peak"] = max(found[name]["peak"], one["peak"])
    digests = {one["digest"] for one in found.values()}
    if len(digests) > 1:
        sys.exit(f"the engines disagree: { {name: one['digest'][:12] for name, one in found.items()} }")
    return found


def _one_event(folder: Path, times: int) -> Measured:
    loaded = load(HERE / EVENT)
    assert loaded.rules is not None
    path, size = _file(folder, [loaded.rules], ENTRIES)
    one = _run("one_event", str(path), str(times))
    _say(f"  one event, {size.marks:,} marks: median {statistics.median(one['clock']):.1f} ms")
    return one | {"marks": size.marks}


def _workbook(folder: Path) -> Measured | None:
    if not workbook.installed():
        _say("!!! soffice is not installed: NO FIGURES FOR THE WORKBOOK (apt-get install libreoffice-calc-nogui) !!!")
        return None
    loaded = load(HERE / EVENT)
    assert loaded.rules is not None
    path, _ = _file(folder, [loaded.rules], ENTRIES)
    book = _run("workbook", str(path))
    ours = Ours(path)
    rows = [(entry, place, total, award) for _, entry, place, total, _, award in ours.rows(ours.run())]
    if digest(rows) != digest(book["rows"]):  # type: ignore[arg-type]
        sys.exit("the workbook disagrees")
    _say(f"  workbook: {book['clock']:.0f} ms, empty {book['start']:.0f} ms")
    return book


def _run(module: str, *arguments: str) -> Measured:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    measured: Measured = json.loads(done.stdout)
    return measured


def _machine(load_before: float) -> str:
    return (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}; "
        f"load {load_before:.1f} before the first engine started, {os.getloadavg()[0]:.1f} at the end, this run included"
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
