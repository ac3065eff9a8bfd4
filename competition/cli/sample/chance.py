"""Chance that is the same on every machine: the sample games are drawn from a seed by SHA-256, so that two loads agree."""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")
WHOLE = 2**64


def drawn(*names: object) -> Fraction:
    """A number in [0, 1) that belongs to these names."""
    digest = hashlib.sha256("|".join(map(str, names)).encode()).digest()
    return Fraction(int.from_bytes(digest[:8]), WHOLE)


def below(limit: int, *names: object) -> int:
    """A whole number from 0 to `limit` - 1."""
    return int(drawn(*names) * limit)


def one_of(choices: Sequence[T], *names: object) -> T:
    """One of the choices."""
    return choices[below(len(choices), *names)]


def sample_bytes(seed: str) -> "_Stream":
    """What `secrets.token_bytes` is to a real day: bytes for ids and draws, from a seed."""
    return _Stream(seed)


class _Stream:
    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        out = b""
        while len(out) < size:
            out += hashlib.sha256(f"{self._seed}|{self._count}|{len(out)}".encode()).digest()
        return out[:size]
