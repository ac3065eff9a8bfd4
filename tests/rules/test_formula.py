"""Formulas: what parses, in which order operators bind, where a fault is named."""

import re
from fractions import Fraction

import pytest

from competition.errors import RuleError
from competition.rules.formula import Call, Name, Number, parse


def test_multiplication_binds_tighter_than_addition() -> None:
    assert parse("2 * technical + 1") == Call(
        "add", (Call("mul", (Number(Fraction(2)), Name("technical"))), Number(Fraction(1)))
    )


def test_decimals_are_exact() -> None:
    assert parse("0.1") == Number(Fraction(1, 10))


def test_conditions() -> None:
    tree = parse("theory >= 60 and not (practical < 60)")
    assert isinstance(tree, Call)
    assert tree.function == "and"


@pytest.mark.parametrize(
    ("text", "character"),
    [("1 +", 4), ("(1", 3), ("1 2", 3), ("sum(", 5), ("a ? b", 3), ("1 = 2", 3), ("", 1), ("and", 1)],
)
def test_a_fault_names_its_character(text: str, character: int) -> None:
    with pytest.raises(RuleError) as fault:
        parse(text)
    assert re.search(rf"character {character}[,.]", fault.value.en)


def test_nothing_is_python() -> None:
    with pytest.raises(RuleError):
        parse("__import__('os')")


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("a = 1", "=="),
        ("2 × a", "*"),
        ("a，b", "half-width"),
        ("95% * a", "0.95"),
        ("taste@A + 1", "module.sheet.item@A"),
    ],
)
def test_a_common_slip_is_told_its_cure(text: str, cure: str) -> None:
    with pytest.raises(RuleError) as fault:
        parse(text)
    assert cure in fault.value.en
