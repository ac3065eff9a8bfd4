"""Eurovision: sums of points under four eras of tie-breaks, to every published total and place."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.published.published import Contest, Line, by_command, by_function, published

SEATS = 44
SHEETS = {
    "total": ("voting.public", "countries"),
    "public": ("voting.public", "countries"),
    "jury": ("voting.jury", "juries"),
}
"""Which sheet and whose seats the points of a published panel go to."""

Show = tuple[int, str]
"""year, round"""


def rule_file(year: int) -> str:
    """The rules of the year: the latest edition that is not later."""
    return f"eurovision_{max(era for era in (1957, 1989, 2008, 2016) if era <= year)}"


@pytest.fixture(scope="module")
def votes() -> dict[Show, list[Line]]:
    """Every vote by show."""
    return _by_show(published("eurovision/votes.csv"))


@pytest.fixture(scope="module")
def songs() -> dict[Show, list[Line]]:
    """Every song with its official result, by show."""
    return _by_show(published("eurovision/results.csv"))


def _by_show(rows: list[Line]) -> dict[Show, list[Line]]:
    found: dict[Show, list[Line]] = {}
    for row in rows:
        found.setdefault((int(row["year"]), row["round"]), []).append(row)
    return found


def contest_of(show: Show, songs: list[Line], votes: list[Line]) -> Contest:
    """A show: each country takes a seat, in the order of the alphabet; the seats left over are absent."""
    contest = Contest("voting")
    for song in songs:
        contest.enter(song["contestant"], "", "both" if song["official_jury"] else "televote")
        if show[0] >= 2008:
            contest.mark(song["contestant"], "running_order.list", "draw.1", "place", song["running"])
    for panel in {vote["panel"] for vote in votes}:
        sheet, seats = SHEETS[panel]
        given = [vote for vote in votes if vote["panel"] == panel]
        seat = {country: n for n, country in enumerate(sorted({vote["from_country"] for vote in given}), 1)}
        for vote in given:
            contest.mark(vote["contestant"], sheet, f"{seats}.{seat[vote['from_country']]}", "points", vote["points"])
        for n in range(len(seat) + 1, SEATS + 1):
            contest.away("*", f"{seats}.{n}")
    return contest


def compared(song: Line, got: Line) -> Iterator[tuple[str, bool]]:
    """What was published against what came out: (what, whether they agree)."""
    yield "total", song["official_total"] == got["total"]
    yield "place", song["official_place"] == got["rank"]
    if song["official_jury"]:
        yield "public", song["official_public"] == got["voting.public"]
        yield "jury", song["official_jury"] == got["voting.jury"]


def test_every_total_and_every_place(songs: dict[Show, list[Line]], votes: dict[Show, list[Line]]) -> None:
    seen: Counter[str] = Counter()
    agree: Counter[str] = Counter()
    for show, entered in songs.items():
        contest = contest_of(show, entered, votes[show])
        seen["vote"] += contest.given_by("countries") + contest.given_by("juries")
        standings = {row["entry"]: row for row in by_function(rule_file(show[0]), contest)}
        for song in entered:
            for what, right in compared(song, standings[song["contestant"]]):
                seen[what] += 1
                agree[what] += right
    assert seen.pop("vote") == 29877
    assert seen == {"total": 2062, "place": 2062, "public": 418, "jury": 418}
    assert agree == seen


@pytest.mark.parametrize(
    "show", [(1969, "final"), (1991, "final"), (2015, "final"), (2024, "final"), (2024, "semifinal1")]
)
def test_the_command_says_the_same(
    show: Show, songs: dict[Show, list[Line]], votes: dict[Show, list[Line]], tmp_path: Path
) -> None:
    contest = contest_of(show, songs[show], votes[show])
    standings = {row["entry"]: row for row in by_command(rule_file(show[0]), contest, tmp_path)}
    for song in songs[show]:
        assert all(right for _, right in compared(song, standings[song["contestant"]]))
