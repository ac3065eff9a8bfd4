"""The folder ../shared/published, read in place and never copied, and the command that must reproduce it."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from competition.cli import group
from competition.rules import Rules, load
from competition.scoring import ABSENCES, MARKS, Result
from competition.scoring import score as score_marks

PUBLISHED = Path(__file__).parents[3] / "shared" / "published"
RULES = Path(__file__).parent / "rules"

Line = dict[str, str]


def published(path: str) -> list[Line]:
    """The lines of a published table, everything as text. Skips the test where the folder is absent."""
    file = PUBLISHED / path
    if not file.is_file():
        pytest.skip(f"../shared/published/{path} is not here: official results can't be compared")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def rules(name: str) -> Rules:
    """The rules of tests/published/rules/<name>."""
    loaded = load(RULES / name)
    assert loaded.rules is not None, "\n".join(map(str, loaded.findings))
    return loaded.rules


@cache
def plain(number: str) -> str:
    """A published number in the one spelling that a scale accepts: "8.50" is 8.5, "10.0" is 10."""
    return f"{Decimal(number).normalize():f}" if Decimal(number) else "0"


class Contest:
    """Marks, entries and absent seats of one group of entries, gathered line by line as a clerk would."""

    def __init__(self, *attributes: str) -> None:
        self.attributes = attributes
        self._marks: list[tuple[str, str, str, str, str, str]] = []
        self._entries: dict[str, tuple[str, ...]] = {}
        self._absences: list[tuple[str, str]] = []

    def enter(self, entry: str, status: str = "", *attributes: str) -> None:
        """An entry, with the attributes in the order in which the contest names them."""
        self._entries[entry] = (entry, status, *attributes)

    def mark(self, entry: str, sheet: str, seat: str, item: str, value: str) -> None:
        """One mark on `module.sheet`; a blank value is no mark."""
        if value:
            module, _, name = sheet.partition(".")
            self._marks.append((entry, module, name, seat, item, plain(value)))

    def away(self, entry: str, seat: str) -> None:
        """A seat that was absent for an entry, or for all ("*")."""
        self._absences.append((entry, seat))

    def given_by(self, panel: str) -> int:
        """How many marks the seats of a panel gave."""
        return sum(seat.startswith(f"{panel}.") for _, _, _, seat, _, _ in self._marks)

    @property
    def marks(self) -> pl.DataFrame:
        return pl.DataFrame(self._marks, schema=MARKS, orient="row")

    @property
    def entries(self) -> pl.DataFrame:
        columns = ("entry", "status", *self.attributes)
        return pl.DataFrame(list(self._entries.values()), schema=dict.fromkeys(columns, pl.String), orient="row")

    @property
    def absences(self) -> pl.DataFrame:
        return pl.DataFrame(self._absences, schema=ABSENCES, orient="row")


def by_function(name: str, contest: Contest) -> Iterator[Line]:
    """The standings by the pure function, in the columns that the command writes."""
    result: Result = score_marks(rules(name), contest.marks, contest.entries, absences=contest.absences)
    assert [str(f) for f in result.findings if f.severity == "error"] == []
    for standing in result.standings:
        values = {name: value or "" for name, value in standing.values.items() if "@" not in name}
        decided = standing.decided_by.zh if standing.decided_by else ""
        yield values | {
            "rank": str(standing.rank or ""), "tied": "=" if standing.tied else "", "entry": standing.entry,
            "status": standing.status, "total": standing.total or "", "award": standing.award or "",
            "decided_by": decided, "missing": str(standing.missing),
        }  # fmt: skip


def by_command(name: str, contest: Contest, folder: Path) -> Iterator[Line]:
    """The standings by `competition score`, from CSV files to a CSV file."""
    paths = {part: folder / f"{part}.csv" for part in ("marks", "entries", "absences", "out")}
    contest.marks.write_csv(paths["marks"])
    contest.entries.write_csv(paths["entries"])
    contest.absences.write_csv(paths["absences"])
    options = [word for part, path in paths.items() for word in (f"--{part}", str(path))]
    ran = CliRunner().invoke(group, ["score", str(RULES / name), *options])
    assert ran.exit_code == 0, ran.output[-2000:]
    with paths["out"].open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
