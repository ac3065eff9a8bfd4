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
        "## Targets",
        "",
        *_targets(figures, median),
        "",
        "## Ratios",
        "",
        _ratio("The whole games", figures.engines, "duckdb"),
        *(_ratio("The whole games", figures.engines, peer) for peer in ("polars", "pandas")),
        _ratio("10,000 entries", figures.fewer, "duckdb"),
        *(_memory(figures.engines, peer) for peer in ("duckdb", "polars", "pandas")),
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


def _targets(figures: Figures, median: float) -> list[str]:
    """What was asked for, what was found, and a plain yes or no."""
    rows = ["| target | measured | met |", "|---|---|---|"]
    for what, engines in (("1.2 million marks", figures.engines), ("10,000 entries", figures.fewer)):
        rounds = _rounds(engines, "duckdb")
        ratio, won = statistics.median(rounds), sum(each <= 1 for each in rounds)
        rows.append(
            f"| {what}, from the file to awards, no slower than DuckDB in the same run "
            f"| {ratio:.2f} of its time, no slower in {won} of {len(rounds)} rounds | {_met(ratio, 1)} |"
        )
    rows.append(
        f"| one event after one mark, reading included: at most {TARGET:.0f} ms (median) "
        f"| {median:.1f} ms | {_met(median, TARGET)} |"
    )
    return rows


def _met(measured: float, limit: float) -> str:
    return "yes" if measured <= limit else f"**no**, by {measured / limit - 1:.1%}"


def _rounds(engines: dict[str, Measured], peer: str) -> list[float]:
    """Our best run of a round as a share of the peer's best run of the same round."""
    return [ours / theirs for ours, theirs in zip(engines["ours"]["rounds"], engines[peer]["rounds"], strict=True)]


def _ratio(what: str, engines: dict[str, Measured], peer: str) -> str:
    rounds = _rounds(engines, peer)
    best = min(engines["ours"]["clock"]) / min(engines[peer]["clock"])
    work = min(engines["ours"]["processor"]) / min(engines[peer]["processor"])
    return (
        f"- {what}: **{statistics.median(rounds):.2f} of {peer}'s time** (round by round {min(rounds):.2f} to {max(rounds):.2f};"
        f" best run of all {best:.2f}; processor time {work:.2f})."
    )


def _memory(engines: dict[str, Measured], peer: str) -> str:
    return f"- Peak memory, the whole games: {engines['ours']['peak'] / engines[peer]['peak']:.2f} of {peer}'s."


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
        f"The same event as a workbook in LibreOffice: {book['clock']:.0f} ms to start, load, recalculate and save; an empty"
        f" workbook takes {book['start']:.0f} ms (medians of {book['times']} each, in turn); peak {book['peak']:.0f} MB."
        " The same places, totals and awards.",
    ]


def _book_ratio(book: Measured | None, median: float) -> list[str]:
    if book is None:
        return []
    formulas = max(book["clock"] - book["start"], 0)
    return [
        f"- The workbook in LibreOffice: {book['clock'] / median:.0f} times our time for the same event;"
        f" its formulas and marks without the office's start about {formulas / median:.0f} times."
    ]
