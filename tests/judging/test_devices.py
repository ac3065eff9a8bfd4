"""Pairing tablets: one card, one use, five tries; who sits there is who signs."""

from datetime import timedelta

import pytest

from competition import judging, store
from competition.errors import NotAllowed, NotFound
from competition.store.devices import Device, Pairing
from tests.judging.conftest import EVENT, PIN, Hall


def card(hall: Hall, token: str = "card-token") -> str:
    hall.do(judging.make_pairing, EVENT, "taste.1", hall.official("organiser"), token=token, pin=PIN)
    return token


def join(hall: Hall, token: str, pin: str = PIN, bearer: str = "bearer") -> judging.Device:
    return hall.do(judging.join, token, pin, bearer, rng_bytes=hall.rng)


def test_a_card_puts_a_device_into_its_seat_once(hall: Hall) -> None:
    token = card(hall)
    line = hall.read(judging.pairing_for, token, hall.now)
    assert (line.event_zh, line.seat, line.judge) == ("评茶（示例）", "taste.1", "官员judge")
    device = join(hall, token)
    assert hall.read(judging.device_for, "bearer", hall.now) == device
    assert (device.seat, device.judge) == ("taste.1", "官员judge")
    with pytest.raises(NotAllowed):
        join(hall, token)
    with pytest.raises(NotAllowed):
        hall.read(judging.pairing_for, token, hall.now)


def test_a_card_expires(hall: Hall) -> None:
    token = card(hall)
    hall.now += timedelta(hours=24)
    with pytest.raises(NotAllowed):
        join(hall, token)


def test_five_wrong_pins_block_the_card_for_a_quarter_of_an_hour(hall: Hall) -> None:
    token = card(hall)
    for _ in range(5):
        with pytest.raises(NotAllowed, match="wrong"):
            join(hall, token, pin="000000")
    with pytest.raises(NotAllowed, match="15 minutes"):
        join(hall, token)
    assert len(hall.ledger("join-refused")) == 5
    hall.at(minutes=15)
    assert join(hall, token).seat == "taste.1"


@pytest.mark.parametrize("pin", ["12345", "1234567", "12345a", "１２３４５６", ""])
def test_a_pin_has_six_digits(hall: Hall, pin: str) -> None:
    with pytest.raises(NotAllowed):
        hall.do(judging.make_pairing, EVENT, "taste.1", hall.official("organiser"), token="t", pin=pin)


def test_secrets_are_kept_only_as_hashes(hall: Hall) -> None:
    join(hall, card(hall))
    with store.reading(hall.engine) as conn:
        rows = [*conn.execute(Pairing.__table__.select()), *conn.execute(Device.__table__.select())]
    text = str(rows) + str(hall.ledger())
    for secret in ("card-token", "bearer", PIN):
        assert secret not in text


def test_a_revoked_device_is_told_so(hall: Hall) -> None:
    device = join(hall, card(hall))
    with pytest.raises(NotAllowed):
        hall.do(judging.revoke_device, device.id, hall.official("clerk"), "lost")
    hall.do(judging.revoke_device, device.id, hall.official("chief"), "lost")
    with pytest.raises(NotAllowed, match="revoked"):
        hall.read(judging.device_for, "bearer", hall.now)
    with pytest.raises(NotAllowed, match="not paired"):
        hall.read(judging.device_for, "another", hall.now)
    assert [line.revoked_at for line in hall.read(judging.devices, EVENT)] == [store.stamp(hall.now)]
    with pytest.raises(NotFound):
        hall.do(judging.revoke_device, "f" * 32, hall.official("chief"), "lost")


def test_another_judge_in_the_seat_needs_another_card(hall: Hall) -> None:
    join(hall, card(hall))
    hall.do(judging.seat_judge, EVENT, "taste.1", hall.official("judge2").id, hall.official("chief"))
    with pytest.raises(NotAllowed):
        hall.read(judging.device_for, "bearer", hall.now)
    assert join(hall, card(hall, "second"), bearer="another").judge == "官员judge2"


def test_a_heartbeat_is_seen_and_is_no_evidence(hall: Hall) -> None:
    device = join(hall, card(hall))
    before = len(hall.ledger())
    hall.do(judging.heartbeat, device, judging.Pulse(unsent=3))
    line = hall.read(judging.devices, EVENT)[0]
    assert (line.unsent, line.last_seen) == (3, store.stamp(hall.now))
    assert len(hall.ledger()) == before


def test_a_seat_that_is_not_there(hall: Hall) -> None:
    with pytest.raises(NotFound):
        hall.do(judging.make_pairing, EVENT, "taste.9", hall.official("organiser"), token="t", pin=PIN)
