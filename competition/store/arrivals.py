"""Check-in (检录): who came, by number. Names stay in the register of people; codes are not known here."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base


class CheckIn(Base):
    """The check-in of an event: when it was opened, when it ends, and when the chief closed it."""

    __tablename__ = "check_in"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    opened_at: Mapped[str]
    until: Mapped[str]
    closed_at: Mapped[str | None]


class Arrival(Base):
    """An entry's check-in number (检录号), and when it came. The number is of the whole games and is no code of the draw."""

    __tablename__ = "arrival"

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    at: Mapped[str | None]
    official_id: Mapped[str | None] = mapped_column(ForeignKey("official.id"))
