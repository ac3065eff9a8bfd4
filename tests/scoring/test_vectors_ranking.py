"""Places, ties, quotas and majority placing against the field's vectors, through rule files."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from competition.scoring import MARKS, score
from tests.rule_text import HEAD, legal, one_sheet, read, result_of
from tests.scoring.vector_files import vector

SCALE = '[scales.n]\ntype = "steps"\nfrom = 0\nto = {to}\nstep = {step}\n'
ITEM = '{ id = "x", scale = "n" }'


def field(marks: list[Any]) -> str:
    return "\n".join(f"e{n:03d} 1 x={mark}" for n, mark in enumerate(marks))


@pytest.mark.parametrize(("name", "numbering"), [("competition", "1224"), ("dense", "1223"), ("modified_1334", "1334")])
def test_places_are_numbered_as_the_rules_say(tmp_path: Path, name: str, numbering: str) -> None:
    for case in vector("rank_cases.json"):
        text = one_sheet(ITEM, more=SCALE.format(to=100, step=0.5))
        rules = legal(tmp_path, text.replace('shared = "allowed"', f'shared = "allowed"\nnumbering = "{numbering}"'))
        result = result_of(rules, field(case["marks"]))
        assert [result.standing(f"e{n:03d}").rank for n in range(len(case["marks"]))] == case[name]


ACROSS = '[across.place]\nname = {{ zh = "名次", en = "Place" }}\nof = "m.s"\nhow = "rank"\nbest = "high"\nnumbering = "{}"\n'


def test_fractional_places_are_a_quantity_and_ordinal_ones_are_refused(tmp_path: Path) -> None:
    for case in vector("rank_cases.json"):
        more = SCALE.format(to=100, step=0.5) + ACROSS.format("fractional")
        result = result_of(legal(tmp_path, one_sheet(ITEM, more=more)), field(case["marks"]))
        shown = [result.numbers[f"e{n:03d}"]["place"] for n in range(len(case["marks"]))]
        assert shown == [Decimal(str(place)) for place in case["fractional"]]
    rules, findings = read(tmp_path, one_sheet(ITEM, more=SCALE.format(to=100, step=0.5) + ACROSS.format("ordinal")))
    assert rules is None
    assert any("ordinal" in finding.zh for finding in findings)


def test_the_skating_system(tmp_path: Path) -> None:
    cases = vector("skating_vectors.json")
    for rule in ("rule5", "rule6", "rule7"):
        judges = list(cases[rule]["marks"].values())
        how = '{ method = "sum", least = 5, absent = "refuse" }'
        more = SCALE.format(to=6, step=1) + (
            '[across.place]\nname = { zh = "名次", en = "Place" }\nof = "m.s.x.value"\nhow = "majority"\n'
        )
        text = one_sheet(ITEM, seats=len(judges), combine=how, more=more).replace(
            "[total]\n", '[total]\npoints = "place"\n'
        )
        rules = legal(tmp_path, text.replace('best = "high"', 'best = "low"'))
        marks = "\n".join(
            f"{couple} {n} x={mark}" for n, given in enumerate(judges, 1) for couple, mark in given.items()
        )
        result = result_of(rules, marks)
        assert {s.entry: s.rank for s in result.standings} == cases[rule]["expect"], rule


@pytest.mark.parametrize(
    ("name", "rounding"),
    [("half_up", "half_up"), ("ceil", "ceiling"), ("floor", "floor"), ("cumulative_half_up", "cumulative")],
)
def test_award_quotas(tmp_path: Path, name: str, rounding: str) -> None:
    awards = "".join(
        f'[[awards]]\nid = "{id}"\nname = {{ zh = "奖", en = "Prize" }}\nshare = {share}\nof = "entered"\nrounding = "{rounding}"\n'
        for id, share in (("first", 10), ("second", 20), ("third", 30))
    )
    rules = legal(tmp_path, one_sheet(ITEM, more=SCALE.format(to=200, step=1) + awards))
    for case in vector("award_quota_cases.json")["cases"]:
        given = [s.award for s in result_of(rules, field(list(range(case["n"])))).standings]
        assert [given.count(id) for id in ("first", "second", "third")] == case[name], case["n"]


CHAINS = {
    "no tie-break": [],
    "practical higher first": [("practical", "high")],
    "time shorter": [("time", "low"), ("practical", "high"), ("theory", "high")],
}

PAPER = """
[panels.desk]
name = { zh = "统分员", en = "Desk" }
seats = 1
kind = "import"
[quantities.time]
name = { zh = "用时", en = "Time" }
formula = "work.s.time"
"""

MODULE = """
[modules.{id}]
part = "{part}"
name = {{ zh = "模块", en = "Module" }}
[modules.{id}.sheets.s]
panel = "desk"
name = {{ zh = "表", en = "Sheet" }}
[[modules.{id}.sheets.s.sections]]
id = "all"
name = {{ zh = "全部", en = "All" }}
items = [{items}]
"""


def two_parts(keys: list[tuple[str, str]]) -> str:
    """Theory 20, practical 80, and a time; ranked by the total and these keys."""
    head = HEAD.replace("weight = 100", "weight = 80").replace(
        "[parts.practical]", '[parts.theory]\nname = { zh = "理论", en = "Theory" }\nweight = 20\n[parts.practical]'
    )
    chain = "".join(f', {{ by = "{by}", best = "{best}" }}' for by, best in keys)
    head = head.replace('{ by = "total", best = "high" }', '{ by = "total", best = "high" }' + chain)
    mark = '{ id = "mark", name = { zh = "分", en = "Mark" }, scale = "n" }'
    clock = ', { id = "time", name = { zh = "用时", en = "Time" }, scale = "clock", score = false, blank = 0 }'
    scales = SCALE.format(to=100, step=0.25) + '[scales.clock]\ntype = "time"\nto = 7200\n'
    return (
        head + scales + PAPER + MODULE.format(id="paper", part="theory", items=mark)
        + MODULE.format(id="work", part="practical", items=mark + clock)
    )  # fmt: skip


def test_one_field_three_tie_chains(tmp_path: Path) -> None:
    cases = vector("cn_tie_chain_cases.json")
    rows, status = [], {}
    for entry in cases["entries"]:
        cells = {
            ("paper", "mark"): entry["theory"],
            ("work", "mark"): entry["practical"],
            ("work", "time"): entry.get("time_s"),
        }
        rows += [(entry["no"], m, "s", "desk.1", item, str(v)) for (m, item), v in cells.items() if v is not None]
        status[entry["no"]] = "dns" if "status" in entry else ""
    marks = pl.DataFrame(rows, schema=MARKS, orient="row")
    entries = pl.DataFrame({"entry": list(status), "status": list(status.values())})
    for name, expected in cases["chains"].items():
        keys = next(chain for start, chain in CHAINS.items() if name.startswith(start))
        result = score(legal(tmp_path, two_parts(keys)), marks, entries)
        assert {s.entry: s.rank for s in result.standings if s.rank} == expected, name
        last = result.standings[-1]
        assert (last.entry, last.rank, last.total, last.status) == ("06", None, None, "dns")
