"""Panel methods against the field's vectors, through rule files."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from competition.rules import Rules
from competition.scoring import MARKS, Result, score
from tests.rule_text import legal, one_sheet, result_of
from tests.scoring.vector_files import vector

SCALE = '[scales.n]\ntype = "steps"\nfrom = 0\nto = {to}\nstep = {step}\n'
ITEM = '{ id = "x", scale = "n" }'


def panel(tmp_path: Path, seats: int, combine: str, *, to: str = "10", step: str = "0.1", sheet: str = "") -> Rules:
    """One item from so many seats; `sheet` are more lines of the sheet."""
    how = f"{combine}\n{sheet}" if sheet else combine
    return legal(tmp_path, one_sheet(ITEM, seats=seats, combine=how, more=SCALE.format(to=to, step=step)))


def given(entry: str, scores: list[Any]) -> str:
    return "\n".join(f"{entry} {n} x={plain(score)}" for n, score in enumerate(scores, 1) if score not in ("", None))


def plain(number: Any) -> str:
    text = str(Decimal(str(number)).normalize())
    return format(Decimal(text), "f")


def same(shown: str | None, expected: Any) -> bool:
    return shown is not None and Decimal(shown) == Decimal(str(expected))


def test_two_hundred_trimmed_means_forty_with_an_absent_judge(tmp_path: Path) -> None:
    rows = vector("isu_trimmed_mean.csv")
    how = '{ method = "trimmed", low = 1, high = 1, from = 3, least = 7, absent = "exclude", round = { places = 2, mode = "half_up" } }'
    rules = panel(tmp_path, 9, how, step="0.25")
    marks = "\n".join(given(row["aspect_id"], [row[f"J{n}"] for n in range(1, 10)]) for row in rows)
    absent = " ".join(f"{row['aspect_id']}:{n}" for row in rows for n in range(1, 10) if row[f"J{n}"] == "")
    result = result_of(rules, marks, absent=absent)
    right = [same(result.standing(row["aspect_id"]).values["m.s"], row["expected_panel_score"]) for row in rows]
    assert (len(right), sum(right)) == (200, 200)
    assert absent.count(":") == 40


def test_diving_old_and_new(tmp_path: Path) -> None:
    cases = vector("panel_sum_cases.json")[:3]
    hows = ['method = "middle", k = 3, times = 3'] + ['method = "trimmed", from = 3, times = 5'] * 2
    factors = ["1"] + ["0.6"] * 2
    for case, how, factor in zip(cases, hows, factors, strict=True):
        text = one_sheet(
            ITEM, seats=7, combine=f'{{ {how}, least = 7, absent = "refuse" }}', more=SCALE.format(to=10, step=0.5)
        )
        points = f'points = "s * {case["dd"]} * {factor}"'
        rules = legal(tmp_path, text.replace('part = "practical"\n', f'part = "practical"\n{points}\n'))
        assert same(result_of(rules, given("a", case["judges"])).standings[0].total, case["expected"]), case["rule"]


def test_tea_is_a_weighted_sum(tmp_path: Path) -> None:
    case = vector("panel_sum_cases.json")[3]
    items = ", ".join(f'{{ id = "f{n}", scale = "n", weight = {w} }}' for n, w in enumerate(case["weights"]))
    rules = legal(tmp_path, one_sheet(items, more=SCALE.format(to=100, step=1)))
    marks = "a 1 " + " ".join(f"f{n}={score}" for n, score in enumerate(case["scores"]))
    assert same(result_of(rules, marks).standings[0].total, case["expected"])


def test_judgement_with_a_gap_of_two_has_no_mark(tmp_path: Path) -> None:
    cards = '[scales.j]\ntype = "steps"\nto = 3\n'
    for case in vector("ws_judgement_cases.json")["cases"]:
        item = f'{{ id = "x", scale = "j", worth = {case["max_mark"]}, max = {case["max_mark"]} }}'
        how = (
            '{ method = "mean", by = "item", least = 3, absent = "refuse", round = { places = 2, mode = "half_up" } }\n'
            'spread = { limit = 1, by = "item", then = "hold" }'
        )
        result = result_of(
            legal(tmp_path, one_sheet(item, seats=3, combine=how, more=cards)), given("a", case["scores"])
        )
        if case["accepted"]:
            assert same(result.standings[0].total, case["mark"]), case
            assert not result.findings
        else:
            assert result.standings[0].total is None, case
            assert "talk it over" in result.findings[0].en


def test_the_middle_two_unless_they_are_too_far_apart(tmp_path: Path) -> None:
    gaps = "[ { below = 6, gap = 0.6 }, { below = 7, gap = 0.5 }, { below = 8, gap = 0.4 }, { gap = 0.3 } ]"
    how = f'{{ method = "middle", k = 2, gaps = {gaps}, least = 4, absent = "exclude" }}'
    for case in vector("fig_aerobic_tolerance_cases.json")["cases"]:
        rules = panel(tmp_path, len(case["scores"]), how, sheet="spread = { limit = 0.9 }")
        result = result_of(rules, given("a", case["scores"]))
        assert same(result.standings[0].total, case["final"]), case
        assert bool(result.findings) is case["post_event_review"], case


def equalised(tmp_path: Path, how: str, totals: dict[str, list[Any]]) -> Result:
    """Entries of several panels; the total is the raw mark by the panel's factor."""
    more = (
        SCALE.format(to=1700, step="0.01") + '[attributes.group]\nname = { zh = "考官组", en = "Panel" }\nany = true\n'
        f'[across.factor]\nname = {{ zh = "系数", en = "Factor" }}\nof = "m.s"\nhow = "factor"\nby = "group"\n{how}\n'
    )
    text = one_sheet(ITEM, more=more).replace("[total]\n", '[total]\npoints = "m * factor"\n')
    rows = [(f"{group}{n}", group, plain(raw)) for group, raws in totals.items() for n, raw in enumerate(raws)]
    marks = pl.DataFrame([(e, "m", "s", "p.1", "x", raw) for e, _, raw in rows], schema=MARKS, orient="row")
    entries = pl.DataFrame({"entry": [e for e, _, _ in rows], "status": "", "group": [g for _, g, _ in rows]})
    return score(legal(tmp_path, text), marks, entries)


def test_panels_are_made_equal_by_both_chinese_variants(tmp_path: Path) -> None:
    pooled, _, means = vector("cn_panel_equalisation.json")
    # Panels of the published size whose means are the published ones: everybody at the panel's total over its number.
    teachers = {p["id"]: [p["total"] / p["n"]] * p["n"] for p in pooled["panels"]}
    exact = {group: [round(value, 2) for value in values] for group, values in teachers.items()}
    for group, values in exact.items():
        short = next(p["total"] for p in pooled["panels"] if p["id"] == group) - sum(values)
        values[0] += short
    found = equalised(tmp_path, 'method = "pooled"\nround = { places = 2, mode = "half_up" }', exact)
    assert [found.standing(f"{p}1").values["factor"] for p in "AB"] == ["1.04", "0.96"]
    found = equalised(tmp_path, 'method = "pooled"\nround = { places = 4, mode = "half_up" }', exact)
    printed = pooled["recomputed"]
    assert [found.standing(f"{p}1").values["factor"] for p in "AB"] == [str(printed["coef_A"]), str(printed["coef_B"])]
    example = means["example"]
    groups = {f"p{n}": [value, value] for n, value in enumerate(example["panel_means"])}
    groups["p1"] = [Decimal(90), Decimal(78)]
    found = equalised(tmp_path, 'method = "means"\nround = { places = 6, mode = "half_up" }', groups)
    assert [Decimal(str(found.standing(f"p{n}1").values["factor"])) for n in range(3)] == example["coefs"]
    found = equalised(tmp_path, 'method = "means"', groups)
    assert round(found.numbers["p10"]["total"] or 0, 4) == round(example["adjusted"], 4)


def test_the_published_factors_after_trimming(tmp_path: Path) -> None:
    """Gao'an publishes the sums left after trimming. Panel 1 gets the extremes that the pool drops too; panel 2's stay in the pool."""
    _, gaoan, _ = vector("cn_panel_equalisation.json")
    one, two = ([panel["total_after_trim"], panel["n_after_trim"]] for panel in gaoan["panels"])
    stay = gaoan["pooled"]["total_after_trim"] - one[0] - two[0]
    highs = stay - 2 * Decimal(60)
    groups = {
        "p": [1, 2, 99, 100, *shared_out(*one)],
        "q": [60, 60, Decimal(85), highs - Decimal(85), *shared_out(*two)],
    }
    found = equalised(tmp_path, 'method = "pooled"\ntrim = [2, 2]\nround = { places = 4, mode = "half_up" }', groups)
    shown = [found.standing(entry).values["factor"] for entry in ("p0", "q0")]
    assert shown == [str(gaoan["printed"]["coef_1"]), str(gaoan["printed"]["coef_2"])]


def shared_out(total: Decimal, n: int) -> list[Decimal]:
    """So many marks of two decimals that make this total, all but alike."""
    each = round(total / n, 2)
    return [each] * (n - 1) + [total - each * (n - 1)]


def test_trimming_drops_two_and_two_from_each_panel_and_from_the_pool(tmp_path: Path) -> None:
    """The Gao'an sums themselves are published only after trimming: so the same rule on marks worked by hand.

    A: 10 20 [60 70] 90 100 -> 65; B: 0 10 [50 60] 80 90 -> 55; pool of 12 without 0 10 and 90 100 … keeps 10 20 50 60 60 70 80 90
    = 440 / 8 = 55. Factors 55/65 and 1.
    """
    groups = {"a": [10, 20, 60, 70, 90, 100], "b": [0, 10, 50, 60, 80, 90]}
    found = equalised(tmp_path, 'method = "pooled"\ntrim = [2, 2]\nround = { places = 4, mode = "half_up" }', groups)
    assert [found.standing(e).values["factor"] for e in ("a0", "b0")] == ["0.8462", "1.0000"]
