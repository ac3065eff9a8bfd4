"""What the games' tables ask of the organiser: a notice once all events are final or one was revised, then the release."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from competition import judging, store
from competition.store.games_releases import GamesRelease, GamesRules
from competition.web import overview
from competition.web.views import EventLine, Task, Text

HERE = "/desk/games/tables"


def tasks(
    conn: sa.Connection,
    official: judging.Official,
    known: Sequence[judging.EventLine],
    lines: Sequence[EventLine],
    at: datetime,
) -> list[Task]:
    """At most one task; read off the dates, the page itself compares the tables. `lines` are those of `known`, in the same order."""
    filed = conn.scalar(sa.select(sa.func.count()).select_from(GamesRules))
    if not filed or not judging.may(judging.roles(conn, official, None), "games_notice"):
        return []
    newest = sa.select(GamesRelease.kind, GamesRelease.at, GamesRelease.window_closes).order_by(GamesRelease.at)
    told = {row.kind: row for row in conn.execute(newest)}
    notice, final, games = told.get("notice"), told.get("final"), overview.games_of(known)
    if notice is not None and (final is None or notice.at > final.at):
        over = store.moment(notice.window_closes) <= at
        return [_task("games_final", games)] if over else []
    entered = [event.final_at for event, line in zip(known, lines, strict=True) if line.entries]
    finals = [one for one in entered if one is not None]
    since = final.at if final is not None else ""
    wanted = max(finals, default="") > since and (final is not None or len(finals) == len(entered))
    return [_task("games_notice", games)] if wanted else []


def _task(key: str, games: Text) -> Task:
    return Task(key, "warn", games, HERE)
