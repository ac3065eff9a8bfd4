"""The life of a sheet: every cell of the transition table, and signing only what the judge saw."""

import pytest
from sqlalchemy import select

from competition import judging, store
from competition.errors import CompetitionError, Conflict, MarkError, NotAllowed
from competition.judging.sheets import TRANSITIONS, next_state
from competition.store.people import Signature
from competition.store.sheets import STATES
from tests.judging.conftest import EVENT, PIN, Hall

ACTS = ("sign", "lock", "close", "unlock", "check", "ask", "refuse", "extend")
ROLES = (*judging.ROLES, "")
LEGAL = {
    ("sign", "judge", "complete"): "signed",
    ("sign", "clerk", "complete"): "signed",
    ("lock", "chief", "signed"): "locked",
    ("close", "chief", "draft"): "locked",
    ("close", "chief", "complete"): "locked",
    ("unlock", "chief", "signed"): "draft",
    ("unlock", "chief", "locked"): "draft",
    ("unlock", "chief", "checked"): "draft",
    ("check", "supervisor", "locked"): "checked",
    ("check", "clerk", "locked"): "checked",
    ("ask", "judge", "signed"): "signed",
    ("ask", "judge", "locked"): "locked",
    ("ask", "judge", "checked"): "checked",
    ("refuse", "chief", "signed"): "signed",
    ("refuse", "chief", "locked"): "locked",
    ("refuse", "chief", "checked"): "checked",
    ("extend", "chief", "draft"): "draft",
    ("extend", "chief", "complete"): "complete",
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_every_cell_of_the_transition_table(act: str, role: str, state: str) -> None:
    if (act, role, state) in LEGAL:
        assert next_state(act, role, state) == LEGAL[act, role, state]
    else:
        with pytest.raises((NotAllowed, Conflict)):
            next_state(act, role, state)


def test_the_table_has_no_act_and_state_that_is_not_tested() -> None:
    assert {act for act, _ in TRANSITIONS} == set(ACTS)
    assert {state for moves in TRANSITIONS.values() for pair in moves.items() for state in pair} <= set(STATES)


def test_signing(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id)
    signature = hall.signature(sheet.id)
    assert hall.do(judging.sign_sheet, device, signature).outcome == "accepted"
    assert hall.do(judging.sign_sheet, device, signature).outcome == "known"
    now = hall.sheet(sheet.id)
    assert (now.state, now.signed_at is not None) == ("signed", True)
    with store.reading(hall.engine) as conn:
        kept = conn.execute(select(Signature)).one()
    assert kept.strokes == "[[[1.5,2.0,0.0],[3.0,4.5,8.0]]]"
    assert kept.strokes not in hall.ledger("sign")[0]
    again = hall.do(judging.sign_sheet, device, hall.signature(sheet.id))
    assert again.outcome == "refused"
    assert hall.findings() == []


def test_an_incomplete_sheet_is_not_signed_and_says_what_is_missing(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.outcome(device, hall.op(sheet.id, "aroma", "6"))
    receipt = hall.do(judging.sign_sheet, device, hall.signature(sheet.id))
    assert receipt.outcome == "refused"
    assert receipt.reason is not None
    assert "2" in receipt.reason.zh
    assert "taste" in receipt.reason.zh
    assert "variety" in receipt.reason.zh
    assert hall.sheet(sheet.id).state == "draft"


def test_marks_the_judge_did_not_see_are_not_signed(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id)
    seen = hall.signature(sheet.id)
    hall.outcome(device, hall.op(sheet.id, "aroma", "2"))
    assert hall.do(judging.sign_sheet, device, seen).outcome == "refused"
    partly = hall.signature(sheet.id)
    partly.marks.pop("taste")
    assert hall.do(judging.sign_sheet, device, partly).outcome == "refused"
    assert hall.sheet(sheet.id).state == "complete"


def test_another_seat_may_not_sign(hall: Hall) -> None:
    device, other, sheet = hall.tablet("taste.1"), hall.tablet("taste.2"), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id)
    assert hall.do(judging.sign_sheet, other, hall.signature(sheet.id)).outcome == "refused"
    hall.do(judging.revoke_device, device.id, hall.official("chief"), "lost")
    assert hall.do(judging.sign_sheet, device, hall.signature(sheet.id)).outcome == "refused"


def test_five_wrong_pins_stop_signing_for_a_quarter_of_an_hour(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id)
    for _ in range(5):
        assert hall.do(judging.sign_sheet, device, hall.signature(sheet.id, pin="000000")).outcome == "refused"
    assert hall.do(judging.sign_sheet, device, hall.signature(sheet.id, pin=PIN)).outcome == "refused"
    hall.at(minutes=15)
    assert hall.do(judging.sign_sheet, device, hall.signature(sheet.id, pin=PIN)).outcome == "accepted"


def test_locking_names_what_is_not_signed(hall: Hall) -> None:
    hall.mark_everything()
    chief = hall.official("chief")
    sheet = hall.sheets("taste.2")[1]
    hall.do(judging.unlock_sheet, sheet.id, chief, "wrong cup")
    assert hall.sheet(sheet.id).state == "complete"
    with pytest.raises(Conflict) as refusal:
        hall.do(judging.lock_event, EVENT, chief)
    assert "1 张" in refusal.value.zh
    assert "taste.2" in refusal.value.zh
    assert hall.do(judging.lock_event, EVENT, chief, module="theory") == 3
    hall.sign(hall.tablet("taste.2"), sheet.id)
    assert hall.do(judging.lock_event, EVENT, chief) == 6
    assert hall.read(judging.event_line, EVENT).locked
    assert hall.findings() == []


def test_sheets_nobody_owes_are_closed_as_they_are(hall: Hall) -> None:
    chief = hall.official("chief")
    device = hall.tablet("taste.1")
    for now in hall.sheets("taste.1")[:2]:
        hall.fill(device, now.id)
        hall.sign(device, now.id)
    hall.do(judging.set_status, hall.entries[2], "dns", chief, "did not come")
    hall.do(judging.record_absence, EVENT, "taste.2", chief, "ill")
    assert hall.do(judging.lock_event, EVENT, chief, module="cup") == 6
    assert {now.state for now in hall.sheets()} == {"locked"}
    assert hall.outcome(device, hall.op(hall.sheets("taste.1")[2].id, "aroma", "6")) == ["late"]


def test_unlocking_needs_a_reason_and_signing_anew(hall: Hall) -> None:
    hall.mark_everything()
    chief, sheet = hall.official("chief"), hall.sheets("taste.1")[0]
    hall.do(judging.lock_event, EVENT, chief)
    with pytest.raises(MarkError):
        hall.do(judging.unlock_sheet, sheet.id, chief, "  ")
    with pytest.raises(NotAllowed):
        hall.do(judging.unlock_sheet, sheet.id, hall.official("clerk"), "typo")
    hall.do(judging.check_sheet, sheet.id, hall.official("supervisor"))
    assert hall.sheet(sheet.id).state == "checked"
    hall.do(judging.unlock_sheet, sheet.id, chief, "typo")
    now = hall.sheet(sheet.id)
    assert (now.state, now.signed_at) == ("complete", None)
    assert "typo" in hall.ledger("unlock")[-1]


@pytest.mark.parametrize("role", ["judge", "clerk", "encryptor", "supervisor", "organiser"])
def test_only_the_chief_locks(hall: Hall, role: str) -> None:
    with pytest.raises(NotAllowed):
        hall.do(judging.lock_event, EVENT, hall.official(role))


def test_supervisors_and_clerks_check_and_only_what_is_locked(hall: Hall) -> None:
    hall.mark_everything()
    sheet = hall.sheets()[0]
    for role, error in (
        ("chief", NotAllowed),
        ("organiser", NotAllowed),
        ("supervisor", Conflict),
        ("clerk", Conflict),
    ):
        with pytest.raises(error):
            hall.do(judging.check_sheet, sheet.id, hall.official(role))
    with pytest.raises(CompetitionError):
        hall.do(judging.check_sheet, "f" * 32, hall.official("supervisor"))
