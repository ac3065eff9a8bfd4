"""Corrections: asked for by the judge, answered by the chief, limited to items and time, replayed from the ledger."""

import json
from datetime import timedelta

import pytest

from competition import judging
from competition.errors import Conflict, MarkError, NotAllowed
from competition.judging import AskOp, Device, Receipt
from competition.store import moment
from tests.judging.conftest import EVENT, Hall


def ask(hall: Hall, device: Device, sheet: str, *items: str, id: str = "a" * 32, reason: str = "看错了杯号") -> Receipt:
    receipt: Receipt = hall.do(judging.ask_unlock, device, AskOp(id, sheet, list(items), reason))
    return receipt


def signed(hall: Hall, seat: str = "taste.1") -> tuple[Device, str]:
    """A tablet and a sheet it has filled and signed."""
    device, sheet = hall.tablet(seat), hall.sheets(seat)[0].id
    hall.fill(device, sheet)
    assert hall.sign(device, sheet).outcome == "accepted"
    return device, sheet


def line(hall: Hall, device: Device, sheet: str) -> dict[str, object]:
    told = hall.read(judging.session, device, hall.now)
    return next(one for one in told["sheets"] if one["id"] == sheet)


def approve(hall: Hall, sheet: str, *items: str, minutes: int = 15, request: str = "a" * 32) -> str:
    until: str = hall.do(judging.approve_unlock, sheet, request, items, minutes, hall.official("chief"), "杯号确实贴错")
    return until


def test_a_request_waits_and_is_told_to_the_judge_and_the_chief(hall: Hall) -> None:
    device, sheet = signed(hall)
    assert ask(hall, device, sheet, "aroma", "aroma").outcome == "accepted"
    assert ask(hall, device, sheet, "aroma").outcome == "known"
    told = line(hall, device, sheet)
    assert (told["state"], told["refused"], told["reopened"]) == ("signed", None, None)
    assert told["asked"] == {"id": "a" * 32, "items": ["aroma"], "reason": "看错了杯号", "at": told["asked"]["at"]}  # type: ignore[index]
    waiting = [one.asked for one in hall.read(judging.progress, EVENT) if one.asked]
    assert [(one.sheet, one.items, one.reason) for one in waiting] == [(sheet, ("aroma",), "看错了杯号")]
    assert hall.findings() == []


def test_what_may_not_be_asked(hall: Hall) -> None:
    device, sheet = signed(hall)
    other, free = hall.tablet("taste.2"), hall.sheets("taste.1")[1].id
    said = {
        "open": ask(hall, device, free),
        "another seat's": ask(hall, other, sheet),
        "no such item": ask(hall, device, sheet, "aroma", "price"),
        "no reason": ask(hall, device, sheet, reason="  "),
        "bad id": ask(hall, device, sheet, id="A" * 32),
        "no such sheet": ask(hall, device, "f" * 32),
    }
    assert {one.outcome for one in said.values()} == {"refused"}
    assert said["no such item"].reason is not None
    assert "price" in said["no such item"].reason.zh
    assert hall.ledger("ask-unlock") == []
    assert ask(hall, device, sheet).outcome == "accepted"
    again = ask(hall, device, sheet, id="b" * 32)
    assert again.outcome == "refused"
    assert again.reason is not None
    assert "已有一份申请" in again.reason.zh
    assert ask(hall, device, sheet, "aroma").outcome == "refused"  # the same id for something else


def test_approval_opens_the_items_chosen_until_a_time(hall: Hall) -> None:
    device, sheet = signed(hall)
    ask(hall, device, sheet, "aroma", "taste")
    until = approve(hall, sheet, "aroma", minutes=10)
    assert moment(until) == hall.now + timedelta(minutes=10)
    told = line(hall, device, sheet)
    assert (told["state"], told["asked"], told["refused"]) == ("complete", None, None)
    assert told["reopened"] == {"items": ["aroma"], "until": until}
    receipts = hall.send(device, hall.op(sheet, "taste", "1"), hall.op(sheet, "aroma", "2"))
    assert [one.outcome for one in receipts] == ["refused", "accepted"]
    assert receipts[0].reason is not None
    assert "没有开放这一项" in receipts[0].reason.zh
    values = {item: cell[0] for item, cell in hall.sheet(sheet).marks.items()}
    assert (values["aroma"], values["taste"]) == ("2", "7.5")
    assert json.loads(hall.ledger("unlock")[0]).items() >= {"request": "a" * 32, "items": ["aroma"]}.items()
    assert hall.findings() == []


def test_after_the_time_a_mark_is_kept_as_late_and_the_chief_decides(hall: Hall) -> None:
    device, sheet = signed(hall)
    ask(hall, device, sheet, "aroma")
    approve(hall, sheet, "aroma", minutes=1)
    hall.at(minutes=2)
    late = hall.op(sheet, "aroma", "2")
    assert hall.outcome(device, late, hall.op(sheet, "taste", "3")) == ["late", "late"]
    assert hall.outcome(device, late) == ["late"]
    assert hall.sheet(sheet).marks["aroma"][0] == "6"
    hall.do(judging.decide_late, late.id, True, hall.official("chief"), "网络慢")
    assert hall.sheet(sheet).marks["aroma"][0] == "2"
    assert hall.findings() == []


def test_a_mark_within_the_last_second_still_counts(hall: Hall) -> None:
    device, sheet = signed(hall)
    ask(hall, device, sheet, "aroma")
    until = moment(approve(hall, sheet, "aroma", minutes=1))
    hall.now = until - timedelta(seconds=1)
    assert hall.outcome(device, hall.op(sheet, "aroma", "2")) == ["accepted"]  # at `until` itself
    hall.now = until - timedelta(milliseconds=999)
    assert hall.outcome(device, hall.op(sheet, "aroma", "3")) == ["late"]


def test_signing_anew_closes_it(hall: Hall) -> None:
    device, sheet = signed(hall)
    ask(hall, device, sheet)
    approve(hall, sheet)
    assert line(hall, device, sheet)["reopened"]
    assert hall.outcome(device, hall.op(sheet, "taste", "1")) == ["accepted"]  # the whole sheet
    assert hall.sign(device, sheet).outcome == "accepted"
    told = line(hall, device, sheet)
    assert (told["state"], told["reopened"]) == ("signed", None)
    assert hall.outcome(device, hall.op(sheet, "taste", "2")) == ["late"]
    assert ask(hall, device, sheet, id="b" * 32).outcome == "accepted"
    assert hall.findings() == []


def test_a_refusal_is_told_until_the_next_request(hall: Hall) -> None:
    device, sheet = signed(hall)
    ask(hall, device, sheet, "aroma")
    hall.do(judging.refuse_unlock, sheet, "a" * 32, hall.official("chief"), "照片与分数相符")
    told = line(hall, device, sheet)
    assert (told["state"], told["asked"]) == ("signed", None)
    assert told["refused"] == {"reason": "照片与分数相符", "at": told["refused"]["at"]}  # type: ignore[index]
    assert ask(hall, device, sheet, "aroma").outcome == "known"  # its reply was lost
    assert line(hall, device, sheet)["asked"] is None
    assert ask(hall, device, sheet, "taste", id="b" * 32).outcome == "accepted"
    assert line(hall, device, sheet)["refused"] is None
    assert hall.findings() == []


def test_a_request_is_answered_once_and_by_the_chief_alone(hall: Hall) -> None:
    device, sheet = signed(hall)
    ask(hall, device, sheet, "aroma")
    for role in ("judge", "clerk", "encryptor", "supervisor", "organiser"):
        by = hall.official(role)
        with pytest.raises(NotAllowed):
            hall.do(judging.approve_unlock, sheet, "a" * 32, ["aroma"], 15, by, "好")
        with pytest.raises(NotAllowed):
            hall.do(judging.refuse_unlock, sheet, "a" * 32, by, "不好")
    chief = hall.official("chief")
    for items, minutes, reason in (
        (["taste"], 15, "x"),
        ([], 15, "x"),
        (["aroma"], 0, "x"),
        (["aroma"], 241, "x"),
        (["aroma"], 15, " "),
    ):
        with pytest.raises(MarkError):
            hall.do(judging.approve_unlock, sheet, "a" * 32, items, minutes, chief, reason)
    assert hall.sheet(sheet).state == "signed"
    approve(hall, sheet, "aroma")
    for act, more in ((judging.approve_unlock, (["aroma"], 15)), (judging.refuse_unlock, ())):
        with pytest.raises(Conflict):
            hall.do(act, sheet, "a" * 32, *more, chief, "again")


def test_the_chiefs_own_unlocking_answers_a_request_with_the_whole_sheet(hall: Hall) -> None:
    device, sheet = signed(hall)
    ask(hall, device, sheet, "aroma")
    hall.do(judging.unlock_sheet, sheet, hall.official("chief"), "重评")
    told = line(hall, device, sheet)
    assert (told["state"], told["asked"], told["reopened"]) == ("complete", None, None)
    assert hall.outcome(device, hall.op(sheet, "taste", "1")) == ["accepted"]
    assert hall.findings() == []


def test_nothing_is_locked_or_noticed_over_a_request_that_waits(hall: Hall) -> None:
    hall.mark_everything()
    device, sheet, chief = hall.tablet(), hall.sheets("taste.1")[0].id, hall.official("chief")
    assert ask(hall, device, sheet, "aroma").outcome == "accepted"
    with pytest.raises(Conflict) as waits:
        hall.do(judging.lock_event, EVENT, chief)
    assert "1 份更正申请还没有答复" in waits.value.zh
    approve(hall, sheet, "aroma")
    with pytest.raises(Conflict) as refusal:
        hall.do(judging.lock_event, EVENT, chief)
    assert "1 张" in refusal.value.zh
    hall.sign(device, sheet)
    assert hall.do(judging.lock_event, EVENT, chief) == 9
    assert ask(hall, device, sheet, "aroma", id="c" * 32).outcome == "accepted"  # also after the lock
    blockers = [one.zh for one in hall.read(judging.blockers, EVENT, hall.now)]
    assert "1 份更正申请未答复。请裁判长答复。" in blockers
    hall.do(judging.refuse_unlock, sheet, "c" * 32, chief, "成绩已核对")
    assert not [one for one in hall.read(judging.blockers, EVENT, hall.now) if "申请" in one.zh]
    assert hall.findings() == []


def test_an_open_correction_gets_more_time_from_the_chief_alone(hall: Hall) -> None:
    device, sheet = signed(hall)
    chief = hall.official("chief")
    with pytest.raises(Conflict):
        hall.do(judging.extend_unlock, sheet, 5, chief, "还没有开放")
    ask(hall, device, sheet, "aroma")
    first = approve(hall, sheet, "aroma", minutes=1)
    hall.at(minutes=5)
    assert hall.outcome(device, hall.op(sheet, "aroma", "5")) == ["late"]
    with pytest.raises(NotAllowed):
        hall.do(judging.extend_unlock, sheet, 5, hall.official("clerk"), "多给几分钟")
    for minutes in (0, 241):
        with pytest.raises(MarkError):
            hall.do(judging.extend_unlock, sheet, minutes, chief, "多给几分钟")
    until = hall.do(judging.extend_unlock, sheet, 5, chief, "裁判在路上")
    assert moment(until) > moment(first)
    assert line(hall, device, sheet)["reopened"] == {"items": ["aroma"], "until": until}
    assert [one.until for one in hall.read(judging.progress, EVENT) if one.until] == [until]
    assert hall.outcome(device, hall.op(sheet, "taste", "1")) == ["refused"]  # still for the item alone
    assert hall.outcome(device, hall.op(sheet, "aroma", "5")) == ["accepted"]
    hall.sign(device, sheet)
    with pytest.raises(Conflict):
        hall.do(judging.extend_unlock, sheet, 5, chief, "已签")
    assert hall.findings() == []


def test_a_clerk_may_not_slip_other_items_in(hall: Hall) -> None:
    device, sheet = signed(hall)
    ask(hall, device, sheet, "aroma")
    approve(hall, sheet, "aroma", minutes=1)
    clerk = hall.official("clerk")
    with pytest.raises(Conflict):
        hall.do(judging.key_marks, sheet, {"taste": "1"}, clerk, "补录")
    hall.at(minutes=2)
    with pytest.raises(Conflict):
        hall.do(judging.key_marks, sheet, {"aroma": "1"}, clerk, "补录")
    assert hall.sheet(sheet).marks["taste"][0] == "7.5"
