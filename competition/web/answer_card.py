"""Answer cards: what a contestant wrote, keyed by a clerk, by code; what is legal is the rule file's word.

Points are never shown: with the sealed key behind them they would tell the key.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

import sqlalchemy as sa

from competition import judging, rules, store
from competition.errors import CompetitionError, Conflict, NotFound
from competition.store.sheets import OPEN, SheetNow
from competition.web import matrix
from competition.web.clerk_views import CardCell, CardList, CardPage, CardRow, CardSection, Field, FieldGroup
from competition.web.keying import keyed
from competition.web.overview import RECEIVED
from competition.web.views import Text

FIELD = "item."
"""Before an item's id in the form: an item may be called "reason"."""

Column = tuple[str, str, str]
"""Module, sheet, seat."""


def card_list(conn: sa.Connection, event_id: str, wanted: str = "") -> CardList:
    """Every answer card of an event by code, or those of one code."""
    known, law = judging.event_line(conn, event_id), store.thawed(conn, event_id)
    columns = _columns(law)
    away = matrix.absences(conn, event_id)
    progress, entries = judging.progress(conn, event_id), judging.entries(conn, event_id)
    codes = matrix.codes_of(entries, progress)
    cards = {(one.entry, one.module, one.name, one.seat): one for one in progress}
    competing = {line.id for line in entries if not line.status}
    mine = [card for (entry, *column), card in cards.items() if tuple(column) in columns and entry in competing]
    rows = [
        CardRow(
            codes[line.id],
            line.status,
            tuple(
                CardCell(card.sheet, matrix.cell(card, away)) if (card := cards.get((line.id, *column))) else None
                for column in columns
            ),
        )
        for line in entries
    ]
    return CardList(
        id=event_id,
        name={"zh": known.name_zh, "en": known.name_en},
        columns=tuple(columns.values()),
        rows=tuple(
            row
            for row in sorted(rows, key=lambda row: row.code)
            if any(row.cells) and (not wanted or row.code.upper() == wanted.strip().upper())
        ),
        signed=sum(card.state in RECEIVED for card in mine),
        expected=len(mine),
    )


def card_page(
    conn: sa.Connection,
    event_id: str,
    sheet_id: str,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, CompetitionError] | None = None,
) -> CardPage:
    """One answer card: what is recorded or, after a refusal, what was typed. NotFound if the event has no such card."""
    now, law = _card(conn, event_id, sheet_id), store.thawed(conn, event_id)
    known, form = judging.event_line(conn, event_id), law.sheet(now.module, now.sheet)
    cards = _codes(conn, event_id)
    line = next(one for one, _ in cards.values() if one.sheet == sheet_id)
    status = next(one.status for one in judging.entries(conn, event_id) if one.id == now.entry_id)
    values = {item: cell[0] or "" for item, cell in now.marks.items()} | dict(typed or {})
    unmarked = now.unmarked(store.required_items(law, now.module, now.sheet))
    return CardPage(
        id=event_id,
        name={"zh": known.name_zh, "en": known.name_en},
        sheet=sheet_id,
        title=matrix.sheet_title(law, now.module, now.sheet),
        code=cards[sheet_id][1],
        status=status,
        cell=matrix.cell(line, matrix.absences(conn, event_id)),
        version=now.version,
        open=now.is_open,
        sections=_sections(law, form, values, faults or {}),
        missing=tuple(item.name for item in form.items if item.id in unmarked),
        next=_next(cards, line),
    )


def read_form(
    conn: sa.Connection, event_id: str, sheet_id: str, sent: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str | None], dict[str, CompetitionError]]:
    """A card's form as (what was typed, the values to record, what is wrong), each by item. An empty field records None."""
    now = _card(conn, event_id, sheet_id)
    typed: dict[str, str] = {}
    values: dict[str, str | None] = {}
    faults: dict[str, CompetitionError] = {}
    for item in store.thawed(conn, event_id).sheet(now.module, now.sheet).items:
        if item.scale is None:
            continue
        typed[item.id] = sent.get(FIELD + item.id, "")
        try:
            values[item.id] = keyed(item, typed[item.id]) if typed[item.id].strip() else None
        except CompetitionError as refusal:
            faults[item.id] = refusal
    return typed, values, faults


def save(
    conn: sa.Connection,
    event_id: str,
    sheet_id: str,
    values: Mapping[str, str | None],
    version: str,
    sign: bool,
    by: judging.Official,
    reason: str,
    at: datetime,
) -> Literal["saved", "signed", "unsigned"]:
    """Record what was keyed and, if asked and nothing is missing, sign. Conflict when somebody else keyed meanwhile."""
    if str(_card(conn, event_id, sheet_id).version) != version:
        raise Conflict(
            "这张答题卡刚才在别处改过。您填的还在下面，没有保存；请与卡片核对后再保存。",
            "This card was changed elsewhere just now. What you typed is still below, not saved: compare it with the card, "
            "then save.",
        )
    judging.key_marks(conn, sheet_id, values, by, reason, at)
    if not sign:
        return "saved"
    if _card(conn, event_id, sheet_id).state == "draft":
        return "unsigned"
    judging.sign_for(conn, sheet_id, by, at)
    return "signed"


def _card(conn: sa.Connection, event_id: str, sheet_id: str) -> SheetNow:
    now = store.sheets.read_sheets(conn, [sheet_id]).get(sheet_id)
    if now is None or now.event_id != event_id or not _is_card(store.thawed(conn, event_id), now.module, now.sheet):
        raise NotFound(
            "没有这张答题卡。请从答题卡列表进入。", "There is no such answer card. Start from the list of cards."
        )
    return now


def _is_card(law: rules.Rules, module: str, sheet: str) -> bool:
    return law.sheet(module, sheet).panel.kind == "clerk"


def _columns(law: rules.Rules) -> dict[Column, Text]:
    """The clerk's sheets, seat by seat, in the rules' order; the seat is named where there are several."""
    found: dict[Column, Text] = {}
    for form in law.sheets:
        for seat in form.panel.labels if form.panel.kind == "clerk" else ():
            title, said = matrix.sheet_title(law, form.module, form.id), matrix.seat_said(law, seat)
            alone = form.panel.seats == 1
            found[form.module, form.id, seat] = (
                title if alone else {"zh": f"{title['zh']} · {said['zh']}", "en": f"{title['en']} · {said['en']}"}
            )
    return found


def _codes(conn: sa.Connection, event_id: str) -> dict[str, tuple[judging.Progress, str]]:
    """Every sheet of the event with its code, in the order of the codes."""
    progress, entries = judging.progress(conn, event_id), judging.entries(conn, event_id)
    codes = matrix.codes_of(entries, progress)
    return {one.sheet: (one, codes[one.entry]) for one in sorted(progress, key=lambda one: codes[one.entry])}


def _next(cards: Mapping[str, tuple[judging.Progress, str]], line: judging.Progress) -> tuple[str, str] | None:
    """(sheet, code) of the next card of this kind still open, going round once."""
    same = [
        (one.sheet, code)
        for one, code in cards.values()
        if (one.module, one.name, one.seat) == (line.module, line.name, line.seat)
        and (one.state in OPEN or one.sheet == line.sheet)
    ]
    here = [sheet for sheet, _ in same].index(line.sheet)
    return next(iter((*same[here + 1 :], *same[:here])), None)


def _sections(
    law: rules.Rules, form: rules.Sheet, values: Mapping[str, str], faults: Mapping[str, CompetitionError]
) -> tuple[CardSection, ...]:
    """The form of the sheet as inputs; derived items have none."""
    shown = rules.sheet_form(law, form.module, form.id)
    return tuple(
        CardSection(
            section["name"],
            tuple(
                FieldGroup(sample, tuple(_field(form.item(one["id"]), one, values, faults) for one in ones))
                for sample, ones in groupby(
                    (one for one in section["items"] if one["control"] != "derived"), lambda one: one["sample"] or ""
                )
            ),
        )
        for section in shown["sections"]
    )


def _field(
    item: rules.Item, shown: Mapping[str, Any], values: Mapping[str, str], faults: Mapping[str, CompetitionError]
) -> Field:
    assert item.scale is not None
    control = shown["control"]
    fault = faults.get(item.id)
    options = shown["options"] if control == "choice" else shown["values"] if control == "yesno" else ()
    words = {"1": {"zh": "是", "en": "Yes"}, "0": {"zh": "否", "en": "No"}} if control == "yesno" else {}
    return Field(
        id=item.id,
        label=_label(item),
        input=control if control in ("yesno", "choice") else "text",
        value=values.get(item.id, ""),
        options=tuple((one["value"], one["label"] or words[one["value"]]) for one in options),
        hint=_hint(item),
        unit=shown.get("unit", ""),
        required=item.required,
        length=shown.get("length", 60),
        fault=None if fault is None else {"zh": fault.zh, "en": fault.en},
    )


def _hint(item: rules.Item) -> Text | None:
    """What may be typed, where that isn't plain."""
    assert item.scale is not None
    if item.scale.type in ("yesno", "choice", "answer", "note"):
        return item.help
    zh, en = item.scale.legal
    return {"zh": zh, "en": en}


def _label(item: rules.Item) -> Text:
    """An item's name; without its sample, which the group's heading says."""
    if item.sample is None:
        return item.name
    return {lang: item.name[lang].removesuffix(f"({item.sample})").strip() for lang in ("zh", "en")}
