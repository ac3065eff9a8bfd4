"""The figures as a page: ratios first, because they say the same on another machine."""

import statistics
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from tests.benchmarks.games_file import Size

Measured = dict[str, Any]
TARGET = 12.0
"""Milliseconds for one event after one mark (reference/stack.md section 0)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured in one run."""

    machine: str
    day: date
    size: Size
    engines: dict[str, Measured]
    small: Size
    fewer: dict[str, Measured]
    one: Measured
    book: Measured | None


def report(figures: Figures) -> str:
    """RESULTS.md."""
    one = sorted(figures.one["clock"])
    median, p95 = statistics.median(one), one[int(len(one) * 0.95)]
    lines = [
        "# Results of `make bench`",
        "",
        f"Measured on {figures.day:%d %B %Y}: {figures.machine}. Other work may have run beside it; trust ratios of 1.5 and more.",
        "How to read this: README.md beside this file.",
        "",
        "## Ratios",
        "",
        _ratio("The whole games", figures.engines, "duckdb"),
        *(_ratio("The whole games", figures.engines, peer) for peer in ("polars", "pandas")),
        _ratio("10,000 entries", figures.fewer, "duckdb"),
        f"- One event after one mark: {median / TARGET:.2f} of the target of {TARGET:.0f} ms.",
        *_book_ratio(figures.book, median),
        "",
        f"## {_count(figures.size)}: from the file to ranked standings with awards",
        "",
        *_table(figures.engines),
        "",
        f"## {_count(figures.small)}",
        "",
        *_table(figures.fewer),
        "",
        f"## One event after one mark (40 entries × 7 seats × 40 items, {figures.one['marks']:,} marks)",
        "",
        f"Reading, standings and awards, {len(one)} times: median **{median:.1f} ms**, p95 {p95:.1f}, best {one[0]:.1f} ms;"
        f" peak memory of the process {figures.one['peak']:.0f} MB.",
        *_book(figures.book),
        "",
        "Versions: " + ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "duckdb", "pandas")) + ".",
        "",
    ]
    return "\n".join(lines)


def _count(size: Size) -> str:
    return f"{size.events} events, {size.entries:,} entries, {size.sheets:,} sheets, {size.marks:,} marks"


def _ratio(what: str, engines: dict[str, Measured], peer: str) -> str:
    ours, theirs = engines["ours"], engines[peer]
    best = min(ours["clock"]) / min(theirs["clock"])
    middle = statistics.median(ours["clock"]) / statistics.median(theirs["clock"])
    work = min(ours["processor"]) / min(theirs["processor"])
    return f"- {what}: **{best:.2f} of {peer}'s time** (median {middle:.2f}, processor time {work:.2f})."


def _table(engines: dict[str, Measured]) -> list[str]:
    rows = [
        "| engine | best ms | median ms | processor ms | first run ms | prepared once ms | peak MB | of it for the runs |"
    ]
    rows.append("|---|---|---|---|---|---|---|---|")
    for name, one in engines.items():
        rows.append(
            f"| {name} | **{min(one['clock']):.0f}** | {statistics.median(one['clock']):.0f} | {min(one['processor']):.0f} "
            f"| {one['first']:.0f} | {one['prepare']:.0f} | {one['peak']:.0f} | {one['more']:.0f} |"
        )
    (same,) = {one["digest"][:12] for one in engines.values()}
    count = next(iter(engines.values()))["rows"]
    return [*rows, "", f"All give the same {count:,} rows of entry, place, total, status and award (sha256 {same}…)."]


def _book(book: Measured | None) -> list[str]:
    if book is None:
        return ["", "**LibreOffice was not installed: the workbook was not measured.**"]
    return [
        "",
        f"The same event as a workbook in LibreOffice: {book['clock']:.0f} ms to load, recalculate and save, of which an empty"
        f" workbook takes {book['start']:.0f}; peak {book['peak']:.0f} MB. The same places, totals and awards.",
    ]


def _book_ratio(book: Measured | None, median: float) -> list[str]:
    if book is None:
        return []
    return [f"- The workbook in LibreOffice: {book['clock'] / median:.0f} times our time for the same event."]
