"""Certificates in a batch: checked first, then printed in one PDF, or refused with every fault named."""

from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

from competition.errors import Finding
from competition.publish.certificate import CertificateData
from competition.publish.composing import compose
from competition.publish.design import Design
from competition.publish.placing import place
from competition.publish.preflight import NotPrintable, preflight
from competition.publish.stock import Tray

if TYPE_CHECKING:
    from competition.publish.press import Sheet

__all__ = ["CertificateData", "NotPrintable", "batch", "batch_in_process", "preflight", "preview", "printing_pool"]


def batch(
    design: Design, certificates: Sequence[CertificateData], public_address: str | None, tray: Tray | None = None
) -> bytes:
    """One PDF, a page for each certificate in the order given; the same certificates give the same bytes.

    Raises `NotPrintable` with all findings when one of them is an error. Takes about 20 ms a page of one core:
    a server calls `batch_in_process`. `tray`: on pre-printed stock, from this tray.
    """
    refuse_faults(preflight(design, certificates, public_address))
    return printed(design, certificates, public_address, tray)


def preview(design: Design, data: CertificateData) -> bytes:
    """One page to look at. Always a 样张, whatever the data says, and its QR leads nowhere."""
    refuse_faults(preflight(design, [data], None, addressed=False))
    return printed(design, [replace(data, sample=True)], None)


def batch_in_process(
    design: Design, certificates: Sequence[CertificateData], public_address: str | None, pool: Executor | None = None
) -> bytes:
    """`batch` in a worker process, so that a server's own process stays free; waits for it: call it in a thread.

    Without `pool` (see `printing_pool`) a process is started for this batch alone: two seconds more.
    """
    if pool is not None:
        return pool.submit(batch, design, tuple(certificates), public_address).result()
    with printing_pool() as own:
        return own.submit(batch, design, tuple(certificates), public_address).result()


def printing_pool() -> ProcessPoolExecutor:
    """One fresh process that prints; a fork would carry the server's threads and locks along."""
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))


def refuse_faults(findings: Sequence[Finding]) -> None:
    """`NotPrintable` if one of them is an error."""
    if any(finding.severity == "error" for finding in findings):
        raise NotPrintable(findings)


def printed(
    design: Design,
    certificates: Sequence[CertificateData],
    address: str | None,
    tray: Tray | None = None,
    first: int | None = None,
) -> bytes:
    """The PDF of certificates that were checked before. `first`: the number of the first page in a batch of several files."""
    from competition.publish.press import press

    sheets = sheets_of(design, certificates, address)
    return press(design, sheets, f"{certificates[0].games} {design.wording['title']}", tray, first)


def sheets_of(design: Design, certificates: Sequence[CertificateData], address: str | None) -> list["Sheet"]:
    """What the press prints: each certificate's texts in their places."""
    from competition.publish.press import Sheet

    sheets = []
    for data in certificates:
        composition = compose(design, data, address)
        runs = tuple(place(design, composition))
        sheets.append(Sheet(runs, composition.qr, design.class_of(data.award), data.sample))
    return sheets
