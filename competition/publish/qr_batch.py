"""QR codes by the thousand: segno draws the first of a kind, and here the others are worked out from it.

Codes with as many bytes, as many digits and the same level differ in their data modules alone. So the first one gives version, patterns
and mask; the next ones need only their codewords (ISO/IEC 18004: segments, padding, Reed-Solomon, interleaving) put in the same places.
Forty times as fast as encoding each anew. The first is worked out here too and compared: were they to differ, segno draws them all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from operator import itemgetter
from typing import Any

import segno
from segno import consts

MASK = 2  # fixed: choosing the best of eight costs five times the time, and readers take any
SMALL = 9  # up to this version a segment's length has 8 bits (bytes) or 10 (digits); up to 26 it has 16 or 12
DATA = (consts.TYPE_DATA_LIGHT, consts.TYPE_DATA_DARK)
ZERO = ord("0")
Rows = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What codes of one kind share: where bits go (`pick`), what they are laid over (`under`), and how they are made safe."""

    side: int
    small: bool
    blocks: tuple[tuple[int, int], ...]
    places: int
    pick: Any
    under: int


def rows_of(head: str, digits: str, error: str) -> Rows:
    """The modules without a margin, a byte each: `head` as bytes, then `digits` (when there are any) as a number. ASCII only."""
    kind = _kind(len(head), len(digits), error, (head, digits))
    return _rows(kind, head, digits) if kind else _by_segno(head, digits, error)[0]


_KINDS: dict[tuple[int, int, str], _Kind | None] = {}


def _kind(head: int, digits: int, error: str, first: tuple[str, str]) -> _Kind | None:
    key = (head, digits, error)
    if key not in _KINDS:
        drawn, code = _by_segno(*first, error)
        kind = _learnt(code)
        _KINDS[key] = kind if kind and _rows(kind, *first) == drawn else None
    return _KINDS[key]


def _by_segno(head: str, digits: str, error: str) -> tuple[Rows, segno.QRCode]:
    parts: Any = [(head, consts.MODE_BYTE), (digits, consts.MODE_NUMERIC)] if digits else head
    code = segno.make_qr(parts, error=error, boost_error=False, mask=MASK)
    return tuple(bytes(row) for row in code.matrix), code


def _learnt(code: segno.QRCode) -> _Kind | None:
    """The kind of a code; None for one too large."""
    version = int(code.version)
    if version > 26:
        return None
    side = len(code.matrix)
    is_data = [[module in DATA for module in row] for row in code.matrix_iter(border=0, verbose=True)]
    is_data[8][side - 9] = True  # segno 1.6 calls this one a module of the format
    order = [y * side + x for x, y in _zigzag(side) if is_data[y][x]]
    number = {place: n for n, place in enumerate(order)}
    under = bytearray()
    for y, row in enumerate(code.matrix):
        for x, dark in enumerate(row):
            under.append(ZERO ^ (x % 3 == 0 if is_data[y][x] else dark))
    shared: Any = consts.ECC  # version -> level -> groups of blocks
    level = {"L": consts.ERROR_LEVEL_L, "M": consts.ERROR_LEVEL_M, "Q": consts.ERROR_LEVEL_Q, "H": consts.ERROR_LEVEL_H}
    blocks = tuple(
        (info.num_data, info.num_total - info.num_data)
        for info in shared[version][level[code.error]]
        for _ in range(info.num_blocks)
    )
    pick = itemgetter(*(number.get(place, len(order)) for place in range(side * side)))
    return _Kind(side, version <= SMALL, blocks, len(order), pick, int.from_bytes(under))


def _zigzag(side: int) -> Iterator[tuple[int, int]]:
    """The order in which bits are laid: pairs of columns from the right, up and down in turn, past the timing column."""
    rights = [*range(side - 1, 6, -2), *range(5, 0, -2)]
    for n, right in enumerate(rights):
        for y in range(side) if n % 2 else range(side - 1, -1, -1):
            yield right, y
            yield right - 1, y


def _rows(kind: _Kind, head: str, digits: str) -> Rows:
    words = _codewords(kind, head, digits)
    bits = f"{int.from_bytes(words):0{8 * len(words)}b}".ljust(kind.places + 1, "0").encode()
    laid = (int.from_bytes(bytes(kind.pick(bits))) ^ kind.under).to_bytes(kind.side**2)
    return tuple(laid[at : at + kind.side] for at in range(0, len(laid), kind.side))


def _codewords(kind: _Kind, head: str, digits: str) -> bytes:
    """Data and check words of all blocks, interleaved."""
    data = _data(kind, head, digits)
    parts, at = [], 0
    for length, check in kind.blocks:
        part = data[at : at + length]
        parts.append((part, _check(part, check)))
        at += length
    return bytes(_in_turn([part for part, _ in parts])) + bytes(_in_turn([check for _, check in parts]))


def _in_turn(parts: Sequence[bytes]) -> Iterator[int]:
    return (word for word in chain.from_iterable(zip_longest(*parts)) if word is not None)


def _data(kind: _Kind, head: str, digits: str) -> bytes:
    """The segments with their lengths, the end, and the filling up to the version's capacity."""
    bits = f"0100{len(head):0{8 if kind.small else 16}b}{int.from_bytes(head.encode('ascii')):0{8 * len(head)}b}"
    if digits:
        groups = (digits[at : at + 3] for at in range(0, len(digits), 3))
        bits += f"0001{len(digits):0{10 if kind.small else 12}b}"
        bits += "".join(f"{int(group):0{3 * len(group) + 1}b}" for group in groups)
    room = sum(length for length, _ in kind.blocks)
    bits += "0" * min(4, 8 * room - len(bits))
    bits += "0" * min(
        8 - len(bits) % 8, 8 * room - len(bits)
    )  # a whole word of zeros where none is needed, as segno has it
    content = int(bits, 2).to_bytes(len(bits) // 8)
    return content + (b"\xec\x11" * room)[: room - len(content)]


def _check(part: bytes, words: int) -> bytes:
    """The Reed-Solomon check words of a block: what is left when it is divided by the generator, a whole byte at a time."""
    table, top, keep = _divisor(words), 8 * (words - 1), (1 << 8 * words) - 1
    left = 0
    for word in part:
        left = (left << 8 & keep) ^ table[left >> top ^ word]
    return left.to_bytes(words)


@cache
def _divisor(words: int) -> tuple[int, ...]:
    """The generator of so many check words, times each byte, in GF(256) by x⁸+x⁴+x³+x²+1; the leading term left out."""
    power, value = [], 1
    for _ in range(255):
        power.append(value)
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    log = {value: n for n, value in enumerate(power)}

    def times(one: int, other: int) -> int:
        return power[(log[one] + log[other]) % 255] if one and other else 0

    generator = [1]
    for n in range(words):
        longer = [*generator, 0]
        for at, term in enumerate(generator):
            longer[at + 1] ^= times(term, power[n])
        generator = longer
    return tuple(int.from_bytes(bytes(times(lead, term) for term in generator[1:])) for lead in range(256))
