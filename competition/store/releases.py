"""What was made public: releases with their frozen rows, and the certificates that rest on them."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base


class Release(Base):
    """A notice (公示) or a final release (正式公布).

    `rows` is pseudonymous and stays; `people` (names by entry) and `document` (the bytes made public) name people and
    can be erased. The ledger keeps the digests of all three.
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "revision"),
        CheckConstraint("kind IN ('notice', 'final')", name="kind"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str]
    revision: Mapped[int]
    at: Mapped[str]
    window_closes: Mapped[str | None]
    rows: Mapped[str]
    people: Mapped[str | None]
    document: Mapped[bytes | None]
    document_digest: Mapped[str]
    rules_digest: Mapped[str]
    head_n: Mapped[int]
    head_hash: Mapped[str]
    reason: Mapped[str | None]


class Certificate(Base):
    """A certificate (证书): a number people read, a code machines verify, a status."""

    __tablename__ = "certificate"
    __table_args__ = (CheckConstraint("status IN ('valid', 'revoked', 'sample')", name="status"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    award: Mapped[str]
    status: Mapped[str]
    issued_at: Mapped[str]
    revoked_at: Mapped[str | None]
    reason: Mapped[str | None]
