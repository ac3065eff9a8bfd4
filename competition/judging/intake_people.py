"""Writing contestants of a confirmed import: people with their encrypted numbers, entries, and who is in which."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from competition.judging.acts import new_id
from competition.judging.on_record import person_ids, stored_attributes
from competition.judging.setup import check_attributes
from competition.registers import Difference
from competition.rules import Rules
from competition.store import HOUSE, append_all, canonical, stamp, thawed
from competition.store.people import Entry, EntryMember, Identity, Person

if TYPE_CHECKING:
    from competition.judging.intake_rows import Writing

Row = Mapping[str, str]
OWN = ("name", "unit", "identity", "phone", "consent")
"""What belongs to a person, whatever they enter."""


def write_contestants(w: "Writing", rows: Sequence[Difference]) -> None:
    """New and changed rows. A person of several rows is one person; people of one event and team are one entry."""
    hands = _Hands(w)
    hands.people([one.after for one in rows if one.change == "new"])
    for one in rows:
        if one.change == "changed":
            hands.change(one)
    hands.enter([one.after for one in rows if one.change == "new"])
    for one in rows:
        if "team" in one.fields or "attributes" in one.fields:
            hands.regroup(one)
    hands.finish()


def remove_contestants(w: "Writing", rows: Sequence[Difference]) -> None:
    """Take people out of events; who is left in none is taken off the register."""
    hands = _Hands(w)
    for one in rows:
        person, event = hands.ids[one.before["person"]], one.before["event"]
        hands.leave(person, event)
        hands.lines.setdefault(event, []).append(("entry-removed", {"by": w.by.id, "person": person}))
        if not hands.entries_of(person):
            w.steps.remove(Identity, {"person_id": person})
            w.steps.remove(Person, {"id": person})
    hands.finish()


class _Hands:
    """Writes people and entries, and keeps what goes into the ledger until the end."""

    def __init__(self, w: "Writing") -> None:
        self.w, self.conn, self.steps, self.vault = w, w.steps.conn, w.steps, w.facts.vault
        self.ids = person_ids(self.conn, self.vault)
        self.lines: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        self.rules: dict[str, Rules] = {}

    def people(self, rows: Sequence[Row]) -> None:
        """Who isn't there yet. `person` in such a row is a name for the newcomer, the same in all their rows."""
        new: dict[str, Row] = {}
        for row in rows:
            if row["person"] not in self.ids:
                before = new.setdefault(row["person"], row)
                new[row["person"]] = {**row, **{k: v for k, v in before.items() if v}}
        persons, numbers = [], []
        for name, row in new.items():
            id = self.ids[name] = new_id(self.w.rng_bytes)
            consent = f"{row['consent']}T00:00:00.000Z" if row.get("consent") else None
            persons.append({"id": id, "name": row["name"], "unit_id": row.get("unit") or None, "consent_at": consent})
            if row.get("identity") or row.get("phone"):
                numbers.append({"person_id": id, **self._numbers(id, row)})
            self.lines.setdefault(HOUSE, []).append(("person", {"by": self.w.by.id, "person": id}))
        self.steps.make(Person, persons)
        self.steps.make(Identity, numbers)

    def enter(self, rows: Sequence[Row]) -> None:
        """An entry for everybody without a team; people of a team join the team's."""
        entries, members = [], []
        teams = self._teams()
        for row in rows:
            event, team, person = row["event"], row.get("team") or None, self.ids[row["person"]]
            place = teams.get((event, team or ""))
            if place is None:
                entry = self._entry(row)
                entries.append(entry)
                place = [entry["id"], 0]
                if team:
                    teams[event, team] = place
            place[1] += 1
            members.append({"entry_id": place[0], "person_id": person, "position": place[1]})
        self.steps.make(Entry, entries)
        self.steps.make(EntryMember, members)

    def change(self, one: Difference) -> None:
        """What belongs to the person, and the unit of their entry."""
        person, row = self.ids[one.after["person"]], one.after
        if not set(OWN) & set(one.fields):
            return
        consent = f"{row['consent']}T00:00:00.000Z" if row.get("consent") else None
        values = {"name": row["name"], "unit_id": row.get("unit") or None}
        if "consent" in one.fields:
            values["consent_at"] = consent
        self.steps.set(Person, {"id": person}, values)
        if {"identity", "phone"} & set(one.fields):
            self._renumber(person, row)
        if "unit" in one.fields:
            for entry in self.entries_of(person, row["event"]):
                self.steps.set(Entry, {"id": entry}, {"unit_id": row.get("unit") or None})
        self.lines.setdefault(HOUSE, []).append(("person", {"by": self.w.by.id, "person": person}))

    def regroup(self, one: Difference) -> None:
        """Another team, or other attributes: into the entry where those belong."""
        row, person = one.after, self.ids[one.after["person"]]
        if "team" in one.fields:
            self.leave(person, row["event"])
            self.enter([row])
            return
        attributes = self._attributes(row)
        for entry in self.entries_of(person, row["event"]):
            self.steps.set(Entry, {"id": entry}, {"attributes": canonical(attributes)})
            line = {"by": self.w.by.id, "entry": entry, "attributes": attributes}
            self.lines.setdefault(row["event"], []).append(("entry", line))

    def leave(self, person: str, event: str) -> None:
        """Take a person out of their entry; an entry without anybody goes."""
        for entry in self.entries_of(person, event):
            self.steps.remove(EntryMember, {"entry_id": entry, "person_id": person})
            if not self.conn.scalar(select(EntryMember.person_id).where(EntryMember.entry_id == entry).limit(1)):
                self.steps.remove(Entry, {"id": entry})

    def entries_of(self, person: str, event: str | None = None) -> list[str]:
        """A person's entries, in one event or all."""
        query = (
            select(Entry.id).join(EntryMember, EntryMember.entry_id == Entry.id).where(EntryMember.person_id == person)
        )
        return list(self.conn.scalars(query if event is None else query.where(Entry.event_id == event)))

    def finish(self) -> None:
        """Lines in the ledger: the registers of the house first, then event by event."""
        for event in sorted(self.lines, key=lambda id: (id != HOUSE, id)):
            append_all(self.conn, event, [(kind, None, body) for kind, body in self.lines[event]], self.w.at)

    def _entry(self, row: Row) -> dict[str, Any]:
        event, attributes = row["event"], self._attributes(row)
        id = new_id(self.w.rng_bytes)
        line = {"by": self.w.by.id, "entry": id, "attributes": attributes}
        self.lines.setdefault(event, []).append(("entry", line))
        return {
            "id": id, "event_id": event, "unit_id": row.get("unit") or None, "status": "", "attributes": canonical(attributes),
            "created_at": stamp(self.w.at), "team": row.get("team") or None,
        }  # fmt: skip

    def _attributes(self, row: Row) -> dict[str, str]:
        attributes = stored_attributes(row.get("attributes", ""))
        event = row["event"]
        if event not in self.rules:
            self.rules[event] = thawed(self.conn, event)
        check_attributes(self.rules[event], attributes)
        return attributes

    def _teams(self) -> dict[tuple[str, str], list[Any]]:
        """(event, team) -> its entry and its highest position."""
        query = (
            select(Entry.id, Entry.event_id, Entry.team, EntryMember.position)
            .join(EntryMember, EntryMember.entry_id == Entry.id)
            .where(Entry.team.is_not(None))
            .order_by(EntryMember.position)
        )
        return {(row.event_id, row.team): [row.id, row.position] for row in self.conn.execute(query)}

    def _numbers(self, person: str, row: Row) -> dict[str, Any]:
        number, phone = row.get("identity"), row.get("phone")
        return {
            "document": self.vault.seal(number, person, "document") if number else None,
            "matched": self.vault.match(number) if number else None,
            "phone": self.vault.seal(phone, person, "phone") if phone else None,
        }

    def _renumber(self, person: str, row: Row) -> None:
        values = self._numbers(person, row)
        if self.conn.scalar(select(Identity.person_id).where(Identity.person_id == person)) is None:
            self.steps.make(Identity, [{"person_id": person, **values}])
        else:
            self.steps.set(Identity, {"person_id": person}, values)
