"""Where the engine and the oracle once disagreed, smallest first; the rule text decided."""

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from .comparing import by_engine, by_oracle
from .oracle import Mark
from .strategies import Case
from .writing import written

RULES = written(
    {
        "language": 1,
        "event": {"id": "trial", "job_type": "trial", "name": {"zh": "t", "en": "t"}, "edition": "2026-1"},
        "sources": [{"id": "own", "status": "derived", "says": "made up", "where": "a test"}],
        "scales": {
            "seconds": {"type": "time", "decimals": 0, "to": 7200},
            "count_faults": {"type": "count", "from": 0, "to": 5},
            "words": {"type": "answer", "length": 20},
        },
        "panels": {
            "jury": {"name": {"zh": "j", "en": "j"}, "seats": 3, "kind": "judge"},
            "head": {"name": {"zh": "h", "en": "h"}, "seats": 1, "kind": "head"},
        },
        "parts": {"p1": {"name": {"zh": "p", "en": "p"}, "weight": 100, "out_of": 20}},
        "total": {"decide_on": "exact"},
        "ranking": {
            "shared": "allowed",
            "keys": [{"by": "total", "best": "high"}],
            "after": ["dnf", "dns", "withdrawn", "dsq", "void"],
        },
    }
)
MODULE = """
[modules.m1]
part = "p1"
name = { zh = "m", en = "m" }
minutes = 1
out_of = 20

[modules.m1.sheets.s1]
panel = "jury"
name = { zh = "s", en = "s" }
combine = { method = "max", least = 2, absent = "exclude", by = "item" }

[[modules.m1.sheets.s1.sections]]
id = "x1"
name = { zh = "x", en = "x" }
items = [
  { id = "a", name = { zh = "a", en = "a" }, scale = "points", max = 10, step = 0.5 },
  { id = "b", name = { zh = "b", en = "b" }, scale = "points", max = 10, step = 0.5 },
]
"""
HEAD = """
[[modules.m1.overtime]]
id = "over"
name = { zh = "o", en = "o" }
time = "head.elapsed"
limit = 60
per = 10
points = 1

[modules.m1.sheets.head]
panel = "head"
name = { zh = "s", en = "s" }
combine = { method = "agreed", least = 1, absent = "refuse" }

[[modules.m1.sheets.head.sections]]
id = "facts"
name = { zh = "x", en = "x" }
items = [
  { id = "barred", name = { zh = "b", en = "b" }, scale = "yesno", score = false, blank = 0 },
  { id = "elapsed", name = { zh = "e", en = "e" }, scale = "seconds", score = false },
]

[[vetoes]]
id = "barred"
name = { zh = "v", en = "v" }
when = "m1.head.barred.value == 1"
zero = ["m1"]
"""

SOLO = """
[modules.m1.sheets.solo]
panel = "head"
name = { zh = "s", en = "s" }
combine = { method = "agreed", least = 1, absent = "exclude" }

[[modules.m1.sheets.solo.sections]]
id = "x2"
name = { zh = "x", en = "x" }
items = [{ id = "c", name = { zh = "c", en = "c" }, scale = "count_faults", weight = -1 }]
"""


def test_a_module_zeroed_by_a_veto_is_zero(folder: Path) -> None:
    marks = [*_jury(a="567", b="111"), ("e1", "m1", "head", "head.1", "barred", "1")]
    marks.append(("e1", "m1", "head", "head.1", "elapsed", "75"))
    assert _both(folder, RULES + MODULE + HEAD, marks, "m1") == (0, 0)


def test_combined_of_a_section_goes_item_by_item_where_its_sheet_does(folder: Path) -> None:
    quantity = '[quantities]\nq = { name = { zh = "q", en = "q" }, formula = "combined(m1.s1.x1)" }\n'
    assert _both(folder, RULES + MODULE + quantity, _jury(a="610", b="130"), "q") == (9, 9)


def test_a_veto_gives_an_absent_seat_no_points(folder: Path) -> None:
    veto = '[[vetoes]]\nid = "v"\nname = { zh = "v", en = "v" }\nwhen = "max(m1.s1.a.value) > 1"\nzero = ["m1.solo"]\n'
    quantity = '[quantities]\nq = { name = { zh = "q", en = "q" }, formula = "m1.solo.x2" }\n'
    assert _both(folder, RULES + MODULE + SOLO + veto + quantity, _jury(a="567", b="111"), "q", "head.1") == (
        None,
        None,
    )


def test_answers_that_are_different_numbers_are_different(folder: Path) -> None:
    item = '  { id = "b", name = { zh = "b", en = "b" }, scale = "words", key = { points = 10 } },'
    text = RULES + "\n".join(item if line.startswith('  { id = "b"') else line for line in MODULE.split("\n"))
    marks = [*_jury(a="000"), *[("e1", "m1", "s1", f"jury.{n}", "b", "1.5") for n in (1, 2, 3)]]
    assert _both(folder, text, [*marks, ("*", "m1", "s1", "key", "b", "15")], "m1") == (0, 0)


def _jury(**digits: str) -> list[Mark]:
    """One digit for each of the three seats."""
    return [("e1", "m1", "s1", f"jury.{n}", item, d) for item, row in digits.items() for n, d in enumerate(row, 1)]


def _both(folder: Path, text: str, marks: list[Mark], name: str, *absent: str) -> tuple[Fraction | None, ...]:
    """The value called `name` by the oracle and by the engine."""
    data = tomllib.loads(text, parse_float=Decimal)
    case = Case(data, marks, [{"entry": "e1", "status": ""}], [("e1", seat) for seat in absent])
    return by_oracle(case).entries["e1"]["values"][name], by_engine(case, folder).numbers["e1"][name]
