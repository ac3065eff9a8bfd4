"""A locked mark corrected at the desk: the effect first, a reason, a second person, one act on record."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from competition import judging, store
from competition.errors import CompetitionError
from competition.judging import amending
from competition.settings import Settings
from tests.laid_out import LaidOut
from tests.served import served
from tests.web.board_stage import EVENT, PAGE, Board, lay_out
from tests.web.venue import ROOT, SECRETS

REASON = "扫描件与录入不符"


@pytest.fixture
def board(laid_out: LaidOut, tmp_path: Path) -> Iterator[Board]:
    """Two of three entries marked, the third withdrawn, all locked: P01 has 33.60, P02 has 31.80."""
    with (
        laid_out.copy(lay_out, tmp_path / "competition.sqlite") as venue,
        served(Settings(ROOT, tmp_path), venue.engine, venue.writer, venue.clock) as app,
    ):
        third = next(one.entry for one in venue.read(judging.progress, EVENT) if one.code == "P03")
        venue.do(judging.set_status, third, "withdrawn", venue.people["chief"], "没有到场")
        venue.do(judging.lock_event, EVENT, venue.people["chief"])
        yield Board(venue, app)


def sheet_of(board: Board, code: str = "P02", seat: str = "taste.1") -> str:
    return next(one.sheet for one in board.venue.read(judging.progress, EVENT) if (one.code, one.seat) == (code, seat))


def preview(board: Board, value: str = "8") -> amending.Correction:
    return board.venue.read(amending.preview_correction, sheet_of(board), "aroma", value, board.venue.people["chief"])  # type: ignore[no-any-return]


def ask(board: Board) -> amending.Correction:
    seen = preview(board).seen
    assert (
        board.post("corrections", sheet=sheet_of(board), item="aroma", value="8", seen=seen, reason=REASON).status_code
        == 303
    )
    (waiting,) = board.venue.read(amending.waiting_corrections, EVENT)
    return waiting  # type: ignore[no-any-return]


def total(board: Board, code: str = "P02") -> str | None:
    entry = next(one.entry for one in board.venue.read(judging.progress, EVENT) if one.code == code)
    return board.venue.read(judging.standings, EVENT).standing(entry).total  # type: ignore[no-any-return]


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_effect_is_shown_before_anything_is_asked(board: Board) -> None:
    before = total(board)
    page = board.page("chief", f"{PAGE}/corrections/{sheet_of(board)}?item=aroma&value=8")
    said = text(page)
    assert "7 → 8" in said
    assert f"{before} → " in said
    assert "名次 " not in said.split("这样更正的影响")[1]  # ranks are for when names are open
    assert not [secret for secret in SECRETS if secret in page]
    assert total(board) == before
    assert not board.venue.read(amending.waiting_corrections, EVENT)


@pytest.mark.parametrize("value", ["7", "9", "7.25", "", "７"])
def test_a_value_that_is_not_legal_or_not_new_is_refused_in_place(board: Board, value: str) -> None:
    path = f"{PAGE}/corrections/{sheet_of(board)}?item=aroma&value={value}"
    answer = board.browser("chief").get(path)
    assert answer.status_code == 422
    assert 'id="preview"' not in answer.text


def test_a_second_person_makes_it_count(board: Board) -> None:
    before = total(board)
    asked = ask(board)
    assert total(board) == before
    form = {"sheet": asked.sheet, "request": asked.id, "seen": asked.seen}
    for who in ("chief", "organiser", "encryptor"):
        assert board.post("corrections/confirm", who, **form).status_code == 403
    assert board.post("corrections/confirm", "clerk", **(form | {"seen": "0" * 16})).status_code == 409
    assert total(board) == before
    for who in ("clerk", "supervisor", "organiser"):
        assert ("1 项更正等第二人确认" in board.page(who, "/desk")) == (who != "organiser")
    clerk = board.page("clerk", f"{PAGE}/corrections")
    assert REASON in clerk
    assert "总分" not in clerk  # a clerk confirms the mark, and sees no totals
    assert str(before) in board.page("supervisor", f"{PAGE}/corrections")
    assert board.post("corrections/confirm", "clerk", **form).status_code == 303
    assert total(board) == asked.effect[0].total[1] != before
    state = next(one.state for one in board.venue.read(judging.progress, EVENT) if one.sheet == asked.sheet)
    assert state == "locked"
    done = text(board.page("supervisor", f"{PAGE}/corrections"))
    assert "7 → 8" in done
    assert "官员chief / 官员clerk" in done
    assert board.post("corrections/confirm", "clerk", **form).status_code == 409
    with store.reading(board.venue.engine) as conn:
        assert not store.compare_sheets(conn, EVENT)
        (body,) = conn.scalars(select(store.Ledger.body).where(store.Ledger.kind == "correct"))
    told = json.loads(body)
    people = board.venue.people
    assert (told["asked_by"], told["by"], told["was"], told["value"]) == (
        people["chief"].id,
        people["clerk"].id,
        "7",
        "8",
    )
    assert told["reason"] == REASON


def test_whoever_asked_can_take_it_back_and_the_second_person_can_object(board: Board) -> None:
    before = total(board)
    for who, page in (("chief", "撤回"), ("supervisor", "不同意")):
        asked = ask(board)
        assert page in board.page(who, f"{PAGE}/corrections")
        again = board.post("corrections", sheet=asked.sheet, item="taste", value="1", seen=asked.seen, reason=REASON)
        assert again.status_code == 409  # one at a time
        form = {"sheet": asked.sheet, "request": asked.id}
        assert board.post("corrections/refuse", who, **form, reason=" ").status_code == 422
        assert board.post("corrections/refuse", who, **form, reason="照片看不清").status_code == 303
        assert not board.venue.read(amending.waiting_corrections, EVENT)
    assert total(board) == before


def test_what_moved_meanwhile_is_previewed_again(board: Board) -> None:
    seen = preview(board).seen
    assert (
        board.post(
            "corrections", sheet=sheet_of(board), item="aroma", value="7.5", seen=seen, reason=REASON
        ).status_code
        == 409
    )


def test_an_unlocked_sheet_is_its_judges(board: Board) -> None:
    sheet = sheet_of(board)
    board.venue.do(judging.unlock_sheet, sheet, board.venue.people["chief"], "重看")
    with pytest.raises(CompetitionError) as refused:
        preview(board)
    assert "锁定之前" in refused.value.zh
    page = board.browser("chief").get(f"{PAGE}/corrections/{sheet}")
    assert page.status_code == 409
    assert "香气" not in page.text


def test_a_judge_who_marks_on_after_a_correction_supersedes_it(board: Board) -> None:
    asked = ask(board)
    board.venue.do(amending.confirm_correction, asked.sheet, asked.id, asked.seen, board.venue.people["clerk"])
    board.venue.do(judging.unlock_sheet, asked.sheet, board.venue.people["chief"], "裁判重看")
    device = board.tablet()
    line = next(one for one in board.sheets(device) if one["id"] == asked.sheet)
    assert line["marks"]["aroma"][0] == "8"
    op = board.venue.op(asked.sheet, "aroma", "6")
    named = judging.MarkOp(op.id, op.sheet, op.item, op.value, op.counter, op.edition, line["marks"]["aroma"][1])
    assert board.send(device, named) == ["accepted"]


def test_a_lock_is_taken_back_whole_until_something_rests_on_it(board: Board) -> None:
    page = text(board.page("chief", f"{PAGE}/lock"))
    assert "7 张恢复为已签，2 张恢复为未交" in page
    assert "撤销锁定" not in board.page("supervisor", f"{PAGE}/lock")
    assert board.post("lock/undo", reason=" ").status_code == 422
    asked = ask(board)
    assert board.post("lock/undo", reason="锁早了").status_code == 409  # a correction waits
    form = {"sheet": asked.sheet, "request": asked.id, "reason": "不必"}
    assert board.post("corrections/refuse", "clerk", **form).status_code == 303
    assert board.post("lock/undo", reason="锁早了").status_code == 303
    after = [one.state for one in board.venue.read(judging.progress, EVENT)]
    assert sorted(after) == ["draft"] * 2 + ["signed"] * 7
    with store.reading(board.venue.engine) as conn:
        assert not store.compare_sheets(conn, EVENT)
    assert board.post("lock/undo", reason="锁早了").status_code == 409
    board.venue.do(judging.lock_event, EVENT, board.venue.people["chief"])  # and it is locked anew
    assert total(board) == "31.80"
