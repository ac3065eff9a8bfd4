"""FIRST LEGO League: totals of four forms, and standard scores per round and judge from which no-shows are left out."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.published.published import Contest, Line, by_command, published

Sheet = tuple[str, str, str, str]
"""category, round, judge, entrant: two judges' sheets on one team stay apart."""

CLOSE = Decimal("0.000001")


def sheet_of(row: Line) -> Sheet:
    return row["category"], row["round"], row["judge"], row["entrant"]


@pytest.fixture(scope="module")
def sheets() -> dict[Sheet, Line]:
    """Every sheet with its official total and standard score."""
    return {sheet_of(row): row for row in published("first_lego_league/sheet_totals.csv")}


@pytest.fixture(scope="module")
def marks() -> dict[Sheet, dict[str, str]]:
    """The marks of every sheet by criterion."""
    found: dict[Sheet, dict[str, str]] = {}
    for row in published("first_lego_league/marks.csv"):
        found.setdefault(sheet_of(row), {})[row["criterion"]] = row["mark"]
    return found


def contest_of(sheets: dict[Sheet, Line], marks: dict[Sheet, dict[str, str]], *, no_show: str = "dns") -> Contest:
    """All sheets as one contest. no_show: the status of a team that didn't come; "" keeps it in the field with zeros."""
    contest = Contest("category", "judge_in_round")
    criteria = {sheet[0]: list(given) for sheet, given in marks.items()}
    for sheet, row in sheets.items():
        category, in_round, judge, _ = sheet
        missing = row["no_show"] == "1"
        contest.enter("/".join(sheet), no_show if missing else "", category, f"{in_round} | {judge}")
        zeros = dict.fromkeys(criteria[category], "0") if missing and not no_show else {}
        for criterion, mark in (marks.get(sheet) or zeros).items():
            contest.mark("/".join(sheet), f"{category}.form", "judge.1", criterion, mark)
    return contest


def right_standard_scores(sheets: dict[Sheet, Line], standings: dict[str, Line]) -> tuple[int, int]:
    """How many standard scores are published, and how many of them came out to a millionth."""
    official = {
        "/".join(s): Decimal(row["expected_standardised"]) for s, row in sheets.items() if row["expected_standardised"]
    }
    return len(official), sum(abs(Decimal(standings[s]["standard"]) - score) <= CLOSE for s, score in official.items())


@pytest.fixture(scope="module")
def standings(
    sheets: dict[Sheet, Line], marks: dict[Sheet, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Line]:
    """All sheets by one run of the command."""
    contest = contest_of(sheets, marks)
    assert contest.given_by("judge") == 30090
    return {row["entry"]: row for row in by_command("first_lego_league", contest, tmp_path_factory.mktemp("league"))}


def test_totals_and_standard_scores(sheets: dict[Sheet, Line], standings: dict[str, Line]) -> None:
    assert len(standings) == len(sheets) == 3471
    shown = {"/".join(s): row["expected_total"] for s, row in sheets.items() if row["no_show"] == "0"}
    assert len(shown) == 3405
    assert {entry: standings[entry]["total"] for entry in shown} == shown
    assert right_standard_scores(sheets, standings) == (204, 204)


def test_a_no_show_has_nothing(sheets: dict[Sheet, Line], standings: dict[str, Line]) -> None:
    nothing = {"status": "dns", "total": "", "standard": "", "rank": ""}
    gone = ["/".join(s) for s, row in sheets.items() if row["no_show"] == "1"]
    assert len(gone) == 66
    assert all(nothing.items() <= standings[entry].items() for entry in gone)


def test_no_shows_kept_as_zeros_spoil_the_means(
    sheets: dict[Sheet, Line], marks: dict[Sheet, dict[str, str]], tmp_path: Path
) -> None:
    contest = contest_of(sheets, marks, no_show="")
    standings = {row["entry"]: row for row in by_command("first_lego_league", contest, tmp_path)}
    assert right_standard_scores(sheets, standings) == (204, 159)
