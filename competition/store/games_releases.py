"""What the whole games publish: the rules of their tables and titles, and the releases made by them."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base


class GamesRules(Base):
    """The tables and titles of a games as somebody filed them: the text of a games.toml. The newest is in force, none is ever lost."""

    __tablename__ = "games_rules"

    games_id: Mapped[str] = mapped_column(ForeignKey("games.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    text: Mapped[str]
    filed_at: Mapped[str]


class GamesRelease(Base):
    """A notice or a final release of the games' tables.

    `basis` says what they were computed from: the final release of each event, and for which unit each entry counted. `rows` are the
    tables, `names` what its units, chains and events were called, `document` the bytes made public. No person is in any of them. The
    ledger keeps the digests of all four.
    """

    __tablename__ = "games_release"
    __table_args__ = (
        UniqueConstraint("games_id", "kind", "revision"),
        CheckConstraint("kind IN ('notice', 'final')", name="kind"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    games_id: Mapped[str] = mapped_column(ForeignKey("games.id"))
    kind: Mapped[str]
    revision: Mapped[int]
    at: Mapped[str]
    window_closes: Mapped[str | None]
    basis: Mapped[str]
    rows: Mapped[str]
    names: Mapped[str]
    document: Mapped[bytes]
    document_digest: Mapped[str]
    rules_digest: Mapped[str]
    head_n: Mapped[int]
    head_hash: Mapped[str]
    reason: Mapped[str | None]
