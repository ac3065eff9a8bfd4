"""Messages to tablets: sent from the desk, shown with the session, acknowledged with a sign of life, taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from competition import judging, store
from competition.errors import NotAllowed
from competition.settings import Settings
from tests.laid_out import LaidOut
from tests.served import served
from tests.web.board_stage import EVENT, Board, lay_out
from tests.web.venue import PIN, ROOT

OTHER = "other"
TEXT = "请各席先签完当前评分表再休息"


@pytest.fixture
def board(laid_out: LaidOut, tmp_path: Path) -> Iterator[Board]:
    with (
        laid_out.copy(lay_out, tmp_path / "competition.sqlite") as venue,
        served(Settings(ROOT, tmp_path), venue.engine, venue.writer, venue.clock) as app,
    ):
        yield Board(venue, app)


def paired(board: Board, event: str = EVENT, seat: str = "taste.1") -> dict[str, str]:
    """A tablet over the wire; its headers."""
    venue = board.venue
    token, bearer = venue.rng(16).hex(), venue.rng(32).hex()
    venue.do(judging.make_pairing, event, seat, venue.people["organiser"], token=token, pin=PIN)
    venue.do(judging.join, token, PIN, bearer, rng_bytes=venue.rng)
    return {"authorization": f"Bearer {bearer}"}


def call(board: Board, tablet: dict[str, str], **pulse: Any) -> tuple[list[str], str]:
    """What the tablet is to show now, and the version its heartbeat hears."""
    client = TestClient(board.app)
    beat = client.post("/api/judge/ping", json=pulse, headers=tablet)
    assert beat.status_code == 200, beat.text
    told = client.get("/api/judge/session", headers=tablet).json()
    assert told["version"] == beat.json()["version"]
    return [one["text"] for one in told["messages"]], told["version"]


def test_a_message_reaches_the_events_tablets_and_is_counted_when_it_was_read(board: Board) -> None:
    tablet, other = paired(board), paired(board, seat="taste.2")
    texts, before = call(board, tablet)
    assert texts == []
    assert board.post("messages", text=f"  {TEXT} ").status_code == 303
    texts, version = call(board, tablet)
    assert texts == [TEXT]
    assert version != before  # so the tablet fetches it
    section = board.section("chief", "messages")
    assert TEXT in section
    assert "已确认 0/4" in section  # two of the stage's tablets and these
    (sent,) = board.venue.read(judging.sent_messages, EVENT)
    for _ in range(2):  # a sign of life that was answered twice
        assert call(board, tablet, seen=[sent.id, "nothing"])[0] == []
    assert call(board, other)[0] == [TEXT]
    assert "已确认 1/4" in board.section("chief", "messages")
    for role in ("clerk", "encryptor", "supervisor"):
        assert 'id="messages"' not in board.page(role)


def test_taking_it_back_takes_it_from_the_tablets(board: Board) -> None:
    tablet = paired(board)
    board.post("messages", text=TEXT)
    (sent,) = board.venue.read(judging.sent_messages, EVENT)
    assert board.post("messages/end", "clerk", id=sent.id).status_code == 403
    assert call(board, tablet)[0] == [TEXT]
    assert board.post("messages/end", id=sent.id).status_code == 303
    assert call(board, tablet)[0] == []
    assert board.post("messages/end", id=sent.id).status_code == 404
    with store.reading(board.venue.engine) as conn:
        kinds = conn.scalars(
            select(store.Ledger.kind).where(store.Ledger.kind.like("message%")).order_by(store.Ledger.seq)
        )
        assert list(kinds) == ["message", "message-ended"]


def test_one_for_all_events_needs_a_duty_in_all(board: Board) -> None:
    venue = board.venue
    venue.event(OTHER, signed=0)
    here, there = paired(board), paired(board, OTHER)
    local = venue.do(
        judging.create_official,
        "local",
        "本场裁判长",
        "a long password 9",
        venue.people["organiser"],
        rng_bytes=venue.rng,
    )
    venue.do(judging.grant, local.id, "chief", EVENT, venue.people["organiser"])
    form = {"text": TEXT}
    assert board.browser("organiser").post("/desk/board/messages", data=form, follow_redirects=False).status_code == 303
    assert TEXT in board.page("organiser", "/desk/board")
    assert 'id="messages"' not in board.page("clerk", "/desk/board")
    assert call(board, here)[0] == call(board, there)[0] == [TEXT]
    (sent,) = venue.read(judging.sent_messages, EVENT)
    for act in (
        lambda: venue.do(judging.send_message, None, TEXT, local, rng_bytes=venue.rng),
        lambda: venue.do(judging.end_message, sent.id, local),
    ):
        with pytest.raises(NotAllowed):
            act()
    venue.do(judging.send_message, EVENT, "只给本场", local, rng_bytes=venue.rng)
    assert call(board, here)[0] == [TEXT, "只给本场"]
    assert call(board, there)[0] == [TEXT]


@pytest.mark.parametrize("text", ["", " ", "好", "长" * 121])
def test_nothing_and_too_much_are_refused(board: Board, text: str) -> None:
    assert board.post("messages", text=text).status_code in (400, 422)
    assert not board.venue.read(judging.sent_messages, EVENT)
