"""Seats far apart: the chief sees item, seats and gap; asks judges to look again; logs what the talk came to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from competition import judging, store
from competition.judging import Device
from competition.settings import Settings
from competition.store.releases import Release
from tests.laid_out import LaidOut
from tests.served import served
from tests.web.board_stage import EVENT, Board, lay_out
from tests.web.venue import PIN, ROOT, SECRETS

FREE = 2
"""P03, which nobody has marked yet."""


@pytest.fixture
def board(laid_out: LaidOut, tmp_path: Path) -> Iterator[Board]:
    with (
        laid_out.copy(lay_out, tmp_path / "competition.sqlite") as venue,
        served(Settings(ROOT, tmp_path), venue.engine, venue.writer, venue.clock) as app,
    ):
        yield Board(venue, app)


def filled(board: Board, *aromas: str) -> list[Device]:
    """Both seats fill in P03; aroma as given, the other marks alike."""
    devices = [board.tablet("taste.1"), board.tablet("taste.2")]
    for device, aroma in zip(devices, aromas, strict=True):
        sheet = board.sheets(device)[FREE]["id"]
        ops = [
            board.venue.op(sheet, "aroma", aroma),
            board.venue.op(sheet, "taste", "6"),
            board.venue.op(sheet, "variety", "x"),
        ]
        assert board.send(device, *ops) == ["accepted"] * 3
    return devices


def sign(board: Board, device: Device) -> None:
    line = board.sheets(device)[FREE]
    marks = {item: cell[1] for item, cell in line["marks"].items()}
    op = judging.SignOp(board.venue.rng(16).hex(), line["id"], 99, marks, None, PIN)
    assert board.venue.do(judging.sign_sheet, device, op).outcome == "accepted"


def alarm(board: Board) -> judging.Alarm:
    return next(one for one in board.venue.read(judging.alarms, EVENT) if one.item == "aroma")


def test_before_locking_the_chief_sees_item_seats_and_gap_and_no_value(board: Board) -> None:
    filled(board, "2.5", "7")
    queue = board.section("chief", "queue")
    for said in ("分差 4.5", "超过 1.2", "P03", "香气", "感官裁判 1、感官裁判 2", "请再核对", "记录复议结果"):
        assert said in queue
    assert not [value for value in (">2.5<", " 2.5", ">7<", *SECRETS) if value in queue]
    assert "<form" not in board.section("supervisor", "queue")
    for role in ("organiser", "encryptor", "clerk"):
        assert "分差" not in board.page(role)
    assert alarm(board).values is None


def test_a_small_difference_is_nothing_to_talk_about(board: Board) -> None:
    filled(board, "6", "7")
    assert not [one for one in board.venue.read(judging.alarms, EVENT) if one.entry == alarm_entry(board)]


def alarm_entry(board: Board) -> str:
    sheets = board.venue.read(judging.progress, EVENT)
    return next(one.entry for one in sheets if one.code == "P03")


def test_a_judge_is_asked_to_look_again_without_what_others_gave(board: Board) -> None:
    first, second = filled(board, "2.5", "7")
    sign(board, first)
    known = alarm(board)
    answer = board.post("spread", alarm=known.id, seen=known.seen, outcome="again", seats="taste.1", reason="相差太大")
    assert answer.status_code == 303
    line, other = board.sheets(first)[FREE], board.sheets(second)[FREE]
    assert (line["state"], line["recheck"]["items"], line["reopened"]["items"]) == ("complete", ["aroma"], ["aroma"])
    assert other["recheck"] is None
    assert "7" not in str({key: line[key] for key in ("recheck", "reopened", "asked", "refused")}["recheck"]["items"])
    assert "相差太大" not in str(line)  # what the chief writes is for the desk: it may tell what others gave
    queue = board.section("chief", "queue")
    assert "已请再核对" in queue
    assert board.send(first, board.venue.op(line["id"], "aroma", "6.5")) == ["accepted"]
    assert "分差" not in board.section("chief", "queue")
    sign(board, first)
    assert board.sheets(first)[FREE]["recheck"] is None
    with store.reading(board.venue.engine) as conn:
        assert not store.compare_sheets(conn, EVENT)


def test_the_outcome_is_logged_and_holds_for_these_marks_only(board: Board) -> None:
    first, _ = filled(board, "2.5", "7")
    known = alarm(board)
    form = {"alarm": known.id, "seen": known.seen, "reason": "各席说明了理由"}
    assert board.post("spread", **form, outcome="dropped").status_code == 422
    assert board.post("spread", **(form | {"reason": " "}), outcome="kept").status_code == 422
    assert board.post("spread", "clerk", **form, outcome="kept").status_code == 403
    assert alarm(board).open
    assert board.post("spread", **form, outcome="kept").status_code == 303
    now = alarm(board)
    assert (now.open, now.review and now.review.outcome, now.review and now.review.reason) == (
        False,
        "kept",
        "各席说明了理由",
    )
    assert "分差" not in board.section("chief", "queue")
    assert board.send(first, board.venue.op(board.sheets(first)[FREE]["id"], "aroma", "1")) == ["accepted"]
    assert alarm(board).open  # other marks, another talk
    assert "分差 6" in board.section("chief", "queue")
    assert board.post("spread", **form, outcome="kept").status_code == 409


def test_after_locking_the_values_are_told(board: Board) -> None:
    for device in filled(board, "2.5", "7"):
        sign(board, device)
    board.venue.do(judging.lock_event, EVENT, board.venue.people["chief"])
    assert alarm(board).values == {"taste.1": "2.5", "taste.2": "7"}
    queue = re.sub(r"<[^>]+>", "", board.section("chief", "queue"))
    assert re.search(r"感官裁判 1\s+2\.5\s+·\s+感官裁判 2\s+7\b", queue)


def test_what_was_made_public_rings_no_more(board: Board) -> None:
    filled(board, "2.5", "7")
    assert alarm(board).open
    row = {
        "id": "r" * 32, "event_id": EVENT, "kind": "notice", "revision": 1, "at": "2026-11-22T09:00:00.000Z", "rows": "[]",
        "document_digest": "", "rules_digest": "", "head_n": 1, "head_hash": "",
    }  # fmt: skip
    with board.venue.engine.begin() as conn:
        conn.execute(insert(Release).values(row))
    assert board.venue.read(judging.alarms, EVENT) == ()
    assert "分差" not in board.section("chief", "queue")
