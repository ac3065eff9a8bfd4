"""A contest being marked, its application, browsers of officials and tablets: what the tests of the chief's board work on."""

import re
from dataclasses import dataclass, field
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine

from competition import judging, rules, store
from competition.judging import AskOp, Device, MarkOp
from tests.web.conftest import HTTPS
from tests.web.venue import MARKING, PASSWORD, PIN, ROLES, ROOT, UNITS, Venue

EVENT = MARKING
PAGE = f"/desk/events/{EVENT}"
ASKED = "a" * 32


def lay_out(engine: Engine, writer: store.Writer) -> Venue:
    """One event: two of three entries marked and signed by both seats."""
    venue = Venue(engine, writer)
    venue.law = rules.load(ROOT / "tests" / "judging" / "rules").rules
    first = venue.do(judging.create_official, "organiser", "组委会甲", PASSWORD, None, rng_bytes=venue.rng)
    venue.do(judging.grant, first.id, "organiser", None, None)
    venue.people["organiser"] = first
    for name in (*ROLES[1:], "checker", "judge1", "judge2"):
        venue.people[name] = venue.do(
            judging.create_official, name, f"官员{name}", PASSWORD, first, rng_bytes=venue.rng
        )
        if duty := {"checker": "clerk", "judge1": "", "judge2": ""}.get(name, name):
            venue.do(judging.grant, venue.people[name].id, duty, None, first)
    venue.do(judging.add_games, "g2026", ("示例运动会", "Sample games"), "示例市总工会", 2026, first)
    venue.do(judging.add_chain, "food", "g2026", ("绿色食品", "Green food"), first)
    assert venue.law is not None
    venue.do(judging.add_job_type, venue.law.job_type, 42, ("评茶师", "Tea taster"), "food", first)
    for id, unit in UNITS.items():
        venue.do(judging.add_unit, id, "g2026", (unit, "Planted unit"), first)
    venue.event(EVENT, signed=2)
    return venue


@dataclass
class Board:
    """The venue, its application, browsers of officials, and tablets."""

    venue: Venue
    app: Litestar
    browsers: dict[str, TestClient[Litestar]] = field(default_factory=dict)

    def browser(self, name: str) -> TestClient[Litestar]:
        if name not in self.browsers:
            client = TestClient(self.app, base_url=HTTPS)
            client.headers["origin"] = HTTPS
            answer = client.post("/login", data={"username": name, "password": PASSWORD}, follow_redirects=False)
            assert answer.status_code == 303
            self.browsers[name] = client
        return self.browsers[name]

    def page(self, who: str, path: str = PAGE) -> str:
        answer = self.browser(who).get(path)
        assert answer.status_code == 200
        return answer.text

    def section(self, who: str, id: str) -> str:
        found = re.search(rf'<section [^>]*id="{id}">.*?</section>', self.page(who), re.S)
        return found[0] if found else ""

    def post(self, path: str, who: str = "chief", **form: object) -> Any:
        return self.browser(who).post(f"{PAGE}/{path}", data=form, follow_redirects=False)

    def tablet(self, seat: str = "taste.1") -> Device:
        venue = self.venue
        token, bearer = venue.rng(16).hex(), venue.rng(16).hex()
        venue.do(judging.make_pairing, EVENT, seat, venue.people["organiser"], token=token, pin=PIN)
        device: Device = venue.do(judging.join, token, PIN, bearer, rng_bytes=venue.rng)
        return device

    def sheets(self, device: Device) -> list[dict[str, Any]]:
        told = self.venue.read(judging.session, device, self.venue.clock.now)
        return sorted(told["sheets"], key=lambda one: str(one["code"]))

    def send(self, device: Device, *ops: MarkOp) -> list[str]:
        return [one.outcome for one in self.venue.do(judging.record_marks, device, ops)]

    def ask(self, device: Device, sheet: str, *items: str, reason: str = "把 P02 看成了 P01") -> None:
        receipt = self.venue.do(judging.ask_unlock, device, AskOp(ASKED, sheet, list(items), reason))
        assert receipt.outcome == "accepted"
