"""Positions and medals of WorldSkills against 40 official tables."""

from collections import defaultdict
from fractions import Fraction

import pytest

from .vectors import needs_vectors, table, vectors
from .worldskills import medals, positions


@needs_vectors
def test_official_tables_come_out() -> None:
    tables = defaultdict(list)
    for row in table("ws_official_results.csv"):
        tables[row["edition"].removeprefix("WSC"), row["skill"]].append(row)
    assert len(tables) == 40
    for (edition, skill), rows in tables.items():
        marks = {str(n): Fraction(row["mark"]) for n, row in enumerate(rows)}
        won, place = medals(marks, edition), positions(marks, edition)
        for n, row in enumerate(rows):
            assert won.get(str(n), "") == row["medal"], (edition, skill, row)
            assert place[str(n)] == int(row["position"]), (edition, skill, row)


@needs_vectors
def test_tables_with_more_than_one_of_a_medal() -> None:
    for case in vectors("ws_medal_tie_cases.json"):
        edition = case["edition"].removeprefix("WSC")
        marks = {str(n): Fraction(mark) for n, mark in enumerate(case["marks"])}
        won, place = medals(marks, edition), positions(marks, edition)
        assert [won.get(name) for name in marks] == case["medals"]
        assert [place[name] for name in marks] == case["positions"]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("750 750 740 730 720", "1 gold,1 gold,3 silver,4 bronze,5 medallion"),  # two golds leave the silver
        ("750 749 748 690", "1 gold,2 silver,3 bronze,4 "),  # one point is no tie
        ("750 740 740 730", "1 gold,2 silver,2 silver,4 bronze"),
    ],
)
def test_2026_goes_by_distinct_marks(marks: str, expected: str) -> None:
    given = {str(n): Fraction(mark) for n, mark in enumerate(marks.split())}
    won, place = medals(given, "2026"), positions(given, "2026")
    assert ",".join(f"{place[name]} {won.get(name, '')}" for name in given) == expected


def test_nobody_no_medal() -> None:
    assert medals({}, "2024") == {}
    assert positions({}, "2024") == {}
