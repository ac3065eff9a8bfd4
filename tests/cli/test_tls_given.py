"""A certificate given with --cert and --key: each fault is said before the server starts, with what to do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from competition.cli import tls
from competition.cli.authority import TlsFault

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class Issuer:
    """Writes a chain and its key into a folder, as a public authority would hand them out."""

    folder: Path

    def issue(
        self, names: tuple[str, ...] = ("score.example.cn",), begins: int = -10, ends: int = 60,
        use: ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH, chain: bool = True,
    ) -> tls.Asked:  # fmt: skip
        top, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = self._certificate("Example CA", "Example CA", top, top, -400, 400)
        more: list[x509.ExtensionType] = [x509.ExtendedKeyUsage([use])]
        if names:
            more.append(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]))
        leaf = self._certificate("site", "Example CA", key, top, begins, ends, *more)
        self.folder.mkdir(exist_ok=True)
        cert_file, key_file = self.folder / "fullchain.pem", self.folder / "privkey.pem"
        pems = [one.public_bytes(Encoding.PEM) for one in ([leaf, root] if chain else [leaf])]
        cert_file.write_bytes(b"".join(pems))
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        key_file.chmod(0o600)
        return tls.Asked(cert=cert_file, key=key_file)

    def _certificate(
        self, subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey,
        begins: int, ends: int, *more: x509.ExtensionType,
    ) -> x509.Certificate:  # fmt: skip
        called, by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer))
        dates = AT + timedelta(begins), AT + timedelta(ends)
        builder = x509.CertificateBuilder(by, called, key.public_key(), x509.random_serial_number(), *dates)
        for extension in more:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(signer, hashes.SHA256())


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path / "issued")


def used(asked: tls.Asked, tmp_path: Path, host: str = "192.168.1.9") -> tls.Tls:
    return tls.prepare(asked, tmp_path / "var", host, AT)


def test_a_good_one_is_served_under_its_names(issuer: Issuer, tmp_path: Path) -> None:
    served = used(issuer.issue(("score.example.cn", "www.example.cn")), tmp_path, "score.example.cn")
    assert served.hosts == ["score.example.cn", "www.example.cn"]
    assert (served.findings, served.signer) == ((), None)
    assert not (tmp_path / "var").exists()


def test_addresses_it_does_not_cover_are_told(issuer: Issuer, tmp_path: Path) -> None:
    served = used(issuer.issue(), tmp_path)
    assert served.hosts == ["score.example.cn"]
    (finding,) = served.findings
    assert "192.168.1.9" in finding.en
    assert "score.example.cn" in finding.en
    assert finding.severity == "warning"


def test_a_wildcard_wants_the_name_that_tablets_open(issuer: Issuer, tmp_path: Path) -> None:
    asked = issuer.issue(("*.example.cn",))
    with pytest.raises(TlsFault, match=r"Add --name, such as --name score\.example\.cn"):
        used(asked, tmp_path)
    named = tls.Asked(cert=asked.cert, key=asked.key, names=("score.example.cn",))
    assert used(named, tmp_path).hosts == ["score.example.cn"]
    deeper = tls.Asked(cert=asked.cert, key=asked.key, names=("a.b.example.cn",))
    with pytest.raises(TlsFault, match="which name"):
        used(deeper, tmp_path)


@pytest.mark.parametrize(
    ("ends", "chain", "told"),
    [(20, True, "renew before the games"), (60, False, "fullchain.pem")],
    ids=["ends soon", "no intermediate"],
)
def test_what_merely_should_be_known(issuer: Issuer, tmp_path: Path, ends: int, chain: bool, told: str) -> None:
    (finding,) = used(issuer.issue(ends=ends, chain=chain), tmp_path, "score.example.cn").findings
    assert told in finding.en


def test_a_key_that_others_can_read_is_told(issuer: Issuer, tmp_path: Path) -> None:
    asked = issuer.issue()
    assert asked.key is not None
    asked.key.chmod(0o644)
    (finding,) = used(asked, tmp_path, "score.example.cn").findings
    assert f"chmod 600 {asked.key}" in finding.zh


@pytest.mark.parametrize(
    ("issued", "told"),
    [
        ({"ends": -1}, r"ended on 2026-11-21 08:00 UTC\. Renew it, or use --tls"),
        ({"begins": 2}, "Check this machine's date and time"),
        ({"use": ExtendedKeyUsageOID.CODE_SIGNING}, "not for web sites"),
        ({"names": ()}, "names no site"),
    ],
    ids=["ended", "not yet", "other use", "no names"],
)
def test_what_a_browser_would_refuse_is_refused(
    issuer: Issuer, tmp_path: Path, issued: dict[str, object], told: str
) -> None:
    with pytest.raises(TlsFault, match=told):
        used(issuer.issue(**issued), tmp_path)  # type: ignore[arg-type]


def test_files_that_do_not_fit_are_named(issuer: Issuer, tmp_path: Path) -> None:
    asked = issuer.issue()
    other = Issuer(tmp_path / "other").issue()
    assert asked.cert is not None
    assert asked.key is not None
    for wrong, told in [
        (tls.Asked(cert=asked.cert), "Give --cert and --key together"),
        (tls.Asked(cert=asked.cert, key=other.key), "is not the key of"),
        (tls.Asked(cert=tmp_path / "none.pem", key=asked.key), "--cert .*none.pem cannot be read"),
        (tls.Asked(cert=asked.key, key=asked.key), "holds no PEM certificate"),
        (tls.Asked(cert=asked.cert, key=asked.cert), "holds no PEM private key"),
    ]:
        with pytest.raises(TlsFault, match=told):
            used(wrong, tmp_path)


def test_a_locked_key_is_said_with_the_command(issuer: Issuer, tmp_path: Path) -> None:
    asked = issuer.issue()
    assert asked.key is not None
    key = ec.generate_private_key(ec.SECP256R1())
    asked.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    with pytest.raises(TlsFault, match="openssl pkey -in"):
        used(asked, tmp_path)
