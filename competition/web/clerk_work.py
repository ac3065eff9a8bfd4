"""What waits for a clerk: theory marks still to import, answer cards still to key."""

import sqlalchemy as sa

from competition import judging, rules, store
from competition.store.people import Entry
from competition.store.sheets import OPEN, Sheet
from competition.web.views import Task

PAGES = {"import": "theory", "clerk": "cards"}
"""Panel kind -> the page where its sheets are filled in; also the key of the words `task.*` and `do.*`."""


def tasks(conn: sa.Connection, official: judging.Official) -> list[Task]:
    """A task for every event of this clerk in which sheets of an import or a clerk's panel are open."""
    found = []
    for event_id, counts in _open_sheets(conn).items():
        if "clerk" not in judging.roles(conn, official, event_id):
            continue
        known, law = judging.event_line(conn, event_id), store.thawed(conn, event_id)
        for kind, key in PAGES.items():
            mine = [form for form in law.sheets if form.panel.kind == kind]
            waiting = sum(counts.get((form.module, form.id), (0, 0))[0] for form in mine)
            of = sum(counts.get((form.module, form.id), (0, 0))[1] for form in mine)
            if waiting:
                name = {"zh": known.name_zh, "en": known.name_en}
                found.append(Task(key, "warn", name, f"/desk/events/{event_id}/{key}", waiting, of))
    return found


def desks(law: rules.Rules, roles: frozenset[str]) -> frozenset[str]:
    """Which of the clerk's pages an event has for these roles."""
    kinds = {form.panel.kind for form in law.sheets}
    return frozenset(key for kind, key in PAGES.items() if kind in kinds and "clerk" in roles)


def _open_sheets(conn: sa.Connection) -> dict[str, dict[tuple[str, str], tuple[int, int]]]:
    """Event -> (module, sheet) -> how many sheets of competing entries are open, and how many there are."""
    waiting = sa.func.sum(sa.case((Sheet.state.in_(OPEN), 1), else_=0))
    rows = conn.execute(
        sa.select(Sheet.event_id, Sheet.module, Sheet.sheet, waiting.label("waiting"), sa.func.count().label("of"))
        .join(Entry, Entry.id == Sheet.entry_id)
        .where(Entry.status == "")
        .group_by(Sheet.event_id, Sheet.module, Sheet.sheet)
    )
    found: dict[str, dict[tuple[str, str], tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(row.event_id, {})[row.module, row.sheet] = (row.waiting, row.of)
    return found
