"""Rounds, the field and what goes across it, by the oracle on examples worked by hand."""

from fractions import Fraction
from typing import Any

import pytest

from .oracle import Answer
from .small import points, rules, scored, sheet

TWO = {"m": {"s": sheet([points()])}, "f": {"round": "final", "sheets": {"s": sheet([points()])}}}


def two_rounds(**start: Any) -> dict[str, Any]:
    rounds = {"semi": {"points": "m"}, "final": {"points": "f", "from": {"best": "high", "ties": "extend", **start}}}
    return rules(TWO, rounds=rounds)


def column(answer: Answer, name: str) -> dict[str, Any]:
    return {entry: row[name] if name in row else row["values"][name] for entry, row in answer.entries.items()}


def test_the_best_go_on_and_stand_before_everybody_else() -> None:
    found = scored(two_rounds(top=2), {"a": "a=9 f.s.jury.1.a=1", "b": "a=8 f.s.jury.1.a=5", "c": "a=7"})
    assert column(found, "final.reached") == {"a": 1, "b": 1, "c": 0}
    assert column(found, "total") == {"a": 1, "b": 5, "c": 7}
    assert column(found, "rank") == {"a": 2, "b": 1, "c": 3}


def test_nobody_goes_on_before_everybody_has_points() -> None:
    found = scored(two_rounds(top=1), {"a": "a=9", "b": ""})
    assert column(found, "final.reached") == {"a": 0, "b": 0}
    assert column(found, "rank") == {"a": 1, "b": None}


TIED = {"a": "a=9", "b": "a=8 c=1", "c": "a=8", "d": "a=7"}


@pytest.mark.parametrize(
    ("n", "chosen"), [(1, [1, 0, 0, 0]), (2, [1, None, None, 0]), (3, [1, 1, 1, 0]), (4, [1, 1, 1, 1])]
)
def test_a_further_key_is_asked_only_of_those_tied_over_the_border(n: int, chosen: list[int | None]) -> None:
    modules = {"m": {"sheets": {"s": sheet([points(), points("c")])}, "points": "sum(s.a)"}}
    key = {"by": "further", "best": "high"}
    first = {"of": "m", "how": "top", "n": n, "best": "high", "ties": "leave", "keys": [key]}
    data = rules(modules, across={"first": first}, quantities={"further": {"formula": "sum(m.s.c)"}})
    assert list(column(scored(data, TIED), "first").values()) == chosen
    data |= two_rounds(top=n, ties="leave", keys=[key]) | {"modules": data["modules"]}
    data["rounds"]["final"]["points"] = "m"
    assert list(column(scored(data, TIED), "final.reached").values()) == [each or 0 for each in chosen]


def test_an_entry_out_of_the_field_leaves_its_place_to_the_next() -> None:
    found = scored(two_rounds(top=1), {"a": "a=9", "b": "a=8 f.s.jury.1.a=3"}, a={"status": "dsq"})
    assert column(found, "final.reached") == {"a": 0, "b": 1}


def test_an_admission_replaces_the_computed_one() -> None:
    marks = {"a": "a=9", "b": "a=8 f.s.jury.1.a=3", "c": "a=7"}
    found = scored(two_rounds(top=1), marks, a={"admitted": "semi"}, b={"admitted": "final"})
    assert column(found, "final.reached") == {"a": 0, "b": 1, "c": 0}
    assert column(found, "rank") == {"a": 2, "b": 1, "c": 3}


def test_the_best_of_every_group_go_on() -> None:
    data = two_rounds(top=1, by="heat") | {"attributes": {"heat": {"any": True}}}
    rows = {"a": {"heat": "1"}, "b": {"heat": "1"}, "c": {"heat": "2"}, "d": {}}
    found = scored(data, {"a": "a=9", "b": "a=8", "c": "a=1", "d": "a=10"}, **rows)
    assert column(found, "final.reached") == {"a": 1, "b": 0, "c": 1, "d": 0}


def test_a_gate_lets_through_whoever_passes() -> None:
    data = two_rounds() | {"inputs": {"cut": {}}}
    data["rounds"]["final"]["from"] = {"pass": "m >= cut"}
    marks = {"a": "a=61", "b": "a=60"}
    assert column(scored(data, marks), "final.reached") == {"a": 0, "b": 0}
    found = scored(data, {**marks, "*": "event.inputs.input.0.x=1"})
    assert column(found, "final.reached") == {"a": 0, "b": 0}


def test_a_quantity_of_the_field_sees_only_those_without_a_status() -> None:
    across = {"place": {"of": "m", "how": "rank", "best": "high"}, "mean": {"of": "m", "how": "mean"}}
    data = rules(across=across)
    found = scored(data, {"a": "a=9", "b": "a=8", "c": "a=7"}, a={"status": "dns"})
    assert column(found, "place") == {"a": None, "b": 1, "c": 2}
    assert column(found, "mean") == {"a": None, "b": Fraction("7.5"), "c": Fraction("7.5")}


def test_one_unknown_makes_its_group_unknown() -> None:
    across = {
        "best": {"of": "m", "how": "max", "by": "heat"},
        "first": {"of": "m", "how": "top", "n": 1, "best": "high"},
    }
    across["first"]["ties"] = "extend"
    data = rules(across=across, attributes={"heat": {"any": True}})
    rows = {"a": {"heat": "1"}, "b": {"heat": "1"}, "c": {"heat": "2"}}
    found = scored(data, {"a": "a=9", "b": "", "c": "a=7"}, **rows)
    assert column(found, "best") == {"a": None, "b": None, "c": 7}
    assert column(found, "first") == {"a": None, "b": None, "c": None}


def test_a_team_list_takes_its_best_three() -> None:
    one = {"id": "teams", "of": "m", "best": "high", "per": "team", "method": "sum", "take": 3, "least": 3}
    data = rules(lists=[one], attributes={"team": {"any": True}})
    scores = {"甲": (88, 85, 80, 79), "乙": (86, 86, 85), "丙": (90, 70)}
    rows = {f"{team}{n}": {"team": team} for team, row in scores.items() for n in range(len(row))}
    marks = {f"{team}{n}": f"a={mark}" for team, row in scores.items() for n, mark in enumerate(row)}
    assert scored(data, marks, **rows).lists["teams"] == {
        "甲": {"rank": 2, "value": 253},
        "乙": {"rank": 1, "value": 257},
        "丙": {"rank": None, "value": 160},
    }


def test_the_chief_decides_only_between_all_of_the_equal() -> None:
    marks = {"a": "a=9", "b": "a=9", "c": "a=8"}
    found = scored(rules(), marks, a={"decision": "2"}, b={"decision": "1"})
    assert column(found, "rank") == {"a": 2, "b": 1, "c": 3}
    assert column(found, "decided") == {"a": True, "b": True, "c": False}
    assert column(scored(rules(), marks, a={"decision": "2"}), "rank") == {"a": 1, "b": 1, "c": 3}


def test_only_those_who_pass_are_ranked() -> None:
    data = rules(**{"pass": {"when": "m >= 60", "ranked": "passed"}})
    found = scored(data, {"a": "a=60", "b": "a=59"})
    assert column(found, "rank") == {"a": 1, "b": None}
    assert column(found, "passed") == {"a": True, "b": False}
