"""games.toml: chains, units, job types and tables; every job type follows a rule file that is there."""

from fractions import Fraction
from pathlib import Path

import pytest

from competition.errors import Finding
from competition.rules.games import GamesFile, load_games
from competition.rules.model import RankKey

GAMES = """
[games]
id = "sample"
name = { zh = "示例运动会", en = "Sample games" }
year = 2026
host = "示例市"
[[chains]]
id = "food"
name = { zh = "绿色食品", en = "Green food" }
[[units]]
id = "u1"
name = { zh = "示例单位", en = "Sample unit" }
[[job_types]]
id = "barista"
name = { zh = "咖啡师", en = "Barista" }
chain = "food"
rules = "barista"
"""

TABLE = """
[[tables]]
id = "units"
name = { zh = "单位榜", en = "Units" }
per = "unit"
"""

POINTS = """
count = "award_points"
points = { first = 8, second = 4, passed = 0.5 }
listed = "with_points"
keys = [ { by = "points", best = "high" }, { by = "first", best = "high" } ]
"""


def read(tmp_path: Path, text: str) -> tuple[GamesFile | None, tuple[Finding, ...]]:
    (tmp_path / "barista").mkdir()
    (tmp_path / "barista" / "rules.toml").touch()
    file = tmp_path / "games.toml"
    file.write_text(text, encoding="utf-8")
    return load_games(file)


def said(findings: tuple[Finding, ...]) -> set[str]:
    """What the findings say, without the path of the key they speak of."""
    return {finding.en.split(": ", 1)[1] for finding in findings}


def test_job_types_are_numbered_in_order(tmp_path: Path) -> None:
    games, findings = read(tmp_path, GAMES)
    assert games is not None, findings
    assert [(j.number, j.id, j.chain, j.rules) for j in games.job_types] == [(1, "barista", "food", "barista")]
    assert games.tables == ()


def test_unknown_chain_and_missing_rule_file_are_found_together(tmp_path: Path) -> None:
    text = GAMES.replace('chain = "food"', 'chain = "steel"').replace('rules = "barista"', 'rules = "nobody"')
    games, findings = read(tmp_path, text)
    assert games is None
    assert said(findings) == {"There is no chain steel.", "There is no nobody/rules.toml."}


def test_a_table_of_award_points(tmp_path: Path) -> None:
    games, findings = read(tmp_path, f"{GAMES}{TABLE}{POINTS}best = 3\nleast = 2\nshort = 'unranked'\naverage = true\n")
    assert games is not None, findings
    (table,) = games.tables
    assert table.points == {"first": 8, "second": 4, "passed": Fraction(1, 2)}
    assert table.awards == ("first", "second", "passed")
    assert (table.best, table.least, table.short, table.average) == (3, 2, "unranked", True)
    assert table.keys == (RankKey("points", "high"), RankKey("first", "high"))
    assert table.sum == "points"


def test_a_medal_table_ranks_by_its_medals_in_order(tmp_path: Path) -> None:
    medals = 'count = "medals"\nawards = ["gold", "silver"]\nlisted = "all"\n'
    games, findings = read(tmp_path, GAMES + TABLE + medals)
    assert games is not None, findings
    assert games.tables[0].keys == (RankKey("gold", "high"), RankKey("silver", "high"))
    assert games.tables[0].sum == ""


LEGAL = "points | average | entries | events | first | second | passed"
SCORES = 'count = "scores"\nlisted = "all"\n'


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (POINTS.replace("points = {", "marks = {"), {"points is missing; add it.", "There is no such key; check its spelling."}),
        (POINTS.replace('by = "first"', 'by = "frist"'), {f"It can't rank by frist; use {LEGAL}."}),
        (POINTS.replace('by = "first"', 'by = "total"'), {f"It can't rank by total; use {LEGAL}."}),
        (POINTS.replace('by = "first"', 'by = "average"'), {"It ranks by average; write average = true."}),
        (POINTS + "least = 3\n", {"short is missing; add it."}),
        (POINTS + 'least = 3\nshort = "nothing"\nbest = 2\n', {"best is less than least (3)."}),
        (POINTS + "best = 0\n", {"0 is too small; at least 1."}),
        (POINTS.replace("first = 8", "first = -8"), {"-8 is too small; at least 0."}),
        (POINTS.replace('"with_points"', '"some"'), {'"some" won\'t do; use all | with_points.'}),
        (SCORES, {"keys is missing; add it."}),
        (SCORES + "keys = []\n", {"Say what it ranks by."}),
        (SCORES + 'awards = "first"\nkeys = [ { by = "total", best = "high" } ]\n', {'Write the ids of awards: ["gold", …].'}),
        ('count = "medals"\nlisted = "all"\n', {"awards is missing; add it."}),
        ('count = "medals"\nlisted = "all"\nawards = ["gold"]\naverage = true\n', {"A medal table adds nothing up, so it has no average."}),
        ('count = "medals"\nlisted = "all"\nawards = ["gold"]\npoints = { gold = 1 }\n', {"There is no such key; check its spelling."}),
        (POINTS + TABLE + POINTS, {"units appears twice."}),
    ],
)  # fmt: skip
def test_a_faulty_table_says_what_to_do(tmp_path: Path, table: str, says: set[str]) -> None:
    games, findings = read(tmp_path, GAMES + TABLE + table)
    assert games is None
    assert said(findings) == says
    assert all(finding.where.startswith("games.toml:") for finding in findings)


def test_the_old_tables_are_unknown_words(tmp_path: Path) -> None:
    _, findings = read(tmp_path, f"{GAMES}[unit_table]\nbest = 3\n")
    assert [finding.where for finding in findings] == ["games.toml:18"]
