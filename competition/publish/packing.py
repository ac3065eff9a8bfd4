"""Many files as one ZIP, handed out while the next is still being made; the same files at the same time give the same bytes."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SUMS = "SHA256SUMS"
Make = Callable[[], bytes]


def packed(files: Iterable[tuple[str, Make]], at: datetime) -> Iterator[bytes]:
    """The ZIP piece by piece. Each file is made when its turn comes; the last one, `SHA256SUMS`, has the sums of all others.

    at: the time written beside every file, on the venue's clock.
    """
    tap, sums = _Tap(), []
    with ZipFile(cast(BinaryIO, tap), "w", ZIP_DEFLATED) as pack:
        for name, make in files:
            content = make()
            sums.append(f"{sha256(content).hexdigest()}  {name}\n")
            pack.writestr(_entry(name, at), content)
            yield tap.taken()
        pack.writestr(_entry(SUMS, at), "".join(sums).encode())
    yield tap.taken()


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
    return entry


class _Tap:
    """What `ZipFile` writes to, without a way back: it can be handed on at once."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> bytes:
        """What was written since it was last taken."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
