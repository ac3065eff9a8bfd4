"""Passwords, PINs and tokens: what is kept of them, and how wrong tries are counted.

Tokens have 128 bits and more, so a sha256 is enough. PINs have six digits: no hash can protect them from whoever holds
the file, the lock-out after five tries does the work, and their hash is light because it runs on the writer's thread.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from competition.errors import NotAllowed
from competition.store import moment, stamp

TRIES = 5
BLOCK = timedelta(minutes=15)

_PASSWORDS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_PINS = PasswordHasher(time_cost=1, memory_cost=4 * 1024, parallelism=1)
NOBODY = _PASSWORDS.hash("nobody has this password")
"""What a try against an unknown name is checked against, so that it takes as long as any other."""


class TryRefused(NotAllowed):
    """A wrong PIN or password. The try has been counted, and the count must stay."""

    keeps_changes = True


@dataclass(frozen=True, slots=True)
class Tries:
    """How often it went wrong, and until when nothing is tried any more."""

    tries: int
    blocked_until: str | None

    def blocked(self, at: datetime) -> bool:
        """Whether tries are refused unseen."""
        return self.blocked_until is not None and moment(self.blocked_until) > at

    def after_wrong(self, at: datetime) -> Mapping[str, Any]:
        """The columns after one more wrong try."""
        if self.tries + 1 < TRIES:
            return {"tries": self.tries + 1}
        return {"tries": 0, "blocked_until": stamp(at + BLOCK)}


def token_hash(token: str) -> str:
    """What is kept of a token or cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _PASSWORDS.hash(password)


def hash_pin(pin: str) -> str:
    """What is kept of a PIN. Raises NotAllowed unless it is six digits."""
    if len(pin) != 6 or not (pin.isascii() and pin.isdigit()):
        raise NotAllowed("口令必须是 6 位数字。", "A PIN has six digits.")
    return _PINS.hash(pin)


def matches(hashed: str, secret: str) -> bool:
    """Whether the secret is the one the hash was made of."""
    try:
        return _PASSWORDS.verify(hashed, secret)
    except (VerifyMismatchError, InvalidHashError):
        return False
