"""What waits for encryptor, supervisor and the check-in desk: halves of the seed, the draw, conflicts of interest, arrivals."""

from collections.abc import Sequence

import sqlalchemy as sa

from competition import judging
from competition.judging import checkin, interests
from competition.web.views import EventLine, Task

SEALERS = frozenset({"encryptor", "supervisor"})


def tasks(
    conn: sa.Connection, official: judging.Official, known: Sequence[judging.EventLine], lines: Sequence[EventLine]
) -> list[Task]:
    """What the events ask of this official before the marking. `lines` are those of `known`, in the same order."""
    arriving = checkin.open_now(conn)
    found = []
    for event, line in zip(known, lines, strict=True):
        roles = judging.roles(conn, official, event.id)
        where = f"/desk/events/{event.id}"
        if event.id in arriving and "clerk" in roles:
            found.append(Task("checkin", "info", line.name, f"{where}/checkin"))
        if event.drawn_at is None and line.entries and roles & SEALERS:
            found += _draw(conn, line, roles)
        if "encryptor" in roles and event.decoded_at is None and (n := interests.unsettled(conn, event.id)):
            found.append(Task("interests", "danger", line.name, f"{where}/judges", n))
    return found


def _draw(conn: sa.Connection, line: EventLine, roles: frozenset[str]) -> list[Task]:
    given, where = set(judging.seal_state(conn, line.id).committed), f"/desk/events/{line.id}/draw"
    if given >= SEALERS:
        return [Task("draw", "warn", line.name, where)] if "encryptor" in roles else []
    return [Task("half", "warn", line.name, where)] if (roles & SEALERS) - given else []
