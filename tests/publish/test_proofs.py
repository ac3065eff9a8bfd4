"""The signed QR: readable at 25 mm, refused for every single bit, silent about the name."""

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from competition.publish import qr
from competition.publish.certificates import batch
from competition.publish.proof_keys import change_key, public_text, read_keys, signer_in
from competition.publish.proofs import ProofRefused, Signer, key_id, qr_text, read_proof
from competition.publish.samples import Samples
from tests.publish.conftest import Design

BASE, CODE, NUMBER, NAME = "https://v.example-union.org.cn", "0A1B2C3D4E", "SLS-2026-042-1-0001-R1-X", "欧阳·示例"
DAY = date(2026, 11, 23)
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYS = {SIGNER.key_id: SIGNER.key.public_key()}
TEXT = qr_text(BASE, CODE, SIGNER.proof(BASE, CODE, NUMBER, NAME, DAY, sample=False))


def flipped(text: str, bit: int) -> str:
    content = bytearray(text.encode())
    content[bit // 8] ^= 1 << bit % 8
    return content.decode("latin-1")


def test_it_says_what_was_signed() -> None:
    proof = read_proof(TEXT, KEYS)
    assert (proof.address, proof.number, proof.issued_on) == (f"{BASE}/c/{CODE}", NUMBER, DAY)
    assert (proof.sample, proof.key_id) == (False, key_id(SIGNER.key.public_key()))
    assert proof.is_of("欧阳•示例")
    assert not proof.is_of("欧阳示范")
    sample = qr_text(BASE, CODE, SIGNER.proof(BASE, CODE, NUMBER, NAME, DAY, sample=True))
    assert read_proof(sample, KEYS).sample


def test_every_changed_bit_of_the_text_is_refused() -> None:
    """Address and digits, bit by bit, as they stand in the QR."""
    for bit in range(8 * len(TEXT)):
        with pytest.raises(ProofRefused):
            read_proof(flipped(TEXT, bit), KEYS)


def test_every_changed_bit_of_the_payload_is_refused() -> None:
    """The bytes the digits stand for: version, key, day, name, number and signature."""
    value = int(TEXT.partition("#")[2])
    for bit in range(value.bit_length() + 1):
        with pytest.raises(ProofRefused):
            read_proof(qr_text(BASE, CODE, str(value ^ 1 << bit)), KEYS)


@pytest.mark.parametrize(
    "text",
    ["", "#", BASE, f"{BASE}/c/{CODE}", f"{BASE}/c/{CODE}#", f"{BASE}/c/{CODE}#１２３", TEXT.replace("#", "#0"), TEXT + "0",
     TEXT.replace("example-union", "example-uniom"), TEXT.replace(CODE, "0A1B2C3D4F"), "x#" + "9" * 5000],
)  # fmt: skip
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(ProofRefused):
        read_proof(text, KEYS)


def test_another_key_is_named() -> None:
    with pytest.raises(ProofRefused, match=SIGNER.key_id):
        read_proof(TEXT, {})
    with pytest.raises(ProofRefused, match="signature"):
        read_proof(TEXT, {SIGNER.key_id: Ed25519PrivateKey.generate().public_key()})


def test_names_agree_by_the_hundred_so_that_none_can_be_told() -> None:
    proof = read_proof(TEXT, KEYS)
    agreeing = sum(proof.is_of(f"{n}") for n in range(100_000))
    assert 0 < agreeing < 8
    assert NAME not in TEXT


def test_the_code_reads_at_25_mm() -> None:
    rows = qr.modules(TEXT)
    assert len(rows) - 8 <= 17 + 4 * 9  # version 9 at most
    assert 25 / len(rows) >= 0.4  # mm a module
    picture = Image.new("1", (len(rows), len(rows)), 1)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x, y), not dark)
    enlarged = picture.resize((len(rows) * 4, len(rows) * 4)).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(enlarged)] == [TEXT]


def test_a_printed_certificate_carries_its_proof(design: Design, samples: Samples) -> None:
    one = samples.certificates[0]
    base = samples.public_address.rstrip("/")
    proof = SIGNER.proof(base, one.code, one.number, one.name, one.issued_on, one.sample)
    pdf = batch(design, [replace(one, proof=proof)], base)
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil()
    read = read_proof(zxingcpp.read_barcodes(picture)[0].text, KEYS)
    assert (read.number, read.sample, read.is_of(one.name)) == (one.number, True, True)


def test_the_key_is_made_once_private_and_listed_for_good(tmp_path: Path) -> None:
    first = signer_in(tmp_path, DAY)
    assert signer_in(tmp_path, DAY).key_id == first.key_id
    assert stat.S_IMODE((tmp_path / "keys" / "certificates.pem").stat().st_mode) == 0o600
    assert sorted(one.name for one in (tmp_path / "keys").iterdir()) == ["certificates.pem", "certificates.pub"]
    text = qr_text(BASE, CODE, first.proof(BASE, CODE, NUMBER, NAME, DAY, sample=False))
    second = change_key(tmp_path, date(2027, 1, 1))
    keys = read_keys(public_text(tmp_path))
    assert list(keys) == [first.key_id, second.key_id]
    assert read_proof(text, keys).key_id == first.key_id
    assert "2027-01-01" in public_text(tmp_path)
    swapped = public_text(tmp_path).replace(first.key_id, "00000000")
    assert list(read_keys(swapped)) == [second.key_id]
