"""A batch of certificates as a folder of files that can be stopped, killed and gone on with at any moment.

    manifest.json      what is in it: the digest of everything that goes in, and each file with the numbers it holds
    0001-0050.pdf …    the certificates in hand-out order, fifty a file, their pages numbered through the batch
    list.pdf           the cover list: which page is whose
    SHA256SUMS         written last: a batch that has it is whole, and `sha256sum -c` checks it

A file is written under another name, brought to the disk, then renamed: one that is there is whole. No file holds a time or a chance,
so that the same batch has the same bytes, whether it was printed in one go or in fifty. No more than one file is in memory.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from competition.errors import Conflict
from competition.publish.certificate import CertificateData
from competition.publish.certificates import printed, refuse_faults
from competition.publish.design import Design
from competition.publish.lists import COVER_FILES, cover_list
from competition.publish.papers import CHAINS
from competition.publish.preflight import preflight
from competition.publish.stock import Tray
from competition.publish.typefaces import file_of

CHUNK = 50
AT_THE_DESK = "batches"  # the folder in var for what the desk prints
MANIFEST, LIST, SUMS = "manifest.json", "list.pdf", "SHA256SUMS"
DRAWN_BY = ("weasyprint", "pikepdf", "uharfbuzz", "segno")
Put = Callable[[Path, bytes], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be printed, in hand-out order. `tray`: on pre-printed stock. `chunk`: certificates a file."""

    design: Design
    certificates: tuple[CertificateData, ...]
    address: str | None
    tray: Tray | None = None
    chunk: int = CHUNK

    def chunks(self) -> Iterator[tuple[int, tuple[CertificateData, ...]]]:
        """Each file's certificates and the number of its first page."""
        for start in range(0, len(self.certificates), self.chunk):
            yield start + 1, self.certificates[start : start + self.chunk]


Draw = Callable[[Batch, Path, str], bytes]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: certificates on disk, of how many; `whole` when nothing is left to do."""

    done: int
    total: int
    whole: bool


def in_hand_out_order(certificates: Sequence[CertificateData], by: str = "event") -> tuple[CertificateData, ...]:
    """By event and place, as they are handed out on a stage; or by unit, as units fetch them."""
    order: dict[str, Callable[[CertificateData], tuple[Any, ...]]] = {
        "event": lambda one: (one.event, one.place is None, one.place or 0, one.number),
        "unit": lambda one: (one.unit, one.event, one.place is None, one.place or 0, one.number),
    }
    return tuple(sorted(certificates, key=order[by]))


def print_batch(
    folder: Path,
    batch: Batch,
    templates: Path,
    stopped: Callable[[], bool] = lambda: False,
    tell: Callable[[Progress], None] = lambda progress: None,
    put: Put | None = None,
    draw: Draw | None = None,
) -> Progress:
    """Print what of the batch is not in `folder` yet, file by file, until it is whole or `stopped`.

    Raises NotPrintable with all findings before anything is written, Conflict if the folder holds another batch.
    """
    put, draw = put or put_whole, draw or draw_file
    refuse_faults(preflight(batch.design, batch.certificates, batch.address))
    begin(folder, batch, templates, put)
    for first, certificates in batch.chunks():
        name = _name(first, certificates)
        if not (folder / name).exists():
            if stopped():
                return progress_of(folder)
            put(folder / name, draw(batch, templates, name))
        tell(progress_of(folder))
    if not (folder / LIST).exists():
        put(folder / LIST, draw(batch, templates, LIST))
    if not (folder / SUMS).exists():
        put(folder / SUMS, _sums(folder))
    return progress_of(folder)


def begin(folder: Path, batch: Batch, templates: Path, put: Put | None = None) -> None:
    """Make sure of a folder with this batch's manifest. Conflict when another batch, or anything else, is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = _plan(batch, templates)
    found = _manifest(folder)
    if found is None:
        if strangers := [file.name for file in folder.iterdir() if file.name != f"{MANIFEST}.part"]:
            raise Conflict(
                f"{folder} 不是空的（{strangers[0]}）：请换一个空文件夹。",
                f"{folder} isn't empty ({strangers[0]}): choose an empty folder.",
            )
        (put or put_whole)(folder / MANIFEST, json.dumps(wanted, ensure_ascii=False, indent=1).encode())
    elif found != wanted:
        raise Conflict(
            f"{folder} 里是另一个批次（名单、设计、网址、版式、字体或程序变了）：请换一个空文件夹，旧的不要再用。",
            f"{folder} holds another batch (list, design, address, templates, fonts or program differ): choose an empty folder.",
        )


def progress_of(folder: Path) -> Progress:
    """How far the batch in a folder is. Conflict when there is none."""
    said = _manifest(folder)
    if said is None:
        raise Conflict(f"{folder} 里没有打印批次。", f"There is no batch in {folder}.")
    done = sum(file["count"] for file in said["files"] if (folder / file["name"]).exists())
    return Progress(done, said["certificates"], (folder / SUMS).exists())


def digest_of(batch: Batch, templates: Path) -> str:
    """A digest of everything that has a say in the bytes: the data, the design's and the list's files, the fonts, and what draws."""
    said = sha256()
    for part in (
        json.dumps([asdict(one) for one in batch.certificates], default=str, ensure_ascii=False, sort_keys=True),
        json.dumps([batch.address, batch.chunk, asdict(batch.tray) if batch.tray else None], default=str),
        batch.design.page,
        batch.design.style,
        json.dumps([version(name) for name in DRAWN_BY]),
    ):
        said.update(sha256(part.encode()).digest())
    toml = [folder / "design.toml" for folder in batch.design.folders]
    listed = [templates / "paper" / name for name in COVER_FILES]
    chains = (*batch.design.faces.values(), *CHAINS.values())
    fonts = sorted({file_of(font) for chain in chains for font in chain})
    for file in (*toml, *batch.design.art, *listed, *sorted(Path(__file__).parent.glob("*.py"))):
        said.update(sha256(file.read_bytes()).digest())
    for font in fonts:
        said.update(_digest_of_font(font))
    return said.hexdigest()


def draw_file(batch: Batch, templates: Path, name: str) -> bytes:
    """One file of the batch by its name."""
    if name == LIST:
        return cover_list(templates, batch.design, batch.certificates, batch.chunk)
    first, certificates = next(one for one in batch.chunks() if _name(*one) == name)
    return printed(batch.design, certificates, batch.address, batch.tray, first)


def put_whole(file: Path, content: bytes) -> None:
    """Write a file so that under its own name there is all of it or nothing, even after a power cut."""
    fresh = file.with_name(f"{file.name}.part")
    with fresh.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _plan(batch: Batch, templates: Path) -> dict[str, Any]:
    return {
        "inputs": digest_of(batch, templates),
        "design": batch.design.folder.name,
        "certificates": len(batch.certificates),
        "files": [
            {"name": _name(first, some), "count": len(some), "from": some[0].number, "to": some[-1].number}
            for first, some in batch.chunks()
        ],
    }


def _manifest(folder: Path) -> dict[str, Any] | None:
    file = folder / MANIFEST
    return json.loads(file.read_bytes()) if file.exists() else None


def _name(first: int, certificates: Sequence[CertificateData]) -> str:
    return f"{first:04d}-{first + len(certificates) - 1:04d}.pdf"


def _sums(folder: Path) -> bytes:
    files = sorted(file for file in folder.iterdir() if file.suffix in (".pdf", ".json"))
    return "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files).encode()


@cache
def _digest_of_font(file: str) -> bytes:
    """Once a process: a font has 26 MB."""
    return sha256(Path(file).read_bytes()).digest()
