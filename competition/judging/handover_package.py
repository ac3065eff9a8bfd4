"""What a tablet hands over when it can't reach the server: a package as a file, or a run of QR codes typed by a scanner.

Each QR code reads `JM1:<crc32 of the whole text, 8 hex>:<i>/<n>:<c|p>:<part>`, i from 1. The parts joined are base64url text:
of UTF-8 JSON (p), or of that deflated without a header (c). Lines may come in any order, repeated, several runs mixed.
Everything here is pure: text in, packages and findings out.
"""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from competition.errors import MarkError

LINE = re.compile(r"JM1:([0-9a-fA-F]{8}):([0-9]{1,4})/([0-9]{1,4}):([cp]):([A-Za-z0-9_=-]+)")
LARGEST = 8_000_000
"""Bytes of JSON; a day of a judge is some 100 kB, and a short text may unfold to anything."""


class HandedMark(Struct, frozen=True, tag_field="kind", tag="mark"):
    """A mark the tablet holds, as it would have sent it."""

    id: str
    sheet: str
    item: str
    value: str | None
    counter: int
    edition: str
    supersedes: str | None = None
    device_at: str | None = None
    reason: str | None = None


class HandedSign(Struct, frozen=True, tag_field="kind", tag="sign"):
    """A signature the tablet could not send. It isn't taken: the judge signs anew."""

    sheet: str


class Package(Struct, frozen=True):
    """The unsent marks of one tablet. `device` None: marks from before the tablet knew its own name."""

    v: Literal[1]
    kind: Literal["judge-marks"]
    event: str
    seat: str
    device: str | None
    made_at: str
    ops: Annotated[tuple[HandedMark | HandedSign, ...], Meta(max_length=20_000)]

    @property
    def marks(self) -> tuple[HandedMark, ...]:
        """The marks, in the order they were made."""
        return tuple(op for op in self.ops if isinstance(op, HandedMark))

    @property
    def signed(self) -> tuple[str, ...]:
        """The sheets that were signed on the tablet and must be signed anew."""
        return tuple(sorted({op.sheet for op in self.ops if isinstance(op, HandedSign)}))


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run of QR codes of which parts are missing."""

    crc: str
    parts: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A line, or a whole run (line 0), that can't be read, and what to do."""

    line: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a text of scanned lines holds."""

    packages: tuple[Package, ...]
    unfinished: tuple[Unfinished, ...]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Run:
    parts: int
    form: str
    texts: dict[int, str]


def read_package(raw: bytes) -> Package:
    """The package in a file. MarkError when it is none."""
    try:
        return msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=Package)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise MarkError(
            "这不是平板导出的分数。请在平板上重新导出，再选那个文件。",
            "These are no marks exported by a tablet. Export them on the tablet again and choose that file.",
        ) from None


def read_text(text: str) -> Scanned:
    """What was typed into the box: the JSON of a package, or the lines of QR codes as a scanner typed them."""
    if text.lstrip("\ufeff \r\n\t").startswith("{"):
        return Scanned((read_package(text.strip("\ufeff \r\n\t").encode()),), (), ())
    runs: dict[tuple[str, int, str], _Run] = {}
    faults: list[Fault] = []
    for n, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r"\s+", "", line.strip("\ufeff"))
        if not bare:
            continue
        found = LINE.fullmatch(bare)
        place, of = (int(found[2]), int(found[3])) if found else (0, 0)
        if found is None or not 1 <= place <= of:
            faults.append(
                Fault(n, "这一行不是平板上的二维码，已跳过", "this line is no code of a tablet; it is skipped")
            )
            continue
        run = runs.setdefault((found[1].lower(), of, found[4]), _Run(of, found[4], {}))
        run.texts[place] = found[5]  # scanned again after a misreading, the later line stands
    return _gathered(runs, faults)


def _gathered(runs: dict[tuple[str, int, str], _Run], faults: list[Fault]) -> Scanned:
    packages, unfinished = [], []
    for (crc, _, _), run in runs.items():
        missing = tuple(n for n in range(1, run.parts + 1) if n not in run.texts)
        if missing:
            unfinished.append(Unfinished(crc, run.parts, missing))
            continue
        try:
            packages.append(read_package(_unfolded(crc, run)))
        except MarkError as refusal:
            faults.append(Fault(0, refusal.zh, refusal.en))
    return Scanned(tuple(packages), tuple(unfinished), tuple(faults))


def _unfolded(crc: str, run: _Run) -> bytes:
    text = "".join(run.texts[n] for n in sorted(run.texts))
    if f"{zlib.crc32(text.encode()):08x}" != crc:
        raise MarkError(
            f"{crc} 这一组二维码扫错了，校验不符。请清空后整组重扫。",
            f"The codes of {crc} were misread: the check sum differs. Empty the box and scan the whole run again.",
        )
    try:
        raw = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
        return raw if run.form == "p" else _inflated(raw)
    except (binascii.Error, zlib.error, ValueError):
        raise MarkError(
            f"{crc} 这一组二维码解不开。请在平板上重新导出。",
            f"The codes of {crc} can't be unfolded. Export them on the tablet again.",
        ) from None


def _inflated(raw: bytes) -> bytes:
    unfold = zlib.decompressobj(-zlib.MAX_WBITS)
    content = unfold.decompress(raw, LARGEST)
    if unfold.unconsumed_tail or not unfold.eof:
        raise ValueError("too long, or cut off")
    return content
