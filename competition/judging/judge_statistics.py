"""Judges beside each other, for the chief and the supervisor once everything is locked: figures to talk about, never a result.

A row is a person in a seat, as the sheets were signed: a substitute has a row of their own. Trainees are not compared.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, select

from competition.errors import Conflict
from competition.judging.officials import Official, names_of, permit
from competition.judging.standings import needs_second, standings
from competition.rules.model import Sheet as Form
from competition.scoring import judges
from competition.scoring.judges import Figures
from competition.store import Ledger, sheets, thawed
from competition.store.games import Seat
from competition.store.sheets import SheetNow


@dataclass(frozen=True, slots=True)
class JudgeLine:
    """A person in a seat. figures: None where nobody else marked the same entries; corrected: marks of theirs that were changed after
    the signature, by themselves or at the desk; unvaried: items on which they gave one mark throughout, of `items` they marked often."""

    seat: str
    judge: str
    figures: Figures | None
    corrected: int
    unvaried: int
    items: int


@dataclass(frozen=True, slots=True)
class PanelStatistics:
    """One sheet of a module with the judges who marked it. agreement: Kendall's W; flat: items that told nobody apart."""

    module: str
    sheet: str
    entries: int
    agreement: Fraction | None
    judges: tuple[JudgeLine, ...]
    flat: tuple[str, ...]


def judge_statistics(conn: Connection, event_id: str, by: Official) -> list[PanelStatistics]:
    """Every sheet that two or more seats mark. Conflict before everything is locked: until then a gap tells others' marks."""
    permit(conn, by, "statistics", event_id)
    if not needs_second(conn, event_id):
        raise Conflict(
            "评分表全部锁定后才能看裁判统计。", "Statistics of judges are shown once every sheet is locked, not before."
        )
    law = thawed(conn, event_id)
    every = [now for now in sheets.event_sheets(conn, event_id).values() if now.marks]
    seats = _seats(conn, event_id)
    signed, corrected = _told(conn, event_id)
    names = names_of(conn)
    found = []
    for form in law.sheets:
        mine = [n for n in every if (n.module, n.sheet) == (form.module, form.id) and n.seat_id in seats]
        if form.panel.seats > 1 and len({now.seat_id for now in mine}) > 1:
            who = {now.id: (seats[now.seat_id], names.get(signed.get(now.id, ""), "")) for now in mine}
            found.append(_panel(conn, event_id, form, mine, who, corrected))
    return found


def _panel(
    conn: Connection, event_id: str, form: Form, mine: list[SheetNow], who: Mapping[str, tuple[str, str]],
    corrected: Counter[str],
) -> PanelStatistics:  # fmt: skip
    result = standings(conn, event_id)
    scores: dict[str, dict[str, Fraction]] = defaultdict(dict)
    fixed: Counter[tuple[str, str]] = Counter()
    people = {who[now.id] for now in mine}
    label = {person: f"{n:03d}" for n, person in enumerate(sorted(people, key=_seat_order))}
    out = {one.entry for one in result.standings if one.status}
    for now in mine:
        fixed[who[now.id]] += corrected[now.id]
        seat_n = who[now.id][0].rpartition(".")[2]
        value = result.numbers[now.entry_id].get(f"{form.path}@{seat_n}")
        if value is not None and now.entry_id not in out:
            scores[now.entry_id][label[who[now.id]]] = value
    found = judges.figures(scores)
    lines = []
    for person in sorted(people, key=_seat_order):
        own = [now for now in mine if who[now.id] == person]
        unvaried, items = _unvaried(form, own)
        lines.append(JudgeLine(*person, found.get(label[person]), fixed[person], unvaried, items))
    flat = judges.flat(_by_item(form, mine))
    return PanelStatistics(form.module, form.id, len(scores), judges.agreement(scores), tuple(lines), flat)


def _by_item(form: Form, mine: list[SheetNow]) -> dict[str, dict[str, list[str]]]:
    """Item -> entry -> the marks it got; only items that give points on a judged scale."""
    scored = {item.id for item in form.items if item.scale is not None and item.scores}
    by_item: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for now in mine:
        for item, cell in now.marks.items():
            if item in scored and cell[0] is not None:
                by_item[item][now.entry_id].append(cell[0])
    return by_item


def _unvaried(form: Form, own: list[SheetNow]) -> tuple[int, int]:
    """Of the items marked often enough to say so, those that always got the same mark from this judge."""
    often = [values for values in _by_item(form, own).values() if sum(map(len, values.values())) >= judges.FEW]
    same = [values for values in often if len({one for marks in values.values() for one in marks}) == 1]
    return len(same), len(often)


def _seats(conn: Connection, event_id: str) -> dict[str, str]:
    rows = conn.execute(select(Seat.id, Seat.panel, Seat.n).where(Seat.event_id == event_id, Seat.trainee.is_(False)))
    return {row.id: f"{row.panel}.{row.n}" for row in rows}


def _told(conn: Connection, event_id: str) -> tuple[dict[str, str], Counter[str]]:
    """By sheet: who signed it last (nobody where a clerk signed for paper), and how many marks changed after a signature."""
    kinds = ("sign", "mark", "correct")
    query = select(Ledger.kind, Ledger.body).where(Ledger.event_id == event_id, Ledger.kind.in_(kinds))
    signed: dict[str, str] = {}
    changed: Counter[str] = Counter()
    values: dict[tuple[str, str], str | None] = {}
    for line in conn.execute(query.order_by(Ledger.seq)):
        body = json.loads(line.body)
        if line.kind == "sign":
            signed[body["sheet"]] = body.get("judge") or ""
            continue
        place = body["sheet"], body["item"]
        if body["sheet"] in signed and values.get(place) != body["value"]:
            changed[body["sheet"]] += 1
        values[place] = body["value"]
    return signed, changed


def _seat_order(person: tuple[str, str]) -> tuple[str, int, str]:
    panel, _, n = person[0].rpartition(".")
    return panel, int(n), person[1]
