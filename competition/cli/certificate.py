"""A certificate given with --cert and --key: everything wrong with it is found before the server starts, with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from competition.cli.authority import BEFORE_THE_END, TlsFault, covers, uncovered
from competition.errors import Finding


@dataclass(frozen=True, slots=True)
class Given:
    """A usable certificate: the names it speaks for, and what the operator should know about it."""

    cert_file: Path
    key_file: Path
    names: tuple[str, ...]
    findings: tuple[Finding, ...]


def given_certificate(cert_file: Path, key_file: Path, machine: list[str], at: datetime) -> Given:
    """Look at both files. TlsFault when a browser would refuse them; findings for what merely should be known.

    machine: the addresses and names by which this machine is reached now.
    """
    chain = _chain(cert_file)
    certificate = chain[0]
    _check_key(cert_file, key_file, certificate)
    _check_use(cert_file, certificate, at)
    names, addresses = covers(certificate)
    return Given(cert_file, key_file, (*names, *addresses), tuple(_findings(cert_file, key_file, chain, machine, at)))


def _chain(file: Path) -> list[x509.Certificate]:
    """The certificates of the file, the server's own first."""
    content = _content(file, "--cert")
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        _refuse(
            f"{file} 里没有 PEM 证书。请用 fullchain.pem；若是 DER，先转换：openssl x509 -inform der -in {file} -out server.pem",
            f"{file} holds no PEM certificate. Use fullchain.pem; from DER: openssl x509 -inform der -in {file} -out server.pem",
        )


def _check_key(cert_file: Path, key_file: Path, certificate: x509.Certificate) -> None:
    content = _content(key_file, "--key")
    try:
        key = load_pem_private_key(content, None)
    except TypeError:
        _refuse(
            f"{key_file} 有口令，服务器不能打开。先去掉口令：openssl pkey -in {key_file} -out server.key",
            f"{key_file} is locked with a passphrase. Unlock it first: openssl pkey -in {key_file} -out server.key",
        )
    except ValueError:
        _refuse(
            f"{key_file} 里没有 PEM 私钥。与证书一起发下来的通常叫 privkey.pem 或 *.key。",
            f"{key_file} holds no PEM private key. The one issued with the certificate is usually privkey.pem or *.key.",
        )
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        _refuse(
            f"{key_file} 不是 {cert_file} 的私钥。两个文件要取自同一次签发。",
            f"{key_file} is not the key of {cert_file}. Take both files from the same issue.",
        )


def _check_use(file: Path, certificate: x509.Certificate, at: datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at >= ends:
        _refuse(
            f"{file} 已于 {ends:%Y-%m-%d %H:%M} UTC 过期。请换新证书，或改用 --tls（现场自签）。",
            f"{file} ended on {ends:%Y-%m-%d %H:%M} UTC. Renew it, or use --tls (the venue's own authority).",
        )
    if at < begins:
        _refuse(
            f"{file} 从 {begins:%Y-%m-%d %H:%M} UTC 起才有效。请检查本机的日期和时间，或换证书。",
            f"{file} begins on {begins:%Y-%m-%d %H:%M} UTC. Check this machine's date and time, or take another certificate.",
        )
    if not any(covers(certificate)):
        _refuse(
            f"{file} 没有写明网站名称（subjectAltName），浏览器会拒绝。请重新签发。",
            f"{file} names no site (subjectAltName): browsers refuse it. Have it issued again.",
        )
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & set(uses):
        _refuse(
            f"{file} 不是网站用的证书（用途里没有 serverAuth）。请换网站证书。",
            f"{file} is not for web sites (no serverAuth among its uses). Take a site's certificate.",
        )


def _findings(
    cert_file: Path, key_file: Path, chain: list[x509.Certificate], machine: list[str], at: datetime
) -> Iterator[Finding]:
    certificate = chain[0]
    where = str(cert_file)
    ends = certificate.not_valid_after_utc
    if ends - at <= BEFORE_THE_END:
        yield Finding(
            where,
            f"证书 {ends:%Y-%m-%d} 到期，请在赛前更新",
            f"it ends on {ends:%Y-%m-%d}: renew before the games",
            "warning",
        )
    if missing := uncovered(certificate, machine):
        names = "、".join([*covers(certificate)[0], *covers(certificate)[1]])
        yield Finding(
            where,
            f"证书不含 {'、'.join(missing)}；平板和工作台只能用证书里的名称打开：{names}（请在路由器的 DNS 里把它指向本机）",
            f"it does not speak for {', '.join(missing)}; tablets and desks must use a name it has: {names} (let the "
            "router's DNS lead that name to this machine)",
            "warning",
        )
    if len(chain) == 1 and certificate.issuer != certificate.subject:
        yield Finding(
            where,
            "文件里只有一张证书，没有中间证书，部分平板会拒绝；请用 fullchain.pem",
            "the file holds one certificate and no intermediate one: some tablets will refuse it; use fullchain.pem",
            "warning",
        )
    if key_file.stat().st_mode & 0o077:
        yield Finding(
            str(key_file),
            f"其他用户可读这个私钥：chmod 600 {key_file}",
            f"other users can read this key: chmod 600 {key_file}",
            "warning",
        )


def _content(file: Path, option: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        _refuse(
            f"{option} {file} 读不出来（{fault.strerror}）。请检查路径和权限。",
            f"{option} {file} cannot be read ({fault.strerror}). Check the path and the permissions.",
        )


def _refuse(zh: str, en: str) -> NoReturn:
    raise TlsFault(zh, en)
