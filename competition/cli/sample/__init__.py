"""The sample games: a living day in an invented city, so that a newcomer sees every page with something on it.

示例市 has 9 chains, 30 units, 108 job types and 4,000 entries. Two events are over, with certificates marked 样张; the three
contests of the green-food chain are half marked; the rest wait. Everything goes through the acts that officials use, at
times before now, and every choice is drawn from a seed, so that two loads differ only in their passwords.
"""

from datetime import datetime, timedelta

from competition import store
from competition.cli.first_login import keep
from competition.cli.sample.contest import hold, release
from competition.cli.sample.people import appoint
from competition.cli.sample.programme import CONTESTS, FINISHED, programme
from competition.judging.officials import Official
from competition.settings import Settings

HALF_DONE = 18


def load_sample(writer: store.Writer, settings: Settings, organiser: Official, at: datetime) -> None:
    """Fill a new store. Takes about half a minute."""
    team = writer.do(lambda conn: appoint(conn, organiser, at - timedelta(days=20)))
    writer.do(lambda conn: programme(conn, settings.root, organiser, at - timedelta(days=19)))
    for event in FINISHED:
        start = at - timedelta(days=6)
        writer.do(lambda conn, event=event, start=start: hold(conn, event, team, start, done=None))  # type: ignore[misc]
        writer.do(lambda conn, event=event, start=start: release(conn, event, team, start))  # type: ignore[misc]
    for event in CONTESTS:
        start = at - timedelta(hours=3)
        writer.do(lambda conn, event=event, start=start: hold(conn, event, team, start, done=HALF_DONE))  # type: ignore[misc]
    keep(settings, team.logins)
