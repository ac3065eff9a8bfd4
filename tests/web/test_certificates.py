"""Certificates after they were numbered: asked for and confirmed at the desk, told to whoever scans them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from competition import judging, store
from competition.publish.proof_keys import read_keys, signer_in
from competition.settings import Settings
from competition.web.app import create_app
from tests.laid_out import Dice
from tests.web.conftest import HTTPS
from tests.web.test_pages import words
from tests.web.venue import FINAL, NAMES, PASSWORD, ROOT, Clock, Venue

OURS = {"origin": HTTPS}
PAGE = f"/desk/events/{FINAL}/certificates/changes"


@pytest.fixture(scope="module")
def own(venue: Venue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """The venue again in a file of its own, with real certificates: acts here change nothing for other tests."""
    file = tmp_path_factory.mktemp("own") / "competition.sqlite"
    with closing(sqlite3.connect(str(venue.engine.url.database))) as there, closing(sqlite3.connect(file)) as here:
        there.backup(here)
    engine = store.open_store(f"sqlite:///{file}")
    with store.Writer(engine) as writer:
        copy = Venue(engine, writer, Clock(venue.clock.now), Dice("own"), dict(venue.people), venue.law)
        copy.do(
            judging.issue_certificates, FINAL, copy.people["organiser"], rng_bytes=copy.rng, issuer="SLS", year=2026
        )
        yield copy
    engine.dispose()


@pytest.fixture(scope="module")
def app(own: Venue) -> Litestar:
    var = Path(str(own.engine.url.database)).parent
    return create_app(Settings(ROOT, var, public_address="https://v.example.org"), own.engine, own.writer, own.clock)


@pytest.fixture(scope="module")
def at(app: Litestar) -> dict[str, TestClient[Litestar]]:
    made = {"": TestClient(app, base_url=HTTPS)}
    for username in ("organiser", "supervisor", "chief"):
        made[username] = TestClient(app, base_url=HTTPS)
        form = {"username": username, "password": PASSWORD}
        made[username].post("/login", data=form, headers=OURS, follow_redirects=False)
    return made


def valid(own: Venue) -> list[judging.Certificate]:
    return [one for one in own.read(judging.certificates, FINAL) if one.status == "valid"]


def test_asked_for_by_one_confirmed_by_another(own: Venue, at: dict[str, TestClient[Litestar]]) -> None:
    first = valid(own)[0]
    shown = words(at["organiser"].get(f"{PAGE}?number={first.number}&kind=reissue").text)
    assert "已补发（第 1 次）" in shown  # the effect, before anything is asked
    assert own.read(judging.certificate_changes, FINAL) == []
    form = {"number": first.number, "kind": "reissue", "reason": "原件遗失"}
    assert at["chief"].post(f"/desk/events/{FINAL}/certificates/ask", data=form, headers=OURS).status_code == 403
    asked = at["organiser"].post(f"/desk/events/{FINAL}/certificates/ask", data=form, headers=OURS)
    assert "由监督仲裁确认或驳回" in words(asked.text)
    assert "certificates/confirm" not in asked.text
    assert "有效" in words(at[""].get(f"/c/{first.code}").text)

    assert "1 项证书补发、更正或撤销的申请" in words(at["supervisor"].get("/desk").text)
    assert "申请等您确认" not in words(at["organiser"].get("/desk").text)
    told = at["supervisor"].get(PAGE).text
    assert "原件遗失" in told
    change = re.search(r'name="change" value="(\w+)"', told)
    assert change
    sure = {"change": change[1], "sure": "yes"}
    refused = at["organiser"].post(f"/desk/events/{FINAL}/certificates/confirm", data=sure, headers=OURS)
    assert refused.status_code == 403
    done = at["supervisor"].post(f"/desk/events/{FINAL}/certificates/confirm", data=sure, headers=OURS)
    copy = next(one for one in own.read(judging.certificates, FINAL) if one.copy == 1)
    assert copy.number in done.text

    old, new = words(at[""].get(f"/c/{first.code}").text), words(at[""].get(f"/c/{copy.code}").text)
    assert "已补发（第 1 次）" in old
    assert copy.code not in old
    assert copy.number not in old
    assert "现行有效" in new
    again = at["organiser"].post(f"/desk/events/{FINAL}/certificates/ask", data=form, headers=OURS)
    assert again.status_code == 409
    assert copy.number in again.text


@pytest.mark.parametrize(("kind", "says"), [("correct", "已更正，以新证为准"), ("revoke", "已撤销")])
def test_each_status_is_told_in_words(own: Venue, at: dict[str, TestClient[Litestar]], kind: str, says: str) -> None:
    one = valid(own)[-1]
    id = own.do(
        judging.ask_change, one.number, kind, own.people["organiser"], "理由", rng_bytes=own.rng, reference="7号"
    )
    form = {"change": id, "sure": "yes"}
    assert (
        at["supervisor"].post(f"/desk/events/{FINAL}/certificates/confirm", data=form, headers=OURS).status_code == 200
    )
    page = at[""].get(f"/c/{one.code}")
    assert says in words(page.text)
    assert not any(name in page.text for name in NAMES)
    assert "评茶师" in page.text


def test_only_those_two_roles_see_the_page(at: dict[str, TestClient[Litestar]]) -> None:
    assert at["chief"].get(PAGE).status_code == 403


def test_the_public_keys_are_served(app: Litestar, own: Venue, at: dict[str, TestClient[Litestar]]) -> None:
    signer = signer_in(app.state.settings.var, own.clock.now.date())
    told = at[""].get("/c/keys.txt")
    assert told.headers["content-type"].startswith("text/plain")
    assert list(read_keys(told.text)) == [signer.key_id]
    assert "PRIVATE" not in told.text
