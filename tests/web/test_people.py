"""The organiser's page of officials: found, given duties and passwords, and what a one-time password opens."""

import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from competition import judging
from tests.web.conftest import HTTPS, Desk
from tests.web.test_pages import words
from tests.web.venue import MARKING, Venue

OURS = {"origin": HTTPS}
OWN = "a password of my own"


@pytest.fixture(scope="module")
def guest(venue: Venue) -> judging.Official:
    """Somebody as a workbook brings them: registered, without a password."""
    made: judging.Official = venue.do(
        judging.create_official, "guest", "来宾甲", None, venue.people["organiser"], rng_bytes=venue.rng
    )
    return made


def test_an_official_without_a_password_gets_to_work(
    desk: Desk, app: Litestar, venue: Venue, guest: judging.Official
) -> None:
    organiser = desk("organiser")
    listed = words(organiser.get("/desk/people", params={"q": "来宾"}).text)
    assert "来宾甲" in listed
    assert "官员chief" not in listed
    assert "无密码" in listed
    given = organiser.post(
        f"/desk/people/{guest.id}/duty", data={"do": "give", "role": "clerk", "event": MARKING}, headers=OURS
    )
    assert "已保存" in words(given.text)
    assert venue.read(judging.roles, guest, MARKING) == {"clerk"}

    shown = organiser.post("/desk/people/passwords", data={"official": guest.id}, headers=OURS).text
    password = re.search(r'class="num pin">([a-z2-9-]{14})<', shown)
    assert password
    assert password[1] not in organiser.get("/desk/people").text

    client = TestClient(app, base_url=HTTPS)
    client.post("/login", data={"username": "guest", "password": password[1]}, headers=OURS)
    for path in ("/desk", f"/desk/events/{MARKING}", f"/desk/events/{MARKING}/theory"):
        sent = client.get(path, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"]) == (303, "/desk/password")
    assert "请先改成自己的密码" in client.get("/desk").text
    changed = client.post("/desk/password", data={"old": password[1], "new": OWN}, headers=OURS)
    assert "密码已修改" in changed.text
    assert "今日工作" in words(client.get("/desk").text)

    refused = organiser.post(f"/desk/people/{guest.id}/account", data={"do": "disable"}, headers=OURS)
    assert refused.status_code == 422
    assert "请写明理由" in refused.text
    organiser.post(f"/desk/people/{guest.id}/account", data={"do": "disable", "reason": "离会"}, headers=OURS)
    assert client.get("/desk", follow_redirects=False).headers["location"].startswith("/login")
    assert "已停用" in words(organiser.get(f"/desk/people/{guest.id}").text)
    organiser.post(f"/desk/people/{guest.id}/account", data={"do": "enable"}, headers=OURS)


def test_slips_are_printed_for_many(desk: Desk, venue: Venue) -> None:
    made = [
        venue.do(judging.create_official, f"many{n}", f"众人{n}", None, venue.people["organiser"], rng_bytes=venue.rng)
        for n in range(2)
    ]
    answer = desk("organiser").post(
        "/desk/people/passwords", data={"official": [one.id for one in made], "paper": "yes"}, headers=OURS
    )
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["cache-control"] == "no-store"
    for one, role in zip(made, ("judge", "clerk"), strict=True):
        venue.do(judging.grant, one.id, role, MARKING, venue.people["organiser"])
    later = venue.do(judging.create_official, "many3", "众人三", None, venue.people["organiser"], rng_bytes=venue.rng)
    venue.do(judging.grant, later.id, "judge", MARKING, venue.people["organiser"])  # a tablet is all a judge needs
    # Only those the filter finds, and of them only those without a password.
    none = desk("organiser").post("/desk/people/passwords", data={"all": "yes", "q": "众人"}, headers=OURS)
    assert none.status_code == 422
    assert "还没有选人" in words(none.text)


def test_an_encryptor_is_not_made_a_chief(desk: Desk, venue: Venue) -> None:
    encryptor = venue.people["encryptor"]
    answer = desk("organiser").post(
        f"/desk/people/{encryptor.id}/duty", data={"do": "give", "role": "chief", "event": MARKING}, headers=OURS
    )
    assert answer.status_code == 409
    assert "加密员不得参与打分" in answer.text
    assert venue.read(judging.roles, encryptor, MARKING) == {"encryptor"}


@pytest.mark.parametrize("role", ["chief", "clerk", "encryptor", "supervisor", "stranger"])
def test_the_register_of_officials_is_the_organisers(desk: Desk, role: str, guest: judging.Official) -> None:
    client = desk(role)
    for path in ("/desk/people", f"/desk/people/{guest.id}"):
        assert client.get(path).status_code == 403
        assert "来宾甲" not in client.get(path).text
    assert client.post("/desk/people/passwords", data={"official": guest.id}, headers=OURS).status_code == 403
    assert 'href="/desk/people"' not in client.get("/desk").text
