"""A test language for rules: a few lines of TOML about one sheet, wrapped into a whole legal rule file."""

from pathlib import Path

import polars as pl

from competition.errors import Finding
from competition.rules import Rules, load
from competition.scoring import ABSENCES, MARKS, Result, score

HEAD = """
language = 1
[event]
id = "probe"
job_type = "probe"
name = { zh = "试题", en = "Probe" }
edition = "1"
[[sources]]
id = "s"
status = "derived"
says = "a test"
[parts.practical]
name = { zh = "实操", en = "Practical" }
weight = 100
[total]
decide_on = "exact"
[ranking]
shared = "allowed"
keys = [ { by = "total", best = "high" } ]
"""

SHEET = """
[panels.p]
name = { zh = "裁判", en = "Judges" }
seats = SEATS
kind = "judge"
[modules.m]
part = "practical"
name = { zh = "模块", en = "Module" }
[modules.m.sheets.s]
panel = "p"
name = { zh = "评分表", en = "Sheet" }
"""


def named(items: str) -> str:
    """`id = "x"` items get a name, so that a test shows only what it is about."""
    return items.replace('{ id = "', '{ name = { zh = "项", en = "Item" }, id = "')


def one_sheet(items: str, *, seats: int = 1, combine: str = "", more: str = "", module: str = "") -> str:
    """A rule file with one module, one sheet, one section of these items."""
    sheet = SHEET.replace("SEATS", str(seats))
    if module:
        sheet = sheet.replace('part = "practical"\n', f'part = "practical"\n{module}\n')
    how = f"combine = {combine}\n" if combine else ""
    section = '[[modules.m.sheets.s.sections]]\nid = "all"\nname = { zh = "全部", en = "All" }\n'
    return f"{HEAD}{sheet}{how}{section}items = [{named(items)}]\n{more}"


def read(tmp_path: Path, text: str) -> tuple[Rules | None, tuple[Finding, ...]]:
    """The rules and findings of a text, written where a rule file would stand."""
    folder = tmp_path / "probe"
    folder.mkdir(exist_ok=True)
    (folder / "rules.toml").write_text(text, encoding="utf-8")
    loaded = load(folder)
    return loaded.rules, loaded.findings


def legal(tmp_path: Path, text: str) -> Rules:
    """The rules of a text that must be legal."""
    rules, findings = read(tmp_path, text)
    assert rules is not None, [str(f) for f in findings]
    return rules


def frame_of(text: str) -> pl.DataFrame:
    """Marks as on paper: a line is `entry seat item=value item=value …` of sheet m/s; seat `key` is the sealed key."""
    rows = []
    for line in text.strip().splitlines():
        entry, seat, *marks = line.split()
        where = "key" if seat == "key" else f"p.{seat}"
        rows += [(entry, "m", "s", where, *mark.replace("_", " ").split("=", 1)) for mark in marks]
    return pl.DataFrame(rows, schema=MARKS, orient="row")


def result_of(rules: Rules, marks: str, *, status: str = "", absent: str = "", **attributes: str) -> Result:
    """Score marks written as above. `absent` is `entry:seat …`, `status` is `entry:dns …`."""
    frame = frame_of(marks)
    states = dict(pair.split(":") for pair in status.split())
    names = [e for e in dict.fromkeys([*frame["entry"].to_list(), *states]) if e != "*"]
    entries = pl.DataFrame({"entry": names, "status": [states.get(e, "") for e in names]})
    entries = entries.with_columns([pl.lit(v).alias(k) for k, v in attributes.items()])
    gone = [(e, f"p.{seat}") for e, seat in (pair.split(":") for pair in absent.split())]
    return score(rules, frame, entries, absences=pl.DataFrame(gone, schema=ABSENCES, orient="row"))


def table(result: Result) -> list[tuple[str, int | None, str | None]]:
    """entry, rank, total in order of standing."""
    return [(s.entry, s.rank, s.total) for s in result.standings]
