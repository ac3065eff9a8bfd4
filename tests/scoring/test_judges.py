"""Judges beside each other: the field's own cases, and that little is said of few."""

from fractions import Fraction

from competition.scoring.judges import agreement, figures, flat
from tests.scoring.vector_files import vector


def scores(rows: dict[str, list[int]], judges: list[str]) -> dict[str, dict[str, Fraction]]:
    return {entry: dict(zip(judges, map(Fraction, row), strict=True)) for entry, row in rows.items()}


def test_severity_is_against_the_others_alone() -> None:
    case = vector("judge_stats_cases.json")["judge_severity"]
    found = figures(scores(case["scores"], case["judges"]))
    assert {judge: one.severity for judge, one in found.items()} == {
        judge: Fraction(value) for judge, value in case["leave_one_out_bias"].items()
    }
    hard = found["J4"]
    assert (hard.above, hard.below, hard.low, hard.high, hard.most[0]) == (5, 0, 82, 95, "C4")
    assert found["J5"].most == ("C4", Fraction(-57, 4))
    assert all(one.few and not one.leans and not one.narrow for one in found.values())


def test_agreement_is_kendalls_w() -> None:
    for name in ("kendall_w_no_ties", "kendall_w_ties"):
        case = vector("judge_stats_cases.json")[name]
        rows = {str(n): list(row) for n, row in enumerate(zip(*case["scores"], strict=True))}
        found = agreement(scores(rows, [f"J{n}" for n in range(len(case["scores"]))]))
        assert found is not None
        assert round(float(found), 6) == float(case["expected_W"])
    assert agreement({"A": {"J1": Fraction(1)}}) is None
    assert agreement(scores({"A": [5, 5], "B": [5, 5]}, ["J1", "J2"])) is None


def test_a_lean_is_said_only_when_it_can_hardly_be_chance() -> None:
    def lean(highs: int, lows: int) -> str:
        rows = {f"H{n}": [20 + n, 10 + n] for n in range(highs)} | {f"L{n}": [n, 10 + n] for n in range(lows)}
        return figures(scores(rows, ["J1", "J2"]))["J1"].leans

    assert lean(8, 0) == "high"  # 1 in 128
    assert lean(7, 1) == ""  # 7 in 100
    assert lean(1, 9) == "low"
    assert lean(7, 0) == ""  # too few


def test_a_narrow_judge_and_one_who_orders_otherwise() -> None:
    rows = {f"E{n}": [50 + n % 2, 10 * n, 10 * n + 1] for n in range(8)}
    found = figures(scores(rows, ["J1", "J2", "J3"]))
    assert [found[judge].narrow for judge in ("J1", "J2", "J3")] == [True, False, False]
    assert (found["J2"].agrees, found["J2"].pairs) == (28, 28)
    assert found["J1"].agrees < found["J1"].pairs == 28


def test_items_that_tell_nobody_apart() -> None:
    marks = {
        "same": {f"E{n}": ["6", "6"] for n in range(4)},
        "but one": {f"E{n}": ["6", "5" if n == 3 else "6"] for n in range(4)},
        "few": {"E1": ["6", "6"], "E2": ["6"]},
        "one entry": {"E1": ["6"] * 9},
    }
    assert flat(marks) == ("same",)
