"""The venue's own certificate authority, kept in var/tls: tablets that trust it accept this server, and no other server has its key.

`authority.crt` is what tablets install (five years); `server.crt` is what the server shows (820 days: Apple's devices refuse
more than 825, support.apple.com/103769) and is made anew whenever this machine's addresses or names are not all in it, or
30 days before its end. Keys are readable by this user only. Nothing here asks the clock or the network: both come as arguments.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from competition.errors import CompetitionError

AUTHORITY_DAYS = 5 * 365
SERVER_DAYS = 820
BEFORE_THE_END = timedelta(days=30)
EARLIER = timedelta(days=1)  # tablets whose clock is some hours slow must not be turned away


class TlsFault(CompetitionError):
    """A certificate or key cannot be used."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, with the files they are in."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    cert_file: Path
    key_file: Path


def folder(var: Path) -> Path:
    """Where the authority and the server's certificate are kept."""
    return var / "tls"


def authority(var: Path, machine: str, at: datetime) -> tuple[Pair, bool]:
    """The authority of this data folder, made when there is none or it ends within 30 days; True when it is new, so that
    tablets have to install it. A file that cannot be read is a refusal: a silent new one would lock every tablet out."""
    kept = _kept(var, "authority")
    if kept and kept.certificate.not_valid_after_utc - at > BEFORE_THE_END:
        return kept, False
    key = ec.generate_private_key(ec.SECP256R1())
    number = x509.random_serial_number()
    name = x509.Name(
        [
            # The number tells two authorities of one machine apart in a tablet's list.
            x509.NameAttribute(NameOID.COMMON_NAME, f"Competition {machine} {number % 16**6:06x}"[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "竞赛现场服务器 Competition venue server"),
        ]
    )
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)  # signs certificates and lists
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), number, at - EARLIER, at + timedelta(AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _keep(var, "authority", certificate, key), True


def server_certificate(var: Path, signer: Pair, names: Iterable[str], at: datetime) -> tuple[Pair, bool]:
    """The server's certificate for these names and addresses, kept or made; True when it is new."""
    wanted = list(dict.fromkeys(names))
    kept = _kept(var, "server")
    if kept and _signed_by(kept.certificate, signer.certificate) and not stale(kept.certificate, wanted, at):
        return kept, False
    key = ec.generate_private_key(ec.SECP256R1())
    ends = min(at - EARLIER + timedelta(SERVER_DAYS), signer.certificate.not_valid_after_utc)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "competition server")])
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)  # digital signature
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    certificate = (
        x509.CertificateBuilder(
            signer.certificate.subject, name, key.public_key(), x509.random_serial_number(), at - EARLIER, ends
        )
        .add_extension(x509.SubjectAlternativeName([_general(each) for each in wanted]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(signer.key, hashes.SHA256())
    )
    return _keep(var, "server", certificate, key), True


def stale(certificate: x509.Certificate, wanted: Iterable[str], at: datetime) -> bool:
    """Whether it lacks one of these names, or ends within 30 days."""
    return bool(uncovered(certificate, wanted)) or certificate.not_valid_after_utc - at <= BEFORE_THE_END


def uncovered(certificate: x509.Certificate, wanted: Iterable[str]) -> list[str]:
    """Those of the names and addresses that the certificate does not speak for; `*.example.cn` covers one label."""
    names, addresses = covers(certificate)
    return [each for each in wanted if not _covered(each, names, addresses)]


def covers(certificate: x509.Certificate) -> tuple[list[str], list[str]]:
    """The names and the addresses it speaks for. The common name does not count: browsers don't look at it."""
    try:
        spoken = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return [], []
    names = [name.lower() for name in spoken.get_values_for_type(x509.DNSName)]
    return names, [str(address) for address in spoken.get_values_for_type(x509.IPAddress)]


def fingerprint(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm | None = None) -> str:
    """AB:CD:…, as tablets show it beside an installed certificate; SHA-256 unless told (Windows shows SHA-1)."""
    return certificate.fingerprint(algorithm or hashes.SHA256()).hex(":").upper()


def read_pair(cert_file: Path, key_file: Path) -> Pair:
    """The pair from its files. TlsFault names the file that cannot be read."""
    try:
        certificate = x509.load_pem_x509_certificate(cert_file.read_bytes())
    except (OSError, ValueError) as fault:
        raise _unreadable(cert_file, fault) from fault
    try:
        key = load_pem_private_key(key_file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as fault:
        raise _unreadable(key_file, fault) from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey) or _public(key) != _public(certificate):
        raise _unreadable(key_file, ValueError("it is not this certificate's key"))
    return Pair(certificate, key, cert_file, key_file)


def _kept(var: Path, name: str) -> Pair | None:
    cert_file, key_file = (folder(var) / f"{name}.{end}" for end in ("crt", "key"))
    if name == "server" and not (cert_file.exists() and key_file.exists()):
        return None  # half of it is worth nothing and costs nothing to make anew
    return read_pair(cert_file, key_file) if cert_file.exists() or key_file.exists() else None


def _keep(var: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    """Write both, the key first and never readable by others, each whole or not at all."""
    place = folder(var)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pair = Pair(certificate, key, place / f"{name}.crt", place / f"{name}.key")
    _write(pair.key_file, secret)
    _write(pair.cert_file, certificate.public_bytes(Encoding.PEM))
    return pair


def _write(file: Path, content: bytes) -> None:
    draft = file.with_suffix(file.suffix + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def _signed_by(certificate: x509.Certificate, signer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(signer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _public(holder: ec.EllipticCurvePrivateKey | x509.Certificate) -> bytes:
    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _general(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.IPAddress(address) if address else x509.DNSName(name)


def _covered(wanted: str, names: list[str], addresses: list[str]) -> bool:
    address = _address(wanted)
    if address:
        return str(address) in addresses
    name = wanted.lower()
    return name in names or f"*.{name.partition('.')[2]}" in names


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _unreadable(file: Path, fault: Exception) -> TlsFault:
    return TlsFault(
        f"{file} 不能使用（{fault}）。从备份恢复 {file.parent}；没有备份就把该目录改名再启动，平板要重新安装新的根证书。",
        f"{file} cannot be used ({fault}). Restore {file.parent} from a backup; without one, rename that folder and start again: "
        "tablets then have to install the new authority.",
    )
