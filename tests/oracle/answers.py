"""Marks against a sealed key: answers with synonyms, several options, orders.

A text "—" is a blank: it was looked at and nothing was written. None is a mark or a key that is not there yet.
"""

import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

BLANK = "—"
NOTHING = Fraction(0)


def is_right(given: str | None, key: str | None) -> bool | None:
    """Whether the answer is one of the key's synonyms. A blank is never right; without the key nothing is known."""
    if given is None or key is None:
        return None
    return given != BLANK and _plain(given) in [_plain(one) for one in key.split("|")]


def answer_points(
    rule: Mapping[str, Any], given: str | None, right: bool | None, other: bool | None
) -> Fraction | None:
    """`right`: this answer; `other`: the one it requires (True where it requires none).

    A right answer whose required one is wrong earns nothing; it is no wrong answer either.
    """
    if right is None:
        return None
    if given == BLANK:
        return NOTHING
    if right is False:
        return Fraction(rule.get("wrong", 0))
    return None if other is None else Fraction(rule["points"]) * other


def answer_value(rule: Mapping[str, Any], given: str | None, right: bool | None) -> Fraction | None:
    """In formulas: right 1, blank 0, wrong −1 where the rule writes `wrong`, else 0."""
    if right is None or given == BLANK:
        return None if right is None else NOTHING
    return Fraction(1) if right else Fraction(-1 if "wrong" in rule else 0)


def choices_points(rule: Mapping[str, Any], given: str | None, key: str | None) -> Fraction | None:
    """Several options chosen out of many, by the policy `several`."""
    if given is None or key is None:
        return None
    if given == BLANK:
        return NOTHING
    chosen, right = set(given.split()), set(key.split())
    points = Fraction(rule["points"])
    if chosen - right:
        return Fraction(rule.get("wrong", 0))
    if chosen == right:
        return points
    return {
        "all": NOTHING,
        "each": Fraction(rule.get("each", 0)) * len(chosen),
        "share": points * len(chosen) / len(right),
        "half": points / 2,
    }[rule["several"]]


def order_count(rule: Mapping[str, Any], given: str | None, key: str | None) -> int | None:
    """How many positions are right, or how many pairs stand in the key's order. A blank has none right."""
    if given is None or key is None:
        return None
    if given == BLANK:
        return 0
    put, right = given.split(), key.split()
    if "right" in rule:
        return sum(a == b for a, b in zip(put, right, strict=True))
    return sum(put.index(a) < put.index(b) for a, b in combinations(right, 2))


def order_points(rule: Mapping[str, Any], count: int | None) -> Fraction | None:
    table = rule["right" if "right" in rule else "pairs"]
    return None if count is None else Fraction(table[str(count)])


def _plain(text: str) -> str:
    """Width, case, and blanks make no difference, but for a blank between two letters or digits of the Latin kind."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    joined = ""
    for word in words:
        apart = joined[-1:].isascii() and joined[-1:].isalnum() and word[0].isascii() and word[0].isalnum()
        joined += f" {word}" if apart else word
    return joined
