"""Spread alarms (复议): seats far apart on an item or a sheet, what the chief decided about them, and asking a judge to look again.

An alarm is computed from the marks as they are and stands until the chief has said what the talk came to, or until the marks
move. Before every sheet compared is locked it tells item, seats and gap, and no value (DESIGN law 7).
"""

import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from threading import Lock

from sqlalchemy import Connection, select

from competition.errors import Conflict, MarkError
from competition.judging.acts import because, note
from competition.judging.clashes import change
from competition.judging.corrections import USUAL
from competition.judging.officials import Official, permit
from competition.judging.standings import standings
from competition.rules.model import Rules
from competition.rules.model import Sheet as Form
from competition.scoring.outliers import Apart, apart, item_limit, sheet_limit
from competition.scoring.result import number_text
from competition.store import Ledger, digest_of, head, sheets, stamp, thawed
from competition.store.games import Absence, Seat
from competition.store.people import Entry
from competition.store.releases import Release
from competition.store.replay import apply
from competition.store.sheets import SheetNow

KEPT = 256
"""So many events' alarms are kept in memory."""
CLOSED = ("locked", "checked")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the chief last said about an alarm: "kept" (维持), "changed" (修改) or "again" (请再核对), why and when."""

    outcome: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Seats far apart for one entry on one item ("" the whole sheet).

    id: the same as long as entry, sheet and item are; seen: moves with the marks compared. seats: label -> sheet id, all that
    are compared; far: those to look at. values: label -> mark or total, None until every sheet compared is locked. open: nobody
    has said yet what came of it, for the marks as they are.
    """

    id: str
    seen: str
    entry: str
    module: str
    sheet: str
    item: str
    gap: str
    limit: str
    seats: Mapping[str, str]
    far: tuple[str, ...]
    values: Mapping[str, str] | None
    review: Reviewed | None = None
    open: bool = True


def alarms(conn: Connection, event_id: str) -> tuple[Alarm, ...]:
    """Every alarm of an event, those that wait for the chief first. Kept in memory until the event's chain moves.

    None once the results were made public: from then on it takes an appeal or a correction.
    """
    if conn.scalar(select(Release.id).where(Release.event_id == event_id).limit(1)) is not None:
        return ()
    rules = thawed(conn, event_id)
    key = (event_id, head(conn, event_id).hash, rules.digest)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    reviews = _reviews(conn, event_id)
    found = []
    for alarm in _found(conn, event_id, rules):
        review, seen = reviews.get(alarm.id, (None, ""))
        found.append(replace(alarm, review=review, open=review is None or seen != alarm.seen))
    result = tuple(sorted(found, key=lambda one: (not one.open, one.module, one.sheet, one.item, one.id)))
    with _lock:
        _kept[key] = result
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return result


def review(
    conn: Connection, event_id: str, alarm_id: str, seen: str, outcome: str, by: Official, reason: str, at: datetime
) -> None:
    """Say what the talk about an alarm came to: the marks stand as they are ("kept"), or were changed and stand so ("changed").

    Conflict when the marks moved since the page was read. MarkError for another outcome or no reason.
    """
    permit(conn, by, "review", event_id)
    if outcome not in ("kept", "changed"):
        raise MarkError("请选维持或修改。", "Choose: marks kept, or marks changed.")
    _record(conn, _known(conn, event_id, alarm_id, seen), event_id, outcome, (), by, reason, at)


def ask_again(
    conn: Connection, event_id: str, alarm_id: str, seen: str, seats: Sequence[str], by: Official, reason: str, at: datetime
) -> None:  # fmt: skip
    """Ask judges of these seats (none named: those far away) to look at the item again. Signed sheets are opened for that item.

    The tablet shows the item and nothing of what others gave; the reason stays at the desk. Conflict as in `review`.
    """
    permit(conn, by, "review", event_id)
    alarm = _known(conn, event_id, alarm_id, seen)
    asked = [seat for seat in seats if seat in alarm.seats] or list(alarm.far)
    why = because(reason)
    items = [alarm.item] if alarm.item else []
    for seat in asked:
        now = sheets.read_sheets(conn, [alarm.seats[seat]])[alarm.seats[seat]]
        if not now.is_open:
            until = stamp(at + timedelta(minutes=USUAL))
            body = {"by": by.id, "sheet": now.id, "items": items, "until": until, "reason": why, "request": None}
            change(conn, now, "unlock", body, at)
    _record(conn, alarm, event_id, "again", asked, by, reason, at)


def _record(
    conn: Connection, alarm: Alarm, event_id: str, outcome: str, asked: Sequence[str], by: Official, reason: str, at: datetime
) -> None:  # fmt: skip
    there = [alarm.seats[seat] for seat in asked]
    body = {
        "alarm": alarm.id, "seen": alarm.seen, "outcome": outcome, "sheets": there,
        "item": alarm.item, "gap": alarm.gap, "reason": because(reason),
    }  # fmt: skip
    line = note(conn, event_id, "spread-review", by, at, **body)
    if asked:
        changed = sheets.read_sheets(conn, there)
        apply(changed, event_id, "spread-review", line.id, line.at, body)
        sheets.save_sheets(conn, list(changed.values()), thawed(conn, event_id))


def _known(conn: Connection, event_id: str, alarm_id: str, seen: str) -> Alarm:
    for alarm in alarms(conn, event_id):
        if alarm.id == alarm_id and alarm.seen == seen:
            return alarm
    raise Conflict(
        "分数在您打开页面之后有变动，请刷新后再决定。",
        "The marks have moved since the page was read. Refresh, then decide.",
    )


def _reviews(conn: Connection, event_id: str) -> dict[str, tuple[Reviewed, str]]:
    """By alarm: the last word about it, and the marks it was about."""
    query = select(Ledger.body, Ledger.at).where(Ledger.event_id == event_id, Ledger.kind == "spread-review")
    lines = [(json.loads(row.body), row.at) for row in conn.execute(query.order_by(Ledger.seq))]
    return {body["alarm"]: (Reviewed(body["outcome"], body["reason"], at), body["seen"]) for body, at in lines}


def _found(conn: Connection, event_id: str, rules: Rules) -> Iterator[Alarm]:
    """The alarms of the marks as they are; a sheet counts once its judge has filled it in."""
    labels = _seats(conn, event_id)
    out = set(conn.scalars(select(Entry.id).where(Entry.event_id == event_id, Entry.status != "")))
    away = {(row.seat_id, row.entry_id) for row in conn.execute(select(Absence).where(Absence.event_id == event_id))}
    together: dict[tuple[str, str, str], dict[str, SheetNow]] = defaultdict(dict)
    for now in sheets.event_sheets(conn, event_id).values():
        gone = {(now.seat_id, "*"), (now.seat_id, now.entry_id)} & away
        if now.seat_id in labels and now.state != "draft" and now.entry_id not in out and not gone:
            together[now.entry_id, now.module, now.sheet][labels[now.seat_id]] = now
    for (entry, module, name), seats in sorted(together.items()):
        if len(seats) < 2:
            continue
        form = rules.sheet(module, name)
        seats = dict(sorted(seats.items(), key=lambda one: int(one[0].rpartition(".")[2])))
        if (limit := sheet_limit(form)) is not None:
            values = _totals(conn, event_id, entry, form, seats)
            if found := apart(values, limit):
                yield _alarm(entry, form, "", found, seats, values)
        for item, values, limit in _by_item(form, seats):
            if found := apart(values, limit):
                yield _alarm(entry, form, item, found, seats, values)


def _by_item(form: Form, seats: Mapping[str, SheetNow]) -> Iterator[tuple[str, dict[str, Fraction], Fraction]]:
    if sheet_limit(form) is not None:
        return  # the rules compare whole sheets
    for item in form.items:
        limit = item_limit(form, item)
        if limit is None:
            continue
        cells = {seat: now.marks.get(item.id) for seat, now in seats.items()}
        texts = {seat: cell[0] for seat, cell in cells.items() if cell is not None and cell[0] is not None}
        if len(set(texts.values())) > 1:
            yield item.id, {seat: Fraction(text) for seat, text in texts.items()}, limit


def _totals(
    conn: Connection, event_id: str, entry: str, form: Form, seats: Mapping[str, SheetNow]
) -> dict[str, Fraction]:
    numbers = standings(conn, event_id).numbers[entry]
    known = {seat: numbers.get(f"{form.path}@{seat.rpartition('.')[2]}") for seat in seats}
    return {seat: value for seat, value in known.items() if value is not None}


def _alarm(
    entry: str, form: Form, item: str, found: Apart, seats: Mapping[str, SheetNow], values: Mapping[str, Fraction]
) -> Alarm:
    compared = {seat: seats[seat] for seat in values}
    marks = [
        [seat, item_id, cell[1]]
        for seat, now in compared.items()
        for item_id, cell in sorted(now.marks.items())
        if item in ("", item_id)
    ]
    locked = all(now.state in CLOSED for now in compared.values())
    return Alarm(
        id=digest_of([entry, form.module, form.id, item])[:16],
        seen=digest_of(marks)[:16],
        entry=entry,
        module=form.module,
        sheet=form.id,
        item=item,
        gap=number_text(found.gap),
        limit=number_text(found.limit),
        seats={seat: now.id for seat, now in compared.items()},
        far=found.far,
        values={seat: number_text(value) for seat, value in values.items()} if locked else None,
    )


def _seats(conn: Connection, event_id: str) -> dict[str, str]:
    """Seat id -> label; trainees' are left out."""
    rows = conn.execute(select(Seat.id, Seat.panel, Seat.n).where(Seat.event_id == event_id, Seat.trainee.is_(False)))
    return {row.id: f"{row.panel}.{row.n}" for row in rows}


_lock = Lock()
_kept: OrderedDict[tuple[str, str, str], tuple[Alarm, ...]] = OrderedDict()
