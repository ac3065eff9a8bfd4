"""What counts as missing: marks that somebody still owes, and nothing else."""

from pathlib import Path

import polars as pl

from competition.rules import load
from competition.scoring import score
from competition.scoring.frames import MARKS
from tests.rule_text import legal, one_sheet, result_of

KEYED = Path(__file__).parents[1] / "constructs" / "11-answer-key" / "rules.toml"


def test_answers_are_not_missing_while_the_key_is_sealed() -> None:
    rules = load(KEYED).rules
    assert rules is not None
    cells = [
        ("e", sheet.module, sheet.id, seat, item.id)
        for sheet, seat, item in rules.cells()
        if item.answered and item.scale is not None
    ]
    assert cells
    marks = pl.DataFrame([(*cell, "nothing right") for cell in cells[1:]], schema=MARKS, orient="row")
    entries = pl.DataFrame({"entry": ["e"], "status": [""]} | {each.id: [each.values[0]] for each in rules.attributes})
    (standing,) = score(rules, marks, entries).standings
    assert standing.total is None
    assert standing.missing == standing.expected - len(cells) + 1


def missing(tmp_path: Path, rules: str, marks: str) -> tuple[int, int, str | None]:
    """Of entry e, on the marks "a=1 b=2" of one seat: how many are missing, how many are expected, and the total."""
    (standing,) = result_of(legal(tmp_path, rules), f"e 1 {marks}").standings
    return standing.missing, standing.expected, standing.total


def test_what_a_veto_has_zeroed_is_no_longer_missing(tmp_path: Path) -> None:
    veto = '[[vetoes]]\nid = "v"\nname = { zh = "否", en = "V" }\nwhen = "m.s.bad == 1"\nzero = ["m.s.a", "m.s.b"]\n'
    items = ", ".join(f'{{ id = "{x}", scale = "yesno"{", score = false" * (x == "bad")} }}' for x in ("a", "b", "bad"))
    rules = one_sheet(items, more=veto)
    assert missing(tmp_path, rules, "bad=1") == (0, 1, "0")
    assert missing(tmp_path, rules, "bad=0") == (2, 3, None)
    assert missing(tmp_path, rules, "a=1") == (2, 3, None)


def test_what_a_branch_leaves_aside_is_not_missing(tmp_path: Path) -> None:
    items = '{ id = "done", scale = "yesno", score = false }, { id = "t", scale = "points", max = 9, score = false }'
    rules = one_sheet(items + ', { id = "x", formula = "if(done == 1, t, 0)" }')
    assert missing(tmp_path, rules, "done=0") == (0, 1, "0")
    assert missing(tmp_path, rules, "done=1") == (1, 2, None)
    assert missing(tmp_path, rules, "t=5") == (1, 2, None)


def test_a_key_of_the_ranking_is_asked_for_whatever_a_branch_leaves_aside(tmp_path: Path) -> None:
    items = '{ id = "done", scale = "yesno", score = false }, { id = "t", scale = "points", max = 9, score = false }'
    time = '[quantities]\ntime = { name = { zh = "时", en = "T" }, formula = "m.s.t" }\n'
    rules = one_sheet(items, more=time, module='points = "if(s.done == 1, time, 0)"')
    keyed = rules.replace('best = "high" } ]', 'best = "high" }, { by = "time", best = "low" } ]')
    assert missing(tmp_path, rules, "done=0")[0] == 0
    assert missing(tmp_path, keyed, "done=0")[0] == 1
