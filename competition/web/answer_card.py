"""One answer card or paper sheet: keyed by a clerk, keyed again blind or compared by another, differences settled, by code.

What is legal is the rule file's word. Points are never shown: with the sealed key behind them they would tell the key. A
tablet's marks are not shown to a clerk either: the paper is there to be read, and the second keying is compared with both.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

import sqlalchemy as sa

from competition import judging, rules, store
from competition.errors import CompetitionError, Conflict, NotFound
from competition.store.replay import DESK
from competition.store.sheets import SheetNow
from competition.web import matrix
from competition.web.card_list import by_code, left, next_card, work
from competition.web.clerk_views import CardPage, CardSection, Field, FieldGroup, Mode, Work
from competition.web.keying import keyed, letters_of
from competition.web.said import sheet_title

FIELD = "item."
"""Before an item's id in the form: an item may be called "reason"."""
MODES: Mapping[Work, Mode] = {"key": "key", "others": "key", "check": "again", "tablet": "again", "settle": "settle"}
Done = Literal["saved", "partly", "agreed", "differs", "settled", "compared"]


def card_page(
    conn: sa.Connection,
    event_id: str,
    sheet_id: str,
    viewer: judging.Official,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, CompetitionError] | None = None,
    how: str = "",
) -> CardPage:
    """One sheet as this clerk may see it; after a refusal with what was typed. NotFound if the event has no such card."""
    now, law = _card(conn, event_id, sheet_id), store.thawed(conn, event_id)
    known, form = judging.event_line(conn, event_id), law.sheet(now.module, now.sheet)
    progress, entries = judging.progress(conn, event_id), judging.entries(conn, event_id)
    cards = by_code(progress, matrix.codes_of(entries, progress))
    line, code = cards[sheet_id]
    waits = work(line, viewer)
    mode: Mode = "compare" if how == "compare" and waits in ("check", "settle") else MODES.get(waits, "read")
    differing = _differing(form, now) if mode == "settle" else {}
    competing = {one.id for one in entries if not one.status}
    wanted: tuple[Work, ...] = ("key",) if waits in ("key", "others", "done", "clash") else ("check", "settle")
    after, earlier = next_card(cards, line, viewer, wanted, competing)
    shown = _shown(form, now, mode)
    sections = _sections(law, form, {**shown, **(typed or {})}, faults or {}, differing, _held(form, now, mode))
    return CardPage(
        id=event_id,
        name={"zh": known.name_zh, "en": known.name_en},
        sheet=sheet_id,
        title=sheet_title(law, now.module, now.sheet),
        seat=line.seat,
        code=code,
        status=next(one.status for one in entries if one.id == now.entry_id),
        cell=matrix.cell(line, matrix.absences(conn, event_id)),
        work=waits,
        mode=mode,
        version=now.version,
        sections=sections,
        missing=tuple(
            item.name
            for item in form.items
            if item.id in now.unmarked(store.required_items(law, now.module, now.sheet))
        ),
        of=sum(item.scale is not None for item in form.items),
        agreed=sum(item.scale is not None for item in form.items) - len(differing),
        next=after,
        earlier=earlier,
        left=left(progress, entries, viewer, {(line.module, line.name, line.seat)}),
        answer_card=form.panel.kind == "clerk",
    )


def read_form(
    conn: sa.Connection, event_id: str, sheet_id: str, sent: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str | None], dict[str, CompetitionError]]:
    """A card's form as (what was typed, the values to record, what is wrong), each by item. An empty field records None.

    Only the fields that were sent: the page that settles differences has no others. Where a tablet has marked an item
    and nothing was keyed, the tablet's mark stays.
    """
    now = _card(conn, event_id, sheet_id)
    form = store.thawed(conn, event_id).sheet(now.module, now.sheet)
    held = _held(form, now, "key") if sent.get("do") == "save" else frozenset()
    typed: dict[str, str] = {}
    values: dict[str, str | None] = {}
    faults: dict[str, CompetitionError] = {}
    for item in form.items:
        if item.scale is None or FIELD + item.id not in sent:
            continue
        typed[item.id] = sent[FIELD + item.id]
        try:
            if typed[item.id].strip():
                values[item.id] = keyed(item, typed[item.id])
            elif item.id not in held:
                values[item.id] = None
        except CompetitionError as refusal:
            faults[item.id] = refusal
    return typed, values, faults


def carry_out(
    conn: sa.Connection,
    event_id: str,
    sheet_id: str,
    values: Mapping[str, str | None],
    sent: Mapping[str, str],
    by: judging.Official,
    at: datetime,
) -> tuple[Done, str]:
    """Do what the form asks; answers what was done and the sheet to show next. Conflict when somebody else keyed meanwhile."""
    now, reason = _card(conn, event_id, sheet_id), sent.get("reason", "")
    if str(now.version) != sent.get("version", ""):
        raise Conflict(
            "这张表刚才在别处改过。您填的还在下面，没有保存；请与纸面核对后再保存。",
            "This sheet was changed elsewhere just now. What you typed is still below, not saved: compare it with the "
            "paper, then save.",
        )
    done: Done
    match sent.get("do"):
        case "again":
            done = "differs" if judging.confirm_again(conn, sheet_id, values, by, at) else "agreed"
        case "settle":
            done = "settled" if judging.settle(conn, sheet_id, values, by, reason, at) else "saved"
        case "seen":
            judging.confirm_seen(conn, sheet_id, now.version, by, at)
            done = "compared"
        case _:
            judging.key_marks(conn, sheet_id, values, by, reason, at)
            done = "partly" if _card(conn, event_id, sheet_id).state == "draft" else "saved"
    if done in ("partly", "differs"):
        return done, sheet_id
    after = (
        card_page(conn, event_id, sheet_id, by).next if done == "saved" else _next_check(conn, event_id, sheet_id, by)
    )
    return done, after[0] if after else sheet_id


def _next_check(conn: sa.Connection, event_id: str, sheet_id: str, by: judging.Official) -> tuple[str, str] | None:
    progress, entries = judging.progress(conn, event_id), judging.entries(conn, event_id)
    cards = by_code(progress, matrix.codes_of(entries, progress))
    competing = {one.id for one in entries if not one.status}
    return next_card(cards, cards[sheet_id][0], by, ("check", "settle"), competing)[0]


def _card(conn: sa.Connection, event_id: str, sheet_id: str) -> SheetNow:
    now = store.sheets.read_sheets(conn, [sheet_id]).get(sheet_id)
    if now is None or now.event_id != event_id or _imported(store.thawed(conn, event_id), now):
        raise NotFound(
            "没有这张答题卡或纸质表。请从列表进入。", "There is no such card or paper sheet. Start from the list."
        )
    return now


def _imported(law: rules.Rules, now: SheetNow) -> bool:
    return law.sheet(now.module, now.sheet).panel.kind == "import"


def _differing(form: rules.Sheet, now: SheetNow) -> dict[str, tuple[str, str]]:
    """What the two people keyed, by item, where they differ."""
    again = now.keyed["again"]["values"]
    return {one.item: (one.first or "—", one.second or "—") for one in judging.differences(form, now, again)}


def _shown(form: rules.Sheet, now: SheetNow, mode: Mode) -> dict[str, str]:
    """The values a clerk may see: what desks keyed, except to the second person, who keys blind."""
    if mode in ("again", "settle"):
        return {}
    held = _held(form, now, mode)
    return {item: cell[0] or "" for item, cell in now.marks.items() if item not in held}


def _held(form: rules.Sheet, now: SheetNow, mode: Mode) -> frozenset[str]:
    """The items that a tablet has marked: the page says so, and not the value."""
    if mode == "again" or (mode == "read" and form.panel.kind == "clerk"):
        return frozenset()
    return frozenset(item for item, cell in now.marks.items() if cell[0] is not None and not cell[2].startswith(DESK))


def _sections(
    law: rules.Rules,
    form: rules.Sheet,
    values: Mapping[str, str],
    faults: Mapping[str, CompetitionError],
    differing: Mapping[str, tuple[str, str]],
    held: frozenset[str],
) -> tuple[CardSection, ...]:
    """The form of the sheet as inputs; derived items have none. While differences are settled only those are there."""
    sections = []
    for section in rules.sheet_form(law, form.module, form.id)["sections"]:
        wanted = [
            one for one in section["items"] if one["control"] != "derived" and (not differing or one["id"] in differing)
        ]
        groups = tuple(
            FieldGroup(
                sample,
                tuple(_field(form.item(one["id"]), one, values, faults, differing, held) for one in ones),
            )
            for sample, ones in groupby(wanted, lambda one: one["sample"] or "")
        )
        if groups:
            sections.append(CardSection(section["name"], groups))
    return tuple(sections)


def _field(
    item: rules.Item,
    shown: Mapping[str, Any],
    values: Mapping[str, str],
    faults: Mapping[str, CompetitionError],
    differing: Mapping[str, tuple[str, str]],
    held: frozenset[str],
) -> Field:
    assert item.scale is not None
    control = shown["control"]
    fault = faults.get(item.id)
    options = shown["options"] if control == "choice" else shown["values"] if control == "yesno" else ()
    words = {"1": {"zh": "是", "en": "Yes"}, "0": {"zh": "否", "en": "No"}} if control == "yesno" else {}
    letters = letters_of(item.scale)
    return Field(
        id=item.id,
        label=_label(item),
        input=control if control in ("yesno", "choice") and not letters else "text",
        value=values.get(item.id, ""),
        options=tuple((one["value"], one["label"] or words[one["value"]]) for one in options),
        hint={"zh": letters, "en": letters} if letters else _hint(item),
        unit=shown.get("unit", ""),
        required=item.required,
        length=shown.get("length", 60),
        plain=item.scale.numeric or bool(letters) or item.scale.type in ("order", "choices"),
        fault=None if fault is None else {"zh": fault.zh, "en": fault.en},
        held=item.id in held,
        pair=differing.get(item.id),
    )


def _hint(item: rules.Item) -> Mapping[str, str] | rules.Text | None:
    """What may be typed, where that isn't plain."""
    assert item.scale is not None
    if item.scale.type in ("yesno", "choice", "answer", "note"):
        return item.help
    zh, en = item.scale.legal
    return {"zh": zh, "en": en}


def _label(item: rules.Item) -> Mapping[str, str] | rules.Text:
    """An item's name; without its sample, which the group's heading says."""
    if item.sample is None:
        return item.name
    return {lang: item.name[lang].removesuffix(f"({item.sample})").strip() for lang in ("zh", "en")}
