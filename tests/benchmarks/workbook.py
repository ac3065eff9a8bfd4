"""One event as a workbook: the formulas an organiser would write, recalculated by LibreOffice without a window.

`python -m tests.benchmarks.workbook FILE` writes the event's marks and formulas with xlsxwriter, lets soffice recalculate
and save them, reads the answer, and prints JSON: milliseconds of soffice, of an empty workbook beside it, and the rows.
Starting an office takes far longer than these formulas, so both are done in turn and the medians are told apart.
"""

import csv
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

from competition import store
from competition.judging.reading import given
from competition.rules import Rules
from competition.scoring.compact import places
from tests.benchmarks.one_event import EVENT

OFFICE = "soffice"
TIMES = 7
# LibreOffice trusts the numbers that a workbook brings along, and ours brings none: it must be told to recalculate always.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def installed() -> bool:
    """Whether there is a LibreOffice to compare with."""
    return shutil.which(OFFICE) is not None


def recalculated(path: Path) -> dict[str, object]:
    """Write, recalculate and read back; the rows are (entry, place or 0, total in hundredths, award)."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        profile = here / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        with xlsxwriter.Workbook(here / "empty.xlsx") as empty:
            empty.add_worksheet()
        written = time.perf_counter()
        _write(path, here / "event.xlsx")
        written = (time.perf_counter() - written) * 1000
        _convert(here, "empty.xlsx")  # the first start makes LibreOffice's profile
        pairs = [(_convert(here, "empty.xlsx"), _convert(here, "event.xlsx")) for _ in range(TIMES)]
        start, clock = (statistics.median(each) for each in zip(*pairs, strict=True))
        with (here / "event.csv").open(encoding="utf-8", newline="") as file:
            rows = [_row(row) for row in csv.reader(file)]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"clock": clock, "start": start, "times": TIMES, "write": written, "peak": peak, "rows": rows}


def _convert(folder: Path, name: str) -> float:
    started = time.perf_counter()
    command = [
        OFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "csv", "--outdir",
        str(folder), str(folder / name),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return (time.perf_counter() - started) * 1000


def _row(cells: list[str]) -> tuple[str, int, int, str]:
    entry, total, place, award, _ = cells
    return entry, int(place or 0), round(float(total or 0) * 100), award


def _write(path: Path, file: Path) -> None:
    """The first sheet holds the standings (soffice writes only that one as CSV), the second a row per judge's sheet."""
    engine = store.open_store(f"sqlite:///{path}")
    with store.reading(engine) as conn:
        rules = store.thawed(conn, EVENT)
        event = given(conn, EVENT, rules)
    engine.dispose()
    (form,) = rules.sheets
    dens = [item.scale.den for item in places(form) if item.scale is not None]
    lists = {
        (entry, pile.seat): json.loads(text)
        for pile in event.piles
        for entry, text in zip(pile.entries.split("\n"), pile.lists.split("\n"), strict=True)
    }
    with xlsxwriter.Workbook(file) as book:
        standings, marks = book.add_worksheet("standings"), book.add_worksheet("marks")
        seats = form.panel.labels
        line = 0
        for n, (entry, status) in enumerate(zip(event.entries, event.status, strict=True)):
            first = line + 1
            for seat in seats:
                for column, (numerator, den) in enumerate(zip(lists.get((entry, seat), []), dens, strict=False)):
                    if numerator is not None:
                        marks.write_number(line, column + 2, numerator / den)
                marks.write_formula(
                    line, 0, f'=IF(COUNT(C{line + 1}:AP{line + 1})=40,SUM(C{line + 1}:AP{line + 1}),"")'
                )
                marks.write_formula(line, 1, f'=IF(A{line + 1}="","",SUM(C{line + 1}:L{line + 1}))')
                line += 1
            _entry(
                standings,
                n,
                entry,
                status,
                f"marks!A{first}:A{line}",
                f"marks!B{first}:B{line}",
                len(event.entries),
                rules,
            )


def _entry(
    sheet: "xlsxwriter.workbook.Worksheet",
    n: int,
    entry: str,
    status: str,
    sums: str,
    ideas: str,
    size: int,
    rules: Rules,
) -> None:
    """entry, total, place, award, and the second key, which decides equal totals."""
    row, last = n + 1, size
    sheet.write_string(n, 0, entry)
    for column, cells in ((1, sums), (4, ideas)):
        trimmed = f"IF(COUNT({cells})>=5,(SUM({cells})-MAX({cells})-MIN({cells}))/(COUNT({cells})-2),AVERAGE({cells}))"
        sheet.write_formula(n, column, f'=IF("{status}"<>"","",ROUND({trimmed},2))')
    better = f'COUNTIF(B$1:B${last},">"&B{row})'
    equal = f'COUNTIFS(B$1:B${last},B{row},E$1:E${last},">"&E{row})'
    sheet.write_formula(n, 2, f'=IF(B{row}="","",1+{better}+{equal})')
    formula, before = '""', 0
    borders = []
    for award in rules.awards:
        before += int(award.share * size / 100 + 1 / 2) if award.share is not None else 0
        borders.append((before, award.id))
    for border, award_id in reversed(borders):
        formula = f'IF(C{row}<={border},"{award_id}",{formula})'
    sheet.write_formula(n, 3, f'=IF(C{row}="","",{formula})')


if __name__ == "__main__":
    print(json.dumps(recalculated(Path(sys.argv[1]))))
