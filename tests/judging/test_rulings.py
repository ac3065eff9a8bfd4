"""Rulings after locking: what they would move is seen first, two people make them, and each is one line that the audit repeats."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from competition import judging
from competition.errors import Conflict, MarkError, NotAllowed, NotFound
from competition.judging import amending, rulings
from competition.judging.checkin import close_check_in, open_check_in
from competition.judging.verification import verify_releases
from tests.judging.conftest import EVENT, Hall
from tests.judging.conftest import lay_out as lay_out_hall
from tests.laid_out import LaidOut


def lay_out(engine, writer) -> Hall:  # type: ignore[no-untyped-def]
    hall = lay_out_hall(engine, writer)
    hall.mark_everything()
    hall.do(judging.lock_event, EVENT, hall.official("chief"))
    return hall


@pytest.fixture
def hall(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    """Everything marked and locked; the entries stand 1, 2, 3."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as hall:
        yield hall


def ranks(hall: Hall) -> list[int | None]:
    result = hall.read(judging.standings, EVENT)
    return [result.standing(entry).rank for entry in hall.entries]


def ask(hall: Hall, kind: str = "status", **what: object) -> tuple[str, str]:
    """The request's id and what was seen."""
    chief = hall.official("chief")
    seen = hall.read(rulings.preview_ruling, EVENT, kind, what, chief).seen
    return hall.do(rulings.ask_ruling, EVENT, kind, what, seen, chief, "当场查明"), seen


def confirm(hall: Hall, id: str, seen: str, by: str = "supervisor") -> None:
    hall.do(rulings.confirm_ruling, EVENT, id, seen, hall.official(by), rng_bytes=hall.rng)


def test_a_status_moves_nobody_until_the_second_person_confirms(hall: Hall) -> None:
    first, second, third = hall.entries
    chief = hall.official("chief")
    for act, args in (
        (judging.set_status, (first, "dsq", chief, "why")),
        (judging.record_absence, (EVENT, "taste.1", chief, "why")),
        (judging.end_absence, (EVENT, "taste.1", chief, "why")),
        (judging.admit, (first, "", chief, "why")),
    ):
        with pytest.raises(Conflict, match="second person"):
            hall.do(act, *args)
    hall.do(open_check_in, EVENT, hall.now + timedelta(hours=1), hall.official("organiser"))
    with pytest.raises(Conflict, match="second person"):
        hall.do(close_check_in, EVENT, chief)
    shown = hall.read(rulings.preview_ruling, EVENT, "status", {"entry": first, "status": "dsq"}, chief)
    assert [(one.entry, one.rank) for one in shown.effect] == [(first, (1, None)), (second, (2, 1)), (third, (3, 2))]
    id, seen = ask(hall, entry=first, status="dsq")
    assert ranks(hall) == [1, 2, 3]
    assert hall.read(rulings.rulings_waiting, EVENT) == 1
    for who, error in (("chief", NotAllowed), ("judge", NotAllowed)):
        with pytest.raises(error):
            confirm(hall, id, seen, who)
    hall.do(judging.grant, chief.id, "clerk", EVENT, hall.official("organiser"))
    with pytest.raises(NotAllowed, match="Somebody else"):  # a chief who is a clerk too is still one person
        confirm(hall, id, seen, "chief")
    with pytest.raises(Conflict, match="effect has moved"):
        confirm(hall, id, "0" * 16)
    confirm(hall, id, seen, "clerk")
    assert ranks(hall) == [None, 1, 2]
    line = hall.ledger("status")[-1]
    assert all(part in line for part in (f'"asked_by":"{chief.id}"', hall.official("clerk").id, '"effect":', first))
    assert [(one.kind, one.what["status"], one.second) for one in hall.read(rulings.ruled, EVENT)] == [
        ("status", "dsq", hall.official("clerk").id)
    ]
    with pytest.raises(Conflict, match="dealt with already"):
        confirm(hall, id, seen)
    assert hall.findings() == []


def test_a_ruling_that_waits_stands_in_the_way_of_the_notice_and_can_be_refused_or_taken_back(hall: Hall) -> None:
    hall.decode()
    first = hall.entries[0]
    closes = hall.now + timedelta(days=3)
    id, _ = ask(hall, entry=first, status="void")
    with pytest.raises(Conflict, match="waits for its second person already"):
        ask(hall, entry=first, status="void")
    with pytest.raises(Conflict, match="rulings wait"):
        hall.do(judging.publish_notice, EVENT, hall.official("organiser"), closes_at=closes)
    with pytest.raises(NotAllowed):
        hall.do(rulings.refuse_ruling, EVENT, id, hall.official("judge"), "why")
    hall.do(rulings.refuse_ruling, EVENT, id, hall.official("supervisor"), "证据不足")
    again, _ = ask(hall, entry=first, status="void")
    hall.do(rulings.refuse_ruling, EVENT, again, hall.official("chief"), "撤回")
    assert hall.read(rulings.waiting_rulings, EVENT) == []
    assert ranks(hall) == [1, 2, 3]
    hall.do(judging.publish_notice, EVENT, hall.official("organiser"), closes_at=closes)
    hall.ruled("status", "申诉成立", entry=first, status="dsq")
    hall.ruled("absence", "途中离席", seat="taste.1", entry=hall.entries[2])
    assert hall.read(verify_releases, EVENT) == []  # the notice is computed as it was then, whatever was ruled since
    assert ranks(hall)[0] is None


def test_what_cannot_be_is_refused_at_the_preview(hall: Hall) -> None:
    first = hall.entries[0]
    wrong: list[tuple[str, dict[str, object], type[Exception]]] = [
        ("status", {"entry": first, "status": "gone"}, MarkError),
        ("status", {"entry": first, "status": ""}, MarkError),
        ("status", {"entry": "f" * 32, "status": "dsq"}, NotFound),
        ("admit", {"entry": first, "round": "semi"}, NotFound),
        ("order", {"entries": hall.entries[:2]}, Conflict),
        ("input", {"input": "cut", "value": "7"}, NotFound),
        ("absence-ended", {"seat": "taste.1", "entry": "*"}, Conflict),
        ("rename", {}, MarkError),
    ]
    for kind, what, error in wrong:
        with pytest.raises(error):
            hall.read(rulings.preview_ruling, EVENT, kind, what, hall.official("chief"))
    with pytest.raises(NotAllowed):
        hall.read(rulings.preview_ruling, EVENT, "status", {"entry": first, "status": ""}, hall.official("clerk"))


def test_equals_are_put_in_order_by_two(hall: Hall) -> None:
    """Ties show once all is locked, so an order is nearly always a ruling of two."""
    first, second, _ = hall.entries
    for now in hall.sheets() + hall.sheets(module="theory"):
        if now.entry_id == second:  # the same marks as the first
            item, value = ("mark", "90") if now.module == "theory" else ("aroma", "8")
            chief = hall.official("chief")
            seen = hall.read(amending.preview_correction, now.id, item, value, chief).seen
            id = hall.do(amending.ask_correction, now.id, item, value, seen, chief, "抄录有误")
            hall.do(amending.confirm_correction, now.id, id, seen, hall.official("supervisor"))
    assert ranks(hall) == [1, 1, 3]
    shown = hall.read(rulings.preview_ruling, EVENT, "order", {"entries": [second, first]}, hall.official("chief"))
    assert {one.entry: one.rank for one in shown.effect} == {first: (1, 2), second: (1, 1)}
    with pytest.raises(Conflict, match="second person"):
        hall.do(judging.decide_order, EVENT, [second, first], hall.official("chief"), "抽签")
    hall.ruled("order", "抽签", entries=[second, first])
    assert ranks(hall) == [2, 1, 3]
    assert hall.read(judging.standings, EVENT).standing(second).decided_by is not None
