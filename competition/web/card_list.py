"""Answer cards and paper sheets by code: what each waits for as one clerk sees it, what is left, and which comes next."""

from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from competition import judging, rules, store
from competition.store.sheets import OPEN
from competition.web import matrix
from competition.web.clerk_views import CardCell, CardList, CardRow, Left, Work
from competition.web.overview import RECEIVED
from competition.web.said import seat_said, sheet_title
from competition.web.views import Text

Column = tuple[str, str, str]
"""Module, sheet, seat."""


def card_list(
    conn: sa.Connection, event_id: str, viewer: judging.Official, seat: str = "", wanted: str = ""
) -> CardList:
    """Every answer card of an event by code, or the paper sheets of one seat; or only those of one code."""
    known, law = judging.event_line(conn, event_id), store.thawed(conn, event_id)
    cards_first = any(panel.kind == "clerk" for panel in law.panels)
    seats = tuple((label, seat_said(law, label)) for panel in law.panels if panel.kind not in ("clerk", "import")
                  for label in panel.labels)  # fmt: skip
    labels = [label for label, _ in seats]
    seat = seat if seat in labels else "" if cards_first or not labels else labels[0]
    columns = _columns(law, seat)
    away = matrix.absences(conn, event_id)
    progress, entries = judging.progress(conn, event_id), judging.entries(conn, event_id)
    codes = matrix.codes_of(entries, progress)
    cards = {(one.entry, one.module, one.name, one.seat): one for one in progress}
    rows = [
        CardRow(
            codes[line.id],
            line.status,
            tuple(
                CardCell(card.sheet, matrix.cell(card, away), work(card, viewer))
                if (card := cards.get((line.id, *column)))
                else None
                for column in columns
            ),
        )
        for line in entries
    ]
    return CardList(
        id=event_id,
        name={"zh": known.name_zh, "en": known.name_en},
        seat=seat,
        seats=seats,
        answer_cards=cards_first,
        columns=tuple(columns.values()),
        rows=tuple(
            row
            for row in sorted(rows, key=lambda row: row.code)
            if any(row.cells) and (not wanted or row.code.upper() == wanted.strip().upper())
        ),
        left=left(progress, entries, viewer, columns),
    )


def work(card: judging.Progress, viewer: judging.Official) -> Work:
    """What a sheet waits for, as this clerk sees it."""
    if card.state not in OPEN:
        return "done"
    if card.clash:
        return "clash"
    if card.state == "draft":
        return "key"
    if card.settling == viewer.id:
        return "settle"
    if viewer.id in card.keyers:
        return "others"
    return "check" if card.keyers else "tablet"


def left(
    progress: Iterable[judging.Progress], entries: Iterable[judging.EntryLine], viewer: judging.Official,
    columns: Collection[Column],
) -> Left:  # fmt: skip
    """How many sheets of these columns wait for what; entries that are out count nowhere."""
    competing = {line.id for line in entries if not line.status}
    mine = [one for one in progress if (one.module, one.name, one.seat) in columns and one.entry in competing]
    works = [work(one, viewer) for one in mine]
    return Left(
        key=works.count("key"),
        check=works.count("check") + works.count("settle"),
        others=works.count("others"),
        signed=sum(one.state in RECEIVED for one in mine),
        of=len(mine),
    )


def next_card(
    cards: Mapping[str, tuple[judging.Progress, str]], here: judging.Progress, viewer: judging.Official,
    wanted: Collection[Work], competing: Collection[str],
) -> tuple[tuple[str, str] | None, int]:  # fmt: skip
    """(sheet, code) of the next sheet of this kind that waits for `wanted` work, and how many of them lie before this one.

    It never goes round: after the last code a clerk is told what is left, not led back to the top of the pile.
    """
    same = [one for one, _ in cards.values() if _column(one) == _column(here)]
    place = [one.sheet for one in same].index(here.sheet)
    waiting = [n for n, one in enumerate(same) if work(one, viewer) in wanted and one.entry in competing and n != place]
    after = next((same[n].sheet for n in waiting if n > place), None)
    return (after, cards[after][1]) if after else None, sum(n < place for n in waiting)


def by_code(progress: Iterable[judging.Progress], codes: Mapping[str, str]) -> dict[str, tuple[judging.Progress, str]]:
    """Every sheet with its code, in the order of the codes."""
    return {one.sheet: (one, codes[one.entry]) for one in sorted(progress, key=lambda one: codes[one.entry])}


def _column(one: judging.Progress) -> Column:
    return one.module, one.name, one.seat


def _columns(law: rules.Rules, seat: str) -> dict[Column, Text]:
    """The sheets of one seat, or ("") the clerk's, seat by seat, in the rules' order; the seat is named where there are several."""
    found: dict[Column, Text] = {}
    for form in law.sheets:
        labels = form.panel.labels if form.panel.kind == "clerk" else ()
        for label in [one for one in form.panel.labels if one == seat] if seat else labels:
            title, said = sheet_title(law, form.module, form.id), seat_said(law, label)
            alone = bool(seat) or form.panel.seats == 1
            found[form.module, form.id, label] = (
                title if alone else {"zh": f"{title['zh']} · {said['zh']}", "en": f"{title['en']} · {said['en']}"}
            )
    return found
