"""WorldSkills: positions and medals of forty official tables, from the marks on the 500 and 700 scales."""

from pathlib import Path

import pytest

from tests.published.published import Contest, Line, by_command, by_function, published

Table = tuple[str, str]
"""edition ("WSC2024"), skill"""

MEDALS = {"金牌": "gold", "银牌": "silver", "铜牌": "bronze", "优胜奖": "medallion", "": ""}


@pytest.fixture(scope="module")
def tables() -> dict[Table, list[Line]]:
    """The lines of every official table."""
    found: dict[Table, list[Line]] = {}
    for row in published("../reference/vectors/ws_official_results.csv"):
        found.setdefault((row["edition"], row["skill"]), []).append(row)
    return found


def contest_of(rows: list[Line]) -> Contest:
    contest = Contest()
    for row in rows:
        contest.enter(row["member"])
        contest.mark(row["member"], "table.result", "results.1", "mark", row["mark"])
    return contest


def official(rows: list[Line]) -> dict[str, tuple[str, str]]:
    return {row["member"]: (row["position"], row["medal"]) for row in rows}


def rule_file(table: Table) -> str:
    return f"worldskills_{table[0].removeprefix('WSC')}"


def test_positions_and_medals_of_every_table(tables: dict[Table, list[Line]]) -> None:
    assert (len(tables), sum(len(rows) for rows in tables.values())) == (40, 744)
    right = 0
    for table, rows in tables.items():
        standings = by_function(rule_file(table), contest_of(rows))
        right += {row["entry"]: (row["rank"], row["award"]) for row in standings} == official(rows)
    assert right == 40


def test_the_command_says_the_same(tables: dict[Table, list[Line]], tmp_path: Path) -> None:
    for edition in sorted({edition for edition, _ in tables}):
        table = next(each for each in tables if each[0] == edition)
        standings = by_command(rule_file(table), contest_of(tables[table]), tmp_path)
        assert {row["entry"]: (row["rank"], MEDALS[row["award"]]) for row in standings} == official(tables[table])
