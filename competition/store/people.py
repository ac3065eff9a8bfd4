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


class Identity(Base):
    """A contestant's numbers, encrypted with a key that lies outside the database. Empty once erased.

    `matched` is a keyed hash of the document's number: it finds the same person again and tells nothing without the key.
    """

    __tablename__ = "identity"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    document: Mapped[bytes | None]
    matched: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[bytes | None]


class Entry(Base):
    """What competes in an event (参赛): a person, pair or team. `attributes` is JSON text; `status` as the chief set it.

    `team` is what the unit calls a pair or team, where it has a name; its members say who is in it.
    """

    __tablename__ = "entry"
    __table_args__ = (CheckConstraint("status IN ('', 'dns', 'dnf', 'dsq', 'void', 'withdrawn')", name="status"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    status: Mapped[str]
    attributes: Mapped[str]
    created_at: Mapped[str]
    team: Mapped[str | None]


class EntryMember(Base):
    """A person in an entry, in the order names are printed."""

    __tablename__ = "entry_member"

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    position: Mapped[int]


class Official(Base):
    """Somebody with duties. Judges may have no password: they hold a paired tablet instead.

    `unit_id` is whom they work for, so that nobody marks their own unit's contestants. `password_until` is set while the
    password is one that the organiser gave out: good until then, and only for choosing one's own.
    """

    __tablename__ = "official"

    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    tries: Mapped[int]
    blocked_until: Mapped[str | None]
    disabled_at: Mapped[str | None]
    password_until: Mapped[str | None]
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))


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


class Intake(Base):
    """A file that an organiser brought: first a draft, then confirmed, perhaps undone.

    `file_name`, `content` and `fixes` (the file, and cells mended on screen, while it is a draft) and `undo` (what to put back) are
    encrypted like the numbers, and may be emptied at any time; `counts` is JSON text with numbers only.
    """

    __tablename__ = "intake"

    id: Mapped[str] = mapped_column(primary_key=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("official.id"))
    at: Mapped[str]
    file_name: Mapped[bytes | None]
    content: Mapped[bytes | None]
    fixes: Mapped[bytes | None]
    digest: Mapped[str]
    counts: Mapped[str]
    confirmed_at: Mapped[str | None]
    undo: Mapped[bytes | None]
    undone_at: Mapped[str | None]
