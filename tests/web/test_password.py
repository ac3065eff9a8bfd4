"""Changing a password at the desk: proven by the old one, short ones refused, other sessions ended."""

from litestar import Litestar
from litestar.testing import TestClient

from competition import judging
from tests.web.conftest import HTTPS
from tests.web.venue import PASSWORD, Venue

NEW = "another long one"


def enter(app: Litestar, password: str) -> TestClient[Litestar]:
    client = TestClient(app, base_url=HTTPS)
    client.post("/login", data={"username": "changer", "password": password}, headers={"origin": HTTPS})
    return client


def signed_in(client: TestClient[Litestar]) -> bool:
    return "修改密码" in client.get("/desk/password").text


def test_a_password_is_changed_by_its_owner_alone(app: Litestar, venue: Venue) -> None:
    first = venue.people["organiser"]
    who = venue.do(judging.create_official, "changer", "换密码的人", PASSWORD, first, rng_bytes=venue.rng)
    venue.do(judging.grant, who.id, "clerk", None, first)
    here, elsewhere = enter(app, PASSWORD), enter(app, PASSWORD)
    assert signed_in(elsewhere)

    def change(old: str, new: str) -> str:
        return here.post("/desk/password", data={"old": old, "new": new}, headers={"origin": HTTPS}).text

    assert "用户名或密码不对" in change("a wrong guess", NEW)
    assert "至少 10 个字符" in change(PASSWORD, "short")
    assert signed_in(enter(app, PASSWORD))
    assert "密码已修改" in change(PASSWORD, NEW)
    assert signed_in(here)
    assert not signed_in(elsewhere)
    assert not signed_in(enter(app, PASSWORD))
    assert signed_in(enter(app, NEW))
