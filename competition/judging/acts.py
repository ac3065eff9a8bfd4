"""What every act leaves behind: a line in the ledger with who, when and why. Ids only: never a name, never a unit."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from competition.errors import MarkError
from competition.store import HOUSE, Line, append

if TYPE_CHECKING:
    from competition.judging.officials import Official

RngBytes = Callable[[int], bytes]
"""Where chance comes from: n -> n random bytes."""


def note(conn: Connection, event_id: str | None, kind: str, by: "Official | None", at: datetime, **body: Any) -> Line:
    """Record an act. `by` is None only for what the program does by itself while it is being installed."""
    return append(conn, event_id or HOUSE, kind, None, {"by": by.id if by else None, **body}, at)


def because(reason: str) -> str:
    """The reason as it is recorded. An act that needs one is refused without it."""
    text = reason.strip()
    if not text:
        raise MarkError("请写明理由，然后再试。", "Give a reason, then try again.")
    return text


def new_id(rng_bytes: RngBytes) -> str:
    """A fresh id: 32 hexadecimal digits that tell nothing."""
    return rng_bytes(16).hex()
