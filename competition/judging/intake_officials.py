"""Writing officials of a confirmed import: who they are, their roles, and the judges' seats; a games has some seven hundred."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from competition.errors import Conflict
from competition.judging import setup
from competition.judging.acts import new_id
from competition.judging.officials import duties_clash
from competition.registers import Difference
from competition.store import HOUSE, append_all, people
from competition.store.games import Seat
from competition.store.people import Grant

if TYPE_CHECKING:
    from competition.judging.intake_rows import Writing


def write_officials(w: "Writing", rows: Sequence[Difference]) -> None:
    """New and changed rows: a row is one role of one official, in one event or all."""
    hands = _Hands(w)
    hands.officials([one.after for one in rows])
    hands.grants([one.after for one in rows if one.change == "new"])
    for one in rows:
        row = one.after
        if row["role"] == "judge" and row.get("event") and (one.change == "new" or "seats" in one.fields):
            hands.seat(hands.ids[row["username"]], row["event"], set(filter(None, row.get("seats", "").split("、"))))
    hands.finish()


def remove_officials(w: "Writing", rows: Sequence[Difference]) -> None:
    """Take roles back, and judges out of their seats. Nobody takes away the role they are doing this with."""
    hands = _Hands(w)
    for one in rows:
        row = one.before
        id = hands.ids[row["username"]]
        if id == w.by.id and row["role"] == "organiser":
            raise Conflict(
                "不能取消自己的组委会角色，没有写入。",
                "You can't take your own organiser's role away; nothing was written.",
            )
        if row["role"] == "judge" and row["event"]:
            hands.seat(id, row["event"], set())
        event = row["event"] or HOUSE
        w.steps.remove(Grant, {"official_id": id, "role": row["role"], "event_id": event})
        hands.line(event, "ungrant", official=id, role=row["role"])
    hands.finish()


class _Hands:
    """Writes officials, and keeps what goes into the ledger until the end."""

    def __init__(self, w: "Writing") -> None:
        self.w, self.conn, self.steps = w, w.steps.conn, w.steps
        official = people.Official
        self.ids = {row.username: row.id for row in self.conn.execute(select(official.username, official.id))}
        self.held: dict[str, set[tuple[str, str]]] = {}
        for row in self.conn.execute(select(Grant)):
            self.held.setdefault(row.official_id, set()).add((row.role, row.event_id))
        self.lines: dict[str, list[tuple[str, None, dict[str, Any]]]] = {}
        self.seats: dict[str, list[setup.SeatLine]] = {}

    def officials(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Everybody once: new ones are made, the others get the name and unit they have now."""
        made = []
        for row in {row["username"]: row for row in rows}.values():
            values = {"name": row["name"], "unit_id": row.get("unit") or None}
            if row["username"] in self.ids:
                self.steps.set(people.Official, {"id": self.ids[row["username"]]}, values)
            else:
                id = self.ids[row["username"]] = new_id(self.w.rng_bytes)
                made.append({"id": id, "username": row["username"], "tries": 0, **values})
                self.line(HOUSE, "official", official=id)
        self.steps.make(people.Official, made)

    def grants(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Roles. Conflict if whoever seals codes would score."""
        made = []
        for row in rows:
            id, event = self.ids[row["username"]], row.get("event") or HOUSE
            held = self.held.setdefault(id, set())
            beside = {role for role, where in held if HOUSE in (where, event) or where == event} | {row["role"]}
            if duties_clash(beside):
                raise Conflict(
                    f"{row['username']}：加密员不得参与打分，请另选一人。",
                    f"{row['username']}: an encryptor never scores. Choose somebody else.",
                )
            held.add((row["role"], event))
            made.append({"official_id": id, "role": row["role"], "event_id": event})
            self.line(event, "grant", official=id, role=row["role"])
        self.steps.make(Grant, made)

    def seat(self, official_id: str, event_id: str, wanted: set[str]) -> None:
        """The judge sits in these seats of the event and in no other of it."""
        if event_id not in self.seats:
            self.seats[event_id] = setup.seats(self.conn, event_id)
        for seat in self.seats[event_id]:
            after = official_id if seat.label in wanted else None
            if seat.official_id == after or (seat.label not in wanted and seat.official_id != official_id):
                continue
            if seat.official_id is None:
                self.steps.set(Seat, {"id": seat.id}, {"official_id": after})
                self.line(event_id, "seat", seat=seat.label, judge=after)
            else:  # somebody may hold a tablet there: the act for one seat takes it from them
                setup.seat_judge(self.conn, event_id, seat.label, after, self.w.by, self.w.at)
                self.steps.note_set(Seat, {"id": seat.id}, {"official_id": seat.official_id}, {"official_id": after})

    def line(self, event: str, kind: str, **body: object) -> None:
        """A line for the ledger."""
        self.lines.setdefault(event, []).append((kind, None, {"by": self.w.by.id, **body}))

    def finish(self) -> None:
        """Lines in the ledger: the registers of the house first, then event by event."""
        for event in sorted(self.lines, key=lambda id: (id != HOUSE, id)):
            append_all(self.conn, event, self.lines[event], self.w.at)
