"""An electronic signature inside a PDF (PAdES B-B, invisible) with a key and certificate that somebody gives. Needs the extra `sign`.

It says who signed and that nothing changed since; it is no seal under GB/T 38540 (SM2, OFD), which a city's seal service makes.
PDF/A is not promised of what comes out.
"""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

from competition.errors import CompetitionError


class NotSigned(CompetitionError):
    """The PDF was not signed: what is missing or wrong."""

    status = 422


def sign_pdf(pdf: bytes, key: Path, cert: Path, chain: tuple[Path, ...], passphrase: bytes | None) -> bytes:
    """The same PDF with a signature appended; what was there stays byte for byte at its beginning."""
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.pdf_utils.misc import PdfReadError
        from pyhanko.sign.fields import SigSeedSubFilter
        from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
    except ImportError:
        raise NotSigned(
            "这台电脑没有安装电子签名组件：.venv/bin/pip install -e '.[sign]'。",
            "What signs PDFs isn't installed: .venv/bin/pip install -e '.[sign]'.",
        ) from None
    untyped: Any = SimpleSigner  # the package has types, this method none
    signer = untyped.load(str(key), str(cert), ca_chain_files=tuple(map(str, chain)), key_passphrase=passphrase)
    if signer is None:
        raise NotSigned(
            f"{key} 或 {cert} 打不开。请给出 PEM 私钥和 PEM 证书；私钥有口令时用 --passphrase。",
            f"{key} or {cert} cannot be opened. Give a PEM key and a PEM certificate; --passphrase if the key is locked.",
        )
    meaning = PdfSignatureMetadata(field_name="Issuer", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    try:
        with ThreadPoolExecutor(1) as apart:  # it starts an event loop, which a thread that has one already can't
            signing = apart.submit(sign_pdf, IncrementalPdfFileWriter(BytesIO(pdf)), meaning, signer=signer)
            return bytes(signing.result().getvalue())
    except PdfReadError:
        raise NotSigned("不是完整的 PDF，没有签名。", "Not a whole PDF; nothing was signed.") from None
