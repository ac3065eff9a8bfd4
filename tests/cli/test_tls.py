"""The venue's own certificates: what is in them, when they are made anew, and that nobody else can read a key."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from competition.cli import authority, doctor, tls
from competition.cli.addresses import links

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NAMES = ["score.lan", "192.168.1.9", "localhost", "127.0.0.1"]


def made(var: Path, names: list[str] = NAMES, at: datetime = AT) -> tuple[authority.Pair, authority.Pair]:
    signer, _ = authority.authority(var, "laptop", at)
    server, _ = authority.server_certificate(var, signer, names, at)
    return signer, server


def test_authority_signs_servers_only_and_lasts_five_years(tmp_path: Path) -> None:
    ours = made(tmp_path)[0].certificate
    basic = ours.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = ours.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    assert (usage.key_cert_sign, usage.digital_signature) == (True, False)
    assert ours.public_key().curve.name == "secp256r1"  # type: ignore[union-attr]
    assert ours.not_valid_after_utc - AT == timedelta(5 * 365)
    assert ours.not_valid_before_utc < AT


def test_server_certificate_is_one_that_apple_takes(tmp_path: Path) -> None:
    signer, server = made(tmp_path)
    shown = server.certificate
    names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["score.lan", "localhost"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("192.168.1.9"), ip_address("127.0.0.1")]
    uses = shown.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not shown.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert shown.not_valid_after_utc - shown.not_valid_before_utc == timedelta(820)
    assert shown.signature_hash_algorithm
    assert shown.signature_hash_algorithm.name == "sha256"
    shown.verify_directly_issued_by(signer.certificate)


def test_a_client_that_trusts_the_authority_accepts_it(tmp_path: Path) -> None:
    """OpenSSL's own verdict, handshake and all, in memory; it looks at the real clock."""
    signer, server = made(tmp_path, at=datetime.now(UTC))
    assert shaken(server, signer, "192.168.1.9") == "TLSv1.3"
    assert shaken(server, signer, "score.lan", ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shaken(server, signer, "192.168.1.10")
    stranger, _ = made(tmp_path / "other", at=datetime.now(UTC))
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(server, stranger, "score.lan")


def test_keys_are_for_this_user_only(tmp_path: Path) -> None:
    made(tmp_path)
    modes = {file.name: file.stat().st_mode & 0o777 for file in authority.folder(tmp_path).iterdir()}
    assert modes == dict.fromkeys(("authority.key", "authority.crt", "server.key", "server.crt"), 0o600)
    assert authority.folder(tmp_path).stat().st_mode & 0o777 == 0o700


def test_a_second_start_keeps_both(tmp_path: Path) -> None:
    first, again = made(tmp_path), made(tmp_path, at=AT + timedelta(700))
    assert [pair.certificate for pair in again] == [pair.certificate for pair in first]
    assert not authority.authority(tmp_path, "laptop", AT)[1]


@pytest.mark.parametrize(
    ("names", "days"), [([*NAMES, "10.0.0.7"], 0), (NAMES, 789)], ids=["a new address", "thirty days before the end"]
)
def test_server_certificate_is_renewed_and_the_authority_stays(tmp_path: Path, names: list[str], days: int) -> None:
    signer, server = made(tmp_path)
    same, fresh = made(tmp_path, names, AT + timedelta(days))
    assert same.certificate == signer.certificate
    assert fresh.certificate != server.certificate
    assert authority.uncovered(fresh.certificate, names) == []
    assert fresh.certificate.not_valid_after_utc - AT > timedelta(days + 30)


def test_an_address_that_went_away_renews_nothing(tmp_path: Path) -> None:
    _, server = made(tmp_path)
    assert made(tmp_path, ["127.0.0.1"])[1].certificate == server.certificate


def test_server_certificate_never_outlives_its_authority(tmp_path: Path) -> None:
    signer, server = made(tmp_path, at=AT), made(tmp_path, at=AT + timedelta(4 * 365))[1]
    assert server.certificate.not_valid_after_utc == signer[0].certificate.not_valid_after_utc


def test_a_broken_file_is_a_refusal_not_a_silent_new_authority(tmp_path: Path) -> None:
    made(tmp_path)
    (authority.folder(tmp_path) / "authority.key").write_text("torn")
    with pytest.raises(authority.TlsFault, match=r"authority\.key cannot be used.*rename that folder"):
        made(tmp_path)
    made(tmp_path / "other")
    (authority.folder(tmp_path) / "authority.key").write_bytes(
        (authority.folder(tmp_path / "other") / "authority.key").read_bytes()
    )
    with pytest.raises(authority.TlsFault, match="not this certificate's key"):
        made(tmp_path)


def test_a_cable_plugged_in_late_is_in_the_certificate_shown(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    used = tls.prepare(tls.Asked(private=True), tmp_path, "127.0.0.1", now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(used.cert_file, used.key_file)
    used.context(None, lambda: context)  # type: ignore[arg-type]
    assert not used.covers("10.0.0.7")
    assert not used.renew(tmp_path, tls.machine_names("127.0.0.1"), now)
    assert used.renew(tmp_path, [*tls.machine_names("127.0.0.1"), "10.0.0.7"], now)
    assert used.covers("10.0.0.7")
    assert used.signer is not None
    assert shaken(context, used.signer, "10.0.0.7") == "TLSv1.3"


def test_addresses_are_printed_as_the_certificate_covers_them() -> None:
    assert links("0.0.0.0", 8000, None, ["score.lan", "::1"]) == ["https://score.lan:8000/", "https://[::1]:8000/"]


@pytest.mark.parametrize("name", ["https://score.lan", "score.lan:8000", "评分.中国", ""])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(authority.TlsFault, match="no host name"):
        tls.prepare(tls.Asked(private=True, names=(name,)), tmp_path, "127.0.0.1", AT)


def test_doctor_says_how_the_certificates_are(tmp_path: Path) -> None:
    assert "serve --tls" in doctor.certificate(tmp_path, AT).says
    tls.prepare(tls.Asked(private=True), tmp_path, "127.0.0.1", AT)
    fine = doctor.certificate(tmp_path, AT, "127.0.0.1")
    assert (fine.fine, fine.says) == (True, "证书至 2029-02-18 有效 / certificate until 2029-02-18")
    moved = doctor.certificate(tmp_path, AT, "10.9.9.9")
    assert "10.9.9.9" in moved.says
    assert "the tablets need nothing" in moved.mend
    assert "authority" in doctor.certificate(tmp_path, AT + timedelta(5 * 365 - 3), "127.0.0.1").says
    key = authority.folder(tmp_path) / "server.key"
    key.chmod(0o644)
    assert doctor.certificate(tmp_path, AT, "127.0.0.1").mend == f"chmod 600 {key}"
    key.write_text("torn")
    assert "server.key" in doctor.certificate(tmp_path, AT, "127.0.0.1").says


def shaken(
    server: authority.Pair | ssl.SSLContext, trusted: authority.Pair, host: str,
    most: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
) -> str | None:  # fmt: skip
    """A TLS handshake of a client that trusts `trusted` and wants `host`; the version agreed on. SSLError when refused."""
    theirs = server
    if isinstance(theirs, authority.Pair):
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(server.cert_file, server.key_file)  # type: ignore[union-attr]
    ours = ssl.create_default_context(cafile=trusted.cert_file)
    ours.verify_flags |= ssl.VERIFY_X509_STRICT  # what Python 3.13 asks by default
    ours.maximum_version = most
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ours.wrap_bio(down, up, server_hostname=host)
    answering = theirs.wrap_bio(up, down, server_side=True)
    for _ in range(6):
        for end in (client, answering):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client.version()
