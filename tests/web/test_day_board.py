"""The board of the running day: every event of an official in counts, what needs a person first, lines that stay in place."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from competition import judging, store
from competition.judging import Pulse
from competition.settings import Settings
from competition.store.games import Slot
from competition.store.sheets import Sheet
from competition.web import day_board
from competition.web.auth import Person
from competition.web.overview import Tallies
from tests.laid_out import LaidOut
from tests.served import served
from tests.web.board_stage import EVENT, Board, lay_out
from tests.web.venue import ROLES, ROOT, SECRETS

OTHER = "other"


@pytest.fixture
def board(laid_out: LaidOut, tmp_path: Path) -> Iterator[Board]:
    with (
        laid_out.copy(lay_out, tmp_path / "competition.sqlite") as venue,
        served(Settings(ROOT, tmp_path), venue.engine, venue.writer, venue.clock) as app,
    ):
        yield Board(venue, app)


def seen(board: Board, who: str = "chief") -> str:
    """The board's text as somebody reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", board.page(who, "/desk/board")))


def test_the_board_counts_what_waits_and_names_nobody(board: Board) -> None:
    first, twin = board.tablet(), board.tablet()
    signed, _, free = (one["id"] for one in board.sheets(first))
    assert "正常" in seen(board)
    board.ask(first, signed, "aroma")
    assert board.send(first, board.venue.op(free, "taste", "2.5")) == ["accepted"]
    assert board.send(twin, board.venue.op(free, "taste", "3.5")) == ["clash"]
    assert board.send(first, board.venue.op(signed, "taste", "1")) == ["late"]
    board.venue.do(judging.heartbeat, first, Pulse(unsent=3))
    board.venue.clock.now += timedelta(minutes=2)
    text = seen(board)
    for said in ("更正申请 1", "冲突 1", "迟到分数 1", "失联 4", "未上传 3"):
        assert said in text
    for role in ROLES:
        page = board.page(role, "/desk/board")
        assert not [secret for secret in (*SECRETS, "P01", "P03", "2.5", "3.5", "把 P02") if secret in page]
    assert "没有您负责的赛项" in seen(board, "judge1")


def test_sheets_are_overdue_when_their_slot_is_over(board: Board) -> None:
    sheet = board.sheets(board.tablet())[2]["id"]

    def plan(conn: Connection) -> None:
        conn.execute(update(Sheet).where(Sheet.id == sheet).values(slot_id=slot))
        conn.execute(update(Slot).where(Slot.id == slot).values(opens_at=store.stamp(board.venue.clock.now)))

    slot = board.venue.do(
        judging.add_slot, EVENT, "cup", 1, "A", None, board.venue.people["organiser"], rng_bytes=board.venue.rng
    )
    board.venue.writer.do(plan)
    board.app.state.tallies.drop({EVENT})
    assert "超时" not in seen(board).replace("超时未交", "")
    board.venue.clock.now += timedelta(minutes=31)  # the rules give the module 30
    assert "超时 1 张" in seen(board)


def test_lines_stay_where_they_were_when_the_page_was_opened(board: Board) -> None:
    venue = board.venue
    venue.event(OTHER, signed=1)
    who = Person(venue.people["chief"], frozenset({"chief"}), board.app.state.words)
    orders, tallies = day_board.Orders(), Tallies()

    def rooms(order: str = "") -> tuple[list[str], str]:
        view = venue.read(day_board.see, tallies, orders, who, venue.clock.now, order)
        return [room.event.id for room in view.rooms], view.order

    opened, order = rooms()
    last = opened[-1]
    assert last == OTHER
    sheet = next(one.sheet for one in venue.read(judging.progress, OTHER) if not one.marked and one.seat == "taste.1")
    venue.writer.do(
        lambda conn: conn.execute(update(Sheet).where(Sheet.id == sheet).values(clash='{"taste":[["1","a","b",1]]}'))
    )
    tallies.drop({OTHER})
    assert rooms(order)[0] == opened  # the page that is open keeps its order
    assert rooms()[0] == [OTHER, *opened[:-1]]  # a new one has what needs a person first
    assert rooms("0" * 16)[0] == [OTHER, *opened[:-1]]  # an order nobody knows any more
