"""What waits for a clerk: theory marks to import, cards to key, and what another clerk keyed and this one must check."""

import json
from dataclasses import dataclass, field

import sqlalchemy as sa

from competition import judging, rules, store
from competition.store.games import Seat
from competition.store.people import Entry
from competition.store.sheets import Sheet
from competition.web.views import Task, Text

PAGES = {"import": "theory", "clerk": "cards"}
"""Panel kind -> the page where its sheets are filled in; also the key of the words `task.*`."""


@dataclass(slots=True)
class _Waiting:
    """One event's sheets of competing entries by (module, sheet), and (module, sheet, seat) of those to check."""

    draft: dict[tuple[str, str], int] = field(default_factory=dict)
    of: dict[tuple[str, str], int] = field(default_factory=dict)
    check: list[tuple[str, str, str]] = field(default_factory=list)


def tasks(conn: sa.Connection, official: judging.Official) -> list[Task]:
    """What every event of this clerk asks for: keying what nobody has keyed, then checking what others keyed."""
    found = []
    for event_id, waiting in _waiting(conn, official).items():
        if "clerk" not in judging.roles(conn, official, event_id):
            continue
        known, law = judging.event_line(conn, event_id), store.thawed(conn, event_id)
        name = {"zh": known.name_zh, "en": known.name_en}
        found += _to_key(event_id, name, law, waiting) + _to_check(event_id, name, law, waiting)
    return found


def desks(law: rules.Rules, roles: frozenset[str]) -> frozenset[str]:
    """Which of the clerk's pages an event has for these roles. Any seat's sheet may have to be keyed from paper."""
    kinds = {form.panel.kind for form in law.sheets}
    pages = {"theory"} & {PAGES.get(kind, "") for kind in kinds} | ({"cards"} if kinds - {"import"} else set())
    return frozenset(pages) if "clerk" in roles else frozenset()


def _to_key(event_id: str, name: Text, law: rules.Rules, waiting: _Waiting) -> list[Task]:
    found = []
    for kind, page in PAGES.items():
        mine = [(form.module, form.id) for form in law.sheets if form.panel.kind == kind]
        n, of = sum(waiting.draft.get(one, 0) for one in mine), sum(waiting.of.get(one, 0) for one in mine)
        if n:
            found.append(Task(page, "warn", name, f"/desk/events/{event_id}/{page}", n, of))
    return found


def _to_check(event_id: str, name: Text, law: rules.Rules, waiting: _Waiting) -> list[Task]:
    lists = [one for one in waiting.check if law.sheet(one[0], one[1]).panel.kind == "import"]
    cards = [one for one in waiting.check if one not in lists]
    found = []
    if lists:
        found.append(Task("theory_check", "warn", name, f"/desk/events/{event_id}/theory/check", len(lists)))
    if cards:
        module, sheet, seat = cards[0]
        where = "" if law.sheet(module, sheet).panel.kind == "clerk" else f"?seat={seat}"
        found.append(Task("cards_check", "warn", name, f"/desk/events/{event_id}/cards{where}", len(cards)))
    return found


def _waiting(conn: sa.Connection, official: judging.Official) -> dict[str, _Waiting]:
    draft = sa.func.sum(sa.case((Sheet.state == "draft", 1), else_=0))
    rows = conn.execute(
        sa.select(Sheet.event_id, Sheet.module, Sheet.sheet, draft.label("draft"), sa.func.count().label("of"))
        .join(Entry, Entry.id == Sheet.entry_id)
        .where(Entry.status == "")
        .group_by(Sheet.event_id, Sheet.module, Sheet.sheet)
    )
    found: dict[str, _Waiting] = {}
    for row in rows:
        one = found.setdefault(row.event_id, _Waiting())
        one.draft[row.module, row.sheet], one.of[row.module, row.sheet] = row.draft, row.of
    keyed = conn.execute(
        sa.select(Sheet.event_id, Sheet.module, Sheet.sheet, Sheet.keyed, Seat.panel, Seat.n)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Entry.status == "", Sheet.state == "complete", Sheet.keyed != "{}")
        .order_by(Sheet.event_id, Sheet.module, Seat.panel, Seat.n)
    )
    for row in keyed:
        by = json.loads(row.keyed).get("by", ())
        if by and official.id not in by:
            found[row.event_id].check.append((row.module, row.sheet, f"{row.panel}.{row.n}"))
    return found
