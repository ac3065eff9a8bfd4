"""Keying from paper: one clerk keys, a second person confirms, and only then is the sheet signed."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from competition import judging
from competition.errors import CompetitionError, Conflict, MarkError, NotAllowed, NotFound
from competition.judging import ListTotals
from competition.judging.clashes import change, sheet_of
from competition.store import stamp
from tests.judging.conftest import EVENT, Hall

VALUES = {"aroma": "6", "taste": "7", "variety": "龙井"}


def keyed(hall: Hall, **other: str | None) -> str:
    """A paper sheet keyed whole by the first clerk; its id."""
    sheet = hall.sheets("taste.1")[0].id
    hall.do(judging.key_marks, sheet, VALUES | other, hall.official("clerk"), "按纸质表录入")
    return sheet


def values(hall: Hall, sheet: str) -> dict[str, str | None]:
    return {item: cell[0] for item, cell in hall.sheet(sheet).marks.items()}


def body(hall: Hall, kind: str) -> dict[str, object]:
    """The one act of this kind."""
    (line,) = hall.ledger(kind)
    found: dict[str, object] = json.loads(line)
    return found


def test_a_sheet_keyed_by_one_is_not_signed(hall: Hall) -> None:
    sheet = keyed(hall)
    assert hall.sheet(sheet).keyed == {"by": [hall.official("clerk").id]}
    for by in ("clerk", "checker"):
        with pytest.raises(Conflict) as refusal:
            hall.do(judging.sign_for, sheet, hall.official(by))
        assert "第二个人" in refusal.value.zh
    assert hall.sheet(sheet).state == "complete"
    with pytest.raises(Conflict) as owed:
        hall.do(judging.lock_event, EVENT, hall.official("chief"))
    assert "taste.1/cup（已录，待第二人核对）" in owed.value.zh
    assert "taste.2/cup、" in owed.value.zh
    assert hall.findings() == []


def test_two_keyings_that_agree_are_signed_at_once(hall: Hall) -> None:
    sheet = keyed(hall)
    assert hall.do(judging.confirm_again, sheet, VALUES | {"taste": "7"}, hall.official("checker")) == ()
    now, by = hall.sheet(sheet), hall.official("checker").id
    assert (now.state, now.keyed) == ("signed", {"confirmed": by})
    act = body(hall, "confirm-keyed")
    assert (act["by"], act["how"], act["sheet"]) == (by, "blind", sheet)
    assert body(hall, "sign")["by"] == by
    assert len(hall.ledger("mark")) == 3
    assert hall.findings() == []


def test_differences_are_kept_and_settled_with_the_paper_in_hand(hall: Hall) -> None:
    sheet, second = keyed(hall), hall.official("checker")
    found = hall.do(judging.confirm_again, sheet, VALUES | {"aroma": "6.5", "variety": "碧螺春"}, second)
    assert [(one.item, one.first, one.second) for one in found] == [
        ("aroma", "6", "6.5"),
        ("variety", "龙井", "碧螺春"),
    ]
    assert hall.sheet(sheet).state == "complete"
    assert values(hall, sheet) == VALUES
    with pytest.raises(Conflict):
        hall.do(judging.sign_for, sheet, second)
    with pytest.raises(MarkError) as half:
        hall.do(judging.settle, sheet, {"aroma": "6.5"}, second, "按纸质表")
    assert "1 处差异没有核定" in half.value.zh
    with pytest.raises(MarkError):
        hall.do(judging.settle, sheet, {"aroma": "6.5", "variety": "龙井"}, second, " ")
    with pytest.raises(Conflict):
        hall.do(judging.settle, sheet, {"aroma": "6.5", "variety": "龙井"}, hall.official("third"), "x")
    assert len(hall.ledger("mark")) == 3
    hall.do(judging.settle, sheet, {"aroma": "6.5", "variety": "龙井"}, second, "纸质表上是 6.5")
    assert hall.sheet(sheet).state == "signed"
    assert values(hall, sheet) == VALUES | {"aroma": "6.5"}
    act = body(hall, "confirm-keyed")
    assert act["differed"] == {"aroma": ["6", "6.5", "6.5"], "variety": ["龙井", "碧螺春", "龙井"]}
    assert (act["how"], act["reason"]) == ("settled", "纸质表上是 6.5")
    corrected = json.loads(hall.ledger("mark")[-1])
    assert (corrected["judge"], corrected["reason"]) == (second.id, "纸质表上是 6.5")
    assert hall.findings() == []


def test_the_second_person_must_key_everything(hall: Hall) -> None:
    sheet = keyed(hall)
    with pytest.raises(MarkError) as refusal:
        hall.do(judging.confirm_again, sheet, {"aroma": "6", "taste": None}, hall.official("checker"))
    assert "还有 2 项没有录" in refusal.value.zh
    with pytest.raises(MarkError):
        hall.do(judging.confirm_again, sheet, VALUES | {"taste": "６"}, hall.official("checker"))
    assert hall.sheet(sheet).keyed == {"by": [hall.official("clerk").id]}


def test_comparing_with_the_paper_is_another_way(hall: Hall) -> None:
    sheet = keyed(hall)
    version = hall.sheet(sheet).version
    with pytest.raises(Conflict):
        hall.do(judging.confirm_seen, sheet, version - 1, hall.official("checker"))
    hall.do(judging.confirm_seen, sheet, version, hall.official("checker"))
    assert (hall.sheet(sheet).state, body(hall, "confirm-keyed")["how"]) == ("signed", "compared")


ACTS: dict[str, Callable[[Hall, str, str], object]] = {
    "again": lambda hall, sheet, by: hall.do(judging.confirm_again, sheet, VALUES, hall.official(by)),
    "seen": lambda hall, sheet, by: hall.do(judging.confirm_seen, sheet, hall.sheet(sheet).version, hall.official(by)),
    "settle": lambda hall, sheet, by: hall.do(judging.settle, sheet, VALUES, hall.official(by), "为什么"),
    "key": lambda hall, sheet, by: hall.do(judging.key_marks, sheet, {"aroma": "1"}, hall.official(by), "为什么"),
    "sign": lambda hall, sheet, by: hall.do(judging.sign_for, sheet, hall.official(by)),
}


@pytest.mark.parametrize("by", ["organiser", "chief", "encryptor", "supervisor", "judge", "judge2"])
@pytest.mark.parametrize("act", ACTS)
def test_only_clerks_key_confirm_and_sign(hall: Hall, act: str, by: str) -> None:
    sheet = keyed(hall)
    before = hall.ledger()
    with pytest.raises(NotAllowed):
        ACTS[act](hall, sheet, by)
    assert hall.ledger() == before


@pytest.mark.parametrize("act", ["again", "seen", "settle"])
def test_whoever_keyed_a_sheet_does_not_confirm_it(hall: Hall, act: str) -> None:
    sheet = keyed(hall)
    hall.do(judging.key_marks, sheet, {"aroma": "6.5"}, hall.official("third"), "看错了")
    for by in ("clerk", "third"):
        with pytest.raises(NotAllowed) as refusal:
            ACTS[act](hall, sheet, by)
        assert "另一位录分员" in refusal.value.zh
    assert hall.ledger("confirm-keyed") == []


def test_what_is_keyed_after_the_second_keying_waits_again(hall: Hall) -> None:
    sheet, second = keyed(hall), hall.official("checker")
    assert len(hall.do(judging.confirm_again, sheet, VALUES | {"aroma": "5"}, second)) == 1
    hall.do(judging.key_marks, sheet, {"aroma": "5"}, hall.official("clerk"), "看错了")
    assert hall.sheet(sheet).keyed == {"by": [hall.official("clerk").id]}
    with pytest.raises(Conflict):
        hall.do(judging.settle, sheet, {"aroma": "5"}, second, "按纸质表")
    assert hall.do(judging.confirm_again, sheet, VALUES | {"aroma": "5"}, second) == ()
    assert hall.findings() == []


def test_an_unlocked_sheet_that_is_corrected_needs_two_again(hall: Hall) -> None:
    """Of two clerks each may be the second for the other's correction."""
    sheet = keyed(hall)
    hall.do(judging.confirm_again, sheet, VALUES, hall.official("checker"))
    with pytest.raises(Conflict):
        hall.do(judging.key_marks, sheet, {"aroma": "1"}, hall.official("clerk"), "太晚")
    hall.do(judging.unlock_sheet, sheet, hall.official("chief"), "看错一格")
    hall.do(judging.key_marks, sheet, {"aroma": "5"}, hall.official("checker"), "看错一格")
    with pytest.raises(Conflict):
        hall.do(judging.sign_for, sheet, hall.official("checker"))
    assert hall.do(judging.confirm_again, sheet, VALUES | {"aroma": "5"}, hall.official("clerk")) == ()
    assert hall.sheet(sheet).state == "signed"
    assert hall.findings() == []


def test_a_clerk_changes_only_what_the_chief_has_opened_and_in_time(hall: Hall) -> None:
    sheet = keyed(hall)
    hall.do(judging.confirm_again, sheet, VALUES, hall.official("checker"))
    until = stamp(hall.now + timedelta(minutes=15))
    opened = {"by": hall.official("chief").id, "sheet": sheet, "reason": "看错", "items": ["aroma"], "until": until}
    hall.do(lambda conn, at: change(conn, sheet_of(conn, sheet), "unlock", opened, at))
    with pytest.raises(Conflict) as other:
        hall.do(judging.key_marks, sheet, {"taste": "1"}, hall.official("clerk"), "看错")
    assert "开放了别的项" in other.value.zh
    assert hall.do(judging.key_marks, sheet, {"aroma": "5"}, hall.official("clerk"), "看错") == 1
    hall.at(minutes=20)
    with pytest.raises(Conflict) as late:
        hall.do(judging.key_marks, sheet, {"aroma": "4"}, hall.official("clerk"), "看错")
    assert "更正时间已过" in late.value.zh
    assert values(hall, sheet) == VALUES | {"aroma": "5"}


def test_the_rest_of_a_failed_tablets_sheet_is_keyed_from_paper(hall: Hall) -> None:
    """What the tablet had sent stays its own mark where the paper says the same; the paper rules where it does not."""
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    hall.send(device, hall.op(sheet, "aroma", "6"), hall.op(sheet, "taste", "7.5"))
    hall.do(judging.key_marks, sheet, VALUES, hall.official("clerk"), "平板没电")
    assert [hall.sheet(sheet).marks[item][2] == device.id for item in ("aroma", "taste", "variety")] == [
        True,
        False,
        False,
    ]
    assert hall.do(judging.confirm_again, sheet, VALUES, hall.official("checker")) == ()
    assert hall.outcome(device, hall.op(sheet, "taste", "8")) == ["late"]
    assert values(hall, sheet) == VALUES
    assert hall.findings() == []


def test_a_tablet_that_cannot_sign_is_confirmed_by_its_paper(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    hall.fill(device, sheet)
    with pytest.raises(Conflict):
        hall.do(judging.sign_for, sheet, hall.official("clerk"))
    paper = {"aroma": "6", "taste": "7.5", "variety": "龙井"}
    assert hall.do(judging.confirm_again, sheet, paper, hall.official("clerk")) == ()
    assert hall.sheet(sheet).state == "signed"


def test_one_clerk_alone_never_overrules_a_judges_tablet(hall: Hall) -> None:
    """The paper may rule over the tablet, but two people must have read it so; keeping the judge's mark needs no second."""
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    hall.fill(device, sheet)
    clerk, checker = hall.official("clerk"), hall.official("checker")
    paper = {"aroma": "6", "taste": "7", "variety": "龙井"}
    (found,) = hall.do(judging.confirm_again, sheet, paper, clerk)
    assert (found.item, found.first, found.second) == ("taste", "7.5", "7")
    assert hall.do(judging.settle, sheet, {"taste": "7"}, clerk, "纸面是 7") is False
    now = hall.sheet(sheet)
    assert (now.state, now.keyed, now.marks["taste"][0]) == ("complete", {"by": [clerk.id]}, "7")
    assert hall.ledger("sign") == hall.ledger("confirm-keyed") == []
    with pytest.raises(Conflict) as owed:
        hall.do(judging.lock_event, EVENT, hall.official("chief"))
    assert "taste.1/cup（已录，待第二人核对）" in owed.value.zh
    with pytest.raises(NotAllowed):
        hall.do(judging.confirm_again, sheet, paper, clerk)
    assert hall.do(judging.confirm_again, sheet, paper, checker) == ()
    assert hall.sheet(sheet).state == "signed"
    assert hall.findings() == []


def test_a_clerk_who_misread_the_paper_leaves_the_judges_mark(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    hall.fill(device, sheet)
    clerk = hall.official("clerk")
    hall.do(judging.confirm_again, sheet, {"aroma": "6", "taste": "7", "variety": "龙井"}, clerk)
    assert hall.do(judging.settle, sheet, {"taste": "7.5"}, clerk, "看错了") is True
    now = hall.sheet(sheet)
    assert (now.state, now.marks["taste"][2]) == ("signed", device.id)


def test_a_judges_unsigned_sheet_is_not_signed_by_a_look(hall: Hall) -> None:
    """What a tablet marked is on no clerk's screen, so nobody can have compared it."""
    sheet = hall.sheets("taste.1")[0].id
    hall.fill(hall.tablet(), sheet)
    with pytest.raises(Conflict) as refusal:
        hall.do(judging.confirm_seen, sheet, hall.sheet(sheet).version, hall.official("clerk"))
    assert "照纸面录一遍" in refusal.value.zh
    assert hall.sheet(sheet).state == "complete"


def test_a_judge_who_signs_on_a_tablet_is_the_second_person(hall: Hall) -> None:
    sheet = keyed(hall)
    assert hall.sign(hall.tablet(), sheet).outcome == "accepted"
    assert hall.sheet(sheet).state == "signed"


def test_a_clerk_corrects_what_he_keyed(hall: Hall) -> None:
    sheet, clerk = keyed(hall), hall.official("clerk")
    assert hall.do(judging.key_marks, sheet, VALUES, clerk, "again") == 0
    assert hall.do(judging.key_marks, sheet, VALUES | {"aroma": "6.5"}, clerk, "misread") == 1
    now = hall.sheet(sheet)
    assert (now.state, now.marks["aroma"][0], now.clash) == ("complete", "6.5", {})
    assert hall.findings() == []


def imported(hall: Hall) -> int:
    """Two marks of the theory list, keyed by the first clerk."""
    rows = {entry: {"mark": mark} for entry, mark in zip(hall.entries, ("88.5", "71"), strict=False)}
    new: int = hall.do(judging.import_theory, EVENT, "theory", "paper", rows, hall.official("clerk"))
    return new


def test_theory_is_imported_once_and_signed_when_the_list_is_confirmed(hall: Hall) -> None:
    assert [imported(hall), imported(hall)] == [2, 0]
    assert [now.state for now in hall.sheets(module="theory")] == ["complete", "complete", "draft"]
    listed = hall.read(judging.waiting_list, EVENT, "theory", "paper")
    assert judging.totals(hall.rules, listed) == ListTotals(2, {"mark": "159.5"})
    assert hall.confirm_theory() == 2
    assert [now.state for now in hall.sheets(module="theory")] == ["signed", "signed", "draft"]
    act = body(hall, "confirm-keyed")
    assert (act["how"], act["lines"], act["sums"]) == ("list", 2, {"mark": "159.5"})
    assert hall.read(judging.waiting_list, EVENT, "theory", "paper") == []
    rows = {hall.entries[0]: {"mark": "90"}}
    with pytest.raises(Conflict):
        hall.do(judging.import_theory, EVENT, "theory", "paper", rows, hall.official("clerk"))
    assert hall.findings() == []


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (ListTotals(3, {"mark": "159.5"}), "行数（您读到 3）"),
        (ListTotals(2, {"mark": "159"}), "卷面总分合计（您读到 159）"),
        (ListTotals(2, {}), "卷面总分合计（您读到 —）"),
    ],
)
def test_a_list_that_does_not_add_up_is_not_confirmed(hall: Hall, read: ListTotals, said: str) -> None:
    imported(hall)
    listed = {now.id: now.version for now in hall.read(judging.waiting_list, EVENT, "theory", "paper")}
    with pytest.raises(MarkError) as refusal:
        hall.do(judging.confirm_list, EVENT, listed, read, hall.official("checker"))
    assert said in refusal.value.zh
    assert hall.ledger("confirm-keyed") == []


@pytest.mark.parametrize("by", ["clerk", "organiser", "chief", "encryptor", "supervisor", "judge"])
def test_nobody_but_another_clerk_confirms_a_list(hall: Hall, by: str) -> None:
    imported(hall)
    with pytest.raises(NotAllowed):
        hall.confirm_theory(by)
    assert [now.state for now in hall.sheets(module="theory")] == ["complete", "complete", "draft"]


def test_a_list_that_moved_meanwhile_is_not_confirmed(hall: Hall) -> None:
    imported(hall)
    listed = hall.read(judging.waiting_list, EVENT, "theory", "paper")
    rows = {hall.entries[0]: {"mark": "90"}}
    hall.do(judging.import_theory, EVENT, "theory", "paper", rows, hall.official("clerk"), reason="抄错")
    read = judging.totals(hall.rules, listed)
    for versions in ({now.id: now.version for now in listed}, {}, {"nothing": 1}):
        with pytest.raises(Conflict):
            hall.do(judging.confirm_list, EVENT, versions, read, hall.official("checker"))
    assert hall.ledger("sign") == []


def test_a_bad_import_names_every_fault_and_records_nothing(hall: Hall) -> None:
    clerk = hall.official("clerk")
    rows = {hall.entries[0]: {"mark": "101"}, hall.entries[1]: {"mark": "x"}, hall.entries[2]: {"mark": "80"}}
    with pytest.raises(MarkError) as refusal:
        hall.do(judging.import_theory, EVENT, "theory", "paper", rows, clerk)
    assert "101" in refusal.value.zh
    assert "x" in refusal.value.zh
    with pytest.raises(NotFound):
        hall.do(judging.import_theory, EVENT, "theory", "paper", {"f" * 32: {"mark": "80"}}, clerk)
    assert hall.ledger("mark") == []


def test_a_rebuild_knows_who_keyed_and_who_confirmed(hall: Hall) -> None:
    sheet = keyed(hall)
    hall.do(judging.confirm_again, sheet, VALUES | {"aroma": "5"}, hall.official("checker"))
    told = hall.sheet(sheet).keyed
    assert told["again"]["values"]["aroma"] == "5"
    with pytest.raises(CompetitionError):
        hall.do(judging.key_marks, sheet, {"aroma": "nothing"}, hall.official("clerk"), "x")
    assert hall.sheet(sheet).keyed == told
    assert hall.findings() == []
