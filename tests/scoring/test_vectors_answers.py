"""Answer keys, duels and what a source leaves undefined: the rest of reference/sheets/11_test_vectors.yaml."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from competition.scoring import MARKS, score
from competition.web.keying import keyed
from tests.rule_text import legal, one_sheet, read, result_of

SHEETS = Path(__file__).parents[3] / "shared" / "reference" / "sheets" / "11_test_vectors.yaml"
OPTIONS = '[scales.abcd]\ntype = "choices"\noptions = ["A", "B", "C", "D"]\n'
POLICIES = {
    "half_per_option": 'several = "each", each = 0.5',
    "all_or_nothing": 'several = "all"',
    "proportional": 'several = "share"',
}


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    if not SHEETS.is_file():
        pytest.skip("../shared/reference is not here: the vectors of sheet 11 can't be compared")
    loaded: dict[str, Any] = yaml.safe_load(SHEETS.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("policy", POLICIES)
def test_multiple_choice(vectors: dict[str, Any], tmp_path: Path, policy: str) -> None:
    round_ = ', round = { places = 2, mode = "half_up" }'
    item = f'{{ id = "q", scale = "abcd", key = {{ points = 2, {POLICIES[policy]} }}{round_} }}'
    rules = legal(tmp_path, one_sheet(item, more=OPTIONS))
    question = rules.sheets[0].items[0]
    points: dict[str, str | None] = {}
    for case in vectors["multiple_choice"]:
        mark = keyed(question, str(case["given"]) or "未答").replace(" ", "_")
        points[str(case["given"])] = result_of(rules, f"* key q=A_B_D\na 1 q={mark}").standings[0].total
        expected = case.get(policy, case.get("all"))
        if expected is not None:
            assert Decimal(points[str(case["given"])] or "-1") == Decimal(str(expected)), case
    assert points["b,a,D"] == points["ABD"]


def test_wrong_answers_cost_but_never_below_the_section_floor(vectors: dict[str, Any], tmp_path: Path) -> None:
    case = vectors["true_false_negative"]
    scale = '[scales.tf]\ntype = "choice"\noptions = ["T", "F"]\n'
    items = ", ".join(
        f'{{ id = "q{n}", scale = "tf", key = {{ points = 1, wrong = -1 }} }}' for n in range(case["items"])
    )
    text = one_sheet(items, more=scale)
    key = "* key " + " ".join(f"q{n}=T" for n in range(case["items"]))
    right = ["T"] * case["right"] + ["F"] * case["wrong"]
    marks = f"{key}\na 1 " + " ".join(f"q{n}={answer}" for n, answer in enumerate(right))
    assert result_of(legal(tmp_path, text), marks).standings[0].total == str(case["raw"])
    floored = text.replace('id = "all"\n', 'id = "all"\nfloor = 0\n')
    assert result_of(legal(tmp_path, floored), marks).standings[0].total == str(case["section"])
    blank = f"{key}\na 1 " + " ".join(f"q{n}={answer}" for n, answer in enumerate(["T"] * 3 + ["—"] * 7))
    assert result_of(legal(tmp_path, text), blank).standings[0].total == "3"


def test_an_espresso_heat_is_won_at_fifty(vectors: dict[str, Any], tmp_path: Path) -> None:
    heat = vectors["wec_heat"]
    worth = {"tactile": 15, "taste": 10, "flavour": 8}
    items = ", ".join(f'{{ id = "{name}", scale = "yesno", weight = {points} }}' for name, points in worth.items())
    more = (
        '[attributes.heat]\nname = { zh = "对阵", en = "Heat" }\nany = true\n[across.rival]\nname = { zh = "对手", en = "Rival" }\n'
        'of = "m"\nhow = "rival"\nby = "heat"\n[pass]\nwhen = "m >= 50"\nranked = "all"\n[quantities.both]\n'
        'name = { zh = "合计", en = "Both" }\nformula = "m + rival"\n'
    )
    rules = legal(
        tmp_path, one_sheet(items, seats=3, combine='{ method = "sum", least = 3, absent = "refuse" }', more=more)
    )
    rows = [
        (side, "m", "s", f"p.{n}", name, str(int(heat[f"j{n}"][name] == side)))
        for side in "LR" for n in (1, 2, 3) for name in worth
    ]  # fmt: skip
    marks = pl.DataFrame(rows, schema=MARKS, orient="row")
    result = score(rules, marks, pl.DataFrame({"entry": ["L", "R"], "status": "", "heat": "1"}))
    assert [(s.entry, s.total, s.passed) for s in result.standings] == [
        ("R", str(heat["right"]), True),
        ("L", str(heat["left"]), False),
    ]
    assert {s.values["both"] for s in result.standings} == {"99"}
    assert heat["winner"] == "R"


PLACES = """
[scales.sec]
type = "time"
to = 900
[across.points]
name = { zh = "名次分", en = "Place points" }
of = "m.s.t"
how = "points"
best = "low"
points = [20, 15, 12, 10, 8, 6, 3]
rest = 0
"""


def test_place_points_at_a_tie_are_the_rules_to_say(vectors: dict[str, Any], tmp_path: Path) -> None:
    """The source is silent (share, average, or both 15): left unsaid the file is refused, said it is followed."""
    text = one_sheet('{ id = "t", scale = "sec", score = false }', more=PLACES).replace(
        "[total]\n", '[total]\npoints = "points"\n'
    )
    rules, findings = read(tmp_path, text)
    assert rules is None
    assert any("ties" in finding.zh for finding in findings)
    times = vectors["place_points"]["times_s"]
    marks = "\n".join(f"{entry} 1 t={time}" for entry, time in times.items())
    for ties, both in (("higher", "15"), ("average", "13.5"), ("lower", "12")):
        said = text.replace("rest = 0\n", f'rest = 0\nties = "{ties}"\n')
        totals = {s.entry: s.total for s in result_of(legal(tmp_path, said), marks).standings}
        assert totals == {"a": "20", "b": both, "c": both, "d": "10"}


BAND = (
    '[scales.sec]\ntype = "time"\nto = 9000\n'
    + '[[modules.m.overtime]]\nid = "over"\nname = {{ zh = "超时", en = "Over" }}\ntime = "s.t"\nlimit = 600\nbands = [{}]\n'
)


def test_overtime_bands_with_a_gap_or_an_overlap_are_refused(vectors: dict[str, Any], tmp_path: Path) -> None:
    """1–3 min −1, 3–5 −2, 5–10 −3, over 10 −5: the edges overlap, and below 1 min nothing is said."""
    assert "UNDEFINED" in str(vectors["band_overtime_tea_art"][0]["deduct"])
    item = '{ id = "t", scale = "sec", score = false }, { id = "base", scale = "points", max = 100 }'
    overlapping = "{ upto = 180, points = 1 }, { upto = 180, points = 2 }, { upto = 600, points = 3 }, { points = 5 }"
    no_rest = "{ upto = 180, points = 1 }, { upto = 300, points = 2 }"
    two_kinds = "{ below = 180, points = 1 }, { upto = 300, points = 2 }, { points = 5 }"
    for wrong in (overlapping, no_rest, two_kinds):
        rules, findings = read(tmp_path, one_sheet(item, more=BAND.format(wrong)))
        assert rules is None
        assert any("bands" in finding.zh for finding in findings)
    edges = ((60, 0), (180, 1), (300, 2), (600, 3))
    said = ", ".join(f"{{ below = {edge}, points = {points} }}" for edge, points in edges) + ", { points = 5 }"
    rules = legal(tmp_path, one_sheet(item, more=BAND.format(said)))
    for over, cost in ((0, "0"), (30, "0"), (60, "1"), (179, "1"), (180, "2"), (599, "3"), (600, "5")):
        assert result_of(rules, f"a 1 t={600 + over} base=100").standings[0].values["m.over"] == cost
