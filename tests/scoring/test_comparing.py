"""The same marks under two rule files: who moves, whose total changes, and which quantities made it so. Worked by hand."""

from pathlib import Path

from competition.rules import Rules
from competition.scoring.comparing import Comparison, compare
from tests.rule_text import legal, one_sheet, result_of

ITEMS = '{ id = "taste", scale = "points", max = 10 }, { id = "work", scale = "five", weight = 2 }'
FIVE = '[scales.five]\ntype = "points"\nto = 5\n'
VETO = '[[vetoes]]\nid = "v"\nname = {{ zh = "否", en = "No" }}\nwhen = "m.s.{}"\nstatus = "dsq"\n[ranking]'
MARKS = """
A 1 taste=9 work=2
B 1 taste=8 work=3
C 1 taste=2 work=1
"""


def rules(tmp_path: Path, *changes: tuple[str, str]) -> Rules:
    text = one_sheet(ITEMS, more=FIVE)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return legal(tmp_path, text)


def compared(tmp_path: Path, *changes: tuple[str, str], **facts: str) -> Comparison:
    old = result_of(rules(tmp_path), MARKS, **facts)  # A 13, B 14, C 4
    return compare(old, result_of(rules(tmp_path, *changes), MARKS, **facts))


def test_a_changed_weight_moves_two_and_retotals_the_third(tmp_path: Path) -> None:
    """work × 1: A 9 + 2 = 11, B 8 + 3 = 11, C 2 + 1 = 3: A and B share the first place."""
    found = compared(tmp_path, ("weight = 2", "weight = 1"))
    assert [(m.entry, m.old.rank, m.new.rank, m.old.total, m.new.total) for m in found.moves] == [
        ("A", 2, 1, "13", "11"),
        ("B", 1, 1, "14", "11"),
    ]
    assert (found.retotalled, found.same) == (1, 0)
    assert [(c.id, c.old, c.new) for c in found.moves[0].changes] == [
        ("m.s", "13", "11"), ("m", "13", "11"), ("practical", "13", "11"),
    ]  # fmt: skip
    assert found.moves[0].changes[0].name.zh == "评分表"


def test_the_same_rules_move_nobody(tmp_path: Path) -> None:
    found = compared(tmp_path)
    assert (found.moves, found.retotalled, found.same) == ((), 0, 3)


def test_one_who_moves_because_others_do_has_no_changes_of_its_own(tmp_path: Path) -> None:
    """taste from 8 up takes A and B out; C is first with the 4 points it had."""
    found = compared(tmp_path, ("[ranking]", VETO.format("taste >= 8")))
    assert [(m.entry, m.old.rank, m.new.rank, m.changes) for m in found.moves] == [
        ("C", 3, 1, ()),
        ("A", 2, None, ()),
        ("B", 1, None, ()),
    ]


def test_another_tie_key_moves_without_another_total(tmp_path: Path) -> None:
    """Totals 11, 11, 3 in both; by taste A goes first."""
    key = '{ by = "total", best = "high" }'
    taste = '[quantities.q]\nname = { zh = "味", en = "Taste" }\nformula = "sum(m.s.taste)"\n[ranking]'
    one = ("weight = 2", "weight = 1")
    old = result_of(rules(tmp_path, one), MARKS)
    new = result_of(rules(tmp_path, one, (key, f'{key}, {{ by = "q", best = "high" }}'), ("[ranking]", taste)), MARKS)
    found = compare(old, new)
    assert [(m.entry, m.old.tied, m.new.tied, m.new.rank, m.changes) for m in found.moves] == [
        ("A", True, False, 1, ()),
        ("B", True, False, 2, ()),
    ]
    assert found.same == 1


def test_a_status_that_the_new_rules_give_is_a_move(tmp_path: Path) -> None:
    found = compared(tmp_path, ("[ranking]", VETO.format("taste <= 2")))
    assert [(m.entry, m.old.status, m.new.status, m.new.rank) for m in found.moves] == [("C", "", "dsq", None)]


def test_an_award_gained_is_a_move(tmp_path: Path) -> None:
    """The place stays, what it earns doesn't."""
    award = '[[awards]]\nid = "first"\nname = { zh = "一等奖", en = "First" }\nplaces = [1, 1]\n[ranking]'
    found = compared(tmp_path, ("[ranking]", award))
    assert [(m.entry, m.old.award, m.new.award) for m in found.moves] == [("B", None, "first")]


def test_entries_out_of_both_stay(tmp_path: Path) -> None:
    """A is out and shows no total under either; B 17 and C 5 keep their places."""
    found = compared(tmp_path, ("weight = 2", "weight = 3"), status="A:dsq")
    assert (found.moves, found.retotalled, found.same) == ((), 2, 1)


def test_a_list_beside_the_standings_moves_too(tmp_path: Path) -> None:
    """Best taste: A 9, B 8, C 2. Best work: B 3, A 2, C 1."""
    listed = '[[lists]]\nid = "best"\nname = {{ zh = "榜", en = "List" }}\nof = "sum(m.s.{})"\nbest = "high"\n[ranking]'
    old = result_of(rules(tmp_path, ("[ranking]", listed.format("taste"))), MARKS)
    new = result_of(rules(tmp_path, ("[ranking]", listed.format("work"))), MARKS)
    found = compare(old, new)
    assert [(m.list, m.who, m.old, m.new) for m in found.lists] == [("best", "B", 2, 1), ("best", "A", 1, 2)]
    assert (found.moves, found.same) == ((), 3)
