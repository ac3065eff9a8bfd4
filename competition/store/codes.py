"""What stands for an entry while its name is sealed: a table for each layer, what two people gave for the draw, who opened it."""

from sqlalchemy import CheckConstraint, ForeignKey, Subquery, UniqueConstraint, literal, select, union_all
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base


class EntrantCode(Base):
    """Layer 1, 参赛号: drawn for the contestants."""

    __tablename__ = "entrant_code"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    code: Mapped[str]


class StationCode(Base):
    """Layer 2, 工位号: drawn for the stations."""

    __tablename__ = "station_code"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    code: Mapped[str]


class JudgingCode(Base):
    """Layer 3, 评审号: the only code that judges, tablets and score sheets see."""

    __tablename__ = "judging_code"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    code: Mapped[str]


LAYERS: dict[int, type[EntrantCode] | type[StationCode] | type[JudgingCode]] = {
    1: EntrantCode,
    2: StationCode,
    3: JudgingCode,
}


def every_code() -> Subquery:
    """The codes of all layers: event_id, entry_id, layer, code. Few acts may look at more than one layer at a time."""
    layers = (
        select(table.event_id, table.entry_id, literal(layer).label("layer"), table.code)
        for layer, table in LAYERS.items()
    )
    return union_all(*layers).subquery("code")


class Seed(Base):
    """One role's half of the seed of an event's draw: committed by digest before, shown only at decoding.

    `salt` is made by the machine, so that few words can't be guessed from the digest.
    """

    __tablename__ = "seed"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("official.id"))
    words: Mapped[str]
    digest: Mapped[str]
    at: Mapped[str]
    salt: Mapped[str] = mapped_column(server_default="")


class Opening(Base):
    """A layer that encryptor and supervisor have opened together."""

    __tablename__ = "opening"
    __table_args__ = (CheckConstraint("layer IN (1, 2, 3)", name="layer"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    layer: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    encryptor_id: Mapped[str] = mapped_column(ForeignKey("official.id"))
    supervisor_id: Mapped[str] = mapped_column(ForeignKey("official.id"))


class Interest(Base):
    """A judge of the same unit as an entry, kept in the seat by the encryptor with a reason."""

    __tablename__ = "interest"

    seat_id: Mapped[str] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("official.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    reason: Mapped[str]
    at: Mapped[str]
