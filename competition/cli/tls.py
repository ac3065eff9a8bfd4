"""HTTPS for `competition serve`: which certificate is shown, under which names, and its renewal while the server runs."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import uvicorn
from cryptography import x509

from competition.cli import authority
from competition.cli.addresses import EVERYWHERE, lan_addresses
from competition.cli.authority import Pair, TlsFault
from competition.cli.certificate import Given, given_certificate
from competition.cli.terminal import tell
from competition.errors import Finding

LOOK_AGAIN = 20  # seconds between two looks at this machine's addresses


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked for. `names` are more names of this server, such as the one the router's DNS knows."""

    private: bool = False
    cert: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether the server speaks HTTPS at all."""
        return self.private or self.cert is not None


@dataclass(slots=True)
class Tls:
    """The certificate in use. `signer` is the venue's own authority, None for a given certificate; `fresh` when tablets
    have yet to install that authority; `hosts` are what tablets can open, best first."""

    cert_file: Path
    key_file: Path
    hosts: list[str]
    signer: Pair | None = None
    fresh: bool = False
    findings: tuple[Finding, ...] = ()
    served: x509.Certificate | None = None
    _contexts: list[ssl.SSLContext] = field(default_factory=list)

    def context(self, _: uvicorn.Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        """uvicorn's own context (TLS 1.2 at least: old tablets), kept so that a renewed certificate can be put into it."""
        made = default()
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        self._contexts.append(made)
        return made

    def covers(self, host: str) -> bool:
        """Whether a tablet that opens this name or address is shown a certificate for it."""
        return self.served is not None and not authority.uncovered(self.served, [host])

    def renew(self, var: Path, wanted: list[str], at: datetime) -> bool:
        """Make a new server certificate if this machine is found under other addresses now, and show it from here on."""
        if self.signer is None:
            return False
        pair, new = authority.server_certificate(var, self.signer, wanted, at)
        if new:
            self.served = pair.certificate
            for context in self._contexts:
                context.load_cert_chain(pair.cert_file, pair.key_file)
        return new


def prepare(asked: Asked, var: Path, host: str, at: datetime) -> Tls:
    """The certificate to serve with: the given one, looked at; or the venue's own, made or renewed. TlsFault says why not."""
    machine = machine_names(host, asked.names)
    reached = [*asked.names, *_hosts(host)]
    if asked.cert is not None or asked.key is not None:
        return _given(asked, reached, at)
    signer, fresh = authority.authority(var, socket.gethostname(), at)
    pair, _ = authority.server_certificate(var, signer, machine, at)
    return Tls(pair.cert_file, pair.key_file, reached, signer, fresh, served=pair.certificate)


def machine_names(host: str, names: tuple[str, ...] = ()) -> list[str]:
    """Every name and address under which this machine may be opened."""
    own = socket.gethostname().partition(".")[0].lower()
    local = [own, f"{own}.local"] if own.isascii() and own.replace("-", "").isalnum() else []
    return list(dict.fromkeys([*map(_name, names), *_hosts(host), *local, "localhost", "127.0.0.1", "::1"]))


@contextmanager
def renewing(tls: Tls, var: Path, host: str, names: tuple[str, ...], now: Callable[[], datetime]) -> Iterator[None]:
    """While the server runs: a cable plugged in late gives new addresses, and they get into the certificate."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK_AGAIN):
            try:
                if tls.renew(var, machine_names(host, names), now()):
                    tell("地址有变，服务器证书已更新", "the addresses changed: the server's certificate was renewed")
            except (TlsFault, OSError, ValueError) as fault:
                tell(f"服务器证书没有更新：{fault}", f"the server's certificate was not renewed: {fault}")

    thread = threading.Thread(target=watch, name="certificate", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(1)


def _given(asked: Asked, reached: list[str], at: datetime) -> Tls:
    if asked.cert is None or asked.key is None:
        raise TlsFault(
            "--cert 和 --key 要一起给：证书链文件和它的私钥。",
            "Give --cert and --key together: the certificate chain and its private key.",
        )
    given: Given = given_certificate(asked.cert, asked.key, reached, at)
    served = x509.load_pem_x509_certificates(asked.cert.read_bytes())[0]
    missing = authority.uncovered(served, reached)
    hosts = [host for host in reached if host not in missing]
    hosts += [name for name in given.names if "*" not in name and name not in hosts]
    if not hosts:
        names = "、".join(given.names)
        raise TlsFault(
            f"证书只写了 {names}，不知道平板该用哪个名称。请加上 --name，如 --name score.{given.names[0].lstrip('*.')}",
            f"The certificate says only {names}: which name do tablets open? Add --name, such as "
            f"--name score.{given.names[0].lstrip('*.')}",
        )
    return Tls(asked.cert, asked.key, hosts, findings=given.findings, served=served)


def _hosts(host: str) -> list[str]:
    return [*lan_addresses(), "127.0.0.1"] if host in EVERYWHERE else [host]


def _name(name: str) -> str:
    if name.isascii() and name.strip(".-") and not set(name) & set("/: @"):
        return name.lower()
    raise TlsFault(
        f"--name {name} 不是名称。只写主机名，不带 https:// 和端口，如 --name score.example.cn",
        f"--name {name} is no host name. Give the bare name without https:// and port, such as --name score.example.cn",
    )
