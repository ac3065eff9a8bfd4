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
    """A certificate (证书): a number people read, a code machines verify. A row never changes once it is there.

    `status` is what it was issued as; what became of it since is told by its confirmed changes. `copy` counts the copies
    of one certificate from 0, `replaces` is the number of the paper this one takes the place of. `kind` is a kind of design;
    `unit_id` the unit whose certificate it is (organising_unit): entry and person then stand for its having taken part.
    """

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
    copy: Mapped[int] = mapped_column(server_default="0")
    replaces: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default="award")
    unit_id: Mapped[str | None]


class CertificateChange(Base):
    """What is to become of a certificate: asked for by one role, confirmed or refused by another.

    `reference` is the number of the decision a revocation rests on; `release_id` the final release in force when it was
    asked for; `successor` the number of the paper made by it.
    """

    __tablename__ = "certificate_change"
    __table_args__ = (
        CheckConstraint("kind IN ('reissue', 'correct', 'revoke')", name="kind"),
        CheckConstraint("settled IN ('confirmed', 'refused')", name="settled"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    certificate: Mapped[str] = mapped_column(ForeignKey("certificate.number"))
    kind: Mapped[str]
    reason: Mapped[str]
    reference: Mapped[str | None]
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("official.id"))
    asked_at: Mapped[str]
    settled: Mapped[str | None]
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("official.id"))
    settled_at: Mapped[str | None]
    answer: Mapped[str | None]
    successor: Mapped[str | None]
