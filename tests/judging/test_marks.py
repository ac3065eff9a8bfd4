"""Recording marks: every outcome, and one result whatever the order, repetition or delay."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition import judging, store
from competition.errors import Conflict, MarkError, NotAllowed
from competition.judging import MarkOp
from competition.store.games import Edition
from tests.judging.conftest import EVENT, Hall


def test_a_mark_is_accepted_and_known_the_second_time(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    op = hall.op(sheet.id, "aroma", "6.5")
    assert hall.outcome(device, op) == ["accepted"]
    assert hall.outcome(device, op, op) == ["known", "known"]
    assert hall.sheet(sheet.id).marks == {"aroma": ["6.5", op.id, device.id, op.counter]}
    assert len(hall.ledger("mark")) == 1


def test_the_body_is_what_the_contract_says(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    op = hall.op(sheet.id, "aroma", "6.5")
    hall.send(device, op)
    assert msgspec.json.decode(hall.ledger("mark")[0]) == {
        "sheet": sheet.id,
        "item": "aroma",
        "value": "6.5",
        "device": device.id,
        "counter": op.counter,
        "seat": "taste.1",
        "judge": hall.official("judge").id,
        "supersedes": None,
    }


def test_one_id_for_two_marks_is_refused(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    op = hall.op(sheet.id, "aroma", "6.5")
    other = msgspec.structs.replace(op, value="7")
    assert hall.outcome(device, op, other) == ["accepted", "refused"]
    assert hall.sheet(sheet.id).marks["aroma"][0] == "6.5"


def test_a_tablet_paired_anew_is_told_what_its_former_self_had_recorded(hall: Hall) -> None:
    # The reply was lost, the tablet was replaced, and the same mark is sent once more from the same seat.
    sheet = hall.sheets("taste.1")[0]
    op = hall.op(sheet.id, "aroma", "6.5")
    assert hall.outcome(hall.tablet(), op) == ["accepted"]
    assert hall.outcome(hall.tablet(), op) == ["known"]
    assert hall.outcome(hall.tablet("taste.2"), op) == ["refused"]
    assert len(hall.ledger("mark")) == 1


@pytest.mark.parametrize("value", ["6.25", "8.5", "-1", "6,5", "６", "", "abc", " 6"])
def test_an_illegal_value_is_refused_and_its_neighbours_stand(hall: Hall, value: str) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    receipts = hall.send(device, hall.op(sheet.id, "taste", "7"), hall.op(sheet.id, "aroma", value))
    assert [receipt.outcome for receipt in receipts] == ["accepted", "refused"]
    assert receipts[1].reason is not None
    assert receipts[1].reason.zh
    assert set(hall.sheet(sheet.id).marks) == {"taste"}


def test_marks_that_are_not_for_this_seat_are_refused(hall: Hall) -> None:
    device, sheet = hall.tablet("taste.1"), hall.sheets("taste.1")[0]
    wrong = [
        hall.op(hall.sheets("taste.2")[0].id, "aroma", "6"),
        hall.op("f" * 32, "aroma", "6"),
        hall.op(sheet.id, "no_such_item", "6"),
        hall.op(sheet.id, "aroma", "6", edition="0" * 64),
        hall.op(sheet.id, "aroma", "6", id="short"),
        hall.op(sheet.id, "aroma", "6", id="G" * 32),
        hall.op(sheet.id, "aroma", "6", counter=-1),
    ]
    receipts = hall.send(device, *wrong)
    assert {receipt.outcome for receipt in receipts} == {"refused"}
    assert len({receipt.reason for receipt in receipts}) == 4
    assert hall.ledger("mark") == []


def test_a_revoked_device_keeps_its_marks(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.do(judging.revoke_device, device.id, hall.official("chief"), "lost")
    assert hall.outcome(device, hall.op(sheet.id, "aroma", "6")) == ["refused"]


def test_a_mark_can_be_taken_back(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id)
    assert hall.sheet(sheet.id).state == "complete"
    hall.outcome(device, hall.op(sheet.id, "aroma", None))
    now = hall.sheet(sheet.id)
    assert (now.state, now.marks["aroma"][0]) == ("draft", None)


def test_an_older_mark_that_comes_later_is_kept_and_changes_nothing(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    older, newer = hall.op(sheet.id, "aroma", "5"), hall.op(sheet.id, "aroma", "6")
    assert hall.outcome(device, newer) == ["accepted"]
    assert hall.outcome(device, older) == ["accepted"]
    assert hall.sheet(sheet.id).marks["aroma"][0] == "6"
    assert len(hall.ledger("mark")) == 2


def test_the_first_mark_freezes_the_rules(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    assert hall.read(judging.event_line, EVENT).frozen_at is None
    hall.outcome(device, hall.op(sheet.id, "aroma", "9"))
    assert hall.read(judging.event_line, EVENT).frozen_at is None
    hall.outcome(device, hall.op(sheet.id, "aroma", "6"))
    assert hall.read(judging.event_line, EVENT).frozen_at == store.stamp(hall.now)
    assert len(hall.ledger("freeze")) == 1
    with pytest.raises(Conflict):
        hall.do(judging.adopt_edition, EVENT, hall.rules, hall.official("organiser"), reason="new", rng_bytes=hall.rng)


def test_a_new_device_that_names_what_it_supersedes_takes_over(hall: Hall) -> None:
    first, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    mark = hall.op(sheet.id, "aroma", "6")
    hall.send(first, mark)
    second = hall.tablet()
    assert hall.outcome(second, hall.op(sheet.id, "aroma", "7", supersedes=mark.id)) == ["accepted"]
    # What the first device still held from before the hand-over is older by its own counter.
    stale = hall.op(sheet.id, "aroma", "5", counter=mark.counter - 1)
    assert hall.outcome(first, stale) == ["accepted"]
    now = hall.sheet(sheet.id)
    assert (now.marks["aroma"][0], now.clash) == ("7", {})
    assert hall.findings() == []


def test_two_devices_that_do_not_know_of_each_other_clash_until_the_chief_decides(hall: Hall) -> None:
    first, second, sheet = hall.tablet(), hall.tablet(), hall.sheets("taste.1")[0]
    hall.fill(first, sheet.id, aroma="6")
    rival = hall.op(sheet.id, "aroma", "7")
    assert hall.outcome(second, rival) == ["clash"]
    now = hall.sheet(sheet.id)
    assert now.state == "draft"
    assert sorted(cell[0] for cell in now.clash["aroma"]) == ["6", "7"]
    assert hall.do(judging.sign_sheet, first, hall.signature(sheet.id)).outcome == "refused"
    assert [line.clash for line in hall.read(judging.progress, EVENT) if line.sheet == sheet.id] == [("aroma",)]

    with pytest.raises(NotAllowed):
        hall.do(judging.settle_clash, sheet.id, "aroma", rival.id, hall.official("clerk"), "asked both")
    with pytest.raises(MarkError):
        hall.do(judging.settle_clash, sheet.id, "aroma", rival.id, hall.official("chief"), " ")
    hall.do(judging.settle_clash, sheet.id, "aroma", rival.id, hall.official("chief"), "asked both")
    now = hall.sheet(sheet.id)
    assert (now.state, now.marks["aroma"][0], now.clash) == ("complete", "7", {})
    assert hall.findings() == []


def test_a_clashing_item_is_not_yet_scored(hall: Hall) -> None:
    hall.mark_everything()
    sheet = hall.sheets("taste.1")[0]
    hall.do(judging.unlock_sheet, sheet.id, hall.official("chief"), "misread")
    assert hall.outcome(hall.tablet(), hall.op(sheet.id, "aroma", "2")) == ["clash"]
    standing = hall.read(judging.standings, EVENT).standing(sheet.entry_id)
    assert (standing.total, standing.missing) == (None, 1)


def test_a_mark_after_signing_is_late_and_waits_for_the_chief(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id, aroma="6")
    hall.sign(device, sheet.id)
    late = hall.op(sheet.id, "aroma", "3")
    assert hall.outcome(device, late) == ["late"]
    assert hall.outcome(device, late) == ["late"]
    assert hall.sheet(sheet.id).marks["aroma"][0] == "6"
    waiting = hall.read(judging.late_marks, EVENT)
    assert [(line.id, line.item, line.seat) for line in waiting] == [(late.id, "aroma", "taste.1")]

    chief = hall.official("chief")
    with pytest.raises(Conflict):
        hall.do(judging.decide_late, late.id, True, chief, "the tablet was off")
    hall.do(judging.unlock_sheet, sheet.id, chief, "the tablet was off")
    hall.do(judging.decide_late, late.id, True, chief, "the tablet was off")
    now = hall.sheet(sheet.id)
    assert (now.state, now.marks["aroma"][0], now.late) == ("complete", "3", [])
    assert hall.read(judging.late_marks, EVENT) == []
    assert hall.findings() == []
    # The device may go on marking, now that it has seen what is current.
    assert hall.outcome(device, hall.op(sheet.id, "aroma", "4", supersedes=now.marks["aroma"][1])) == ["accepted"]


def test_a_late_mark_may_be_set_aside(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id, aroma="6")
    hall.sign(device, sheet.id)
    late = hall.op(sheet.id, "aroma", "3")
    hall.send(device, late)
    hall.do(judging.decide_late, late.id, False, hall.official("chief"), "sent by mistake")
    assert (hall.sheet(sheet.id).late, hall.sheet(sheet.id).marks["aroma"][0]) == ([], "6")
    with pytest.raises(Conflict):
        hall.do(judging.decide_late, late.id, False, hall.official("chief"), "again")


def test_a_changed_sheet_row_is_found_and_rebuilt(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0]
    hall.fill(device, sheet.id)
    with store.writing(hall.engine) as conn:
        conn.exec_driver_sql("UPDATE sheet SET marks=replace(marks, '7.5', '8') WHERE id=?", (sheet.id,))
    assert "marks" in hall.findings()[0]
    with store.writing(hall.engine) as conn:
        assert store.rebuild_sheets(conn, EVENT) == 1
        assert store.rebuild_sheets(conn, EVENT) == 0
    assert hall.findings() == []
    with store.reading(hall.engine) as conn:
        assert conn.scalar(store.games.Edition.__table__.select().with_only_columns(Edition.n)) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_order_repetition_and_delay_change_nothing(hall: Hall, data: st.DataObject) -> None:
    """One device's marks, cut into batches, shuffled, repeated: the sheets are always the same."""
    cells = [(now.id, item) for now in hall.sheets("taste.1")[:2] for item in ("aroma", "taste")]
    device = hall.tablet()
    made = data.draw(
        st.lists(st.tuples(st.sampled_from(cells), st.sampled_from(["0", "2.5", "8", None])), min_size=1, max_size=12)
    )
    ops: list[MarkOp] = [hall.op(sheet, item, value) for (sheet, item), value in made]
    sent = data.draw(st.permutations(ops + data.draw(st.lists(st.sampled_from(ops), max_size=6))))
    size = data.draw(st.integers(min_value=1, max_value=len(sent)))

    straight, shuffled = (
        _after(hall, device, [ops]),
        _after(hall, device, [sent[n : n + size] for n in range(0, len(sent), size)]),
    )
    assert straight == shuffled


def _after(hall: Hall, device: judging.Device, batches: list[list[MarkOp]]) -> list[dict[str, object]]:
    """What the sheets hold after these batches, in a copy of the store that is thrown away."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "copy.sqlite"
        with hall.engine.connect() as conn:
            conn.exec_driver_sql("COMMIT")
            conn.exec_driver_sql("VACUUM INTO ?", (str(path),))
            conn.exec_driver_sql("BEGIN")
        engine = store.open_store(f"sqlite:///{path}")
        with store.writing(engine) as conn:
            for batch in batches:
                receipts = judging.record_marks(conn, device, batch, hall.now)
                assert {receipt.outcome for receipt in receipts} <= {"accepted", "known"}
            assert store.verify(conn, None) == []
            rows = store.sheets.event_rows(conn, EVENT)
        engine.dispose()
    return [rows[id] for id in sorted(rows)]
