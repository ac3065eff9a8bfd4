"""Objections to a result or a procedure (申诉): kept apart from the ledger, because they are written by people about people."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base

WAITING = ("open", "upheld")
"""Appeals in these states keep the final release back."""


class Appeal(Base):
    """One appeal. `said` is what it says and may be erased; the ledger keeps its digest and what became of it.

    `entry_id` is whom it is about, None for a procedure of the whole event. `state`: open, late (not heard), dismissed, upheld
    (something is to be put right), done (it was).
    """

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("event_id", "n"),
        CheckConstraint("state IN ('open', 'late', 'dismissed', 'upheld', 'done')", name="state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    n: Mapped[int]
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entry.id"))
    said: Mapped[str | None]
    at: Mapped[str]
    deadline: Mapped[str | None]
    state: Mapped[str]
    answer: Mapped[str | None]
    answered_at: Mapped[str | None]
