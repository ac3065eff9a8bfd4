"""What the QR of a certificate says: its address, and after `#` a signed proof that checks without any network.

The proof is one long number (a QR holds digits at 3.3 bits each): a version byte whose top bit marks a sample, the key's id (4 bytes),
the day of issue (2, days since 2000), a check of the name (2), the certificate's number in ASCII, and an Ed25519 signature (64) over all
of it and over the whole address before the `#`. What follows a `#` never leaves the phone that scans it.

The name itself is not in it (law 12). Sixteen bits of a keyed digest are enough that another name on a copied QR is caught 65,535 times
in 65,536, and too few to tell a name from: of ten million possible names, 150 agree. The check is computed for the paper, never stored.
"""

import base64
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from competition.errors import CompetitionError
from competition.publish.addresses import certificate_address
from competition.publish.names import plain_name

DOMAIN = b"competition certificate proof\0"
VERSION, SAMPLE = 1, 0x80
FIRST_DAY = date(2000, 1, 1)
SIGNATURE = 64
FIXED = struct.Struct(">B4sH2s")
LONGEST = 400  # digits; a proof has about 240


class ProofRefused(CompetitionError):
    """The proof is not what the holder of the key signed."""

    status = 422


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof that checks says. `address` is all before the `#`, and is signed too."""

    address: str
    number: str
    issued_on: date
    sample: bool
    key_id: str
    name_check: bytes

    def is_of(self, name: str) -> bool:
        """Whether this may be the name that was signed. Another name agrees once in 65,536."""
        return hmac.compare_digest(self.name_check, name_check(self.address, name))


@dataclass(frozen=True, slots=True)
class Signer:
    """The issuer's key, as what makes proofs."""

    key: Ed25519PrivateKey

    @property
    def key_id(self) -> str:
        """What a proof calls the key."""
        return key_id(self.key.public_key())

    @property
    def public_key(self) -> str:
        """The public half, 32 bytes in base64."""
        return base64.b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def proof(self, base: str, code: str, number: str, name: str, issued_on: date, sample: bool) -> str:
        """The digits that follow the `#`; the same every time for the same certificate."""
        address = certificate_address(base, code)
        body = FIXED.pack(
            VERSION | (SAMPLE if sample else 0),
            bytes.fromhex(self.key_id),
            (issued_on - FIRST_DAY).days,
            name_check(address, name),
        )
        body += number.encode("ascii")
        signed = body + self.key.sign(_message(address, body))
        return str(int.from_bytes(b"\x01" + signed, "big"))  # the leading 1 keeps zeros that would fall away


def qr_text(base: str, code: str, proof: str = "") -> str:
    """What the QR says: the one place that knows. Without a proof the address alone."""
    address = certificate_address(base, code)
    return f"{address}#{proof}" if proof else address


def key_id(key: Ed25519PublicKey) -> str:
    """Eight hexadecimal digits that stand for a public key."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:8]


def read_proof(text: str, keys: Mapping[str, Ed25519PublicKey]) -> Proof:
    """What the text of a QR proves under these public keys (by id). ProofRefused for anything that wasn't signed exactly so."""
    address, _, digits = text.strip().partition("#")
    signed = _bytes_of(digits)
    body, signature = signed[:-SIGNATURE], signed[-SIGNATURE:]
    if len(body) <= FIXED.size:
        raise _no_proof()
    version, id, days, check = FIXED.unpack_from(body)
    key = keys.get(id.hex())
    if key is None:
        raise ProofRefused(
            f"公钥文件里没有签名所用的公钥 {id.hex()}。请取得颁发单位最新的公钥文件再试；若仍没有，此证不可信。",
            f"The key file lacks {id.hex()}, the key it names. Get the issuer's newest key file; if it still lacks it, do not trust "
            "the certificate.",
        )
    try:
        key.verify(signature, _message(address, body))
        number = body[FIXED.size :].decode("ascii")
    except (InvalidSignature, UnicodeDecodeError):
        raise _forged() from None
    if version & ~SAMPLE != VERSION:
        raise _forged()
    return Proof(address, number, FIRST_DAY + timedelta(days=days), bool(version & SAMPLE), id.hex(), check)


def name_check(address: str, name: str) -> bytes:
    """Two bytes that a name leaves in the proof of one certificate."""
    return hmac.digest(address.encode(), plain_name(name).encode(), "sha256")[:2]


def _message(address: str, body: bytes) -> bytes:
    return DOMAIN + address.encode() + b"\0" + body


def _bytes_of(digits: str) -> bytes:
    """The bytes a proof's digits stand for: only the one way of writing them is taken."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST) or digits.startswith("0"):
        raise _no_proof()
    value = int(digits)
    content = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if content[:1] != b"\x01" or len(content) <= SIGNATURE + 1:
        raise _no_proof()
    return content[1:]


def _no_proof() -> ProofRefused:
    return ProofRefused(
        "这段文字里没有证书签名（网址 # 后应有一长串数字）。请完整扫描证书上的二维码，或联网查验。",
        "There is no signed proof in this text (a long number after the # of the address). Scan the whole QR code, or verify online.",
    )


def _forged() -> ProofRefused:
    return ProofRefused(
        "签名不符：内容被改动过，或不是颁发单位签发的。此证不可信，请与颁发单位核实。",
        "The signature does not fit: something was changed, or the issuer did not sign it. Do not trust it; ask the issuer.",
    )
