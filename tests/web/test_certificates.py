"""Certificates after they were numbered: asked for and confirmed at the desk, told to whoever scans them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from competition import judging, store
from competition.publish.certificate import CertificateData
from competition.publish.proof_keys import read_keys, signer_in
from competition.settings import Settings
from competition.web import copies, verify
from competition.web.app import create_app
from competition.web.limits import Limit
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
def app(own: Venue) -> Iterator[Litestar]:
    """Its application, with limits of its own: the clock here runs ahead of the other tests'."""
    var = Path(str(own.engine.url.database)).parent
    settings = Settings(ROOT, var, public_address="https://v.example.org")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify, "LOOKS", Limit(30, 60))
        patch.setattr(verify, "TRIES", Limit(6, 60))
        yield create_app(settings, own.engine, own.writer, own.clock)


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


def test_a_number_can_be_verified_and_never_leads_to_the_code(own: Venue, at: dict[str, TestClient[Litestar]]) -> None:
    own.clock.now += timedelta(hours=2)
    one = own.read(judging.certificates, FINAL)[0]
    page = at[""].get(f"/c/{one.number}")
    assert one.number in page.text
    assert one.code not in page.text
    named = at[""].post(f"/c/{one.number}", data={"name": one.name})
    assert "姓名一致" in words(named.text)
    assert one.code not in named.text
    refused = at[""].post(f"/c/{one.number}/copy", data={"name": one.name})
    assert refused.status_code == 403
    assert one.code not in refused.text


def test_a_copy_is_for_who_knows_code_and_name(
    own: Venue, at: dict[str, TestClient[Litestar]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The press is held still: what it is handed is what counts here (how it prints: tests/publish)."""
    handed: list[CertificateData] = []

    def press(_: object, wanted: list[CertificateData], __: str) -> bytes:
        handed.extend(wanted)
        return b"%PDF copy"

    monkeypatch.setattr(copies, "batch_in_process", press)
    own.clock.now += timedelta(hours=2)
    every = own.read(judging.certificates, FINAL)
    sample = next(one for one in every if one.status == "sample")
    dead = next(one for one in every if one.status == "revoked")
    assert "下载电子件" not in words(at[""].get(f"/c/{sample.code}").text)
    assert "下载电子件" in words(at[""].post(f"/c/{sample.code}", data={"name": sample.name}).text)
    assert "下载电子件" not in words(at[""].post(f"/c/{dead.code}", data={"name": dead.name}).text)
    wrong = at[""].post(f"/c/{sample.code}/copy", data={"name": "某某"})
    nobody = at[""].post("/c/ABCDEFGH12/copy", data={"name": "某某"})
    assert (wrong.status_code, nobody.status_code) == (403, 403)
    assert words(wrong.text) == words(nobody.text).replace("ABCDEFGH12", sample.code)
    got = at[""].post(f"/c/{sample.code}/copy", data={"name": sample.name})
    assert got.content == b"%PDF copy"
    assert sample.number in got.headers["content-disposition"]
    assert (handed[0].number, handed[0].sample, bool(handed[0].proof)) == (sample.number, True, True)
    assert at[""].post(f"/c/{sample.code}/copy", data={"name": sample.name}).status_code == 429
    own.clock.now += timedelta(hours=2)
    late = at[""].post(f"/c/{dead.code}/copy", data={"name": dead.name})
    assert late.status_code == 409
    assert "已撤销" in late.text
    assert len(handed) == 1
