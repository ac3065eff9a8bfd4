"""Tablets and desks: how a device came to sit in a seat, and who is signed in. Secrets are kept only as hashes."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base


class Pairing(Base):
    """A QR card for one seat: used once, with a PIN, before it expires."""

    __tablename__ = "pairing"

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seat.id"), index=True)
    pin_hash: Mapped[str]
    tries: Mapped[int]
    blocked_until: Mapped[str | None]
    made_at: Mapped[str]
    expires_at: Mapped[str]
    used_at: Mapped[str | None]


class Device(Base):
    """A paired tablet. Its bearer token is kept as a hash, its PIN signs sheets.

    `unsent` and all after `revoked_at` is what it last said of itself: the sheet that is open on it and since when it is
    known to be, how many milliseconds its clock is ahead of the server's (negative: behind), its battery in percent, the
    version of its program. None is "not known".
    """

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(primary_key=True)
    seat_id: Mapped[str] = mapped_column(ForeignKey("seat.id"), index=True)
    official_id: Mapped[str | None] = mapped_column(ForeignKey("official.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    pin_hash: Mapped[str]
    tries: Mapped[int]
    blocked_until: Mapped[str | None]
    paired_at: Mapped[str]
    last_seen: Mapped[str | None]
    unsent: Mapped[int]
    revoked_at: Mapped[str | None]
    open_sheet: Mapped[str | None]
    open_at: Mapped[str | None]
    clock_ms: Mapped[int | None]
    battery: Mapped[int | None]
    app: Mapped[str | None]


class Jotting(Base):
    """A judge's own workings on one item ("" is the whole sheet): 待定 flag, a confirmed extreme, a note. No evidence.

    They are not in the ledger and are erased with personal data. `counter` orders the workings of one device.
    """

    __tablename__ = "jotting"

    seat_id: Mapped[str] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    sheet_id: Mapped[str] = mapped_column(ForeignKey("sheet.id"), primary_key=True, index=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[str]
    counter: Mapped[int]
    flag: Mapped[bool]
    zero: Mapped[bool]
    note: Mapped[str]
    at: Mapped[str]


class DeskSession(Base):
    """An official signed in at a desk; the cookie is kept as a hash."""

    __tablename__ = "desk_session"

    cookie_hash: Mapped[str] = mapped_column(primary_key=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("official.id"), index=True)
    started_at: Mapped[str]
    expires_at: Mapped[str]
    ended_at: Mapped[str | None]


class Message(Base):
    """A message to the tablets of an event, or (event_id "*") of all; shown until it is acknowledged or taken back."""

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(index=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("official.id"))
    text: Mapped[str]
    at: Mapped[str]
    ended_at: Mapped[str | None]


class MessageSeen(Base):
    """That whoever holds a tablet has acknowledged a message. No evidence: not in the ledger."""

    __tablename__ = "message_seen"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    at: Mapped[str]
