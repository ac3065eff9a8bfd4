"""Numbers of people's documents and telephones: encrypted with a key that lies outside the database.

AES-256-GCM, bound to the person and to what it is, so that no number can be moved to somebody else unseen. People are found
again by HMAC-SHA256 of the number under another key. Both keys come from the 32 bytes of one file, `var/keys/identity.key`: a
copy of the database alone tells no number, and with the file destroyed nobody can read one again.
"""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, func, select

from competition.errors import Conflict
from competition.judging.acts import RngBytes
from competition.store.people import Identity, Intake

KEY_BYTES = 32
NONCE_BYTES = 12


class Vault:
    """Seals and opens numbers. `rng_bytes` is where nonces come from; no nonce may ever come twice."""

    def __init__(self, key: bytes, rng_bytes: RngBytes) -> None:
        if len(key) != KEY_BYTES:
            raise Conflict(
                f"密钥文件应为 {KEY_BYTES} 字节，请从备份恢复 var/keys/identity.key。",
                f"The key file must have {KEY_BYTES} bytes: restore var/keys/identity.key from the backup.",
            )
        self._cipher = AESGCM(_derived(key, "encrypt"))
        self._matching, self._naming = _derived(key, "match"), _derived(key, "name")
        self._rng_bytes = rng_bytes

    def seal(self, text: str | bytes, whose: str, what: str) -> bytes:
        """The text encrypted for this person (or intake) and purpose: nonce, then ciphertext with its tag."""
        nonce = self._rng_bytes(NONCE_BYTES)
        plain = text.encode() if isinstance(text, str) else text
        return nonce + self._cipher.encrypt(nonce, plain, f"{what}|{whose}".encode())

    def open(self, sealed: bytes, whose: str, what: str) -> bytes:
        """What was sealed. Conflict when the key is another one, or the bytes were changed or moved."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{what}|{whose}".encode())
        except InvalidTag:
            raise Conflict(
                "加密的号码读不出来：密钥文件不是当初那一个，或数据被改动过。请恢复 var/keys/identity.key。",
                "An encrypted number can't be read: the key file is not the one it was sealed with, or the data was changed. "
                "Restore var/keys/identity.key.",
            ) from None

    def match(self, number: str) -> str:
        """What a document's number is found again by."""
        return hmac.new(self._matching, number.encode(), hashlib.sha256).hexdigest()

    def system_number(self, person_id: str) -> str:
        """What stands for a person in exported tables. Not the id: that one is in the ledger, beside their entries."""
        return "P" + hmac.new(self._naming, person_id.encode(), hashlib.sha256).hexdigest()[:11].upper()


def open_vault(path: Path, conn: Connection, rng_bytes: RngBytes) -> Vault:
    """The vault of this key file; a new one (this user only) where nothing was sealed yet.

    Conflict if the store holds sealed numbers and the file is gone: a new key would not open them.
    """
    try:
        return Vault(path.read_bytes(), rng_bytes)
    except FileNotFoundError:
        pass
    if _anything_sealed(conn):
        raise Conflict(
            f"找不到密钥文件 {path.parent.name}/{path.name}，已登记的号码读不出来。请从备份恢复它。",
            f"The key file {path.parent.name}/{path.name} is gone and the numbers on record can't be read. Restore it from the backup.",
        )
    return Vault(_make(path, rng_bytes), rng_bytes)


def _make(path: Path, rng_bytes: RngBytes) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()  # somebody else was quicker; theirs counts
    with os.fdopen(descriptor, "wb") as file:
        file.write(rng_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()


def _anything_sealed(conn: Connection) -> bool:
    numbers = (
        select(func.count()).select_from(Identity).where(Identity.document.is_not(None) | Identity.phone.is_not(None))
    )
    files = select(func.count()).select_from(Intake).where(Intake.content.is_not(None) | Intake.undo.is_not(None))
    return bool(conn.scalar(numbers) or conn.scalar(files))


def _derived(key: bytes, use: str) -> bytes:
    return hmac.new(key, f"competition identity {use}".encode(), hashlib.sha256).digest()
