"""Two small readings that no act offers: an official's roles anywhere, and how much the store holds."""

import sqlalchemy as sa

from competition import judging, store
from competition.store.games import Event, Games
from competition.store.people import Grant


def roles_anywhere(conn: sa.Connection, official: judging.Official) -> frozenset[str]:
    """Every role the official has in any event, for the header; what they may do in an event is asked there."""
    return frozenset(conn.scalars(sa.select(Grant.role).where(Grant.official_id == official.id)))


def host_of(conn: sa.Connection, event_id: str) -> str:
    """The body that holds the games: the issuer named on certificates."""
    query = sa.select(Games.host).join(Event, Event.games_id == Games.id).where(Event.id == event_id)
    return conn.scalar(query) or ""


def schema_revision(conn: sa.Connection) -> str:
    """The migration the store is at."""
    return str(conn.scalar(sa.text("SELECT version_num FROM alembic_version")))


def ledger_length(conn: sa.Connection) -> int:
    """How many marks and acts are on record."""
    return conn.scalar(sa.select(sa.func.max(store.Ledger.seq))) or 0
