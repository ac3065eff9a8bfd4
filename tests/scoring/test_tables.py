"""Tables across job types. An entry is written `a2:88`: the second of unit a, with 88 points; `a2:-` has no mark yet."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from competition.rules import Rules
from competition.rules.games import GamesFile, load_games
from competition.scoring import MARKS
from competition.scoring.games import GamesResult, Given, score_games
from competition.scoring.tables import TableResult, check_tables, tables
from tests.rule_text import legal, one_sheet

VECTORS = Path(__file__).parents[3] / "shared" / "reference" / "vectors" / "team_points_cases.json"

PRIZES = """
[pass]
when = "total >= 60"
ranked = "all"
[[awards]]
id = "first"
name = { zh = "一等奖", en = "First prize" }
places = [1, 1]
[[awards]]
id = "second"
name = { zh = "二等奖", en = "Second prize" }
places = [2, 3]
[[awards]]
id = "third"
name = { zh = "三等奖", en = "Third prize" }
places = [4, 4]
"""

HEAD = """
[games]
id = "sample"
name = { zh = "示例运动会", en = "Sample games" }
year = 2026
host = "示例市"
"""

TABLE = """
[[tables]]
id = "t"
name = { zh = "榜", en = "Table" }
per = "unit"
"""

AWARD_POINTS = f"""{TABLE}
count = "award_points"
points = {{ first = 8, second = 4, third = 2, passed = 1 }}
listed = "with_points"
keys = [{{ by = "points", best = "high" }}, {{ by = "first", best = "high" }}, {{ by = "second", best = "high" }}]
"""

SCORES = f"""{TABLE}
count = "scores"
listed = "all"
keys = [{{ by = "total", best = "high" }}]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """One mark of 100, four prizes, passed from 60."""
    return legal(tmp_path, one_sheet('{ id = "t", scale = "points", max = 100, step = 0.5 }', more=PRIZES))


def games_of(tmp_path: Path, events: Mapping[str, str], declared: str, units: str = "abcdxyz") -> GamesFile:
    """Games with these events in chain `one` (`two` for those whose name ends with 2), and units of one letter."""
    text = HEAD + "".join(f'[[chains]]\nid = "{c}"\nname = {{ zh = "{c}", en = "{c}" }}\n' for c in ("one", "two"))
    text += "".join(f'[[units]]\nid = "{u}"\nname = {{ zh = "{u}", en = "{u}" }}\n' for u in units)
    for event in events:
        (tmp_path / event).mkdir(exist_ok=True)
        (tmp_path / event / "rules.toml").touch()
        chain = "two" if event.endswith("2") else "one"
        text += f'[[job_types]]\nid = "{event}"\nname = {{ zh = "{event}", en = "{event}" }}\n'
        text += f'chain = "{chain}"\nrules = "{event}"\n'
    (tmp_path / "games.toml").write_text(text + declared, encoding="utf-8")
    games, findings = load_games(tmp_path / "games.toml")
    assert games is not None, [str(finding) for finding in findings]
    return games


def given(rules: Rules, written: str) -> Given:
    """`a1:88 b1:- c1:dns`: points, not yet marked, or a status; the unit is the entry's first letter."""
    marks, entries = [], []
    for entry, value in (pair.split(":") for pair in written.split()):
        number = value.replace(".", "").isdecimal()
        entries.append((entry, "" if number or value == "-" else value.split("/")[0], entry[0]))
        if number or "/" in value:
            marks.append((entry, "m", "s", "p.1", "t", value.split("/")[-1]))
    schema = {"entry": pl.String, "status": pl.String, "unit": pl.String}
    return Given(
        rules, pl.DataFrame(marks, schema=MARKS, orient="row"), pl.DataFrame(entries, schema=schema, orient="row")
    )


def score(tmp_path: Path, rules: Rules, events: Mapping[str, str], declared: str) -> GamesResult:
    games = games_of(tmp_path, events, declared)
    return score_games(games, {event: given(rules, written) for event, written in events.items()})


def one_table(tmp_path: Path, rules: Rules, events: Mapping[str, str], declared: str) -> TableResult:
    (table,) = score(tmp_path, rules, events, declared).tables
    return table


def shown(table: TableResult) -> list[tuple[int | None, str, object]]:
    """rank, unit, sum in order."""
    return [(row.rank, row.who, row.sum) for row in table.rows]


def vector(number: int) -> Any:
    if not VECTORS.is_file():
        pytest.skip("../shared/reference/vectors is not here: the team rules of real contests can't be compared")
    return json.loads(VECTORS.read_text(encoding="utf-8"))[number]


def test_best_three_scores_of_each_event(tmp_path: Path, rules: Rules) -> None:
    case = vector(0)
    letters = {"甲": "a", "乙": "b"}
    events = {
        event: " ".join(
            f"{letters[team]}{n}:{score}"
            for team, scores in case["teams"].items()
            for n, score in enumerate(scores[name], 1)
        )
        for event, name in (("welder", "焊工"), ("fitter", "钳工"))
    }
    table = one_table(tmp_path, rules, events, SCORES + "best = 3\n")
    sums = {row.who: row.sum for row in table.rows if row.entries}
    assert sums == {letters[team]: total for team, total in case["expected"].items()}
    assert [row.rank for row in table.rows][:2] == [1, 2]


def test_award_points_and_a_point_for_passing(tmp_path: Path, rules: Rules) -> None:
    case = vector(1)
    # 甲: first and third prize; 乙: two second prizes and a pass; 丙: a pass. d has not passed and is not listed.
    written = "a1:100 b1:90 b2:89 a2:80 b3:70 c1:60 d1:59.5"
    table = one_table(tmp_path, rules, {"fitter": written}, AWARD_POINTS)
    expected = case["expected"]
    assert shown(table) == [(1, "a", expected["甲"]), (2, "b", expected["乙"]), (3, "c", expected["丙"])]
    assert table.rows[1].awards == {"first": 0, "second": 2, "third": 0, "passed": 1}
    assert not table.partial
    assert table.findings == ()


MEDALS = """
[[awards]]
id = "gold"
name = { zh = "金牌", en = "Gold" }
places = [1, 1]
[[awards]]
id = "silver"
name = { zh = "银牌", en = "Silver" }
places = [2, 2]
[[awards]]
id = "bronze"
name = { zh = "铜牌", en = "Bronze" }
places = [3, 3]
[[awards]]
id = "medallion"
name = { zh = "优胜奖", en = "Medallion" }
places = [4, 4]
"""

MEMBER_POINTS = f"""{TABLE}
count = "award_points"
points = {{ gold = 4, silver = 3, bronze = 2, medallion = 1 }}
average = true
listed = "with_points"
keys = [{{ by = "KEY", best = "high" }}]
"""

MEDAL_TABLE = f'{TABLE}\ncount = "medals"\nawards = ["gold", "silver", "bronze"]\nlisted = "with_points"\n'


def places(order: str) -> str:
    """Units in order of their places in an event, `x z z`, as entries with falling points."""
    return " ".join(f"{unit}{n}:{100 - n}" for n, unit in enumerate(order.split()))


WORLDSKILLS = [
    "x z z z z", "x z z z z", "z x z z z", "z z z x z", "z z z x z", "z z z x z",
    "y z z z x", "z z y z x", "z z z y x", "z z z z x",
]  # fmt: skip
"""x: 2 gold, 1 silver, 3 medallions in 10 skills; y: 1 gold, 1 bronze, 1 medallion in 3 (rules.md section 15)."""


@pytest.fixture
def skills(tmp_path: Path) -> tuple[Rules, dict[str, str]]:
    rules = legal(tmp_path, one_sheet('{ id = "t", scale = "points", max = 100 }', more=MEDALS))
    return rules, {f"skill_{n}": places(order) for n, order in enumerate(WORLDSKILLS)}


def test_member_points_and_their_average(tmp_path: Path, skills: tuple[Rules, dict[str, str]]) -> None:
    expected = vector(2)["expected"]
    by_points = one_table(tmp_path, *skills, MEMBER_POINTS.replace("KEY", "points"))
    rows = {row.who: row for row in by_points.rows}
    assert (rows["x"].sum, rows["x"].events, rows["x"].average) == (expected["X"]["points"], 10, Fraction(14, 10))
    assert (rows["y"].sum, rows["y"].events, rows["y"].average) == (expected["Y"]["points"], 3, Fraction(7, 3))
    assert rows["y"].average_text == "2.333333…"
    assert rows["x"].awards == {"gold": 2, "silver": 1, "bronze": 0, "medallion": 3}
    by_average = one_table(tmp_path, *skills, MEMBER_POINTS.replace("KEY", "average"))
    order = [row.who for row in by_average.rows]
    # Totals reward breadth, averages selectivity: x leads by points, y by average.
    assert order.index("y") < order.index("x")
    assert rows["x"].rank is not None
    assert rows["y"].rank is not None
    assert rows["x"].rank < rows["y"].rank


def test_medals_go_gold_first(tmp_path: Path, skills: tuple[Rules, dict[str, str]]) -> None:
    # z: gold in 7 skills (all but the first two and the seventh); x 2 gold, 1 silver; y 1 gold, 1 bronze
    table = one_table(tmp_path, *skills, MEDAL_TABLE)
    assert [(row.rank, row.who, row.awards["gold"], row.sum_text, row.average_text) for row in table.rows] == [
        (1, "z", 7, "", ""),
        (2, "x", 2, "", ""),
        (3, "y", 1, "", ""),
    ]


def test_medals_equal_in_gold_go_by_silver(tmp_path: Path, skills: tuple[Rules, dict[str, str]]) -> None:
    rules, _ = skills
    events = {"one": places("a b c d"), "two": places("b d c a"), "three": places("z b a d")}
    table = one_table(tmp_path, rules, events, MEDAL_TABLE)
    # b 1-2-0, a 1-0-1, z 1-0-0, d 0-1-0, c 0-0-2
    assert [(row.rank, row.who, row.decided_by) for row in table.rows] == [
        (1, "b", "silver"), (2, "a", "bronze"), (3, "z", "bronze"), (4, "d", "silver"), (5, "c", "silver"),
    ]  # fmt: skip


def test_equal_points_go_by_first_prizes_then_share(tmp_path: Path, rules: Rules) -> None:
    # a: 8 by a first prize. b: 4 + 4 by two second prizes. c and d: a third prize each, in two events.
    events = {
        "e": "a1:100 b1:90 b2:89 c1:80",
        "f": "y1:100 x1:90 x2:89 d1:80",
    }
    table = one_table(tmp_path, rules, events, AWARD_POINTS.replace("passed = 1", "passed = 0"))
    assert [(row.rank, row.who, row.tied, row.decided_by) for row in table.rows] == [
        (1, "a", True, "first"), (1, "y", True, "first"), (3, "b", True, "first"), (3, "x", True, "first"),
        (5, "c", True, ""), (5, "d", True, ""),
    ]  # fmt: skip


def test_only_the_best_of_an_event_count(tmp_path: Path, rules: Rules) -> None:
    events = {"e": "a1:100 a2:90 a3:89 b1:80", "f": "b1:100 a1:90 z1:89 z2:80"}
    table = one_table(tmp_path, rules, events, AWARD_POINTS + "best = 2\n")
    row = next(row for row in table.rows if row.who == "a")
    assert row.sum == 8 + 4 + 4
    assert dict(row.by_event) == {"e": Fraction(12), "f": Fraction(4)}
    # the prizes that count, and everyone who entered
    assert (row.awards["second"], row.entries, row.events) == (2, 4, 2)


@pytest.mark.parametrize(("count", "short", "total"), [(2, (), 90 + 80), (3, ("e",), 0)])
def test_too_few_entries_count_nothing(
    tmp_path: Path, rules: Rules, count: int, short: tuple[str, ...], total: int
) -> None:
    """a has two with a total; the third is absent, which is not a total of zero."""
    declared = f'{SCORES}least = {count}\nshort = "nothing"\n'
    table = one_table(tmp_path, rules, {"e": "a1:90 a2:80 a3:dns"}, declared)
    row = next(row for row in table.rows if row.who == "a")
    assert row.short == short
    assert row.sum == total
    assert row.rank == 1


def test_too_few_entries_leave_a_unit_without_a_place(tmp_path: Path, rules: Rules) -> None:
    declared = f'{SCORES}least = 2\nshort = "unranked"\n'
    table = one_table(tmp_path, rules, {"e": "a1:90 b1:50 b2:50", "f": "a1:90 a2:90"}, declared)
    assert shown(table)[0] == (1, "b", 100)
    assert shown(table)[-1] == (None, "a", 180)


def test_a_status_earns_nothing_though_the_marks_would_pass(tmp_path: Path, rules: Rules) -> None:
    table = one_table(tmp_path, rules, {"e": "a1:dsq/90 b1:70"}, AWARD_POINTS)
    assert shown(table) == [(1, "b", 8)]


def test_an_open_event_counts_nothing_yet_and_is_named(tmp_path: Path, rules: Rules) -> None:
    events = {"e": "a1:100 b1:90", "f": "b1:100 c1:-"}
    table = one_table(tmp_path, rules, events, AWARD_POINTS.replace("with_points", "all"))
    assert table.partial
    assert table.open == ("f",)
    rows = {row.who: row for row in table.rows}
    assert {who: rows[who].sum for who in "abc"} == {"a": Fraction(8), "b": Fraction(4), "c": Fraction(0)}
    assert (rows["a"].open, rows["b"].open, rows["c"].open) == ((), ("f",), ("f",))
    assert (rows["b"].events, rows["c"].events) == (1, 0)
    (finding,) = table.findings
    assert finding.severity == "warning"
    assert "1 events have no final standings and count nothing yet: f" in finding.en


def test_an_event_with_entries_and_no_result_is_open(tmp_path: Path, rules: Rules) -> None:
    games = games_of(tmp_path, {"e": "", "f": "", "g": ""}, AWARD_POINTS)
    results = score_games(None, {"e": given(rules, "a1:100")}).events
    (table,) = tables(games, results, {("e", "a1"): "a", ("f", "a1"): "a"})
    # nobody entered g
    assert table.open == ("f",)


def test_an_event_with_errors_is_open(tmp_path: Path, rules: Rules) -> None:
    table = one_table(tmp_path, rules, {"e": "a1:100 b1:90", "f": "b1:100.25"}, AWARD_POINTS)
    assert table.open == ("f",)


def test_chains_earn_from_all_entries_of_their_events(tmp_path: Path, rules: Rules) -> None:
    declared = AWARD_POINTS.replace('per = "unit"', 'per = "chain"') + "best = 2\naverage = true\n"
    events = {"e": "a1:100 b1:90 b2:89", "f": "x1:50", "e2": "a1:100 b1:60"}
    result = score(tmp_path, rules, events, declared)
    (table,) = result.tables
    # one: 8 + 4 of e (the third entry doesn't count), 8 of f: two events; two: 8 + 4 of e2
    assert shown(table) == [(1, "one", 20), (2, "two", 12)]
    assert [row.average for row in table.rows] == [Fraction(10), Fraction(12)]
    assert result.findings == ()


def test_units_that_are_not_there_are_found(tmp_path: Path, rules: Rules) -> None:
    events = {"e": "a1:100 q1:90"}
    games = games_of(tmp_path, events, AWARD_POINTS)
    field = given(rules, events["e"])
    nameless = field.entries.with_columns(unit=pl.when(pl.col("entry") == "a1").then(pl.lit("")).otherwise("unit"))
    result = score_games(games, {"e": Given(rules, field.marks, nameless)})
    assert [(finding.where, finding.severity) for finding in result.findings] == [("e/q1", "error"), ("e", "warning")]
    assert result.tables[0].rows == ()
    unlisted = score_games(games, {"e": Given(rules, field.marks, field.entries.drop("unit"))})
    assert [(finding.where, finding.severity) for finding in unlisted.findings] == [("e", "warning")]
    assert [standing.award for standing in result.events["e"].standings] == ["first", "second"]


def test_awards_that_only_one_side_knows_are_said(tmp_path: Path, rules: Rules) -> None:
    declared = AWARD_POINTS.replace("third = 2", "thrid = 2")
    table = one_table(tmp_path, rules, {"e": "a1:100 b1:70"}, declared)
    said = [finding.en for finding in table.findings]
    assert any("No event gives an award thrid" in text for text in said)
    assert any("write third = 0" in text for text in said)


def test_tables_can_be_checked_before_there_are_results(tmp_path: Path, rules: Rules) -> None:
    games = games_of(
        tmp_path, {"e": ""}, AWARD_POINTS.replace("first = 8", "frist = 8").replace('by = "first"', 'by = "frist"')
    )
    assert [finding.en.split(";")[0] for finding in check_tables(games, {"e": rules})] == [
        "No event gives an award frist",
        "The award first has no points here and counts nothing",
    ]
    assert list(check_tables(games, {})) == []


def test_rules_without_passing_are_said(tmp_path: Path) -> None:
    plain = PRIZES[PRIZES.index("[[awards]]") :]
    rules = legal(tmp_path, one_sheet('{ id = "t", scale = "points", max = 100 }', more=plain))
    table = one_table(tmp_path, rules, {"e": "a1:100 b1:70"}, AWARD_POINTS)
    assert "nobody earns the points of passed there: e" in table.findings[0].en


def test_totals_of_which_the_lowest_is_best_are_not_added(tmp_path: Path) -> None:
    text = one_sheet('{ id = "t", scale = "points", max = 100 }').replace('best = "high"', 'best = "low"')
    table = one_table(tmp_path, legal(tmp_path, text), {"e": "a1:10 b1:20"}, SCORES)
    assert table.rows == ()
    assert table.findings[0].severity == "error"
    assert "event e" in table.findings[0].where


def test_without_games_there_are_standings_and_no_tables(tmp_path: Path, rules: Rules) -> None:
    result = score_games(None, {"e": given(rules, "a1:10"), "f": given(rules, "b1:20")})
    assert [result.events[event].standings[0].total for event in ("e", "f")] == ["10", "20"]
    assert result.tables == ()
