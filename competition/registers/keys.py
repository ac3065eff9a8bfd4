"""Which row of a file is which row that is there, and what must not be there twice. Contestants have a file of their own."""

import hashlib
import re
from collections.abc import Callable

from competition.registers.known import EventFacts, Known, fold
from competition.registers.reading import Row, Sheet

PREFIX = {"chains": "c-", "units": "u-"}


def settle(own: Sheet, known: Known) -> None:
    """Give every row its key, find what is there twice, and let later sheets refer to what this one brings."""
    settlers: dict[str, Callable[[Sheet, Known], None]] = {
        "chains": _named, "units": _named, "programme": _programme, "officials": _officials,
    }  # fmt: skip
    if own.register.id in settlers:
        settlers[own.register.id](own, known)


def _named(own: Sheet, known: Known) -> None:
    """Chains and units: by code; without one by name; a new one without a code gets one made of its name."""
    register = own.register.id
    for row in own.rows:
        name = row.values.get("name", "")
        if not row.values.get("id"):
            row.values["id"] = known.find(register, name) or _made_id(PREFIX[register], name)
        row.key = row.values["id"]
    _once(own, "id", lambda row: row.key)
    _once(own, "name", lambda row: fold(row.values.get("name", "")))
    for row in own.rows:
        if not row.faulty:
            known.learn(register, row.key, row.key, row.values["name"])


def _programme(own: Sheet, known: Known) -> None:
    listed = {row.values.get("id") for row in own.rows}  # these may change numbers among themselves
    taken = {row["number"]: row["id"] for row in known.rows.get("programme", []) if row["id"] not in listed}
    for row in own.rows:
        row.key = row.values.get("id", "")
        folder = row.values.get("rules", "")
        if taken.get(row.values.get("number", ""), row.key) != row.key:
            own.note(row, "number", "这个序号已属于别的工种", "another job type has this number already")
        if folder:
            _open(own, row, folder, known)
    _once(own, "number", lambda row: row.values.get("number", ""))
    _once(own, "id", lambda row: row.key)


def _open(own: Sheet, row: Row, folder: str, known: Known) -> None:
    """The event a rule file opens, known to the sheets after this one."""
    there = next((one for one in known.rows.get("programme", []) if one["id"] == row.key), None)
    if there and there.get("rules") and there["rules"] != folder:
        zh, en = (
            "赛项已按另一份规则建立，请在赛项页更换规则",
            "the event is open under other rules: replace them on the event's page",
        )
        return own.note(row, "rules", zh, en)
    facts = known.rule_facts(folder)
    if facts is None:
        zh, en = f"没有可用的规则文件“{folder}”", f"there is no usable rule file “{folder}”"
        return own.note(row, "rules", zh, en)
    if row.key and row.key not in known.events and not row.faulty:
        names = (*facts.names, row.values.get("name", ""))
        known.events[row.key] = EventFacts(row.key, names, facts.attributes, facts.said, facts.seats)
        known.learn("events", row.key, row.key, *names, row.values.get("number", ""))


def _officials(own: Sheet, known: Known) -> None:
    """A row is one role of one official in one event, or (without an event) in all. Name and unit go with the user name."""
    first: dict[str, Row] = {}
    for row in own.rows:
        username = row.values["username"] = row.values.get("username", "").lower()
        row.key = "|".join((username, row.values.get("event", ""), row.values.get("role", "")))
        before = first.setdefault(username, row)
        for column, zh in (("name", "姓名"), ("unit", "单位")):
            if row.values.get(column) and before.values.get(column) and row.values[column] != before.values[column]:
                text = f"与第 {before.line} 行同一用户名的{zh}不同"
                own.note(row, column, text, f"line {before.line} has the same user name with another {column}")
        _seats(own, row, known)
    units = {row.values["username"]: row.values["unit"] for row in own.rows if row.values.get("unit")}
    for row in own.rows:
        if "unit" in row.values:
            row.values["unit"] = units.get(row.values["username"], "")
    _seals(own)
    _once(own, "username", lambda row: row.key if row.values["username"] else "")


def _seats(own: Sheet, row: Row, known: Known) -> None:
    """Seats are of the event, and of a judge."""
    said = sorted(set(filter(None, re.split(r"[、,，;；\s]+", row.values.get("seats", "")))))
    if not said:
        return
    event = known.events.get(row.values.get("event", ""))
    if event is None:
        return own.note(row, "seats", "填了裁判席就要填赛项", "seats need an event")
    if strange := [seat for seat in said if seat not in event.seats]:
        legal = "、".join(sorted(event.seats))
        zh = f"这个赛项没有裁判席 {'、'.join(strange)}，可用：{legal}"
        return own.note(row, "seats", zh, f"the event has no seat {', '.join(strange)}; use {legal}")
    row.values["seats"] = "、".join(said)


def _seals(own: Sheet) -> None:
    """Whoever seals codes never scores (rules.md section 10); a seat holds one judge."""
    roles: dict[str, set[str]] = {}
    holders: dict[str, Row] = {}
    for row in own.rows:
        held = roles.setdefault(row.values["username"], set())
        held.add(row.values.get("role", ""))
        if "encryptor" in held and held & {"judge", "chief", "clerk"}:
            own.note(row, "role", "加密员不得参与打分，请另选一人", "an encryptor never scores: choose somebody else")
        for seat in filter(None, row.values.get("seats", "").split("、")):
            place = f"{row.values.get('event')} {seat}"
            if holders.setdefault(place, row).values["username"] != row.values["username"]:
                zh = f"裁判席 {seat} 在第 {holders[place].line} 行已有人"
                own.note(row, "seats", zh, f"line {holders[place].line} has somebody in seat {seat} already")


def _once(own: Sheet, column: str, of: Callable[[Row], str]) -> None:
    """No two rows with the same value; an empty one is no value."""
    first: dict[str, Row] = {}
    for row in own.rows:
        value = of(row)
        if value and first.setdefault(value, row) is not row:
            line = first[value].line
            own.note(row, column, f"与第 {line} 行重复，请删去一行", f"line {line} has it already: delete one")


def _made_id(prefix: str, name: str) -> str:
    """A code for a name, the same every time; "" for no name."""
    return prefix + hashlib.sha256(fold(name).encode()).hexdigest()[:8] if name else ""
