"""Answers, choices and orders against the sealed key, worked by hand from the sources' policies."""

from fractions import Fraction

import pytest

from .answers import answer_points, answer_value, choices_points, is_right, order_count


@pytest.mark.parametrize(
    ("policy", "given", "points"),
    [
        ("each", "A B D", 2), ("each", "A B", 1), ("each", "A B C", 0), ("each", "—", 0),
        ("all", "A B D", 2), ("all", "A B", 0), ("all", "A B C", 0), ("all", "—", 0),
        ("share", "A B D", 2), ("share", "A B", "4/3"), ("share", "A B C", 0), ("share", "—", 0),
        ("half", "A B D", 2), ("half", "A", 1), ("half", "C", 0), ("half", "—", 0),
    ],
)  # fmt: skip
def test_four_policies_for_several_right_options(policy: str, given: str, points: str) -> None:
    rule = {"points": 2, "several": policy, "each": "0.5"}
    assert choices_points(rule, given, "A B D") == Fraction(points)
    penalty = choices_points({**rule, "wrong": -1}, given, "A B D")
    assert penalty == (-1 if "C" in given else Fraction(points))


def test_a_wrong_answer_may_cost() -> None:
    rule = {"points": 1, "wrong": "-0.5"}
    for given, points, value in (("green", 1, 1), ("black", "-0.5", -1), ("—", 0, 0)):
        right = is_right(given, "green | lü")
        assert answer_points(rule, given, right, True) == Fraction(points)
        assert answer_value(rule, given, right) == value


def test_synonyms_and_what_does_not_matter() -> None:
    assert is_right(" 龙井", "西湖龙井 | 龙井")
    assert is_right("LONGJING", "longjing")
    assert not is_right("longjin", "longjing | 龙井")
    assert is_right("longjing", None) is None
    assert is_right("—", None) is None
    assert is_right("—", "— | longjing") is False


def test_a_required_answer_that_is_wrong_takes_the_points_and_costs_nothing() -> None:
    rule = {"points": 1, "wrong": -1, "requires": "name"}
    assert answer_points(rule, "2501", True, False) == 0
    assert answer_points(rule, "2502", False, False) == -1
    assert answer_points(rule, "2501", True, None) is None


@pytest.mark.parametrize(
    ("given", "right", "pairs"), [("B A C", 3, 3), ("B C A", 1, 2), ("A C B", 0, 1), ("C A B", 1, 0)]
)
def test_orders_by_position_and_by_pairs(given: str, right: int, pairs: int) -> None:
    assert order_count({"right": {}}, given, "B A C") == right
    assert order_count({"pairs": {}}, given, "B A C") == pairs
