"""What the live streams carry, by role: the same values as the pages, and nothing sealed."""

import pytest

from competition.web import board, matrix
from competition.web.overview import Tallies
from tests.web.venue import LOCKED, MARKING, NOTICE, SECRETS, Venue

ROLES = ({"organiser"}, {"chief"}, {"encryptor"}, {"supervisor"}, {"clerk"})


@pytest.mark.parametrize("roles", ROLES)
@pytest.mark.parametrize("event", [MARKING, LOCKED])
def test_a_sealed_stream_holds_codes_only(venue: Venue, event: str, roles: set[str]) -> None:
    sent = str(venue.read(matrix.live, Tallies(), event, frozenset(roles), venue.clock.now))
    assert "P01" in sent
    assert not [secret for secret in SECRETS if secret in sent]


@pytest.mark.parametrize("event", [MARKING, LOCKED])
def test_a_board_before_the_notice_holds_no_result(venue: Venue, event: str) -> None:
    seen = venue.read(board.see, Tallies(), event)
    assert seen.mode == "progress"
    rows = [row for page in seen.pages for row in page]
    assert all(row.name is row.unit is row.total is row.award is row.rank is None for row in rows)
    assert not [secret for secret in SECRETS if secret in str(seen)]


def test_a_board_after_the_notice_is_not_final(venue: Venue) -> None:
    seen = venue.read(board.see, Tallies(), NOTICE)
    assert seen.mode == "ranking"
    assert not seen.final


def test_tallies_are_counted_again_after_a_change(venue: Venue) -> None:
    tallies = Tallies()
    first = venue.read(tallies.of, MARKING)
    assert venue.read(tallies.of, MARKING) is first
    tallies.drop({MARKING})
    again = venue.read(tallies.of, MARKING)
    assert again is not first
    assert again == first
    assert (first.entries, first.finished, first.received, first.expected) == (3, 2, 7, 9)
