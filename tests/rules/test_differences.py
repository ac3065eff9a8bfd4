"""In what two rule files differ, path by path, in words of both languages."""

from pathlib import Path

import pytest

from competition.rules import Rules
from competition.rules.differences import Difference, differences
from tests.rule_text import legal, one_sheet

ITEMS = '{ id = "taste", scale = "points", max = 10 }, { id = "work", scale = "yesno", weight = 2 }'
COMBINE = '{ method = "mean", least = 3, absent = "refuse" }'


def rules(tmp_path: Path, *changes: tuple[str, str]) -> Rules:
    text = one_sheet(ITEMS, seats=3, combine=COMBINE)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return legal(tmp_path, text)


def found(tmp_path: Path, *changes: tuple[str, str]) -> tuple[Difference, ...]:
    return differences(rules(tmp_path), rules(tmp_path, *changes))


@pytest.mark.parametrize(
    ("change", "path", "where", "what", "values"),
    [
        (
            ("weight = 2", "weight = 3"), "modules.m.sheets.s.sections.all.items.work.weight",
            "Module / Sheet / All / Item", "points per step", ("2", "3"),
        ),
        (
            ("max = 10", "max = 12.5, step = 0.5"), "modules.m.sheets.s.sections.all.items.taste.max",
            "Module / Sheet / All / Item", "printed maximum", ("10", "12.5"),
        ),
        (
            ('"mean"', '"median"'), "modules.m.sheets.s.combine.method",
            "Module / Sheet", "how the seats make one value", ("mean", "median"),
        ),
        (("seats = 3", "seats = 4"), "panels.p.seats", "Judges", "number of seats", ("3", "4")),
        (('"exact"', '"exact"\nfloor = 0'), "total.floor", "", "never below", (None, "0")),
        (
            ('[ { by = "total", best = "high" } ]', '[ { by = "total", best = "low" } ]'), "ranking.keys", "",
            "what is compared", ("[{ by = total, best = high }]", "[{ by = total, best = low }]"),
        ),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words(
    tmp_path: Path, change: tuple[str, str], path: str, where: str, what: str, values: tuple[str | None, str]
) -> None:
    first = found(tmp_path, change)[0]
    assert (".".join(first.path), first.where.en, first.what.en) == (path, where, what)
    assert (first.old, first.new) == values
    assert not first.wording


def test_chinese_is_said_too(tmp_path: Path) -> None:
    (only,) = found(tmp_path, ("weight = 2", "weight = 3"))
    assert (only.where.zh, only.what.zh) == ("模块 / 评分表 / 全部 / 项", "分值的倍数")


def test_the_same_file_has_none(tmp_path: Path) -> None:
    assert found(tmp_path) == ()
    # 2.0 is 2: what counts is the number, not how it is written.
    assert found(tmp_path, ("weight = 2", "weight = 2.0")) == ()


def test_an_item_added_is_one_difference(tmp_path: Path) -> None:
    extra = '{ name = { zh = "新", en = "New" }, id = "extra", scale = "yesno" }, { name = { zh = "项", en = "Item" }, id = "taste"'
    (only,) = found(tmp_path, ('{ name = { zh = "项", en = "Item" }, id = "taste"', extra))
    assert only.path[-1] == "extra"
    assert only.old is None
    assert only.new is not None
    assert "yesno" in only.new
    assert only.where.en == "Module / Sheet / All / New"


def test_an_item_dropped_is_named_as_it_was(tmp_path: Path) -> None:
    gone = ', { name = { zh = "项", en = "Item" }, id = "work", scale = "yesno", weight = 2 }'
    (only,) = found(tmp_path, (gone, ""))
    assert (only.path[-1], only.new, only.where.en) == ("work", None, "Module / Sheet / All / Item")


def test_another_order_of_awards_is_a_difference(tmp_path: Path) -> None:
    """Awards by share are given in their order."""
    award = (
        '[[awards]]\nid = "{0}"\nname = {{ zh = "奖", en = "Award" }}\nshare = 10\nrounding = "floor"\nof = "ranked"\n'
    )
    first, second = award.format("a"), award.format("b")
    (only,) = differences(
        rules(tmp_path, ("[ranking]", first + second + "[ranking]")),
        rules(tmp_path, ("[ranking]", second + first + "[ranking]")),
    )
    assert (only.path, only.old, only.new) == (("awards",), "[a, b]", "[b, a]")


@pytest.mark.parametrize(
    "change", [('en = "Judges"', 'en = "Panel"'), ('edition = "1"', 'edition = "2"'), ('says = "a test"', 'says = "b"')]
)
def test_words_that_decide_nothing_are_marked_as_wording(tmp_path: Path, change: tuple[str, str]) -> None:
    assert [each.wording for each in found(tmp_path, change)] == [True]
