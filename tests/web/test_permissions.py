"""The whole table of roles and acts, walked on the server: every POST and every page of the desks as every role.

Nothing is changed meanwhile: the writer under these tests does each act and takes it back, so that a role that may lock an
event can be let do it while every other test goes on with the same venue.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import TestClient

from competition import judging, store
from competition.judging.permissions import GROUPS, MAY
from competition.publish import papers
from competition.settings import Settings
from competition.web import designs, games_press, printing_desk
from tests.served import served
from tests.web.conftest import HTTPS
from tests.web.test_pages import words
from tests.web.venue import EMPTY, FINAL, MARKING, ROOT, Venue

DESK = ("organiser", "chief", "clerk", "encryptor", "supervisor", "announcer")
ELSEWHERE = tuple(f"{role} elsewhere" for role in DESK)
"""The same roles, held in another event than the one that is asked about."""
OUTSIDE = ("tablet", "nobody")
"""A judge's tablet with its bearer token, and nobody: neither is signed in at a desk."""
WHO = (*DESK, *ELSEWHERE, "judge", "no duty", *OUTSIDE)
ANYBODY = frozenset(WHO) - set(OUTSIDE)
BASE = "/desk/events/{event_id:str}"
POSTS: dict[str, str] = {
    "/desk/safety": "back_up",
    "/desk/games/tables/rules": "games_rules",
    "/desk/games/tables/notice": "games_notice",
    "/desk/games/tables/final": "games_final",
    "/desk/games/tables/make": "games_pack",
    "/desk/board/messages": "broadcast",
    "/desk/board/messages/end": "broadcast",
    "/desk/people": "accounts",
    "/desk/people/passwords": "accounts",
    "/desk/people/{official_id:str}/duty": "duties",
    "/desk/people/{official_id:str}/account": "accounts",
    "/desk/intake": "intake",
    "/desk/intake/games": "games",
    "/desk/intake/programme": "games",
    "/desk/intake/undo": "intake",
    "/desk/intake/{id:str}/confirm": "intake",
    "/desk/intake/{id:str}/mend": "intake",
    f"{BASE}/absence": "absence",
    f"{BASE}/cards/{{sheet_id:str}}": "enter",
    f"{BASE}/certificates": "certificates",
    f"{BASE}/certificates/ask": "ask_change",
    f"{BASE}/certificates/confirm": "confirm_change",
    f"{BASE}/certificates/designs": "design",
    f"{BASE}/certificates/print": "certificates",
    f"{BASE}/certificates/refuse": "confirm_change",
    f"{BASE}/certificates/trays": "certificates",
    f"{BASE}/checkin": "check_in",
    f"{BASE}/checkin/close": "close_check_in",
    f"{BASE}/checkin/open": "check_in",
    f"{BASE}/checkin/undo": "check_in",
    f"{BASE}/corrections": "correct",
    f"{BASE}/corrections/confirm": "confirm_correction",
    f"{BASE}/corrections/refuse": "confirm_correction",
    f"{BASE}/decisions/admit": "decide",
    f"{BASE}/decisions/input": "decide",
    f"{BASE}/decisions/order": "decide",
    f"{BASE}/draw": "draw",
    f"{BASE}/draw/map.pdf": "code_map",
    f"{BASE}/draw/seed": "half",
    f"{BASE}/final": "final",
    f"{BASE}/handover": "hand_over",
    f"{BASE}/judges": "seats",
    f"{BASE}/judges/interest": "interests",
    f"{BASE}/keys": "sample_key",
    f"{BASE}/late": "late",
    f"{BASE}/lock": "lock",
    f"{BASE}/lock/undo": "lock",
    f"{BASE}/messages": "broadcast",
    f"{BASE}/messages/end": "broadcast",
    f"{BASE}/notice": "notice",
    f"{BASE}/order/{{module:str}}": "order",
    f"{BASE}/order/{{module:str}}/swap": "order",
    f"{BASE}/order/{{module:str}}/move": "order",
    f"{BASE}/order/{{module:str}}/undo": "order",
    f"{BASE}/requests/approve": "unlock",
    f"{BASE}/requests/extend": "unlock",
    f"{BASE}/requests/refuse": "unlock",
    f"{BASE}/rules": "slots",
    f"{BASE}/rules/adopt": "rules",
    f"{BASE}/rules/answer": "amend",
    f"{BASE}/recheck": "draw_recheck",
    f"{BASE}/recheck/found": "check_sheet",
    f"{BASE}/appeals": "lodge",
    f"{BASE}/objections": "object",
    f"{BASE}/objections/answer": "answer_objection",
    f"{BASE}/appeals/answer": "hear",
    f"{BASE}/rules/blank.pdf": "slots",
    f"{BASE}/rules/bring": "slots",
    f"{BASE}/seats/card": "tablets",
    f"{BASE}/seats/cards": "tablets",
    f"{BASE}/seats/replace": "replace_tablet",
    f"{BASE}/seats/revoke": "tablets",
    f"{BASE}/settle": "clash",
    f"{BASE}/setup/drop": "slots",
    f"{BASE}/setup/name": "games",
    f"{BASE}/setup/open": "lay_out",
    f"{BASE}/setup/postpone": "slots",
    f"{BASE}/setup/slots": "slots",
    f"{BASE}/rulings": "status",
    f"{BASE}/rulings/confirm": "confirm_correction",
    f"{BASE}/rulings/refuse": "confirm_correction",
    f"{BASE}/slots": "slot_gates",
    f"{BASE}/spread": "review",
    f"{BASE}/status": "status",
    f"{BASE}/strip": "strip",
    f"{BASE}/theory": "enter",
    f"{BASE}/theory/check": "confirm",
    f"{BASE}/unlock": "unlock",
}
"""Every POST of the desks -> the act of the table behind it."""
OPEN_TO_ALL = {"/desk/password", f"{BASE}/decode"}
"""One's own password; and decoding, where two officials prove who they are by their passwords (tests/web/test_gates.py)."""
TOTALS = frozenset({"organiser", "chief", "supervisor"})
INSIDE = frozenset(DESK)
"""Whoever has a duty of a desk in the event."""
ORGANISER = frozenset({"organiser"})
CLERK = frozenset({"clerk"})
SUPERVISING = frozenset({"organiser", "organiser elsewhere", "supervisor", "supervisor elsewhere"})
GETS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "/desk",
            "/desk/board",
            "/desk/board/live",
            "/desk/events",
            "/desk/password",
            "/desk/permissions",
            "/desk/runbook",
        ),
        ANYBODY,
    ),
    "/desk/games": frozenset({"organiser", "chief", "organiser elsewhere", "chief elsewhere"}),
    "/desk/safety": ORGANISER,
    **dict.fromkeys(("/desk/audit", "/desk/audit/heads.json"), frozenset(WHO) & SUPERVISING),
    **dict.fromkeys(("/desk/people", "/desk/people/{official_id:str}"), ORGANISER),
    **dict.fromkeys(("/desk/intake", "/desk/intake/{id:str}"), ORGANISER),
    **dict.fromkeys(("/desk/intake/export.xlsx", "/desk/intake/template.xlsx"), ORGANISER),
    "/desk/games/programme.json": ORGANISER,
    **dict.fromkeys(
        ("/desk/games/tables", "/desk/games/tables.pdf", "/desk/games/files/{file:str}"), frozenset(MAY["games_pack"])
    ),
    "/desk/games/titles/{title:str}/{file:str}": ORGANISER,
    BASE: INSIDE,
    **dict.fromkeys((f"{BASE}/{page}" for page in ("decode", "draw", "final", "judges", "lock", "notice")), INSIDE),
    **dict.fromkeys((f"{BASE}/{page}" for page in ("seats", "setup", "slots", "order", "live", "rules.pdf")), INSIDE),
    **dict.fromkeys((f"{BASE}/{page}" for page in ("entries/{code:str}", "order/{module:str}")), INSIDE),
    f"{BASE}/order/{{module:str}}/stations.pdf": INSIDE,
    f"{BASE}/draw/record.pdf": INSIDE,
    f"{BASE}/filled.pdf": TOTALS,
    f"{BASE}/pack.zip": frozenset({"organiser", "supervisor"}),
    **dict.fromkeys((f"{BASE}/{page}" for page in ("explain/{code:str}", "standings.csv")), TOTALS),
    **dict.fromkeys(
        (f"{BASE}/{page}" for page in ("draw/record.json", "decode/{layer:int}/record.pdf")), TOTALS | {"encryptor"}
    ),
    f"{BASE}/certificates": ORGANISER,
    **dict.fromkeys((f"{BASE}/certificates/{page}" for page in ("print", "proof.pdf", "designs")), ORGANISER),
    **dict.fromkeys(
        (f"{BASE}/certificates/{page}" for page in ("preview", "preview.pdf", "trays", "trays.pdf")), ORGANISER
    ),
    f"{BASE}/certificates/batches/{{batch:str}}/{{file:str}}": ORGANISER,
    f"{BASE}/certificates/changes": frozenset({"organiser", "supervisor"}),
    f"{BASE}/checkin": frozenset({"organiser", "clerk", "chief"}),
    **dict.fromkeys((f"{BASE}/checkin/{paper}.pdf" for paper in ("badges", "roll")), frozenset(MAY["check_in"])),
    **dict.fromkeys((f"{BASE}/rules", f"{BASE}/rules/{{folder:str}}"), frozenset(MAY["slots"])),
    **dict.fromkeys((f"{BASE}/{page}" for page in ("cards", "cards/{sheet_id:str}", "theory", "theory/check")), CLERK),
    f"{BASE}/corrections": frozenset({"chief", "clerk", "supervisor"}),
    f"{BASE}/corrections/{{sheet_id:str}}": frozenset(MAY["correct"]),
    f"{BASE}/decisions": frozenset({"chief"}),
    f"{BASE}/rulings": frozenset(MAY["status"]),
    f"{BASE}/judges/statistics": frozenset(MAY["statistics"]),
    f"{BASE}/objections": frozenset({"supervisor", "chief", "organiser"}),
    f"{BASE}/timeline": frozenset(MAY["timeline"]),
    f"{BASE}/timeline.csv": frozenset(MAY["timeline"]),
    f"{BASE}/appeals": frozenset(MAY["lodge"]),
    f"{BASE}/recheck": frozenset({"supervisor", "clerk", "chief"}),
    f"{BASE}/handover": frozenset(MAY["hand_over"]),
    f"{BASE}/keys": frozenset(MAY["sample_key"]),
}
"""Every page of the desks -> who may open it (tablets-and-screens.md 6.1; law 7)."""
PLACES = {"{module:str}": "cup", "{layer:int}": "3", "{id:str}": "none", "{folder:str}": "tea_taster"}


FORM = {
    "sure": "yes", "seat": "taste.1", "code": "P01", "reason": "why", "username": "", "name": "", "role": "", "event": "",
    "module": "cup", "sheet_name": "senses", "words": "a half of a seed", "closes": "2026-11-25T18:00", "until": "2026-11-25T09:00",
    "items": "aroma", "item": "aroma", "value": "5", "status": "dns", "layer": "3", "id": "none", "request": "none", "do": "keep",
    "issuer": "SLS", "sample": "yes", "kind": "reissue", "minutes": "30", "mark": "none", "first": "2026-11-25T09:00", "input": "none",
    "codes": "P01 P02", "round": "final", "accept": "yes", "shown": "yes", "n": "1", "stations": "A B", "count": "2", "zh": "甲",
    "design": "award", "left": "20", "top": "20", "tray": "2",
    "printer": "HP", "en": "A", "change": "none", "host": "h", "year": "2026", "text": "x", "old": "x", "new": "x", "official": "none",
}  # fmt: skip
"""One form for every act: what an act doesn't ask for it doesn't read. It need not be right, only reach the question who asks."""


class Undone:
    """A writer that does every act and takes it back. `stood` are the acts that would have stayed."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine, self.stood = engine, 0

    def do(self, act: Callable[[sa.Connection], Any]) -> Any:
        with self.engine.connect().execution_options(immediate=True) as conn:
            before = conn.scalar(sa.select(sa.func.max(store.Ledger.seq)))
            try:
                done = act(conn)
                self.stood += conn.scalar(sa.select(sa.func.max(store.Ledger.seq))) != before
                return done
            finally:
                conn.rollback()

    def on_commit(self, callback: object) -> None:
        """Nothing is ever committed."""


class Walk:
    """The application, with a signed-in browser for everybody in WHO."""

    def __init__(self, client: TestClient[Litestar], venue: Venue, writer: Undone) -> None:
        self.client, self.writer = client, writer
        sheet = venue.read(judging.progress, MARKING)[0].sheet
        device = venue.read(judging.devices, MARKING)[0].id
        judge = venue.people["judge1"].id
        self.number = venue.read(judging.certificates, FINAL)[0].number
        self.places = {**PLACES, "{official_id:str}": judge, "{code:str}": "P01", "{sheet_id:str}": sheet}
        self.form = FORM | {"sheet": sheet, "device": device, "official": judge, "number": self.number}

    def send(self, who: str, method: str, path: str) -> int:
        """The answer's status; 401 for whoever is asked to sign in. `self.writer.stood` counts what would have stayed."""
        event = FINAL if method == "POST" and "/certificates" in path else MARKING
        address = path.replace("{event_id:str}", event)
        for place, value in self.places.items():
            address = address.replace(place, value)
        headers = {"origin": HTTPS, "cookie": "" if who in OUTSIDE else f"__Host-desk={who.replace(' ', '-')}"}
        if who == "tablet":
            headers["authorization"] = "Bearer of-a-judge"
        form = self.form | ({"role": who} if path.endswith("/draw/seed") else {})
        more: dict[str, Any] = {"data": form} if method == "POST" else {}
        if path.endswith("rules.pdf"):
            address += "?module=cup&sheet=senses"
        self.writer.stood = 0
        answer = self.client.request(method, address, headers=headers, follow_redirects=False, **more)
        away = answer.headers.get("location", "").startswith("/login")
        return 401 if answer.status_code == 303 and away else answer.status_code

    def wrong(self, method: str, path: str, allowed: frozenset[str], who: tuple[str, ...]) -> list[str]:
        """Everybody whose answer isn't the table's: refused though allowed, or the other way round, or changed though refused."""
        found = []
        for one in who:
            status = self.send(one, method, path)
            refused = 401 if one in OUTSIDE else 403
            right = (
                status not in (400, 401, 403, 500) if one in allowed else status == refused and not self.writer.stood
            )
            if not right:
                found.append(f"{method} {path} as {one}: {status}, {self.writer.stood} changes")
        return found


@pytest.fixture(scope="module")
def walk(venue: Venue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Everybody signed in; nothing they do stays."""
    organiser = venue.people["organiser"]
    for who in WHO:
        if who in OUTSIDE:
            continue
        one = venue.do(judging.create_official, f"walk {who}", who, None, organiser, rng_bytes=venue.rng)
        role, _, other = who.partition(" ")
        if role in judging.ROLES:
            venue.do(judging.grant, one.id, role, EMPTY if other else None, organiser)
        ends = venue.clock.now + timedelta(days=9)
        venue.do(judging.start_session, one, who.replace(" ", "-"), expires=ends)
    drawn = pytest.MonkeyPatch()  # who may have a paper is asked here, not what it looks like
    for name, stand_in in (("draw", b"%PDF"), ("batch_fonts", ""), ("page_count", 1)):
        drawn.setattr(papers, name, lambda *_, said=stand_in: said)
    drawn.setattr(designs, "batch_in_process", lambda *_: b"%PDF")
    drawn.setattr(printing_desk.Presses, "start", lambda *_: None)
    drawn.setattr(games_press.Press, "start", lambda *_: None)
    writer = Undone(venue.engine)
    settings = Settings(ROOT, tmp_path_factory.mktemp("walk"))
    with (
        served(settings, venue.engine, writer, venue.clock) as app,  # type: ignore[arg-type]
        TestClient(app, base_url=HTTPS) as client,
    ):
        yield Walk(client, venue, writer)
    drawn.undo()


def _who(allowed: frozenset[str]) -> tuple[str, ...]:
    """Every role of a desk; one that would be allowed, held in another event; a judge without a desk; nobody."""
    elsewhere = [one for one in ELSEWHERE if one.removesuffix(" elsewhere") in allowed]
    return (*DESK, *elsewhere[:1], "judge", "nobody")


def _routes(app: Litestar, method: str) -> set[str]:
    handlers = ((route.path, one) for route in app.routes for one in getattr(route, "route_handlers", []))
    return {path for path, one in handlers if method in one.http_methods and path.startswith("/desk")}


def test_every_route_of_the_desks_is_in_the_tables(app: Litestar) -> None:
    assert _routes(app, "POST") == POSTS.keys() | OPEN_TO_ALL
    assert _routes(app, "GET") == GETS.keys()


def test_every_act_is_done_by_those_the_table_names_and_by_nobody_else(walk: Walk) -> None:
    wrong = []
    for path, act in POSTS.items():
        allowed = frozenset(MAY[act])
        wrong += walk.wrong("POST", path, allowed, _who(allowed))
    assert not wrong, "\n".join(wrong)


def test_every_page_opens_for_those_it_is_for_and_for_nobody_else(walk: Walk) -> None:
    wrong = []
    for path, allowed in GETS.items():
        who = ("no duty", "nobody") if allowed == ANYBODY else _who(allowed)
        if path.endswith("/live"):  # for whoever is let in a stream never ends
            who = tuple(one for one in who if one not in allowed)
        wrong += walk.wrong("GET", path, allowed, who)
    assert not wrong, "\n".join(wrong)


def test_a_judges_tablet_opens_no_desk(walk: Walk) -> None:
    for method, path in (
        ("GET", BASE),
        ("GET", f"{BASE}/draw/record.json"),
        ("POST", f"{BASE}/unlock"),
        ("POST", f"{BASE}/lock"),
    ):
        assert walk.send("tablet", method, path) == 401
        assert walk.writer.stood == 0


def test_the_walk_sees_what_would_have_stayed(walk: Walk) -> None:
    """An act that is allowed does stand: else a refusal that changed something would not show either."""
    assert walk.send("chief", "POST", f"{BASE}/status") == 303
    assert walk.writer.stood == 1
    assert walk.send("clerk", "POST", f"{BASE}/status") == 403
    assert walk.writer.stood == 0


def test_the_encryptor_never_marks_nor_confirms_marks() -> None:
    for group in ("marking", "publishing"):
        assert not any("encryptor" in roles for roles in GROUPS[group].values())
    assert not any("announcer" in roles for roles in MAY.values())


@pytest.mark.parametrize(("lang", "said"), [("zh", "锁定全部评分表"), ("en", "Lock all sheets")])
def test_the_table_is_shown_in_words(walk: Walk, lang: str, said: str) -> None:
    cookie = {"cookie": "__Host-desk=chief"}
    shown = walk.client.get(f"/desk/permissions?lang={lang}", headers=cookie).text
    row = next(row for row in shown.split("<tr>") if said in row)
    assert [cell.count("✓") for cell in row.split("<td>")[1:]] == [role in MAY["lock"] for role in judging.ROLES]
    assert words(shown).count("✓") == sum(len(roles) for roles in MAY.values())
