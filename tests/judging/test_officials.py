"""Officials: passwords, sessions, roles by event."""

from datetime import timedelta

import pytest

from competition import judging
from competition.errors import Conflict, NotAllowed, NotFound
from tests.judging.conftest import EVENT, Hall


def test_a_password_is_checked_and_five_wrong_ones_block(hall: Hall) -> None:
    assert hall.do(judging.check_password, "organiser", "long password") == hall.official("organiser")
    for _ in range(5):
        with pytest.raises(NotAllowed, match="username or password"):
            hall.do(judging.check_password, "organiser", "wrong")
    with pytest.raises(NotAllowed, match="15 minutes"):
        hall.do(judging.check_password, "organiser", "long password")
    hall.at(minutes=15)
    assert hall.do(judging.check_password, "organiser", "long password").username == "organiser"


@pytest.mark.parametrize("username", ["nobody", "judge"])
def test_an_unknown_name_and_one_without_a_password_are_told_the_same(hall: Hall, username: str) -> None:
    with pytest.raises(NotAllowed, match="username or password"):
        hall.do(judging.check_password, username, "nobody has this password")


def test_a_session_begins_and_ends(hall: Hall) -> None:
    organiser = hall.official("organiser")
    hall.do(judging.start_session, organiser, "cookie", expires=hall.now + timedelta(hours=8))
    assert hall.read(judging.official_for, "cookie", hall.now) == organiser
    with pytest.raises(NotAllowed):
        hall.read(judging.official_for, "cookie", hall.now + timedelta(hours=9))
    hall.do(judging.end_session, "cookie")
    hall.do(judging.end_session, "cookie")
    with pytest.raises(NotAllowed):
        hall.read(judging.official_for, "cookie", hall.now)
    assert len(hall.ledger("sign-out")) == 1
    assert "cookie" not in str(hall.ledger("sign-in"))


def test_roles_hold_in_their_event(hall: Hall) -> None:
    chief, organiser = hall.official("chief"), hall.official("organiser")
    assert hall.read(judging.roles, chief, EVENT) == {"chief"}
    assert hall.read(judging.roles, chief, "coffee") == frozenset()
    assert hall.read(judging.roles, organiser, "coffee") == {"organiser"}
    hall.read(judging.require, chief, ("organiser", "chief"), EVENT)
    with pytest.raises(NotAllowed, match="organiser or clerk"):
        hall.read(judging.require, chief, ("organiser", "clerk"), EVENT)
    assert [line.id for line in hall.read(judging.events_for, chief)] == [EVENT]
    hall.do(judging.ungrant, chief.id, "chief", EVENT, organiser)
    assert hall.read(judging.events_for, chief) == []


@pytest.mark.parametrize("role", ["chief", "judge", "clerk"])
def test_the_encryptor_never_scores(hall: Hall, role: str) -> None:
    organiser = hall.official("organiser")
    with pytest.raises(Conflict):
        hall.do(judging.grant, hall.official("encryptor").id, role, EVENT, organiser)
    with pytest.raises(Conflict):
        hall.do(judging.grant, hall.official("encryptor").id, role, None, organiser)
    with pytest.raises(Conflict):
        hall.do(judging.grant, hall.official("chief").id, "encryptor", EVENT, organiser)


def test_only_the_organiser_grants_and_registers(hall: Hall) -> None:
    chief = hall.official("chief")
    with pytest.raises(NotAllowed):
        hall.do(judging.grant, chief.id, "organiser", None, chief)
    with pytest.raises(NotAllowed):
        hall.do(judging.create_official, "eve", "Eve", None, chief, rng_bytes=hall.rng)
    with pytest.raises(NotAllowed):
        hall.do(judging.create_official, "eve", "Eve", None, None, rng_bytes=hall.rng)
    with pytest.raises(NotAllowed):
        hall.do(judging.grant, chief.id, "organiser", None, None)
    with pytest.raises(Conflict):
        hall.do(judging.create_official, "judge", "Twin", None, hall.official("organiser"), rng_bytes=hall.rng)
    with pytest.raises(NotFound):
        hall.do(judging.grant, chief.id, "king", None, hall.official("organiser"))
