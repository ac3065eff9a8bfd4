"""Items, sheets, spreads, applicability and ties by the oracle on examples worked by hand or taken from the reference."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from .small import points, rules, scored, sheet
from .vectors import needs_vectors, vectors


def worth(data: dict[str, Any], marks: str, name: str = "m", absent: str = "", **row: str) -> Fraction | None:
    """What the one entry e gets under that name."""
    return scored(data, {"e": marks}, " ".join(f"e:{n}" for n in absent), e=row).entries["e"]["values"][name]


def jury(items: list[dict[str, Any]], seats: int = 3, **more: Any) -> dict[str, Any]:
    return rules({"m": {"s": sheet(items, **more)}}, seats=seats)


@needs_vectors
def test_worldskills_judgement() -> None:
    cards = {"type": "cards", "from": 0, "to": 3}
    for case in vectors("ws_judgement_cases.json")["cases"]:
        how = {"round": {"places": 2, "mode": "half_up"}}
        data = jury([{"id": "a", "scale": "ws", "worth": case["max_mark"]}], how=how)
        data["scales"] = {"ws": cards}
        data["modules"]["m"]["sheets"]["s"]["spread"] = {"limit": 1, "by": "item", "then": "hold"}
        marks = " ".join(f"{n}:a={score}" for n, score in enumerate(case["scores"], 1))
        assert worth(data, marks) == (Fraction(case["mark"]) if case["accepted"] else None)


@needs_vectors
def test_chinese_tie_chains() -> None:
    given = vectors("cn_tie_chain_cases.json")
    modules = {m: {"s": sheet([points(step="0.01")])} for m in ("theory", "practical", "time")}
    chains = [[], ["practical"], ["time", "practical", "theory"]]
    for chain, expected in zip(chains, given["chains"].values(), strict=True):
        keys = [{"by": "total", "best": "high"}, *[{"by": k, "best": "low" if k == "time" else "high"} for k in chain]]
        data = rules(modules, total={"decide_on": "exact", "points": "0.2 * theory + 0.8 * practical"})
        data["ranking"]["keys"] = keys
        marks = {one["no"]: _given(one) for one in given["entries"]}
        found = scored(data, marks, **{"06": {"status": "dns"}}).entries
        assert {name: row["rank"] for name, row in found.items() if row["rank"]} == expected


def _given(one: dict[str, Any]) -> str:
    values = {"theory": one["theory"], "practical": one["practical"], "time": one.get("time_s")}
    return " ".join(f"{m}.s.jury.1.a={value}" for m, value in values.items() if value is not None)


def test_item_limits_come_before_the_vetoes_and_section_limits_after() -> None:
    items = [points("a", floor=2, cap=5), points("b", round={"places": 0, "mode": "half_up"}, weight=Decimal("0.5"))]
    data = jury(items, seats=1, section={"cap": 6})
    assert worth(data, "a=1 b=1") == 3  # 2 + 1 (0.5 half up)
    assert worth(data, "a=9 b=9") == 6  # 5 + 5, capped
    data["vetoes"] = [{"id": "v", "when": "m.s.b.value == 9", "zero": ["m.s.a"]}]
    assert worth(data, "a=9 b=9") == 5


def test_negative_marking_with_a_section_floor() -> None:
    # True/false, 10 items, 3 right, 7 wrong: −4, the section 0.
    items = [{"id": f"q{n}", "scale": "tf", "key": {"points": 1, "wrong": -1}} for n in range(10)]
    data = jury(items, seats=1, section={"floor": 0})
    data["scales"] = {"tf": {"type": "choice"}}
    key = " ".join(f"m.s.key.0.q{n}=t" for n in range(10)).replace("key.0", "key")
    cells = [("*", "m", "s", "key", f"q{n}", "t") for n in range(10)]
    assert key.count("=") == len(cells)
    from .oracle import oracle

    marks = [("e", "m", "s", "jury.1", f"q{n}", "t" if n < 3 else "f") for n in range(10)]
    found = oracle(data, cells + marks, [{"entry": "e"}]).entries["e"]["values"]
    assert found["m"] == 0


def test_a_mask_leaves_an_item_out_and_unasked() -> None:
    data = jury([points("a", weight="mask"), points("b", weight="mask")], seats=1)
    data["attributes"] = {"tea": {"values": {"loose": {}, "pressed": {}}}}
    data["weights"] = {"mask": {"by": "tea", "rows": {"loose": {"a": 1, "b": 1}, "pressed": {"a": 1, "b": 0}}}}
    assert worth(data, "a=3", tea="pressed") == 3
    assert worth(data, "a=3", tea="loose") is None
    assert worth(data, "a=3 b=1", tea="green") is None  # no such value


def test_a_module_for_some_is_worth_nothing_to_the_others() -> None:
    data = rules(
        {"m": {"s": sheet([points()])}, "j": {"only": {"age": ["junior"]}, "sheets": {"s": sheet([points()])}}}
    )
    data["attributes"] = {"age": {"values": {"junior": {}, "senior": {}}}}
    data["vetoes"] = [{"id": "v", "when": "j.s.a.value == 0", "status": "dsq"}]
    assert worth(data, "a=3", "p", age="senior") == 3
    assert worth(data, "a=3", "p", age="junior") is None
    assert worth(data, "a=3", "p") is None
    assert scored(data, {"e": "a=3"}, e={"age": "senior"}).entries["e"]["total"] == 3


@pytest.mark.parametrize(
    ("marks", "absent", "expected"),
    [
        ("1:a=50 2:a=59", "", "54.5"),  # within 10: the third is not asked
        ("1:a=50 2:a=59 3:a=99", "", "54.5"),  # and would not count
        ("1:a=50 2:a=61", "", None),
        ("1:a=50 2:a=61 3:a=60", "", "57"),
        ("1:a=50", "", None),  # not known yet whether the third is needed
        ("1:a=50", "2", "50"),
        ("1:a=50 2:a=61", "3", "55.5"),  # needed but absent: the others alone
    ],
)
def test_a_third_judge_where_two_are_too_far_apart(marks: str, absent: str, expected: str | None) -> None:
    data = jury([points()], spread={"limit": "10%", "by": "sheet", "then": "third"}, max=100)
    assert worth(data, marks, absent=absent) == (None if expected is None else Fraction(expected))


def test_a_fault_the_head_judge_saw_in_most_cups() -> None:
    data = jury([points()])
    data["quantities"] = {
        "low": {"formula": "count(m.s.a < 60)"},
        "gap": {"formula": "max(abs(m.s.a - median(m.s.a)))"},
        "share": {"formula": "sum(m.s.a) / max(max(m.s.a), 1)"},
        "limited": {"formula": "sum(clamp(m.s.a, 50, 70))"},
    }
    marks = "1:a=40 2:a=60 3:a=80"
    assert [worth(data, marks, name) for name in data["quantities"]] == [1, 20, Fraction("2.25"), 180]
    assert [worth(data, "1:a=40", name, absent="23") for name in data["quantities"]] == [1, 0, 1, 50]


def test_overtime_by_bands_and_the_module_out() -> None:
    clock = sheet([{"id": "t", "scale": "time", "score": False}], panel="clock")
    over = {"id": "o", "time": "c.t", "limit": 60, "bands": [{"below": 10, "points": 1}, {"points": 5}]}
    over["out"] = {"over": 20, "zero": "module"}
    data = rules({"m": {"sheets": {"s": sheet([points()]), "c": clock}, "overtime": [over]}})
    for time, expected in {"60": 9, "61": 8, "70": 4, "80": 4, "81": 0}.items():
        assert worth(data, f"a=9 m.c.clock.1.t={time}") == expected


def test_overrides_replace_an_item() -> None:
    data = jury([points("a", 6, weight=4)], seats=1) | {"overrides": {"m.s.a": {"weight": 2, "max": 6}}}
    assert worth(data, "a=3") == 6
