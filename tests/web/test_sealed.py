"""Sealed means sealed: secrets are planted, and looked for in everything that every role can be answered.

The routes are read off the application, so that a page made tomorrow is asked too. Names on a page that exists to show them
to one role (check-in to its clerk) are the exceptions, and they are listed here.
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from competition import judging
from competition.judging import checkin
from competition.publish import papers
from competition.store.sheets import event_sheets
from competition.web import verify
from competition.web.limits import Limit
from competition.web.live import Hub
from tests.judging.conftest import EVENT, NAMES, UNITS
from tests.laid_out import LaidOut
from tests.web.seal_stage import ROLES, SECRETS, Sealing, lay_out, served

CHECK_IN = "/desk/events/{event_id:str}/checkin"
MAY: dict[str, set[str]] = {
    path: {"clerk", "organiser"}
    for path in (CHECK_IN, *(f"{CHECK_IN}/{act}" for act in ("open", "undo", "close", "roll.pdf", "badges.pdf")))
}
MAY["/desk/games/programme.json"] = {"organiser"}  # every unit of the games, and nothing of who entered what
"""Paths that show names while codes are sealed -> the only roles they show them to."""
SEALED_BY_LAYER = "SG"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sealing]:
    async def once(
        self: Hub, name: str, event: str, render: Callable[[], str], pause: float = 0
    ) -> AsyncIterator[bytes]:
        yield render().encode()

    monkeypatch.setattr(Hub, "watch", once)  # a stream ends after its first message
    monkeypatch.setattr(papers, "draw", lambda page, *_: page.encode())  # a paper's words, which a PDF would compress
    monkeypatch.setattr(
        verify, "LOOKS", Limit(10**6, 60)
    )  # shared by all applications of a process, and asked a lot here
    monkeypatch.setattr(verify, "TRIES", Limit(10**6, 60))
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        open_stage.seal()
        open_stage.do(checkin.open_check_in, EVENT, open_stage.now, open_stage.official("clerk"))
        yield open_stage


def paths(app: Litestar, method: str) -> list[str]:
    """Every path the application answers with this method."""
    return sorted(
        {
            route.path
            for route in app.routes
            for handler in getattr(route, "route_handlers", [])
            if method in handler.http_methods
        }
    )


def filled(stage: Sealing, path: str) -> list[str]:
    """The path with every parameter filled: known codes and sheets, and what does not exist."""
    codes = ["P01", "S01", "G01", "nothing"]
    sheets = [next(iter(stage.read(event_sheets, EVENT))), "nothing"]
    values = {
        "event_id:str": [EVENT], "code:str": codes, "sheet_id:str": sheets, "layer:int": ["1", "2", "3"], "module:str": ["cup"],
    }  # fmt: skip
    found = [path]
    for name, choices in values.items():
        found = [one.replace(f"{{{name}}}", choice) for one in found for choice in choices]
    return sorted({one if "{" not in one else one.split("{")[0] + "nothing" for one in found})


def told(answer: Any) -> str:
    """All that an answer says: status line, headers, body as text."""
    return f"{answer.status_code} {answer.headers} {answer.content.decode('utf-8', 'replace')}"


@pytest.mark.parametrize("role", ["", *ROLES])
def test_no_answer_tells_what_is_sealed(stage: Sealing, role: str, caplog: pytest.LogCaptureFixture) -> None:
    assert stage.app is not None
    caplog.set_level(logging.DEBUG)
    asked = 0
    for path in paths(stage.app, "GET"):
        for one in filled(stage, path):
            for lang in ("zh", "en"):
                answer = told(stage.get(role, one, params={"lang": lang}))
                named = [] if role in MAY.get(path, ()) else [secret for secret in SECRETS if secret in answer]
                assert not named, (role, one, named)
                assert not answer.startswith("5"), (role, one)  # a page that breaks hides what it would have told
                asked += 1
    assert asked > 60
    assert not [secret for secret in SECRETS if secret in caplog.text]


@pytest.mark.parametrize("role", ["", "chief", "organiser", "clerk", "supervisor", "announcer", "stranger"])
def test_no_refusal_tells_what_is_sealed(stage: Sealing, role: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is posted, half filled or nonsense, the answer names nobody. Nothing is asked of the encryptor's own map."""
    assert stage.app is not None
    caplog.set_level(logging.DEBUG)
    forms = (
        {},
        {"code": "P01", "reason": "x", "sure": "yes", "words": "some words", "role": "encryptor", "layer": "3"},
    )
    for path in paths(stage.app, "POST"):
        if path in ("/login", "/logout"):
            continue
        for one in filled(stage, path):
            for form in forms:
                answer = told(stage.post(role, one, dict(form)))
                named = [] if role in MAY.get(path, ()) else [secret for secret in SECRETS if secret in answer]
                assert not named, (role, one, named)
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_check_in_shows_names_and_no_code_at_all(stage: Sealing) -> None:
    for role in ("clerk", "organiser"):
        page = stage.get(role, f"/desk/events/{EVENT}/checkin").text
        assert all(name in page for name in NAMES)
        codes = {code for line in stage.read(judging.entries, EVENT) for code in line.codes}
        assert not [hint for hint in (*codes, *stage.entries, *(entry[:6] for entry in stage.entries)) if hint in page]


def test_no_two_layers_stand_side_by_side_for_those_who_judge(stage: Sealing) -> None:
    """A page that shows 评审号 to a chief or a tablet shows no code of another layer: side by side they would be joined."""
    assert stage.app is not None
    for path in paths(stage.app, "GET"):
        for one in filled(stage, path):
            if any(code in one for code in ("S01", "G01")):
                continue
            page = stage.get("chief", one).text
            shown = {code[0] for line in stage.read(judging.entries, EVENT) for code in line.codes if code in page}
            assert len(shown) < 2, (one, shown)


def test_a_tablet_gets_codes_and_nothing_else(stage: Sealing) -> None:
    token, bearer, pin = "planted-token", "planted-bearer", "482913"
    stage.do(judging.make_pairing, EVENT, "taste.1", stage.official("organiser"), token=token, pin=pin)
    stage.do(judging.join, token, pin, bearer, rng_bytes=stage.rng)
    answer = stage.get("", "/api/judge/session", headers={"authorization": f"Bearer {bearer}"})
    assert answer.status_code == 200
    body = told(answer)
    assert "P01" in body
    assert not [secret for secret in SECRETS if secret in body]
    others = [code for line in stage.read(judging.entries, EVENT) for code in line.codes if code[0] in SEALED_BY_LAYER]
    assert not [code for code in others if f'"{code}"' in body]
    assert not [entry for entry in stage.entries if entry in body]


def test_the_ledger_and_its_errors_name_nobody(stage: Sealing) -> None:
    stage.mark_everything_but_the_draw()
    assert not [secret for secret in SECRETS if secret in str(stage.ledger())]
    stage.do(judging.lock_event, EVENT, stage.official("chief"))
    for layer in (3, 2):
        stage.do(judging.open_layer, EVENT, layer, stage.official("encryptor"), stage.official("supervisor"))
        assert not [secret for secret in SECRETS if secret in str(stage.ledger())]
    stage.do(judging.open_layer, EVENT, 1, stage.official("encryptor"), stage.official("supervisor"))
    assert not [name for name in (*NAMES, *UNITS.values()) if name in str(stage.ledger())]
