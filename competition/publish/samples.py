"""A design's own sample certificates, always 样张: for proofs, tests and `make run`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from competition.publish.certificate import CertificateData


@dataclass(frozen=True, slots=True)
class Samples:
    """The certificates of a design's sample.toml and the address they carry."""

    certificates: tuple[CertificateData, ...]
    public_address: str


def load_samples(folder: Path) -> Samples:
    """The samples of the design in `folder`."""
    said = tomllib.loads((folder / "sample.toml").read_text("utf-8"))
    shared = {"games": said["games"], "issued_on": said["issued_on"], "sample": True}
    certificates = tuple(
        CertificateData(**{"place": None, "award": "", "unit": "", **shared, **one, **_tuples(one)})
        for one in said["certificate"]
    )
    return Samples(certificates, said["public_address"])


def _tuples(one: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {"issuers": tuple(one["issuers"]), "members": tuple(one.get("members", ()))}
