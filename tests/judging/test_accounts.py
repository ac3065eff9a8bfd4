"""Accounts: one-time passwords that must be changed, accounts shut at once, and duties that don't go together."""

from datetime import timedelta

import pytest

from competition import judging
from competition.errors import Conflict, MarkError, NotAllowed
from competition.judging import accounts
from tests.judging.conftest import EVENT, Hall

GIVEN = "abcd-efgh-jkmn"


def state(hall: Hall, username: str) -> str:
    every = hall.read(accounts.accounts, hall.official("organiser"), hall.now)
    return next(one.state for one in every if one.username == username)


def test_a_one_time_password_opens_only_the_change(hall: Hall) -> None:
    organiser, judge = hall.official("organiser"), hall.official("judge")
    assert state(hall, "judge") == "none"
    hall.do(accounts.give_password, judge.id, GIVEN, organiser)
    assert state(hall, "judge") == "first"
    with pytest.raises(NotAllowed, match="change your one-time password"):
        hall.do(judging.check_password, "judge", GIVEN)
    assert hall.do(judging.check_password, "judge", GIVEN, one_time=True) == judge
    assert hall.read(accounts.must_change, judge)
    with pytest.raises(MarkError):
        hall.do(judging.change_password, judge, GIVEN, GIVEN, "cookie")
    hall.do(judging.change_password, judge, GIVEN, "a password of my own", "cookie")
    assert not hall.read(accounts.must_change, judge)
    assert state(hall, "judge") == "own"
    assert hall.do(judging.check_password, "judge", "a password of my own") == judge
    assert GIVEN not in str(hall.ledger())


def test_a_one_time_password_ends_after_a_day(hall: Hall) -> None:
    hall.do(accounts.give_password, hall.official("judge").id, GIVEN, hall.official("organiser"))
    hall.at(hours=24)
    assert state(hall, "judge") == "expired"
    with pytest.raises(NotAllowed, match="expired"):
        hall.do(judging.check_password, "judge", GIVEN, one_time=True)


def test_a_reset_voids_the_old_password_and_ends_sessions(hall: Hall) -> None:
    chief, organiser = hall.official("chief"), hall.official("organiser")
    hall.do(judging.start_session, chief, "cookie", expires=hall.now + timedelta(hours=8))
    hall.do(accounts.give_password, chief.id, GIVEN, organiser)
    with pytest.raises(NotAllowed, match="signed out"):
        hall.read(judging.official_for, "cookie", hall.now)
    with pytest.raises(NotAllowed, match="username or password"):
        hall.do(judging.check_password, "chief", "long password")
    with pytest.raises(Conflict, match="password page"):
        hall.do(accounts.give_password, organiser.id, GIVEN, organiser)


def test_a_shut_account_is_out_at_once_with_its_tablet(hall: Hall) -> None:
    organiser, seats = hall.official("organiser"), hall.read(judging.seats, EVENT)
    seated = next(one for one in seats if one.official_id is not None)
    device = hall.tablet(seated.label)
    hall.do(judging.start_session, hall.official("chief"), "cookie", expires=hall.now + timedelta(hours=8))
    with pytest.raises(MarkError, match="reason"):
        hall.do(accounts.disable_account, seated.official_id, organiser, " ")
    hall.do(accounts.disable_account, seated.official_id, organiser, "gone home")
    hall.do(accounts.disable_account, hall.official("chief").id, organiser, "gone home")
    assert next(one for one in hall.read(judging.devices, EVENT) if one.id == device.id).revoked_at is not None
    with pytest.raises(NotAllowed):
        hall.read(judging.official_for, "cookie", hall.now)
    with pytest.raises(NotAllowed, match="username or password"):
        hall.do(judging.check_password, "chief", "long password")
    with pytest.raises(Conflict, match="Open it again"):
        hall.do(accounts.give_password, hall.official("chief").id, GIVEN, organiser)
    hall.do(accounts.enable_account, hall.official("chief").id, organiser)
    assert state(hall, "chief") == "none"
    with pytest.raises(Conflict, match="your own"):
        hall.do(accounts.disable_account, organiser.id, organiser, "tired")


@pytest.mark.parametrize("role", ["chief", "clerk", "encryptor", "supervisor", "judge"])
def test_only_the_organiser_handles_accounts(hall: Hall, role: str) -> None:
    who, before = hall.official(role), len(hall.ledger())
    for act, args in (
        (accounts.give_password, (who.id, GIVEN, who)),
        (accounts.disable_account, (who.id, who, "why")),
        (accounts.enable_account, (who.id, who)),
    ):
        with pytest.raises(NotAllowed):
            hall.do(act, *args)
    with pytest.raises(NotAllowed):
        hall.read(accounts.accounts, who, hall.now)
    assert len(hall.ledger()) == before


def test_nobody_takes_their_own_organisers_role_away(hall: Hall) -> None:
    organiser = hall.official("organiser")
    with pytest.raises(Conflict, match="your own"):
        hall.do(judging.ungrant, organiser.id, "organiser", None, organiser)


def test_passwords_are_drawn_evenly_and_read_aloud() -> None:
    made = accounts.one_time_password(lambda n: bytes([255, 0, 30, *range(31, 31 + n)][:n]))
    assert made[:2] == "a9"  # 255 is thrown away, 0 is the first letter, 30 the last
    assert len(made) == 14
    assert set(made) <= set(accounts.LETTERS) | {"-"}
