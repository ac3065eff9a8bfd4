"""What counts as missing: marks that somebody still owes, and nothing else."""

from pathlib import Path

import polars as pl

from competition.rules import load
from competition.scoring import score
from competition.scoring.frames import MARKS

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
