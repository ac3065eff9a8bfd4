"""The electronic signature: covers the whole file, breaks with any change; without the extra it says what to install."""

import builtins
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from competition.publish.pades import NotSigned, sign_pdf


@pytest.fixture(scope="module")
def blank() -> bytes:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key and a certificate of the invented issuer."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例市")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    cert = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, now - timedelta(days=1), now + timedelta(days=9))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("pair")
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "cert.pem").write_bytes(cert.public_bytes(Encoding.PEM))
    return folder / "key.pem", folder / "cert.pem"


def intact(pdf: bytes) -> bool:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature

    signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
    with ThreadPoolExecutor(
        1
    ) as apart:  # it wants an event loop of its own, and the browser tests leave theirs running
        status = apart.submit(validate_pdf_signature, signature).result()
    return bool(status.intact and status.valid and status.coverage.name == "ENTIRE_FILE")


def test_it_covers_the_whole_file_and_notices_a_change(blank: bytes, pair: tuple[Path, Path]) -> None:
    pytest.importorskip("pyhanko", reason="the extra `sign` is not in the test lock")
    made = sign_pdf(blank, *pair, (), None)
    assert made.startswith(blank)
    assert b"ETSI.CAdES.detached" in made
    assert intact(made)
    place = made.index(b"/MediaBox") + len(b"/MediaBox [ 0 0 6")
    changed = bytearray(made)
    changed[place] ^= 1
    assert not intact(bytes(changed))


def test_what_cannot_be_signed_is_said(blank: bytes, pair: tuple[Path, Path]) -> None:
    pytest.importorskip("pyhanko", reason="the extra `sign` is not in the test lock")
    with pytest.raises(NotSigned, match=r"cert\.pem"):
        sign_pdf(blank, pair[1], pair[1], (), None)
    with pytest.raises(NotSigned, match="whole PDF"):
        sign_pdf(b"no pdf", *pair, (), None)


def test_without_the_extra_it_says_what_to_install(
    blank: bytes, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *more: object, **kept: object) -> object:
        if name.startswith("pyhanko"):
            raise ImportError(name)
        return real(name, *more, **kept)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotSigned, match=r"\.\[sign\]"):
        sign_pdf(blank, *pair, (), None)
