"""The registers of the games: the programme, its chains, units and job types, the events with their frozen rules."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from competition.store.schema import Base


class Games(Base):
    """One edition of the whole programme (运动会)."""

    __tablename__ = "games"

    id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    host: Mapped[str]
    year: Mapped[int]


class Chain(Base):
    """An industry chain (产业链); groups events."""

    __tablename__ = "chain"

    id: Mapped[str] = mapped_column(primary_key=True)
    games_id: Mapped[str] = mapped_column(ForeignKey("games.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]


class Unit(Base):
    """A body that enters contestants and earns team points (单位/代表队)."""

    __tablename__ = "unit"

    id: Mapped[str] = mapped_column(primary_key=True)
    games_id: Mapped[str] = mapped_column(ForeignKey("games.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]


class JobType(Base):
    """An occupation an event tests (工种). `number` is its place in the games' list, 1 to 999, and is on certificates."""

    __tablename__ = "job_type"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    chain_id: Mapped[str | None] = mapped_column(ForeignKey("chain.id"))


class Event(Base):
    """One contest of one job type (赛项), under one edition of one rule file.

    `strip`: whether a judge marking an item sees their own earlier marks for it (本场已评). `venue`: where it takes place (赛场).
    """

    __tablename__ = "event"

    id: Mapped[str] = mapped_column(primary_key=True)
    games_id: Mapped[str] = mapped_column(ForeignKey("games.id"), index=True)
    job_type_id: Mapped[str | None] = mapped_column(ForeignKey("job_type.id"))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    edition_digest: Mapped[str]
    drawn_at: Mapped[str | None]
    decoded_at: Mapped[str | None]
    strip: Mapped[bool] = mapped_column(server_default=true())
    venue: Mapped[str] = mapped_column(server_default="")


class Edition(Base):
    """A rule file as the event used it: canonical bytes and their digest. Frozen when the first mark is recorded."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("event_id", "n"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    canonical: Mapped[bytes]
    filed_at: Mapped[str]
    frozen_at: Mapped[str | None]


class Slot(Base):
    """When and at which station a module is done (场次, 工位). gate: "" unless officials open and close the module's slots; then
    "waiting", "open" or "closed"."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("event_id", "module", "n", "station"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    module: Mapped[str]
    n: Mapped[int]
    station: Mapped[str]
    opens_at: Mapped[str | None]
    gate: Mapped[str] = mapped_column(server_default="")


class Seat(Base):
    """A place in a panel (裁判席); the judge is the person in it. Trainee seats never count."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("event_id", "panel", "n"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    panel: Mapped[str]
    n: Mapped[int]
    trainee: Mapped[bool]
    official_id: Mapped[str | None] = mapped_column(ForeignKey("official.id"))


class Absence(Base):
    """A seat that did not mark an entry ("*": any entry), said by the chief. A state, never a zero."""

    __tablename__ = "absence"

    seat_id: Mapped[str] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), index=True)
    reason: Mapped[str]
    at: Mapped[str]


class SampleKey(Base):
    """The sealed right answers of a sheet's samples (标准答案). The ledger holds only the salted digest."""

    __tablename__ = "sample_key"
    __table_args__ = (Index(None, "event_id", "module", "sheet"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    module: Mapped[str]
    sheet: Mapped[str]
    answers: Mapped[str]
    salt: Mapped[str]
    digest: Mapped[str]
    at: Mapped[str]
    replaced_at: Mapped[str | None]
