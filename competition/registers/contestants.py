"""Contestants: who is the same person, in the file and in the register; teams; attributes of an entry.

A person is known by the system number an export gave, else by the identity number, else by name and unit if that is one person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from competition.registers.identity import masked
from competition.registers.known import EventFacts, Known, Values
from competition.registers.reading import Row, Sheet

KEEPS = ("identity", "phone", "consent")
"""An empty cell leaves these as they are: nobody erases a number by leaving it out."""


@dataclass
class _People:
    """The people that are there, by each way to know them."""

    by_number: dict[str, Values] = field(default_factory=dict)
    by_identity: dict[str, Values] = field(default_factory=dict)
    by_name: dict[tuple[str, str], dict[str, Values]] = field(default_factory=dict)

    def add(self, values: Values) -> None:
        self.by_number[values["person"]] = values
        if values.get("identity"):
            self.by_identity[values["identity"]] = values
        self.by_name.setdefault((values["name"], values["unit"]), {})[values["person"]] = values


def settle(own: Sheet, known: Known) -> None:
    """Give every row its person and its key; check attributes, and what must not be there twice."""
    people = _People()
    for values in known.rows.get("contestants", []):
        people.add(values)
    first: dict[str, Row] = {}
    entered: dict[str, Row] = {}
    for row in own.rows:
        person = _person(own, row, people)
        values = row.values
        if person and first.setdefault(person, row) is not row:
            _agree(own, row, first[person])
        values["person"] = person
        row.key = f"{person}|{values.get('event', '')}"
        if person and values.get("event") and entered.setdefault(row.key, row) is not row:
            line = entered[row.key].line
            own.note(
                row, "name", f"与第 {line} 行是同一人、同一赛项", f"the same person in the same event as line {line}"
            )
        _attributes(own, row, known.events.get(values.get("event", "")))
    for row in own.rows:
        _unmask(own, row, people.by_number.get(row.values["person"], {}))
    _share(own, people)
    _teams(own)


def _person(own: Sheet, row: Row, people: _People) -> str:
    """The system number of the row's person; for somebody new a name that is the same for all their rows."""
    values = row.values
    number, identity = values.get("person", ""), values.get("identity", "")
    if number and number in people.by_number:
        return number
    if number:
        own.note(
            row, "person", "没有这个系统编号，新选手请空着", "no such system number: leave it empty for new people"
        )
        return ""
    if identity and "*" not in identity:
        if identity in people.by_identity:
            return people.by_identity[identity]["person"]
    elif not identity and (row.line, "identity") not in own.noted:
        zh, en = (
            "没有身份证号，只能按姓名和单位认人",
            "without an identity number people are told apart by name and unit alone",
        )
        own.note(row, "identity", zh, en, "warning")
    named = people.by_name.get((values.get("name", ""), values.get("unit", "")), {})
    same = (
        {no: one for no, one in named.items() if not (identity and one.get("identity"))}
        if "*" not in identity
        else named
    )
    if len(same) > 1:
        zh, en = (
            "同单位有几个同名的人，请填身份证号或系统编号",
            "several of this name in the unit: give the identity or system number",
        )
        own.note(row, "name", zh, en)
        return ""
    return next(iter(same), "") or f"new:{identity or '/'.join((values.get('name', ''), values.get('unit', '')))}"


def _unmask(own: Sheet, row: Row, there: Values) -> None:
    """A covered number stands for the one that is there; an empty cell keeps it."""
    for column in KEEPS:
        said, kept = row.values.get(column, ""), there.get(column, "")
        if (column in row.values and not said) or ("*" in said and kept and masked(kept) == said):
            row.values[column] = kept
        elif "*" in said:
            row.values[column] = ""
            zh, en = (
                "遮盖的号码与登记的对不上，请填完整号码",
                "the covered number isn't the one on record: write it whole",
            )
            own.note(row, column, zh, en)


def _share(own: Sheet, people: _People) -> None:
    """What one row of a person says newly holds in their other rows, where the cell was empty."""
    said: dict[tuple[str, str], str] = {}
    for row in own.rows:
        there = people.by_number.get(row.values["person"], {})
        for column in KEEPS:
            value = row.values.get(column, "")
            if value and value != there.get(column, ""):
                said.setdefault((row.values["person"], column), value)
    for row in own.rows:
        for column in KEEPS:
            if row.values["person"] and column in row.values:
                row.values[column] = said.get((row.values["person"], column), row.values[column])


def _agree(own: Sheet, row: Row, before: Row) -> None:
    """One person, one name, unit and telephone."""
    for column, zh in (("name", "姓名"), ("unit", "单位"), ("phone", "手机"), ("consent", "同意日期")):
        mine, theirs = row.values.get(column, ""), before.values.get(column, "")
        if mine and theirs and mine != theirs and "*" not in mine + theirs:
            text = f"与第 {before.line} 行是同一证件号，{zh}却不同"
            own.note(row, column, text, f"the same person as in line {before.line}, with another {column}")


def _attributes(own: Sheet, row: Row, event: EventFacts | None) -> None:
    """“茶类=绿茶；组=A” as `group=A;tea_class=green`; every attribute with a list of values needs one."""
    if event is None:
        return
    said = _pairs(row.values.get("attributes", ""))
    names = {**{name: id for id, name in event.said.items()}, **{id: id for id in event.attributes}}
    found: dict[str, str] = {}
    for name, value in said.items():
        id = names.get(name)
        if id is None:
            own.note(row, "attributes", f"这个赛项没有属性“{name}”", f"the event has no attribute “{name}”")
            continue
        values = event.attributes[id]
        known = (
            {**{zh: key for key, zh in values.items()}, **{key: key for key in values}}
            if values is not None
            else {value: value}
        )
        if value not in known:
            legal = "、".join((values or {}).values())
            own.note(
                row, "attributes", f"{name}没有“{value}”，可用：{legal}", f"{name} can't be “{value}”; use {legal}"
            )
        else:
            found[id] = known[value]
    for id, values in event.attributes.items():
        if values is not None and id not in found and not row.faulty:
            zh = f"缺少{event.said.get(id, id)}，请填“{event.said.get(id, id)}=…”，可用：{'、'.join(values.values())}"
            own.note(row, "attributes", zh, f"{id} is missing; use {id}= one of {', '.join(values)}")
    if "attributes" in row.values or found:
        row.values["attributes"] = ";".join(f"{id}={value}" for id, value in sorted(found.items()))


def _pairs(text: str) -> Mapping[str, str]:
    parts = (part.partition("=") for part in re.split(r"[;；\n]+", text.replace("＝", "=")) if part.strip())
    return {name.strip(): value.strip() for name, _, value in parts}


def _teams(own: Sheet) -> None:
    """The members of a team are one entry: one unit and the same attributes."""
    first: dict[tuple[str, str], Row] = {}
    for row in own.rows:
        team, event = row.values.get("team", ""), row.values.get("event", "")
        if not team or not event:
            continue
        before = first.setdefault((event, team), row)
        if row.values.get("unit") != before.values.get("unit"):
            own.note(
                row,
                "team",
                f"队“{team}”在第 {before.line} 行是别的单位",
                f"team “{team}” is of another unit in line {before.line}",
            )
        elif row.values.get("attributes", "") != before.values.get("attributes", ""):
            zh = f"与第 {before.line} 行同队，属性却不同"
            own.note(row, "attributes", zh, f"the team of line {before.line} has other attributes")


__all__ = ["settle"]
