"""The key that signs certificates: made at first use in var/keys, readable by its owner only; its public half is for everybody.

`certificates.pem` is the key in use. `certificates.pub` lists every public key ever used, a line each (id, first day, base64), so that
papers signed before a change of key still check; that file is what is handed out, served at /c/keys.txt and laid beside static pages.
"""

import base64
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from competition.errors import NotFound
from competition.publish.proofs import Signer, key_id

KEY, PUBLIC = "certificates.pem", "certificates.pub"
HEADING = "# 证书签名公钥 / public keys of certificates (Ed25519): id, in use from, key in base64\n"


def signer_in(var: Path, today: date) -> Signer:
    """The signer of this data folder; its key is made when there is none."""
    folder = var / "keys"
    file = folder / KEY
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put(file, _pem(Ed25519PrivateKey.generate()), mode=0o600)
    key = load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise NotFound(
            f"{file} 不是 Ed25519 私钥，请换回原来的文件。", f"{file} is no Ed25519 key. Put the right file back."
        )
    _publish(folder, key.public_key(), today)
    return Signer(key)


def change_key(var: Path, today: date) -> Signer:
    """A new key from now on. The old one is destroyed, so that nobody signs with it again; its public half stays listed."""
    signer_in(var, today)
    (var / "keys" / KEY).unlink()
    return signer_in(var, today)


def public_text(var: Path) -> str:
    """The public keys as they are handed out; only the heading while there are none."""
    file = var / "keys" / PUBLIC
    return file.read_text(encoding="utf-8") if file.exists() else HEADING


def read_keys(text: str) -> Mapping[str, Ed25519PublicKey]:
    """The public keys of such a text, by id. A line whose id isn't that of its key is passed over."""
    found = {}
    for line in text.splitlines():
        parts = line.split()
        if len(parts) != 3 or line.startswith("#"):
            continue
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(parts[2], validate=True))
        except ValueError:
            continue
        if key_id(key) == parts[0]:
            found[parts[0]] = key
    return found


def _publish(folder: Path, key: Ed25519PublicKey, today: date) -> None:
    file = folder / PUBLIC
    listed = file.read_text(encoding="utf-8") if file.exists() else HEADING
    if key_id(key) in read_keys(listed):
        return
    raw = base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    fresh = file.with_suffix(".new")
    fresh.write_text(f"{listed}{key_id(key)} {today.isoformat()} {raw}\n", encoding="utf-8")
    fresh.replace(file)


def _put(file: Path, content: bytes, mode: int) -> None:
    """Write a file that must not be there yet. Whoever comes second takes the first one's."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.{id(content):x}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
