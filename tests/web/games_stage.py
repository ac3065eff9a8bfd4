"""Games with two events finally released and three that aren't: a copy of the venue that may be changed, with its tables filed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from competition import judging, store
from competition.judging import amending, games_releases
from competition.judging.games_rules import file_games_rules
from competition.settings import Settings
from tests.served import served
from tests.web.conftest import HTTPS
from tests.web.venue import CLOSES, EMPTY, FINAL, NOTICE, ROOT, Clock, Venue

RULES = """
[[tables]]
id = "units"
name = { zh = "单位总分榜", en = "Units" }
per = "unit"
count = "award_points"
points = { first = 8, second = 4 }
listed = "with_points"
keys = [{ by = "points", best = "high" }, { by = "first", best = "high" }]
[[tables]]
id = "medals"
name = { zh = "产业链奖牌榜", en = "Medals by chain" }
per = "chain"
count = "medals"
awards = ["first", "second"]
listed = "all"
[[titles]]
id = "expert"
name = { zh = "示例市技术能手推荐", en = "City expert" }
places = [1, 2]
attributes = { standing = ["worker"] }
"""


@dataclass
class Stage:
    """The copy, its application, and who asks it."""

    venue: Venue
    app: Litestar
    client: TestClient[Litestar]
    var: Path

    def get(self, who: str, path: str) -> Response:
        return self.client.get(path, headers=self._headers(who))

    def post(self, who: str, path: str, **form: str) -> Response:
        """The answer; after an act that was done, the page it leads to."""
        headers = {**self._headers(who), "origin": HTTPS}
        answer = self.client.post(path, data=form, headers=headers, follow_redirects=False)
        return self.get(who, answer.headers["location"]) if answer.status_code == 303 else answer

    def _headers(self, who: str) -> dict[str, str]:
        return {"cookie": f"__Host-desk=games-{who}"} if who else {}

    @property
    def missing(self) -> tuple[str, ...]:
        """Events with entries and no final release; one more is final when another test has walked it there."""
        every = [line for line in self.venue.read(judging.all_events) if line.id != EMPTY]
        return tuple(line.id for line in every if line.final_at is None)

    def notice(self) -> Any:
        """A notice of the tables whose window is over a minute later."""
        closes = self.venue.clock.now + timedelta(minutes=1)
        made = self.venue.do(
            games_releases.publish_games_notice, self.venue.people["organiser"], closes, without=self.missing
        )
        self.venue.clock.now += timedelta(minutes=2)
        return made

    def final(self, reason: str | None = None) -> Any:
        return self.venue.do(games_releases.publish_games_final, self.venue.people["organiser"], reason=reason)

    def revise_event(self) -> None:
        """A correction puts the first of the released event last, and the event is noticed and released again."""
        venue, chief = self.venue, self.venue.people["chief"]
        lines = [one for one in venue.read(judging.progress, FINAL) if one.module == "cup"]
        first = venue.read(judging.standings, FINAL).standings[0].entry
        for one in lines:
            if one.entry == first:
                for item in ("aroma", "taste"):
                    seen = venue.read(amending.preview_correction, one.sheet, item, "0", chief).seen
                    venue.do(amending.ask_correction, one.sheet, item, "0", seen, chief, "纸上是 0")
                    (asked,) = venue.read(amending.waiting_corrections, FINAL)
                    venue.do(amending.confirm_correction, asked.sheet, asked.id, asked.seen, venue.people["clerk"])
        organiser = venue.people["organiser"]
        venue.do(judging.publish_notice, FINAL, organiser, venue.clock.now + timedelta(minutes=1))
        venue.clock.now += timedelta(minutes=2)
        venue.do(judging.publish_final, FINAL, organiser, reason="更正录入错误")


@contextmanager
def stage_on(venue: Venue, folder: Path) -> Iterator[Stage]:
    """A copy of the venue as it is, two events final, the tables' rules filed, everybody signed in."""
    file = folder / "competition.sqlite"
    with sqlite3.connect(str(venue.engine.url.database)) as there, sqlite3.connect(file) as here:
        there.backup(here)
    engine = store.open_store(f"sqlite:///{file}")
    with store.Writer(engine) as writer:
        own = replace(
            venue, engine=engine, writer=writer, clock=Clock(max(venue.clock.now, CLOSES) + timedelta(days=1))
        )
        organiser = own.people["organiser"]
        own.do(judging.publish_final, NOTICE, organiser)
        own.do(file_games_rules, RULES, organiser)
        for who in ("organiser", "supervisor", "chief", "clerk"):
            own.do(judging.start_session, own.people[who], f"games-{who}", expires=own.clock.now + timedelta(days=9))
        settings = Settings(ROOT, folder)
        with served(settings, engine, writer, own.clock) as app, TestClient(app, base_url=HTTPS) as client:
            yield Stage(own, app, client, folder)
    engine.dispose()
