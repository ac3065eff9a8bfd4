"""The sample games: a living day in an invented city, so that a newcomer sees every page with something on it.

示例市 has 9 chains, 30 units, 108 job types and 4,000 entries. Two events are over, with certificates marked 样张; the three
contests of the green-food chain are half marked; the rest wait. Everything goes through the acts that officials use, at
times before now, and every choice is drawn from a seed, so that two loads differ only in their passwords.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from competition.cli.first_login import Login
from competition.cli.sample.contest import hold, release
from competition.cli.sample.people import Team, appoint
from competition.cli.sample.programme import CONTESTS, FINISHED, programme, read_programme
from competition.judging.officials import Official

HALF_DONE = 18


def load_sample(conn: Connection, root: Path, organiser: Official, at: datetime) -> list[Login]:
    """Fill a new store; answer the logins of the sample officials. Takes some fifteen seconds."""
    team = appoint(conn, organiser, at - timedelta(days=20))
    programme(conn, read_programme(root), root, team, at - timedelta(days=19))
    for event in FINISHED:
        _finished(conn, event, team, at - timedelta(days=6))
    for event in CONTESTS:
        hold(conn, event, team, at - timedelta(hours=3), done=HALF_DONE)
    return team.logins


def _finished(conn: Connection, event: str, team: Team, start: datetime) -> None:
    hold(conn, event, team, start, done=None)
    release(conn, event, team, start)
