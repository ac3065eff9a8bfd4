"""Legal values: the list is per item, blanks and full-width digits are nobody's marks."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.errors import MarkError
from competition.rules.scales import Scale, answer_key, decimal_text

WBC = Scale("s06", "steps", Fraction(0), Fraction(6), Fraction(1, 2), (Fraction(1, 2),))


@pytest.mark.parametrize("text", ["0", "1", "1.5", "3.5", "5.5", "6"])
def test_half_steps_from_one_are_legal(text: str) -> None:
    assert WBC.parse(text) == text


@pytest.mark.parametrize(
    "text", ["0.5", "0.25", "6.5", "-1", "5,5", "５", "5.50", "+5", " 5", "", "1e0", "05", "-0", "nan"]
)
def test_anything_else_is_refused_and_the_legal_values_named(text: str) -> None:
    with pytest.raises(MarkError) as fault:
        WBC.parse(text, "口感", "taste")
    assert "口感" in fault.value.zh
    assert "0 到 6" in fault.value.zh
    assert "not 0.5" in fault.value.en


def test_an_order_is_a_permutation() -> None:
    scale = Scale("abc", "order", options=("A", "B", "C"))
    assert scale.parse("B A C") == "B A C"
    for wrong in ("A B", "A A C", "ABC", "B A C "):
        with pytest.raises(MarkError):
            scale.parse(wrong)


def test_twelve_values_are_tapped_and_101_keyed() -> None:
    assert WBC.control == "steps"
    assert len(WBC.values) == 12
    assert Scale("h", "steps", Fraction(0), Fraction(100)).control == "keypad"


def test_answers_compare_without_width_case_or_spaces() -> None:
    assert answer_key("西湖 龙井") == answer_key("西湖龙井")
    assert answer_key("西湖·龙井") == answer_key("西湖龙井。")
    assert answer_key("Dian-Hong Gong fu") == answer_key("dianhong gongfu")


@pytest.mark.parametrize(
    ("one", "other"), [("1.5", "15"), ("-3", "3"), ("25-01", "2501"), ("7 1", "71"), ("A1.5", "A15")]
)
def test_what_belongs_to_a_number_stays(one: str, other: str) -> None:
    assert answer_key(one) != answer_key(other)


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_decimal_text_is_exact_and_shortest(number: int, places: int) -> None:
    value = Fraction(number, 10**places)
    text = decimal_text(value)
    assert Fraction(text) == value
    assert "." not in text or not text.endswith(("0", "."))
