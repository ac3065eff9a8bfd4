"""The registers of people: everything here that names somebody can be erased, and the ledger still verifies."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base


class Person(Base):
    """A contestant as a person. `name` is empty once erased."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    consent_at: Mapped[str | None]
    erase_after: Mapped[str | None]
    erased_at: Mapped[str | None]


class Entry(Base):
    """What competes in an event (参赛): a person, pair or team. `attributes` is JSON text; `status` as the chief set it."""

    __tablename__ = "entry"
    __table_args__ = (CheckConstraint("status IN ('', 'dns', 'dnf', 'dsq', 'void', 'withdrawn')", name="status"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    status: Mapped[str]
    attributes: Mapped[str]
    created_at: Mapped[str]


class EntryMember(Base):
    """A person in an entry, in the order names are printed."""

    __tablename__ = "entry_member"

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    position: Mapped[int]


class Official(Base):
    """Somebody with duties. Judges may have no password: they hold a paired tablet instead."""

    __tablename__ = "official"

    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    tries: Mapped[int]
    blocked_until: Mapped[str | None]
    disabled_at: Mapped[str | None]


class Grant(Base):
    """A role of an official, in one event or (event_id "*") in all."""

    __tablename__ = "grant"
    __table_args__ = (Index(None, "event_id", "role"),)

    official_id: Mapped[str] = mapped_column(ForeignKey("official.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)


class Signature(Base):
    """The strokes of a signature, kept apart from the ledger so that they can be erased."""

    __tablename__ = "signature"

    id: Mapped[str] = mapped_column(primary_key=True)
    sheet_id: Mapped[str] = mapped_column(index=True)
    official_id: Mapped[str | None] = mapped_column(ForeignKey("official.id"))
    strokes: Mapped[str | None]
    at: Mapped[str]
    erased_at: Mapped[str | None]
