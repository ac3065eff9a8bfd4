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
    """A paired tablet. Its bearer token is kept as a hash, its PIN signs sheets."""

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


class DeskSession(Base):
    """An official signed in at a desk; the cookie is kept as a hash."""

    __tablename__ = "desk_session"

    cookie_hash: Mapped[str] = mapped_column(primary_key=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("official.id"), index=True)
    started_at: Mapped[str]
    expires_at: Mapped[str]
    ended_at: Mapped[str | None]
