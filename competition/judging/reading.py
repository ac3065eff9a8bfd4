"""Reading what an event's standings are computed from: its sheets in piles, its entries, keys, inputs and absences."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, Select, Text, bindparam, func, select

from competition.rules import Rules
from competition.rules.resolve import ADMITTED
from competition.scoring.frames import INPUT_SEAT, INPUTS, KEY_SEAT
from competition.scoring.piles import Given, Pile
from competition.store import digest_of
from competition.store.games import Absence, SampleKey, Seat
from competition.store.people import Entry
from competition.store.sheets import Sheet

# Built once: an event is read after every mark, and building a statement costs as much as running it.
_EVENT = bindparam("event", type_=Text)
_SEATS = select(Seat.id, Seat.panel, Seat.n).where(Seat.event_id == _EVENT, Seat.trainee.is_(False))
_PILES = (
    select(
        Sheet.module,
        Sheet.sheet,
        Sheet.seat_id,
        func.aggregate_strings(Sheet.entry_id, "\n"),
        func.aggregate_strings(Sheet.current, "\n"),
    )
    .where(Sheet.event_id == _EVENT)
    .group_by(Sheet.module, Sheet.sheet, Sheet.seat_id)
)
_KEYS = select(SampleKey.module, SampleKey.sheet, SampleKey.answers).where(
    SampleKey.event_id == _EVENT, SampleKey.replaced_at.is_(None)
)
_ENTRIES = select(Entry.id, Entry.status, Entry.attributes).where(Entry.event_id == _EVENT).order_by(Entry.id)
_ABSENCES = (
    select(Absence.entry_id, Seat.panel, Seat.n)
    .join(Seat, Seat.id == Absence.seat_id)
    .where(Absence.event_id == _EVENT)
    .order_by(Seat.panel, Seat.n, Absence.entry_id)
)


def given(conn: Connection, event_id: str, rules: Rules) -> Given:
    """Everything that the standings of an event come from. Marks that clash are not in it: they are still open."""
    entries = _rows(conn, _ENTRIES, event_id)
    return Given(
        _piles(conn, event_id),
        [id for id, _, _ in entries],
        [status for _, status, _ in entries],
        said(rules, [attributes for _, _, attributes in entries]),
        sealed(conn, event_id),
        absences(conn, event_id),
    )


def absences(conn: Connection, event_id: str) -> list[tuple[str, str]]:
    """Which entry ("*": any) which seat did not mark."""
    return [(entry, f"{panel}.{n}") for entry, panel, n in _rows(conn, _ABSENCES, event_id)]


def _piles(conn: Connection, event_id: str) -> list[Pile]:
    """The sheets of each form and seat; those of trainees are left out."""
    labels = {id: f"{panel}.{n}" for id, panel, n in _rows(conn, _SEATS, event_id)}
    return [
        Pile(module, sheet, labels[seat], entries, lists)
        for module, sheet, seat, entries, lists in _rows(conn, _PILES, event_id)
        if seat in labels
    ]


def entry_frame(conn: Connection, event_id: str, rules: Rules) -> pl.DataFrame:
    """The entries of an event as `scoring.score` takes them, under any rules: decisions of officials come along."""
    entries = _rows(conn, _ENTRIES, event_id)
    columns = {"entry": [id for id, _, _ in entries], "status": [status for _, status, _ in entries]}
    columns |= said(rules, [attributes for _, _, attributes in entries])
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def said(rules: Rules, attributes: Sequence[str]) -> dict[str, list[Any]]:
    """What the rules ask of entries, and what officials decided of them (`decisions`)."""
    rows: list[dict[str, str]] = [{} if text == "{}" else json.loads(text) for text in attributes]
    names = [*(rule.id for rule in rules.attributes), ADMITTED, "decision"]
    return {name: [row.get(name) for row in rows] for name in names}


def sealed(conn: Connection, event_id: str) -> list[tuple[str, str, str, str, str]]:
    """The keys in force, and the numbers that officials gave for the whole event: module, sheet, seat, item, value."""
    return _lines(_rows(conn, _KEYS, event_id))


def _lines(keys: Iterable[Row[*tuple[Any, ...]]]) -> list[tuple[str, str, str, str, str]]:
    return [
        (module, sheet, INPUT_SEAT if (module, sheet) == INPUTS else KEY_SEAT, item, value)
        for module, sheet, answers in keys
        for item, value in json.loads(answers).items()
    ]


def keys_told(conn: Connection, event_id: str) -> list[tuple[str, bool]]:
    """The digest of every sealed key there ever was, and whether its answers still make it; inputs, which are no secret, too."""
    query = select(SampleKey.salt, SampleKey.answers, SampleKey.digest).where(SampleKey.event_id == event_id)
    return [(row.digest, digest_of([row.salt, row.answers]) == row.digest) for row in conn.execute(query)]


def sealed_at(conn: Connection, event_id: str, at: str) -> list[tuple[str, str, str, str, str]]:
    """The keys and numbers that were in force at a moment, as `sealed` gives those of now."""
    query = (
        select(SampleKey.module, SampleKey.sheet, SampleKey.answers)
        .where(SampleKey.event_id == event_id, SampleKey.at <= at)
        .where(SampleKey.replaced_at.is_(None) | (SampleKey.replaced_at > at))
    )
    return _lines(conn.execute(query).all())


def _rows(conn: Connection, query: Select[*tuple[Any, ...]], event_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    return conn.execute(query, {"event": event_id}).all()
