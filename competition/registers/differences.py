"""What an import would do to each row: new, changed, the same; and rows that the file no longer has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from competition.registers.known import Known, Values
from competition.registers.reading import Row, Sheet

Change = Literal["new", "changed", "gone", "same"]
HIDDEN = ("person",)
"""Never shown as a change: it says who a row is, not what it holds."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One row before and after. `line` is its place in the file, 0 for one that is gone; `fields` are those that change."""

    change: Change
    key: str
    line: int
    before: Values
    after: Values
    fields: tuple[str, ...] = ()


def key_of(register: str, values: Values) -> str:
    """The key of a row that is there; as `keys` and `contestants` give one to a row of a file."""
    if register == "officials":
        return "|".join((values["username"], values["event"], values["role"]))
    return f"{values['person']}|{values['event']}" if register == "contestants" else values["id"]


def compare(own: Sheet, known: Known) -> list[Difference]:
    """Changed first, then new, gone, and the same. Rows with an error are left out: they have a fault of their own.

    A column that the file doesn't have changes nothing.
    """
    register = own.register.id
    there = {key_of(register, values): values for values in known.rows.get(register, [])}
    found = [_difference(row, there.get(row.key)) for row in own.rows if not row.faulty]
    listed = {row.key for row in own.rows}
    gone = [
        Difference("gone", key, 0, values, {})
        for key, values in there.items()
        if key not in listed and not _of_house(values)
    ]
    for one in (*found, *gone):
        _drawn(own, one, known)
    order = {"changed": 0, "new": 1, "gone": 2, "same": 3}
    return sorted((*found, *gone), key=lambda one: order[one.change])


def _of_house(values: Values) -> bool:
    """Who runs the house is on no list of judges, and not gone for that."""
    return values.get("role") == "organiser" and not values.get("event")


def _difference(row: Row, before: Values | None) -> Difference:
    if before is None:
        return Difference("new", row.key, row.line, {}, row.values)
    after = {**before, **row.values}
    fields = tuple(name for name in after if name not in HIDDEN and after[name] != before.get(name, ""))
    return Difference("changed" if fields else "same", row.key, row.line, before, after, fields)


def _drawn(own: Sheet, one: Difference, known: Known) -> None:
    """After an event's draw nobody joins it, and no entry is made anew: its codes are given."""
    event = known.events.get((one.after or one.before).get("event", ""))
    shifts = one.change == "new" or bool({"team", "attributes"} & set(one.fields))
    if own.register.id == "contestants" and event is not None and event.drawn and one.line and shifts:
        zh, en = (
            "这个赛项已经抽签，不能再增加或改组参赛",
            "the event's codes are drawn: entries can't be added or regrouped",
        )
        own.note(Row(one.line, {}), "event", zh, en)


__all__: Sequence[str] = ["Change", "Difference", "compare", "key_of"]
