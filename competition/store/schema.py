"""What all tables share: one metadata, names for constraints, text and integers only.

No column is ever REAL: marks are text, counts are integers, times are TEXT in UTC with milliseconds, so that two rows
compare as their times do and SQLite and PostgreSQL hold the same thing.
"""

from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import Integer, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

HOUSE = "*"
"""The event id of acts that belong to no event: sign-ins, registers of the house."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {str: Text, int: Integer, bytes: LargeBinary}


def stamp(at: datetime) -> str:
    """A moment as it is stored: `2026-11-22T08:30:00.125Z`. A time without a zone is a bug and raises ValueError."""
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The moment a stored text means."""
    return datetime.fromisoformat(text)
